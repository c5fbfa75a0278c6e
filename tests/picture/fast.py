"""Films of something fast: a ball is dropped, bounces, and comes to rest, at so many pixels a frame.

The picture is 640x360; the film gathers light for half of the time between frames, as cameras do.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.picture.drawn import Picture, film
from tests.picture.quiet import scene

WIDTH, HEIGHT, SECONDS = 640, 360, 6
FLOOR = 318.0
"""Where the ball's middle is when it touches the floor."""
_RADIUS, _RISE = 30, 260.0
_FIRST, _UNEVEN = 0.613, (1.0, 0.86, 0.93)
_SUBFRAMES = 5


def strikes(rate: Fraction, speed: int) -> list[float]:
    """When the ball strikes the floor, in seconds; after the last time it stays there."""
    found = [_FIRST]
    while found[-1] < SECONDS - 0.5:
        found.append(found[-1] + _UNEVEN[len(found) % len(_UNEVEN)] * _longest(rate, speed))
    return found[:-1]


def _longest(rate: Fraction, speed: int) -> float:
    """Seconds from one strike to the next, at most: no higher than `_RISE`."""
    return min(4 * _RISE / (speed * float(rate)), 0.9)


def fast_film(path: Path, rate: Fraction, speed: int) -> Path:
    """The film in which the ball comes down with up to `speed` pixels a frame."""
    times = np.array(strikes(rate, speed))
    fall = 2 * speed * float(rate) / _longest(rate, speed)

    def where(time: float) -> tuple[float, float]:
        at = int(np.searchsorted(times, time, side="right"))
        x = 320 + 160 * float(np.sin(0.9 * min(time, times[-1])))
        if at == len(times):
            return x, FLOOR
        if at == 0:
            falls = _longest(rate, speed) / 2
            return x, FLOOR - fall * (falls**2 - max(time - _FIRST + falls, 0.0) ** 2) / 2
        return x, FLOOR - fall * float((time - times[at - 1]) * (times[at] - time)) / 2

    def picture(time: float) -> Picture:
        shares = (np.arange(_SUBFRAMES) + 0.5) / _SUBFRAMES * 0.5 - 0.25
        seen = [_drawn(*where(time + share / float(rate))) for share in shares]
        return np.rint(np.mean(seen, axis=0)).astype(np.uint8)

    return film(path, rate, SECONDS, picture)


def _drawn(x: float, y: float) -> NDArray[np.float32]:
    wall = 85 + 0.5 * (scene(1)[:HEIGHT, :WIDTH] - scene(1).mean())
    canvas = np.ascontiguousarray(wall, np.float32)
    cv2.circle(canvas, (round(x * 16), round(y * 16)), _RADIUS * 16, 215.0, -1, cv2.LINE_AA, 4)
    cv2.circle(canvas, (round((x - 8) * 16), round((y - 8) * 16)), 8 * 16, 60.0, -1, cv2.LINE_AA, 4)
    return canvas
