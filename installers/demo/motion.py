"""How the things in the demo clip move, and exactly when they strike: the truth of the clip.

Everything is a function of continuous time in seconds, so a strike lies where it lies and not on a frame.
Lengths are pixels of the 1280x720 picture; falls follow one gravity, the cradle swings as a pendulum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction as F

RATE = F(30)
DURATION = F(10)
WIDTH, HEIGHT = 1280, 720

BENCH_Y = 566.0
"""Where things touch the bench."""

GRAVITY = 3600.0

BALL_RADIUS = 31.0
BALL_SPEED = 160.0
BALL_STRIKES = (F(893, 1000), F(1593, 1000), F(2083, 1000))
"""Two bounces at a restitution of 0.7, then it stays in the bowl."""
BALL_FIRST_X = 139.0

HAMMER_PIVOT = (1196.0, 470.0)
HAMMER_LENGTH = 226.0
HAMMER_FALL = 0.28
HAMMER_LIFT = 0.5
HAMMER_RAISED = math.radians(52.0)
HAMMER_STRIKES = (F(3137, 1000), F(4043, 1000), F(4951, 1000))
NAIL_DRIVEN = 9.0
"""How much deeper each strike drives the nail."""

CRADLE_X, CRADLE_Y = 650.0, 286.0
CRADLE_STRING = 196.0
CRADLE_RADIUS = 27.0
CRADLE_PERIOD = F(128, 100)
CRADLE_RELEASE = F(5919, 1000)
CRADLE_RAISED = math.radians(40.0)
CRADLE_LOSS = 0.93
CRADLE_STRIKES = tuple(CRADLE_RELEASE + CRADLE_PERIOD / 4 + k * CRADLE_PERIOD / 2 for k in range(6))

CRATE_X = 150.0
CRATE_SIZE = 118.0
CRATE_STRIKE = F(9113, 1000)


@dataclass(frozen=True)
class Strike:
    """One true impact: when, where (pixels), what strikes what, and of what it is made."""

    time: F
    x: float
    y: float
    kind: str
    what: str


def strikes() -> list[Strike]:
    """Every impact of the clip, in the order of time."""
    found = [Strike(t, ball(float(t))[0], BENCH_Y, "wood", "ball on bench") for t in BALL_STRIKES[:2]]
    found.append(Strike(BALL_STRIKES[2], ball(float(BALL_STRIKES[2]))[0], BENCH_Y, "wood", "ball into bowl"))
    nail_x = HAMMER_PIVOT[0] - HAMMER_LENGTH
    found += [Strike(t, nail_x, nail_top(float(t)), "metal", "hammer on nail") for t in HAMMER_STRIKES]
    for index, time in enumerate(CRADLE_STRIKES):
        side = 1 if index % 2 == 0 else -1
        x = CRADLE_X + side * 3 * CRADLE_RADIUS
        found.append(Strike(time, x, CRADLE_Y + CRADLE_STRING, "metal", "steel ball on steel ball"))
    found.append(Strike(CRATE_STRIKE, CRATE_X, BENCH_Y, "wood", "crate on bench"))
    return sorted(found, key=lambda strike: strike.time)


def ball(t: float) -> tuple[float, float]:
    """The wooden ball's centre: it rolls off the shelf, bounces twice and drops into the bowl."""
    first, second, last = (float(time) for time in BALL_STRIKES)
    x = BALL_FIRST_X + BALL_SPEED * (min(t, last) - first)
    rest = BENCH_Y - BALL_RADIUS
    edge = first - 0.5
    if t <= first:
        fallen = max(t - edge, 0.0)
        return x, rest - GRAVITY * 0.5**2 / 2 + GRAVITY * fallen**2 / 2
    for begin, end in ((first, second), (second, last)):
        if t <= end:
            return x, rest - GRAVITY * (t - begin) * (end - t) / 2
    return x, rest


def nail_top(t: float) -> float:
    """The height of the nail's head, which sinks a little with each strike."""
    return HAMMER_PIVOT[1] + 19.0 + NAIL_DRIVEN * sum(t >= float(strike) for strike in HAMMER_STRIKES)


def hammer(t: float) -> float:
    """The hammer's angle in radians above the horizontal."""
    angle = HAMMER_RAISED
    for index, strike in enumerate(float(time) for time in HAMMER_STRIKES):
        rest = -math.asin((index + 1) * NAIL_DRIVEN / HAMMER_LENGTH)
        into = t - (strike - HAMMER_FALL)
        if into < 0:
            return angle
        if t < strike:
            return HAMMER_RAISED - (HAMMER_RAISED - rest) * (into / HAMMER_FALL) ** 2
        held = 0.1 if index < 2 else math.inf
        angle = rest + (HAMMER_RAISED - rest) * _ease((t - strike - held) / HAMMER_LIFT)
    return angle


def cradle(t: float) -> tuple[float, float]:
    """The angles of the cradle's outer balls, left and right, outwards, in radians."""
    release, period = float(CRADLE_RELEASE), float(CRADLE_PERIOD)
    first = release + period / 4
    if t <= release:
        return 0.0, CRADLE_RAISED * _ease((t - release + 0.75) / 0.7)
    if t <= first:
        return 0.0, CRADLE_RAISED * math.cos(2 * math.pi * (t - release) / period)
    swings = int((t - first) / (period / 2))
    since = t - first - swings * period / 2
    angle = CRADLE_RAISED * CRADLE_LOSS ** (swings + 1) * math.sin(2 * math.pi * since / period)
    return (angle, 0.0) if swings % 2 == 0 else (0.0, angle)


def crate(t: float) -> float:
    """The height of the falling crate's middle."""
    rest = BENCH_Y - CRATE_SIZE / 2
    before = max(float(CRATE_STRIKE) - t, 0.0)
    return rest - (GRAVITY * 0.55 * before**2 / 2 + 500.0 * before)


def _ease(share: float) -> float:
    """0 to 1 with no jump in speed or acceleration at either end."""
    share = min(max(share, 0.0), 1.0)
    return share * share * share * (share * (6 * share - 15) + 10)
