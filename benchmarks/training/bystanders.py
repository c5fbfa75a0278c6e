"""What moves beside the matter itself and is not heard: who sways, curtains, shadows, who passes by.

Also hands and arms, with which things are done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.random import Generator

from benchmarks.training.scattered import cloud
from benchmarks.training.scene import HEIGHT, Canvas, Sprite
from benchmarks.training.textures import blob, box, disc, limb
from benchmarks.training.timing import at, eased, wander

Drawn: TypeAlias = Callable[[Canvas, float], None]


def beside(rng: Generator, seconds: float, odds: float = 0.3) -> Drawn:
    """Something that moves gently, or, mostly, nothing."""
    if rng.random() > odds:
        return _nothing
    ways = (_swaying, _curtain, _shadow, _passer, _leaves, _gesture)
    return ways[int(rng.integers(len(ways)))](rng, seconds)


def _nothing(canvas: Canvas, time: float) -> None:
    del canvas, time


def _swaying(rng: Generator, seconds: float) -> Drawn:
    """A person at one side who shifts from foot to foot and looks about."""
    tall = rng.uniform(0.2, 0.5)
    light = rng.uniform(10, 220)
    trunk, head = blob(rng, 0.45 * tall, 1.1 * tall, light), disc(rng, 0.25 * tall, rng.uniform(60, 220))
    x = float(rng.choice([rng.uniform(-0.02, 0.2), rng.uniform(0.8, 1.02)]))
    y = HEIGHT * rng.uniform(0.6, 1.0)
    sway, nod = wander(rng, seconds, rng.uniform(0.4, 2)), wander(rng, seconds, 1.5)
    wide = rng.uniform(0.004, 0.03)

    def draw(canvas: Canvas, time: float) -> None:
        off = wide * at(sway, time)
        canvas.lay(trunk, x + 0.6 * off, y, angle=0.8 * off)
        canvas.lay(head, x + off + 0.1 * wide * at(nod, time), y - 0.62 * tall, angle=0.2 * at(nod, time))

    return draw


def _curtain(rng: Generator, seconds: float) -> Drawn:
    """Folds that swell in the wind."""
    folds = [box(rng, rng.uniform(0.03, 0.07), HEIGHT * 1.2) for _ in range(5)]
    left = rng.uniform(-0.1, 0.85)
    walks = [wander(rng, seconds, 0.8) for _ in folds]
    wide = rng.uniform(0.003, 0.02)

    def draw(canvas: Canvas, time: float) -> None:
        for number, (fold, walk) in enumerate(zip(folds, walks, strict=True)):
            off = wide * at(walk, time)
            canvas.lay(fold, left + 0.045 * number + off, HEIGHT / 2, angle=0.8 * off, stretch=1 + 6 * off)

    return draw


def _shadow(rng: Generator, seconds: float) -> Drawn:
    """Of someone or of a cloud, across all."""
    dark = cloud(rng, rng.uniform(0.4, 1.0), 0.0)
    x, y = wander(rng, seconds, rng.uniform(0.2, 1.0)), wander(rng, seconds, 0.4)
    depth = rng.uniform(0.15, 0.5)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.lay(dark, 0.5 + 0.3 * at(x, time), 0.3 + 0.1 * at(y, time), opaque=depth)

    return draw


def _passer(rng: Generator, seconds: float) -> Drawn:
    """Something that passes through the picture, near or far."""
    size = rng.uniform(0.05, 0.45)
    thing = (blob if rng.random() < 0.6 else box)(rng, size, size * rng.uniform(0.5, 2))
    begins, lasts = rng.uniform(-0.5, seconds - 1, 2), rng.uniform(0.5, 4, 2)
    side = rng.choice([-1, 1], 2)
    y = rng.uniform(0.2, 1.0) * HEIGHT

    def draw(canvas: Canvas, time: float) -> None:
        for began, lasting, way in zip(begins, lasts, side, strict=True):
            share = (time - began) / lasting
            if 0 < share < 1:
                bob = 0.006 * np.sin(11 * time)
                canvas.lay(thing, 0.5 + way * (share - 0.5) * (1.4 + 2 * size), y + bob)

    return draw


def _leaves(rng: Generator, seconds: float) -> Drawn:
    """Leaves, flags or grass in the wind."""
    leaves = [blob(rng, rng.uniform(0.03, 0.15), rng.uniform(0.02, 0.06)) for _ in range(6)]
    places = np.stack([rng.uniform(0, 1, 6), rng.uniform(0, 0.3, 6) if rng.random() < 0.5 else
                       rng.uniform(0.45, 0.56, 6)], 1)  # fmt: skip
    walks = [wander(rng, seconds, rng.uniform(1, 3)) for _ in leaves]

    def draw(canvas: Canvas, time: float) -> None:
        for leaf, (x, y), walk in zip(leaves, places, walks, strict=True):
            off = at(walk, time)
            canvas.lay(leaf, x + 0.006 * off, y, angle=0.3 * off)

    return draw


def _gesture(rng: Generator, seconds: float) -> Drawn:
    """An arm that moves to and fro, and touches nothing."""
    arm = Arm(rng, rng.uniform(0.3, 0.6), rng.uniform(0.03, 0.08))
    x, y, turn = (wander(rng, seconds, rng.uniform(0.5, 1.8)) for _ in range(3))
    home = rng.uniform(0.1, 0.9), rng.uniform(0.25, 0.9) * HEIGHT
    wide, angle = rng.uniform(0.01, 0.06), rng.uniform(0.4, 2.6)

    def draw(canvas: Canvas, time: float) -> None:
        place = home[0] + wide * at(x, time), home[1] + wide * at(y, time)
        arm.draw(canvas, *place, angle + 0.2 * at(turn, time))

    return draw


class Arm:
    """A forearm and a hand; the hand is where it is drawn, the arm goes away from it."""

    def __init__(self, rng: Generator, length: float, thick: float) -> None:
        sleeve, skin = rng.uniform(10, 230), rng.uniform(70, 225)
        self._arm = limb(rng, length, 0.75 * thick, 1.3 * thick, sleeve if rng.random() < 0.6 else skin)
        self._hand: Sprite = blob(rng, 1.7 * thick, 1.15 * thick, skin)
        self._fingers = limb(rng, 1.1 * thick, 0.45 * thick, 0.35 * thick, skin * 0.9)
        self._thick = thick

    def draw(self, canvas: Canvas, x: float, y: float, angle: float, *, open_: float = 0.0) -> None:
        """The arm goes away from the hand under `angle`; `open_` spreads the fingers, in radians."""
        way = np.cos(angle), np.sin(angle)
        canvas.lay(self._arm, x + 0.7 * self._thick * way[0], y + 0.7 * self._thick * way[1], angle=angle)
        canvas.lay(self._hand, x, y, angle=angle)
        back = self._thick * 0.4
        canvas.lay(
            self._fingers, x - back * way[0], y - back * way[1], angle=angle + np.pi + open_, opaque=0.9
        )


def between(time: float, begins: float, lasts: float) -> float:
    """From 0 to 1 while something is moved without a jolt."""
    return eased((time - begins) / lasts)
