"""The scorer: how likely it is that a candidate struck, what it was, and by how much it is told too early.

What it knows was learnt from drawn films whose truth is known (`benchmarks/training/learn.py`), and is read
from `scorer.npz`, numbers alone. Its certainty is calibrated on them: of the candidates told .8 there, eight
in ten are events. In real films it is less sure than it might be, as they are unlike drawn ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foley_core.picture import history, surroundings
from foley_core.picture.candidates import NAMES, Candidate
from foley_core.picture.spotting import ImpactKind
from foley_core.picture.trees import Trees

KINDS: tuple[ImpactKind, ...] = ("strike", "step", "burst")
AROUND = slice(len(history.NAMES), len(history.NAMES) + len(surroundings.NAMES))
"""Those features that tell of the seconds around."""
FEW = slice(NAMES.index("plain stir falls 16"), None)
"""Those that tell whether it struck; by the others, when."""

_PLAIN = 0.5
"""A kind that is less likely than this is unknown."""
_FILE = "scorer.npz"


@dataclass(frozen=True)
class Verdict:
    """What is told of a candidate."""

    footage: float
    """0 to 1: how much the seconds around it are like those in which things strike; and, a little, itself."""
    sure: float
    """0 to 1: how likely it is that it struck."""
    kind: ImpactKind
    late: float
    """By how many seconds what is heard is later than the candidate."""


@dataclass(frozen=True)
class Knowledge:
    """What was learnt."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    """(surroundings,): by which they are made alike."""
    weights: NDArray[np.float64]
    """(surroundings + 2,): of each, of how likely it is told by itself (a logit), and the rest."""
    sure: Trees
    told: NDArray[np.float64]
    real: NDArray[np.float64]
    """The share of events among what `sure` tells so, both rising."""
    late: Trees
    kinds: tuple[Trees, Trees, Trees]

    def verdict(self, candidate: Candidate) -> Verdict:
        """What is told of a candidate."""
        features = candidate.features[None]
        chance = float(self.sure.told(features[:, FEW])[0])
        around = (features[0, AROUND] - self.mean) / self.scale
        level = float(np.array([*around, float(logits(np.array(chance))), 1.0]) @ self.weights)
        likely = [float(trees.told(features)[0]) for trees in self.kinds]
        best = int(np.argmax(likely))
        return Verdict(
            footage=float(1 / (1 + np.exp(-level))),
            sure=float(np.interp(chance, self.told, self.real)),
            kind=KINDS[best] if likely[best] >= _PLAIN else "unknown",
            late=float(self.late.told(features)[0]),
        )


def logits(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithms of the odds, at most about 5 both ways."""
    kept = np.clip(chances, 0.0067, 0.9933)
    return np.asarray(np.log(kept / (1 - kept)))


@cache
def knowledge() -> Knowledge:
    """What the product knows."""
    with files(__package__).joinpath(_FILE).open("rb") as file, np.load(file, allow_pickle=False) as numbers:
        return Knowledge(
            mean=numbers["mean"],
            scale=numbers["scale"],
            weights=numbers["weights"],
            sure=_trees(numbers, "sure"),
            told=numbers["told"],
            real=numbers["real"],
            late=_trees(numbers, "late"),
            kinds=(_trees(numbers, "strike"), _trees(numbers, "step"), _trees(numbers, "burst")),
        )


def _trees(numbers: Mapping[str, Any], name: str) -> Trees:
    return Trees(**{part: numbers[f"{name} {part}"] for part in Trees.PARTS})
