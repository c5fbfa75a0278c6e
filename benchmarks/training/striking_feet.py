"""People who walk and run, seen from the side, from before, from behind, from afar, and their feet alone."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.beside import beside
from benchmarks.training.bodies import Place, Sight, body
from benchmarks.training.gait import Gait, gait, step_times
from benchmarks.training.scene import FINE, HEIGHT, Canvas, Event, Light, Scene
from benchmarks.training.strokes import roam, value
from benchmarks.training.textures import backdrop


def walker_side(rng: Generator, seconds: float) -> Scene:
    """Someone who walks across, or alongside a camera that goes along, or on a treadmill."""
    return _walker(rng, seconds, float(rng.normal(0, 0.25)), _height(rng))


def walker_front(rng: Generator, seconds: float) -> Scene:
    """Someone who comes nearer, or before whom the camera draws back."""
    return _walker(rng, seconds, float(np.pi / 2 + rng.normal(0, 0.2)), _height(rng))


def walker_behind(rng: Generator, seconds: float) -> Scene:
    """Someone who goes away, or is followed."""
    return _walker(rng, seconds, float(-np.pi / 2 + rng.normal(0, 0.2)), _height(rng))


def feet_close(rng: Generator, seconds: float) -> Scene:
    """Feet and shins alone, from any side."""
    heading = rng.choice([0.0, 0.0, np.pi / 2, -np.pi / 2]) + rng.normal(0, 0.25)
    return _walker(rng, seconds, float(heading), rng.uniform(1.3, 4.5))


def _height(rng: Generator) -> float:
    """How large someone is in the picture, of its height."""
    return float(np.exp(rng.uniform(np.log(0.1), np.log(1.6))))


def _walker(rng: Generator, seconds: float, heading: float, tall: float) -> Scene:
    """`tall` is the body's height, of the picture's."""
    running = rng.random() < 0.35
    rate = rng.uniform(2.3, 3.2) if running else rng.uniform(1.4, 2.3)
    pace = rng.uniform(0.7, 1.3) if running else rng.uniform(0.45, 0.8)
    steps = step_times(rng, seconds, rate)
    walk = gait(rng, seconds, steps, pace, running=running)
    along = abs(np.cos(heading)) > 0.6
    goes_along = rng.random() < (0.9 if tall > 1.2 else 0.65)
    moves_ground = goes_along and rng.random() < 0.75
    metre = tall * HEIGHT / 1.75
    middle = value(walk.along, seconds / 2)
    x = rng.uniform(0.35, 0.65)
    ground = rng.uniform(0.72, 0.97) * HEIGHT if tall > 1.1 else rng.uniform(0.3 + 0.4 * tall, 0.95) * HEIGHT
    away = float(np.exp(rng.uniform(np.log(6), np.log(40)))) if along else rng.uniform(5, 16)
    sight = Sight(x, ground, metre, away, rng.uniform(0.2, 2.2))
    nearest = 1.0 if along or goes_along else min(away / max(away - 5.0, 1.5), 2.5)
    person, others = body(rng, metre * nearest), beside(rng, seconds)
    view = _ground(rng, walk, metre, heading if along else np.pi / 2, moves_ground)
    lag, drift = roam(rng, seconds, 0.4), rng.uniform(0.0, 0.15)
    way = np.array([np.cos(heading), 0.0, np.sin(heading)])

    def origin(time: float) -> Place:
        back = value(walk.along, time) + drift * value(lag, time) if goes_along else middle
        return np.asarray(-way * back)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(view(time))
        others(canvas, time)
        person.draw(canvas, sight, walk.pose(time, heading, origin(time)))

    return Scene(draw, _steps(walk, seconds, sight, heading, origin), _shaken(rng, steps, goes_along))


def _steps(
    walk: Gait, seconds: float, sight: Sight, heading: float, origin: Callable[[float], Place]
) -> tuple[Event, ...]:
    """Those that are set down within the picture."""
    found = []
    for n, step in enumerate(walk.steps):
        if 0.02 < step < seconds - 0.02:
            foot = walk.pose(float(step), heading, origin(float(step))).feet[n % 2]
            x, y = sight.point(foot)
            if 0.0 < x < 1.0 and 0 < y < HEIGHT and foot[2] < sight.away - 1.0:
                found.append(Event(float(step), "step", x, y))
    return tuple(found)


def _ground(
    rng: Generator, walk: Gait, metre: float, heading: float, moves: bool
) -> Callable[[float], Light]:
    """The backdrop: at rest, or gone past as the camera goes along, or growing as it goes ahead."""
    place = backdrop(rng)
    if not moves:
        return lambda time: place
    rows, columns = place.shape
    size = (columns, rows)
    side = float(np.cos(heading))
    if abs(side) > 0.6:
        whole = np.hstack([place, place[:, ::-1]] * 4)
        slower = rng.uniform(0.3, 1.0)

        def passing(time: float) -> Light:
            gone = value(walk.along, time) * metre * FINE * slower * side
            middle = (gone % (2 * columns)) + columns
            return np.asarray(cv2.getRectSubPix(whole, size, (middle, rows / 2 - 0.5)), np.float32)

        return passing
    start, growth = value(walk.along, 0), rng.uniform(0.01, 0.05) * rng.choice([-1.0, 1.0])

    def growing(time: float) -> Light:
        scale = float(np.exp(np.clip(growth * (value(walk.along, time) - start), -0.5, 0.5)))
        matrix = np.array([[scale, 0, (1 - scale) * columns / 2], [0, scale, (1 - scale) * rows / 2]])
        return np.asarray(cv2.warpAffine(place, matrix, size, borderMode=cv2.BORDER_REFLECT), np.float32)

    return growing


def _shaken(rng: Generator, steps: Place, goes_along: bool) -> tuple[tuple[float, float], ...]:
    """Someone who walks with a camera shakes it with steps of their own, that are not heard."""
    if not goes_along or rng.random() < 0.6:
        return ()
    own = steps + rng.uniform(0, 0.5) if rng.random() < 0.5 else steps
    strength = rng.uniform(0.1, 0.5)
    return tuple((float(step), float(strength)) for step in own)
