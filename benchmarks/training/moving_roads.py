"""Roads: driving along them, a car that a camera follows, and traffic that passes."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.cameras import looking
from benchmarks.training.cars import Beside, Thing, beside, car_behind, far_and_near
from benchmarks.training.fields import around, endless, ground, whole
from benchmarks.training.motions import Motion, bounded, gestures, swaying, travelled, wandering
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import AROUND, FINE, HEIGHT, Canvas, Light, Scene, Sprite
from benchmarks.training.textures import blob, box, limb

_PIXELS = 24
"""Of the road's texture to a length, which is the height of the eye above it."""
_FAR = 90.0


def driving(rng: Generator, seconds: float) -> Scene:
    """Out of a windscreen; a car that leaves or comes and is followed by a camera; a car beside the eye."""
    way = rng.choice(["front", "away", "beside"], p=[0.4, 0.35, 0.25])
    if way == "front":
        return _front(rng, seconds)
    return _away(rng, seconds) if way == "away" else _beside(rng, seconds)


def _front(rng: Generator, seconds: float) -> Scene:
    horizon, nearness = HEIGHT * rng.uniform(0.3, 0.6), rng.uniform(0.35, 0.9)
    speed = float(np.exp(rng.uniform(np.log(2), np.log(22))))
    way = travelled(rng, seconds, speed, change=0.1, halts=0.25)
    road, sky = _road(rng), _sky(rng, horizon)
    lane = gestures(rng, seconds, 0.5, rest=3, quick=(1.5, 4))
    things = [_roadside(rng, way) for _ in range(rng.integers(4, 22))]
    things += [_oncoming(rng, seconds, way) for _ in range(rng.integers(0, 4))]
    if rng.random() < 0.5:
        near = wandering(rng, seconds, 0.3, 0.2)
        rest = rng.uniform(4, 15)
        things.append(Thing(car_behind(rng, 0.3), 0.0, 4.0, lambda time: float(rest * np.exp(near(time)))))
    board = blob(rng, 1.9, 0.4, rng.uniform(5, 50)) if rng.random() < 0.4 else None
    rough = float(np.exp(rng.normal(-6.3, 0.8)))
    look = looking(
        rng,
        seconds,
        aside=wandering(rng, seconds, 0.35, rng.uniform(0, 0.12)),
        down=_bumps(rng, seconds, rough),
        held=rough,
    )

    def draw(canvas: Canvas, time: float) -> None:
        here = lane(time)
        plane = ground(horizon, nearness, here - 21, way(time), _PIXELS)
        canvas.light = canvas.see(road, plane, endless=True)
        canvas.lay(sky, 0, 0)
        moved = [Thing(t.sprite, t.aside - here, t.size, t.ahead) for t in things]
        far_and_near(canvas, moved, time, horizon, nearness)
        if board is not None:
            canvas.lay(board, 0.5, HEIGHT + 0.12)

    return Scene(draw, camera=look)


def _bumps(rng: Generator, seconds: float, rough: float) -> Motion:
    """A road that is not even: quick shakes, some spells worse than others."""
    quick, slow = wandering(rng, seconds, 9.0, rough), wandering(rng, seconds, 2.0, 2 * rough)
    worse = wandering(rng, seconds, 0.8)
    return lambda time: slow(time) + quick(time) * float(np.exp(0.6 * worse(time)))


def _road(rng: Generator) -> Light:
    """Tarmac with marks, and what is beside it; 1008 by 512 pixels, endless. Its middle is the road's."""
    grit = endless(rng, 1008, 512, rng.uniform(2, 8), 1.0)
    road = rng.uniform(40, 130) + rng.uniform(2, 16) * grit
    verge = rng.uniform(30, 190) + rng.uniform(6, 30) * endless(rng, 1008, 512, rng.uniform(3, 12))
    across = (np.arange(1008) - 504) / _PIXELS
    left, right = -rng.uniform(1.5, 6), rng.uniform(1.5, 4)
    beyond = (across < left) | (across > right)
    road[:, beyond] = verge[:, beyond]
    paint = rng.uniform(60, 140)
    dash = int(rng.choice([64, 128, 256]))
    dashed = (np.arange(512) % dash < dash * rng.uniform(0.3, 0.5)).astype(np.float32)[:, None]
    for line in (left + 0.2, right - 0.2):
        road[:, np.abs(across - line) < 0.08] += paint
    for line in (rng.uniform(-1.4, -0.8), rng.uniform(0.9, 1.3)):
        road[:, np.abs(across - line) < 0.08] += paint * dashed
    return np.clip(cv2.GaussianBlur(road.astype(np.float32), (0, 0), 0.8), 0, 255).astype(np.float32)


def _sky(rng: Generator, horizon: float) -> Sprite:
    """The sky, hills, and haze down to where the road begins to be seen."""
    width, height = around()
    light = np.full((height, width), rng.uniform(90, 250), np.float32)
    light += rng.uniform(0, 20) * endless(rng, width, height, 30, 2)
    line = (horizon + AROUND) * FINE
    for _ in range(int(rng.integers(1, 4))):
        hills = line - np.abs(endless(rng, width, 4, 40)[0]) * rng.uniform(2, 25)
        hills = cv2.GaussianBlur(hills[None, :].astype(np.float32), (0, 0), rng.uniform(1, 12))
        below = np.arange(height)[:, None] > hills
        wood = rng.uniform(30, 150) + rng.uniform(3, 25) * endless(rng, width, height, rng.uniform(2, 8))
        light = np.where(below, wood, light)
    mask = np.clip(1 - (np.arange(height, dtype=np.float32)[:, None] - line - 1) / 5, 0, 1)
    cover = (mask * np.ones((1, width), np.float32)).astype(np.float32)
    return whole(np.clip(light, 0, 255).astype(np.float32), cover)


def _roadside(rng: Generator, way: Motion) -> Thing:
    """A post, a sign, a tree, a bush, a house; it comes again when it has been passed."""
    what = rng.choice(["post", "sign", "tree", "bush", "house"], p=[0.35, 0.1, 0.25, 0.2, 0.1])
    side = rng.choice([-1.0, 1.0])
    start, aside = rng.uniform(0, _FAR), side * rng.uniform(3, 9)
    if what == "post":
        sprite = limb(rng, rng.uniform(0.1, 0.5), 0.012, 0.01)
        sprite = Sprite(
            np.rot90(sprite.light).copy(), np.rot90(sprite.mask).copy(), (2, sprite.mask.shape[1])
        )
    elif what in ("tree", "bush"):
        sprite = blob(rng, rng.uniform(0.2, 0.5), rng.uniform(0.1, 0.7), rng.uniform(20, 120))
    else:
        sprite = box(rng, rng.uniform(0.1, 0.7), rng.uniform(0.1, 0.5))
        aside += side * (3 if what == "house" else 0)
    foot = sprite.anchor[0], float(sprite.mask.shape[0])
    return Thing(
        Sprite(sprite.light, sprite.mask, foot), aside, 8.0, lambda time: (start - way(time)) % _FAR + 0.3
    )


def _oncoming(rng: Generator, seconds: float, way: Motion) -> Thing:
    """A car that comes towards the eye, on its left."""
    start, own = rng.uniform(5, 300), travelled(rng, seconds, rng.uniform(4, 20))
    return Thing(
        car_behind(rng, 0.3), -rng.uniform(1.6, 3), 4.0, lambda time: (start - way(time) - own(time)) % 300
    )


def _away(rng: Generator, seconds: float) -> Scene:
    """The camera stands beside a road or track, and turns after a car that leaves it, or comes."""
    horizon, nearness = HEIGHT * rng.uniform(0.3, 0.55), rng.uniform(0.5, 1.2)
    road, sky = _road(rng), _sky(rng, horizon)
    speed, near = float(np.exp(rng.uniform(np.log(1), np.log(12)))), rng.uniform(1.8, 6)
    leaves = rng.random() < 0.7
    gone = travelled(rng, seconds, speed, change=0.4, halts=0.2)
    begins = 0.0 if leaves else near + gone(seconds)
    aside, drift = rng.uniform(-1.5, 1.5), rng.normal(0, 0.15)
    car = car_behind(rng, 0.3)
    posts = [_roadside(rng, lambda time: 0.0) for _ in range(rng.integers(2, 14))]

    def ahead(time: float) -> float:
        return float(max(near + gone(time) if leaves else begins - gone(time), 0.8))

    def across(time: float) -> float:
        return aside + drift * (ahead(time) - near)

    late = rng.uniform(0, 0.5)
    follow, wanted = rng.uniform(0.5, 1.05), rng.normal(0, 0.12)
    tall = rng.uniform(0.3, 0.9) if rng.random() < 0.5 else 0.0

    def pan(time: float) -> float:
        then = time - late
        return bounded(wanted - follow * nearness * across(then) / ahead(then), 0.7)

    def zoom(time: float) -> float:
        return bounded(tall * float(np.log(ahead(time - late) / near)), 1.2)

    held = float(np.exp(rng.normal(-5.3, 0.7)))
    look = looking(rng, seconds, aside=pan, zoom=zoom, held=held)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.light = canvas.see(road, ground(horizon, nearness, aside - 21, 0.0, _PIXELS), endless=True)
        canvas.lay(sky, 0, 0)
        far_and_near(canvas, [*posts, Thing(car, across(time), 4.0, ahead)], time, horizon, nearness)

    return Scene(draw, camera=look)


def _beside(rng: Generator, seconds: float) -> Scene:
    """A car from the side, kept in the picture by a camera that drives or turns with it."""
    length, line = rng.uniform(0.25, 0.9), HEIGHT * rng.uniform(0.55, 0.9)
    speed = float(np.exp(rng.uniform(np.log(0.2), np.log(3))))
    way = travelled(rng, seconds, speed, change=0.2, halts=0.3)
    car = beside(rng, length)
    layers = layers_behind(rng, line)
    place = gestures(rng, seconds, 0.08, rest=0.6, quick=(0.6, 2.5))
    bob = swaying(rng, seconds, rng.uniform(1, 3), 0.004, 0.4)
    passing = [(box(rng, 0.02, 1.2), rng.uniform(0, 4)) for _ in range(rng.integers(0, 3))]

    def draw(canvas: Canvas, time: float) -> None:
        far = way(time)
        for layer, share in layers:
            layer(canvas, share * far)
        car.draw(canvas, 0.5 + place(time), line, far, bob(time))
        for post, start in passing:
            canvas.lay(post, (start - 1.4 * far) % 4 - 1, 0.3)

    return Scene(draw, camera=looking(rng, seconds, held=float(np.exp(rng.normal(-6, 0.8)))))


def layers_behind(rng: Generator, line: float) -> list[tuple[Callable[[Canvas, float], None], float]]:
    """What is behind a road, from the far sky to the ground, and how fast each passes."""
    found = []
    tops = [-1.0, *np.sort(rng.uniform(0.1, 0.9, 2)) * line, line - 0.1]
    shares = [0.02, 0.15, 0.5, 1.0]
    for top, share in zip(tops, shares, strict=True):
        texture = np.clip(
            rng.uniform(30, 220)
            + rng.uniform(5, 40) * endless(rng, 640, 400, rng.uniform(3, 20), rng.uniform(0.7, 3)),
            0,
            255,
        ).astype(np.float32)
        edge = rng.uniform(0, 0.06) * (0 if share == 1.0 else 1)
        uneven = edge * endless(rng, 640, 400, 15)[0] * FINE
        rows = np.arange(400)[:, None] > 40 + uneven
        found.append((_layer(texture, rows.astype(np.float32), top), share))
    return found


def _layer(texture: Light, mask: Light, top: float) -> Callable[[Canvas, float], None]:
    def draw(canvas: Canvas, passed: float) -> None:
        into = np.array([[1 / FINE, 0, -passed], [0, 1 / FINE, top - 40 / FINE]])
        if top < -0.5:
            into[1, 1] = 5 / FINE
            canvas.light = canvas.see(texture, into, endless=True)
            return
        cover = canvas.see(mask, into, endless=True)
        canvas.light += cover * (canvas.see(texture, into, endless=True) - canvas.light)

    return draw


def traffic(rng: Generator, seconds: float) -> Scene:
    """Cars that pass both ways, near and far, some of which slow down softly; seen from the side or above."""
    place = anywhere(rng)
    line, near = HEIGHT * rng.uniform(0.3, 0.6), rng.uniform(0.12, 0.6)
    lanes = int(rng.integers(1, 5))
    cars: list[tuple[Beside, float, float, Motion, float]] = []
    for lane in range(lanes):
        depth = 0.35 + 0.65 * (lane + 1) / lanes
        side = 1.0 if lane < lanes / 2 else -1.0
        way = travelled(rng, seconds, depth * near * rng.uniform(0.3, 4), change=0.15, halts=0.35)
        down = line + 0.35 * near * (lane + 1) * rng.uniform(0.8, 1.2)
        for number in range(int(rng.integers(1, 4))):
            car = beside(rng, near * depth * rng.uniform(0.8, 1.3))
            cars.append((car, down, number * rng.uniform(0.8, 1.4), way, side))
    street = box(rng, 1.9, 1.0) if rng.random() < 0.6 else None
    posts = [(box(rng, rng.uniform(0.01, 0.05), 1.6), rng.uniform(0, 1)) for _ in range(rng.integers(0, 3))]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        if street is not None:
            canvas.lay(street, 0.5, line + 0.5)
        for car, down, start, way, side in cars:
            far = way(time)
            span = 3.2
            x = (start + far + 0.5) % span - 0.8
            x = x if side > 0 else 1 - x
            car.draw(canvas, x, down, far, 0.0, side)
        for post, x in posts:
            canvas.lay(post, x, 0.2)

    return Scene(draw)
