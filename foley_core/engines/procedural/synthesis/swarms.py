"""Swarms: crickets, cicadas, bees, and a pond of small frogs.

A cricket strikes the file of its wing about 30 times a second, and each stroke rings at 4 to 5 kHz; a cicada
buckles its timbals some hundred times a second (Bennet-Clark, "Resonators in insect sound production",
J. Exp. Biology 202, 1999). A bee's tone is the beat of its wings at about 230 Hz, rich in overtones. Spring
peepers whistle near 2.5 kHz, about once a second (Gerhardt and Huber, "Acoustic Communication in Insects and
Anurans", 2002).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import PATCH, Manner
from foley_core.engines.procedural.synthesis.birdsong import notes, sung
from foley_core.engines.procedural.synthesis.noise import (
    Mono,
    band,
    event,
    panned,
    turned,
    wander,
    whistling,
    wide,
)
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_PATCH_SECONDS = PATCH / SAMPLE_RATE


def peepers(rng: np.random.Generator, manner: Manner) -> Sound:
    """A pond of small frogs at some distance, each with its whistle."""
    frogs = []
    for number in range(12):
        pitch = (2350 + 71 * (number * 5 % 12)) / manner.size**0.5
        times = _regular(rng, rng.uniform(0.9, 1.5) * manner.pace, 0.12)
        note = sung(
            notes(np.array([0.0]), 0.13, 0.94 * pitch, pitch, 1.05 * pitch, 1 - 0.7 * (number % 4 > 0))
        )
        frogs.append((_placed(times, note), (number + 0.5) / 12))
    pond = wide(rng, PATCH, lambda hertz: band(hertz, 1500, 4000), 0.9)
    return np.asarray(panned(frogs) + 0.03 * pond, np.float32)


def _regular(rng: np.random.Generator, rate: float, jitter: float) -> NDArray[np.int64]:
    """Places as many as fit into a patch at that rate a second, each off by chance (a share of the step)."""
    count = max(round(rate * _PATCH_SECONDS), 1)
    steps = np.arange(count) + rng.uniform() + jitter * rng.standard_normal(count)
    return (steps * PATCH / count).astype(np.int64)


def _placed(times: NDArray[np.int64], sound: Mono) -> Mono:
    """The same sound at all these places of a periodic patch."""
    patch = np.zeros(PATCH + len(sound), np.float32)
    for time in times % PATCH:
        patch[time : time + len(sound)] += sound
    patch[: len(sound)] += patch[PATCH:]
    return patch[:PATCH]


_CRICKETS = (
    (4350.0, 2.3, 0.38, 1.0),
    (4580.0, 2.7, 0.80, 0.6),
    (4820.0, 2.1, 0.55, 0.35),
    (4470.0, 2.5, 0.15, 0.25),
    (5050.0, 2.9, 0.95, 0.2),
    (4690.0, 2.4, 0.05, 0.2),
)
"""Pitch in Hz, chirps a second, place, level: the same crickets all night."""


def crickets(rng: np.random.Generator, manner: Manner) -> Sound:
    """Crickets near by, each with its chirp of three or four strokes, and a field of them far off."""
    near = []
    for pitch, rate, place, level in _CRICKETS:
        strokes = int(rng.integers(3, 5))
        own = pitch / manner.size**0.4 * rng.uniform(0.995, 1.005)
        louder = level * np.linspace(0.6, 1, strokes)
        chirp = sung(notes(np.arange(strokes) / 28, 0.024, 1.01 * own, own, 0.98 * own, louder))
        near.append((_placed(_regular(rng, rate * manner.pace, 0.05), chirp), place))
    edges = 4300 / manner.size**0.4, 4900 / manner.size**0.4
    far = wide(rng, PATCH, lambda hertz: band(hertz, *edges, 4), 0.9)
    trill = 1 + 0.3 * wander(rng, PATCH, 40)[:, None]
    return np.asarray(panned(near) + 0.05 * far * trill, np.float32)


def cicadas(rng: np.random.Generator, manner: Manner) -> Sound:
    """A tree full of cicadas."""
    tree = []
    for number, pitch in enumerate((4700.0, 6100.0)):
        centre = np.full(PATCH, pitch / manner.size**0.4, np.float32)
        buckling = _pulsing(rng, (95 + 37 * number) * manner.pace**0.3)
        tree.append((buckling * whistling(rng, centre, 900), 0.3 + 0.45 * number))
    far = wide(
        rng, PATCH, lambda hertz: band(hertz, 5000 / manner.size**0.4, 7500 / manner.size**0.4, 4), 0.9
    )
    return np.asarray(panned(tree) + 0.2 * far, np.float32)


def _pulsing(rng: np.random.Generator, rate: float) -> Mono:
    """Level of a timbal that buckles so many times a second, louder and fainter with the animal's effort."""
    cycles = np.arange(PATCH) * (round(rate * _PATCH_SECONDS) / PATCH)
    angle = turned(cycles) + 3 * wander(rng, PATCH, 2)
    return np.asarray(np.exp(3 * (np.cos(angle) - 1) + 0.35 * wander(rng, PATCH, 2)), np.float32)


def bees(rng: np.random.Generator, manner: Manner) -> Sound:
    """A swarm."""
    swarm = []
    for number in range(5):
        wings = (205 + 15 * (number * 3 % 5)) / manner.size**0.5 * np.exp(0.05 * wander(rng, PATCH, 2.5))
        near = np.exp(0.6 * wander(rng, PATCH, 0.9 * manner.pace))
        swarm.append((near * _buzz(wings), (number + 0.5) / 5))
    air = wide(rng, PATCH, lambda hertz: band(hertz, 300, 2500, 1), 0.8)
    return np.asarray(panned(swarm) + 0.15 * air, np.float32)


@cache
def _wing_beat() -> Mono:
    """One beat, RMS 1: many overtones, not all in step."""
    number = np.arange(40)
    overtones = np.maximum(number, 1) ** -0.9 * np.exp(-number / 14) * np.cos(0.7 * number**2) * (number > 0)
    beat = np.fft.irfft(overtones, 2048)
    return np.asarray(beat / np.sqrt(np.mean(beat**2)), np.float32)


def _buzz(pitch: NDArray[np.floating]) -> Mono:
    """Wings that beat at `pitch` (Hz, for each sample); periodic if `pitch` is."""
    beat, cycles = _wing_beat(), np.cumsum(pitch, dtype=np.float64)
    cycles *= len(beat) * max(round(cycles[-1] / SAMPLE_RATE), 1) / cycles[-1]
    return np.asarray(beat[cycles.astype(np.int64) & (len(beat) - 1)], np.float32)


def fly_past(rng: np.random.Generator, manner: Manner) -> Mono:
    """An insect that passes the ear: louder, and its tone falls as it goes."""
    seconds = rng.uniform(1.6, 3.2) / manner.pace**0.5
    time = np.linspace(-seconds / 2, seconds / 2, int(seconds * SAMPLE_RATE / 64) * 64)
    nearest, speed = rng.uniform(0.15, 0.35), rng.uniform(1.5, 3.0)
    distance = np.hypot(speed * time, nearest)
    doppler = 1 - speed**2 * time / distance / 340
    wings = rng.uniform(190, 250) / manner.size**0.5 * doppler * np.exp(0.03 * wander(rng, len(time), 4))
    return event(_buzz(wings) * nearest / distance * np.hanning(len(time)), 0.05)
