"""People who jump and stamp: what is heard is their feet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from benchmarks.training.beside import beside
from benchmarks.training.bodies import Pose, Sight, body, forward, hanging, standing
from benchmarks.training.scene import HEIGHT, Canvas, Event, Scene
from benchmarks.training.strokes import Path, clock, groups, hard, roam, rung, strokes, value, with_pauses
from benchmarks.training.textures import backdrop
from benchmarks.training.timing import Times, times

GRAVITY = 9.81


def clap_dance(rng: Generator, seconds: float) -> Scene:
    """One to three people who jump or stamp, more or less together."""
    stamps = rng.random() < 0.4
    beats = times(rng, seconds, 1.6, 0.33) if rng.random() < 0.7 else groups(rng, seconds, 2.8, 1.2, 8)
    beats = with_pauses(rng, seconds, beats)
    tall = float(np.exp(rng.uniform(np.log(0.2), np.log(1.8))))
    metre = tall * HEIGHT / 1.75
    ground = (
        rng.uniform(0.75, 0.98) * HEIGHT if tall > 0.9 else rng.uniform(0.35 + 0.55 * tall, 0.97) * HEIGHT
    )
    sight = Sight(rng.uniform(0.3, 0.7), ground, metre, 20.0, rng.uniform(0.4, 2.0))
    place, others = backdrop(rng), beside(rng, seconds)
    count = int(rng.choice([1, 1, 2, 3]))
    make = _stamper if stamps else _jumper
    heading = float(rng.uniform(-np.pi, np.pi))
    people = [
        (
            body(rng, metre),
            make(
                rng,
                seconds,
                beats + (0.008 * n),
                heading + rng.normal(0, 0.4),
                (n - (count - 1) / 2) * rng.uniform(0.7, 1.1),
            ),
        )
        for n in range(count)
    ]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        for person, pose in people:
            person.draw(canvas, sight, pose(time))

    jolts = [(float(b), 0.4) for b in beats] if rng.random() < 0.1 else []
    return Scene(draw, tuple(Event(float(b), "step", *sight.point(np.zeros(3))) for b in beats), tuple(jolts))


def _jumper(
    rng: Generator, seconds: float, beats: Times, heading: float, x: float
) -> Callable[[float], Pose]:
    """Crouches, leaves the ground, lands on both feet, and gives way with the knees."""
    time = clock(seconds)
    flies = rng.uniform(0.22, 0.55)
    air, crouch = np.zeros_like(time), np.full_like(time, rng.uniform(0.01, 0.06))
    gives = rng.uniform(0.05, 0.22)
    for n, beat in enumerate(beats):
        gap = beat - beats[n - 1] if n else 9.0
        lasts = min(flies * float(np.exp(rng.normal(0, 0.1))), 0.6 * gap)
        t = time - (beat - lasts)
        inside = (t > 0) & (t < lasts)
        air[inside] = GRAVITY / 2 * t[inside] * (lasts - t[inside])
        dip = min(0.45, (gap - lasts) * 0.6)
        before = np.clip((t + dip) / dip, 0, 1)
        crouch += rng.uniform(0.06, 0.2) * np.sin(np.pi * before**1.5) * min(dip / 0.3, 1)
        crouch += _give(time - beat, gives * min(lasts / 0.35, 1), rng.uniform(0.06, 0.12))
    tucks = rng.uniform(0.0, 0.6)
    arms, bent = rng.uniform(0.2, 2.0), rng.uniform(0.1, 1.2)
    idle = [roam(rng, seconds, 1.2) * 0.15 for _ in range(2)]
    lean = rng.uniform(0.0, 0.3)

    def pose(now: float) -> Pose:
        up, low = value(air, now), min(value(crouch, now), 0.4)
        where = np.array([x, 0.0, 0.0])
        still = standing(where, heading, (where, where), crouch=low, lean=lean + 0.8 * low, nod=low)
        lift = np.array([0, up, 0])
        swing = arms * (2 * up - 1.5 * low)
        hands = hanging(
            still.neck + lift, heading, (swing + value(idle[0], now), swing + value(idle[1], now)), bent
        )
        feet = tuple(foot + lift + np.array([0, tucks * up * 0.6, 0]) for foot in still.feet)
        toe = -min(up * 5, 0.6)
        return replace(
            still,
            pelvis=still.pelvis + lift,
            neck=still.neck + lift,
            hands=hands,
            feet=(feet[0], feet[1]),
            toes=(toe, toe),
        )

    return pose


def _give(since: Path, far: float, quick: float) -> Path:
    """Knees that give way from the landing on, lowest after `quick`, and straighten."""
    u = np.maximum(since, 0) / quick
    return np.asarray(far * u * np.exp(1 - u))


def _stamper(
    rng: Generator, seconds: float, beats: Times, heading: float, x: float
) -> Callable[[float], Pose]:
    """Lifts one foot and stamps it upon the ground; the arms and shoulders go along."""
    first = np.arange(len(beats)) % 2 == 0 if rng.random() < 0.6 else np.ones(len(beats), bool)
    ways = [
        strokes(rng, seconds, b, replace(hard(rng), hover=0.0, thrown=0.0))
        for b in (beats[first], beats[~first])
    ]
    if first.all():
        ways[1] = np.zeros_like(ways[0])
    high, bob = rng.uniform(0.06, 0.35), rng.uniform(0.01, 0.06)
    give = rung(seconds, beats, 0.12, 2.5) * bob
    arms = [roam(rng, seconds, 1.0) * 0.3 for _ in range(2)]
    bent, sway = rng.uniform(0.1, 1.4), roam(rng, seconds, 0.7) * 0.03
    raise_arms = rng.uniform(-0.5, 1.0)

    def pose(now: float) -> Pose:
        lifts = [high * value(way, now) for way in ways]
        where = np.array([x, 0.0, 0.0])
        still = standing(
            where,
            heading,
            (where, where),
            crouch=0.04 + value(give, now),
            lean=0.1 + value(sway, now),
            nod=value(give, now) * 4,
        )
        hands = hanging(
            still.neck,
            heading,
            (
                value(arms[0], now) + raise_arms * lifts[1] * 3,
                value(arms[1], now) + raise_arms * lifts[0] * 3,
            ),
            bent,
        )
        feet = tuple(
            foot + np.array([0, lift, 0]) + forward(heading) * 0.5 * lift
            for foot, lift in zip(still.feet, lifts, strict=True)
        )
        return replace(still, hands=hands, feet=(feet[0], feet[1]))

    return pose
