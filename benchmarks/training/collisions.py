"""Heavy things that meet: carts that bump, someone who falls, an axe in a log, a spade in the earth."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from benchmarks.training.bystanders import Arm, beside
from benchmarks.training.flights import rested, since, tremble, until
from benchmarks.training.scattered import Smoke, Specks
from benchmarks.training.scene import HEIGHT, Canvas, Event, Scene, events_of
from benchmarks.training.textures import backdrop, blob, box, disc, limb
from benchmarks.training.timing import eased


def bump(rng: Generator, seconds: float) -> Scene:
    """Cars, carts or boxes: one runs against another, which gives way or not, and rolls back."""
    beats = rested(rng, seconds, 3.5, 1.0)
    wide, tall = rng.uniform(0.1, 0.35), rng.uniform(0.06, 0.25)
    car, other = box(rng, wide, tall), box(rng, rng.uniform(0.05, 0.3), rng.uniform(0.08, 0.3))
    wheel = disc(rng, 0.35 * tall, rng.uniform(5, 80))
    x, y = rng.uniform(0.45, 0.75), HEIGHT * rng.uniform(0.55, 0.82)
    speed = np.exp(rng.uniform(np.log(0.15), np.log(2.5)))
    back, shove = rng.uniform(0.05, 0.4), rng.uniform(0, 0.06) * (rng.random() < 0.7)
    dips = rng.uniform(0.0, 0.06)
    place, near = backdrop(rng), beside(rng, seconds)
    half = (other.mask.shape[1] - 4) / 640 + wide / 2

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        passed, left = since(beats, time), until(beats, time)
        runs = min(0.6 * (passed + left), 1.2)
        gave = shove * (1 - np.exp(-passed / 0.12)) * (1 - eased((passed - 0.5) / 0.8)) if passed < 9 else 0.0
        rolled = back * speed * 0.4 * (1 - np.exp(-passed / 0.4)) if passed < 9 else 0.0
        away = speed * left if left < runs else 0.0
        if np.isfinite(left):
            gone = rolled + (speed * runs - rolled) * eased(passed / max(passed + left - runs, 0.05))
            away = away if left < runs else (speed * runs if not np.isfinite(passed) else gone)
        else:
            away = rolled
        tilt = dips * tremble(passed, 3.5, 0.18)
        canvas.lay(other, x + half + gave, y, angle=-0.5 * tilt)
        cx = x - away + (gave if passed < 0.05 else 0.0)
        canvas.lay(car, cx, y - 0.2 * abs(tilt), angle=tilt)
        for side in (-0.3, 0.3):
            canvas.lay(wheel, cx + side * wide, y + tall / 2, angle=-away / (0.17 * tall))

    strength = float(rng.uniform(0.1, 0.6))
    jolts = tuple((float(beat), strength) for beat in beats) if rng.random() < 0.2 else ()
    return Scene(draw, events_of([float(b) for b in beats], "strike", x + wide / 2, y), jolts)


def tumble(rng: Generator, seconds: float) -> Scene:
    """Someone who stands, sways, and falls or sits down hard; and gets up slowly, unheard."""
    beats = rested(rng, seconds, 4.0, 2.4)
    tall = rng.uniform(0.25, 0.6)
    x, ground = rng.uniform(0.3, 0.6), HEIGHT * rng.uniform(0.75, 0.9)
    cloth = rng.uniform(15, 220)
    trunk, head = limb(rng, 0.4 * tall, 0.2 * tall, 0.24 * tall, cloth), disc(rng, 0.16 * tall)
    legs = [limb(rng, 0.46 * tall, 0.13 * tall, 0.08 * tall, cloth * 0.8) for _ in "lr"]
    arms = [limb(rng, 0.38 * tall, 0.07 * tall, 0.05 * tall, cloth * 1.1) for _ in "lr"]
    sits, falls, rises = rng.random() < 0.5, rng.uniform(0.3, 0.6), rng.uniform(0.8, 1.3)
    lies = rng.uniform(0.2, 1.2)
    place, near, seat = backdrop(rng), beside(rng, seconds), blob(rng, 0.4 * tall, 0.25 * tall)
    chair = sits and rng.random() < 0.6
    low = (0.28 if chair else 0.1) * tall
    dust = Smoke(rng, 0.6 * tall, 170, 1.2, 0.3) if rng.random() < 0.3 else None

    def down(time: float) -> float:
        """0 standing, 1 on the ground."""
        passed, left = since(beats, time), until(beats, time)
        fallen = (1 - left / falls) ** 2 if left < falls else 0.0
        return max(fallen, 1 - eased((passed - lies) / rises)) if passed < 9 else fallen

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        if chair:
            canvas.lay(seat, x - 0.05 * tall, ground - 0.1 * tall)
        share, passed = down(time), since(beats, time)
        give = 0.02 * tall * tremble(passed, 5, 0.1)
        hips = ground - 0.46 * tall + (0.46 * tall - low) * share + give
        lean = 0.05 * np.sin(1.7 * time) + (0.25 if sits else 1.35) * share * (1 if sits else -1)
        for number, leg in enumerate(legs):
            bent = np.pi / 2 - (1.2 if sits else 1.4) * share + (0.12 if number else -0.12)
            canvas.lay(leg, x, hips, angle=bent, scale=1 - 0.3 * share * (low > 0.2 * tall))
        canvas.lay(trunk, x, hips, angle=-np.pi / 2 + lean)
        sx, sy = x + 0.42 * tall * np.sin(lean), hips - 0.42 * tall * np.cos(lean)
        for number, arm in enumerate(arms):
            flung = 1.5 * share * (1 - share) * 4 + 0.3 * np.sin(2 * time + 2 * number)
            canvas.lay(arm, sx, sy + 0.03 * tall, angle=np.pi / 2 + lean + flung * (1 if number else -1))
        nod = 0.4 * tremble(passed, 4, 0.12)
        canvas.lay(head, sx + 0.11 * tall * np.sin(lean + nod), sy - 0.11 * tall * np.cos(lean + nod))
        if dust is not None:
            dust.draw(canvas, x, ground, passed)

    return Scene(draw, events_of([float(b) for b in beats], "strike", x, ground))


def split(rng: Generator, seconds: float) -> Scene:
    """An axe comes down from above upon a log, whose halves fall apart; the next is set up, unheard."""
    beats = rested(rng, seconds, 3.5, 1.2)
    x, y = rng.uniform(0.45, 0.65), HEIGHT * rng.uniform(0.5, 0.75)
    length, size = rng.uniform(0.3, 0.6), rng.uniform(0.06, 0.15)
    light = rng.uniform(60, 230)
    half = box(rng, size / 2, 1.4 * size, light)
    block, axe = blob(rng, 2.5 * size, 1.5 * size), limb(rng, length, 0.02, 0.018)
    blade, arm = box(rng, 0.05, 0.09, rng.uniform(20, 220)), Arm(rng, 0.6, rng.uniform(0.04, 0.08))
    rests, lift, falls = rng.uniform(0.2, 0.9), rng.uniform(1.2, 2.6), rng.uniform(0.12, 0.35)
    splits = rng.random(len(beats)) < 0.7
    chips = [Specks(rng, 12, 0.8, spread=1.2, fall=3, lasts=0.6) for _ in beats]
    throws = rng.uniform(0.15, 0.8)
    place, near = backdrop(rng), beside(rng, seconds)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        canvas.lay(block, x, y + 1.4 * size)
        passed, left = since(beats, time), until(beats, time)
        number = int(np.searchsorted(beats, time, side="right")) - 1
        apart = number >= 0 and splits[number] and passed < 0.4 * (passed + min(left, 3))
        for side in (-1, 1):
            out = throws * min(passed, 0.5) if apart else 0.0
            fell = min(1.2 * size, 1.5 * passed * passed) if apart else 0.0
            turn = side * min(4 * passed, 1.5) if apart else 0.0
            canvas.lay(half, x + side * (size / 4 + out), y + 0.7 * size + fell, angle=turn)
        up = 1 - (1 - left / falls) ** 2 if left < falls else eased((passed - rests) / 0.7)
        angle = -lift * (up if np.isfinite(passed) or left < falls else 1.0)
        px, py = x - length, y - 0.15 * up
        canvas.lay(axe, px, py, angle=angle)
        canvas.lay(blade, px + length * np.cos(angle), py + length * np.sin(angle), angle=angle)
        arm.draw(canvas, px, py, np.pi - 0.4 + 0.4 * angle)
        if number >= 0:
            chips[number].draw(canvas, x, y, passed, 90, 0.003)

    return Scene(draw, events_of([float(b) for b in beats], "strike", x, y))


def dig(rng: Generator, seconds: float) -> Scene:
    """A spade that is thrust into the earth, levered, lifted and emptied aside: the thrust is heard."""
    beats = rested(rng, seconds, 3.0, 1.0)
    ground, length = HEIGHT * rng.uniform(0.6, 0.85), rng.uniform(0.3, 0.6)
    spots, lean = rng.uniform(0.4, 0.6) + rng.normal(0, 0.02, len(beats)), rng.uniform(0.1, 0.6)
    shaft, blade = limb(rng, length, 0.02, 0.02), box(rng, 0.1, 0.05)
    earth, clod = box(rng, 1.7, 0.5, rng.uniform(30, 120)), blob(rng, 0.07, 0.04, 60)
    arm, deep = Arm(rng, 0.6, rng.uniform(0.04, 0.08)), rng.uniform(0.02, 0.07)
    falls, away = rng.uniform(0.12, 0.35), rng.uniform(0.08, 0.25)
    crumbs = [Specks(rng, 15, 0.5, spread=1.0, fall=2.5, lasts=0.5) for _ in beats]
    place, near = backdrop(rng), beside(rng, seconds)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        passed, left = since(beats, time), until(beats, time)
        number = int(np.searchsorted(beats, time, side="right")) - 1
        gap = min(passed + left, 3.0)
        x = spots[max(number, 0)] if passed < 0.6 * gap or number + 1 >= len(beats) else spots[number + 1]
        sunk = deep * (1 - np.exp(-passed / 0.04)) if passed < 9 else 0.0
        out = eased((passed - 0.2 * gap) / (0.25 * gap)) if passed < 9 else 1.0
        thrown = out * (1 - eased((passed - 0.5 * gap) / (0.3 * gap))) if passed < 9 else 0.0
        high = away * out if left > falls else away * (1 - (1 - left / falls) ** 2)
        tip = x + 1.3 * away * thrown, ground + sunk * (1 - out) - high
        angle = -np.pi / 2 + lean * (1 - 1.5 * thrown)
        canvas.lay(blade, tip[0], tip[1] - 0.03, angle=angle)
        if 0.1 < thrown < 0.95 and passed < 0.55 * gap:
            canvas.lay(clod, tip[0], tip[1] - 0.05)
        canvas.lay(shaft, tip[0], tip[1] - 0.05, angle=angle)
        reach = 0.85 * length
        arm.draw(canvas, tip[0] + reach * np.cos(angle), tip[1] - 0.05 + reach * np.sin(angle), 0.5)
        canvas.lay(earth, 0.5, ground + 0.255)
        if number >= 0:
            crumbs[number].draw(canvas, spots[number], ground, passed, -50, 0.003)

    events = [Event(float(b), "strike", float(x), ground) for b, x in zip(beats, spots, strict=True)]
    return Scene(draw, tuple(events))
