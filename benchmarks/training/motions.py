"""How living things and machines move that strike nothing: gestures, speech, swaying, driving.

All is smooth: a movement begins and ends without a jolt, however quick it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.training.timing import at, wander

Motion: TypeAlias = Callable[[float], float]
"""Where something is at a time."""
_RATE = 120


def _sampled(values: NDArray[np.float64]) -> Motion:
    """Through values that are `_RATE` a second."""

    def where(time: float) -> float:
        place = min(max(time * _RATE, 0.0), len(values) - 1.001)
        whole = int(place)
        return float(values[whole] + (place - whole) * (values[whole + 1] - values[whole]))

    return where


def _clock(seconds: float) -> NDArray[np.float64]:
    return np.arange(int(seconds * _RATE) + _RATE) / _RATE


def _long(rng: Generator, seconds: float, pace: float) -> NDArray[np.float64]:
    """A wander on this clock."""
    clock, walk = _clock(seconds), wander(rng, seconds, pace)
    return np.asarray(np.interp(clock * 50, np.arange(len(walk)), walk))


def wandering(rng: Generator, seconds: float, pace: float, size: float = 1.0) -> Motion:
    """Without aim, around 0."""
    walk = size * wander(rng, seconds, pace)
    return lambda time: at(walk, time)


def swaying(rng: Generator, seconds: float, pace: float, size: float = 1.0, loose: float = 0.1) -> Motion:
    """To and fro `pace` times a second, no two times quite alike."""
    turns = np.cumsum(pace * np.exp(loose * _long(rng, seconds, 0.7 * pace))) / _RATE + rng.random()
    wide = size * np.exp(loose * _long(rng, seconds, 0.5 * pace))
    return _sampled(wide * np.sin(2 * np.pi * turns))


def gestures(
    rng: Generator,
    seconds: float,
    size: float = 1.0,
    *,
    rest: float = 0.5,
    quick: tuple[float, float] = (0.18, 0.9),
    home: float = 0.4,
) -> Motion:
    """From one posture to the next with the least jerk, then held for about `rest` seconds.

    `quick` is how long a movement may take; `home` how often it goes back to 0.
    """
    clock = _clock(seconds)
    values = np.zeros(len(clock))
    time, here = -float(rng.exponential(rest)), float(rng.normal(0, size))
    values += here
    while time < seconds:
        there = 0.0 if rng.random() < home else float(rng.normal(0, size))
        lasts = float(np.exp(rng.uniform(np.log(quick[0]), np.log(quick[1]))))
        values += (there - here) * _least_jerk((clock - time) / lasts)
        held = 0.0 if rng.random() < 0.35 else float(rng.exponential(rest))
        time, here = time + lasts * rng.uniform(0.8, 1.0) + held, there
    return _sampled(values)


def _least_jerk(share: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.clip(share, 0, 1)
    return np.asarray(share**3 * (share * (6 * share - 15) + 10))


def speech(rng: Generator, seconds: float) -> Motion:
    """How far a mouth is open, 0 to 1: syllables, 3 to 6 a second, and pauses between phrases."""
    rate = rng.uniform(3, 6) * np.exp(0.25 * _long(rng, seconds, 2))
    syllables = 0.5 - 0.5 * np.cos(2 * np.pi * np.cumsum(rate) / _RATE)
    loud = np.clip(0.6 + 0.4 * _long(rng, seconds, 4), 0, 1.2)
    says = np.clip(0.5 + 4 * (_long(rng, seconds, 0.8) + rng.uniform(-0.6, 1.2)), 0, 1)
    return _sampled(np.clip(says * loud * syllables, 0, 1))


def blinks(rng: Generator, seconds: float) -> Motion:
    """How far an eye is open: now and then it is shut for a tenth of a second or so."""
    clock = _clock(seconds)
    shut = np.zeros(len(clock))
    time = float(rng.exponential(2))
    while time < seconds:
        shut = np.maximum(shut, np.exp(-(((clock - time) / rng.uniform(0.05, 0.08)) ** 4)))
        time += 0.25 + float(rng.exponential(2.5))
    return _sampled(1 - shut)


def travelled(
    rng: Generator, seconds: float, speed: float, *, change: float = 0.15, halts: float = 0.0
) -> Motion:
    """How far something has come; its speed changes softly, and it slows down to stand at times."""
    rate = np.exp(change * _long(rng, seconds, 0.4))
    if rng.random() < halts:
        clock = _clock(seconds)
        stop, go = np.sort(rng.uniform(-0.2 * seconds, 1.2 * seconds, 2))
        soft = rng.uniform(0.5, 2.5)
        rate = rate * (1 - _least_jerk((clock - stop) / soft) + _least_jerk((clock - go - soft) / soft))
    way = np.cumsum(speed * rate) / _RATE
    return _sampled(way)


def away(value: float, soft: float = 0.1) -> float:
    """How far from 0, without a corner at 0."""
    return float(np.hypot(value, soft) - soft)


def bounded(value: float, most: float) -> float:
    """Softly kept between `-most` and `most`."""
    return most * float(np.tanh(value / most))


def share(motion: Motion) -> Motion:
    """The same between 0 and 1, softly."""
    return lambda time: 0.5 + 0.5 * float(np.tanh(2.5 * motion(time)))


def phase(rng: Generator, seconds: float, pace: float, *, loose: float = 0.0, halts: float = 0.0) -> Motion:
    """The angle of something that turns `pace` times a second, in radians."""
    turns = travelled(rng, seconds, pace, change=loose, halts=halts)
    start = rng.uniform(0, 2 * np.pi)
    return lambda time: start + 2 * np.pi * turns(time)
