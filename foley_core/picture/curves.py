"""Curves: how motion falls off, rises, turns and reverses all over the picture, step by step.

In steps of a hundredth of a second, whatever the film's rate is. Of each place it is compared how much moves
in a while before a moment with how much in a while after it, by ratios, so that a small thing that stops dead
counts as a large one does; what all places tell is summed. A step between two frames has what happens between
them; one in which nothing is known (a cut, a fade, a pause) has none of it. What is told of a step depends on
`REACH` before and after it and on nothing else, to the last bit: sums are those of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_core.picture.acceleration import Acceleration
from foley_core.picture.optical_flow import FrameMotion, Grid

STEPS = 100
"""In a second."""
LONGEST = Fraction(1, 5)
"""Between frames further apart than this, in seconds, nothing is told."""

_COMPARED = (("stir", 6), ("stir", 16), ("change", 6), ("change", 10), ("change", 16))
"""What is compared, and in how many steps before and after a moment."""
_FAINT = {"stir": 1.2e-4, "change": 0.1}
"""Motion, and change of the picture, summed over five by five blocks, below which all is still."""
_LEAST = 0.3
"""A place's fall or rise, as a natural logarithm, counts for what it is more than this."""
_TURN = 5
"""Steps before and after a moment whose velocities are compared."""
_REVERSED = 1e-5
"""Added to the speed to which a reversal is compared."""
_LIT = 4.0
"""Blocks that get lighter or darker by more than this, of 255, count."""
_LOCATED = ("stir", 16)
"""Tells where motion falls off."""

_HELD = ("up", "down", "lost", "push", "lighter", "darker")
CURVES = (
    *(f"{of} {what} {beside}" for of, beside in _COMPARED for what in ("falls", "rises")),
    *("down lost", "turned", "reversed"),
    *_HELD,
)
"""What each column is; in widths of the picture a second, and ratios of these."""

_MARGIN = max(beside for _, beside in _COMPARED)
REACH = Fraction(_MARGIN + 1, STEPS)
"""How far before and after a moment one must look, in seconds."""
_CHUNK = STEPS // 2
_WHOLE = 2.0**40
_MILLIONTHS = 1e6

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """All that is found between two frames that follow each other."""

    motion: FrameMotion
    before: Acceleration | None
    """At the earlier frame; None where it is not known."""
    after: Acceleration | None
    """At the later one."""
    unknown: bool
    """The later frame is the first after a cut or is part of a fade, so nothing here can be trusted."""


@dataclass(frozen=True)
class Stretch:
    """Curves of steps that follow each other."""

    first: int
    """Number of the first step; step n lasts from n / STEPS to (n + 1) / STEPS seconds."""
    curves: Whole
    """(steps, len(CURVES)), in millionths."""
    known: NDArray[np.bool_]
    """(steps,)"""
    falls: NDArray[np.float32]
    """(steps, rows, columns): where motion falls off."""
    lost: NDArray[np.float32]
    """(steps, rows, columns): how much less moves after than before in the blocks around; speed by area."""


class CurveTracer:
    """Takes in intervals in order; gives out their curves."""

    def __init__(self) -> None:
        self._places: list[Whole] = []
        """(steps, 4, rows, columns) each: stir, change and drift, in units of 1/_WHOLE."""
        self._held: list[Whole] = []
        """(steps, len(_HELD)) each, in millionths."""
        self._known: list[NDArray[np.bool_]] = []
        self._steps = self._first = self._told = 0
        """Steps there are, the number of the first of them, and of the first whose curves were not given."""

    def see(self, interval: Interval) -> list[Stretch]:
        """Take in the next interval; gives the curves that are known now."""
        first, past = step_at(interval.motion.since), step_at(interval.motion.until)
        places, held = self._cell(interval)
        if past == first:
            return []
        known = not interval.unknown and interval.motion.until - interval.motion.since <= LONGEST
        if not self._steps:
            self._first = self._told = first
        middle = (first + past) // 2
        found: list[Stretch] = []
        for step in range(first, past, _CHUNK):
            steps = min(past - step, _CHUNK)
            self._places.append(np.repeat(places[None] * known, steps, axis=0))
            later = np.arange(step, step + steps) >= middle
            self._held.append(np.where(later[:, None], held[1], held[0]) * known)
            self._known.append(np.full(steps, known))
            self._steps += steps
            if self._first + self._steps - self._told >= _CHUNK + _MARGIN:
                found.append(self._look(self._first + self._steps - _MARGIN))
        return found

    def rest(self) -> list[Stretch]:
        """The film is over: the curves that are left."""
        end = self._first + self._steps
        return [self._look(end)] if end > self._told else []

    def _cell(self, interval: Interval) -> tuple[Whole, Whole]:
        """What an interval's steps have at their places, and what they have as a whole: both halves."""
        motion = interval.motion
        places = np.dstack([motion.stir, motion.change, motion.drift])
        summed = _box(places, 5).transpose(2, 0, 1).astype(np.float64)
        down = summed[3]
        light = motion.lighter / max(motion.seconds, 1e-3)
        limit = _LIT / max(motion.seconds, 1e-3)
        whole = [
            [
                np.maximum(-down, 0).sum(),
                np.maximum(down, 0).sum(),
                *_largest(acceleration),
                np.maximum(light - limit, 0).sum(),
                np.maximum(-light - limit, 0).sum(),
            ]
            for acceleration in (interval.before, interval.after)
        ]
        return _whole(summed, _WHOLE), _whole(np.array(whole), _MILLIONTHS)

    def _look(self, past: int) -> Stretch:
        """The curves up to this step; what is not needed any more is let go."""
        places, held = np.concatenate(self._places), np.concatenate(self._held)
        known = np.concatenate(self._known)
        at, end = self._told - self._first, past - self._first
        into = max(at - _MARGIN, 0)
        told, falls, lost = _told(places[into:])
        curves = np.concatenate([told, held[into:]], 1)[at - into : end - into]
        part = slice(at - into, end - into)
        stretch = Stretch(self._told, curves, known[at:end], falls[part], lost[part])
        stale = max(end - _MARGIN, 0)
        self._places, self._held, self._known = [places[stale:]], [held[stale:]], [known[stale:]]
        self._first, self._steps, self._told = self._first + stale, len(known) - stale, past
        return stretch


def step_at(time: Fraction) -> int:
    """The first step whose middle lies at `time` or later."""
    return -((time.denominator - 2 * STEPS * time.numerator) // (2 * time.denominator))


def _whole(values: Floats, unit: float) -> Whole:
    return np.asarray(np.rint(values * unit), np.int64)


def _box(grid: Grid, side: int) -> Grid:
    summed = cv2.boxFilter(grid, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(summed, np.float32)


def _largest(acceleration: Acceleration | None) -> tuple[float, float]:
    """What the three by three blocks lose, and how they are pushed, that do so most."""
    if acceleration is None:
        return 0.0, 0.0
    near = _box(np.ascontiguousarray(acceleration.values[..., :4]), 3)
    return float(near[..., 0].max()), float(np.hypot(near[..., 2], near[..., 3]).max())


def _told(places: Whole) -> tuple[Whole, NDArray[np.float32], NDArray[np.float32]]:
    """The curves of the places together, where motion falls off, and what is lost there."""
    steps, _, rows, columns = places.shape
    total = np.zeros((steps + 1, 4, rows * columns), np.int64)
    np.cumsum(places.reshape(steps, 4, -1), 0, out=total[1:])
    curves: list[Floats] = []
    falls = lost = np.zeros((steps, rows, columns), np.float32)
    for of, beside in _COMPARED:
        before, after = _means(total[:, 0 if of == "stir" else 1], beside)
        ratio = np.log((before + _FAINT[of]) / (after + _FAINT[of]))
        fall = np.maximum(ratio - _LEAST, 0)
        curves += [fall.sum(1), np.maximum(-ratio - _LEAST, 0).sum(1)]
        if (of, beside) == _LOCATED:
            falls = (fall * np.sqrt(before)).reshape(-1, rows, columns).astype(np.float32)
            lost = (before - after).reshape(-1, rows, columns).astype(np.float32)
    curves += _turns(total)
    return _whole(np.stack(curves, 1), _MILLIONTHS), falls, lost


def _turns(total: Whole) -> list[Floats]:
    """How velocities change."""
    across, on = _means(total[:, 2], _TURN)
    down, downward = _means(total[:, 3], _TURN)
    change = np.sqrt((on - across) ** 2 + (downward - down) ** 2)
    fastest = np.sqrt(np.maximum(across**2 + down**2, on**2 + downward**2))
    back = np.maximum(-(across * on + down * downward), 0)
    return [
        np.maximum(down - downward, 0).sum(1),
        change.sum(1),
        (back / (fastest + _REVERSED)).sum(1),
    ]


def _means(total: Whole, steps: int) -> tuple[Floats, Floats]:
    """The means of so many steps before each and from it on, or of those there are; 0 before the first."""
    at = np.arange(len(total) - 1)
    first, past = np.maximum(at - steps, 0), np.minimum(at + steps, len(at))
    before = (total[at] - total[first]) / (np.maximum(at - first, 1) * _WHOLE)[:, None]
    return before, (total[past] - total[at]) / (np.maximum(past - at, 1) * _WHOLE)[:, None]
