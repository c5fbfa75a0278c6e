"""Hands at work that strike nothing: they wipe, stroke, knead, stir, write, fold and paint."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from benchmarks.training.motions import Motion, gestures, phase, share, swaying, travelled, wandering
from benchmarks.training.people import arm
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import HEIGHT, Canvas, Scene, Sprite
from benchmarks.training.textures import blob, box, disc, limb

Way = tuple[Motion, Motion]
"""Where a hand is, across and downward, from where it works."""


def hands_at_rest(rng: Generator, seconds: float) -> Scene:
    """One or two hands that come from beyond the picture and go to and fro over what lies there."""
    place = anywhere(rng)
    size = float(np.exp(rng.uniform(np.log(0.05), np.log(0.22))))
    x, y = rng.uniform(0.35, 0.65), rng.uniform(0.4, 0.75) * HEIGHT
    ways = (_wipes, _strokes, _kneads, _stirs, _writes, _folds, _gropes)
    which = ways[int(rng.integers(len(ways)))]
    left, right = which(rng, seconds, size), which(rng, seconds, size)
    two = which in (_kneads, _folds, _gropes) or rng.random() < 0.3
    work = blob(rng, rng.uniform(2, 6) * size, rng.uniform(1.5, 3) * size) if rng.random() < 0.8 else None
    yields = which in (_kneads, _folds)
    tool = _tool(rng, size) if which in (_stirs, _writes, _strokes, _wipes) and rng.random() < 0.7 else None
    sleeve, skin = rng.uniform(15, 235), rng.uniform(60, 220)
    limbs = [arm(rng, 4.5 * size, 1.0 * size, sleeve, skin) for _ in "lr"]
    below = rng.random() < 0.7
    start = HEIGHT + 4 * size if below else y + rng.normal(0, 2) * size
    apart = rng.uniform(0.6, 1.8) * size
    works = _spells(rng, seconds)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        much = works(time)
        pressed = left[0](time) / size * 0.12 if yields else 0.0
        if work is not None:
            canvas.lay(work, x + 0.3 * size * pressed, y + 0.4 * size, stretch=1 + pressed)
        if tool is not None:
            spot = x + apart + much * right[0](time), y + much * right[1](time)
            canvas.lay(tool, *spot, angle=1.2 + 0.8 * much * right[0](time) / size)
        for side, (across, down), each in zip((-1, 1), (left, right), limbs, strict=True):
            if side > 0 or two:
                reach = x + side * apart + much * across(time), y + much * down(time)
                far = 1.2 if below else 6.0
                each.reach(canvas, (x + side * apart * far + side * 2 * size, start), reach, -side)

    return Scene(draw)


def _spells(rng: Generator, seconds: float) -> Motion:
    """Most work without a rest; some pause, softly."""
    if rng.random() < 0.6:
        return lambda time: 1.0
    return share(gestures(rng, seconds, 1.0, rest=1.2, quick=(0.3, 1.2), home=0.3))


def _tool(rng: Generator, size: float) -> Sprite:
    """A cloth, a pen, a spoon, a brush, held by its middle."""
    what = int(rng.integers(3))
    if what == 0:
        return blob(rng, 1.6 * size, 1.0 * size)
    if what == 1:
        return limb(rng, rng.uniform(1.2, 3) * size, rng.uniform(0.1, 0.3) * size, 0.05 * size)
    return disc(rng, size, flat=0.5) if rng.random() < 0.4 else box(rng, 1.2 * size, 0.5 * size)


def _wipes(rng: Generator, seconds: float, size: float) -> Way:
    """Wide strokes to and fro that wander on."""
    pace, wide = rng.uniform(0.5, 2.2), rng.uniform(0.5, 2.5) * size
    stroke = swaying(rng, seconds, pace, wide, 0.15)
    on = [wandering(rng, seconds, 0.4, 0.7 * size) for _ in "xy"]
    slant = rng.normal(0, 0.4)
    return (lambda time: stroke(time) + on[0](time)), (lambda time: slant * stroke(time) + on[1](time))


def _strokes(rng: Generator, seconds: float, size: float) -> Way:
    """Drawn one way slowly and lifted back quickly: a brush, a hand over a cat."""
    turn = phase(rng, seconds, rng.uniform(0.3, 1.3), loose=0.15)
    wide, high = rng.uniform(0.6, 2.5) * size, rng.uniform(0.1, 0.8) * size
    lean = rng.uniform(0.2, 0.8)
    return (
        lambda time: wide * float(np.sin(turn(time) + lean * np.sin(turn(time)))),
        lambda time: -high * float(np.clip(np.cos(turn(time)), 0, 1) ** 2),
    )


def _kneads(rng: Generator, seconds: float, size: float) -> Way:
    """Pushed into it and drawn back."""
    push = swaying(rng, seconds, rng.uniform(0.5, 1.8), rng.uniform(0.3, 1.0) * size, 0.12)
    round_, sink = wandering(rng, seconds, 0.6, 0.2 * size), rng.uniform(0.2, 0.9)
    return (lambda time: 0.5 * push(time) + round_(time)), (lambda time: sink * push(time))


def _stirs(rng: Generator, seconds: float, size: float) -> Way:
    turn = phase(rng, seconds, rng.uniform(0.4, 2.5) * rng.choice([-1.0, 1.0]), loose=0.15, halts=0.2)
    wide, flat = rng.uniform(0.3, 1.2) * size, rng.uniform(0.3, 0.8)
    return (lambda time: wide * float(np.cos(turn(time)))), (
        lambda time: flat * wide * float(np.sin(turn(time)))
    )


def _writes(rng: Generator, seconds: float, size: float) -> Way:
    """Small quick strokes along a line, and back to where the next begins."""
    across = swaying(rng, seconds, rng.uniform(2.5, 5.5), 0.07 * size, 0.4)
    down = swaying(rng, seconds, rng.uniform(2.5, 5.5), 0.1 * size, 0.4)
    along = travelled(rng, seconds, rng.uniform(0.2, 0.6) * size, change=0.4)
    word = gestures(rng, seconds, 0.15 * size, rest=0.4, quick=(0.15, 0.4))
    return (lambda time: across(time) + along(time) - 2 * size + word(time)), down


def _folds(rng: Generator, seconds: float, size: float) -> Way:
    """Unhurried reaches from one place to another, with rests."""
    quick = (rng.uniform(0.25, 0.6), rng.uniform(0.7, 1.6))
    return (
        gestures(rng, seconds, rng.uniform(0.5, 1.5) * size, rest=0.4, quick=quick, home=0.2),
        gestures(rng, seconds, rng.uniform(0.3, 0.9) * size, rest=0.4, quick=quick, home=0.2),
    )


def _gropes(rng: Generator, seconds: float, size: float) -> Way:
    """Busy with something small: screws, thread, a toy."""

    def one() -> Motion:
        small = gestures(rng, seconds, 0.25 * size, rest=0.2, quick=(0.1, 0.5), home=0.1)
        slow = wandering(rng, seconds, 0.5, 0.3 * size)
        return lambda time: small(time) + slow(time)

    return one(), one()
