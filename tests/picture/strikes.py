"""A film of things that are stopped, thrown back and thrown, at times that are known exactly.

Beside them things move that strike nothing: one swings, one comes to rest by and by, one passes through.
What moves passes before nothing else. Lengths are pixels of the 480x270 picture, times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction as F
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.picture.drawn import Path2D, Picture, film, pattern
from tests.picture.quiet import scene

WIDTH, HEIGHT, SECONDS = 480, 270, 12
GRAVITY = 1300.0
FLOOR = 232.0
"""Where the middle of a thing lies that lies on the floor."""


@dataclass(frozen=True)
class Strike:
    """When and where something strikes: the middle of what strikes, as shares of the picture."""

    time: F
    x: float
    y: float


@dataclass(frozen=True)
class Thing:
    """Something that moves, and its strikes."""

    size: int
    where: Path2D
    strikes: tuple[F, ...] = ()


_BOUNCES = (F(913, 1000), F(1513, 1000), F(1933, 1000))
_SLID, _THROWN_BACK, _DROPS = F(3217, 1000), F(4571, 1000), (F(5709, 1000), F(6887, 1000))
_PUSHED, _THROWN, _SET_DOWN = F(8143, 1000), F(9923, 1000), F(10879, 1000)


def _ball(time: float) -> tuple[float, float]:
    """Falls, bounces twice and stays."""
    times = [float(bounce) for bounce in _BOUNCES]
    x = 66 + 50 * min(time, times[-1])
    if time < times[0]:
        fallen = max(time - (times[0] - 0.45), 0.0)
        return x, FLOOR - GRAVITY * (0.45**2 - fallen**2) / 2
    for start, end in ((times[0], times[1]), (times[1], times[2])):
        if time < end:
            return x, FLOOR - GRAVITY * (time - start) * (end - time) / 2
    return x, FLOOR


def _box(time: float) -> tuple[float, float]:
    """Slides in from the left until something is in its way."""
    return 90 + 180 * (min(time, float(_SLID)) - float(_SLID)), FLOOR


def _puck(time: float) -> tuple[float, float]:
    """Slides to the right, is thrown back and comes to rest by and by."""
    since = time - float(_THROWN_BACK)
    return (420 + 220 * since if since < 0 else 420 - 120 * (1 - np.exp(-2 * since)) / 2), 95.0


def _weight(time: float) -> tuple[float, float]:
    """Dropped twice; drawn up in between."""
    first, second = (float(drop) for drop in _DROPS)
    fall = 0.3
    top = FLOOR - GRAVITY * fall**2 / 2
    if time < first:
        return 300, top + GRAVITY * max(time - first + fall, 0.0) ** 2 / 2
    if time < second - fall:
        return 300, FLOOR + (top - FLOOR) * _eased((time - first - 0.15) / (second - fall - first - 0.2))
    return 300, min(top + GRAVITY * (time - second + fall) ** 2 / 2, FLOOR)


def _pusher(time: float) -> tuple[float, float]:
    """Rolls against what lies there, and stops dead."""
    return 180 + 200 * (min(time, float(_PUSHED)) - float(_PUSHED)), FLOOR - 58


def _pushed(time: float) -> tuple[float, float]:
    """Lies there, rolls off when it is pushed, and comes to rest by and by."""
    since = max(time - float(_PUSHED), 0.0)
    return 180 + 40 + 180 * (1 - np.exp(-3 * since)) / 3, FLOOR - 58


def _stone(time: float) -> tuple[float, float]:
    """Flies in, in an arc, and stays where it comes down."""
    left = max(float(_THROWN) - time, 0.0)
    return 380 - 260 * left, FLOOR - 500 * left + 350 * left**2 if left < 2 else -100.0


def _cup(time: float) -> tuple[float, float]:
    """Is set down, not hard."""
    return 260.0, 60 + 90 * (min(time, float(_SET_DOWN)) - float(_SET_DOWN)) if time > 9.5 else -100.0


def _swing(time: float) -> tuple[float, float]:
    """Swings all the time."""
    return 400 + 45 * float(np.cos(2 * np.pi * time / 1.7)), 40.0


def _leaf(time: float) -> tuple[float, float]:
    """Comes to rest by and by."""
    return 170 - 110 * _eased((time - 6) / 1.6), 50.0


def _bird(time: float) -> tuple[float, float]:
    """Passes through."""
    return -60 + 170 * (time - 0.8), 105.0


def _eased(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share**3 * (share * (6 * share - 15) + 10)


THINGS = (
    Thing(44, _ball, _BOUNCES),
    Thing(50, _box, (_SLID,)),
    Thing(36, _puck, (_THROWN_BACK,)),
    Thing(48, _weight, _DROPS),
    Thing(40, _pusher, (_PUSHED,)),
    Thing(40, _pushed),
    Thing(40, _stone, (_THROWN,)),
    Thing(30, _cup, (_SET_DOWN,)),
    Thing(30, _swing),
    Thing(40, _leaf),
    Thing(50, _bird),
)


def strikes() -> list[Strike]:
    """All that can be heard in the film, in the order of time."""
    found = [
        Strike(time, thing.where(float(time))[0] / WIDTH, thing.where(float(time))[1] / HEIGHT)
        for thing in THINGS
        for time in thing.strikes
    ]
    return sorted(found, key=lambda strike: strike.time)


def struck_film(path: Path, rate: F, seconds: F | int = SECONDS) -> Path:
    """The film itself, or its beginning."""
    return film(path, rate, float(seconds), picture)


def picture(time: float) -> Picture:
    """One frame."""
    canvas = _wall()
    for number, thing in enumerate(THINGS):
        x, y = thing.where(time)
        if -thing.size < x < WIDTH + thing.size and -thing.size < y < HEIGHT + thing.size:
            canvas = _laid(canvas, _texture(number), x, y)
    return np.rint(canvas).astype(np.uint8)


@cache
def _wall() -> NDArray[np.float32]:
    wall = cv2.resize(scene(1), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(85 + 0.5 * (wall - wall.mean()), np.float32)


@cache
def _texture(number: int) -> NDArray[np.float32]:
    size = THINGS[number].size
    return pattern(size, size, 50 + number, *((120, 250) if number % 2 else (10, 120))).astype(np.float32)


def _laid(canvas: NDArray[np.float32], thing: NDArray[np.float32], x: float, y: float) -> NDArray[np.float32]:
    """The canvas with the thing's middle at (x, y), to a fraction of a pixel."""
    size = len(thing)
    move = np.array([[1, 0, x - size / 2], [0, 1, y - size / 2]])
    on, mask = (cv2.warpAffine(layer, move, (WIDTH, HEIGHT)) for layer in (thing, np.ones_like(thing)))
    return np.asarray(canvas * (1 - mask) + on, np.float32)
