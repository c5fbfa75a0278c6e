"""How what strikes goes up and down: the fall, the contact, the way back, the wait; all as paths in time.

A path is a row of values, `RATE` a second. A stroke's height is 0 at each beat and nowhere else; between
beats that are far apart a hand hovers, prepares and feints, and never touches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.training.timing import Times, wander

RATE = 1000
Path: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """How one hand strikes."""

    fall: float
    """Seconds from the top to the contact, where there is time for it."""
    power: float
    """2 falls evenly faster; more is a late snap."""
    soft: float
    """0 strikes with all its speed; 1 would have slowed to nothing."""
    thrown: float
    """1 is thrown back by what it strikes; 0 is lifted off it gently."""
    dwell: float
    """Seconds it stays upon it."""
    lift: float
    """Seconds upward."""
    hover: float
    """Height at which it waits, in heights of a stroke."""
    uneven: float
    """How much the strokes' heights differ, in e-folds."""


def hard(rng: Generator) -> Way:
    """A stick, a tool, a fist."""
    fall = rng.uniform(0.05, 0.2)
    lift = fall * rng.uniform(0.8, 3.0)
    dwell = 0.0 if rng.random() < 0.6 else rng.uniform(0, 0.12)
    return Way(
        fall,
        rng.uniform(1.5, 3),
        rng.uniform(0, 0.3) if rng.random() < 0.5 else rng.uniform(0.3, 0.9),
        rng.uniform(0.3, 1) if dwell == 0 else 0.0,
        dwell,
        lift,
        rng.uniform(0.15, 1.0),
        rng.uniform(0.05, 0.35),
    )


def soft(rng: Generator) -> Way:
    """Bare hands, fingers, palms."""
    fall = rng.uniform(0.05, 0.18)
    return Way(
        fall,
        rng.uniform(1.3, 2.5),
        rng.uniform(0.1, 0.65),
        rng.uniform(0, 0.8),
        rng.uniform(0, 0.1) if rng.random() < 0.6 else 0.0,
        fall * rng.uniform(0.8, 2.5),
        rng.uniform(0.15, 0.9),
        rng.uniform(0.05, 0.35),
    )


def ease(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """`timing.eased`, of many."""
    share = np.clip(share, 0, 1)
    return np.asarray(share**3 * (share * (6 * share - 15) + 10))


def clock(seconds: float) -> Path:
    """The time of each value of a path."""
    return np.arange(int(seconds * RATE) + RATE) / RATE - 0.25


def value(path: Path, time: float) -> float:
    """A path's value at a time."""
    place = min(max((time + 0.25) * RATE, 0.0), len(path) - 1.001)
    whole = int(place)
    return float(path[whole] + (place - whole) * (path[whole + 1] - path[whole]))


def roam(rng: Generator, seconds: float, pace: float) -> Path:
    """`timing.wander` as a path."""
    walk = wander(rng, seconds + 1, pace)
    return np.interp(clock(seconds) + 0.25, np.arange(len(walk)) / 50, walk)


def strokes(rng: Generator, seconds: float, beats: Times, way: Way) -> Path:
    """Height over what is struck: about 1 at the top, 0 at each beat."""
    time = clock(seconds)
    path = np.empty_like(time)
    edges = np.concatenate([[-9.0], beats, [seconds + 9.0]])
    hovering = 0.12 * way.hover * roam(rng, seconds, rng.uniform(0.5, 2.0))
    for begin, end in pairwise(edges):
        part = (time >= begin) & (time < end)
        top = float(np.exp(rng.normal(0, way.uneven)))
        path[part] = _between(rng, time[part], begin, end, top, way)
        away = np.minimum(time[part] - begin, end - time[part])
        path[part] += hovering[part] * ease((away - 0.2) / 0.4)
    return np.maximum(path, 0.0)


def _between(rng: Generator, time: Path, begin: float, end: float, top: float, way: Way) -> Path:
    """From one contact to the next."""
    gap = end - begin
    fall = min(way.fall * float(np.exp(rng.normal(0, 0.1))), 0.42 * gap)
    dwell = min(way.dwell, 0.15 * gap)
    lift = min(way.lift, gap - fall - dwell)
    waits = gap > lift + fall + dwell + 0.35
    level = way.hover * float(np.exp(rng.normal(0, 0.2))) if waits else top
    up = np.clip((time - begin - dwell) / lift, 0, 1)
    path = level * (way.thrown * (1 - (1 - up) ** 2) + (1 - way.thrown) * ease(up))
    if waits:
        windup = min(rng.uniform(0.1, 0.35), gap - fall - dwell - lift)
        path += (top - level) * ease((time - end + fall + windup) / windup)
        if gap > 1.0 and rng.random() < 0.6:
            path += _feint(rng, time, begin, end, level)
    u = np.clip(1 - (end - time) / fall, 0, 1)
    return np.asarray(path * (1 - (1 - way.soft) * u**way.power - way.soft * ease(u)))


def _feint(rng: Generator, time: Path, begin: float, end: float, level: float) -> Path:
    """Up and down again without any contact, or half way down."""
    begin, end = max(begin, 0.0), min(end, float(time[-1]) if len(time) else 0.0)
    lasts = rng.uniform(0.4, 1.0)
    middle = rng.uniform(begin + 0.4, max(end - 0.4, begin + 0.41))
    size = rng.uniform(0.2, 0.9) if rng.random() < 0.6 else -rng.uniform(0.2, 0.6) * level
    bump = size * np.square(np.cos(np.clip((time - middle) / lasts, -1, 1) * np.pi / 2))
    return np.asarray(bump * ease(np.minimum(time - begin, end - time) / 0.5))


def idle(seconds: float, beats: Times) -> Path:
    """0 near beats, 1 far from them: what hands do then is not striking."""
    time = clock(seconds)
    edges = np.concatenate([[-9.0], beats, [seconds + 9.0]])
    after = np.clip(np.searchsorted(edges, time, side="right"), 1, len(edges) - 1)
    away = np.minimum(time - edges[after - 1], edges[after] - time)
    return ease((away - 0.35) / 0.5)


def travel(seconds: float, beats: Times, places: Sequence[float] | Path) -> Path:
    """At each beat at that beat's place, eased from one to the next while the hand is up."""
    time = clock(seconds)
    if not len(beats):
        return np.full_like(time, places[0] if len(places) else 0.0)
    path = np.full_like(time, places[0])
    for n in range(len(beats) - 1):
        gap = beats[n + 1] - beats[n]
        lasts = min(0.75 * gap, 0.6)
        path += (places[n + 1] - places[n]) * ease((time - beats[n + 1] + 0.12 * gap + lasts) / lasts)
    return path


def rung(seconds: float, beats: Times, lasts: float, pace: float) -> Path:
    """What shakes after each beat: first value of a shake 0, then up to about 1; `pace` in turns a second."""
    time = clock(seconds)
    shake = np.exp(-time[time >= 0] / lasts) * np.sin(2 * np.pi * pace * time[time >= 0])
    path = np.zeros_like(time)
    for beat in beats:
        start = int((beat + 0.25) * RATE)
        path[start:] += shake[: len(path) - start]
    return path


def with_pauses(rng: Generator, seconds: float, beats: Times) -> Times:
    """The same without those of a stretch of some seconds, in about four of ten scenes."""
    if rng.random() < 0.6 or len(beats) < 3:
        return beats
    begin = rng.uniform(-1, seconds - 2)
    end = begin + rng.uniform(1.6, 4)
    left = beats[(beats < begin) | (beats > end)]
    return left if len(left) else beats


def merged(beats: Sequence[float] | Times, apart: float = 0.03) -> Times:
    """In order, and of those that are heard as one the first alone."""
    found: list[float] = []
    for beat in sorted(float(b) for b in beats):
        if not found or beat - found[-1] >= apart:
            found.append(beat)
    return np.array(found)


def gesture(rng: Generator, seconds: float, beats: Times, far: float) -> tuple[Path, Path, Path]:
    """What a hand does far from any beat, in three directions: it wanders, wipes, reaches out; 0 near beats.

    In one scene of five it goes far, most often out of the picture.
    """
    away, pace = idle(seconds, beats), rng.uniform(0.3, 1.6)
    if rng.random() < 0.2:
        far, pace = 6 * far, rng.uniform(0.25, 0.5)
    x, y, z = (far * away * roam(rng, seconds, pace) for _ in range(3))
    return x, y, z


def groups(rng: Generator, seconds: float, quickest: float, slowest: float, most: int) -> Times:
    """A few beats close together, at from `slowest` to `quickest` a second, then a wait, and so on."""
    found, time = [], float(rng.uniform(0.1, 1.5))
    rate = float(rng.uniform(slowest, quickest))
    wait = float(rng.uniform(0.4, 2.0))
    while time < seconds - 0.02:
        for _ in range(rng.integers(1, most + 1)):
            found.append(time)
            time += float(np.exp(rng.normal(0, 0.08))) / rate
        time += wait * float(np.exp(rng.normal(0, 0.5)))
    return np.array([t for t in found if t < seconds - 0.02])
