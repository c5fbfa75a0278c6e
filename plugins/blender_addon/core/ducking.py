# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a sound is turned down over time. No Blender here.

Frames are counted from the first frame of the sound's content, so that they hold wherever it is moved.
"""

from typing import Iterable, List, NamedTuple, Set

FLOOR = 1e-5
"""-100 dB: silent, and yet it can be taken back."""
LAG = 2
"""Frames by which Blender's mixer may be behind the keys of a volume."""


class Stretch(NamedTuple):
    """Frames, `stop` exclusive, in which a sound is turned down, and its gain there."""

    start: int
    stop: int
    gain: float


def gain_of(decibels: float) -> float:
    """The factor for a level; never below `FLOOR`."""
    return max(FLOOR, 10 ** (decibels / 20))


def changed(stretches: Iterable[Stretch], span: range, gain: float) -> List[Stretch]:
    """The stretches once the gain of a span is another one: what was said of it before holds no more."""
    left = []  # type: List[Stretch]
    for old in stretches:
        left += [old._replace(stop=min(old.stop, span.start)), old._replace(start=max(old.start, span.stop))]
    left = [one for one in left if one.start < one.stop]
    return sorted(left + ([Stretch(span.start, span.stop, gain)] if gain != 1.0 else []))


def gain_at(stretches: Iterable[Stretch], frame: float, fade: int) -> float:
    """The gain in a frame. It goes down before a stretch and up after it, in `fade` frames each, straight."""
    return min((_one(stretch, frame, fade) for stretch in stretches), default=1.0)


def bends(stretches: Iterable[Stretch], fade: int) -> Set[int]:
    """The frames between which the gain is straight."""
    found = set()  # type: Set[int]
    for start, stop, _gain in stretches:
        found |= {*range(start - LAG - fade, start - LAG + 1), *range(stop, stop + fade + 1)}
    return found


def _one(stretch: Stretch, frame: float, fade: int) -> float:
    away = max(stretch.start - LAG - frame, frame - stretch.stop, 0) / fade
    return stretch.gain + (1.0 - stretch.gain) * min(away, 1.0)
