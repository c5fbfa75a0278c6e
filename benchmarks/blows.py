"""Struck sounds, blow by blow: no two alike, decay by material, and what strength and size do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from benchmarks.figure import Figure, worst
from benchmarks.played import Picture, impact, play
from foley_core.engines.engine import Engine
from foley_core.engines.procedural.kind import HitSound, Kind
from foley_core.timecode import SAMPLE_RATE

Mono = NDArray[np.float64]

MATERIALS = ("metal", "glass", "wood", "flesh")
"""From the longest ringing to the shortest."""
_APART = 4.0
"""Seconds between two blows: long enough for the first to die away."""
_FEW = 5
"""Seeds, where twenty would only take longer."""
_SMALL, _LARGE = 0.125, 0.5
"""As shares of the picture's width: four times as wide is twice as large (`hits.seen_manner`)."""


def figures(engine: Engine, kinds: list[Kind], seeds: int) -> Iterator[Figure]:
    """All of them, for the kinds that are struck."""
    struck = [kind.name for kind in kinds if isinstance(kind.sound, HitSound)]
    few = range(1, min(seeds, _FEW) + 1)
    alike = {name: max(likeness(*blows(engine, name, seed, 0.7, 0.7)) for seed in few) for name in struck}
    yield worst("two hits of one seed: cross-correlation", "< 0.95", alike, lambda most: most < 0.95)
    if set(MATERIALS) <= set(struck):
        yield decays(engine, seeds)
    yield from strengths(engine, struck, few)
    yield sizes(engine, struck, few)


def blows(engine: Engine, name: str, seed: int, *strengths: float, size: float = 0.25) -> list[Mono]:
    """The sound of each blow, from its attack to the next one."""
    seen = tuple(impact(0.5 + _APART * number, strength, size) for number, strength in enumerate(strengths))
    played = play(engine, name, Picture(0.5 + _APART * len(seen), seen), seed, ["hits"])
    sound = played.layers["hits"].sum(axis=1, dtype=np.float64)
    return [sound[hit.sample : hit.sample + round(_APART * SAMPLE_RATE)] for hit in played.hits]


def likeness(one: Mono, other: Mono) -> float:
    """The highest normalised cross-correlation at any lag."""
    energy = np.sqrt(np.sum(one**2) * np.sum(other**2))
    return float(np.abs(correlate(one, other, method="fft")).max() / energy)


def decays(engine: Engine, seeds: int) -> Figure:
    """How long the materials ring, and the smallest ratio of one to the next."""
    ring = {}
    for name in MATERIALS:
        every = [blows(engine, name, seed, 0.7)[0] for seed in range(1, seeds + 1)]
        ring[name] = float(np.median([died_away(blow) for blow in every]))
    steps = [ring[one] / ring[next_] for one, next_ in pairwise(MATERIALS)]
    details = {"seconds_to_-30_dB": ring}
    return Figure(
        "decay: metal, glass, wood, flesh, each to the next", ">= 1.5", min(steps), min(steps) >= 1.5, details
    )


def died_away(sound: Mono, decibels: float = 30.0) -> float:
    """Seconds until only so little of the energy is still to come (Schroeder's backward integral)."""
    to_come = np.cumsum(sound[::-1] ** 2)[::-1]
    return float(np.argmax(to_come < to_come[0] * 10 ** (-decibels / 10))) / SAMPLE_RATE


def strengths(engine: Engine, struck: list[str], seeds: range) -> Iterator[Figure]:
    """A blow four times as strong: how much louder it peaks, and how much brighter it is."""
    louder, brighter = {}, {}
    for name in struck:
        pairs = [[blows(engine, name, seed, strength)[0] for strength in (0.25, 1.0)] for seed in seeds]
        louder[name] = float(np.median([20 * np.log10(peak(hard) / peak(soft)) for soft, hard in pairs]))
        brighter[name] = float(np.median([centroid(hard) / centroid(soft) for soft, hard in pairs]))
    off = {name: abs(rise - 6.0) for name, rise in louder.items()}
    yield worst("strength x 4: dB off 6 dB", "<= 0.5", off, lambda most: most <= 0.5)
    yield worst("strength x 4: centroid to centroid", "> 1", brighter, lambda least: least > 1, low=True)


def sizes(engine: Engine, struck: list[str], seeds: range) -> Figure:
    """Something twice as large: its centroid against that of the smaller one."""
    lower = {}
    for name in struck:
        pairs = [
            [blows(engine, name, seed, 0.7, size=size)[0] for size in (_SMALL, _LARGE)] for seed in seeds
        ]
        lower[name] = float(np.median([centroid(large) / centroid(small) for small, large in pairs]))
    return worst("size x 2: centroid to centroid", "< 1", lower, lambda most: most < 1)


def peak(sound: Mono) -> float:
    """The highest sample."""
    return float(np.abs(sound).max())


def centroid(sound: Mono) -> float:
    """Centre of the power spectrum in Hz, of the first half second."""
    power = np.abs(np.fft.rfft(sound[: SAMPLE_RATE // 2])) ** 2
    return float(np.sum(power * np.arange(len(power))) / np.sum(power) * 2)
