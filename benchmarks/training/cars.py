"""Cars as sprites, from the side and from the front or behind, and how far things on a road are seen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.motions import Motion
from benchmarks.training.scene import FINE, Canvas, Light, Sprite
from benchmarks.training.textures import surface


def car_beside(rng: Generator, length: float) -> tuple[Sprite, Sprite, tuple[float, float]]:
    """A car, van or lorry heading right, a wheel of it, and where its wheels are, in lengths of it.

    Its anchor is the middle of its underside.
    """
    high = rng.choice([0.3, 0.36, 0.45, 0.6], p=[0.45, 0.25, 0.15, 0.15])
    columns, rows = max(int(length * FINE), 8), max(int(length * high * FINE), 5)
    light = surface(rng, columns, rows, rng.uniform(15, 240), rng.uniform(1, 8), 12)
    mask = np.zeros((rows, columns), np.float32)
    back, front = rng.uniform(0, 0.2), rng.uniform(0.7, 1.0)
    hood = rng.uniform(0.4, 0.6) if high < 0.4 else rng.uniform(0.1, 0.5)
    outline = [(0, 1), (0, hood), (back, hood - 0.05), (back + 0.1, 0), (front - 0.15, 0)]
    outline += [(front, hood), (0.99, hood + 0.1), (1, 1)]
    corners = np.rint(np.array(outline) * (columns - 1, rows - 1)).astype(np.int32)
    cv2.fillPoly(mask, [corners], 1.0, cv2.LINE_AA)
    glass = [(back + 0.09, hood), (back + 0.15, 0.1), (front - 0.17, 0.1), (front - 0.05, hood)]
    if rng.random() < 0.85:
        panes = np.rint(np.array(glass) * (columns - 1, rows - 1)).astype(np.int32)
        cv2.fillPoly(light, [panes], float(rng.uniform(15, 110)), cv2.LINE_AA)
        pillar = int((back + front) / 2 * columns)
        light[: int(hood * rows), pillar : pillar + max(columns // 40, 1)] = light[-1, 0]
    light[int(0.85 * rows) :] *= 0.6
    size = max(int(0.17 * columns), 4)
    wheel, cover = np.full((size, size), 25, np.float32), np.zeros((size, size), np.float32)
    middle = (size // 2, size // 2)
    cv2.circle(cover, middle, size // 2 - 1, 1.0, -1, cv2.LINE_AA)
    cv2.circle(wheel, middle, max(size // 4, 1), float(rng.uniform(70, 200)), -1, cv2.LINE_AA)
    for spoke in range(5):
        end = size / 2 + size / 3 * np.array([np.cos(spoke * 1.257), np.sin(spoke * 1.257)])
        cv2.line(wheel, middle, (int(end[0]), int(end[1])), 170.0, max(size // 12, 1), cv2.LINE_AA)
    return (
        Sprite(light, mask, (columns / 2, float(rows))),
        Sprite(wheel, cover, (size / 2, size / 2)),
        (rng.uniform(-0.35, -0.28), rng.uniform(0.27, 0.34)),
    )


@dataclass(frozen=True)
class Beside:
    """A car that is seen from the side, and rolls."""

    body: Sprite
    wheel: Sprite
    wheels: tuple[float, float]
    length: float

    def draw(
        self, canvas: Canvas, x: float, y: float, rolled: float, bob: float = 0.0, scale: float = 1.0
    ) -> None:
        """Its wheels on the ground at (x, y); it heads left if `scale` is below 0."""
        size, way = abs(scale), 1.0 if scale > 0 else -1.0
        up = y - 0.06 * self.length * size
        body = self.body if way > 0 else self.mirrored
        canvas.lay(body, x, up + bob * size, scale=size)
        turn = way * rolled / (0.085 * self.length)
        for place in self.wheels:
            canvas.lay(self.wheel, x + way * place * self.length * size, up, angle=turn, scale=size)

    @property
    def mirrored(self) -> Sprite:
        """The body, heading left."""
        return Sprite(
            np.ascontiguousarray(self.body.light[:, ::-1]),
            np.ascontiguousarray(self.body.mask[:, ::-1]),
            self.body.anchor,
        )


def beside(rng: Generator, length: float) -> Beside:
    """Any car."""
    return Beside(*car_beside(rng, length), length)


def car_behind(rng: Generator, width: float) -> Sprite:
    """A car from behind or in front, with its shadow; its anchor is the ground below its middle."""
    columns = max(int(width * FINE), 8)
    rows = int(columns * rng.choice([0.7, 0.85, 1.1, 1.4], p=[0.5, 0.25, 0.15, 0.1]))
    light = surface(rng, columns, rows, rng.uniform(15, 230), rng.uniform(1, 8), 10)
    mask = np.zeros((rows, columns), np.float32)

    def area(image: Light, left: float, top: float, right: float, bottom: float, value: float) -> None:
        points = np.array([(left + 0.06, top), (right - 0.06, top), (right, bottom), (left, bottom)])
        pixels = np.rint(points * (columns - 1, rows - 1)).astype(np.int32)
        cv2.fillPoly(image, [pixels], value, cv2.LINE_AA)

    area(mask, 0.1, 0.0, 0.9, 0.5, 1.0)
    area(mask, 0.02, 0.35, 0.98, 0.88, 1.0)
    area(light, 0.14, 0.06, 0.86, 0.38, rng.uniform(10, 110))
    lamp = rng.uniform(30, 255)
    for left in (0.06, 0.76):
        area(light, left, 0.45, left + 0.18, 0.56, lamp)
        area(mask, left, 0.8, left + 0.18, 1.0, 1.0)
        area(light, left, 0.84, left + 0.18, 1.0, 12.0)
    area(light, 0.38, 0.6, 0.62, 0.7, rng.uniform(120, 250))
    mask[int(0.9 * rows) :] = np.maximum(mask[int(0.9 * rows) :], 0.6)
    light[int(0.88 * rows) :] = np.minimum(light[int(0.88 * rows) :], 30)
    return Sprite(light, mask, (columns / 2, rows - 2.0))


@dataclass(frozen=True)
class Thing:
    """Something on or beside a road, `size` times as large as its sprite one length before the eye."""

    sprite: Sprite
    aside: float
    size: float
    ahead: Motion
    """How far before the eye it is."""


def far_and_near(canvas: Canvas, things: list[Thing], time: float, horizon: float, nearness: float) -> None:
    """All that stand on the ground, the farthest first."""
    seen = sorted(((thing.ahead(time), number) for number, thing in enumerate(things)), reverse=True)
    for ahead, number in seen:
        if ahead > 0.5:
            thing, near = things[number], nearness / ahead
            haze = min(1.0, 90 / ahead)
            canvas.lay(
                thing.sprite, 0.5 + near * thing.aside, horizon + near, scale=near * thing.size, opaque=haze
            )
