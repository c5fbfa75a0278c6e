"""Hands seen near: a fist that knocks, fingers on keys."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.beside import beside, shadow
from benchmarks.training.hands import bone, forearm
from benchmarks.training.scene import FINE, HEIGHT, Canvas, Scene, Sprite, events_of
from benchmarks.training.strokes import (
    Way,
    gesture,
    groups,
    hard,
    merged,
    roam,
    rung,
    soft,
    strokes,
    travel,
    value,
    with_pauses,
)
from benchmarks.training.textures import backdrop, box, disc
from benchmarks.training.timing import Times, times


def knock(rng: Generator, seconds: float) -> Scene:
    """A fist or a palm upon a door, a table, a wall, from any side."""
    beats = groups(rng, seconds, 7, 2.5, 6) if rng.random() < 0.7 else times(rng, seconds, 1.5, 0.2)
    beats = with_pauses(rng, seconds, beats)
    place, others = backdrop(rng), beside(rng, seconds)
    size = float(np.exp(rng.uniform(np.log(0.04), np.log(0.35))))
    x, y = rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.75) * HEIGHT
    toward = float(rng.choice([0.0, np.pi, np.pi / 2]) + rng.normal(0, 0.3))
    way = np.array([np.cos(toward), np.sin(toward)])
    thing = box(rng, rng.uniform(0.05, 0.6), rng.uniform(0.3, 1.2))
    half = thing.mask.shape[1] / 2 / FINE
    fist = rng.random() < 0.7
    gap = 0.36 * size if fist else 0.08 * size
    flat_on = rng.random() < 0.3
    side = float(rng.choice([-1.0, 1.0])) * rng.uniform(0.2, 1.3)
    home = (x - way[0] * gap, y - way[1] * gap)
    hand = forearm(rng, home, toward + np.pi + (side if fist else 0.4 * side), size, fist=fist)
    height, high = (
        strokes(rng, seconds, beats, hard(rng) if fist else soft(rng)),
        size * rng.uniform(0.3, 1.3),
    )
    moves = gesture(rng, seconds, beats, size * rng.uniform(0.1, 0.6))
    jump = rung(seconds, beats, 0.05, rng.uniform(9, 16)) * size * rng.uniform(0, 0.03)
    shade, dark, turn = shadow(hand.hand), rng.uniform(0, 0.5), rng.uniform(0, 0.5) * np.sign(side)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        shake, up = value(jump, time), value(height, time)
        back = half * (0.0 if flat_on else 1.0) + shake
        canvas.lay(thing, x + way[0] * back, y + way[1] * back, angle=toward)
        away = high * up + abs(value(moves[0], time))
        aside = value(moves[1], time)
        at = (home[0] - way[0] * away - way[1] * aside, home[1] - way[1] * away + way[0] * aside)
        canvas.lay(shade, at[0] + 0.5 * away, at[1] + 0.7 * away, angle=toward, opaque=dark)
        hand.lay(canvas, at, turn=turn * up)

    return Scene(draw, events_of(beats, "strike", x, y))


def typing(rng: Generator, seconds: float) -> Scene:
    """Two hands, or one, on a keyboard."""
    beats = groups(rng, seconds, 9, 3, 25) if rng.random() < 0.7 else times(rng, seconds, 1.0, 0.12)
    return _keys(rng, seconds, beats, drift=0.03, piano=False)


def keys(rng: Generator, seconds: float) -> Scene:
    """Two hands, or one, on a piano: chords, runs, and leaps."""
    beats = times(rng, seconds, 1.0, 0.12)
    return _keys(rng, seconds, beats, drift=rng.uniform(0.1, 0.9), piano=True)


def _keys(rng: Generator, seconds: float, beats: Times, *, drift: float, piano: bool) -> Scene:
    beats = with_pauses(rng, seconds, beats)
    place, others = backdrop(rng), beside(rng, seconds)
    size = float(np.exp(rng.uniform(np.log(0.08), np.log(0.4))))
    x, y = rng.uniform(0.3, 0.7), rng.uniform(0.35, 0.7) * HEIGHT
    board = _board(rng, size, piano=piano)
    turn = rng.normal(0, 0.25)
    which = rng.integers(0, 2, len(beats)) if rng.random() < 0.8 else np.zeros(len(beats), int)
    shares = [beats[which == n] for n in (0, 1)]
    if piano and rng.random() < 0.4:
        shares[1] = beats[::2]
    hands = [_Fingers(rng, seconds, share, (x, y), size, n, drift, piano) for n, share in enumerate(shares)]
    shown = hands if rng.random() < 0.85 or len(shares[1]) else hands[:1]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        canvas.lay(board, x, y, angle=turn)
        for hand in shown:
            hand.draw(canvas, time)

    return Scene(draw, events_of(merged(np.concatenate(shares)), "strike", x, y))


def _board(rng: Generator, size: float, *, piano: bool) -> Sprite:
    """Keys in rows; or white ones with black ones between."""
    board = box(
        rng, min(size * rng.uniform(3.5, 7), 2.5), size * rng.uniform(0.8, 1.4), 225.0 if piano else None
    )
    rows, columns = board.light.shape
    pitch = max(round(size * FINE * (0.2 if piano else 0.16)), 3)
    joint = rng.uniform(10, 90) if piano else rng.uniform(-60, 60) + board.light.mean()
    board.light[:, ::pitch] = joint
    if piano:
        for n, left in enumerate(range(0, columns, pitch)):
            if n % 7 not in (0, 3):
                cv2.rectangle(
                    board.light, (left - pitch // 4, 0), (left + pitch // 4, round(rows * 0.6)), 20.0, -1
                )
    else:
        board.light[::pitch] = joint
    return board


class _Fingers:
    """A hand of five fingers, each with its own presses; it drifts along the keys."""

    def __init__(
        self,
        rng: Generator,
        seconds: float,
        beats: Times,
        middle: tuple[float, float],
        size: float,
        n: int,
        drift: float,
        piano: bool,
    ) -> None:
        side = -1.0 if n == 0 else 1.0
        skin = rng.uniform(60, 220)
        self._size, self._side = size, side
        self._home = (
            middle[0] + side * size * rng.uniform(0.6, 1.1),
            middle[1] + size * rng.uniform(0.35, 0.6),
        )
        self._arm = forearm(
            rng, self._home, np.pi / 2 - side * rng.uniform(0, 0.7), size, fist=True, skin=skin
        )
        self._palm = disc(rng, 0.62 * size, skin, flat=rng.uniform(0.6, 0.9))
        self._bones = [
            bone(rng, 0.5 * size, 0.13 * size, 0.1 * size, skin * rng.uniform(0.9, 1.1)) for _ in range(5)
        ]
        played = rng.integers(0, 5, len(beats))
        chord = rng.random(len(beats)) < (0.35 if piano else 0.0)
        fall = rng.uniform(0.035, 0.09)
        way = Way(
            fall, 1.6, rng.uniform(0, 0.4), rng.uniform(0, 0.5), rng.uniform(0, 0.08), fall * 1.5, 0.5, 0.2
        )
        self._ups = [
            strokes(rng, seconds, beats[(played == f) | (chord & ((played + 2) % 5 == f))], way)
            for f in range(5)
        ]
        walk = np.cumsum(rng.normal(0, drift, len(beats)))
        walk = np.clip(walk - (walk.mean() if len(walk) else 0), -1.5, 1.5) * size
        self._along = travel(seconds, beats, walk if len(walk) else [0.0])
        self._idle = gesture(rng, seconds, beats, size * rng.uniform(0.05, 0.4))
        self._bob = -rung(seconds, beats, 0.06, 3.0) * size * rng.uniform(0, 0.12) * (1.0 if piano else 0.4)
        self._high = size * rng.uniform(0.06, 0.25)
        self._press = self._high * rng.uniform(0.1, 0.7)
        self._small = [roam(rng, seconds, 2.0) * size * 0.012 for _ in range(2)]

    def draw(self, canvas: Canvas, time: float) -> None:
        x = (
            self._home[0]
            + value(self._along, time)
            + value(self._idle[0], time)
            + value(self._small[0], time)
        )
        y = (
            self._home[1]
            - abs(value(self._idle[1], time))
            - value(self._bob, time)
            + value(self._small[1], time)
        )
        y -= self._press * min(value(up, time) for up in self._ups)
        self._arm.lay(canvas, (x, y + 0.25 * self._size))
        for n, (part, up) in enumerate(zip(self._bones, self._ups, strict=True)):
            spread = (n - 2) * 0.18 * self._size * -self._side
            short = 0.75 if n == 0 else 1.0 - 0.04 * abs(n - 2)
            root = (x + 0.7 * spread, y - 0.1 * self._size + (0.18 * self._size if n == 0 else 0))
            lift = self._high * value(up, time)
            part.lay(canvas, root, (x + 1.25 * spread, root[1] - 0.45 * short * self._size - lift))
        canvas.lay(self._palm, x, y)
