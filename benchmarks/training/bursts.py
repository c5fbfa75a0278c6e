"""What bursts and lights up: fireworks in a black sky, and explosions with debris and dust.

Rockets rise and captions come and go unheard; the burst alone is heard.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.bystanders import Drawn, beside
from benchmarks.training.flights import rested
from benchmarks.training.scattered import Pieces, Smoke, Specks, cloud, splinters
from benchmarks.training.scene import AROUND, FINE, HEIGHT, Canvas, Event, Light, Scene, Sprite
from benchmarks.training.textures import backdrop, blotches
from benchmarks.training.timing import times


@dataclass(frozen=True)
class _Shell:
    """A rocket, and what it bursts into."""

    when: float
    x: float
    y: float
    rises: float
    """Seconds; 0 for none to be seen."""
    size: float
    light: float
    flash: float
    """How bright the sky becomes at its burst."""
    sparks: tuple[Specks, ...]
    trail: float


def fireworks(rng: Generator, seconds: float) -> Scene:
    """Rockets rise into a black sky and burst into sparks that fall and fade."""
    bursts = rested(rng, seconds, 2.5, 0.15) if rng.random() < 0.6 else times(rng, seconds, 3.0, 0.5)
    size = float(np.exp(rng.uniform(np.log(0.06), np.log(0.4))))
    light = float(np.exp(rng.uniform(np.log(45), np.log(300))))
    home = rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.6) * HEIGHT, rng.uniform(0.02, 0.25)
    hidden = rng.random() < 0.4
    shells = [_shell(rng, float(when), home, size, light, hidden) for when in bursts]
    sky, caption = _sky(rng), _captions(rng, seconds)
    near = beside(rng, seconds, 0.15)
    smoke = cloud(rng, 2.5 * size, rng.uniform(20, 60)) if rng.random() < 0.5 else None

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(sky)
        for shell in shells:
            _draw_shell(canvas, shell, time, smoke)
        near(canvas, time)
        caption(canvas, time)

    return Scene(draw, tuple(Event(shell.when, "burst", shell.x, shell.y) for shell in shells))


def _shell(
    rng: Generator, when: float, home: tuple[float, float, float], size: float, light: float, hidden: bool
) -> _Shell:
    size, light = size * np.exp(rng.normal(0, 0.3)), light * np.exp(rng.normal(0, 0.3))
    x, y = home[0] + home[2] * rng.normal(), home[1] + 0.4 * home[2] * rng.normal()
    drag = rng.uniform(1.2, 5)
    lasts, fall = rng.uniform(0.5, 2.2), size * rng.uniform(0.2, 1.0)
    sparks = [Specks(rng, int(rng.integers(25, 110)), size * drag, fall=fall, drag=drag, lasts=lasts)]
    if rng.random() < 0.3:
        sparks.append(Specks(rng, 30, 0.4 * size * drag, fall=fall, drag=drag, lasts=lasts * 0.7))
    trail = rng.uniform(0.05, 0.35) if rng.random() < 0.5 else 0.0
    rises = 0.0 if hidden or rng.random() < 0.2 else rng.uniform(0.6, 1.8)
    flash = rng.uniform(5, 90) if rng.random() < 0.6 else 0.0
    return _Shell(when, x, max(y, 0.02), rises, size, light, flash, tuple(sparks), trail)


def _draw_shell(canvas: Canvas, shell: _Shell, time: float, smoke: Sprite | None) -> None:
    passed = time - shell.when
    if -shell.rises < passed < 0:
        left = -passed / shell.rises
        steps = np.linspace(0, 0.08, 5)
        y = shell.y + (HEIGHT - shell.y) * (left + steps) ** 1.6
        x = shell.x + 0.03 * np.sin(20 * shell.when) * (left + steps)
        light = min(shell.light, 160) * np.linspace(0.9, 0.1, 5) * (0.7 + 0.3 * np.sin(170 * passed))
        canvas.specks(np.stack([x, y], 1), light, 0.0022)
    if not 0 <= passed < 4:
        return
    if smoke is not None:
        lit = 0.5 * min(passed / 0.2, 1) * np.exp(-passed / 0.9)
        canvas.lay(smoke, shell.x, shell.y, scale=0.3 + 0.3 * min(passed, 2), opaque=float(lit))
    if shell.flash and passed < 0.4:
        strong = float(np.exp(-passed / 0.06))
        canvas.glow(shell.x, shell.y, 0.25 * shell.size + 0.02, 2.5 * shell.flash * strong)
        canvas.glow(shell.x, shell.y, 1.5 * shell.size + 0.1, 0.5 * shell.flash * strong)
    for sparks in shell.sparks:
        sparks.draw(canvas, shell.x, shell.y, passed, shell.light, 0.0024, min(shell.trail, passed))


def _sky(rng: Generator) -> Light:
    """Black, or nearly; below it, often, roofs, trees and lights."""
    width, height = round((1 + 2 * AROUND) * FINE), round((HEIGHT + 2 * AROUND) * FINE)
    sky = rng.uniform(0, 14) + rng.uniform(0, 3) * blotches(rng, width, height, 30)
    if rng.random() < 0.6:
        top = (AROUND + HEIGHT * rng.uniform(0.7, 0.98)) * FINE
        roofs = top + 10 * np.repeat(rng.standard_normal(width // 12 + 1), 12)[:width]
        below = np.arange(height)[:, None] > roofs[None, :]
        sky = np.where(below, rng.uniform(0, 30), sky)
        lamps = below & (rng.random((height, width)) < rng.choice([0.0, 0.004]))
        sky = np.where(lamps, rng.uniform(60, 220), sky)
    return np.asarray(cv2.GaussianBlur(np.clip(sky, 0, 255).astype(np.float32), (0, 0), 0.8), np.float32)


def _captions(rng: Generator, seconds: float) -> Drawn:
    """Lines of text that change at any time, and are not heard."""
    if rng.random() < 0.5:
        return lambda canvas, time: None
    changes = np.sort(rng.uniform(0, seconds, int(rng.integers(1, 7))))
    texts = [
        None if number % 2 and rng.random() < 0.5 else _caption(rng) for number in range(len(changes) + 1)
    ]
    y, fades = HEIGHT * rng.choice([0.12, 0.5, 0.8, 0.9]), rng.choice([0.001, 0.3])

    def draw(canvas: Canvas, time: float) -> None:
        number = int(np.searchsorted(changes, time, side="right"))
        text = texts[number]
        if text is not None:
            passed = time - changes[number - 1] if number else 1.0
            canvas.lay(text, 0.5, y, opaque=float(min(passed / fades, 1)))

    return draw


def _caption(rng: Generator) -> Sprite:
    mask = np.zeros((60, 260), np.uint8)
    for line in range(int(rng.integers(1, 3))):
        words = "".join(rng.choice(list("abcdeilmnorstu    "), int(rng.integers(8, 26))))
        scale = rng.uniform(0.35, 0.6)
        cv2.putText(mask, words, (10, 22 + 24 * line), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 1, cv2.LINE_AA)
    light = np.full(mask.shape, rng.uniform(140, 250), np.float32)
    return Sprite(light, (mask / 255).astype(np.float32), (130, 30))


def explosion(rng: Generator, seconds: float) -> Scene:
    """A flash, a ball of fire or dust that grows in no time and then hangs, debris that falls."""
    count = int(rng.choice([1, 2, 3], p=[0.5, 0.3, 0.2]))
    whens = np.sort(rng.uniform(0.3, seconds - 0.5, count))
    whens = whens[np.diff(whens, prepend=-9) > 0.25]
    place, near = backdrop(rng) * rng.uniform(0.2, 1.0), beside(rng, seconds, 0.5)
    size = float(np.exp(rng.uniform(np.log(0.1), np.log(0.7))))
    ground = HEIGHT * rng.uniform(0.6, 1.0)
    spots = np.stack([rng.uniform(0.2, 0.8, len(whens)), np.full(len(whens), ground)], 1)
    flash = rng.uniform(60, 400) if rng.random() < 0.7 else 0.0
    fades = rng.uniform(0.03, 0.25)
    fire = cloud(rng, size, 245) if flash and rng.random() < 0.7 else None
    smokes = [_plume(rng, size) for _ in whens]
    crumbs = [
        Specks(rng, 50, size * rng.uniform(2, 6), spread=1.2, fall=4 * size, drag=1.5, lasts=1.2)
        for _ in whens
    ]
    dark = rng.choice([-120, 150])
    debris = [
        Pieces(
            rng,
            splinters(rng, 7, 0.06 * size),
            float(when),
            (x, y),
            speed=3 * size,
            fall=5 * size,
            floor=ground,
        )
        for when, (x, y) in zip(whens, spots, strict=True)
    ]

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        near(canvas, time)
        for number, when in enumerate(whens):
            passed, (x, y) = time - when, spots[number]
            if passed < 0:
                continue
            for way, smoke in enumerate(smokes[number]):
                push = size * (way - 1) * 0.3, -size * (0.25 + 0.15 * (way == 1))
                smoke.draw(canvas, x, y, passed, push)
            crumbs[number].draw(canvas, x, y, passed, dark, 0.003)
            debris[number].draw(canvas, time)
            if fire is not None and passed < 0.6:
                grown = 0.3 + 0.9 * (1 - np.exp(-passed / 0.06))
                canvas.lay(
                    fire, x, y - 0.2 * size, scale=float(grown), opaque=float(np.exp(-passed / fades / 2))
                )
            if flash and passed < 5 * fades:
                canvas.glow(x, y - 0.1 * size, 1.2 * size, flash * float(np.exp(-passed / fades)))

    events = tuple(
        Event(float(t), "burst", float(x), float(y)) for t, (x, y) in zip(whens, spots, strict=True)
    )
    strength = float(rng.uniform(0.2, 1.0)) if rng.random() < 0.5 else 0.0
    return Scene(draw, events, tuple((float(when), strength) for when in whens))


def _plume(rng: Generator, size: float) -> list[Smoke]:
    """Three puffs beside one another."""
    light, lasts = rng.uniform(20, 220), rng.uniform(1.5, 5)
    return [Smoke(rng, size * rng.uniform(0.6, 1.3), light, lasts, rng.uniform(0.5, 0.95)) for _ in range(3)]
