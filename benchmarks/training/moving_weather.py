"""Air that moves: snow, rain, dust, flames and smoke; and scenes in which next to nothing moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from benchmarks.training.fields import around, endless, shifted
from benchmarks.training.motions import gestures, phase, swaying, travelled, wandering
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import AROUND, FINE, HEIGHT, Canvas, Light, Scene
from benchmarks.training.textures import blob, box, disc, limb

Draw = Callable[[Canvas, float], None]


def weather(rng: Generator, seconds: float) -> Scene:
    """Snow, rain, or dust in the air, in sheets nearer and farther that fall and drift."""
    place = anywhere(rng)
    what = rng.choice(["snow", "rain", "dust"])
    sheets = [_sheet(rng, seconds, str(what)) for _ in range(int(rng.integers(2, 4)))]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for sheet in sheets:
            sheet(canvas, time)

    return Scene(draw)


def _sheet(rng: Generator, seconds: float, what: str) -> Draw:
    near = rng.uniform(0.5, 2.0)
    size, long = (rng.uniform(2, 4), 1.0) if what != "rain" else (rng.uniform(8, 20), rng.uniform(0.06, 0.15))
    texture = endless(rng, 384, 384, size, long)
    rare = rng.uniform(1.2, 2.6)
    drops = np.clip(1.5 * (texture - rare), 0, 1).astype(np.float32)
    speed = {"snow": rng.uniform(0.08, 0.5), "rain": rng.uniform(1, 3.5), "dust": rng.uniform(-0.05, 0.1)}[
        what
    ]
    fall = travelled(rng, seconds, near * speed, change=0.1)
    drift, gusts = (
        rng.normal(0, 0.4) * abs(speed),
        wandering(rng, seconds, 0.5, 0.03 if what != "rain" else 0.0),
    )
    light, much = rng.uniform(150, 255), rng.uniform(0.2, 0.9)

    def draw(canvas: Canvas, time: float) -> None:
        into = shifted(drift * time + near * gusts(time), fall(time), near)
        if what == "rain":
            into[0, 1] = drift / max(speed, 0.1) * into[1, 1]
        cover = np.float32(much) * canvas.see(drops, into, endless=True)
        canvas.light += cover * (light - canvas.light)

    return draw


def smoke_fire(rng: Generator, seconds: float) -> Scene:
    """Flames that flicker, with the light they throw; smoke or steam that rises and spreads."""
    place = anywhere(rng)
    burns = rng.random() < 0.65
    parts = []
    x, foot = rng.uniform(0.25, 0.75), rng.uniform(0.4, 1.0) * HEIGHT
    size = float(np.exp(rng.uniform(np.log(0.05), np.log(0.45))))
    if burns:
        parts.append(_rising(rng, seconds, x, foot, size, flame=True))
    if not burns or rng.random() < 0.5:
        parts.append(_rising(rng, seconds, x, foot - (0.7 * size if burns else 0), 1.4 * size, flame=False))
    flicker = wandering(rng, seconds, rng.uniform(5, 11))
    dim = rng.uniform(0.3, 1.0)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        if burns:
            canvas.light *= np.float32(dim)
            canvas.glow(x, foot, 1.2 * size + 0.1, 45 * (1 + 0.25 * flicker(time)))
        for part in parts:
            part(canvas, time)

    return Scene(draw)


def _rising(rng: Generator, seconds: float, x: float, foot: float, size: float, *, flame: bool) -> Draw:
    """Blotches that rise through a shape: narrow above for a flame, broad above for smoke."""
    width, height = around()
    fine = size * FINE * (1.0 if flame else 2.0)
    hard = 2.0 if flame else rng.uniform(0.4, 1.0)
    texture = endless(rng, 256, 512, fine * rng.uniform(0.08, 0.2) + 2, rng.uniform(0.4, 0.9))
    other = endless(rng, 256, 512, fine * rng.uniform(0.15, 0.3) + 3, 0.8)
    across, down = np.meshgrid(np.arange(width) / FINE - AROUND - x, foot - np.arange(height) / FINE + AROUND)
    share = down / (size * rng.uniform(1.2, 2.2))
    broad = size * (0.35 * np.clip(1 - share, 0.02, 1) if flame else 0.12 + 0.35 * np.clip(share, 0, 3))
    shaped = 1.1 - np.square(across / broad) - (1.3 * share if flame else 0.5 * share)
    shape: Light = np.where(down < 0, shaped + 40 * down, shaped).astype(np.float32)
    rise = travelled(
        rng, seconds, size * (rng.uniform(1.5, 4) if flame else rng.uniform(0.2, 1.0)), change=0.1
    )
    lean = wandering(rng, seconds, rng.uniform(0.4, 1.2), rng.uniform(0.02, 0.2))
    light = rng.uniform(200, 255) if flame else rng.uniform(60, 230)
    rough, much = rng.uniform(0.4, 0.9), 1.0 if flame else rng.uniform(0.3, 0.9)

    def draw(canvas: Canvas, time: float) -> None:
        up, bent = rise(time), lean(time)
        slant = np.array([[1 / FINE, bent / FINE, -bent * (foot + AROUND)], [0, 1 / FINE, 0]])
        slant[:, 2] += slant[:, :2] @ (-AROUND * FINE, -AROUND * FINE)
        first = canvas.see(texture, shifted(x, -up), endless=True)
        second = canvas.see(other, shifted(x, -0.6 * up), endless=True)
        cover = np.float32(hard) * (
            canvas.see(shape, slant) + np.float32(rough) * (first + second) * np.float32(0.6)
        )
        cover = np.float32(much) * np.clip(cover, 0, 1)
        canvas.light += cover * (np.clip(light + 25 * first, 0, 255) - canvas.light)

    return draw


def stillness(rng: Generator, seconds: float) -> Scene:
    """Next to nothing: light that changes slowly, a clock's hand, a candle, a sleeper; or nothing."""
    place = anywhere(rng)
    sun = wandering(rng, seconds, 0.15, rng.uniform(0, 0.08))
    ways = (_clock, _candle, _breath, _hanging)
    parts = [ways[int(rng.integers(len(ways)))](rng, seconds) for _ in range(int(rng.integers(0, 3)))]
    shade = _cloud(rng, seconds) if rng.random() < 0.3 else None

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        for part in parts:
            part(canvas, time)
        canvas.light *= np.float32(1 + sun(time))
        if shade is not None:
            canvas.light *= shade(canvas, time)

    return Scene(draw)


def _clock(rng: Generator, seconds: float) -> Draw:
    """Its hand goes round without a tick."""
    size, turn = rng.uniform(0.05, 0.3), phase(rng, seconds, rng.uniform(1 / 60, 1 / 12))
    face, hand = disc(rng, size, rng.uniform(120, 240)), limb(rng, 0.42 * size, 0.02 * size, None, 20)
    x, y = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.5)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.lay(face, x, y)
        canvas.lay(hand, x, y, angle=turn(time))

    return draw


def _candle(rng: Generator, seconds: float) -> Draw:
    size, x, y = rng.uniform(0.02, 0.08), rng.uniform(0.1, 0.9), rng.uniform(0.2, 0.5)
    wax, flame = box(rng, size, 3 * size), blob(rng, 0.5 * size, 1.6 * size, 250)
    sway, flicker = swaying(rng, seconds, 1.5, 0.12, 0.6), wandering(rng, seconds, 6, 0.08)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.lay(wax, x, y + 2 * size)
        canvas.lay(flame, x + size * 0.3 * sway(time), y, angle=sway(time), scale=1 + flicker(time))
        canvas.glow(x, y, 3 * size, 60 * (1 + flicker(time)))

    return draw


def _breath(rng: Generator, seconds: float) -> Draw:
    """Somebody or some beast that sleeps, and turns at most once."""
    wide = rng.uniform(0.2, 0.7)
    body, head = blob(rng, wide, 0.4 * wide), disc(rng, 0.25 * wide)
    breath = swaying(rng, seconds, rng.uniform(0.2, 0.5), rng.uniform(0.005, 0.03), 0.1)
    stirs = gestures(rng, seconds, 0.03, rest=4, quick=(0.5, 2))
    x, y = rng.uniform(0.2, 0.8), rng.uniform(0.3, 0.5)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.lay(body, x, y - 0.1 * wide * breath(time), scale=1 + breath(time), angle=stirs(time))
        canvas.lay(head, x - 0.5 * wide, y + wide * stirs(time))

    return draw


def _hanging(rng: Generator, seconds: float) -> Draw:
    """A lamp or a leaf on a string that swings a little."""
    length = rng.uniform(0.1, 0.4)
    string, weight = limb(rng, length, 0.006), disc(rng, rng.uniform(0.03, 0.15))
    swing = swaying(rng, seconds, rng.uniform(0.3, 0.9), rng.uniform(0.01, 0.15), 0.1)
    x = rng.uniform(0.1, 0.9)

    def draw(canvas: Canvas, time: float) -> None:
        angle = np.pi / 2 + swing(time)
        canvas.lay(string, x, -0.05, angle=angle)
        canvas.lay(weight, x + length * np.cos(angle), -0.05 + length * np.sin(angle))

    return draw


def _cloud(rng: Generator, seconds: float) -> Callable[[Canvas, float], Light]:
    """Shadows of clouds or leaves that pass over all."""
    texture = (1 + rng.uniform(0.03, 0.15) * endless(rng, 512, 512, rng.uniform(15, 80))).astype(np.float32)
    way, drift = travelled(rng, seconds, rng.uniform(0.01, 0.2)), rng.normal(0, 0.5)
    return lambda canvas, time: canvas.see(texture, shifted(way(time), drift * way(time)), endless=True)
