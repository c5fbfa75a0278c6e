"""Things that are put down by a hand, dropped, thrown into water, or break; and strikes that are only felt.

Taking a thing up, and a hand that leaves it, are not heard.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from benchmarks.training.bystanders import Arm, beside
from benchmarks.training.flights import Leg, Path, Touch, bouncing, rested, since, tremble
from benchmarks.training.scattered import Pieces, Specks, splinters
from benchmarks.training.scene import FINE, HEIGHT, Canvas, Event, Light, Scene, Sprite, events_of
from benchmarks.training.textures import backdrop, blob, box, disc, limb, outlined
from benchmarks.training.timing import at, eased, wander


def thing(rng: Generator, size: float) -> Sprite:
    """A cup, a plate, a box, a book, a bottle: its anchor is its middle."""
    way = rng.integers(4)
    if way == 0:
        return disc(rng, size, flat=rng.uniform(0.2, 1))
    return blob(rng, size, size) if way == 1 else box(rng, size, size * rng.uniform(0.15, 1.6))


def set_down(rng: Generator, seconds: float) -> Scene:
    """A hand brings a thing, puts it down, lets go and leaves; comes again and takes it away or leaves it."""
    beats = rested(rng, seconds, 3.5, 0.9)
    y, size = HEIGHT * rng.uniform(0.55, 0.85), rng.uniform(0.05, 0.25)
    things = [thing(rng, size) for _ in range(3)]
    spots = rng.uniform(0.25, 0.75, len(beats))
    arm, pitch = Arm(rng, 0.7, rng.uniform(0.03, 0.1)), rng.uniform(-1.3, 0.4)
    comes, grips, leaves = rng.uniform(0.25, 0.8), rng.uniform(0.05, 0.3), rng.uniform(0.3, 0.8)
    hard, takes = rng.uniform(0.3, 1.0), rng.random() < 0.4
    place, near, table = backdrop(rng), beside(rng, seconds), box(rng, 1.7, 0.5)
    from_ = np.array([rng.uniform(0.2, 0.6), -rng.uniform(0.1, 0.35)])
    rattle = rng.uniform(0, 0.08) if rng.random() < 0.3 else 0.0

    def away(time: float, number: int) -> tuple[float, float]:
        """How far the thing and the hand are from where it is put: 0 to 1 each."""
        left = beats[number] - time
        if left > 0:
            share = min(left / min(comes, 0.4 * _gap(beats, number)), 1.0)
            down = (1 - hard) * eased(share) + hard * (1 - (1 - share) ** 2) * share
            return down, down
        until_next = _gap(beats, number + 1)
        taken = eased((-left - 0.35 * until_next) / (0.2 * until_next)) if takes else 0.0
        hand = eased((-left - grips) / min(leaves, 0.3 * until_next))
        if takes:
            hand *= 1 - eased((-left - 0.25 * until_next) / (0.1 * until_next)) if taken == 0 else taken
        return taken, max(hand, taken)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        canvas.lay(table, 0.5, y + 0.25)
        coming = int(np.searchsorted(beats, time, side="right"))
        first = max(coming - 1, 0)
        for number in range(max(first - 2, 0) if not takes else first, min(coming + 1, len(beats))):
            moved, _ = away(time, number)
            if number == coming and beats[number] - time > 0.4 * _gap(beats, number):
                continue
            sprite = things[number % 3]
            tall = (sprite.mask.shape[0] - 4) / 2 / FINE
            shake = rattle * tremble(time - beats[number], 8, 0.08)
            canvas.lay(sprite, spots[number] + from_[0] * moved, y - tall + from_[1] * moved, angle=shake)
        active = coming if coming < len(beats) and beats[coming] - time < 0.4 * _gap(beats, coming) else first
        _, hand = away(time, active)
        tall = (things[active % 3].mask.shape[0] - 4) / FINE
        arm.draw(canvas, spots[active] + 1.2 * from_[0] * hand, y - 0.8 * tall + from_[1] * hand, pitch)

    events = [Event(float(b), "strike", float(x), y) for b, x in zip(beats, spots, strict=True)]
    return Scene(draw, tuple(events))


def _gap(beats: np.ndarray[tuple[int, ...], np.dtype[np.float64]], number: int) -> float:
    """Seconds between this one and the one before, at the ends three."""
    return float(beats[number] - beats[number - 1]) if 0 < number < len(beats) else 3.0


def dropped(rng: Generator, seconds: float) -> Scene:
    """Things that fall, from a hand or from beyond the picture, strike the floor, tumble and lie there."""
    starts = rested(rng, seconds, 3.0, 0.6)[:8]
    floor, fall = HEIGHT * rng.uniform(0.6, 0.88), np.exp(rng.uniform(np.log(1.5), np.log(10)))
    size, x, back = rng.uniform(0.03, 0.2), rng.uniform(0.3, 0.7), rng.uniform(0.05, 0.45)
    place, near, ground = backdrop(rng), beside(rng, seconds), box(rng, 1.7, 0.5)
    fallen: list[tuple[Sprite, Path, float, float, float]] = []
    touches: list[Touch] = []
    for start in starts:
        sprite = thing(rng, size)
        tall = (min(sprite.mask.shape) - 4) / 2 / FINE
        leg = Leg(
            float(start), x + rng.normal(0, 0.08), rng.uniform(-0.1, 0.15), rng.normal(0, 0.1), 0, float(fall)
        )
        path, found = bouncing(leg, seconds, floor=floor - tall, back=back)
        last = found[-1].time if found else seconds
        touches += found
        legs = [each for each in path.legs if each.begins < last + 1e-6]
        rest = Leg(last, *path.at(last))
        fallen.append((sprite, Path([*legs[:-1], rest] if found else legs), rng.normal(0, 6), last, start))
    arm = Arm(rng, 0.6, rng.uniform(0.03, 0.08)) if rng.random() < 0.4 else None
    walk = wander(rng, seconds, 0.7)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        canvas.lay(ground, 0.5, floor + 0.25)
        for sprite, path, turn, last, start in fallen:
            if time > start - 0.4:
                spin = turn * (np.clip(time, start, last) - start)
                spin -= eased((time - last + 0.15) / 0.15) * (spin % (np.pi / 2))
                px, py = path.at(time)
                canvas.lay(sprite, px, py - 0.3 * eased((start - time) / 0.4), angle=float(spin))
        if arm is not None:
            arm.draw(canvas, x + 0.01 * at(walk, time), 0.07, -1.0 + 0.1 * at(walk, time))

    return Scene(draw, tuple(Event(t.time, "strike", t.x, t.y) for t in touches if t.time < seconds))


def breaking(rng: Generator, seconds: float) -> Scene:
    """Pots, panes or boards that stand in a row and burst one by one, by a stone or a shot from nowhere."""
    beats = rested(rng, seconds, 3.5, 0.4)[:6]
    size, floor = rng.uniform(0.06, 0.25), HEIGHT * rng.uniform(0.65, 0.88)
    spots = 0.5 + (np.arange(len(beats)) - len(beats) / 2 + 0.5) * min(1.3 * size, 0.8 / len(beats))
    rng.shuffle(spots)
    high = floor - rng.uniform(0.0, 0.25)
    shelf, light = box(rng, 1.0, 0.015), rng.uniform(20, 240)
    pots = [blob(rng, size, size * 1.1, light) for _ in beats]
    flies = rng.random() < 0.5
    speed, fall = rng.uniform(0.3, 2.0), rng.uniform(1.5, 7)
    stone, comes = disc(rng, 0.02), rng.uniform(1, 4)
    pieces = [
        Pieces(
            rng,
            splinters(rng, int(rng.integers(6, 12)), 0.3 * size, light),
            float(beat),
            (float(x), high - size / 2),
            speed=speed,
            fall=fall,
            floor=floor,
            extent=(size, size),
        )
        for beat, x in zip(beats, spots, strict=True)
    ]
    dust = [Specks(rng, 25, speed, fall=fall, drag=1.5, lasts=0.5) for _ in beats]
    bright = float(rng.choice([-60, 90]))
    place, near = backdrop(rng), beside(rng, seconds)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        canvas.lay(shelf, 0.5, high + 0.012)
        for number, (beat, x) in enumerate(zip(beats, spots, strict=True)):
            if time < beat:
                canvas.lay(pots[number], x, high - 0.55 * size)
                if flies and beat - time < 0.8:
                    left = beat - time
                    canvas.lay(stone, x + comes * left, high - size / 2 + 0.3 * left * comes)
            else:
                pieces[number].draw(canvas, time)
                dust[number].draw(canvas, x, high - size / 2, time - beat, bright, 0.002)

    events = [Event(float(b), "strike", float(x), high) for b, x in zip(beats, spots, strict=True)]
    return Scene(draw, tuple(events))


def splash(rng: Generator, seconds: float) -> Scene:
    """Stones that fall into water, seen slantwise or from above: drops spring up, rings spread."""
    beats = rested(rng, seconds, 3.0, 0.5)[:9]
    flat, shore = rng.uniform(0.15, 1.0), HEIGHT * rng.uniform(0.05, 0.5)
    size, fall = rng.uniform(0.02, 0.09), rng.uniform(1.5, 6)
    spots = np.stack([rng.uniform(0.25, 0.75, len(beats)), rng.uniform(shore + 0.08, 0.48, len(beats))], 1)
    water, ring, stone = box(rng, 1.7, 1.0), _ring(rng), blob(rng, size, size)
    waves = [limb(rng, rng.uniform(0.1, 0.4), 0.008) for _ in range(6)]
    homes = np.stack([rng.uniform(0, 0.9, 6), rng.uniform(shore, HEIGHT, 6)], 1)
    walks = [wander(rng, seconds, 0.8) for _ in waves]
    drops = [
        Specks(rng, 30, 6 * size * rng.uniform(2, 4), spread=0.7, fall=fall, drag=0.8, lasts=0.6)
        for _ in beats
    ]
    pace, drift = rng.uniform(0.05, 0.3), rng.normal(0, 0.2)
    bright = rng.uniform(60, 170)
    place, near = backdrop(rng), beside(rng, seconds)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        canvas.lay(water, 0.5, shore + 0.5)
        for wave, (x, y), walk in zip(waves, homes, walks, strict=True):
            canvas.lay(wave, x + 0.02 * at(walk, time), y, opaque=0.25)
        for beat, (x, y), spray in zip(beats, spots, drops, strict=True):
            passed = time - beat
            if -0.9 < passed < 0:
                canvas.lay(stone, x + drift * passed, y - 0.4 * -passed - fall / 2 * passed * passed * flat)
            for number in range(3):
                spread = pace * (passed - 0.25 * number)
                if spread > 0 and passed < 2.5:
                    grown, strong = 0.012 + spread, np.exp(-passed / 0.9) * 0.7**number
                    canvas.lay(
                        ring, x, y, scale=2 * grown * flat, stretch=1 / flat, opaque=float(0.8 * strong)
                    )
            spray.draw(canvas, x, y, passed, bright, 0.003)
        near(canvas, time)

    events = [Event(float(b), "strike", *map(float, at)) for b, at in zip(beats, spots, strict=True)]
    return Scene(draw, tuple(events))


def _ring(rng: Generator) -> Sprite:
    """A ring as wide as the picture."""
    side = FINE + 4
    away = np.hypot(*np.meshgrid(*[np.arange(side) - side / 2] * 2)) / (FINE / 2)
    mask: Light = np.exp(-np.square((away - 0.9) / 0.06)).astype(np.float32)
    return outlined(rng, mask, (side / 2, side / 2), float(rng.choice([20, 230])))


def jerky_camera(rng: Generator, seconds: float) -> Scene:
    """Strikes beyond the picture: only a jolt is seen, of the camera or of things that stand there."""
    beats = rested(rng, seconds, 3.0, 0.25)
    things = [thing(rng, rng.uniform(0.05, 0.3)) for _ in range(5)]
    places = np.stack([rng.uniform(0.15, 0.85, 5), rng.uniform(0.15, 0.5, 5)], 1)
    felt = rng.choice(["camera", "things", "both"])
    shakes = rng.uniform(0.003, 0.015) * (felt != "camera")
    paces, fades = rng.uniform(4, 16, 5), rng.uniform(0.05, 0.3)
    place, near = backdrop(rng), beside(rng, seconds, 0.4)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        passed = since(beats, time)
        for sprite, (x, y), pace in zip(things, places, paces, strict=True):
            shake = shakes * tremble(passed, pace, fades)
            canvas.lay(sprite, x, y - abs(shake), angle=4 * shake)
        near(canvas, time)

    strength = float(rng.uniform(0.35, 1.0))
    jolts = tuple((float(beat), strength) for beat in beats) if felt != "things" else ()
    return Scene(draw, events_of([float(b) for b in beats], "strike"), jolts)
