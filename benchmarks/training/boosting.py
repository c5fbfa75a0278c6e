"""Boosted regression trees, learnt the same to the bit on every machine.

Least squares, leaf by leaf (Friedman, "Greedy function approximation: a gradient boosting machine", Annals of
Statistics 29, 2001), over features sorted into bins (Ke et al., "LightGBM", NeurIPS 2017). Residuals are
whole numbers, so their sums do not depend on the order in which they are added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foley_core.picture.trees import Trees

Bins = NDArray[np.uint8]
"""(features, rows)."""

_BINS = 64
_WHOLE = float(1 << 20)


@dataclass(frozen=True)
class Growth:
    """How trees are grown."""

    trees: int = 200
    leaves: int = 8
    rate: float = 0.06
    least: int = 80
    """Rows in a leaf, at least."""
    rows: float = 0.6
    """Share that each tree sees."""
    columns: float = 0.15
    """Share of the features that each tree may ask about."""
    calm: float = 5.0
    """So many rows of nothing are added to each leaf."""


@dataclass
class _Leaf:
    rows: NDArray[np.int64]
    sums: NDArray[np.float64]
    """(features, bins): of residuals."""
    counts: NDArray[np.float64]
    gain: float = 0.0
    column: int = 0
    bin: int = 0
    place: int = 0
    """Its number in the tree."""


def edges(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where the bins of each feature end, (features, bins - 1), from (rows, features): quantiles."""
    shares = np.arange(1, _BINS) / _BINS
    picked = features[:: max(len(features) // 100_000, 1)]
    return np.quantile(picked, shares, axis=0, method="lower").T.astype(np.float32)


def binned(features: NDArray[np.float32], ends: NDArray[np.float32]) -> Bins:
    """Which bin each value lies in: as many as there are ends below it."""
    found = [
        np.searchsorted(end, values, side="left").astype(np.uint8)
        for end, values in zip(ends, features.T, strict=True)
    ]
    return np.stack(found)


def grown(
    bins: Bins, ends: NDArray[np.float32], wanted: NDArray[np.float64], how: Growth, seed: int
) -> Trees:
    """Trees that tell `wanted` (rows,) from the features."""
    rng = np.random.default_rng(seed)
    count = len(wanted)
    start = float(np.rint(wanted.mean() * _WHOLE) / _WHOLE)
    told = np.full(count, start)
    many = max(round(how.columns * len(bins)), 1)
    grown_trees = []
    for _ in range(how.trees):
        columns = np.sort(rng.choice(len(bins), many, replace=False))
        rows = np.nonzero(rng.random(count) < how.rows)[0]
        left = np.rint((wanted - told) * _WHOLE)
        tree = _tree(bins, columns, rows, left, how)
        told += tree.values(bins)
        grown_trees.append(tree)
    return _packed(grown_trees, ends, start, how)


@dataclass
class _Tree:
    """Nodes ask whether a feature's bin is above theirs; leaves have a value."""

    column: list[int]
    bin: list[int]
    children: list[tuple[int, int]]
    """Of a node; those of a leaf are itself."""
    value: list[float]

    def values(self, bins: Bins) -> NDArray[np.float64]:
        """Of all rows."""
        found = np.empty(bins.shape[1])
        waiting: list[tuple[int, NDArray[np.int64]]] = [(0, np.arange(bins.shape[1]))]
        while waiting:
            node, rows = waiting.pop()
            if self.children[node] == (node, node):
                found[rows] = self.value[node]
                continue
            above = bins[self.column[node]][rows] > self.bin[node]
            no, yes = self.children[node]
            waiting += [(no, rows[~above]), (yes, rows[above])]
        return found


def _tree(
    bins: Bins, columns: NDArray[np.int64], rows: NDArray[np.int64], left: NDArray[np.float64], how: Growth
) -> _Tree:
    tree = _Tree([0], [0], [(0, 0)], [0.0])
    leaves = [_searched(_leaf(bins, columns, rows, left), how)]
    while len(leaves) < how.leaves:
        best = max(range(len(leaves)), key=lambda at: leaves[at].gain)
        if leaves[best].gain <= 0:
            break
        leaf = leaves.pop(best)
        column = int(columns[leaf.column])
        above = bins[column][leaf.rows] > leaf.bin
        parts = [leaf.rows[~above], leaf.rows[above]]
        small = 0 if len(parts[0]) <= len(parts[1]) else 1
        one = _leaf(bins, columns, parts[small], left)
        other = _Leaf(parts[1 - small], leaf.sums - one.sums, leaf.counts - one.counts)
        pair = [one, other] if small == 0 else [other, one]
        for part in pair:
            part.place = len(tree.value)
            tree.column.append(0)
            tree.bin.append(0)
            tree.children.append((part.place, part.place))
            tree.value.append(0.0)
            leaves.append(_searched(part, how))
        tree.column[leaf.place], tree.bin[leaf.place] = column, leaf.bin
        tree.children[leaf.place] = pair[0].place, pair[1].place
    for leaf in leaves:
        total = float(left[leaf.rows].sum())
        tree.value[leaf.place] = how.rate * total / _WHOLE / (len(leaf.rows) + how.calm)
    return tree


def _leaf(
    bins: Bins, columns: NDArray[np.int64], rows: NDArray[np.int64], left: NDArray[np.float64]
) -> _Leaf:
    of = left[rows]
    sums, counts = np.empty((len(columns), _BINS)), np.empty((len(columns), _BINS))
    for at, column in enumerate(columns):
        where = bins[column][rows].astype(np.int64)
        sums[at] = np.bincount(where, of, _BINS)
        counts[at] = np.bincount(where, minlength=_BINS)
    return _Leaf(rows, sums, counts)


def _searched(leaf: _Leaf, how: Growth) -> _Leaf:
    """Where it had best be split."""
    low, below = np.cumsum(leaf.sums, 1)[:, :-1] / _WHOLE, np.cumsum(leaf.counts, 1)[:, :-1]
    total, count = float(leaf.sums[0].sum()) / _WHOLE, float(leaf.counts[0].sum())
    high, above = total - low, count - below
    gains = low * low / (below + how.calm) + high * high / (above + how.calm)
    gains = gains - total * total / (count + how.calm)
    gains[(below < how.least) | (above < how.least)] = -1.0
    leaf.column, leaf.bin = (int(at) for at in np.unravel_index(int(gains.argmax()), gains.shape))
    leaf.gain = float(gains[leaf.column, leaf.bin])
    return leaf


def _packed(trees: list[_Tree], ends: NDArray[np.float32], start: float, how: Growth) -> Trees:
    """As the product reads them: all trees in arrays of one shape."""
    nodes = 2 * how.leaves - 1
    column = np.zeros((len(trees), nodes), np.uint16)
    edge = np.full((len(trees), nodes), np.inf, np.float32)
    children = np.zeros((len(trees), nodes, 2), np.uint8)
    value = np.zeros((len(trees), nodes), np.float32)
    for at, tree in enumerate(trees):
        for node, pair in enumerate(tree.children):
            children[at, node] = pair
            value[at, node] = tree.value[node]
            column[at, node] = tree.column[node]
            if pair != (node, node):
                edge[at, node] = ends[tree.column[node], tree.bin[node]]
    return Trees(np.float32(start), column, edge, children, value)
