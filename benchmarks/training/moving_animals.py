"""Animals that strike nothing: a herd in a pen or on grass, birds that fly through, fish, a pet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from benchmarks.training.fields import endless, shifted
from benchmarks.training.motions import Motion, gestures, share, swaying, travelled, wandering
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import HEIGHT, Canvas, Scene, Sprite
from benchmarks.training.textures import blob, box, disc, limb

Draw = Callable[[Canvas, float], None]


def animals(rng: Generator, seconds: float) -> Scene:
    """One sort of animal, from one to many."""
    ways = (_herd, _birds, _fish, _pet)
    way = ways[int(rng.choice(4, p=[0.4, 0.2, 0.2, 0.2]))]
    return Scene(way(rng, seconds))


@dataclass(frozen=True)
class _Beast:
    """A sheep, a cow, a dog: a trunk, a head on a neck that is lowered and raised, legs, a tail."""

    trunk: Sprite
    head: Sprite
    neck: Sprite
    leg: Sprite
    tail: Sprite
    x: float
    y: float
    size: float
    side: float
    way: Motion
    lowered: Motion
    stirs: Motion
    wags: Motion
    strides: bool

    def draw(self, canvas: Canvas, time: float) -> None:
        size, side, far = self.size, self.side, self.way(time)
        x, y = self.x + side * far, self.y + 0.02 * size * self.stirs(time)
        step = 0.35 * np.sin(far / (0.12 * size)) if self.strides else 0.0
        for place, turn in ((-0.35, step), (-0.25, -step), (0.25, -step), (0.35, step)):
            canvas.lay(self.leg, x + place * size, y, angle=np.pi / 2 + turn)
        up = -0.2 - self.lowered(time) * 0.9
        angle = -up if side > 0 else np.pi + up
        start = x + side * 0.42 * size, y - 0.08 * size
        end = start[0] + 0.3 * size * np.cos(angle), start[1] + 0.3 * size * np.sin(angle)
        canvas.lay(self.neck, *start, angle=angle)
        canvas.lay(self.head, *end, angle=angle + side * 0.5)
        canvas.lay(self.trunk, x, y - 0.05 * size, angle=0.03 * self.stirs(time))
        canvas.lay(self.tail, x - side * 0.46 * size, y - 0.1 * size, angle=np.pi / 2 + self.wags(time))


def _beast(rng: Generator, seconds: float, x: float, y: float, size: float, *, still: bool) -> _Beast:
    light = float(rng.uniform(20, 240))
    slow = gestures(rng, seconds, 0.12 * size, rest=2.0, quick=(0.5, 2.0))
    walks = travelled(rng, seconds, size * rng.uniform(0.2, 0.7), halts=0.5)
    return _Beast(
        blob(rng, size, rng.uniform(0.45, 0.65) * size, light),
        blob(rng, 0.32 * size, 0.2 * size, light * rng.uniform(0.4, 1.1)),
        limb(rng, 0.3 * size, 0.2 * size, 0.12 * size, light),
        limb(rng, 0.42 * size, 0.08 * size, 0.05 * size, light * 0.6),
        limb(rng, 0.25 * size, 0.04 * size, 0.02 * size, light),
        x,
        y,
        size,
        float(rng.choice([-1.0, 1.0])),
        slow if still else walks,
        gestures(rng, seconds, 0.7, rest=1.0, quick=(0.25, 1.2)),
        gestures(rng, seconds, 1.5, rest=0.8, quick=(0.2, 0.9)),
        swaying(rng, seconds, rng.uniform(0.5, 3), 0.4, 0.4),
        not still,
    )


def _herd(rng: Generator, seconds: float) -> Draw:
    """They stand, shift, graze and now and then walk; before them there may be a fence."""
    place = anywhere(rng)
    many, near = int(rng.integers(1, 14)), float(np.exp(rng.uniform(np.log(0.08), np.log(0.5))))
    line = rng.uniform(0.35, 0.6) * HEIGHT
    herd = []
    for depth in np.sort(rng.uniform(0.4, 1.0, many)):
        y = line + (depth - 0.4) * 0.4 + rng.normal(0, 0.01)
        herd.append(
            _beast(rng, seconds, rng.uniform(0, 1), y, near * float(depth), still=rng.random() < 0.75)
        )
    rails = [limb(rng, 1.8, 0.008) for _ in range(int(rng.choice([0, 2, 3])))]
    posts = [limb(rng, 0.3, 0.012) for _ in range(6 if rails else 0)]
    fence = rng.uniform(0.35, 0.5)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for beast in herd:
            beast.draw(canvas, time)
        for number, rail in enumerate(rails):
            canvas.lay(rail, -0.4, fence + 0.06 * number)
        for number, post in enumerate(posts):
            canvas.lay(post, 0.2 * number, fence - 0.03, angle=np.pi / 2)

    return draw


def _birds(rng: Generator, seconds: float) -> Draw:
    """Through the air, with wings that beat or are held; a flock, or one that is near."""
    place = anywhere(rng)
    many = int(rng.choice([1, 3, 9, 16]))
    size = float(np.exp(rng.uniform(np.log(0.015), np.log(0.25)))) / many**0.3
    light = float(rng.uniform(5, 240))
    wing = limb(rng, 0.5 * size, 0.14 * size, 0.03 * size, light)
    body = limb(rng, 0.45 * size, 0.13 * size, 0.06 * size, light)
    speed, rise = size * rng.uniform(0.5, 6), rng.normal(0, 0.1)
    side, beat = rng.choice([-1.0, 1.0]), rng.uniform(1.5, 9)
    flock = []
    for _ in range(many):
        way = travelled(rng, seconds, speed * rng.uniform(0.9, 1.1), change=0.1)
        flap = swaying(rng, seconds, beat * rng.uniform(0.9, 1.1), rng.uniform(0.5, 1.0), 0.1)
        beats = share(gestures(rng, seconds, 0.7, rest=1.0, home=0.3))
        bob = wandering(rng, seconds, 0.7, 0.5 * size)
        flock.append((rng.uniform(-0.6, 1.2), rng.uniform(0.05, 0.5), way, flap, beats, bob))

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for start, high, way, flap, beats, bob in flock:
            far = (start + way(time) + 0.3) % 2.2 - 0.3
            x, y = far if side > 0 else 1 - far, high + rise * way(time) + bob(time)
            up = flap(time) * beats(time)
            canvas.lay(
                wing, x, y, angle=-np.pi / 2 - 0.5 + 1.3 * up if side > 0 else -np.pi / 2 + 0.5 - 1.3 * up
            )
            canvas.lay(body, x - side * 0.2 * size, y, angle=0 if side > 0 else np.pi)
            canvas.lay(
                wing, x, y, angle=-np.pi / 2 - 0.2 + 1.6 * up if side > 0 else -np.pi / 2 + 0.2 - 1.6 * up
            )

    return draw


def _fish(rng: Generator, seconds: float) -> Draw:
    """In water whose light plays; they glide, turn, and beat their tails; weeds sway and bubbles rise."""
    place = anywhere(rng)
    play = endless(rng, 512, 512, rng.uniform(10, 40))
    drift = travelled(rng, seconds, rng.uniform(0.02, 0.15))
    shine = np.float32(rng.uniform(2, 18))
    swarm = [_swimmer(rng, seconds) for _ in range(int(rng.integers(1, 9)))]
    weeds = [
        (limb(rng, rng.uniform(0.1, 0.4), 0.03, 0.008), rng.uniform(0, 1)) for _ in range(rng.integers(0, 6))
    ]
    sway = [swaying(rng, seconds, rng.uniform(0.15, 0.5), 0.25, 0.2) for _ in weeds]
    bubbles = [
        (disc(rng, rng.uniform(0.006, 0.02), 230), rng.random(), rng.random())
        for _ in range(rng.integers(0, 8))
    ]
    pace = rng.uniform(0.1, 0.4)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        canvas.light += shine * canvas.see(play, shifted(drift(time), 0.6 * drift(time)), endless=True)
        for (weed, x), swings in zip(weeds, sway, strict=True):
            canvas.lay(weed, x, HEIGHT + 0.02, angle=-np.pi / 2 + swings(time))
        for swimmer in swarm:
            swimmer(canvas, time)
        for bubble, x, start in bubbles:
            canvas.lay(
                bubble, x + 0.01 * np.sin(7 * time + 9 * x), 0.65 - (start + pace * time) % 1.0, opaque=0.6
            )

    return draw


def _swimmer(rng: Generator, seconds: float) -> Draw:
    size = float(np.exp(rng.uniform(np.log(0.03), np.log(0.35))))
    light = float(rng.uniform(20, 240))
    body = disc(rng, size, light, flat=rng.uniform(0.25, 0.6))
    tail = limb(rng, 0.3 * size, 0.06 * size, 0.3 * size, light)
    aside = gestures(rng, seconds, 0.3, rest=0.5, quick=(0.5, 3.0), home=0.1)
    down = gestures(rng, seconds, 0.1, rest=1.0, quick=(0.6, 3.0), home=0.2)
    beats = swaying(rng, seconds, rng.uniform(1, 4), 0.6, 0.3)
    x, y, faces = rng.uniform(0.2, 0.8), rng.uniform(0.1, 0.45), rng.choice([-0.7, 0.7])

    def draw(canvas: Canvas, time: float) -> None:
        way = aside(time + 0.05) - aside(time - 0.05)
        turn = float(np.tanh(60 * way + faces))
        here = x + aside(time), y + down(time)
        canvas.lay(tail, here[0] - 0.4 * size * turn, here[1], angle=np.pi + 0.4 * beats(time), stretch=turn)
        canvas.lay(body, *here, angle=0.05 * beats(time), stretch=float(np.hypot(turn, 0.25)))

    return draw


def _pet(rng: Generator, seconds: float) -> Draw:
    """A cat or dog near the camera: it looks about, pricks its ears, wags its tail, pants."""
    place = anywhere(rng)
    size, x, y = rng.uniform(0.12, 0.45), rng.uniform(0.3, 0.7), rng.uniform(0.2, 0.45)
    light, dark = float(rng.uniform(30, 230)), float(rng.uniform(5, 80))
    head, trunk = disc(rng, size, light, flat=0.9), blob(rng, 1.8 * size, 1.4 * size, light)
    ear, tail = (
        limb(rng, 0.35 * size, 0.22 * size, 0.04 * size, light),
        limb(rng, 1.1 * size, 0.15 * size, 0.08 * size),
    )
    eye, nose = disc(rng, 0.12 * size, dark), disc(rng, 0.16 * size, dark, flat=0.7)
    looks = [gestures(rng, seconds, 0.3, rest=0.7, quick=(0.12, 0.7)) for _ in "xyz"]
    ears = [gestures(rng, seconds, 0.3, rest=0.8, quick=(0.08, 0.3)) for _ in "lr"]
    wags = swaying(rng, seconds, rng.uniform(0.3, 4), 0.5, 0.4)
    pants = swaying(rng, seconds, rng.uniform(0.4, 4.5), 0.02, 0.2)
    cushion = box(rng, 1.9, 0.4)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        canvas.lay(cushion, 0.5, y + 1.4 * size + 0.15)
        turn, nod, tilt = (look(time) for look in looks)
        canvas.lay(tail, x + 0.8 * size, y + 1.0 * size, angle=-0.8 + wags(time))
        canvas.lay(trunk, x, y + 0.8 * size, scale=1 + pants(time))
        at = x + 0.4 * size * turn, y + size * (0.3 * nod + pants(time))
        for side, prick in zip((-1, 1), ears, strict=True):
            start = at[0] + side * 0.35 * size, at[1] - 0.25 * size
            canvas.lay(ear, *start, angle=-np.pi / 2 + tilt + side * (0.4 + prick(time)))
        canvas.lay(head, *at, angle=tilt)
        for part, aside, down in ((eye, -0.2, -0.08), (eye, 0.2, -0.08), (nose, 0.0, 0.18)):
            canvas.lay(
                part, at[0] + size * (aside + 0.3 * turn), at[1] + size * (down + 0.2 * nod), angle=tilt
            )

    return draw
