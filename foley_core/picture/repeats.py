"""Repeats: frames that show the one before once more, as in films that were put to a higher rate.

They are left out, or all that moves would seem to stop and to start with each. A frame that hardly differs
from the one before, while those around it differ much, is a repeat where there are many such; where there
are few, all rested for a moment, which may well have been a blow. Holds the small pictures of a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Shown = TypeVar("Shown")

_AROUND = 15
"""Frames before and after, among which repeats are counted."""
_OFTEN = 0.12
"""They are this share of those, or more."""
_ALIKE, _UNLIKE, _TIMES = 16, 24, 5
"""No pixel of a repeat differs by more than this, of 255; some pixel of the others does by more than that,
and by so many times more than any of the repeat's."""


def without_repeats(shown: Iterable[Shown], luma: Callable[[Shown], NDArray[np.uint8]]) -> Iterator[Shown]:
    """What is shown, less what repeats the one before."""
    frames: deque[Shown] = deque()
    steps: deque[int] = deque()
    """By how much each differs from the one before, of 255."""
    before: NDArray[np.uint8] | None = None
    at = 0
    """Of the first that was not given out."""
    for frame in shown:
        here = luma(frame)
        steps.append(255 if before is None else int(cv2.absdiff(here, before).max()))
        frames.append(frame)
        before = here
        if len(steps) - at > _AROUND:
            if not _is_repeat(steps, at):
                yield frames[0]
            frames.popleft()
            at += 1
        if at > _AROUND:
            steps.popleft()
            at -= 1
    for number, frame in enumerate(frames):
        if not _is_repeat(steps, at + number):
            yield frame


def _is_repeat(steps: deque[int], at: int) -> bool:
    if not _hardly_differs(steps, at):
        return False
    near = range(max(at - _AROUND, 0), min(at + _AROUND + 1, len(steps)))
    return sum(_hardly_differs(steps, other) for other in near) >= _OFTEN * len(near)


def _hardly_differs(steps: deque[int], at: int) -> bool:
    step = steps[at]
    if step > _ALIKE:
        return False
    least = max(_UNLIKE, _TIMES * step)
    before = [steps[other] for other in range(max(at - 2, 0), at)]
    after = [steps[other] for other in range(at + 1, min(at + 3, len(steps)))]
    return max(before, default=0) >= least and max(after, default=0) >= least
