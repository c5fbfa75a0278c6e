"""Guns that are shot: a pistol in a hand, a rifle held by someone who stands.

A shot throws the gun up and back within one or two frames and it comes home slowly; what else moves, moves
little. Aiming, reloading and working the bolt are silent here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from benchmarks.training.bystanders import Arm, beside
from benchmarks.training.flights import Leg, kicks, rested, since, until
from benchmarks.training.scattered import Smoke, Specks
from benchmarks.training.scene import HEIGHT, Canvas, Scene, Sprite, events_of
from benchmarks.training.textures import backdrop, blob, box, disc, limb
from benchmarks.training.timing import Times, at, eased, wander


def pistol(rng: Generator, seconds: float) -> Scene:
    """A hand, and an arm that comes from the side or from below, hold a pistol and shoot."""
    shots = volleys(rng, seconds)
    place, near = backdrop(rng), beside(rng, seconds)
    size = float(np.exp(rng.uniform(np.log(0.1), np.log(0.4))))
    gun = _Pistol(rng, size)
    arm = Arm(rng, rng.uniform(0.5, 1.0), size * rng.uniform(0.3, 0.5))
    arms = 2 if rng.random() < 0.5 else 1
    hangs = rng.uniform(-0.1, 0.5)
    x, y = rng.uniform(0.35, 0.7), rng.uniform(0.25, 0.7) * HEIGHT
    up, away = rng.uniform(0.05, 0.45), size * rng.uniform(0.03, 0.25)
    rise, back = rng.uniform(0.015, 0.045), rng.uniform(0.2, 0.55)
    walks = [wander(rng, seconds, rng.uniform(0.5, 1.5)) for _ in range(3)]
    still = rng.uniform(0.001, 0.007)
    lowered = _lowered(rng, shots) if rng.random() < 0.3 else _never
    muzzle = _Muzzle(rng, shots, size)
    casing = box(rng, 0.06 * size, 0.03 * size, 200) if rng.random() < 0.5 else None

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        thrown, low = kicks(shots, time, rise, back), lowered(time)
        turn = -up * thrown + 0.6 * low + 2 * still * at(walks[2], time)
        gx = x - away * thrown + still * at(walks[0], time) - 0.05 * low
        gy = y - 0.4 * away * thrown + still * at(walks[1], time) + 0.15 * low
        gun.draw(canvas, gx, gy, turn, since(shots, time))
        for number in range(arms):
            bent = np.pi - hangs - 0.25 * number + 0.35 * turn
            arm.draw(canvas, gx - 0.02 * size, gy + (0.1 + 0.12 * number) * size, bent)
        muzzle.draw(canvas, gx, gy, gun.reach, turn, time)
        passed = since(shots, time)
        if casing is not None and passed < 0.6:
            flown = Leg(0, x, y - 0.1 * size, -1.2 * size, -4 * size, 16 * size).at(passed)
            canvas.lay(casing, *flown, angle=25 * passed)

    return Scene(draw, events_of(shots, "burst", x, y), _shaken(rng, shots))


def volleys(rng: Generator, seconds: float) -> Times:
    """Single shots, pairs, series; now and then from an automatic gun; with long rests between."""
    shots = rested(rng, seconds, 2.5, 0.25)
    if rng.random() < 0.25:
        gap, count = (rng.uniform(0.09, 0.13), 5) if rng.random() < 0.4 else (rng.uniform(0.17, 0.35), 2)
        begins = shots[np.diff(shots, prepend=-9) > gap * count + 0.4]
        shots = np.sort(np.concatenate([begins + gap * n for n in range(int(rng.integers(2, count + 1)))]))
    return np.asarray(shots[shots < seconds - 0.02])


def _never(time: float) -> float:
    del time
    return 0.0


def _lowered(rng: Generator, shots: Times) -> Callable[[float], float]:
    """0 while aimed; up to 1 in long rests."""
    slow = rng.uniform(0.4, 0.9)

    def low(time: float) -> float:
        passed, left = since(shots, time), until(shots, time)
        if passed + left < 2 * slow + 0.9:
            return 0.0
        return min(eased((passed - 0.5) / slow), eased((left - 0.3) / slow))

    return low


def _shaken(rng: Generator, shots: Times) -> tuple[tuple[float, float], ...]:
    """Now and then the camera feels it."""
    strength = float(rng.uniform(0.1, 0.8))
    return tuple((float(shot), strength) for shot in shots) if rng.random() < 0.2 else ()


class _Pistol:
    """Barrel, slide and grip; it is held, and turned, at the grip."""

    def __init__(self, rng: Generator, size: float) -> None:
        light = rng.uniform(10, 200) if rng.random() < 0.3 else rng.uniform(10, 70)
        self._slide = box(rng, 0.85 * size, 0.17 * size, light * rng.uniform(0.8, 1.5))
        self._frame = box(rng, 0.7 * size, 0.1 * size, light)
        self._grip = box(rng, 0.2 * size, 0.5 * size, light)
        self._runs = size * rng.uniform(0.08, 0.22) if rng.random() < 0.75 else 0.0
        self._size = size
        self.reach = 0.8 * size

    def draw(self, canvas: Canvas, x: float, y: float, turn: float, passed: float) -> None:
        """`passed` seconds after a shot."""
        ran = self._runs * float(np.interp(passed, [0, 0.015, 0.03, 0.07], [0, 1, 1, 0]))
        cos, sin = np.cos(turn), np.sin(turn)
        for part, along, down, leans in (
            (self._grip, -0.02, 0.12, 0.2),
            (self._frame, 0.3, -0.1, 0.0),
            (self._slide, 0.36 - ran / self._size, -0.21, 0.0),
        ):
            a, d = along * self._size, down * self._size
            canvas.lay(part, x + cos * a - sin * d, y + sin * a + cos * d, angle=turn + leans)


class _Muzzle:
    """What comes out of it: for a moment a flame, or none; then smoke, or none."""

    def __init__(self, rng: Generator, shots: Times, size: float) -> None:
        flames, smokes = rng.random() < 0.5, rng.random() < 0.5
        self._shots = shots
        self._flame = limb(rng, size * rng.uniform(0.2, 0.9), 0.12 * size, 0.3 * size, 250)
        self._bright = rng.uniform(30, 230) if flames else 0.0
        self._lasts = rng.uniform(0.008, 0.04)
        self._smokes = [
            Smoke(rng, size * rng.uniform(0.4, 1.3), rng.uniform(120, 240), rng.uniform(0.4, 2.0), thick)
            for thick in ([rng.uniform(0.15, 0.7)] * 2 if smokes else [])
        ]
        self._size = size

    def draw(self, canvas: Canvas, x: float, y: float, reach: float, turn: float, time: float) -> None:
        """For a gun at (x, y) that is so long."""
        mx = x + reach * np.cos(turn) + 0.2 * self._size * np.sin(turn)
        my = y + reach * np.sin(turn) - 0.2 * self._size * np.cos(turn)
        before = self._shots[self._shots <= time][::-1]
        for smoke, shot in zip(self._smokes, before, strict=False):
            smoke.draw(canvas, x + reach, y - 0.2 * self._size, time - shot, (0.5 * self._size, 0.0))
        if self._bright and len(before) and time - before[0] < self._lasts:
            canvas.lay(self._flame, mx, my, angle=turn, opaque=min(self._bright / 150, 1))
            canvas.glow(mx, my, 0.5 * self._size, self._bright * 0.6)


def rifle(rng: Generator, seconds: float) -> Scene:
    """Someone who stands, seen whole or to the knees, shoots a rifle: a small jerk, smoke or dust or none."""
    shots = rested(rng, seconds, 3.0, 0.5) if rng.random() < 0.8 else volleys(rng, seconds)
    tall = float(np.exp(rng.uniform(np.log(0.2), np.log(0.8))))
    x, ground = rng.uniform(0.2, 0.6), HEIGHT * rng.uniform(0.8, 1.0)
    if tall > 0.45:
        ground = max(ground, HEIGHT * 0.15 + tall)
    place, near = backdrop(rng), beside(rng, seconds, 0.35)
    soldier = _Soldier(rng, tall)
    shove = tall * rng.uniform(0.008, 0.05)
    rise, back = rng.uniform(0.02, 0.05), rng.uniform(0.2, 0.6)
    climbs = rng.uniform(0.02, 0.16)
    walks = [wander(rng, seconds, rng.uniform(0.3, 1.0)) for _ in range(2)]
    still = tall * rng.uniform(0.002, 0.012)
    bolt = rng.uniform(0.35, 0.8) if rng.random() < 0.4 else 0.0
    lowered = _lowered(rng, shots) if rng.random() < 0.35 else _never
    muzzle, dust = _Muzzle(rng, shots, 0.22 * tall), _dust(rng, shots, tall)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        thrown, low = kicks(shots, time, rise, back), lowered(time)
        lean = still * at(walks[0], time)
        turn = -climbs * thrown + 0.5 * low + 1.5 * still / tall * at(walks[1], time)
        works = _works(since(shots, time), bolt)
        dust(canvas, x + 0.9 * tall, ground, time)
        reach = soldier.draw(canvas, x + lean, ground, (shove * thrown, turn, works))
        muzzle.draw(canvas, *reach, 0.45 * tall, turn, time)

    event = events_of(shots, "burst", min(x + 0.2 * tall, 1), max(ground - 0.75 * tall, 0))
    return Scene(draw, event, _shaken(rng, shots))


def _works(passed: float, bolt: float) -> float:
    """How far back the hand has drawn the bolt, 0 to 1; none for 0."""
    if not bolt or not bolt < passed < bolt + 0.9:
        return 0.0
    return min(eased((passed - bolt) / 0.35), eased((bolt + 0.9 - passed) / 0.35))


def _none(canvas: Canvas, x: float, ground: float, time: float) -> None:
    del canvas, x, ground, time


def _dust(rng: Generator, shots: Times, tall: float) -> Callable[[Canvas, float, float, float], None]:
    """Now and then the blast raises dust from the ground before the muzzle, or the ball far away does."""
    if rng.random() < 0.6:
        return _none
    puff = Smoke(rng, tall * rng.uniform(0.3, 0.9), rng.uniform(90, 220), rng.uniform(0.5, 2.0), 0.5)
    crumbs = Specks(rng, 20, 0.8 * tall, spread=0.9, fall=3 * tall, lasts=0.5)
    late = rng.uniform(0.0, 0.12)

    def draw(canvas: Canvas, x: float, ground: float, time: float) -> None:
        passed = since(shots, time - late)
        puff.draw(canvas, x, ground - 0.05 * tall, passed, (0.1 * tall, -0.05 * tall))
        crumbs.draw(canvas, x, ground - 0.03 * tall, passed, -60, 0.002)

    return draw


class _Soldier:
    """Legs, trunk, head, arms and the rifle; only what is above the hips is thrown back."""

    def __init__(self, rng: Generator, tall: float) -> None:
        cloth, skin = rng.uniform(15, 170), rng.uniform(70, 220)
        self._tall = tall
        self._legs = [
            limb(rng, 0.48 * tall, 0.12 * tall, 0.07 * tall, cloth * rng.uniform(0.8, 1.1)) for _ in "lr"
        ]
        self._trunk = limb(rng, 0.32 * tall, 0.17 * tall, 0.2 * tall, cloth)
        self._head = disc(rng, 0.13 * tall, skin, flat=1.2)
        self._hat = disc(rng, 0.16 * tall, rng.uniform(10, 150), flat=0.5)
        self._arms = [limb(rng, long * tall, 0.07 * tall, 0.05 * tall, cloth * 1.1) for long in (0.3, 0.2)]
        self._hand: Sprite = blob(rng, 0.07 * tall, 0.06 * tall, skin)
        self._rifle = limb(rng, 0.62 * tall, 0.045 * tall, 0.02 * tall, rng.uniform(10, 90))
        self._stands = rng.uniform(0.1, 0.35, 2)
        self._leans = rng.uniform(0.0, 0.2)

    def draw(
        self, canvas: Canvas, x: float, ground: float, moved: tuple[float, float, float]
    ) -> tuple[float, float]:
        """`moved`: thrown back so far, the rifle turned so, the bolt drawn so. Returns where it is held."""
        thrown, turn, works = moved
        tall = self._tall
        hips = ground - 0.46 * tall
        for leg, way in zip(self._legs, (-1, 1), strict=True):
            aside = self._stands[0] if way < 0 else self._stands[1]
            canvas.lay(leg, x - 0.15 * thrown, hips, angle=np.pi / 2 - way * aside)
        lean = self._leans - 1.6 * thrown / tall
        sx, sy = x + 0.33 * tall * np.sin(lean), hips - 0.33 * tall * np.cos(lean)
        canvas.lay(self._trunk, x - 0.2 * thrown, hips, angle=lean - np.pi / 2)
        nod = 0.6 * thrown
        canvas.lay(self._head, sx + 0.05 * tall - nod, sy - 0.1 * tall, angle=lean)
        canvas.lay(self._hat, sx + 0.05 * tall - nod, sy - 0.15 * tall, angle=lean - 2 * thrown)
        gx, gy = sx - 0.02 * tall - 0.5 * thrown, sy - 0.01 * tall
        canvas.lay(self._rifle, gx, gy, angle=turn)
        fx, fy = gx + 0.3 * tall * np.cos(turn), gy + 0.3 * tall * np.sin(turn)
        canvas.lay(self._arms[0], sx, sy + 0.03 * tall, angle=float(np.arctan2(fy - sy, fx - sx)))
        hx = gx + (0.14 - 0.1 * works) * tall
        hy = gy + 0.14 * tall * np.sin(turn) - 0.02 * works * tall
        canvas.lay(self._arms[1], sx - 0.03 * tall, sy + 0.12 * tall, angle=-0.5 + 0.5 * works)
        canvas.lay(self._hand, hx, hy)
        return gx + 0.17 * tall, gy + 0.17 * tall * np.sin(turn)
