"""How likely is each pair, over all ways to pair two rows of events that keep their order?

Each event of the one row may be paired with those of a band of the other; bands begin and end in order. A
pairing's odds are the product of its pairs' odds, an event without a partner counting 1. Sums of all of them
are built up event by event from both sides (dynamic programming), so time grows with the number of pairs that
are possible, not of pairings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from foley_core.align.evidence import Floats


@dataclass(frozen=True)
class Band:
    """The possible partners of one event: so many from number `first` on, with the odds of each."""

    first: int
    odds: Floats

    @property
    def past(self) -> int:
        """The number behind its last."""
        return self.first + len(self.odds)


def pair_probabilities(bands: Sequence[Band], partners: int) -> list[Floats]:
    """How likely each pair of each band is, 0 to 1; `partners` is how many there are in all."""
    before = list(_sums(bands, partners))
    mirrored = [Band(partners - band.past, band.odds[::-1]) for band in reversed(bands)]
    behind = list(_sums(mirrored, partners))[-2::-1]
    whole = before[-1][1]
    return [
        band.odds * sums * rest[::-1] * np.exp(scale + other - whole)
        for band, (sums, scale), (rest, other) in zip(bands, before, behind, strict=False)
    ]


def _sums(bands: Sequence[Band], partners: int) -> Iterator[tuple[Floats, float]]:
    """For each band the sums of all pairings of the events before it with partners before each of the band's,
    and the logarithm of what they are to be multiplied with. One more is given at the end: all pairings.
    """
    sums, top, scale = np.ones(partners + 1), 0, 0.0
    for band in bands:
        if band.past > top:
            sums[top + 1 : band.past + 1] = sums[top]
            top = band.past
        ready = sums[band.first : band.past].copy()
        yield ready, scale
        sums[band.first + 1 : band.past + 1] += np.cumsum(band.odds * ready)
        largest = sums[top]
        sums[band.first : top + 1] /= largest
        scale += float(np.log(largest))
    yield sums[top : top + 1].copy(), scale
