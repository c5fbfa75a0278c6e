"""What flies about, rises and spreads after a blow: pieces, sparks, drops, smoke and dust."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.training.flights import Leg, Path, bouncing
from benchmarks.training.scene import FINE, Canvas, Sprite
from benchmarks.training.textures import blob, blotches


class Specks:
    """Sparks, drops or crumbs that leave one point at once, slowed by the air, falling, fading."""

    def __init__(
        self,
        rng: Generator,
        count: int,
        speed: float,
        *,
        towards: float = -np.pi / 2,
        spread: float = np.pi,
        fall: float = 1.0,
        drag: float = 1.0,
        lasts: float = 0.6,
    ) -> None:
        """`towards` and `spread` are in radians; `drag` in e-folds a second."""
        turns = towards + rng.uniform(-spread, spread, count)
        pace = speed * (1 - rng.uniform(0.1, 0.8) * rng.random(count))
        depth = np.sqrt(1 - rng.uniform(0, 0.95, count) ** 2) if spread > 3 else np.ones(count)
        self._velocity = np.stack([np.cos(turns), np.sin(turns)], 1) * (pace * depth)[:, None]
        self._lasts = lasts * rng.uniform(0.6, 1.3, count)
        self._light = rng.uniform(0.4, 1.0, count)
        self._fall, self._drag = fall, drag

    def draw(
        self, canvas: Canvas, x: float, y: float, passed: float, light: float, size: float, trail: float = 0.0
    ) -> None:
        """As they are so many seconds after; `trail` is how many seconds of their way still glow."""
        if not 0 <= passed < 1.3 * float(self._lasts.max()):
            return
        steps = 1 if trail <= 0 else 4
        for step in range(steps):
            when = max(passed - trail * step / steps, 0.0)
            left = np.clip(1 - when / self._lasts, 0, 1) * (1 - step / steps)
            canvas.specks(self._places(when) + np.array([x, y]), light * self._light * np.sqrt(left), size)

    def _places(self, passed: float) -> NDArray[np.float64]:
        gone = (1 - np.exp(-self._drag * passed)) / self._drag
        places = self._velocity * gone
        places[:, 1] += self._fall * (passed - gone) / self._drag
        return np.asarray(places)


class Pieces:
    """What something bursts into: they fly, tumble, fall and lie on the floor."""

    def __init__(
        self,
        rng: Generator,
        sprites: Sequence[Sprite],
        when: float,
        place: tuple[float, float],
        *,
        speed: float,
        fall: float,
        floor: float,
        extent: tuple[float, float] = (0.05, 0.05),
    ) -> None:
        """They leave `place`, and `extent` around it, at `when`, with up to `speed`."""
        self.when = when
        self._sprites = sprites
        self._paths: list[Path] = []
        self._turns = rng.normal(0, 9, len(sprites))
        self._still: list[float] = []
        for _ in sprites:
            aside = rng.uniform(-0.5, 0.5, 2)
            velocity = speed * (aside * 1.6 + rng.normal(0, 0.25, 2)) - np.array([0, 0.35 * speed])
            leg = Leg(
                when,
                place[0] + aside[0] * extent[0],
                min(place[1] + aside[1] * extent[1], floor - 0.002),
                velocity[0],
                velocity[1],
                fall,
            )
            path, touches = bouncing(leg, when + 4, floor=floor + rng.uniform(0, 0.03), back=0.25)
            last = touches[-1].time + 0.02 if touches else when
            kept = [each for each in path.legs if each.begins <= last or each.fall > 0]
            rest = path.at(last)
            self._paths.append(Path([*kept, Leg(last, *rest)] if kept[-1].fall == 0 or touches else kept))
            self._still.append(last)

    def draw(self, canvas: Canvas, time: float) -> None:
        """As they are at a time; nothing before they fly."""
        if time < self.when:
            return
        for sprite, path, turn, still in zip(
            self._sprites, self._paths, self._turns, self._still, strict=True
        ):
            canvas.lay(sprite, *path.at(time), angle=turn * (min(time, still) - self.when))


def splinters(rng: Generator, count: int, size: float, light: float | None = None) -> list[Sprite]:
    """Small things of no certain outline, some larger."""
    sizes = size * np.exp(rng.normal(0, 0.4, count))
    return [blob(rng, s, s * rng.uniform(0.3, 1), light) for s in sizes]


def cloud(rng: Generator, size: float, light: float) -> Sprite:
    """A puff of smoke or dust, soft at its edges, of this width."""
    side = max(round(size * FINE), 8)
    away = np.linspace(-1, 1, side, dtype=np.float32)
    round_ = np.exp(-3.5 * (away[None, :] ** 2 + away[:, None] ** 2))
    ragged = np.clip(1 + 0.45 * blotches(rng, side, side, side / 8), 0, 2)
    edge = np.clip(4 * (1 - np.hypot(away[None, :], away[:, None])), 0, 1)
    mask = np.clip(round_ * ragged * edge, 0, 1).astype(np.float32)
    body = np.clip(light + 12 * blotches(rng, side, side, side / 6), 0, 255).astype(np.float32)
    return Sprite(body, mask, (side / 2, side / 2))


class Smoke:
    """A puff that comes forth quickly, drifts, spreads and thins."""

    def __init__(self, rng: Generator, size: float, light: float, lasts: float, thick: float = 0.6) -> None:
        self._sprites = [cloud(rng, size, light) for _ in range(2)]
        self._turns = rng.normal(0, 0.5, 2)
        self._drift = rng.normal(0, 0.05, 2) - np.array([0, 0.03])
        self._lasts, self._thick = lasts, thick
        self._quick = rng.uniform(0.04, 0.15)

    def draw(
        self, canvas: Canvas, x: float, y: float, passed: float, push: tuple[float, float] = (0, 0)
    ) -> None:
        """So many seconds after; `push` is how far it was blown, in widths."""
        if not 0 <= passed < self._lasts:
            return
        out = 1 - np.exp(-passed / self._quick)
        size = 0.25 + 0.6 * out + 0.5 * passed / self._lasts
        left = self._thick * out * (1 - passed / self._lasts) ** 1.5
        for number, sprite in enumerate(self._sprites):
            part = out * (0.6 + 0.4 * number)
            canvas.lay(
                sprite,
                x + push[0] * part + self._drift[0] * passed,
                y + push[1] * part + self._drift[1] * passed,
                angle=float(self._turns[number] * passed),
                scale=float(size),
                opaque=float(left),
            )
