"""Machines that run without a blow: wheels, pendulums, belts, windmills, rods that go to and fro."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.fields import endless
from benchmarks.training.motions import gestures, phase, share, swaying, travelled, wandering
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import FINE, HEIGHT, Canvas, Scene, Sprite
from benchmarks.training.textures import blob, box, disc, limb, surface

Draw = Callable[[Canvas, float], None]


def machines(rng: Generator, seconds: float) -> Scene:
    """One to three that run, some of which start or stop softly; the camera may tremble with them."""
    place = anywhere(rng)
    ways = (_wheel, _pendulum, _belt, _mill, _piston, _needle, _gears, _arm)
    parts = [ways[int(rng.integers(len(ways)))](rng, seconds) for _ in range(int(rng.integers(1, 4)))]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for part in parts:
            part(canvas, time)

    return Scene(draw)


def _spot(rng: Generator) -> tuple[float, float]:
    return float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.1, 0.9) * HEIGHT)


def _pace(rng: Generator, slowest: float, fastest: float) -> float:
    return float(np.exp(rng.uniform(np.log(slowest), np.log(fastest)))) * float(rng.choice([-1.0, 1.0]))


def spoked(rng: Generator, size: float, spokes: int, rim: float, *, teeth: bool = False) -> Sprite:
    """A wheel with so many spokes, or teeth; `rim` is how much of it is closed, 0 to 1."""
    pixels = max(int(size * FINE), 8)
    mask = np.zeros((pixels + 6, pixels + 6), np.float32)
    middle, radius = pixels / 2 + 3, pixels / 2
    centre = (int(middle), int(middle))
    inner = radius * (0.82 if teeth else 1.0)
    cv2.circle(mask, centre, int(inner * (1 - rim / 2)), 1.0, max(int(inner * rim), 1), cv2.LINE_AA)
    cv2.circle(mask, centre, max(int(0.12 * pixels), 1), 1.0, -1, cv2.LINE_AA)
    thick = max(int(pixels * rng.uniform(0.02, 0.09)), 1)
    for spoke in range(spokes):
        angle = 2 * np.pi * spoke / spokes
        end = (int(middle + radius * np.cos(angle)), int(middle + radius * np.sin(angle)))
        cv2.line(mask, centre, end, 1.0, thick, cv2.LINE_AA)
    light = surface(rng, *mask.shape, rng.uniform(20, 230), rng.uniform(3, 40), rng.uniform(2, 9))
    return Sprite(light, mask, (middle, middle))


def _wheel(rng: Generator, seconds: float) -> Draw:
    """A wheel, a fan, a turntable, a drum of a washing machine."""
    size = rng.uniform(0.08, 0.6)
    plain = rng.random() < 0.3
    wheel = disc(rng, size) if plain else spoked(rng, size, int(rng.integers(2, 12)), rng.uniform(0.05, 0.7))
    turn = phase(rng, seconds, _pace(rng, 0.05, 6), loose=0.05, halts=0.3)
    x, y = _spot(rng)
    return lambda canvas, time: canvas.lay(wheel, x, y, angle=turn(time))


def _pendulum(rng: Generator, seconds: float) -> Draw:
    length = rng.uniform(0.15, 0.6)
    rod, bob = limb(rng, length, rng.uniform(0.005, 0.02)), disc(rng, rng.uniform(0.03, 0.2))
    swing = swaying(rng, seconds, rng.uniform(0.4, 1.6), rng.uniform(0.05, 0.8), 0.02)
    x, y = rng.uniform(0.15, 0.85), rng.uniform(-0.1, 0.2)

    def draw(canvas: Canvas, time: float) -> None:
        angle = np.pi / 2 + swing(time)
        canvas.lay(rod, x, y, angle=angle)
        canvas.lay(bob, x + length * np.cos(angle), y + length * np.sin(angle))

    return draw


def _belt(rng: Generator, seconds: float) -> Draw:
    """A belt, an escalator, a train of boxes: things that ride past on it."""
    y, high, tilt = rng.uniform(0.2, 0.5), rng.uniform(0.02, 0.2), rng.normal(0, 0.25)
    belt = (rng.uniform(30, 150) + rng.uniform(3, 30) * endless(rng, 256, 64, rng.uniform(3, 12))).astype(
        np.float32
    )
    belt[:, :: int(rng.choice([16, 32, 64]))] *= 0.6
    way = travelled(rng, seconds, _pace(rng, 0.03, 0.8), change=0.03, halts=0.35)
    goods = [box(rng, rng.uniform(0.03, 0.2), rng.uniform(0.03, 0.2)) for _ in range(int(rng.integers(0, 7)))]
    mask = np.ones((max(int(high * FINE), 4), 4 * FINE), np.float32)
    cos, sin = np.cos(tilt), np.sin(tilt)

    def draw(canvas: Canvas, time: float) -> None:
        far = way(time)
        frame = np.array([[cos, -sin, 0.5], [sin, cos, y]])

        def along(across: float, down: float) -> tuple[float, float]:
            spot = frame @ (across, down, 1)
            return float(spot[0]), float(spot[1])

        into = np.column_stack([frame[:, :2] / FINE, along(far, 0)])
        cover = canvas.see(mask, np.column_stack([frame[:, :2] / FINE, along(-2, 0)]))
        canvas.light += cover * (canvas.see(belt, into, endless=True) - canvas.light)
        for number, item in enumerate(goods):
            x = (number * 0.45 + far + 1) % (0.45 * len(goods) + 1.2) - 1
            canvas.lay(item, *along(x, -item.anchor[1] / FINE), angle=tilt)

    return draw


def _mill(rng: Generator, seconds: float) -> Draw:
    """Sails on a tower, or a rotor."""
    many, length = int(rng.choice([2, 3, 4, 6])), rng.uniform(0.1, 0.45)
    sail, tower = (
        limb(rng, length, rng.uniform(0.01, 0.07), rng.uniform(0.005, 0.05)),
        limb(rng, 0.8, 0.03, 0.08),
    )
    turn = phase(rng, seconds, _pace(rng, 0.05, 2.5), loose=0.15, halts=0.1)
    x, y = rng.uniform(0.2, 0.8), rng.uniform(0.1, 0.3)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.lay(tower, x, y, angle=np.pi / 2)
        for number in range(many):
            canvas.lay(sail, x, y, angle=turn(time) + 2 * np.pi * number / many)

    return draw


def _piston(rng: Generator, seconds: float) -> Draw:
    """A crank that drives a rod to and fro, as a locomotive's."""
    size, length = rng.uniform(0.05, 0.2), rng.uniform(0.2, 0.5)
    wheel, rod = spoked(rng, 2 * size, int(rng.integers(3, 9)), 0.2), limb(rng, length, 0.02)
    block = box(rng, rng.uniform(0.05, 0.25), rng.uniform(0.03, 0.15))
    turn = phase(rng, seconds, _pace(rng, 0.3, 3.5), loose=0.05, halts=0.2)
    x, y = rng.uniform(0.1, 0.6), rng.uniform(0.15, 0.45)

    def draw(canvas: Canvas, time: float) -> None:
        angle = turn(time)
        pin = x + 0.8 * size * np.cos(angle), y + 0.8 * size * np.sin(angle)
        slant = float(np.arcsin(np.clip((y - pin[1]) / length, -1, 1)))
        canvas.lay(wheel, x, y, angle=angle)
        canvas.lay(block, pin[0] + length * np.cos(slant), y)
        canvas.lay(rod, *pin, angle=slant)

    return draw


def _needle(rng: Generator, seconds: float) -> Draw:
    """Up and down, or to and fro, without a stop: a sewing machine, a saw, a wiper, a plane."""
    angle = rng.choice([np.pi / 2, 0.0, rng.uniform(0, np.pi)])
    part = (
        limb(rng, rng.uniform(0.1, 0.6), rng.uniform(0.005, 0.08))
        if rng.random() < 0.6
        else box(rng, 0.2, 0.1)
    )
    go = swaying(rng, seconds, rng.uniform(0.4, 7), rng.uniform(0.01, 0.15), 0.05)
    works = share(gestures(rng, seconds, 1.0, rest=1.5, quick=(0.4, 1.2), home=0.2))
    stops = rng.random() < 0.4
    cloth, way = blob(rng, 0.6, 0.2), travelled(rng, seconds, rng.normal(0, 0.04))
    x, y = _spot(rng)
    turns = rng.random() < 0.3

    def draw(canvas: Canvas, time: float) -> None:
        far = go(time) * (works(time) if stops else 1.0)
        canvas.lay(cloth, x + way(time), y + 0.1)
        if turns:
            canvas.lay(part, x, y, angle=angle + 6 * far)
        else:
            canvas.lay(part, x + far * np.cos(angle), y + far * np.sin(angle), angle=angle)

    return draw


def _gears(rng: Generator, seconds: float) -> Draw:
    """Two to four that drive each other."""
    sizes = rng.uniform(0.08, 0.3, int(rng.integers(2, 5)))
    wheels = [spoked(rng, float(s), max(int(70 * s), 6), rng.uniform(0.2, 0.9), teeth=True) for s in sizes]
    turn = phase(rng, seconds, _pace(rng, 0.03, 0.8), loose=0.03, halts=0.3)
    places = np.cumsum(np.concatenate([[0], 0.46 * (sizes[1:] + sizes[:-1])]))
    x, y = rng.uniform(0.0, 0.5), rng.uniform(0.15, 0.45)

    def draw(canvas: Canvas, time: float) -> None:
        angle = turn(time) * sizes[0]
        for number, wheel in enumerate(wheels):
            canvas.lay(wheel, x + places[number], y, angle=(-1) ** number * angle / sizes[number])

    return draw


def _arm(rng: Generator, seconds: float) -> Draw:
    """A robot, a crane or a digger, whose joints start and stop softly."""
    links = [limb(rng, rng.uniform(0.12, 0.35), rng.uniform(0.02, 0.08), 0.02) for _ in range(3)]
    lengths = [(link.mask.shape[1] - 8) / FINE * 0.9 for link in links]
    joints = [gestures(rng, seconds, rng.uniform(0.1, 0.7), rest=0.6, quick=(0.3, 1.8)) for _ in links]
    grip, tremble = box(rng, 0.08, 0.05), wandering(rng, seconds, 8, 0.003)
    x, y, start = rng.uniform(0.1, 0.9), rng.uniform(0.4, 0.6), -np.pi / 2 + rng.normal(0, 0.4)

    def draw(canvas: Canvas, time: float) -> None:
        here, angle = (x, y), start + tremble(time)
        for link, length, joint in zip(links, lengths, joints, strict=True):
            angle += joint(time)
            canvas.lay(link, *here, angle=angle)
            here = here[0] + length * np.cos(angle), here[1] + length * np.sin(angle)
        canvas.lay(grip, *here, angle=angle)

    return draw
