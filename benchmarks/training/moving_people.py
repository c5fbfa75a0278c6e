"""People who strike nothing: who talk, stand and walk about in crowds, and dance without a stamp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from benchmarks.training.motions import Motion, away, gestures, swaying, travelled
from benchmarks.training.people import figure, talker
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import HEIGHT, Canvas, Scene, Sprite
from benchmarks.training.textures import box, disc, limb

Draw = Callable[[Canvas, float], None]


def talking(rng: Generator, seconds: float) -> Scene:
    """One to three people from the chest upward; maybe behind a table, or with a ticker below."""
    place = anywhere(rng)
    many = int(rng.choice([1, 2, 3], p=[0.6, 0.3, 0.1]))
    size = float(np.exp(rng.uniform(np.log(0.07), np.log(0.42)))) / many**0.5
    line = rng.uniform(0.2, 0.45) * HEIGHT
    spots = 0.5 + (np.arange(many) - (many - 1) / 2) * rng.uniform(0.28, 0.42) + rng.normal(0, 0.04, many)
    people = [talker(rng, seconds, float(x), line + rng.normal(0, 0.02), size) for x in spots]
    table = box(rng, 1.9, 0.6) if rng.random() < 0.35 else None
    edge = line + size * rng.uniform(1.7, 2.6)
    ticker = _ticker(rng, seconds) if rng.random() < 0.12 else None

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for person in people:
            person.draw(canvas, time)
        if table is not None:
            canvas.lay(table, 0.5, edge + 0.3)
        if ticker is not None:
            ticker(canvas, time)

    return Scene(draw)


def _ticker(rng: Generator, seconds: float) -> Draw:
    """A band of words that runs along the lower edge."""
    band = box(rng, 1.8, 0.07, rng.uniform(10, 80))
    words = [box(rng, rng.uniform(0.02, 0.09), 0.02, 230) for _ in range(14)]
    speed = rng.uniform(0.05, 0.25)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.lay(band, 0.5, 0.5)
        for number, word in enumerate(words):
            canvas.lay(word, (number * 0.11 - speed * time) % 1.54 - 0.27, 0.5)

    return draw


@dataclass(frozen=True)
class _One:
    """Somebody in a crowd, whose feet are at `down`, or below the picture."""

    body: Sprite
    head: Sprite
    arm: Sprite | None
    x: float
    down: float
    tall: float
    way: Motion
    shift: Motion
    nod: Motion
    lift: Motion

    def draw(self, canvas: Canvas, time: float) -> None:
        x = self.x + self.way(time)
        x = (x + 0.5) % 2.0 - 0.5
        aside, nod = self.tall * self.shift(time), self.nod(time)
        up = self.down - self.tall * 0.82
        canvas.lay(self.body, x, self.down, angle=0.5 * self.shift(time) - np.pi / 2)
        if self.arm is not None:
            canvas.lay(
                self.arm, x + 0.09 * self.tall + 0.5 * aside, up + 0.07 * self.tall, angle=self.lift(time)
            )
        canvas.lay(
            self.head,
            x + 0.5 * aside + 0.02 * self.tall * nod,
            up - 0.05 * self.tall + 0.01 * self.tall * nod,
        )


def crowd(rng: Generator, seconds: float) -> Scene:
    """Many people, near and far: some stand and shift, some walk to and fro, some raise their arms."""
    place = anywhere(rng)
    many = int(rng.integers(6, 28))
    near = float(np.exp(rng.uniform(np.log(0.12), np.log(0.9))))
    line = rng.uniform(0.25, 0.6) * HEIGHT
    walking, excited = rng.choice([0.0, 0.3, 0.9]), float(np.exp(rng.normal(-0.7, 0.8)))
    depths = np.sort(rng.uniform(0.25, 1, many))
    people = [_one(rng, seconds, float(depth), near, line, float(walking), excited) for depth in depths]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for person in people:
            person.draw(canvas, time)

    return Scene(draw)


def _one(
    rng: Generator, seconds: float, depth: float, near: float, line: float, walking: float, excited: float
) -> _One:
    tall = near * depth * rng.uniform(0.85, 1.1)
    if rng.random() < walking:
        goes = travelled(rng, seconds, tall * rng.uniform(0.4, 1.1), change=0.15, halts=0.3)
        side = rng.choice([-1.0, 1.0])
        bob = swaying(rng, seconds, rng.uniform(1.6, 2.2), 0.03, 0.05)
    else:
        goes, side = gestures(rng, seconds, 0.15 * tall, rest=2.0, quick=(0.5, 2)), 1.0
        bob = swaying(rng, seconds, rng.uniform(0.2, 2.5), 0.08 * excited, 0.3)
    lean = gestures(rng, seconds, 0.1 * excited, rest=1.2, quick=(0.3, 1.5))
    raised = gestures(rng, seconds, 0.8 * excited, rest=0.7, quick=(0.2, 0.9))
    waves = swaying(rng, seconds, rng.uniform(0.7, 3), 0.4 * excited, 0.2)
    hang = rng.uniform(0.6, 1.7) if rng.random() < 0.7 else -1.2
    cloth = rng.uniform(10, 235)
    return _One(
        limb(rng, 0.78 * tall, 0.13 * tall, 0.22 * tall, cloth),
        disc(rng, 0.13 * tall, rng.uniform(20, 220), flat=1.25),
        limb(rng, 0.38 * tall, 0.07 * tall, 0.045 * tall, cloth) if rng.random() < 0.6 else None,
        float(rng.uniform(-0.5, 1.5) if walking else rng.uniform(-0.1, 1.1)),
        line + depth * near * 0.95,
        tall,
        lambda time: side * goes(time),
        lambda time: lean(time) + bob(time),
        gestures(rng, seconds, excited, rest=0.8),
        lambda time: hang + raised(time) + waves(time),
    )


def dancers(rng: Generator, seconds: float) -> Scene:
    """One to four people who sway, bend and turn to a beat, with their feet where they are or gliding."""
    place = anywhere(rng)
    many = int(rng.integers(1, 5))
    beat = rng.uniform(0.4, 1.3)
    tall = rng.uniform(0.22, 0.55) if many > 1 else rng.uniform(0.3, 0.95)
    together = rng.random() < 0.4
    seed = int(rng.integers(1 << 31))
    floor = HEIGHT * rng.uniform(0.75, 1.1) + 0.2 * max(tall - 0.5, 0)
    spots = 0.5 + (np.arange(many) - (many - 1) / 2) * tall * rng.uniform(0.55, 0.9)
    dance = [
        _dancer(rng, np.random.default_rng(seed) if together else rng, seconds, beat, float(x), floor, tall)
        for x in spots
    ]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for each in dance:
            each(canvas, time)

    return Scene(draw)


def _dancer(
    rng: Generator, steps: Generator, seconds: float, beat: float, x: float, floor: float, tall: float
) -> Draw:
    """`steps` says what is danced: the same for those who dance together."""
    body = figure(rng, tall * rng.uniform(0.92, 1.05))
    sway = swaying(steps, seconds, beat / 2, steps.uniform(0.02, 0.09), 0.06)
    dip = swaying(steps, seconds, beat, steps.uniform(0.005, 0.03), 0.06)
    lean = swaying(steps, seconds, beat / 2, steps.uniform(0.03, 0.3), 0.1)
    turn = swaying(steps, seconds, beat / 4, 1.0, 0.1) if steps.random() < 0.5 else (lambda time: 1.0)
    glide = gestures(steps, seconds, steps.uniform(0, 0.25), rest=0.8, quick=(0.6, 1.8))
    out = [
        swaying(steps, seconds, beat * steps.choice([0.5, 1.0]), steps.uniform(0.02, 0.2), 0.15) for _ in "lr"
    ]
    up = [
        swaying(steps, seconds, beat * steps.choice([0.5, 1.0]), steps.uniform(0.02, 0.2), 0.15) for _ in "lr"
    ]
    hold = [gestures(steps, seconds, 0.2, rest=0.8, quick=(0.3, 1.2)) for _ in "lr"]
    apart = steps.uniform(0.05, 0.16) * tall

    def draw(canvas: Canvas, time: float) -> None:
        here = x + tall * glide(time)
        hips = here + tall * sway(time), floor - tall * (0.49 + dip(time))
        broad = float(turn(time))
        feet = (here - apart * broad, floor), (here + apart * broad, floor)
        left, right = (
            (side * (0.1 + away(out[n](time))) * broad, 0.1 + hold[n](time) - up[n](time))
            for n, side in enumerate((-1, 1))
        )
        body.draw(canvas, feet, hips, lean(time), (left, right), broad)

    return draw
