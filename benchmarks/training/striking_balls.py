"""Balls that bounce, run against walls, are caught and thrown, and fly into nets."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from benchmarks.training.bystanders import Arm, beside
from benchmarks.training.flights import Leg, Path, Touch, bouncing, rested, since, tremble, until
from benchmarks.training.scene import HEIGHT, Canvas, Event, Scene, Sprite, events_of
from benchmarks.training.textures import backdrop, box, disc
from benchmarks.training.timing import eased


def ball(rng: Generator, seconds: float) -> Scene:
    """Balls seen from the side that are thrown in and bounce, against walls too, until they roll."""
    fall, fast = np.exp(rng.uniform(np.log(1.0), np.log(12.0))), rng.random() < 0.35
    floor = HEIGHT * rng.uniform(0.6, 0.9)
    walls = (-0.3, rng.uniform(0.6, 0.9)) if rng.random() < 0.4 else (-np.inf, np.inf)
    size, back = rng.uniform(0.02, 0.16), rng.uniform(0.45, 0.9)
    place, near = backdrop(rng), beside(rng, seconds)
    ground, wall = box(rng, 1.7, 0.6), box(rng, 0.4, 1.2)
    shadow = disc(rng, size, 0, flat=0.25)
    balls: list[tuple[Sprite, Path, float]] = []
    touches: list[Touch] = []
    starts = rested(rng, seconds, 3.5, 0.8)
    for start in [*starts] if len(starts) < 7 else starts[:7]:
        leg = _thrown(rng, float(start), float(fall), floor - size / 2, fast)
        path, found = bouncing(
            leg, seconds, floor=floor - size / 2, back=back, walls=(walls[0], walls[1] - size / 2)
        )
        balls.append((disc(rng, size), path, rng.normal(0, 12)))
        touches += [touch for touch in found if 0 < touch.x < 1 and 0 < touch.y < HEIGHT]
    squeeze = rng.uniform(0, 0.4)
    touched = np.array(sorted(touch.time for touch in touches))

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        canvas.lay(ground, 0.5, floor + 0.3)
        if np.isfinite(walls[1]):
            canvas.lay(wall, walls[1] + 0.2 + 0.002 * tremble(since(touched, time), 12, 0.05), 0.28)
        near(canvas, time)
        for sprite, path, turn in balls:
            if time < path.legs[0].begins:
                continue
            x, y = path.at(time)
            high = max(floor - size / 2 - y, 0.0)
            canvas.lay(shadow, x + 0.3 * high, floor, opaque=float(0.5 * np.exp(-6 * high)))
            flat = 1 + squeeze * max(1 - high / (0.15 * size), 0.0) if _quick(path, time) else 1.0
            if flat > 1:
                canvas.lay(sprite, x, y + 0.2 * size * (flat - 1), stretch=flat, scale=1 / flat**0.5)
            else:
                canvas.lay(sprite, x, y, angle=turn * time)

    return Scene(draw, tuple(Event(t.time, "strike", t.x, t.y) for t in touches))


def _thrown(rng: Generator, when: float, fall: float, floor: float, fast: bool) -> Leg:
    """Into the picture: dropped from above, thrown in an arc from the side, or shot across."""
    if fast:
        return Leg(
            when, -0.1, floor - rng.uniform(0.05, 0.4), rng.uniform(1.2, 5), rng.uniform(-0.4, 1.5), fall
        )
    if rng.random() < 0.5:
        return Leg(when, rng.uniform(0.2, 0.8), rng.uniform(-0.15, 0.1), rng.normal(0, 0.08), 0.0, fall)
    return Leg(when, -0.1, rng.uniform(0.0, 0.3), rng.uniform(0.2, 0.9), -rng.uniform(0, 0.6), fall)


def _quick(path: Path, time: float) -> bool:
    """Whether it flies, and does not roll."""
    return path.legs[max(int(np.searchsorted([leg.begins for leg in path.legs], time)) - 1, 0)].fall > 0


def dribble(rng: Generator, seconds: float) -> Scene:
    """A ball that a hand bounces, seen from the side or from above."""
    gap = rng.uniform(0.3, 0.9)
    beats = rested(rng, seconds, 1.1 * gap, 0.9 * gap) if rng.random() < 0.5 else rested(rng, seconds, 1, 0.3)
    above = rng.random() < 0.4
    size, high = rng.uniform(0.06, 0.2), rng.uniform(0.12, 0.35)
    x, floor = rng.uniform(0.25, 0.75), HEIGHT * rng.uniform(0.7, 0.92)
    place, near, sprite = backdrop(rng), beside(rng, seconds), disc(rng, size)
    arm, shadow = Arm(rng, rng.uniform(0.3, 0.6), rng.uniform(0.04, 0.09)), disc(rng, size, 0, flat=0.9)
    pitch = rng.uniform(-1.4, -0.3)

    def up(time: float) -> float:
        """From 0, on the floor, to 1, in the hand, where it stays for as long as it is not bounced."""
        passed, left = since(beats, time), until(beats, time)
        quick = min(0.28, (passed + left) / 2)
        near_ = min(passed, left)
        return float(1 - (1 - near_ / quick) ** 2) if near_ < quick else 1.0

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        lift = up(time)
        if above:
            canvas.lay(shadow, x + 0.2 * lift, floor - 0.1 + 0.1 * lift, opaque=0.35)
            canvas.lay(sprite, x, floor - 0.1, scale=0.7 + 0.6 * lift, angle=3 * time)
            arm.draw(canvas, x, floor - 0.1, pitch + 0.15 * lift)
            return
        canvas.lay(shadow, x, floor, scale=1 - 0.3 * lift, stretch=1.0, opaque=0.3)
        canvas.lay(sprite, x, floor - size / 2 - high * lift, angle=2 * time)
        arm.draw(canvas, x + 0.02, floor - size - 0.03 - high * (0.72 + 0.28 * lift), pitch)

    return Scene(draw, events_of([float(b) for b in beats], "strike", x, floor - 0.1 * above))


def catch(rng: Generator, seconds: float) -> Scene:
    """Balls thrown from hand to hand: a catch is heard, a throw is not."""
    hands = (rng.uniform(0.08, 0.35), rng.uniform(0.65, 0.92))
    level, fall = HEIGHT * rng.uniform(0.5, 0.85), rng.uniform(1.5, 7)
    size = rng.uniform(0.025, 0.1)
    gives, rests = rng.uniform(0.01, 0.05), rng.uniform(0.15, 1.5)
    throws: list[tuple[float, float, int]] = []
    time, side = rng.uniform(0.1, 1.5), 0
    while time < seconds:
        flies = rng.uniform(0.25, 0.75) if rng.random() < 0.8 else rng.uniform(0.1, 0.25)
        throws.append((time, time + flies, side))
        side = 1 - side
        time += flies + rests * rng.uniform(0.6, 2.0)
    place, near, sprite = backdrop(rng), beside(rng, seconds), disc(rng, size)
    arms = [Arm(rng, rng.uniform(0.3, 0.6), rng.uniform(0.03, 0.08)) for _ in "lr"]
    angles = (rng.uniform(1.6, 2.9), rng.uniform(0.2, 1.5))

    def dips(time: float, hand: int) -> float:
        """How far the hand goes down with the caught ball, and in drawing back for a throw."""
        down = 0.0
        for threw, caught, side in throws:
            if 0 <= time - caught < 1 and side != hand:
                down += gives * _give(time - caught)
            if side == hand and abs(time - threw) < 0.3:
                down += gives * (eased((time - threw + 0.3) / 0.2) - 2 * eased((time - threw + 0.1) / 0.12))
                down += gives * eased((time - threw) / 0.3)
        return down

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        before = [throw for throw in throws if throw[0] <= time]
        threw, caught, side = before[-1] if before else (-1.0, -0.5, 1)
        if time < caught:
            share, flies = (time - threw) / (caught - threw), caught - threw
            x = hands[side] + share * (hands[1 - side] - hands[side])
            y = level - fall / 2 * flies * flies * share * (1 - share) + (1 - share) * dips(threw, side)
        else:
            x, y = hands[1 - side], level + dips(time, 1 - side)
        for hand in (0, 1):
            below = level + size / 2 + 0.01 + dips(time, hand)
            arms[hand].draw(canvas, hands[hand], below, angles[hand])
        canvas.lay(sprite, x, y, angle=6 * time)

    events = [Event(c, "strike", hands[1 - s], level) for _, c, s in throws if c < seconds]
    return Scene(draw, tuple(events))


def _give(passed: float) -> float:
    """A hand that gives way to what it catches, and comes back."""
    return float(min(passed / 0.06, 1) * (1 - eased((passed - 0.08) / 0.35)))


def net(rng: Generator, seconds: float) -> Scene:
    """Balls shot across the picture into a net or against a board, which give way and swing."""
    hits = rested(rng, seconds, 2.5, 0.6)
    x, y = rng.uniform(0.55, 0.88), HEIGHT * rng.uniform(0.25, 0.75)
    speed, size = np.exp(rng.uniform(np.log(0.5), np.log(5))), rng.uniform(0.015, 0.08)
    place, near, sprite = backdrop(rng), beside(rng, seconds), disc(rng, size)
    board = box(rng, rng.uniform(0.02, 0.08), rng.uniform(0.2, 0.6))
    soft = rng.random() < 0.5
    gives, pace = (rng.uniform(0.02, 0.08), 1.5) if soft else (rng.uniform(0.001, 0.01), rng.uniform(6, 14))
    back, fall = 0.05 if soft else rng.uniform(0.2, 0.7), rng.uniform(1.5, 7)
    spots = y + rng.normal(0, 0.04, len(hits))

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        off = gives * tremble(since(hits, time), pace, 0.3 if soft else 0.12)
        canvas.lay(board, x + size / 2 + 0.02 + off, y, angle=0.5 * off)
        for hit, spot in zip(hits, spots, strict=True):
            passed = time - hit
            if -2 < passed < 0:
                canvas.lay(sprite, x + speed * passed, spot + 0.1 * passed * speed, angle=9 * time)
            elif 0 <= passed < 1.5:
                given = off if soft and passed < 0.15 else 0.0
                fell = spot + fall * passed * passed / 2
                canvas.lay(sprite, x - back * speed * passed + given, fell, angle=5 * time)

    return Scene(draw, events_of([float(hit) for hit in hits], "strike", x, y))
