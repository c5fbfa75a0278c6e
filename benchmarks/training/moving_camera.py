"""What moves is the camera: pans, tilts, zooms, walks and orbits over still scenes of several layers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from benchmarks.training.cameras import looking
from benchmarks.training.motions import Motion, away, bounded, gestures, phase, swaying, travelled, wandering
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import HEIGHT, Canvas, Scene, Sprite
from benchmarks.training.textures import blob, box, disc, limb

Moves = dict[str, Motion]


def camera_work(rng: Generator, seconds: float) -> Scene:
    """A detailed place that stands still, looked at by a camera that does not."""
    place = anywhere(rng)
    layers = [_layer(rng) for _ in range(int(rng.integers(0, 6)))]
    layers.sort(key=lambda layer: layer[1])
    ways = (_pans, _tilts, _zooms, _whips, _walks, _orbits, _flies, _hand)
    way = ways[int(rng.integers(len(ways)))]
    moves = way(rng, seconds)
    held = float(np.exp(rng.normal(-6.2, 1.0)))
    look = looking(rng, seconds, held=held, **moves)
    shift, rise = moves.get("aside"), moves.get("down")
    deep = rng.uniform(0, 1.2) if way in (_walks, _orbits, _flies) or rng.random() < 0.4 else 0.0

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        across = deep * shift(time) if shift is not None else 0.0
        down = deep * rise(time) if rise is not None else 0.0
        for sprite, near, x, y in layers:
            canvas.lay(sprite, x + near * across, y + near * down)

    return Scene(draw, camera=look)


def _layer(rng: Generator) -> tuple[Sprite, float, float, float]:
    """A thing nearer than the backdrop: how much more it shifts, and where it stands."""
    what = int(rng.integers(4))
    light = None if rng.random() < 0.7 else float(rng.uniform(10, 60))
    if what == 0:
        sprite = box(rng, rng.uniform(0.03, 0.4), rng.uniform(0.05, 0.6), light)
    elif what == 1:
        sprite = blob(rng, rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.4), light)
    elif what == 2:
        sprite = disc(rng, rng.uniform(0.05, 0.3), light)
    else:
        sprite = limb(rng, rng.uniform(0.3, 0.9), rng.uniform(0.01, 0.05), None, light)
    return sprite, float(rng.uniform(0.1, 1.5)), float(rng.uniform(-0.1, 1.1)), rng.uniform(0.1, 1.1) * HEIGHT


def _pans(rng: Generator, seconds: float) -> Moves:
    """Stops and starts, slow or swift."""
    slow = float(np.exp(rng.uniform(np.log(0.5), np.log(3))))
    size = rng.uniform(0.05, 0.3)
    return {"aside": gestures(rng, seconds, size, rest=slow, quick=(0.5 * slow, 2 * slow), home=0.1)}


def _tilts(rng: Generator, seconds: float) -> Moves:
    slow = float(np.exp(rng.uniform(np.log(0.5), np.log(3))))
    down = gestures(rng, seconds, rng.uniform(0.04, 0.18), rest=slow, quick=(0.5 * slow, 2 * slow), home=0.1)
    return {"down": down, "aside": wandering(rng, seconds, 0.5, rng.uniform(0, 0.03))}


def _zooms(rng: Generator, seconds: float) -> Moves:
    quick = rng.uniform(0.25, 3)
    zoom = gestures(rng, seconds, rng.uniform(0.1, 0.4), rest=1.0, quick=(quick, 2 * quick))
    return {
        "zoom": lambda time: away(zoom(time)),
        "aside": wandering(rng, seconds, 0.4, rng.uniform(0, 0.05)),
    }


def _whips(rng: Generator, seconds: float) -> Moves:
    """From one thing to the next within some frames, and still again."""
    rest = rng.uniform(0.4, 2)
    aside = gestures(rng, seconds, 0.3, rest=rest, quick=(0.1, 0.45), home=0.2)
    down = gestures(rng, seconds, 0.1, rest=rest, quick=(0.1, 0.5), home=0.2)
    return {"aside": lambda time: bounded(aside(time), 0.7), "down": down}


def _walks(rng: Generator, seconds: float) -> Moves:
    """In the hand of somebody who walks or runs: it bobs with each stride and comes closer."""
    stride, size = rng.uniform(1.4, 2.9), float(np.exp(rng.normal(-5.0, 0.6)))
    bob, roll = swaying(rng, seconds, stride, size, 0.12), swaying(rng, seconds, stride / 2, 1.4 * size, 0.12)
    lost, nods = wandering(rng, seconds, 0.5, rng.uniform(0.02, 0.12)), wandering(rng, seconds, 2.5, size)
    come = travelled(rng, seconds, rng.uniform(-0.02, 0.07), halts=0.3)
    return {
        "aside": lambda time: lost(time) + roll(time),
        "down": lambda time: bob(time) + nods(time),
        "zoom": come,
        "turn": swaying(rng, seconds, stride / 2, 0.8 * size, 0.2),
    }


def _orbits(rng: Generator, seconds: float) -> Moves:
    """Around the scene: what is near passes what is far."""
    turn = phase(rng, seconds, rng.uniform(0.02, 0.15), loose=0.1, halts=0.3)
    size = rng.uniform(0.08, 0.25)
    return {
        "aside": lambda time: float(size * np.sin(turn(time))),
        "zoom": wandering(rng, seconds, 0.2, 0.04),
    }


def _flies(rng: Generator, seconds: float) -> Moves:
    """From the air: it drifts, turns and sinks without a shake."""
    aside, down = (travelled(rng, seconds, rng.normal(0, 0.05), change=0.3) for _ in "xy")
    turn = travelled(rng, seconds, rng.normal(0, 0.06), change=0.3)
    zoom = travelled(rng, seconds, rng.normal(0, 0.03), change=0.3)
    return {"aside": aside, "down": down, "turn": turn, "zoom": zoom}


def _hand(rng: Generator, seconds: float) -> Moves:
    """Held badly: it wanders, is set right, and trembles."""
    size = float(np.exp(rng.uniform(np.log(0.004), np.log(0.05))))

    def one(scale: float) -> Callable[[float], float]:
        slow, set_right = wandering(rng, seconds, 1.0, scale), gestures(rng, seconds, scale, rest=0.4)
        shakes, spells = wandering(rng, seconds, 7, 0.12 * scale), wandering(rng, seconds, 0.8)
        return lambda time: slow(time) + set_right(time) + shakes(time) * float(np.exp(0.7 * spells(time)))

    return {"aside": one(size), "down": one(size), "turn": one(0.5 * size)}
