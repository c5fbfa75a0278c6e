"""How people walk and run: feet that are set down, stay, and go on; the body that is carried over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from benchmarks.training.bodies import SHIN, THIGH, TRUNK, Place, Pose, forward, hanging
from benchmarks.training.strokes import RATE, Path, clock, ease, roam, value
from benchmarks.training.timing import Times

ANKLE = 0.08
"""An ankle's height over the ground, in metres."""


@dataclass(frozen=True)
class Gait:
    """Paths of a walk straight ahead: metres along it."""

    steps: Times
    feet: tuple[Path, Path]
    lifts: tuple[Path, Path]
    toes: tuple[Path, Path]
    along: Path
    bob: Path
    swing: Path
    """Arms: radians by which the left one is forward."""
    sway: Path
    lean: float
    bent: float

    def pose(self, time: float, heading: float, origin: Place, track: float | None = None) -> Pose:
        """`origin` is where in the world 0 metres are; `track` the way gone where that is not ahead."""
        way = forward(heading if track is None else track)
        side = np.array([np.sin(heading), 0.0, -np.cos(heading)])
        pelvis = origin + way * value(self.along, time) + side * value(self.sway, time)
        pelvis = pelvis + np.array([0, THIGH + SHIN + ANKLE + value(self.bob, time), 0])
        neck = pelvis + TRUNK * (np.array([0, np.cos(self.lean), 0]) + forward(heading) * np.sin(self.lean))
        feet = []
        for n, aside in ((0, 0.07), (1, -0.07)):
            foot = origin + way * value(self.feet[n], time) + side * aside
            feet.append(foot + np.array([0, ANKLE + value(self.lifts[n], time), 0]))
        swing = value(self.swing, time)
        hands = hanging(neck, heading, (swing, -swing), self.bent)
        toes = (value(self.toes[0], time), value(self.toes[1], time))
        return Pose(pelvis, neck, hands, (feet[0], feet[1]), toes, heading)


def step_times(rng: Generator, seconds: float, rate: float) -> Times:
    """Steps at `rate` a second, a little uneven, with a halt now and then."""
    found, time = [], -1.0 + rng.uniform(0, 1 / rate)
    uneven, limp = rng.uniform(0.01, 0.07), rng.normal(0, 0.03)
    halts = rng.random() < 0.3
    while time < seconds + 1.0:
        found.append(time)
        time += (1 + (limp if len(found) % 2 else -limp)) / rate * np.exp(rng.normal(0, uneven))
        if halts and rng.random() < 0.06:
            time += rng.uniform(0.6, 3.0)
    return np.array(found)


def gait(rng: Generator, seconds: float, steps: Times, pace: float, *, running: bool) -> Gait:
    """The left foot is set down first; `pace` is a step's length in metres."""
    places = np.cumsum(pace * np.exp(rng.normal(0, 0.04, len(steps))))
    return gait_over(rng, seconds, steps, places, running=running)


def gait_over(rng: Generator, seconds: float, steps: Times, places: Path, *, running: bool) -> Gait:
    """Each step at its place, in metres along the way; they may go to and fro."""
    time = clock(seconds)
    gaps = np.diff(steps, prepend=steps[0] - 0.5)
    usual = float(np.median(gaps))
    duty = rng.uniform(0.3, 0.42) if running else rng.uniform(0.56, 0.64)
    high = rng.uniform(0.15, 0.4) if running else rng.uniform(0.04, 0.13)
    lasts = 2 * usual * (1 - duty)
    heel = rng.uniform(-0.1, 0.25) if running else rng.uniform(0.1, 0.45)
    feet, lifts, toes = zip(
        *(_foot(time, steps[n::2], places[n::2], lasts, high, heel) for n in (0, 1)), strict=True
    )
    return Gait(
        steps,
        (feet[0], feet[1]),
        (lifts[0], lifts[1]),
        (toes[0], toes[1]),
        _along(time, steps, places, usual),
        _bob(rng, time, steps, usual, running=running),
        _arms(rng, time, steps, usual, running=running),
        _wave(time, steps, usual, 0.5, rng.uniform(0.0, 0.04)) + 0.02 * roam(rng, seconds, 0.5),
        rng.uniform(0.05, 0.25) if running else rng.uniform(-0.03, 0.12),
        rng.uniform(1.0, 1.7) if running else rng.uniform(0.1, 0.6),
    )


def _foot(
    time: Path, lands: Times, places: Path, lasts: float, high: float, heel: float
) -> tuple[Path, Path, Path]:
    """Where it is along the walk, how high over the ground, and how its toes point."""
    where, lift, toe = np.full_like(time, places[0]), np.zeros_like(time), np.zeros_like(time)
    for n in range(1, len(lands)):
        swing = min(lasts, 0.8 * (lands[n] - lands[n - 1]))
        u = (time - lands[n] + swing) / swing
        where += (places[n] - places[n - 1]) * _forth(u)
        inside = (u > 0) & (u < 1)
        v = u[inside]
        lift[inside] = high * 1.6 * np.sin(np.pi * np.sqrt(v)) ** 1.3 * (1 - 0.35 * v)
        toe[inside] += -0.9 * np.sin(np.pi * np.minimum(v * 1.4, 1)) + heel * ease((v - 0.55) / 0.45)
        rolls = (time >= lands[n]) & (time < lands[n] + 0.12)
        toe[rolls] += heel * (1 - (time[rolls] - lands[n]) / 0.12)
        leaves = (u > -0.35) & (u <= 0)
        lift[leaves] += 0.05 * ((u[leaves] + 0.35) / 0.35) ** 2
        toe[leaves] -= 0.5 * ((u[leaves] + 0.35) / 0.35) ** 2
        lift[inside] += 0.05 * (1 - v) ** 3
    return where, lift, toe


def _forth(u: Path) -> Path:
    """A foot that swings forward, and is still moving a little when it lands."""
    u = np.clip(u, 0, 1)
    return 0.85 * ease(u / 0.97) + 0.15 * u


def _along(time: Path, steps: Times, places: Path, usual: float) -> Path:
    """The body: over the middle of its feet whenever one lands, at rest in a halt."""
    knots, values = [], []
    middle = places - np.diff(places, prepend=places[0] - (places[1] - places[0])) / 2
    for n, (step, place) in enumerate(zip(steps, middle, strict=True)):
        if n and step - steps[n - 1] > 1.6 * usual:
            knots += [steps[n - 1] + 0.4 * usual, step - 0.9 * usual]
            values += [middle[n - 1] + 0.02, middle[n - 1] + 0.04]
        knots.append(step)
        values.append(place)
    path = np.interp(time, knots, values)
    wide = max(int(usual * 0.5 * RATE) | 1, 3)
    return np.convolve(
        np.pad(path, wide // 2, mode="reflect", reflect_type="odd"), np.ones(wide) / wide, "valid"
    )


def _phase(time: Path, steps: Times, usual: float) -> tuple[Path, Path]:
    """Steps taken so far with the part of the one that is under way, and 0 in halts, else 1."""
    count = np.interp(time, steps, np.arange(len(steps), dtype=float))
    gaps = np.diff(steps, append=steps[-1] + usual)
    now = np.clip(np.searchsorted(steps, time, side="right") - 1, 0, len(gaps) - 1)
    going = (gaps[now] < 1.6 * usual).astype(float)
    wide = max(int(0.25 * RATE) | 1, 3)
    return count, np.convolve(np.pad(going, wide // 2, mode="edge"), np.ones(wide) / wide, "valid")


def _wave(time: Path, steps: Times, usual: float, turns: float, far: float) -> Path:
    count, going = _phase(time, steps, usual)
    return far * np.sin(2 * np.pi * turns * count) * going


def _bob(rng: Generator, time: Path, steps: Times, usual: float, *, running: bool) -> Path:
    """Walking, lowest as a foot lands; running, lowest a little after, and flying between."""
    count, going = _phase(time, steps, usual)
    if running:
        return -0.03 - rng.uniform(0.02, 0.06) * np.cos(2 * np.pi * (count - rng.uniform(0.12, 0.25))) * going
    return -0.035 - rng.uniform(0.01, 0.03) * np.cos(2 * np.pi * (count - rng.uniform(0.0, 0.12))) * going


def _arms(rng: Generator, time: Path, steps: Times, usual: float, *, running: bool) -> Path:
    """The left arm is behind when the left foot lands."""
    count, going = _phase(time, steps, usual)
    far = rng.uniform(0.2, 0.7) if running else rng.uniform(0.0, 0.5)
    return -far * np.cos(np.pi * count) * going
