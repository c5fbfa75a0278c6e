"""Learn from drawn films what the watcher knows: writes `foley_core/picture/scorer.npz`.

    python benchmarks/training/learn.py [--films 14] [--kept FOLDER] [--output FILE]

Draws so many films of each kind, watches them as the product does, and learns from what is found. No real
film has any part in it. It gives the same file to the bit every time on one machine; another's processor may
round some pictures otherwise. FOLDER keeps what was found in each film for the next time; it must be emptied
when what is drawn, or how it is watched, has changed. Takes about 20 minutes on two cores.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.training.boosting import Growth, binned, edges, grown  # noqa: E402
from benchmarks.training.examples import KINDS as EVENTS  # noqa: E402
from benchmarks.training.examples import Examples, examples_of  # noqa: E402
from benchmarks.training.kinds import KINDS  # noqa: E402
from foley_core.picture.scorer import AROUND, FEW, logits  # noqa: E402
from foley_core.picture.trees import Trees, joined  # noqa: E402

FILMS = 14
OUTPUT = ROOT / "foley_core" / "picture" / "scorer.npz"
SURE = Growth(trees=100, leaves=6, least=60, columns=0.5)
LATE = Growth(trees=60, leaves=4, least=80, columns=0.3)
KIND = Growth(trees=60, leaves=6, least=30, columns=0.3)
_SEEDS = (1, 2)
_FOLDS = 4
"""Certainty is calibrated on films that the trees have not seen: they are grown so many times, each time
without a part."""
_STEPS, _FEWEST = 40, 50
"""Of the calibration, and candidates in each."""
_OWN = 0.1
"""How much a candidate's own likelihood counts beside that of its surroundings. In real films it is told less
well than in drawn ones, so it is less than what is best in these."""
_SHRUNK = 1000.0
"""By how much weights are drawn to nothing (a ridge). Surroundings in real films are unlike those in drawn
ones, and what weighs heavily in these alone misleads."""

Numbers = dict[str, NDArray[np.generic]]


def learnt(films: Sequence[Examples]) -> Numbers:
    """All that the scorer reads."""
    features = np.concatenate([film.features for film in films])
    kinds = np.concatenate([film.kinds for film in films])
    late = np.concatenate([film.late for film in films])
    parts = np.concatenate([np.full(len(film.times), at % _FOLDS) for at, film in enumerate(films)])
    real = (kinds >= 0).astype(np.float64)
    numbers: Numbers = {}
    numbers |= _named("sure", _trees(features[:, FEW], real, SURE))
    unseen = _unseen(features[:, FEW], real, parts)
    numbers["told"], numbers["real"] = _calibration(unseen, real)
    numbers |= _surroundings(features[:, AROUND].astype(np.float64), unseen, real)
    events = kinds >= 0
    numbers |= _named("late", _trees(features[events], late[events], LATE))
    for number, name in enumerate(EVENTS):
        numbers |= _named(name, _trees(features[events], (kinds[events] == number).astype(np.float64), KIND))
    return numbers


def _trees(features: NDArray[np.float32], wanted: NDArray[np.float64], how: Growth) -> Trees:
    ends = edges(features)
    bins = binned(features, ends)
    return joined([grown(bins, ends, wanted, how, seed) for seed in _SEEDS])


def _unseen(
    features: NDArray[np.float32], real: NDArray[np.float64], parts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What trees tell of each candidate that were grown without its film."""
    told = np.zeros(len(real))
    for part in range(_FOLDS):
        seen = parts != part
        told[~seen] = _trees(features[seen], real[seen], SURE).told(features[~seen])
    return told


def _calibration(
    told: NDArray[np.float64], real: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is told, and how much of it is real: neighbours are joined until both rise.

    (Isotonic regression: Ayer et al., "An empirical distribution function for sampling with incomplete
    information", Annals of Mathematical Statistics 26, 1955.)
    """
    order = np.argsort(told, kind="stable")
    blocks: list[tuple[float, float, int]] = []
    for part in np.array_split(order, max(min(_STEPS, len(order) // _FEWEST), 1)):
        block = float(told[part].mean()), float(real[part].mean()), len(part)
        while blocks and blocks[-1][1] >= block[1]:
            before = blocks.pop()
            count = before[2] + block[2]
            block = (
                (before[0] * before[2] + block[0] * block[2]) / count,
                (before[1] * before[2] + block[1] * block[2]) / count,
                count,
            )
        blocks.append(block)
    return np.round([block[0] for block in blocks], 5), np.round([block[1] for block in blocks], 5)


def _surroundings(
    around: NDArray[np.float64], unseen: NDArray[np.float64], real: NDArray[np.float64]
) -> Numbers:
    """How much footage is like that in which things strike: a logistic regression, by Newton's method."""
    mean, scale = np.round(around.mean(0), 4), np.round(around.std(0), 4)
    known = np.column_stack([(around - mean) / scale, np.ones(len(around))])
    weights = np.zeros(known.shape[1])
    shrunk = np.array([*np.full(around.shape[1], _SHRUNK), 0.0])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(known @ weights)))
        slope = known.T @ (chance - real)
        bend = (known * (chance * (1 - chance))[:, None]).T @ known + np.diag(shrunk)
        weights -= np.linalg.solve(bend, slope + shrunk * weights)
    shift = weights[-1] - _OWN * float(logits(unseen).mean())
    return {"mean": mean, "scale": scale, "weights": np.round([*weights[:-1], _OWN, shift], 4)}


def _named(name: str, trees: Trees) -> Numbers:
    return {f"{name} {part}": np.asarray(getattr(trees, part)) for part in Trees.PARTS}


def films_of(count: int) -> Iterator[tuple[str, int]]:
    """Kind and number of each film to be drawn."""
    return ((kind, number) for number in range(count) for kind in sorted(KINDS))


def main() -> int:
    """Draw, watch, learn, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--films", type=int, default=FILMS, help="of each kind")
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        films = list(films_of(options.films))
        found = examples_of(films, options.kept or Path(scratch), os.cpu_count() or 1)
    numbers = learnt(found)
    np.savez(options.output, **numbers)
    count = sum(len(film.times) for film in found)
    print(f"{options.output}: learnt from {count} candidates of {len(found)} films")
    return 0


if __name__ == "__main__":
    sys.exit(main())
