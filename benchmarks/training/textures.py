"""What drawn things are covered with: blotches, grain of wood, bricks, and the outlines of sprites."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.scene import AROUND, FINE, Light, Sprite


def blotches(rng: Generator, width: int, height: int, size: float = 8.0) -> Light:
    """Soft noise, mean 0 and deviation 1, with detail from `size` pixels upward."""
    whole = np.zeros((height, width), np.float32)
    grain, weight = max(size, 1.5), 1.0
    while grain < 2 * max(width, height):
        coarse = rng.standard_normal((int(height / grain) + 3, int(width / grain) + 3)).astype(np.float32)
        large = cv2.resize(coarse, None, fx=grain, fy=grain, interpolation=cv2.INTER_CUBIC)
        whole += weight * large[:height, :width]
        grain, weight = grain * 2.3, weight * 1.1
    return np.asarray((whole - whole.mean()) / max(float(whole.std()), 1e-6), np.float32)


def surface(rng: Generator, width: int, height: int, light: float, depth: float, size: float = 6.0) -> Light:
    """A texture of this mean brightness and deviation: blotched, streaked or nearly plain."""
    texture = blotches(rng, width, height, size)
    if rng.random() < 0.3:
        streaked = cv2.blur(texture, (1 + 2 * int(width / 8), 1))
        texture = streaked / max(float(streaked.std()), 1e-6)
    return np.clip(light + depth * texture, 0, 255).astype(np.float32)


def backdrop(rng: Generator) -> Light:
    """A place: wall, floor, things that stand about; from nearly plain to full of detail."""
    side = 1 + 2 * AROUND
    width, height = round(side * FINE), round((9 / 16 + 2 * AROUND) * FINE)
    light, depth = rng.uniform(30, 190), rng.uniform(1, 35)
    place = surface(rng, width, height, light, depth, rng.uniform(2, 30))
    if rng.random() < 0.6:
        floor = round(height * rng.uniform(0.45, 0.8))
        place[floor:] = surface(rng, width, height - floor, rng.uniform(30, 190), rng.uniform(1, 35), 4)
    for _ in range(rng.integers(0, 14)):
        _stand(rng, place)
    if rng.random() < 0.2:
        _bricks(rng, place)
    slope = np.linspace(rng.uniform(0.7, 1.3), rng.uniform(0.7, 1.3), width, dtype=np.float32)
    return np.asarray(np.clip(cv2.GaussianBlur(place * slope, (0, 0), rng.uniform(0.4, 1.6)), 0, 255))


def _stand(rng: Generator, place: Light) -> None:
    """One thing that stands about."""
    rows, columns = place.shape
    width, height = (int(rng.uniform(0.03, 0.35) * rows) for _ in "xy")
    left, top = int(rng.integers(0, columns - width)), int(rng.integers(0, rows - height))
    thing = surface(rng, width, height, rng.uniform(10, 240), rng.uniform(0, 30), rng.uniform(2, 12))
    mask = np.zeros((height, width), np.float32)
    if rng.random() < 0.5:
        mask[:] = 1
    else:
        cv2.ellipse(mask, (width // 2, height // 2), (width // 2, height // 2), 0, 0, 360, 1.0, -1)
    part = place[top : top + height, left : left + width]
    part += mask * (thing - part)


def _bricks(rng: Generator, place: Light) -> None:
    """Joints between stones, or boards."""
    pitch = int(rng.integers(8, 40))
    dark = float(rng.uniform(-60, 60))
    place[::pitch] += dark
    if rng.random() < 0.5:
        place[:, :: 2 * pitch] += dark


def outlined(rng: Generator, mask: Light, anchor: tuple[float, float], light: float | None = None) -> Sprite:
    """A thing of this outline, with a texture and some shade on it."""
    height, width = mask.shape
    bright = rng.uniform(15, 240) if light is None else light
    texture = surface(rng, width, height, bright, rng.uniform(3, 35), rng.uniform(2, 9))
    slope = np.linspace(rng.uniform(0.75, 1.25), rng.uniform(0.75, 1.25), height, dtype=np.float32)[:, None]
    shaded = np.clip(texture * slope, 0, 255).astype(np.float32)
    return Sprite(shaded, np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.7), np.float32), anchor)


def disc(rng: Generator, diameter: float, light: float | None = None, *, flat: float = 1.0) -> Sprite:
    """A ball, a head, a drum seen from above; `diameter` in widths. `flat` is its height over its width."""
    wide, high = (max(round(diameter * FINE * share), 2) for share in (1.0, flat))
    mask = np.zeros((high + 4, wide + 4), np.float32)
    middle = (wide + 4) / 2, (high + 4) / 2
    cv2.ellipse(mask, (round(middle[0]), round(middle[1])), (wide // 2, high // 2), 0, 0, 360, 1.0, -1)
    return outlined(rng, mask, middle, light)


def box(rng: Generator, width: float, height: float, light: float | None = None) -> Sprite:
    """A box, a door, a car: its anchor is its middle."""
    wide, high = (max(round(side * FINE), 2) for side in (width, height))
    mask = np.zeros((high + 4, wide + 4), np.float32)
    mask[2:-2, 2:-2] = 1
    return outlined(rng, mask, ((wide + 4) / 2, (high + 4) / 2), light)


def limb(
    rng: Generator, length: float, thick: float, thin: float | None = None, light: float | None = None
) -> Sprite:
    """An arm, a stick, a blade along its own x: its anchor is the middle of its near end.

    `thick` is its width there, `thin` that of its far end.
    """
    long, near = max(length * FINE, 3), max(thick * FINE, 1.2)
    far = near if thin is None else max(thin * FINE, 1.2)
    high = int(max(near, far)) + 6
    mask = np.zeros((high, int(long + near) + 8), np.float32)
    middle, start = high / 2, near / 2 + 3
    hull = [
        (start, middle - near / 2),
        (start + long, middle - far / 2),
        (start + long, middle + far / 2),
        (start, middle + near / 2),
    ]
    points = np.rint(np.array(hull) * 16).astype(np.int32)
    cv2.fillConvexPoly(mask, points, 1.0, cv2.LINE_AA, 4)
    for x, wide in ((start, near), (start + long, far)):
        cv2.circle(mask, (round(x * 16), round(middle * 16)), round(wide * 8), 1.0, -1, cv2.LINE_AA, 4)
    return outlined(rng, np.minimum(mask, 1), (start, middle), light)


def blob(rng: Generator, width: float, height: float, light: float | None = None) -> Sprite:
    """Something of no certain outline: a cushion, a bush, a cabbage, a splinter."""
    wide, high = (max(round(side * FINE), 4) for side in (width, height))
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    away = 0.5 + 0.14 * np.clip(rng.standard_normal(24), -2, 2)
    away = (away + np.roll(away, 1) + np.roll(away, -1)) / 3
    points = np.stack(
        [wide * (0.5 + 0.9 * away * np.cos(turns)), high * (0.5 + 0.9 * away * np.sin(turns))], 1
    )
    mask = np.zeros((high + 4, wide + 4), np.float32)
    cv2.fillPoly(mask, [np.rint(points + 2).astype(np.int32)], 1.0, cv2.LINE_AA)
    return outlined(rng, mask, ((wide + 4) / 2, (high + 4) / 2), light)
