"""Blows: something that can be followed is stopped at once, or thrown back.

A blow falls between two frames and so shows in both, in proportion to how near to each it fell: their
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

from foley_core.picture.motion import Grid
from foley_core.picture.turns import Turn

REACH = Fraction(1, 2)
"""How far before and after a moment one must look to decide about it, in seconds."""
FAINTEST = 6e-4
"""A blow's size is the speed lost times its area: a ball a 35th as wide as the picture, at half of it a
second, stopped dead."""

_APART = Fraction(12, 100)
"""Of blows closer together than this, in seconds, only the strongest counts."""
_TAKEN = 0.7
"""A blow takes at least this share of the motion away (throwing back takes more than all of it)."""
_SUDDEN = 1.1
"""It is this many times larger than what its place loses in the two frames before and the two after."""
_DROWNED = 0.1
"""A blow smaller than this share of the largest within reach is drowned by it."""
_TOGETHER = 0.7
"""The change of velocity is the same all over the place: the sum of its vectors is so long, against that of
their lengths."""
_ONE_BEFORE, _TWO_BEFORE = 0.55, 0.33
"""One frame and two frames before, there was this share of the motion."""
_FOLLOWED = 0.3
"""So much of what moves there can be followed."""
_STEP = 10_000
"""Times are given in steps of a tenth of a millisecond."""


@dataclass(frozen=True)
class Blow:
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
class _Moment:
    """The largest blow between two frames."""

    blow: Blow
    row: int
    column: int
    lost: Grid
    """What is lost around each block."""


class Blows:
    """Takes in motions and what happens between them, in order; gives out the blows."""

    def __init__(self) -> None:
        self._turns: deque[tuple[Fraction, Turn]] = deque(maxlen=2)
        self._speeds: deque[Grid] = deque(maxlen=3)
        self._window: deque[_Moment] = deque()
        self._undecided = 0
        self.until = Fraction(-1)
        """Up to here all is decided, in seconds of media time."""

    def see(self, turn: Turn, time: Fraction) -> list[Blow]:
        """`turn` is what happens at the frame shown at `time`; gives the blows that are decided now."""
        self._turns.append((time, turn))
        if len(self._turns) < 2:
            return []
        (first, earlier), (second, later) = self._turns
        self._window.append(_moment(first, earlier, second, later, list(self._speeds)))
        self._speeds.append(around(earlier.speed))
        return list(self._decided(self._window[-1].blow.time - REACH))

    def rest(self) -> list[Blow]:
        """The film is over: the blows that are left."""
        return list(self._decided(None))

    def _decided(self, until: Fraction | None) -> Iterator[Blow]:
        while self._undecided < len(self._window):
            moment = self._window[self._undecided]
            if until is not None and moment.blow.time >= until:
                self.until = moment.blow.time
                return
            if self._is_impact():
                yield moment.blow
            self._undecided += 1
            while self._window[0].blow.time < moment.blow.time - REACH:
                self._window.popleft()
                self._undecided -= 1

    def _is_impact(self) -> bool:
        return (
            self._window[self._undecided].blow.size >= FAINTEST and self._is_strongest() and self._is_sudden()
        )

    def _is_strongest(self) -> bool:
        index = self._undecided
        blow = self._window[index].blow
        for at, other in enumerate(moment.blow for moment in self._window):
            away = abs(other.time - blow.time)
            if away <= REACH and blow.size < _DROWNED * other.size:
                return False
            if away <= _APART and (other.size, at) > (blow.size, index):
                return False
        return True

    def _is_sudden(self) -> bool:
        index = self._undecided
        moment = self._window[index]
        rows, columns = (slice(max(at - 1, 0), at + 2) for at in (moment.row, moment.column))
        beside = [self._window[at] for at in (index - 2, index + 2) if 0 <= at < len(self._window)]
        lost = sum(float(other.lost[rows, columns].max()) for other in beside)
        return moment.blow.size >= _SUDDEN * lost


def _moment(first: Fraction, earlier: Turn, second: Fraction, later: Turn, speeds: list[Grid]) -> _Moment:
    """`speeds` are those of the frames before, the last one last."""
    speed = around(earlier.speed)
    lost = around(earlier.lost) + around(later.lost)
    push_early, push_late = around(earlier.push), around(later.push)
    push = push_early + push_late
    sizes = np.where(_is_blow(lost, speed, speeds) & (_length(push) >= _TOGETHER * lost), lost, 0)
    moving, followed = around(earlier.moving + later.moving), around(earlier.followed + later.followed)
    sizes = np.where(followed >= _FOLLOWED * moving, sizes, 0)
    row, column = divmod(int(sizes.argmax()), sizes.shape[1])
    late = _share_of_second(push_early[row, column], push_late[row, column])
    time = first + (second - first) * Fraction(late)
    x, y = _centre(_inner(earlier.lost) + _inner(later.lost), row, column)
    width = width_of(earlier.moving, row, column)
    sure = float(np.clip(_length(push)[row, column] / max(lost[row, column], 1e-9), 0.5, 1))
    blow = Blow(Fraction(round(time * _STEP), _STEP), float(sizes[row, column]), x, y, width, sure)
    return _Moment(blow, row, column, lost)


def _is_blow(lost: Grid, speed: Grid, speeds: list[Grid]) -> NDArray[np.bool_]:
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


def around(grid: Grid) -> Grid:
    """Each block with its eight neighbours."""
    summed = cv2.boxFilter(_inner(grid), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(summed, np.float32)


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
