"""When things happen in a drawn scene: regularly or not, as people and machines do; and how things move."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Times = NDArray[np.float64]


def times(rng: Generator, seconds: float, slowest: float, fastest: float) -> Times:
    """Some times in [0, `seconds`), from `slowest` to `fastest` seconds apart."""
    step = float(np.exp(rng.uniform(np.log(fastest), np.log(slowest))))
    way = rng.choice(["regular", "jittered", "irregular", "pattern", "few"], p=[0.2, 0.35, 0.2, 0.15, 0.1])
    count = int(seconds / fastest) + 2
    if way == "regular":
        gaps = np.full(count, step)
    elif way == "jittered":
        gaps = step * np.exp(rng.normal(0, 0.12, count))
    elif way == "irregular":
        gaps = np.exp(rng.uniform(np.log(fastest), np.log(slowest), count))
    elif way == "pattern":
        beats = rng.choice([1.0, 2.0, 3.0, 4.0], rng.integers(2, 5))
        gaps = step * np.resize(beats, count) / beats.min() * np.exp(rng.normal(0, 0.03, count))
    else:
        gaps = rng.uniform(1.0, max(seconds / 2, 1.5), count)
    found = rng.uniform(0.05, 0.05 + gaps[0]) + np.concatenate([[0.0], np.cumsum(np.maximum(gaps, fastest))])
    return np.asarray(found[found < seconds - 0.02])


def eased(share: float) -> float:
    """From 0 to 1 without a jolt at either end (the path of least jerk; Flash and Hogan, 1985)."""
    share = min(max(share, 0.0), 1.0)
    return share**3 * (share * (6 * share - 15) + 10)


def wander(rng: Generator, seconds: float, pace: float) -> NDArray[np.float64]:
    """A smooth random walk around 0, deviation 1, (steps,) at 50 a second; `pace` in turns a second."""
    steps = int(seconds * 50) + 100
    knots = rng.standard_normal(int(seconds * pace) + 6)
    at = np.linspace(0, len(knots) - 4.001, steps)
    whole = at.astype(int)
    part = at - whole
    weights = np.stack(
        [
            (1 - part) ** 3 / 6,
            (3 * part**3 - 6 * part**2 + 4) / 6,
            (-3 * part**3 + 3 * part**2 + 3 * part + 1) / 6,
            part**3 / 6,
        ]
    )
    walk = sum(weights[n] * knots[whole + n] for n in range(4))
    return np.asarray(walk / max(float(np.std(walk)), 1e-6))


def at(walk: NDArray[np.float64], time: float) -> float:
    """A walk's value at a time."""
    place = min(max(time * 50, 0.0), len(walk) - 1.001)
    whole = int(place)
    return float(walk[whole] + (place - whole) * (walk[whole + 1] - walk[whole]))
