"""Films watched once for many takes: a store of what was seen, in memory."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from foley_core.picture.spotting import Spotting


class WatchedOnce:
    """A `SpottingStore` that forgets all when the benchmark ends."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Path, Fraction, Fraction], Spotting] = {}

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting | None:
        """What was kept of this stretch."""
        return self._kept.get((media, start, end))

    def keep(self, media: Path, spotting: Spotting) -> None:
        """Keep it."""
        self._kept[media, spotting.start, spotting.end] = spotting
