"""Single things before a wall: some are stopped, thrown back or dropped, some swing, slow down or pass.

Nothing else moves, so these are the films in which a single strike is plain, and those in which a smooth way
back is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.random import Generator

from benchmarks.training.flights import Leg, bouncing
from benchmarks.training.scene import HEIGHT, Canvas, Event, Scene, Sprite
from benchmarks.training.textures import backdrop, box, disc
from benchmarks.training.timing import eased

Way: TypeAlias = Callable[[float], tuple[float, float]]


def single_thing(rng: Generator, seconds: float) -> Scene:
    """One to three things that strike something, now and then; and perhaps one that does not."""
    place, things, events = backdrop(rng), list[tuple[Sprite, Way]](), list[Event]()
    for _ in range(rng.integers(1, 4)):
        kind = (_stopped, _thrown_back, _dropped, _set_down)[int(rng.integers(4))]
        way, times = kind(rng, seconds)
        things.append((_thing(rng), way))
        events += [Event(time, "strike", *way(time)) for time in times if 0 < time < seconds]
    if rng.random() < 0.5:
        things.append((_thing(rng), _smooth(rng, seconds)))
    found = sorted(events, key=lambda event: event.time)
    heard = [e for at, e in enumerate(found) if at == 0 or e.time - found[at - 1].time > 0.05]
    return Scene(_drawn(place, things), tuple(heard))


def smooth_thing(rng: Generator, seconds: float) -> Scene:
    """One to three things that swing, slow down by and by, turn round softly, or pass through."""
    place = backdrop(rng)
    things = [(_thing(rng), _smooth(rng, seconds)) for _ in range(rng.integers(1, 4))]
    return Scene(_drawn(place, things))


def _drawn(place: np.ndarray, things: list[tuple[Sprite, Way]]) -> Callable[[Canvas, float], None]:
    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for sprite, way in things:
            canvas.lay(sprite, *way(time))

    return draw


def _thing(rng: Generator) -> Sprite:
    size = float(np.exp(rng.uniform(np.log(0.03), np.log(0.2))))
    return disc(rng, size) if rng.random() < 0.5 else box(rng, size, size * rng.uniform(0.6, 1.6))


def _stopped(rng: Generator, seconds: float) -> tuple[Way, list[float]]:
    """Slides until something is in its way, and goes off again softly, and so on."""
    times = _few(rng, seconds)
    y, speed, angle = rng.uniform(0.1, 0.5), rng.uniform(0.15, 1.2), rng.uniform(0, 2 * np.pi)
    ends = [(rng.uniform(0.2, 0.8), y) for _ in times]
    run = rng.uniform(0.25, 0.8)

    def way(time: float) -> tuple[float, float]:
        at = int(np.searchsorted(times, time))
        if at == len(times):
            return ends[-1]
        x, y = ends[at]
        left = times[at] - time
        back = speed * min(left, run)
        came = (x - np.cos(angle) * back, y - np.sin(angle) * back)
        if at == 0 or left <= run:
            return came
        share = eased((time - times[at - 1] - 0.1) / max(times[at] - times[at - 1] - run - 0.1, 0.05))
        before = ends[at - 1]
        return before[0] + share * (came[0] - before[0]), before[1] + share * (came[1] - before[1])

    return way, times


def _thrown_back(rng: Generator, seconds: float) -> tuple[Way, list[float]]:
    """Meets a wall at its full speed, and comes to rest by and by."""
    time, wall, y = rng.uniform(0.4, seconds - 0.4), rng.uniform(0.3, 0.9), rng.uniform(0.1, 0.5)
    speed, back, fade = rng.uniform(0.2, 1.2), rng.uniform(0.2, 0.9), rng.uniform(0.5, 3)
    side = float(rng.choice([-1.0, 1.0]))

    def way(at: float) -> tuple[float, float]:
        passed = at - time
        gone = speed * passed if passed < 0 else -back * speed * (1 - np.exp(-fade * passed)) / fade
        return wall + side * float(gone), y

    return way, [time]


def _dropped(rng: Generator, seconds: float) -> tuple[Way, list[float]]:
    """Falls to the floor, bounces or stays; and again, lifted in between."""
    floor, x, fall = rng.uniform(0.35, 0.52), rng.uniform(0.1, 0.9), rng.uniform(1.5, 5.0)
    begins = rng.uniform(0, 0.6 * seconds)
    start = Leg(begins, x, floor - rng.uniform(0.1, 0.4), rng.uniform(-0.15, 0.15), 0.0, fall)
    path, touches = bouncing(start, seconds, floor=floor, back=float(rng.choice([0.0, 0.3, 0.6, 0.8])))
    return path.at, [touch.time for touch in touches]


def _set_down(rng: Generator, seconds: float) -> tuple[Way, list[float]]:
    """Comes in softly, and is put down with what speed is left."""
    times, speed = _few(rng, seconds), rng.uniform(0.06, 0.4)
    x, floor = rng.uniform(0.1, 0.9), rng.uniform(0.2, 0.5)
    last = rng.uniform(0.2, 0.6)

    def way(time: float) -> tuple[float, float]:
        at = int(np.searchsorted(times, time))
        if at == len(times):
            return x, floor
        left = times[at] - time
        low = speed * min(left, last)
        if at and left > last:
            rise = eased((time - times[at - 1] - 0.2) / max(times[at] - times[at - 1] - last - 0.2, 0.05))
            return x, floor - rise * speed * last
        return x, floor - low

    return way, times


def _smooth(rng: Generator, seconds: float) -> Way:
    """Nothing in it is sudden."""
    x, y, far = rng.uniform(0.2, 0.8), rng.uniform(0.1, 0.45), rng.uniform(0.05, 0.4)
    angle, pace, phase = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 2.2), rng.uniform(0, 2 * np.pi)
    kind = rng.choice(["swings", "slows", "passes"])
    begins, lasts = rng.uniform(0, 0.7 * seconds), rng.uniform(0.5, 2.5)
    round_way = rng.uniform(0, 1) if rng.random() < 0.3 else 0.0

    def way(time: float) -> tuple[float, float]:
        if kind == "swings":
            turn = 2 * np.pi * pace * time + phase
            along, aside = far * np.cos(turn) / 2, far * round_way * np.sin(turn) / 2
        elif kind == "slows":
            along, aside = far * (eased((time - begins) / lasts) - 0.5), 0.0
        else:
            along, aside = far * pace * (time - begins), 0.0
        cos, sin = np.cos(angle), np.sin(angle)
        return x + along * cos - aside * sin, y + (along * sin + aside * cos) * HEIGHT

    return way


def _few(rng: Generator, seconds: float) -> list[float]:
    """One to five times, well apart."""
    found, time = list[float](), float(rng.uniform(0.5, max(seconds / 2, 0.6)))
    while time < seconds - 0.1 and len(found) < 5:
        found.append(time)
        time += float(rng.uniform(0.8, 3.0))
    return found or [seconds / 2]
