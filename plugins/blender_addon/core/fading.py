# SPDX-License-Identifier: GPL-3.0-or-later
"""How a sound comes in and goes out. No Blender here.

Frames are counted from the first frame of the sound's content, so that they hold wherever it is moved.
"""

import math
from typing import NamedTuple, Set

from .ducking import FLOOR, LAG


class Fades(NamedTuple):
    """The frames in which a sound is heard, `stop` exclusive, and how many it takes to come in and go out."""

    start: int = 0
    stop: int = 0
    fade_in: int = 0
    fade_out: int = 0

    def gain_at(self, frame: float) -> float:
        """The gain in a frame; never below `FLOOR`, so that it can be taken back."""
        come = _along(frame - self.start, self.fade_in)
        go = _along(self.stop - LAG - frame, self.fade_out)
        return max(FLOOR, come * go)

    def bends(self) -> Set[int]:
        """The frames between which the gain is straight."""
        come = range(self.start, self.start + self.fade_in + 1)
        go = range(self.stop - LAG - self.fade_out, self.stop - LAG + 1)
        return {*(come if self.fade_in else ()), *(go if self.fade_out else ())}


def _along(frames: float, length: int) -> float:
    """Equal power, from nothing at 0 to all at the length."""
    return math.sin(min(max(frames / length, 0.0), 1.0) * math.pi / 2) if length else 1.0
