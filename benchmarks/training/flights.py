"""How things fly, bounce, are thrown back by a blow, and tremble after it.

All is a function of time alone, exact at any time; nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from benchmarks.training.timing import Times, times

SLOWEST_BOUNCE = 0.12
"""Widths a second: what comes to the floor more slowly stays there, unheard."""


@dataclass(frozen=True)
class Leg:
    """From one touch to the next."""

    begins: float
    x: float
    y: float
    vx: float = 0.0
    vy: float = 0.0
    fall: float = 0.0
    """Gravity, in widths a second each second."""

    def at(self, time: float) -> tuple[float, float]:
        """Where it is; before its beginning, where it begins."""
        passed = max(time - self.begins, 0.0)
        return self.x + self.vx * passed, self.y + self.vy * passed + self.fall * passed * passed / 2


@dataclass(frozen=True)
class Touch:
    """A touch of floor or wall, and how fast."""

    time: float
    x: float
    y: float
    speed: float


class Path:
    """Legs after one another."""

    def __init__(self, legs: Sequence[Leg]) -> None:
        self.legs = tuple(legs)
        self._begins = np.array([leg.begins for leg in legs])

    def at(self, time: float) -> tuple[float, float]:
        """Where it is at a time."""
        return self.legs[max(int(np.searchsorted(self._begins, time, side="right")) - 1, 0)].at(time)


def bouncing(
    start: Leg, ends: float, *, floor: float, back: float, walls: tuple[float, float] = (-np.inf, np.inf)
) -> tuple[Path, list[Touch]]:
    """From a throw until a time: off the floor and the walls with this share of speed, then it rolls."""
    legs, touches, leg = [start], list[Touch](), start
    while len(legs) < 400:
        down, wall = _falls_for(leg, floor), _runs_for(leg, walls)
        passed = min(down, wall)
        when = leg.begins + passed
        if not when < ends:
            break
        x, y = leg.at(when)
        vx, vy, fall = leg.vx, leg.vy + leg.fall * passed, leg.fall
        if wall < down:
            touches.append(Touch(when, x, y, abs(vx)))
            vx = -back * vx
        else:
            touches.append(Touch(when, x, floor, abs(vy)))
            y, vy, vx = floor, -back * vy, 0.92 * vx
            if abs(vy) < SLOWEST_BOUNCE:
                vy = fall = 0.0
        leg = Leg(when, x, y, vx, vy, fall)
        legs.append(leg)
    return Path(legs), [touch for touch in touches if touch.speed > SLOWEST_BOUNCE]


def _falls_for(leg: Leg, floor: float) -> float:
    """Seconds until it is on the floor."""
    if leg.fall <= 0:
        return np.inf
    above = max(floor - leg.y, 0.0)
    root = np.sqrt(leg.vy * leg.vy + 2 * leg.fall * above)
    return max(float((root - leg.vy) / leg.fall), 1e-6)


def _runs_for(leg: Leg, walls: tuple[float, float]) -> float:
    """Seconds until it is at a wall."""
    if abs(leg.vx) < 1e-9:
        return np.inf
    return max((walls[1] - leg.x if leg.vx > 0 else walls[0] - leg.x) / leg.vx, 1e-6)


def since(beats: Times, time: float) -> float:
    """Seconds since the last of them; infinite before the first."""
    before = int(np.searchsorted(beats, time, side="right"))
    return float(time - beats[before - 1]) if before else np.inf


def until(beats: Times, time: float) -> float:
    """Seconds until the next of them; infinite after the last."""
    before = int(np.searchsorted(beats, time, side="right"))
    return float(beats[before] - time) if before < len(beats) else np.inf


def kick(passed: float, rise: float, back: float) -> float:
    """A recoil, 0 to 1: thrown back within `rise` seconds, slowly home within about `back` seconds."""
    if not 0 <= passed < 3 * back + rise:
        return 0.0
    if passed < rise:
        return float(np.sin(np.pi / 2 * passed / rise))
    u = 4.5 * (passed - rise) / back
    return float((1 + u) * np.exp(-u))


def kicks(beats: Times, time: float, rise: float, back: float) -> float:
    """All that is left of the recoils until now."""
    passed = time - beats[(beats <= time) & (beats > time - 3 * back - rise)]
    return sum((kick(float(p), rise, back) for p in passed), 0.0)


def tremble(passed: float, pace: float, fade: float) -> float:
    """A thing that was struck: it swings `pace` times a second, and less and less."""
    if not 0 <= passed < 6 * fade:
        return 0.0
    return float(np.exp(-passed / fade) * np.sin(2 * np.pi * pace * passed))


def rested(rng: Generator, seconds: float, slowest: float, fastest: float) -> Times:
    """Times as `timing.times` finds them; every other time with a long rest somewhere."""
    beats = times(rng, seconds, slowest, fastest)
    if rng.random() < 0.5:
        begins = rng.uniform(0, seconds - 2)
        beats = beats[(beats < begins) | (beats > begins + rng.uniform(2, 4))]
    return beats if len(beats) else np.array([rng.uniform(0.5, seconds - 0.5)])
