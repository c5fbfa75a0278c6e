"""Sport in which nothing is heard to strike: players from far, and people on bicycles."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.cameras import looking
from benchmarks.training.fields import endless, ground, whole
from benchmarks.training.motions import Motion, bounded, gestures, swaying, travelled, wandering
from benchmarks.training.moving_machines import spoked
from benchmarks.training.moving_roads import layers_behind
from benchmarks.training.people import figure
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import AROUND, FINE, HEIGHT, Canvas, Light, Scene, Sprite
from benchmarks.training.textures import disc, limb

_TALL = 0.2
"""Of a player's sprites, in widths."""


@dataclass(frozen=True)
class _Player:
    """Somebody who runs about on a field."""

    trunk: Sprite
    head: Sprite
    limbs: Sprite
    across: Motion
    ahead: Motion
    arms: Motion

    def draw(self, canvas: Canvas, x: float, y: float, scale: float, time: float) -> None:
        """Feet at (x, y)."""
        tall = _TALL * scale
        run = self.across(time) + self.ahead(time)
        pace = float(np.tanh(30 * (run - self.across(time - 0.05) - self.ahead(time - 0.05))))
        swing = 0.6 * pace * float(np.sin(7 * run))
        hips = y - 0.47 * tall
        for turn in (swing, -swing):
            canvas.lay(self.limbs, x, hips, angle=np.pi / 2 + turn, scale=scale)
        lean = 0.2 * pace - np.pi / 2
        canvas.lay(self.trunk, x, hips, angle=lean, scale=scale)
        shoulder = x + 0.33 * tall * np.cos(lean), hips + 0.33 * tall * np.sin(lean)
        for turn in (-swing, self.arms(time) + swing):
            canvas.lay(self.limbs, *shoulder, angle=np.pi / 2 + 0.8 * turn, scale=0.8 * scale)
        canvas.lay(self.head, shoulder[0] + 0.03 * tall * pace, shoulder[1] - 0.1 * tall, scale=scale)


def _player(rng: Generator, seconds: float, shirt: float, deep: float, busy: float) -> _Player:
    start, far = rng.normal(0, 0.35 * deep), rng.uniform(0.6, 1.6) * deep
    runs = [gestures(rng, seconds, 0.15 * deep * busy, rest=0.6, quick=(0.7, 3.0), home=0.1) for _ in "xz"]
    return _Player(
        limb(rng, 0.32 * _TALL, 0.16 * _TALL, 0.22 * _TALL, shirt),
        disc(rng, 0.13 * _TALL, rng.uniform(20, 220)),
        limb(rng, 0.44 * _TALL, 0.09 * _TALL, 0.05 * _TALL, rng.uniform(20, 230)),
        lambda time: start + runs[0](time),
        lambda time: max(far + runs[1](time), 0.35 * deep),
        gestures(rng, seconds, 0.8, rest=1.5),
    )


def players(rng: Generator, seconds: float) -> Scene:
    """A game seen from the stand: they run, stop and turn; a camera goes with the play."""
    horizon, nearness = HEIGHT * rng.uniform(-0.3, 0.4), rng.uniform(0.6, 1.6)
    deep, busy = rng.uniform(2, 8), float(np.exp(rng.normal(0, 0.5)))
    tall = float(np.exp(rng.uniform(np.log(0.02), np.log(0.09)))) * deep / nearness
    shirts = rng.uniform(10, 240, 2)
    team = [_player(rng, seconds, float(shirts[n % 2]), deep, busy) for n in range(int(rng.integers(2, 12)))]
    field, behind = _field(rng), _stands(rng, horizon)
    play = gestures(rng, seconds, 0.15 * deep * busy, rest=0.8, quick=(0.8, 3.0), home=0.1)
    follow = rng.uniform(0, 1)
    look = looking(
        rng,
        seconds,
        aside=lambda time: bounded(-follow * nearness / deep * play(time - 0.3), 0.6),
        zoom=wandering(rng, seconds, 0.3, rng.uniform(0, 0.12)),
        held=float(np.exp(rng.normal(-6.3, 0.7))),
    )

    def draw(canvas: Canvas, time: float) -> None:
        canvas.light = canvas.see(field, ground(horizon, nearness, -16, 0.0, 32), endless=True)
        canvas.lay(behind, 0, 0)
        for away, number in sorted(((each.ahead(time), n) for n, each in enumerate(team)), reverse=True):
            near = nearness / away
            x = 0.5 + near * (team[number].across(time) + 0.5 * play(time))
            team[number].draw(canvas, x, horizon + near, near * tall / _TALL, time)

    return Scene(draw, camera=look)


def _field(rng: Generator) -> Light:
    """Grass, sand, snow or boards, mown in stripes or not, with lines on it; endless."""
    side = 1024
    light = rng.uniform(50, 210) + rng.uniform(2, 20) * endless(rng, side, side, rng.uniform(2, 6))
    if rng.random() < 0.4:
        light += rng.uniform(4, 14) * np.sign(np.sin(np.arange(side) * 2 * np.pi / 64))
    paint = rng.uniform(30, 120)
    for _ in range(int(rng.integers(0, 8))):
        at = int(rng.integers(0, side - 3))
        if rng.random() < 0.5:
            light[at : at + 3] += paint
        else:
            light[:, at : at + 3] += paint
    if rng.random() < 0.5:
        cv2.circle(light, (side // 2, int(rng.integers(0, side))), 96, 240.0, 3, cv2.LINE_AA)
    return np.asarray(np.clip(light, 0, 255), np.float32)


def _stands(rng: Generator, horizon: float) -> Sprite:
    """What is beyond the field, as far down as the horizon."""
    light = anywhere(rng)
    height, width = light.shape
    line = (horizon + AROUND) * FINE + rng.uniform(2, 25)
    rows = np.clip(line - np.arange(height, dtype=np.float32), 0, 1)[:, None]
    return whole(light, (rows * np.ones((1, width))).astype(np.float32))


def cycling(rng: Generator, seconds: float) -> Scene:
    """One to three on bicycles, from the side: the camera goes with them, or they pass."""
    line, size = HEIGHT * rng.uniform(0.65, 0.95), float(np.exp(rng.uniform(np.log(0.1), np.log(0.45))))
    way = travelled(rng, seconds, size * rng.uniform(0.5, 5), change=0.2, halts=0.25)
    goes_with = rng.random() < 0.65
    behind, still = layers_behind(rng, line - 0.1 * size), anywhere(rng)
    shifts = [gestures(rng, seconds, 0.2 * size, rest=0.5, quick=(0.8, 3)) for _ in range(3)]
    riders = [_Rider.one(rng, size * rng.uniform(0.85, 1.15)) for _ in range(int(rng.integers(1, 4)))]
    sway = swaying(rng, seconds, rng.uniform(0.6, 1.5), rng.uniform(0, 0.06), 0.2)
    gear = rng.uniform(0.3, 0.6)
    look = looking(rng, seconds, held=float(np.exp(rng.normal(-5.8, 0.8))))

    def draw(canvas: Canvas, time: float) -> None:
        far = way(time)
        if goes_with:
            for layer, share in behind:
                layer(canvas, share * far)
        else:
            canvas.backdrop(still)
        for number, rider in enumerate(riders):
            x = 0.5 + (number - 0.5 * len(riders) + 0.5) * 1.4 * size + shifts[number](time)
            x = x if goes_with else (x + far + 0.3) % (1.6 + 1.4 * size * len(riders)) - 0.3
            rider.draw(canvas, x, line, far, gear, sway(time))

    return Scene(draw, camera=look)


@dataclass(frozen=True)
class _Rider:
    """Somebody on a bicycle that is `size` long, heading right."""

    size: float
    wheel: Sprite
    tube: Sprite
    body: Sprite
    head: Sprite
    leg: Sprite
    shin: Sprite

    @staticmethod
    def one(rng: Generator, size: float) -> _Rider:
        someone = figure(rng, 1.1 * size)
        wheel = spoked(rng, 0.42 * size, int(rng.choice([3, 5, 16])), 0.12)
        leg = limb(rng, 0.28 * size, 0.09 * size, 0.06 * size)
        return _Rider(
            size,
            wheel,
            limb(rng, 0.4 * size, 0.025 * size),
            someone.trunk,
            someone.head,
            leg,
            someone.legs[0].lower,
        )

    def draw(self, canvas: Canvas, x: float, y: float, rolled: float, gear: float, sway: float) -> None:
        """Wheels on the ground at (x, y)."""
        size, up = self.size, y - 0.2 * self.size
        turn = rolled / (0.2 * size)
        crank, seat, bar = (
            (x - 0.03 * size, up),
            (x - 0.15 * size, up - 0.38 * size),
            (x + 0.22 * size, up - 0.36 * size),
        )
        for phase in (np.pi, 0.0):
            pedal = (
                crank[0] + 0.1 * size * np.cos(gear * turn + phase),
                up + 0.1 * size * np.sin(gear * turn + phase),
            )
            self._leg(canvas, seat, pedal)
            if phase:
                for aside in (-0.3, 0.3):
                    canvas.lay(self.wheel, x + aside * size, up, angle=turn)
                for begin, end in ((crank, seat), (crank, bar), (bar, (x + 0.3 * size, up)), (seat, bar)):
                    self._tube(canvas, begin, end)
        lean = -0.9 + 0.4 * sway
        canvas.lay(self.body, *seat, angle=lean)
        neck = seat[0] + 0.36 * size * np.cos(lean), seat[1] + 0.36 * size * np.sin(lean)
        self._tube(canvas, neck, bar)
        canvas.lay(self.head, neck[0] + 0.06 * size, neck[1] - 0.1 * size)

    def _tube(self, canvas: Canvas, begin: tuple[float, float], end: tuple[float, float]) -> None:
        across, down = end[0] - begin[0], end[1] - begin[1]
        long = float(np.hypot(across, down)) / (0.4 * self.size)
        canvas.lay(self.tube, *begin, angle=float(np.arctan2(down, across)), stretch=long)

    def _leg(self, canvas: Canvas, hip: tuple[float, float], foot: tuple[float, float]) -> None:
        across, down = foot[0] - hip[0], foot[1] - hip[1]
        bend = float(np.arccos(min(np.hypot(across, down) / (0.56 * self.size), 1.0)))
        first = float(np.arctan2(down, across)) - bend
        knee = hip[0] + 0.28 * self.size * np.cos(first), hip[1] + 0.28 * self.size * np.sin(first)
        canvas.lay(self.leg, *hip, angle=first)
        canvas.lay(self.shin, *knee, angle=float(np.arctan2(foot[1] - knee[1], foot[0] - knee[0])))
