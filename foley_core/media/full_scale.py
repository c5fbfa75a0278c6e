"""How far a sound goes over full scale: what a file of whole numbers, or a listener, would have cut off."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from foley_core.samples import Sound


class PeakMeter:
    """Lets sound through and keeps the largest sample, without a sign."""

    def __init__(self) -> None:
        self.peak = 0.0

    def through(self, blocks: Iterable[Sound]) -> Iterator[Sound]:
        """The same blocks."""
        for block in blocks:
            self.see(block)
            yield block

    def see(self, block: Sound) -> None:
        """Look at one block."""
        if len(block):
            self.peak = max(self.peak, float(block.max()), -float(block.min()))

    @property
    def over_db(self) -> float:
        """How far it goes over full scale, in dB; 0 where it does not."""
        return 20 * math.log10(self.peak) if self.peak > 1 else 0.0

    @property
    def gain(self) -> np.float32:
        """What brings it down to full scale; 1 where nothing is over."""
        return np.nextafter(np.float32(1 / self.peak), np.float32(0)) if self.peak > 1 else np.float32(1)
