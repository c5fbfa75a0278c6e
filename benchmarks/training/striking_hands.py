"""Hands at work: a knife that chops, drumsticks over a kit seen from above."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from benchmarks.training.beside import beside, shadow
from benchmarks.training.hands import Bone, Forearm, bone, forearm, knife_sprite
from benchmarks.training.scene import HEIGHT, Canvas, Scene, Sprite, events_of
from benchmarks.training.strokes import (
    Path,
    ease,
    gesture,
    hard,
    merged,
    rung,
    strokes,
    travel,
    value,
    with_pauses,
)
from benchmarks.training.textures import backdrop, blob, box, disc
from benchmarks.training.timing import Times, times


def knife(rng: Generator, seconds: float) -> Scene:
    """Something is chopped on a board; now and then the hands push it together, or wait."""
    beats = with_pauses(rng, seconds, _chops(rng, seconds))
    place, others = backdrop(rng), beside(rng, seconds)
    size = float(np.exp(rng.uniform(np.log(0.25), np.log(1.1))))
    x, y = rng.uniform(0.3, 0.7), rng.uniform(0.4, 0.8) * HEIGHT
    side = float(rng.choice([-1.0, 1.0]))
    board = box(rng, size * rng.uniform(0.5, 1.2), size * rng.uniform(0.1, 0.4))
    long = size * rng.uniform(0.3, 0.6)
    blade, lean = knife_sprite(rng, long), rng.uniform(-0.4, 0.6)
    rocks, high = rng.choice([0.0, 0.6, 1.0]), size * rng.uniform(0.03, 0.16)
    over = rng.uniform(-0.4, 0.4)
    height = strokes(rng, seconds, beats, hard(rng))
    moves, grips = (gesture(rng, seconds, beats, size * 0.08) for _ in range(2))
    food, cut = _food(rng, seconds, beats, size), rng.random() < 0.5
    progress = travel(
        seconds, beats, np.cumsum(rng.uniform(0, 2, len(beats))) * 0.25 * size / max(len(beats), 1)
    )
    skin = rng.uniform(40, 220)
    handle = (x - side * 0.85 * long * np.cos(lean), y - 0.85 * long * np.sin(lean) - 0.02 * size)
    right = forearm(rng, handle, _outward(rng, side), size * 0.22, fist=True, skin=skin)
    held = (x + side * 0.22 * size, y - 0.05 * size)
    left = forearm(rng, held, _outward(rng, -side), size * 0.22, fist=rng.random() < 0.5, skin=skin)
    has_left, dark = rng.random() < 0.8, rng.uniform(0, 0.5)
    shade = shadow(blade)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        up, done = value(height, time), side * value(progress, time)
        canvas.lay(board, x, y + 0.03 * size)
        moved = 0.0 if cut else -done
        food(canvas, x + moved, y, side, time)
        if has_left:
            grip = (
                held[0] + (done if cut else 0.3 * moved) + value(grips[0], time),
                held[1] + value(grips[1], time),
            )
            left.lay(canvas, grip)
        at = (done if cut else 0.0) + value(moves[0], time)
        lift = high * up
        tip = (x + at + over * lift, y - (1 - rocks) * lift + value(moves[1], time))
        angle = lean + rocks * lift / long
        flip = angle if side > 0 else -angle
        canvas.lay(shade, tip[0] + side * lift, y + 0.01, angle=flip, stretch=side, opaque=dark)
        canvas.lay(blade, *tip, angle=flip, stretch=side)
        hand = (
            tip[0] - side * 0.85 * long * np.cos(angle),
            tip[1] - 0.85 * long * np.sin(angle) - 0.02 * size,
        )
        right.lay(canvas, hand)

    return Scene(draw, events_of(beats, "strike", x, y))


def _chops(rng: Generator, seconds: float) -> Times:
    """Runs of quick blows with pauses between; or single slow ones."""
    if rng.random() < 0.25:
        return times(rng, seconds, 1.5, 0.3)
    found, time = [], rng.uniform(0.1, 1.2)
    step = 1 / rng.uniform(2.5, 7)
    while time < seconds - 0.02:
        for _ in range(rng.integers(3, 24)):
            found.append(time)
            time += step * np.exp(rng.normal(0, 0.08))
        time += rng.uniform(0.3, 2.0)
    return np.array([t for t in found if t < seconds - 0.02])


def _outward(rng: Generator, side: float) -> float:
    """Toward the edge of the picture that the arm comes from: its own side, below, or above."""
    return float(np.arctan2(rng.uniform(-0.5, 1.0), -side * rng.uniform(0.3, 1.0)))


def _food(
    rng: Generator, seconds: float, beats: Times, size: float
) -> Callable[[Canvas, float, float, float, float], None]:
    """What is chopped, and the slices that fall from it, each a little after its blow."""
    wide, tall = size * rng.uniform(0.12, 0.4), size * rng.uniform(0.05, 0.22)
    lump = blob(rng, wide, tall) if rng.random() < 0.7 else box(rng, wide, tall)
    slices = [blob(rng, size * rng.uniform(0.02, 0.08), tall * rng.uniform(0.5, 1)) for _ in range(4)]
    jump = rung(seconds, beats, 0.05, rng.uniform(8, 16)) * size * rng.uniform(0, 0.012)
    spread = rng.uniform(-0.5, 0.5, (len(slices), 2)) * size * 0.12
    light = slices[0].light.mean() / max(lump.light.mean(), 1)
    gain = float(np.clip(1 / light, 0.5, 2))

    def draw(canvas: Canvas, x: float, y: float, side: float, time: float) -> None:
        shake = value(jump, time)
        last = int(np.searchsorted(beats, time, side="right"))
        for n, piece in enumerate(slices[: min(last, len(slices))]):
            own = last - 1 - (last - 1 - n) % len(slices)
            fallen = float(ease(np.array((time - beats[own]) / 0.15))) if own >= 0 else 1.0
            there = (
                x - side * (0.03 * size + fallen * 0.04 * size) + spread[n, 0] * fallen,
                y + spread[n, 1] * 0.4,
            )
            canvas.lay(piece, there[0], there[1] - shake, angle=-side * fallen * 0.9, gain=gain)
        canvas.lay(lump, x + side * 0.4 * wide, y - 0.3 * tall - 0.5 * shake)

    return draw


def sticks(rng: Generator, seconds: float) -> Scene:
    """Two drumsticks over drums and cymbals seen from above; hands and forearms from the lower edge."""
    size = float(np.exp(rng.uniform(np.log(0.3), np.log(1.2))))
    middle = np.array([rng.uniform(0.35, 0.65), rng.uniform(0.3, 0.75) * HEIGHT])
    place, others = backdrop(rng), beside(rng, seconds)
    count = int(rng.integers(1, 8))
    spots = middle + size * np.stack([rng.uniform(-0.4, 0.4, count), rng.uniform(-0.25, 0.2, count)], 1)
    flat = rng.uniform(0.35, 1.0)
    hits = [with_pauses(rng, seconds, b) for b in _both(rng, seconds)]
    chosen = [
        rng.integers(0, count, len(b)) if rng.random() < 0.6 else np.full(len(b), k % count)
        for k, b in enumerate(hits)
    ]
    drums = [
        _Drum(
            rng,
            seconds,
            s,
            np.sort(np.concatenate([b[c == n] for b, c in zip(hits, chosen, strict=True)])),
            size,
            flat,
        )
        for n, s in enumerate(spots)
    ]
    arms = [
        _Stick(rng, seconds, b, spots[c], size, middle, k)
        for k, (b, c) in enumerate(zip(hits, chosen, strict=True))
    ]
    head = disc(rng, size * rng.uniform(0.2, 0.4)) if rng.random() < 0.25 else None
    beats = merged(np.concatenate(hits))
    nod = rung(seconds, beats[::2], 0.25, 1.8) * 0.02 * size
    below = middle[1] + 0.55 * size

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        others(canvas, time)
        for drum in drums:
            drum.draw(canvas, time)
        if head is not None:
            canvas.lay(head, middle[0], below - value(nod, time))
        for arm in arms:
            arm.draw(canvas, time)

    events = [
        e
        for n, s in enumerate(spots)
        for e in events_of(
            merged(np.concatenate([b[c == n] for b, c in zip(hits, chosen, strict=True)])), "strike", *s
        )
    ]
    kept = set(beats.tolist())
    return Scene(draw, tuple(e for e in sorted(events, key=lambda e: e.time) if e.time in kept))


def _both(rng: Generator, seconds: float) -> list[Times]:
    """The beats of each hand: alternately, in doubles, at once, one alone, or each its own pattern."""
    beats = times(rng, seconds, 0.9, rng.choice([0.1, 0.16, 0.25]))
    way = rng.choice(["alternate", "doubles", "unison", "one", "own"], p=[0.35, 0.15, 0.1, 0.15, 0.25])
    order = np.arange(len(beats))
    if way == "alternate":
        return [beats[order % 2 == 0], beats[order % 2 == 1]]
    if way == "doubles":
        return [beats[order % 4 < 2], beats[order % 4 >= 2]]
    if way == "unison":
        return [beats, beats[order % 2 == 0]]
    if way == "one":
        return [beats, beats[:0]]
    return [times(rng, seconds, 0.8, 0.18), times(rng, seconds, 1.6, 0.25)]


class _Drum:
    """A drum, or a cymbal that tips and sways for a while."""

    def __init__(
        self, rng: Generator, seconds: float, spot: Path, beats: Times, size: float, flat: float
    ) -> None:
        self._spot = spot
        wide = size * rng.uniform(0.12, 0.38)
        self._skin = disc(rng, wide, flat=flat * rng.uniform(0.8, 1.1))
        self._rim = disc(rng, wide * 1.08, flat=flat)
        cymbal = rng.random() < 0.4
        lasts, pace = (rng.uniform(0.2, 0.9), rng.uniform(1.5, 4)) if cymbal else (0.05, rng.uniform(8, 15))
        self._shake = rung(seconds, beats, lasts, pace) * (
            rng.uniform(0.02, 0.15) if cymbal else rng.uniform(0, 0.012)
        )
        self._wide, self._way = wide, rng.uniform(-1, 1)

    def draw(self, canvas: Canvas, time: float) -> None:
        shake = value(self._shake, time)
        x, y = self._spot[0] + self._way * shake * 0.2 * self._wide, self._spot[1] + shake * 0.3 * self._wide
        canvas.lay(self._rim, x, y, angle=0.3 * shake, stretch=1 - 0.5 * abs(shake))
        canvas.lay(self._skin, x, y, angle=0.3 * shake, stretch=1 - 0.5 * abs(shake), gain=1 + shake)


class _Stick:
    """A stick in its hand: its tip goes to the spots, its hand goes along a part of the way."""

    def __init__(
        self, rng: Generator, seconds: float, beats: Times, spots: Path, size: float, middle: Path, hand: int
    ) -> None:
        side = -1.0 if hand == 0 else 1.0
        aims = spots + rng.normal(0, 0.015 * size, (len(beats), 2)) + (side * 0.02 * size, 0)
        home = middle + np.array([side * 0.1 * size, 0])
        self._aim = [travel(seconds, beats, aims[:, k] if len(beats) else [home[k]]) for k in (0, 1)]
        self._up = strokes(rng, seconds, beats, hard(rng))
        self._away = gesture(rng, seconds, beats, size * 0.07)
        self._long = size * rng.uniform(0.22, 0.4)
        self._stick: Bone = bone(
            rng, self._long, size * rng.uniform(0.012, 0.028), size * 0.01, rng.uniform(20, 240)
        )
        self._shade: Sprite = shadow(self._stick.sprite)
        self._lift = size * np.array([side * rng.uniform(-0.05, 0.12), -rng.uniform(-0.03, 0.16)])
        self._back = size * np.array([side * rng.uniform(0, 0.05), rng.uniform(-0.08, 0.05)])
        self._turn = np.pi / 2 - side * rng.uniform(0.1, 0.9)
        start = (home[0] + self._long * np.cos(self._turn), home[1] + self._long * np.sin(self._turn))
        self._arm: Forearm = forearm(
            rng, start, self._turn + side * rng.uniform(-0.3, 0.3), size * 0.13, fist=True
        )
        self._dark, self._follows = rng.uniform(0, 0.45), rng.uniform(0.3, 0.9)
        self._middle = home

    def draw(self, canvas: Canvas, time: float) -> None:
        up = value(self._up, time)
        idle_x, idle_y, idle_up = (value(walk, time) for walk in self._away)
        aim = np.array([value(walk, time) for walk in self._aim]) + np.array([idle_x, idle_y])
        tip = aim + up * self._lift + (0, idle_up)
        from_home = aim - self._middle
        hand = (
            self._middle + from_home * 0.85 + self._long * np.array([np.cos(self._turn), np.sin(self._turn)])
        )
        hand = hand + up * self._follows * self._back
        ground = (aim[0] + 0.5 * up * abs(self._lift[1]), aim[1])
        Bone(self._shade, self._long).lay(canvas, (hand[0], hand[1] + 0.02), ground, opaque=self._dark)
        self._stick.lay(canvas, (hand[0], hand[1]), (tip[0], tip[1]))
        self._arm.lay(canvas, (hand[0], hand[1]))
