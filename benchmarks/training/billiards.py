"""Balls on a table seen from above: a cue strikes one, they meet, and run against the cushions."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.training.bystanders import beside
from benchmarks.training.scene import HEIGHT, Canvas, Event, Scene
from benchmarks.training.textures import backdrop, box, disc
from benchmarks.training.timing import eased

HEARD = 0.08
"""Widths a second: balls that meet more slowly are not heard."""
_Field: TypeAlias = tuple[float, float, float, float]
_Cue: TypeAlias = tuple[float, float, float]


def pool(rng: Generator, seconds: float) -> Scene:
    """Balls on a table seen from above: the cue strikes one, they meet, and run against the cushions."""
    count, radius = int(rng.integers(2, 6)), rng.uniform(0.012, 0.04)
    field = (0.06, 0.06, 0.94, HEIGHT - 0.06)
    shots = np.sort(rng.uniform(0.2, seconds - 0.5, int(rng.integers(1, 5))))
    shots = shots[np.diff(shots, prepend=-9) > 1.0]
    ways = [(rng.uniform(0.3, 2.5), float(rng.random())) for _ in shots]
    start = _apart(rng, count, radius, field)
    run, cues, events = _table(start, radius, field, shots, ways, seconds)
    sprites = [disc(rng, 2 * radius) for _ in range(count)]
    cloth, rail = rng.uniform(20, 160), box(rng, 1.1, 0.1)
    place, near = backdrop(rng), beside(rng, seconds)
    cover, stick = box(rng, 1.0, HEIGHT, cloth), box(rng, 0.5, 0.012)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        canvas.lay(cover, 0.5, HEIGHT / 2)
        canvas.lay(rail, 0.5, 0.0)
        canvas.lay(rail, 0.5, HEIGHT)
        step = min(max(time * 1000, 0), len(run) - 1.001)
        now = run[int(step)] + (step % 1) * (run[int(step) + 1] - run[int(step)])
        for sprite, (x, y) in zip(sprites, now, strict=True):
            canvas.lay(sprite, x, y)
        for shot, (x, y, angle) in zip(shots, cues, strict=False):
            left = shot - time
            if -0.6 < left < 1.0:
                draws = 0.06 * eased((1.0 - left) / 0.8) * (left > 0.08) + 0.75 * max(left, 0) * (
                    left <= 0.08
                )
                away = radius + 0.25 + draws + 0.3 * eased((-left - 0.15) / 0.4)
                canvas.lay(stick, x - away * np.cos(angle), y - away * np.sin(angle), angle=angle)
        near(canvas, time)

    return Scene(draw, tuple(event for event in events if event.time < seconds))


def _apart(rng: Generator, count: int, radius: float, field: _Field) -> NDArray[np.float64]:
    """Places that do not touch."""
    found: list[tuple[float, float]] = []
    while len(found) < count:
        x, y = rng.uniform(field[0] + 0.1, field[2] - 0.1), rng.uniform(field[1] + 0.08, field[3] - 0.08)
        if all(np.hypot(x - a, y - b) > 2.2 * radius for a, b in found):
            found.append((x, y))
    return np.array(found)


def _table(
    places: NDArray[np.float64],
    radius: float,
    field: _Field,
    shots: NDArray[np.float64],
    ways: list[tuple[float, float]],
    seconds: float,
) -> tuple[NDArray[np.float64], list[_Cue], list[Event]]:
    """Where all balls are in each millisecond, how the cue lies for each shot, and what is heard."""
    x, speed = places.copy(), np.zeros_like(places)
    run, cues, events = [x.copy()], list[_Cue](), list[Event]()
    low, high = np.array(field[:2]) + radius, np.array(field[2:]) - radius
    for step in range(1, int(seconds * 1000) + 2):
        time = step / 1000
        if len(cues) < len(shots) and shots[len(cues)] <= time:
            pace, turn = ways[len(cues)]
            target = x[1 + int(turn * (len(x) - 1))] - x[0]
            angle = float(np.arctan2(target[1], target[0])) + 0.05 * (turn - 0.5)
            cues.append((float(x[0, 0]), float(x[0, 1]), angle))
            events.append(Event(float(shots[len(cues) - 1]), "strike", *map(float, x[0])))
            speed[0] = pace * np.cos(angle), pace * np.sin(angle)
        if speed.any():
            _step(x, speed, (low, high), radius, time, events)
        run.append(x.copy())
    return np.array(run), cues, events


def _step(
    x: NDArray[np.float64],
    speed: NDArray[np.float64],
    within: tuple[NDArray[np.float64], NDArray[np.float64]],
    radius: float,
    time: float,
    events: list[Event],
) -> None:
    """One millisecond: what moves moves, slows down, and meets what is there."""
    x += 0.001 * speed
    pace = np.hypot(speed[:, 0], speed[:, 1])[:, None]
    speed *= np.clip(1 - 0.001 * (0.35 + 0.04 / np.maximum(pace, 1e-6)), 0, 1)
    out = ((x < within[0]) & (speed < 0)) | ((x > within[1]) & (speed > 0))
    for number, axis in np.argwhere(out):
        _heard(events, time, abs(speed[number, axis]), x[number])
        speed[number, axis] *= -0.75
    for a in range(len(x) - 1):
        for b in range(a + 1, len(x)):
            apart = x[b] - x[a]
            if apart @ apart < 4 * radius * radius:
                along = apart / max(float(np.hypot(*apart)), 1e-9)
                meets = float((speed[a] - speed[b]) @ along)
                if meets > 0:
                    _heard(events, time, meets, x[a])
                    speed[a] -= 0.97 * meets * along
                    speed[b] += 0.97 * meets * along


def _heard(events: list[Event], time: float, pace: float, place: NDArray[np.float64]) -> None:
    if pace > HEARD:
        events.append(Event(time, "strike", float(place[0]), float(place[1])))
