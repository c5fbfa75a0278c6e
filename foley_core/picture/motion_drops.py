"""Motion drops: places whose motion, which may be too blurred or small to be followed, falls off.

What strikes comes to rest at least for a moment: in how much moves in a place, the sixth of a second after
stands out against the one before it (measured: that drop lies within 30 ms of the sound). It is told in
steps of a hundredth of a second, whatever the film's rate is, and by ratios, so that a small thing that
stops dead counts as a large one does. A drop counts only where it is sudden: where the motion is not found
next door instead, nor ebbs away. The drops of all places together stand out, where something strikes, over
what they are in the second and a half around.

What is told about one moment depends on `REACH` before and after it and on nothing else, to the last bit:
sums are those of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_core.picture.optical_flow import FrameMotion, Grid
from foley_core.picture.sudden_stops import Stop, width_of

STEPS = 100
"""In a second."""
LONGEST = Fraction(1, 5)
"""Between frames further apart than this, in seconds, nothing is told."""

_BESIDE = 16
"""Steps before and after a moment that are compared."""
_FAINT = 3e-5
"""Motion, summed over five by five blocks, below which all is still: speed times area."""
_LEAST = 0.6
"""A place's drop, as a natural logarithm, counts for what it is more than this."""
_NARROW, _PEAK, _LEEWAY = 7, 30, 7
"""A sudden drop is that from the mean of so many steps to that of as many, against the largest of such
means in so many steps before; and it may lie so many steps off."""
_EBBING, _SUDDEN = 0.4, 0.8
"""A drop by up to this share is not sudden at all, one by this share is so altogether."""
_CALMED = 0.9
"""The picture changes less there afterwards, by this factor; else flow has only lost what moves."""
_EDGE, _LEAVING = 2, 0.5
"""What moves so many blocks from the edge, and outward with this share of its speed, leaves the picture."""
_GONE = 0.4
"""A drop of which this share left the picture is none."""
_ALONE = 16
"""Steps before and after in which there is no larger one."""
_AROUND = 75
"""Steps before and after to which it is compared."""
_OUTSTANDING = 1.0
"""It is this many times the mean of those."""
_LOWEST = 30.0
"""And this large, whatever the mean is: the logarithm of the drop, summed over blocks."""
_SMALLEST = 2e-4
"""Less than this, speed times area, is no more than the flow's own noise."""
_MARGIN = _PEAK + _NARROW + _LEEWAY
_WHOLE = 2.0**40

REACH = Fraction(_AROUND + _MARGIN + _BESIDE + 5, STEPS)
"""How far before and after a moment one must look to decide about it, in seconds."""
_PAUSE = _AROUND + 2 * _MARGIN + _BESIDE
"""Steps at both ends of a pause that are looked at; of a longer one, the middle changes nothing."""

_STIR, _DRIFT, _CHANGE = 0, slice(1, 3), 3
"""Which of the values of a cell is what: sums over five by five blocks, but the change of the picture over
eleven by eleven, which is as far as what moves may have gone."""
_STIR_BESIDE, _DRIFT_BESIDE = 4, slice(5, 7)
"""Over seven by seven."""

Whole = NDArray[np.int64]
Which: TypeAlias = int | slice


@dataclass(frozen=True)
class _Cells:
    """Motion step by step."""

    values: Whole
    """(steps, rows, columns, 7), in units of 1/_WHOLE."""
    blind: NDArray[np.bool_]
    """(steps,): nothing is known here."""

    def __len__(self) -> int:
        return len(self.blind)

    def since(self, step: int) -> _Cells:
        return _Cells(self.values[step:], self.blind[step:])

    def held(self, steps: int) -> _Cells:
        """One step for so many."""
        return _Cells(np.repeat(self.values, steps, axis=0), np.repeat(self.blind, steps))


@dataclass(frozen=True)
class _Told:
    """Of some moments, one after the other."""

    drop: NDArray[np.int64]
    """(moments,): how much they stand out, in millionths."""
    places: NDArray[np.float32]
    """(moments, rows, columns): what each block has of that."""
    lost: NDArray[np.float32]
    """How much less moves after than before in the five by five blocks around it."""

    def __add__(self, other: _Told) -> _Told:
        return _Told(
            np.concatenate([self.drop, other.drop]),
            np.concatenate([self.places, other.places]),
            np.concatenate([self.lost, other.lost]),
        )

    def between(self, first: int, past: int) -> _Told:
        return _Told(self.drop[first:past], self.places[first:past], self.lost[first:past])


class MotionDropDetector:
    """Takes in motions in order; gives out the drops."""

    def __init__(self) -> None:
        self._cells: _Cells | None = None
        self._fresh: list[_Cells] = []
        """What comes after them, not looked at yet."""
        self._fresh_steps = 0
        self._first = 0
        """Number of the first of the cells; moment n lies between cells n - 1 and n."""
        self._told: _Told | None = None
        self._first_told = 0
        self._decided = 0
        self.until = Fraction(-1)
        """Up to here all is decided, in seconds of media time."""

    def see(self, motion: FrameMotion) -> list[Stop]:
        """Take in the next motion; gives the drops that are decided now."""
        first, past = _step_at(motion.since), _step_at(motion.until)
        if past == first:
            return []
        cell = _cell(motion)
        if past - first <= 2 * _PAUSE:
            return self._add(first, past, cell)
        found = self._add(first, first + _PAUSE, cell) + self.rest()
        self._cells, self._told = None, None
        return found + self._add(past - _PAUSE, past, cell)

    def rest(self) -> list[Stop]:
        """The film is over: the drops that are left."""
        return [] if self._cells is None else self._look(last=True)

    def _add(self, first: int, past: int, cell: _Cells) -> list[Stop]:
        """The cell is that of all steps from `first` up to `past`."""
        found: list[Stop] = []
        for step in range(first, past, _CHUNK):
            fresh = cell.held(min(past - step, _CHUNK))
            if self._cells is None:
                self._cells, self._first = fresh, step
                self._first_told = self._decided = step
                continue
            self._fresh.append(fresh)
            self._fresh_steps += len(fresh)
            if self._fresh_steps >= _CHUNK:
                found += self._look(last=False)
        return found

    def _look(self, *, last: bool) -> list[Stop]:
        assert self._cells is not None
        self._cells = _joined([self._cells, *self._fresh])
        self._fresh, self._fresh_steps = [], 0
        end = self._first + len(self._cells)
        told = self._first_told + (0 if self._told is None else len(self._told.drop))
        known = end if last else end - _MARGIN
        if known > told:
            into = max(told - _MARGIN - self._first, 0)
            skip = told - self._first - into
            fresh = _tell(self._cells.since(into)).between(skip, skip + known - told)
            self._told = fresh if self._told is None else self._told + fresh
            stale = max(known - _MARGIN - self._first, 0)
            self._cells, self._first = self._cells.since(stale), self._first + stale
        return self._decide(known, last=last)

    def _decide(self, known: int, *, last: bool) -> list[Stop]:
        if self._told is None:
            return []
        past = known if last else known - _AROUND
        moments = range(self._decided, max(past, self._decided))
        found = [self._candidate(at) for at in moments if self._stands_out(at)]
        self._decided = max(past, self._decided)
        self.until = Fraction(self._decided, STEPS)
        stale = max(self._decided - _AROUND - self._first_told, 0)
        self._told = self._told.between(stale, len(self._told.drop))
        self._first_told += stale
        return [stop for stop in found if stop.size >= _SMALLEST]

    def _stands_out(self, moment: int) -> bool:
        assert self._told is not None
        drop, at = self._told.drop, moment - self._first_told
        here = int(drop[at])
        if here < _LOWEST * 1e6:
            return False
        before, after = drop[max(at - _ALONE, 0) : at], drop[at + 1 : at + 1 + _ALONE]
        if (before >= here).any() or (after > here).any():
            return False
        around = drop[max(at - _AROUND, 0) : at + _AROUND + 1]
        return here * len(around) >= _OUTSTANDING * int(around.sum())

    def _candidate(self, moment: int) -> Stop:
        assert self._told is not None
        at = moment - self._first_told
        places, lost = self._told.places[at], self._told.lost[at]
        row, column = divmod(int(places.argmax()), places.shape[1])
        around = self._told.drop[max(at - _AROUND, 0) : at + _AROUND + 1]
        outstanding = float(self._told.drop[at]) / max(float(around.mean()), 1.0)
        return Stop(
            time=Fraction(moment, STEPS),
            size=max(float(lost[row, column]), 0.0),
            x=_middle(places.sum(0)),
            y=_middle(places.sum(1)),
            width=width_of(places, row, column),
            sure=float(np.clip(1.2 - _OUTSTANDING / outstanding, 0.2, 0.95)),
        )


def _middle(places: NDArray[np.float32]) -> float:
    """The centroid, as a share of the length."""
    middle = float(places @ np.arange(len(places))) / max(float(places.sum()), 1e-9)
    return (middle + 0.5) / len(places)


_CHUNK = STEPS
"""So many moments are looked at together."""


def _step_at(time: Fraction) -> int:
    """The first step whose middle lies at `time` or later."""
    return -((1 - 2 * time * STEPS) // 2)


def _cell(motion: FrameMotion) -> _Cells:
    """What the motion is in each of its steps."""
    blind = motion.cut or motion.until - motion.since > LONGEST
    moves = np.dstack([motion.stir, motion.drift])
    sums = np.dstack([_box(moves, 5), _box(motion.change, 11), _box(moves, 7)]).astype(float)
    whole = np.rint(sums * (_WHOLE * (not blind))).astype(np.int64)
    return _Cells(whole[None], np.full(1, blind))


def _joined(pieces: list[_Cells]) -> _Cells:
    return _Cells(
        np.concatenate([piece.values for piece in pieces]), np.concatenate([piece.blind for piece in pieces])
    )


def _box(grid: Grid, side: int) -> Grid:
    summed = cv2.boxFilter(grid, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(summed, np.float32)


def _tell(cells: _Cells) -> _Told:
    """What can be told of each moment before a cell."""
    total = np.zeros((len(cells) + 1, *cells.values.shape[1:]), np.int64)
    np.cumsum(cells.values, 0, out=total[1:])
    before, after = _mean_before(total, _STIR, _BESIDE), _mean_after(total, _STIR, _BESIDE)
    drop = np.maximum(np.log1p(before / _FAINT) - np.log1p(after / _FAINT) - _LEAST, 0)
    sudden = np.maximum(_share_lost(total), _velocity_lost(total))
    share = np.clip((_largest_near(sudden, _LEEWAY, _LEEWAY) - _EBBING) / (_SUDDEN - _EBBING), 0, 1)
    calmed = _mean_after(total, _CHANGE, _BESIDE) < _CALMED * _mean_before(total, _CHANGE, _BESIDE)
    places = drop * share * calmed
    places[_unknown(cells.blind)] = 0
    leaving = places * _leaves(before, _mean_before(total, _DRIFT, _BESIDE))
    places[leaving.sum((1, 2)) > _GONE * places.sum((1, 2))] = 0
    whole = np.rint(places.reshape(len(places), -1).sum(1) * 1e6).astype(np.int64)
    return _Told(whole, places.astype(np.float32), (before - after).astype(np.float32))


def _mean_before(total: Whole, which: Which, steps: int) -> NDArray[np.float64]:
    """Before each cell, the mean of so many cells, or of those there are; 0 before the first."""
    at = np.arange(len(total) - 1)
    return _mean(total[..., which], np.maximum(at - steps, 0), at)


def _mean_after(total: Whole, which: Which, steps: int) -> NDArray[np.float64]:
    """From each cell on, the mean of so many cells, or of those there are."""
    at = np.arange(len(total) - 1)
    return _mean(total[..., which], at, np.minimum(at + steps, len(at)))


def _mean(total: Whole, first: NDArray[np.int64], past: NDArray[np.int64]) -> NDArray[np.float64]:
    counts = np.maximum(past - first, 1) * _WHOLE
    return np.asarray((total[past] - total[first]) / counts.reshape(-1, *(1 for _ in total.shape[1:])))


def _share_lost(total: Whole) -> NDArray[np.float64]:
    """What is gone at once of how much moves, though it may have gone next door."""
    before, after = _mean_before(total, _STIR, _NARROW), _mean_after(total, _STIR_BESIDE, _NARROW)
    return (before - after) / _peak(before)


def _velocity_lost(total: Whole) -> NDArray[np.float64]:
    """The same of the velocity; what goes back does not go on."""
    before, after = _mean_before(total, _DRIFT, _NARROW), _mean_after(total, _DRIFT_BESIDE, _NARROW)
    speed = np.sqrt((before * before).sum(-1))
    onward = np.maximum((before * after).sum(-1) / np.maximum(speed, 1e-12), 0)
    return np.asarray((speed - onward) / _peak(speed))


def _leaves(stir: NDArray[np.float64], drift: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where what moved was on its way out of the picture."""
    leaves = np.zeros(stir.shape, np.bool_)
    first, last = slice(None, _EDGE), slice(-_EDGE, None)
    for edge, axis, way in (
        (np.s_[:, :, first], 0, -1),
        (np.s_[:, :, last], 0, 1),
        (np.s_[:, first], 1, -1),
        (np.s_[:, last], 1, 1),
    ):
        leaves[edge] |= way * drift[edge][..., axis] > _LEAVING * stir[edge]
    return leaves


def _peak(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.maximum(_largest_near(values, _PEAK, 0), 1e-5))


def _largest_near(values: NDArray[np.float64], before: int, after: int) -> NDArray[np.float64]:
    """The largest value from so many moments before to so many after."""
    flat = values.reshape(len(values), -1)
    found = cv2.dilate(
        flat, np.ones((before + after + 1, 1), np.uint8), anchor=(0, before), borderType=cv2.BORDER_REPLICATE
    )
    return np.asarray(found, np.float64).reshape(values.shape)


def _unknown(blind: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The moments too near to where nothing is known, or to the end of the film."""
    cells = blind.astype(np.uint8)[:, None]
    near = cv2.dilate(cells, np.ones((2 * _BESIDE + 1, 1), np.uint8), borderType=cv2.BORDER_CONSTANT)
    unknown = np.asarray(near)[:, 0].astype(bool)
    unknown[max(len(blind) - _NARROW, 0) :] = True
    return unknown
