"""Sudden stops: something that can be followed is stopped at once, or thrown back.

A stop falls between two frames and so shows in both, in proportion to how near to each it fell: their
centroid is its time, finer than a frame. It takes away most of its place's motion, which was under way for
two frames before; it takes it at once (what slows down in its own time does so over many frames); all of the
place goes the same way; and it is the strongest for a while. What is decided about one moment depends on
the half second around it and on nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_core.picture.acceleration import Acceleration
from foley_core.picture.optical_flow import Grid

REACH = Fraction(1, 2)
"""How far before and after a moment one must look to decide about it, in seconds."""
FAINTEST = 6e-4
"""A stop's size is the speed lost times its area: a ball a 35th as wide as the picture, at half of it a
second, stopped dead."""

_STEP = 10_000
"""Times are given in steps of a tenth of a millisecond."""
_REACH_TICKS = int(REACH * _STEP)
_APART = 12 * _STEP // 100
"""Of stops closer together than this only the strongest counts."""
_TAKEN = 0.7
"""A stop takes at least this share of the motion away (throwing back takes more than all of it)."""
_SUDDEN = 1.1
"""It is this many times larger than what its place loses in the two frames before and the two after."""
_DROWNED = 0.07
"""A stop smaller than this share of the largest within reach is drowned by it."""
_TOGETHER = 0.5
"""The change of velocity is the same all over the place: the sum of its vectors is so long, against that of
their lengths."""
_HALF = 0.45
"""What is thrown back loses at least this share of the change of its velocity in slowing down."""
_ONE_BEFORE, _TWO_BEFORE = 0.55, 0.33
"""One frame and two frames before, there was this share of the motion."""
_FOLLOWED = 0.3
"""So much of what moves there can be followed."""


@dataclass(frozen=True)
class Stop:
    """Something is stopped, thrown back or shaken."""

    time: Fraction
    size: float
    """Speed lost times area; 0 where nothing was."""
    x: float
    """Place in the frame: 0 left, 1 right."""
    y: float
    width: float
    """How wide what moved is, as a share of the picture."""
    sure: float
    """0 to 1."""


@dataclass(frozen=True)
class _Seen:
    """What happens at one frame."""

    time: Fraction
    acceleration: Acceleration
    near: Acceleration
    """The same, each block with its eight neighbours."""


@dataclass(frozen=True)
class _Moment:
    """The largest stop between two frames."""

    earlier: _Seen
    later: _Seen
    tick: int
    """Its time, in steps."""
    size: float
    row: int
    column: int
    lost: Grid
    """What is lost around each block."""
    push: Grid
    """The change of velocity there."""


class SuddenStopDetector:
    """Takes in motions and what happens between them, in order; gives out the stops."""

    def __init__(self) -> None:
        self._before: _Seen | None = None
        self._speeds: deque[Grid] = deque(maxlen=3)
        self._window: deque[_Moment] = deque()
        self._undecided = 0
        self.until = Fraction(-1)
        """Up to here all is decided, in seconds of media time."""

    def see(self, acceleration: Acceleration, time: Fraction) -> list[Stop]:
        """What happens at the frame shown at `time`; gives the stops that are decided now."""
        before, now = self._before, _Seen(time, acceleration, around(acceleration))
        self._before = now
        if before is None:
            return []
        self._window.append(_moment(before, now, list(self._speeds)))
        self._speeds.append(before.near.speed)
        return list(self._decided(self._window[-1].tick - _REACH_TICKS))

    def miss(self, time: Fraction) -> list[Stop]:
        """What happens at the frame shown at `time` is not known; after a pause all begins anew."""
        if self._before is not None and time - self._before.time > REACH:
            self._before = None
            self._speeds.clear()
        if self._before is None:
            return list(self._decided(int(time * _STEP) - _REACH_TICKS))
        return []

    def rest(self) -> list[Stop]:
        """The film is over: the stops that are left."""
        return list(self._decided(None))

    def _decided(self, until: int | None) -> Iterator[Stop]:
        while self._undecided < len(self._window):
            moment = self._window[self._undecided]
            if until is not None and moment.tick >= until:
                self.until = Fraction(moment.tick, _STEP)
                return
            if self._is_impact():
                yield _stop(moment)
            self._undecided += 1
            while self._window[0].tick < moment.tick - _REACH_TICKS:
                self._window.popleft()
                self._undecided -= 1
        if until is not None:
            self.until = Fraction(until, _STEP)

    def _is_impact(self) -> bool:
        return self._window[self._undecided].size >= FAINTEST and self._is_strongest() and self._is_sudden()

    def _is_strongest(self) -> bool:
        index = self._undecided
        here = self._window[index]
        for at, other in enumerate(self._window):
            if other.size < here.size:
                continue
            away = abs(other.tick - here.tick)
            if away <= _REACH_TICKS and here.size < _DROWNED * other.size:
                return False
            if away <= _APART and (other.size, at) > (here.size, index):
                return False
        return True

    def _is_sudden(self) -> bool:
        index = self._undecided
        moment = self._window[index]
        rows, columns = (slice(max(at - 1, 0), at + 2) for at in (moment.row, moment.column))
        beside = [self._window[at] for at in (index - 2, index + 2) if 0 <= at < len(self._window)]
        push = moment.push[moment.row, moment.column]
        way = push / max(float(np.hypot(*push)), 1e-12)
        lost = [np.maximum(other.lost, other.push @ way)[rows, columns].max() for other in beside]
        return moment.size >= _SUDDEN * float(sum(lost))


def _moment(earlier: _Seen, later: _Seen, speeds: list[Grid]) -> _Moment:
    """`speeds` are those of the frames before, the last one last."""
    push_early, push_late = earlier.near.push, later.near.push
    push = push_early + push_late
    length = _length(push)
    lost = _taken(earlier.near.lost + later.near.lost, length)
    found = _is_stop(lost, earlier.near.speed, speeds) & (length >= _TOGETHER * lost)
    moving, followed = earlier.near.moving + later.near.moving, earlier.near.followed + later.near.followed
    sizes = lost * (found & (followed >= _FOLLOWED * moving))
    row, column = divmod(int(sizes.argmax()), sizes.shape[1])
    late = _share_of_second(push_early[row, column], push_late[row, column])
    tick = round((earlier.time + (later.time - earlier.time) * Fraction(late)) * _STEP)
    return _Moment(earlier, later, tick, float(sizes[row, column]), row, column, lost, push)


def _stop(moment: _Moment) -> Stop:
    row, column = moment.row, moment.column
    x, y = _centre(
        _inner(moment.earlier.acceleration.lost) + _inner(moment.later.acceleration.lost), row, column
    )
    width = width_of(moment.earlier.acceleration.moving, row, column)
    length = float(np.hypot(*moment.push[row, column]))
    sure = float(np.clip(length / max(float(moment.lost[row, column]), 1e-9), 0.5, 1))
    return Stop(Fraction(moment.tick, _STEP), moment.size, x, y, width, sure)


def _taken(lost: Grid, push: Grid) -> Grid:
    """What is lost; of what is thrown back by the later frame, only the push of the earlier one counts."""
    return np.asarray(np.where(lost >= _HALF * push, np.maximum(lost, push), lost))


def _is_stop(lost: Grid, speed: Grid, speeds: list[Grid]) -> NDArray[np.bool_]:
    """Where most of the motion is taken away, that was under way."""
    fastest = np.maximum(speed, speeds[-1]) if speeds else speed
    found = lost >= _TAKEN * cv2.dilate(fastest, np.ones((5, 5), np.uint8))
    least = np.maximum(speed, lost / 2)
    for share, before in zip((_ONE_BEFORE, _TWO_BEFORE), reversed(speeds), strict=False):
        found &= cv2.dilate(before, np.ones((3, 3), np.uint8)) >= share * least
    return np.asarray(found)


def _inner(grid: Grid) -> Grid:
    """Without the outermost blocks: things enter and leave there."""
    inner = np.zeros_like(grid)
    inner[1:-1, 1:-1] = grid[1:-1, 1:-1]
    return inner


def around(acceleration: Acceleration) -> Acceleration:
    """Each block with its eight neighbours."""
    inner = _inner(acceleration.values)
    return Acceleration(
        np.asarray(cv2.boxFilter(inner, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT))
    )


def _length(vectors: Grid) -> Grid:
    return np.asarray(cv2.magnitude(vectors[..., 0], vectors[..., 1]), np.float32)


def width_of(moving: Grid, row: int, column: int) -> float:
    """How wide that is, as a share of the picture, which moves around a block and is all of one piece."""
    top, left = max(row - 1, 0), max(column - 1, 0)
    near = moving[top : row + 2, left : column + 2]
    row, column = np.unravel_index(int(near.argmax()), near.shape) + np.array([top, left])
    _, labels, stats, _ = cv2.connectedComponentsWithStats((moving > 0).astype(np.uint8), connectivity=8)
    if labels[row, column] == 0:
        return 1.0 / float(moving.shape[1])
    return float(stats[labels[row, column], cv2.CC_STAT_WIDTH]) / float(moving.shape[1])


def _centre(lost: Grid, row: int, column: int) -> tuple[float, float]:
    """Where in a block and its neighbours most is lost: their centroid, x and y, as shares of the picture."""
    top, left = max(row - 1, 0), max(column - 1, 0)
    near = lost[top : row + 2, left : column + 2]
    total = max(float(near.sum()), 1e-12)
    x = float(near.sum(0) @ np.arange(near.shape[1])) / total
    y = float(near.sum(1) @ np.arange(near.shape[0])) / total
    return min((left + x + 0.5) / lost.shape[1], 1.0), min((top + y + 0.5) / lost.shape[0], 1.0)


def _share_of_second(first: Grid, second: Grid) -> float:
    """How much of the push of both frames together the second one has, 0 to 1."""
    whole = first + second
    early, late = max(float(first @ whole), 0.0), max(float(second @ whole), 0.0)
    return late / (early + late) if early + late > 0 else 0.5
