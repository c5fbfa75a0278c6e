"""Doors, drawers, lids and windows that are opened, unheard, and slammed or shut."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from benchmarks.training.bystanders import Arm, beside
from benchmarks.training.flights import rested, since, tremble, until
from benchmarks.training.scene import HEIGHT, Canvas, Scene, Sprite, events_of
from benchmarks.training.textures import backdrop, box, limb
from benchmarks.training.timing import Times, eased

_STRIPS = 8
"""So many upright parts a door is drawn in, each nearer or farther."""


def _opening(rng: Generator, beats: Times) -> Callable[[float], float]:
    """How far open, 0 to 1: it opens slowly, waits, and shuts faster and faster until it stops dead."""
    opens, shuts = rng.uniform(0.3, 1.2), rng.uniform(0.12, 0.9)
    waits, power = rng.uniform(0.0, 1.0), rng.uniform(1.3, 2.6)
    springs = rng.uniform(0, 0.05) if rng.random() < 0.4 else 0.0

    def open_(time: float) -> float:
        passed, left = since(beats, time), until(beats, time)
        if not np.isfinite(left):
            return springs * max(tremble(passed, 5, 0.08), 0.0)
        gap = min(passed + left, 9)
        fits = min(1.0, 0.9 * gap / (opens + shuts + 0.1))
        shut = shuts * fits
        if left < shut:
            return float(1 - (1 - left / shut) ** power)
        begins = left - shut - waits * max(gap - opens - shuts, 0) * 0.6
        return max(eased(1 - begins / (opens * fits)), springs * tremble(passed, 5, 0.08))

    return open_


def door(rng: Generator, seconds: float) -> Scene:
    """A door on its hinges, of a room, a cupboard or a car; pushed, or shut by the wind."""
    beats = rested(rng, seconds, 3.5, 0.7)
    width, height = rng.uniform(0.12, 0.5), rng.uniform(0.25, 0.62)
    x, y = rng.uniform(0.15, 0.9 - width), HEIGHT * rng.uniform(0.4, 0.6)
    strips = _strips(rng, width, height)
    hole, frame = box(rng, width, height, rng.uniform(5, 230)), box(rng, width + 0.03, height + 0.03)
    deep = rng.uniform(0.15, 0.5) * (1 if rng.random() < 0.5 else -1)
    wide, opening = rng.uniform(0.6, 1.75), _opening(rng, beats)
    shakes = rng.uniform(0, 0.005) if rng.random() < 0.6 else 0.0
    place, near = backdrop(rng), beside(rng, seconds)
    arm = Arm(rng, 0.5, rng.uniform(0.03, 0.07)) if rng.random() < 0.5 else None
    pitch = rng.uniform(0.2, 1.2)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        open_ = opening(time)
        turn = wide * open_
        jar = shakes * tremble(since(beats, time), 14, 0.06)
        canvas.lay(frame, x + width / 2 + jar, y)
        canvas.lay(hole, x + width / 2 + jar, y)
        edge = x + jar
        for number, strip in enumerate(strips):
            near_by = 1 / (1 - deep * np.sin(turn) * (number + 0.5) / _STRIPS)
            far = 1 / (1 - deep * np.sin(turn) * (number + 1) / _STRIPS)
            right = x + jar + width * (number + 1) / _STRIPS * np.cos(turn) * far
            across = abs(right - edge) + 0.001
            canvas.lay(
                strip,
                (edge + right) / 2,
                y,
                scale=near_by,
                stretch=across / (width / _STRIPS) / near_by,
                gain=1 - 0.25 * np.sin(turn),
            )
            edge = right
        near(canvas, time)
        if arm is not None:
            leaves = 0.25 * (1 - eased((0.8 - min(since(beats, time), until(beats, time) - 0.05)) / 0.5))
            arm.draw(canvas, edge + leaves, y + 0.04 + leaves, pitch)

    jolts = tuple((float(beat), 0.4) for beat in beats) if rng.random() < 0.15 else ()
    return Scene(draw, events_of([float(b) for b in beats], "strike", x + width, y), jolts)


def _strips(rng: Generator, width: float, height: float) -> list[Sprite]:
    """Of one panel, with a handle."""
    panel = box(rng, width, height)
    light, columns = panel.light, panel.light.shape[1]
    light[:, int(0.88 * columns) : int(0.93 * columns)] *= np.float32(rng.uniform(0.4, 1.4))
    rows = light.shape[0]
    light[rows // 6 : rows // 6 + 2] *= np.float32(0.7)
    edges = np.linspace(2, columns - 2, _STRIPS + 1).astype(int)
    strips = []
    for left, right in pairwise(edges):
        mask = np.pad(panel.mask[:, left:right], ((0, 0), (1, 1)), mode="edge")
        part = np.pad(light[:, left:right], ((0, 0), (1, 1)), mode="edge")
        strips.append(Sprite(part, mask, (mask.shape[1] / 2, rows / 2)))
    return strips


def drawer(rng: Generator, seconds: float) -> Scene:
    """A drawer, a sliding door or a window that is pushed home along its own way."""
    beats = rested(rng, seconds, 3.0, 0.6)
    width, height = rng.uniform(0.12, 0.5), rng.uniform(0.08, 0.45)
    x, y = rng.uniform(0.25, 0.75), HEIGHT * rng.uniform(0.35, 0.65)
    upright = rng.random() < 0.4
    way = (0.0, -1.0) if upright else (1.0, 0.0)
    towards = rng.random() < 0.35
    runs = rng.uniform(0.3, 0.95) * (height if upright else width)
    case, front = box(rng, width + 0.04, height + 0.04), box(rng, width, height)
    arm = Arm(rng, 0.6, rng.uniform(0.03, 0.08)) if rng.random() < 0.7 else None
    pitch, opening = rng.uniform(0.3, 1.4), _opening(rng, beats)
    shakes = rng.uniform(0, 0.006) if rng.random() < 0.6 else 0.0
    place, near = backdrop(rng), beside(rng, seconds)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        open_ = opening(time)
        jar = shakes * tremble(since(beats, time), 13, 0.07)
        canvas.lay(case, x + jar, y, gain=0.7)
        nearer = 1 + 0.35 * open_ if towards else 1.0
        off = 0.1 * open_ if towards else runs * open_
        fx, fy = x + jar + way[0] * off * (not towards), y + (off if towards else way[1] * off)
        canvas.lay(front, fx, fy, scale=nearer)
        near(canvas, time)
        if arm is not None:
            away = 0.3 * eased((min(since(beats, time), until(beats, time) - 0.4) - 0.15) / 0.6)
            arm.draw(canvas, fx + 0.3 * width + away, fy + away, pitch)

    return Scene(draw, events_of([float(b) for b in beats], "strike", x, y))


def lid(rng: Generator, seconds: float) -> Scene:
    """A lid, a book, a trapdoor seen from its edge: it is lifted, and falls shut."""
    beats = rested(rng, seconds, 3.0, 0.6)
    length, thick = rng.uniform(0.15, 0.5), rng.uniform(0.01, 0.05)
    x, y = rng.uniform(0.15, 0.4), HEIGHT * rng.uniform(0.45, 0.75)
    chest, leaf = box(rng, length, rng.uniform(0.05, 0.25)), limb(rng, length, thick, thick)
    wide, opening = rng.uniform(0.3, 1.7), _opening(rng, beats)
    arm = Arm(rng, 0.6, rng.uniform(0.03, 0.07)) if rng.random() < 0.6 else None
    hops = rng.uniform(0, 0.006) if rng.random() < 0.6 else 0.0
    place, near = backdrop(rng), beside(rng, seconds)
    deep = chest.mask.shape[0] / 640

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        turn = -wide * opening(time)
        jar = hops * tremble(since(beats, time), 15, 0.05)
        canvas.lay(chest, x + length / 2, y + deep + thick / 2 + jar)
        canvas.lay(leaf, x, y + jar, angle=turn)
        near(canvas, time)
        if arm is not None:
            away = 0.25 * eased((min(since(beats, time), until(beats, time) - 0.5) - 0.1) / 0.5)
            edge = x + length * np.cos(turn), y + length * np.sin(turn)
            arm.draw(canvas, edge[0] + 0.02 + away, edge[1] - away, -0.5 + 0.3 * turn)

    return Scene(draw, events_of([float(b) for b in beats], "strike", x + length, y))
