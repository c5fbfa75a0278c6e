"""How a drawn scene is looked at: a camera that stands, is held by hand, pans, zooms, or is jolted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from benchmarks.training.motions import Motion
from benchmarks.training.scene import HEIGHT, Camera, Matrix
from benchmarks.training.timing import at, wander


def camera(
    rng: Generator, seconds: float, jolts: Sequence[tuple[float, float]], *, height: float = HEIGHT
) -> Camera:
    """One that most films are made with: at rest, or held more or less still; some pan or zoom slowly."""
    held = float(rng.choice([0.0, 0.0015, 0.004, 0.01], p=[0.5, 0.22, 0.18, 0.1]))
    pan = rng.normal(0, 0.03, 2) if rng.random() < 0.2 else np.zeros(2)
    zoom = rng.normal(0, 0.03) if rng.random() < 0.15 else 0.0
    return moving(rng, seconds, held=held, pan=(pan[0], pan[1]), zoom=zoom, jolts=jolts, height=height)


def moving(
    rng: Generator,
    seconds: float,
    *,
    held: float = 0.0,
    pan: tuple[float, float] = (0.0, 0.0),
    zoom: float = 0.0,
    jolts: Sequence[tuple[float, float]] = (),
    height: float = HEIGHT,
) -> Camera:
    """`held` is how far the hand wanders, in widths; `pan` in widths a second; `zoom` in e-folds a second."""
    walks = [wander(rng, seconds, 1.3) + 0.25 * wander(rng, seconds, 6.0) for _ in range(3)]
    ways = [(time, strength, rng.normal(0, 1, 2)) for time, strength in jolts]
    scale = rng.uniform(1.0, 1.25)
    middle = np.array([0.5, HEIGHT / 2])
    home = np.array([0.5, height / 2])

    def view(time: float) -> Matrix:
        x, y, turn = (at(walk, time) for walk in walks)
        shift = held * np.array([x, y])
        for when, strength, way in ways:
            if 0 <= time - when < 0.5:
                shift = shift + 0.012 * strength * way * np.exp(-(time - when) / 0.07) * np.cos(
                    (time - when) * 70
                )
        passed = time - seconds / 2
        shift = shift + np.clip(np.array(pan) * passed, -0.3, 0.3)
        size = scale * float(np.exp(np.clip(zoom * passed, -0.3, 0.5)))
        angle = held * 0.6 * turn
        turned = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return np.asarray(np.column_stack([turned, home + shift - turned @ middle]))

    return view


def centred(look: Camera, height: float) -> Camera:
    """The same in a picture of another height: what was in the middle stays there."""
    return lambda time: look(time) + np.array([[0, 0, 0], [0, 0, (height - HEIGHT) / 2]])


def looking(
    rng: Generator,
    seconds: float,
    *,
    aside: Motion | None = None,
    down: Motion | None = None,
    zoom: Motion | None = None,
    turn: Motion | None = None,
    held: float = 0.0,
) -> Camera:
    """One that is moved on purpose.

    `aside` and `down` shift what is seen, in widths, `zoom` is in e-folds, `turn` in radians; `held` is how
    far the hand wanders besides, in widths.
    """
    walks = [wander(rng, seconds, 1.3) + 0.25 * wander(rng, seconds, 6.0) for _ in range(3)]
    scale = rng.uniform(1.0, 1.2)
    middle = np.array([0.5, HEIGHT / 2])

    def value(motion: Motion | None, time: float) -> float:
        return 0.0 if motion is None else motion(time)

    def view(time: float) -> Matrix:
        x, y, twist = (held * at(walk, time) for walk in walks)
        size = scale * float(np.exp(value(zoom, time)))
        angle = value(turn, time) + 0.6 * twist
        turned = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        shift = np.array([value(aside, time), value(down, time)])
        return np.asarray(np.column_stack([turned, middle + (x, y) + turned @ (shift - middle)]))

    return view
