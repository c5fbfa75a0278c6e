"""Tools in a hand that strike: a stick, a hammer, a knife; the hand swings them from beyond the picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from benchmarks.training.scene import HEIGHT, Canvas, Scene, events_of
from benchmarks.training.textures import backdrop, blob, limb
from benchmarks.training.timing import Times, eased, times


def hammer(rng: Generator, seconds: float) -> Scene:
    """A stick or hammer swung from one side upon something that lies there."""
    beats = times(rng, seconds, 1.4, 0.22)
    place, thing = backdrop(rng), blob(rng, rng.uniform(0.1, 0.5), rng.uniform(0.05, 0.25))
    length = rng.uniform(0.25, 0.8)
    stick = limb(rng, length, rng.uniform(0.01, 0.06), rng.uniform(0.01, 0.05))
    side = 1.0 if rng.random() < 0.5 else -1.0
    x, y = rng.uniform(0.3, 0.7), rng.uniform(0.2, 0.8) * HEIGHT
    down = rng.uniform(-0.2, 0.5)
    lift = _swing(rng, beats, rng.uniform(0.25, 1.1))
    pivot = (x - side * length * np.cos(down), y - length * np.sin(down))
    shake = rng.uniform(0, 0.006) if rng.random() < 0.5 else 0.0

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        since = time - beats[beats <= time]
        jump = shake * sum(np.exp(-s / 0.05) * np.cos(s * 90) for s in since[since < 0.4])
        canvas.lay(thing, x, y + 0.06 + jump)
        angle = down - lift(time)
        canvas.lay(stick, pivot[0], pivot[1], angle=angle if side > 0 else np.pi - angle)

    return Scene(draw, events_of(beats, "strike", x, y), _jolts(rng, beats))


def _swing(rng: Generator, beats: Times, height: float) -> Callable[[float], float]:
    """How far lifted at a time, in radians: fast down, stopped or thrown back by each blow, slowly up."""
    rest, heights = rng.uniform(0, 0.5), height * np.exp(rng.normal(0, 0.25, len(beats) + 1))
    fall = rng.uniform(0.06, 0.22)
    back = rng.uniform(0.0, 0.35)

    def lift(time: float) -> float:
        after = int(np.searchsorted(beats, time, side="right"))
        top = heights[after]
        until = beats[after] - time if after < len(beats) else np.inf
        since = time - beats[after - 1] if after else np.inf
        gap = until + since
        quick = min(fall, 0.45 * gap) if np.isfinite(gap) else fall
        if until < quick:
            return float(top * (1 - (1 - until / quick) ** 2))
        up = float(top * eased((since - rest * 0.3) / max(min(gap, 3) - quick - rest * 0.3, 0.05)))
        bounce = back * top * np.sin(min(since / 0.12, 1) * np.pi) if since < 0.12 else 0.0
        return max(up, float(bounce)) if np.isfinite(since) else float(top)

    return lift


def _jolts(rng: Generator, beats: Times) -> tuple[tuple[float, float], ...]:
    """Now and then the blows shake the camera, too."""
    if rng.random() < 0.8:
        return ()
    strength = rng.uniform(0.1, 1.0)
    return tuple((float(beat), float(strength)) for beat in beats)
