"""What moves beside the thing that counts: people who sway, curtains, shadows, passers-by. None is heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.random import Generator

from benchmarks.training.scene import HEIGHT, Canvas, Sprite
from benchmarks.training.strokes import roam, value
from benchmarks.training.textures import blob, box, disc

Beside: TypeAlias = Callable[[Canvas, float], None]


def beside(rng: Generator, seconds: float) -> Beside:
    """Nothing in three scenes of four; else one or two of them."""
    if rng.random() < 0.72:
        return lambda canvas, time: None
    ways = (_swaying, _curtain, _darkening, _passing)
    chosen = [ways[int(rng.integers(len(ways)))](rng, seconds) for _ in range(rng.integers(1, 3))]

    def draw(canvas: Canvas, time: float) -> None:
        for part in chosen:
            part(canvas, time)

    return draw


def shadow(sprite: Sprite, dark: float = 12.0) -> Sprite:
    """The same outline, all dark, to be laid half opaque."""
    return Sprite(np.full_like(sprite.light, dark), sprite.mask, sprite.anchor)


def _swaying(rng: Generator, seconds: float) -> Beside:
    size = rng.uniform(0.1, 0.35)
    body, head = box(rng, size, 1.6 * size), disc(rng, 0.5 * size)
    x, y = rng.uniform(0, 1), rng.uniform(0.3, 1.0) * HEIGHT
    slow, quick = roam(rng, seconds, rng.uniform(0.4, 1.2)), roam(rng, seconds, 2.5)
    far = size * rng.uniform(0.05, 0.25)

    def draw(canvas: Canvas, time: float) -> None:
        aside = far * (value(slow, time) + 0.2 * value(quick, time))
        canvas.lay(body, x + 0.6 * aside, y + 0.7 * size, angle=0.6 * aside)
        canvas.lay(head, x + 1.3 * aside, y - 0.3 * size + 0.1 * far * value(quick, time))

    return draw


def _curtain(rng: Generator, seconds: float) -> Beside:
    width = rng.uniform(0.05, 0.3)
    cloth = box(rng, width, rng.uniform(0.3, 0.8))
    x, walk = rng.choice([0.0, 1.0]) + rng.normal(0, 0.1), roam(rng, seconds, rng.uniform(0.5, 2.5))
    far = rng.uniform(0.02, 0.15)

    def draw(canvas: Canvas, time: float) -> None:
        pull = far * value(walk, time)
        canvas.lay(cloth, x, 0.2, angle=0.5 * pull, stretch=1 + 2 * pull)

    return draw


def _darkening(rng: Generator, seconds: float) -> Beside:
    size = rng.uniform(0.15, 0.7)
    shade = shadow(blob(rng, size, size * rng.uniform(0.4, 1.3)))
    x, y = roam(rng, seconds, rng.uniform(0.2, 1.0)), roam(rng, seconds, rng.uniform(0.2, 1.0))
    home, dark = (rng.uniform(0, 1), rng.uniform(0, HEIGHT)), rng.uniform(0.1, 0.5)
    far = rng.uniform(0.02, 0.2)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.lay(shade, home[0] + far * value(x, time), home[1] + far * value(y, time), opaque=dark)

    return draw


def _passing(rng: Generator, seconds: float) -> Beside:
    size = rng.uniform(0.03, 0.2)
    thing = blob(rng, size, size * rng.uniform(0.5, 3))
    begin, speed = rng.uniform(-1, seconds - 1), rng.uniform(0.1, 0.6) * rng.choice([-1.0, 1.0])
    y, start = rng.uniform(0.2, 0.9) * HEIGHT, -0.2 if speed > 0 else 1.2

    def draw(canvas: Canvas, time: float) -> None:
        if time > begin:
            canvas.lay(thing, start + speed * (time - begin), y)

    return draw
