"""Birdsong: phrases after the habits of several birds, note by note.

A syrinx is nearer to a whistle than to a throat, and each note of a song is one gesture of pitch and one of
pressure: Gardner, Cecchi, Magnasco, Laje and Mindlin, "Simple motor gestures for birdsongs" (Phys. Rev.
Letters 87, 2001). How the songs go is after Catchpole and Slater, "Bird Song: Biological Themes and
Variations" (2008).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import Manner
from foley_core.engines.procedural.synthesis.noise import Mono, event, stretched, turned
from foley_core.timecode import SAMPLE_RATE

Notes = NDArray[np.float64]
"""(notes, 6): start and length in seconds, pitch in Hz at the beginning, middle and end, level."""
_STEP = 16
"""Samples between two points of a gesture."""


def birdsong(rng: np.random.Generator, manner: Manner) -> Mono:
    """One phrase by one of several birds."""
    song = _BIRDS[rng.integers(len(_BIRDS))](rng)
    song[:, 2:5] *= rng.lognormal(0.0, 0.06) / manner.size**0.6
    song[:, :2] /= manner.pace**0.3
    return event(sung(song), 0.002)


def notes(start: NDArray[np.float64], *columns: NDArray[np.float64] | float) -> Notes:
    return np.stack(np.broadcast_arrays(start, *columns), axis=1).astype(np.float64)


def _tit(rng: np.random.Generator) -> Notes:
    """Two notes, high and low, again and again."""
    count = 2 * int(rng.integers(3, 7))
    high = np.arange(count) % 2 == 0
    start = 0.21 * np.arange(count) + 0.02 * high
    pitch = np.where(high, 5300.0, 3850.0)
    return notes(start, np.where(high, 0.11, 0.14), pitch * 1.04, pitch, pitch * 0.97, 0.8 + 0.2 * high)


def _sparrow(rng: np.random.Generator) -> Notes:
    """Chirps: up and down again, at no fixed rate."""
    count = int(rng.integers(2, 6))
    start = np.cumsum(rng.uniform(0.25, 0.55, count))
    top = rng.uniform(4200, 5200, count)
    return notes(
        start, rng.uniform(0.08, 0.14, count), 0.62 * top, top, 0.55 * top, rng.uniform(0.6, 1, count)
    )


def _finch(rng: np.random.Generator) -> Notes:
    """A run that falls and hastens, and a flourish."""
    count = int(rng.integers(8, 12))
    start = np.cumsum(np.linspace(0.15, 0.085, count))
    pitch = np.linspace(5000, 3300, count)
    run = notes(start, 0.07, pitch * 1.25, pitch, pitch * 0.8, np.linspace(0.4, 1, count))
    after = start[-1] + 0.12
    flourish = [
        [after, 0.12, 2600, 3900, 5200, 1.0],
        [after + 0.14, 0.2, 4600, 3000, 2300, 0.9],
    ]
    return np.concatenate([run, np.array(flourish)])


def _thrush(rng: np.random.Generator) -> Notes:
    """Slow flutes, and a hurried twitter at the end."""
    count = int(rng.integers(3, 6))
    length = rng.uniform(0.13, 0.34, count)
    start = np.cumsum(length + 0.06) - length
    scale = 1900 * 2.0 ** (rng.choice([0, 2, 4, 5, 7, 9], (3, count)) / 12)
    flutes = notes(start, length, *scale, rng.uniform(0.7, 1, count))
    few = int(rng.integers(4, 9))
    high = rng.uniform(4200, 6500, (3, few))
    twitter = notes(start[-1] + length[-1] + 0.05 + 0.06 * np.arange(few), 0.045, *high, 0.3)
    return np.concatenate([flutes, twitter])


def _warbler(rng: np.random.Generator) -> Notes:
    """A trill of falling notes that swells."""
    count = int(rng.integers(14, 26))
    start = np.arange(count) / rng.uniform(13, 19)
    return notes(start, 0.045, 6800.0, 5200.0, 4000.0, np.linspace(0.3, 1, count))


_BIRDS = (_tit, _sparrow, _finch, _thrush, _warbler)


def owl(rng: np.random.Generator, manner: Manner) -> Mono:
    """A hoot, a wait, and a longer one that trembles."""
    pitch = rng.uniform(340, 420) / manner.size**0.5
    hoots = notes(
        np.array([0.0, 1.1, 1.5, 1.72, 1.95]),
        np.array([0.55, 0.2, 0.17, 0.18, 0.85]),
        pitch * np.array([0.96, 0.96, 0.98, 1.0, 1.0]),
        pitch * np.array([1.06, 1.0, 1.02, 1.04, 1.08]),
        pitch * np.array([0.97, 0.97, 0.99, 1.0, 0.94]),
        np.array([0.9, 0.3, 0.4, 0.5, 1.0]),
    )
    return event(sung(hoots), 0.01)


def sung(song: Notes) -> Mono:
    """A song of a syrinx, one note after the other; peak about the loudest note's level."""
    start, length, first, middle, last, level = song.T
    at = (start[:, None] + length[:, None] * np.array([0.0, 0.2, 0.5, 0.8, 1.0])).ravel()
    first, middle, last = np.log2(first), np.log2(middle), np.log2(last)
    height = [first, 0.55 * first + 0.45 * middle, middle, 0.55 * last + 0.45 * middle, last]
    time = np.arange(int((at[-1] + 0.01) * SAMPLE_RATE / _STEP)) * (_STEP / SAMPLE_RATE)
    pitch = np.exp2(np.interp(time, at, np.stack(height, axis=1).ravel()))
    ends = np.stack([start, start + length], axis=1).ravel()
    way = np.interp(time, ends, np.repeat(np.arange(len(song) + 1), 2)[1:-1])
    note = np.minimum(way.astype(np.int64), len(song) - 1)
    pressure = np.sin(np.pi * np.clip(way - note, 0, 1) ** 0.8)
    shape = stretched(level[note] * np.maximum(pressure, 0) ** 1.4, _STEP)
    angle = turned(np.cumsum(stretched(pitch, _STEP), dtype=np.float64) / SAMPLE_RATE)
    return np.asarray(shape * (np.sin(angle) + np.float32(0.12) * shape * np.sin(2 * angle)), np.float32)
