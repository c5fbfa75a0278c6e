"""Boosted trees, read by numpy: how likely what is asked is, told from features.

They were learnt by `benchmarks/training`. All rows go through all trees at once, question by question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Trees:
    """Each asks a few questions and adds a value."""

    PARTS: ClassVar = ("start", "column", "edge", "children", "value")

    start: np.float32
    column: NDArray[np.uint16]
    """(trees, nodes): the feature that each node asks about."""
    edge: NDArray[np.float32]
    """Whether it is above this; a leaf asks nothing, and has infinity."""
    children: NDArray[np.uint8]
    """(trees, nodes, 2): where no and yes lead; a leaf leads to itself."""
    value: NDArray[np.float32]
    """What is added at a leaf."""

    def told(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """(rows,) of (rows, features)."""
        trees = np.arange(len(self.column))[None]
        rows = np.arange(len(features))[:, None]
        at = np.zeros((len(features), len(self.column)), np.uint8)
        while True:
            above = features[rows, self.column[trees, at]] > self.edge[trees, at]
            on = self.children[trees, at, above.astype(np.uint8)]
            if (on == at).all():
                return np.asarray(self.value[trees, at].sum(1, dtype=np.float64) + self.start, np.float32)
            at = on


def joined(every: Sequence[Trees]) -> Trees:
    """Trees that tell the mean of what each of these tells."""
    return Trees(
        np.float32(np.mean([trees.start for trees in every])),
        np.concatenate([trees.column for trees in every]),
        np.concatenate([trees.edge for trees in every]),
        np.concatenate([trees.children for trees in every]),
        np.concatenate([trees.value / np.float32(len(every)) for trees in every]),
    )
