"""Impacts: the moments at which something that moved is stopped or thrown back.

A blow falls between two frames and so shows in both, in proportion to how near to each it fell: their
centroid is its time, finer than a frame. A blow is an impact if it takes away most of its place's motion,
takes it at once (what slows down in its own time does so over many frames), and is the strongest for a while.
What is decided about one moment depends on the half second around it and on nothing else; so there are none
in the first and last two frames of a film, nor in one of fewer than five frames a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np

from foley_core.media.frames import Frame
from foley_core.picture.motion import Grid, Moment

REACH = Fraction(1, 2)
"""How far before and after a moment one must look to decide about it, in seconds."""

_APART = Fraction(12, 100)
"""Of impacts closer together than this, in seconds, only the strongest counts."""
_FAINTEST = 6e-4
"""A blow's size is the speed lost times its area: a ball a 35th as wide as the picture, at half of it a
second, stopped dead."""
_HARDEST = 2e-2
"""A blow of this size, or a larger one, has strength 1."""
_TAKEN = 0.8
"""An impact takes at least this share of the motion away (throwing back takes more than all of it)."""
_SUDDEN = 1.1
"""It is this many times larger than what its place loses in the two frames before and the two after."""
_DROWNED = 0.1
"""A blow smaller than this share of the largest within reach is drowned by it."""
_STEP = 10_000
"""Times are given in steps of a tenth of a millisecond."""


@dataclass(frozen=True)
class Blow:
    """The largest blow between two frames."""

    time: Fraction
    size: float
    """0 where nothing that moved was stopped."""
    thumbnail: str
    """Of the frame nearest to it; empty if the blow is too faint to be an impact."""
    x: float
    """Place in the frame: 0 left, 1 right."""
    y: float
    row: int
    column: int
    everywhere: Grid
    """What is lost around each block."""

    @property
    def strength(self) -> float:
        """0.2 to 1, by the logarithm of its size."""
        share = np.log(self.size / _FAINTEST) / np.log(_HARDEST / _FAINTEST)
        return float(np.clip(0.2 + 0.8 * share, 0.2, 1.0))


def blows(moments: Iterable[Moment], thumbnail: Callable[[Frame], str]) -> Iterator[Blow]:
    """The largest blow between each two frames."""
    speed_before: Grid | None = None
    for this, following in pairwise(moments):
        speed = _around(this.speed)
        fastest = speed if speed_before is None else np.maximum(speed, speed_before)
        yield _blow(this, following, fastest, thumbnail)
        speed_before = speed


def _blow(this: Moment, following: Moment, speed: Grid, thumbnail: Callable[[Frame], str]) -> Blow:
    lost = _around(this.lost) + _around(following.lost)
    sizes = np.where(lost >= _TAKEN * speed, lost, 0)
    row, column = divmod(int(sizes.argmax()), sizes.shape[1])
    late = _share_of_second(_around(this.push)[row, column], _around(following.push)[row, column])
    time = this.frame.time + (following.frame.time - this.frame.time) * Fraction(late)
    size = float(sizes[row, column])
    nearest = following.frame if late > 0.5 else this.frame
    picture = thumbnail(nearest) if size >= _FAINTEST else ""
    x, y = _centre(_inner(this.lost) + _inner(following.lost), row, column)
    x, y = min(x * this.block[0], 1.0), min(y * this.block[1], 1.0)
    return Blow(Fraction(round(time * _STEP), _STEP), size, picture, x, y, row, column, lost)


def _inner(grid: Grid) -> Grid:
    """Without the outermost blocks: things enter and leave there."""
    inner = np.zeros_like(grid)
    inner[1:-1, 1:-1] = grid[1:-1, 1:-1]
    return inner


def _around(grid: Grid) -> Grid:
    """Each block with its eight neighbours."""
    summed = cv2.boxFilter(_inner(grid), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(summed, np.float32)


def _centre(lost: Grid, row: int, column: int) -> tuple[float, float]:
    """Where in a block and its neighbours most is lost: their centroid, x and y, counted in blocks."""
    top, left = max(row - 1, 0), max(column - 1, 0)
    near = lost[top : row + 2, left : column + 2]
    total = max(float(near.sum()), 1e-12)
    x = float(near.sum(0) @ np.arange(near.shape[1])) / total
    y = float(near.sum(1) @ np.arange(near.shape[0])) / total
    return left + x + 0.5, top + y + 0.5


def _share_of_second(first: Grid, second: Grid) -> float:
    """How much of the push of both frames together the second one has, 0 to 1."""
    whole = first + second
    early, late = max(float(first @ whole), 0.0), max(float(second @ whole), 0.0)
    return late / (early + late) if early + late > 0 else 0.5


def impacts(found: Iterable[Blow]) -> Iterator[Blow]:
    """Those of the blows that are impacts, in the order of time; keeps `REACH` on both sides in memory."""
    window: deque[Blow] = deque()
    undecided = 0
    for blow in found:
        window.append(blow)
        while window[undecided].time < blow.time - REACH:
            yield from _decided(window, undecided)
            undecided += 1
            while window[0].time < window[undecided].time - REACH:
                window.popleft()
                undecided -= 1
    for index in range(undecided, len(window)):
        yield from _decided(window, index)


def _decided(window: deque[Blow], index: int) -> Iterator[Blow]:
    blow = window[index]
    if blow.size >= _FAINTEST and _is_strongest(window, index) and _is_sudden(window, index):
        yield blow


def _is_strongest(window: deque[Blow], index: int) -> bool:
    blow = window[index]
    for at, other in enumerate(window):
        away = abs(other.time - blow.time)
        if away <= REACH and blow.size < _DROWNED * other.size:
            return False
        if away <= _APART and (other.size, at) > (blow.size, index):
            return False
    return True


def _is_sudden(window: deque[Blow], index: int) -> bool:
    blow = window[index]
    rows, columns = (slice(max(at - 1, 0), at + 2) for at in (blow.row, blow.column))
    beside = [window[at] for at in (index - 2, index + 2) if 0 <= at < len(window)]
    return len(beside) == 2 and blow.size >= _SUDDEN * sum(
        float(other.everywhere[rows, columns].max()) for other in beside
    )
