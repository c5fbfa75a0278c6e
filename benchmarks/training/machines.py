"""Presses, levers, switches, stamps and staplers: what goes to its stop, by itself or by a hand."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from benchmarks.training.bystanders import Arm, beside
from benchmarks.training.flights import rested, since, tremble, until
from benchmarks.training.scene import HEIGHT, Canvas, Event, Scene, events_of
from benchmarks.training.textures import backdrop, blob, box, disc, limb
from benchmarks.training.timing import Times, eased


def _down(beats: Times, time: float, falls: float, stays: float, rises: float) -> float:
    """1 at the stop, 0 above: down faster and faster, stopped dead, held, and raised."""
    passed, left = since(beats, time), until(beats, time)
    gap = passed + left
    fits = min(1.0, 0.95 * gap / (falls + stays + rises)) if np.isfinite(gap) else 1.0
    if left < falls * fits:
        return float((1 - left / (falls * fits)) ** 1.7)
    return 1 - eased((passed - stays * fits) / (rises * fits)) if np.isfinite(passed) else 0.0


def press(rng: Generator, seconds: float) -> Scene:
    """A press that punches what passes below it on a belt, regularly or not."""
    gap = rng.uniform(0.25, 2.0)
    beats = np.arange(rng.uniform(0.1, 1), seconds - 0.05, gap) if rng.random() < 0.6 else rested(
        rng, seconds, 2.5, 0.4
    )  # fmt: skip
    x, y = rng.uniform(0.3, 0.7), HEIGHT * rng.uniform(0.5, 0.75)
    runs = rng.uniform(0.03, 0.3)
    ram, rod = (
        box(rng, rng.uniform(0.06, 0.3), rng.uniform(0.04, 0.2)),
        box(rng, rng.uniform(0.02, 0.08), 0.6),
    )
    bed, post = box(rng, rng.uniform(0.3, 0.9), 0.12), box(rng, rng.uniform(0.03, 0.1), 0.7)
    pieces = [box(rng, rng.uniform(0.03, 0.12), 0.03) for _ in range(5)]
    falls, stays, rises = rng.uniform(0.05, 0.3), rng.uniform(0.0, 0.3), rng.uniform(0.1, 0.7)
    carries = rng.random() < 0.5
    wheel, turns = disc(rng, rng.uniform(0.1, 0.25)), rng.uniform(1, 9) * (rng.random() < 0.5)
    shakes = rng.uniform(0, 0.004)
    place, near = backdrop(rng), beside(rng, seconds)
    tall = ram.mask.shape[0] / 640

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        jar = shakes * tremble(since(beats, time), 17, 0.06)
        if turns:
            canvas.lay(wheel, x + 0.3, y - 0.2, angle=turns * time)
        canvas.lay(post, x - 0.2, 0.3)
        canvas.lay(bed, x, y + 0.06 + 0.03 + jar)
        done = int(np.searchsorted(beats, time, side="right"))
        passed = since(beats, time)
        moves = eased((passed - stays - 0.1) / max(min(passed + until(beats, time), 1.5) * 0.4, 0.1))
        for number, piece in enumerate(pieces):
            shift = (done + (moves if np.isfinite(passed) else 1) + number) % 5
            canvas.lay(piece, x + 0.2 * (shift - 2.5 + 0.5) * (1 if carries else 0), y + 0.015 + jar)
        top = y - tall - runs * (1 - _down(beats, time, falls, stays, rises))
        canvas.lay(rod, x, top - tall - 0.28)
        canvas.lay(ram, x, top + jar)

    jolts = tuple((float(beat), 0.25) for beat in beats) if rng.random() < 0.15 else ()
    return Scene(draw, events_of([float(b) for b in beats], "strike", x, y), jolts)


def stamp(rng: Generator, seconds: float) -> Scene:
    """A hand with a stamp, a stapler or a seal: upon the pad now and then, and upon the paper."""
    beats = rested(rng, seconds, 2.0, 0.35)
    y, size = HEIGHT * rng.uniform(0.6, 0.85), rng.uniform(0.04, 0.12)
    spots = rng.uniform(0.4, 0.65) + rng.choice([0.0, -0.2], len(beats)) * (rng.random() < 0.5)
    lift = rng.uniform(0.03, 0.2)
    block, knob = box(rng, size, 0.6 * size), limb(rng, size, 0.4 * size, 0.3 * size)
    paper, pad = box(rng, 0.4, 0.02, rng.uniform(150, 245)), box(rng, 0.12, 0.03)
    arm, pitch = Arm(rng, 0.7, size * rng.uniform(0.6, 1.1)), rng.uniform(-1.3, -0.2)
    falls, stays, rises = rng.uniform(0.06, 0.25), rng.uniform(0.0, 0.25), rng.uniform(0.15, 0.5)
    place, near, table = backdrop(rng), beside(rng, seconds), box(rng, 1.7, 0.5)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        canvas.lay(table, 0.5, y + 0.25)
        canvas.lay(paper, 0.6, y - 0.005)
        canvas.lay(pad, 0.4, y - 0.01)
        after = min(int(np.searchsorted(beats, time, side="right")), len(beats) - 1)
        before = max(after - 1, 0)
        passed, left = since(beats, time), until(beats, time)
        goes = eased((passed - stays) / max(passed + left - stays - falls, 0.05)) if passed < 9 else 1.0
        x = spots[before] + goes * (spots[after] - spots[before])
        down = _down(beats, time, falls, stays, rises)
        bottom = y - 0.3 * size - lift * (1 - down)
        canvas.lay(block, x, bottom)
        canvas.lay(knob, x, bottom, angle=-np.pi / 2)
        arm.draw(canvas, x, bottom - 0.9 * size, pitch)

    events = [Event(float(b), "strike", float(x), y) for b, x in zip(beats, spots, strict=True)]
    return Scene(draw, tuple(events))


def lever(rng: Generator, seconds: float) -> Scene:
    """A lever or a switch that is thrown from one side to the other, with a hand or by itself."""
    beats = rested(rng, seconds, 2.5, 0.3)
    length, thick = rng.uniform(0.06, 0.4), rng.uniform(0.01, 0.05)
    x, y = rng.uniform(0.3, 0.7), HEIGHT * rng.uniform(0.5, 0.8)
    bar, knob, foot = limb(rng, length, thick), disc(rng, 2 * thick), blob(rng, 0.2, 0.12)
    ends = -np.pi / 2 + np.array([-1, 1]) * rng.uniform(0.25, 1.2)
    lasts = rng.uniform(0.05, 0.35)
    springs = rng.uniform(0, 0.08)
    arm = Arm(rng, 0.6, rng.uniform(0.03, 0.08)) if rng.random() < 0.6 else None
    place, near = backdrop(rng), beside(rng, seconds)
    shakes = rng.uniform(0, 0.003)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        passed, left = since(beats, time), until(beats, time)
        side = int(np.searchsorted(beats, time, side="right")) % 2
        quick = min(lasts, 0.6 * (passed + left))
        goes = (1 - left / quick) ** 1.6 if left < quick else 0.0
        angle = ends[side] + goes * (ends[1 - side] - ends[side])
        angle += springs * tremble(passed, 9, 0.05) * (1 if side else -1)
        jar = shakes * tremble(passed, 16, 0.05)
        canvas.lay(foot, x + jar, y)
        canvas.lay(bar, x + jar, y, angle=float(angle))
        tip = x + length * np.cos(angle), y + length * np.sin(angle)
        canvas.lay(knob, *tip)
        if arm is not None:
            away = 0.2 * eased((min(passed, left - 0.3) - 0.2) / 0.5)
            arm.draw(canvas, tip[0] + away, tip[1] + 0.01 + away, 0.9)

    return Scene(draw, events_of([float(b) for b in beats], "strike", x, y))
