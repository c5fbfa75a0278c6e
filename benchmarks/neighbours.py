"""Whether kinds of sound can be told apart: each is played with many seeds, and nearest neighbours taken."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from benchmarks.figure import Figure
from benchmarks.log_mel import nearest, statistics
from benchmarks.played import Picture, curve, impact, layer_of, play
from foley_core.engines.engine import Engine
from foley_core.engines.procedural.kind import Bed, Kind

MOST_SECONDS = 20.0
"""No bed is heard longer than this, however rare its events are."""
WORST = 12
"""How many kinds with the most mistakes are named."""

_STRUCK = Picture(4.0, impacts=(impact(0.1, 0.5), impact(1.1, 0.9), impact(2.0, 0.3), impact(2.9, 0.7)))
_MOVED = Picture(4.0, curve=curve(4.0, seed=3))


def figures(engine: Engine, kinds: list[Kind], seeds: int) -> Iterator[Figure]:
    """How many kinds there are, how many takes have one of their own kind nearest, what a second costs."""
    names, vectors, costs = [], [], {}
    for kind in kinds:
        started, heard = time.process_time(), 0.0
        for seed in range(1, seeds + 1):
            picture = picture_for(kind)
            sound = play(engine, kind.name, picture, seed, [layer_of(kind)]).layers[layer_of(kind)]
            heard += picture.seconds
            names.append(kind.name)
            vectors.append(statistics(sound))
        costs[kind.name] = (time.process_time() - started) / heard
    yield Figure("kinds", ">= 40", len(kinds), len(kinds) >= 40)
    yield told_apart(np.array(names), np.array(vectors))
    dearest = sorted(costs, key=lambda name: -costs[name])
    yield Figure(
        "processor seconds for a second of sound",
        "told",
        float(np.median(list(costs.values()))),
        True,
        {"dearest": {name: costs[name] for name in dearest[:WORST]}},
    )


def picture_for(kind: Kind) -> Picture:
    """Something to be seen that lets the kind be heard."""
    if layer_of(kind) == "hits":
        return _STRUCK
    if layer_of(kind) == "movement":
        return _MOVED
    every = kind.sound.calls.every if isinstance(kind.sound, Bed) and kind.sound.calls else 0.0
    return Picture(min(max(6.0, 2 * every), MOST_SECONDS))


def told_apart(names: np.ndarray, vectors: np.ndarray) -> Figure:
    """The share of takes whose nearest neighbour is of the same kind."""
    found = names[nearest(vectors)]
    right = {str(name): float(np.mean(found[names == name] == name)) for name in dict.fromkeys(names)}
    worst = sorted((name for name in right if right[name] < 1), key=lambda name: right[name])
    mistakes = {name: _counted(found[names == name], name) for name in worst[:WORST]}
    share = float(np.mean(found == names))
    details = {"takes": len(names), "right": {name: right[name] for name in worst}, "taken_for": mistakes}
    return Figure("nearest neighbour of the same kind", ">= 0.85", share, share >= 0.85, details)


def _counted(found: Iterable[str], name: str) -> dict[str, int]:
    return dict(Counter(str(other) for other in found if other != name).most_common(3))
