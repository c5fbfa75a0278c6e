"""Are the onsets of a sound found, and on time? Measured with every hit of the built-in engine.

    python benchmarks/onsets.py [--seeds 5]

Prints one JSON line for each figure; ends with 1 where one is missed. Takes about a minute.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from benchmarks.figure import Figure, judged
from benchmarks.played import Picture, impact, layer_of, loaded, play
from foley_core.align.onsets import onsets
from foley_core.engines.procedural.catalogue import catalogue
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

BLOWS = 16
"""In each sound, of all strengths and sizes, a third of a second to one and a half apart."""
BELOW_DB = (40.0, 30.0, 20.0)
"""How far below the hits' peaks a bed's RMS lies."""

_NEAR = SAMPLE_RATE * 50 // 1000

Mono = NDArray[np.float64]


@dataclass
class Figures:
    """How onsets lie to the hits that are there."""

    errors: list[int] = field(default_factory=list)
    """Of those found, in samples."""
    hits: int = 0
    more: int = 0
    """Onsets that are no hit's first attack: heel and toe, clatter, drops."""

    def add(self, hits: Sequence[int], found: Sequence[int]) -> None:
        """Count another sound's; each onset serves one hit."""
        left = list(found)
        for hit in hits:
            nearest = min(left, key=lambda place: abs(place - hit), default=None)
            if nearest is not None and abs(nearest - hit) <= _NEAR:
                self.errors.append(nearest - hit)
                left.remove(nearest)
        self.hits += len(hits)
        self.more += len(left)

    @property
    def recall(self) -> float:
        """Share of the hits that were found."""
        return len(self.errors) / self.hits if self.hits else 0.0

    @property
    def p95_ms(self) -> float:
        """Milliseconds that 95 % of those found lie within."""
        return self._within(95)

    @property
    def worst_ms(self) -> float:
        """Of those found."""
        return self._within(100)

    def _within(self, percent: float) -> float:
        return float(np.percentile(np.abs(self.errors), percent)) * 1000 / SAMPLE_RATE if self.errors else 0.0


def played_blows(names: Iterable[str], seeds: int) -> Iterator[tuple[Sound, list[int]]]:
    """Blows of each of these kinds, and the samples in which they begin."""
    engine = loaded()
    for seed in range(1, seeds + 1):
        rng = np.random.default_rng(seed)
        for name in names:
            times = np.cumsum(rng.uniform(0.33, 1.5, BLOWS))
            seen = tuple(impact(float(time), *rng.uniform([0.2, 0.05], [1.0, 0.5])) for time in times)
            played = play(engine, name, Picture(float(times[-1]) + 1.5, seen), seed, ["hits"])
            yield played.layers["hits"], [hit.sample for hit in played.hits]


def _white(samples: int) -> Mono:
    return np.random.default_rng(1).standard_normal(samples)


def _coloured(numerator: list[float], denominator: list[float]) -> Callable[[int], Mono]:
    def bed(samples: int) -> Mono:
        noise = np.asarray(lfilter(numerator, denominator, _white(samples)))
        return noise / float(noise.std())

    return bed


BEDS: dict[str, Callable[[int], Mono]] = {
    "white": _white,
    "pink": _coloured(
        [0.049922035, -0.095993537, 0.050612699, -0.004408786], [1, -2.494956002, 2.017265875, -0.522189400]
    ),
    "rumble": _coloured([1.0], [1.0, -0.995]),
}
"""Noise of an RMS of 1; pink by Kellet's filter."""


def heard_under(bed: str, below_db: float, blows: Iterable[tuple[Sound, list[int]]]) -> Figures:
    """What is found with a bed so far below the middle of the hits' peaks."""
    figures = Figures()
    for sound, hits in blows:
        peak = float(np.median([np.abs(sound[hit : hit + SAMPLE_RATE // 10]).max() for hit in hits]))
        noise = BEDS[bed](len(sound)) * (peak * 10 ** (-below_db / 20))
        under = np.asarray(sound + noise[:, None], np.float32)
        figures.add(hits, [onset.sample for onset in onsets([under])])
    return figures


def figures(seeds: int) -> Iterator[Figure]:
    """All of them."""
    blows = list(played_blows([k.name for k in catalogue().values() if layer_of(k) == "hits"], seeds))
    alone = Figures()
    for sound, hits in blows:
        alone.add(hits, [onset.sample for onset in onsets([sound])])
    found = {"hits": alone.hits, "further onsets": alone.more, "worst ms": alone.worst_ms}
    yield Figure("hits alone: recall", ">= 0.99", alone.recall, alone.recall >= 0.99, found)
    yield Figure("hits alone: p95, ms", "<= 3", alone.p95_ms, alone.p95_ms <= 3)
    for bed in BEDS:
        for below in BELOW_DB:
            under = heard_under(bed, below, blows)
            asked = below >= 30
            yield Figure(
                f"{bed} noise {below:.0f} dB below: recall",
                ">= 0.97" if asked else "told",
                under.recall,
                under.recall >= 0.97 or not asked,
                {"p95 ms": under.p95_ms, "worst ms": under.worst_ms, "further onsets": under.more},
            )
        minute = np.repeat(0.1 * BEDS[bed](60 * SAMPLE_RATE)[:, None], 2, axis=1).astype(np.float32)
        count = len(list(onsets([minute])))
        yield Figure(f"{bed} noise alone: onsets a minute", "<= 2", count, count <= 2)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5)
    return judged(figures(parser.parse_args().seeds))


if __name__ == "__main__":
    sys.exit(main())
