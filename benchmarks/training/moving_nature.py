"""Nature that strikes nothing: water, leaves in the wind, cloth and hair, fire and smoke."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.fields import Waving, around, endless, ground, shifted, whole
from benchmarks.training.motions import Motion, swaying, travelled, wandering
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import AROUND, FINE, HEIGHT, Canvas, Light, Scene, Sprite
from benchmarks.training.textures import blob, limb, surface

Draw = Callable[[Canvas, float], None]


def water(rng: Generator, seconds: float) -> Scene:
    """A sea or pond to the horizon, seen from above, or a waterfall; it may glitter."""
    way = rng.choice(["sea", "above", "fall"], p=[0.45, 0.2, 0.35])
    if way == "fall":
        return _fall(rng, seconds)
    return _sea(rng, seconds, flat=way == "above")


def _sea(rng: Generator, seconds: float, *, flat: bool) -> Scene:
    horizon = rng.uniform(-0.1, 0.45) * HEIGHT
    size = float(np.exp(rng.uniform(np.log(6), np.log(28))))
    swells = [endless(rng, 512, 512, size * scale, 2.5) for scale in (1.0, 1.7)]
    ways = [travelled(rng, seconds, rng.uniform(0.05, 0.6), change=0.2) for _ in "ab"]
    aside = [rng.normal(0, 0.3) for _ in "ab"]
    rise = swaying(rng, seconds, rng.uniform(0.1, 0.35), rng.uniform(0, 0.04), 0.2)
    light, depth = rng.uniform(40, 170), rng.uniform(6, 30)
    glitter = rng.uniform(40, 160) if rng.random() < 0.4 else 0.0
    foam = rng.uniform(0.8, 2.0)
    place = anywhere(rng)
    sky = _below(rng, place, horizon, 0.09)

    def seen(canvas: Canvas, number: int, time: float) -> Light:
        far = ways[number](time)
        if flat:
            return canvas.see(swells[number], shifted(aside[number] * far - 1, far - 1), endless=True)
        look = ground(horizon, 0.4, aside[number] * far, -far + rise(time), 110)
        return canvas.see(swells[number], look, endless=True)

    def draw(canvas: Canvas, time: float) -> None:
        height = seen(canvas, 0, time) + seen(canvas, 1, time)
        picture = light + depth * height
        if glitter:
            picture += glitter * np.maximum(height - foam, 0)
        canvas.light = np.asarray(np.clip(picture, 0, 255), np.float32)
        if not flat:
            canvas.lay(sky, 0, 0)

    return Scene(draw)


def _below(rng: Generator, place: Light, line: float, haze: float) -> Sprite:
    """What is above the horizon, fading softly into what is below it."""
    width, height = around()
    rows = (np.arange(height, dtype=np.float32)[:, None] / FINE - AROUND - line) / haze
    mask = np.clip(1 - rows, 0, 1) * np.ones((1, width), np.float32)
    return whole(np.asarray(cv2.resize(place, (width, height)), np.float32), mask.astype(np.float32))


def _fall(rng: Generator, seconds: float) -> Scene:
    """Streaks of water that fall faster and faster before rocks, spray at the foot, a pool that ripples."""
    place = anywhere(rng)
    width, height = around()
    top, foot = rng.uniform(-0.3, 0.15), rng.uniform(0.3, 0.62)
    streaks = [endless(rng, 256, 512, rng.uniform(3, 9), 1 / rng.uniform(2, 6)) for _ in "ab"]
    falls = [travelled(rng, seconds, rng.uniform(0.25, 1.3), change=0.05) for _ in "ab"]
    lean, light, depth = rng.normal(0, 0.5), rng.uniform(150, 240), rng.uniform(10, 35)
    middle, broad = rng.uniform(0.2, 0.8), float(np.exp(rng.uniform(np.log(0.06), np.log(0.6))))
    x, y = np.meshgrid(np.arange(width) / FINE - AROUND, np.arange(height) / FINE - AROUND)
    edge = broad + 0.15 * broad * endless(rng, width, height, 30)
    inside = np.abs(x - middle - lean * (y - top)) < edge
    mask = cv2.GaussianBlur(np.where(inside & (y > top) & (y < foot), 1, 0).astype(np.float32), (0, 0), 3)
    thin = np.clip(0.75 + 0.25 * endless(rng, width, height, 14, 0.3), 0, 1)
    mask = (mask * thin).astype(np.float32)
    corner = shifted(-AROUND, -AROUND)
    slant = np.array([[1 / FINE, lean / FINE, 0], [0, 1 / FINE, 0]])
    pool = _pool(rng, seconds, foot) if rng.random() < 0.7 else None
    spray = [
        (blob(rng, 0.16, 0.08, 235), rng.uniform(-1, 1), rng.random(), rng.uniform(0.5, 2)) for _ in range(9)
    ]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        if pool is not None:
            pool(canvas, time)
        cover = canvas.see(mask, corner)
        fallen = np.full_like(canvas.light, light)
        for streak, fall in zip(streaks, falls, strict=True):
            slant[:, 2] = lean * fall(time), fall(time)
            fallen += depth * canvas.see(streak, slant, endless=True)
        canvas.light += cover * (np.clip(fallen, 0, 255) - canvas.light)
        foot_x = middle + lean * (foot - top)
        for puff, aside, start, pace in spray:
            age = (start + pace * time) % 1.0
            canvas.lay(
                puff,
                foot_x + broad * aside,
                foot - 0.06 * age,
                opaque=0.5 * (1 - age) * age * 4,
                scale=0.5 + age,
            )

    return Scene(draw)


def _pool(rng: Generator, seconds: float, line: float) -> Draw:
    """Water from a line downward."""
    ripples = [endless(rng, 512, 512, rng.uniform(5, 14), 3) for _ in "ab"]
    ways = [travelled(rng, seconds, rng.uniform(0.05, 0.5)) for _ in "ab"]
    light, depth = rng.uniform(30, 150), rng.uniform(5, 22)
    width, height = around()
    rows = (np.arange(height, dtype=np.float32)[:, None] / FINE - AROUND - line) / 0.03
    mask = (np.clip(rows, 0, 1) * np.ones((1, width), np.float32)).astype(np.float32)

    def draw(canvas: Canvas, time: float) -> None:
        cover = canvas.see(mask, shifted(-AROUND, -AROUND))
        picture = np.full_like(canvas.light, light)
        for ripple, way in zip(ripples, ways, strict=True):
            picture += depth * canvas.see(
                ripple, ground(line - 0.12, 0.3, 0.2 * way(time), -way(time), 120), endless=True
            )
        canvas.light += cover * (np.clip(picture, 0, 255) - canvas.light)

    return draw


def leaves(rng: Generator, seconds: float) -> Scene:
    """Bushes, branches or the crown of a tree in gusts of wind, near or far."""
    place = anywhere(rng)
    many = int(rng.integers(1, 5))
    gust = wandering(rng, seconds, rng.uniform(0.25, 0.8))
    strong = float(np.exp(rng.normal(0.3, 0.7)))
    bushes = [_bush(rng, seconds, gust, strong) for _ in range(many)]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for bush in bushes:
            bush(canvas, time)

    return Scene(draw)


def _bush(rng: Generator, seconds: float, gust: Motion, strong: float) -> Draw:
    wide, high = (1.4, 0.9) if rng.random() < 0.2 else (rng.uniform(0.15, 0.9), rng.uniform(0.15, 0.6))
    columns, rows = (int(side * FINE) for side in (wide, high))
    dense = rng.uniform(0.6, 1.2)
    size = rng.uniform(2.5, 7)
    texture = endless(rng, columns, rows, size)
    far = np.hypot(*np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows)))
    mask = np.clip(10 * (1 - far), 0, 1) * np.clip(
        5 * (0.75 - far) + 0.8 * dense * endless(rng, columns, rows, 3 * size) + dense + 0.6 * texture - 0.3,
        0,
        1,
    )
    light = np.clip(rng.uniform(30, 140) + rng.uniform(10, 45) * texture, 0, 255)
    up = np.linspace(1.2, 0.2, rows, dtype=np.float32)[:, None] * np.ones((1, columns), np.float32)
    sprite = Sprite(light.astype(np.float32), mask.astype(np.float32), (columns / 2, rows - 1.0))
    waving = Waving(rng, sprite, rng.uniform(6, 25), up)
    shake = [swaying(rng, seconds, rng.uniform(0.6, 3.5), strong, 0.3) for _ in range(4)]
    sway = swaying(rng, seconds, rng.uniform(0.25, 0.9), 0.02 * strong, 0.3)
    x, y = rng.uniform(-0.05, 1.05), HEIGHT * rng.uniform(0.5, 1.2)
    lag = rng.uniform(0, 0.6)
    stem = limb(rng, 0.6, 0.02, 0.05, rng.uniform(20, 80)) if rng.random() < 0.4 else None

    def draw(canvas: Canvas, time: float) -> None:
        wind = max(0.35 + gust(time - lag), 0.06)
        if stem is not None:
            canvas.lay(stem, x, y - 0.05, angle=np.pi / 2)
        one, two, three, four = (wind * motion(time) for motion in shake)
        bent = waving.at((one, two, 0.6 * three, 0.6 * four))
        canvas.lay(bent, x, y, angle=wind * sway(time) + 0.03 * strong * wind)

    return draw


def flags(rng: Generator, seconds: float) -> Scene:
    """Flags, sails, curtains, washing or long hair: waves that run along them, more at the free end."""
    place = anywhere(rng)
    cloths = [_cloth(rng, seconds) for _ in range(int(rng.integers(1, 4)))]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for cloth in cloths:
            cloth(canvas, time)

    return Scene(draw)


def _cloth(rng: Generator, seconds: float) -> Draw:
    """Along its own x from where it is held."""
    columns, rows = int(rng.uniform(0.15, 0.7) * FINE), int(rng.uniform(0.08, 0.4) * FINE)
    light = surface(rng, columns, rows, rng.uniform(30, 220), rng.uniform(3, 30), rng.uniform(3, 20))
    for _ in range(rng.integers(0, 4)):
        first = int(rng.integers(0, rows))
        light[first : first + rows // 5] = rng.uniform(10, 240)
    pad = int(0.06 * FINE)
    mask = np.pad(np.ones((rows, columns), np.float32), pad)
    light = np.pad(light, pad, mode="edge")
    x, y = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in mask.shape[::-1]))
    free = np.clip((x - pad) / columns, 0, 1) ** rng.uniform(0.5, 1.2)
    waves = (rng.uniform(1, 3.5) * x / columns + rng.normal(0, 0.5) * y / rows) * np.float32(2 * np.pi)
    runs = travelled(rng, seconds, rng.uniform(0.4, 3.0), change=0.3)
    wind = wandering(rng, seconds, 0.5)
    high, shade = rng.uniform(2, 14), rng.uniform(5, 45)
    angle = rng.choice([0.0, np.pi / 2]) + rng.normal(0, 0.2)
    start = rng.uniform(0.1, 0.7), rng.uniform(0.05, 0.6) * HEIGHT
    swing = swaying(rng, seconds, rng.uniform(0.2, 0.8), rng.uniform(0.01, 0.1), 0.2)
    pole = limb(rng, 1.2, 0.012, 0.012) if rng.random() < 0.5 else None

    def draw(canvas: Canvas, time: float) -> None:
        much = np.float32(max(0.7 + 0.5 * wind(time), 0.1))
        turned = waves - np.float32(2 * np.pi * runs(time))
        wave = np.sin(turned) * free
        down = y + high * much * wave
        across = x * (1 + 0.03 * much)
        flown = cv2.remap(light, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        cover = cv2.remap(mask, across, down, cv2.INTER_LINEAR)
        flown = flown + shade * much * np.cos(turned) * free
        turn = angle + swing(time)
        if pole is not None:
            canvas.lay(pole, start[0], start[1] - 0.1, angle=np.pi / 2)
        sprite = Sprite(
            np.clip(flown, 0, 255).astype(np.float32), np.asarray(cover, np.float32), (pad, pad + rows / 2)
        )
        canvas.lay(sprite, *start, angle=turn)

    return draw
