"""What turns, beats, hums and rings: what textures are made of that keeps its pitch over all their patches.

Patches follow each other at half their length, so what goes round a whole number of times in half a patch
falls in step in all of them: `turns`, `beats`. What is the same in each patch would swell by 3 dB where two
of them meet; `seamless` turns its phase by a quarter from one to the next, and then it does not. What has
chance in its phase (`hum`) is faded like noise. All of it is periodic.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import PATCH
from foley_core.engines.procedural.synthesis.noise import Mono, clicks, wander
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

Mode: TypeAlias = tuple[float, float, float]
"""Of a thing that rings: frequency in Hz, sharpness (Q), level."""
HALF = PATCH // 2
"""Samples from one patch to the next."""
SECONDS = PATCH / SAMPLE_RATE
FREQUENCY = np.linspace(0, SAMPLE_RATE / 2, PATCH // 2 + 1, dtype=np.float32)
"""In Hz, of the spectrum of a patch."""
_HIGHEST = 0.42 * SAMPLE_RATE
"""In Hz; no partial lies higher."""
_BACK = 2048
"""Samples at the end of a patch in which the phase is turned back; the patch is faded out there."""


def per_half(rate: float, multiple: int = 1) -> int:
    """The number of turns in half a patch that comes nearest to `rate` a second; a multiple of `multiple`."""
    return multiple * max(round(rate * HALF / SAMPLE_RATE / multiple), 1)


@lru_cache(maxsize=8)
def turns(count: int) -> tuple[NDArray[np.int32], Mono]:
    """For each sample: which of the 2 * count turns it is in, and how much of it has gone by (0 to 1)."""
    gone = np.arange(PATCH, dtype=np.int64) * count
    number, part = (gone // HALF).astype(np.int32), (gone % HALF).astype(np.float32) / np.float32(HALF)
    number.setflags(write=False)
    part.setflags(write=False)
    return number, part


def beats(count: int) -> NDArray[np.int64]:
    """The sample on which each turn begins, (2 * count,)."""
    return -(-np.arange(2 * count, dtype=np.int64) * HALF // count)


def shower(rng: np.random.Generator, rate: float, spread: float) -> Mono:
    """Single samples at random (Poisson) times, `rate` a second; levels are lognormal, at most 4."""
    return clicks(rng, PATCH, np.minimum(rng.lognormal(0, spread, rng.poisson(rate * SECONDS)), 4.0))


@lru_cache(maxsize=16)
def body(modes: tuple[Mode, ...], size: float = 1.0) -> NDArray[np.complex64]:
    """The response of a thing with these modes, for `through`; of twice the size, all an octave lower."""
    frequency = np.maximum(FREQUENCY * np.float32(size), 1)
    response = np.zeros(len(frequency), np.complex64)
    for middle, sharpness, level in modes:
        off = np.float32(sharpness) * (frequency / np.float32(middle) - np.float32(middle) / frequency)
        response += np.float32(level) / (1 + 1j * off)
    response.setflags(write=False)
    return response


def through(*parts: tuple[Mono, NDArray[np.number]]) -> Mono:
    """Periodic sounds, each as it comes out of something with its response, added up."""
    spectrum = sum(scipy.fft.rfft(sound) * response for sound, response in parts)
    return np.asarray(scipy.fft.irfft(spectrum, PATCH), np.float32)


def bursts(rng: np.random.Generator, count: int, spread: float, shape: Mono) -> Mono:
    """A level for noise that each of `count` turns lets through as `shape` says, now more and now less."""
    return np.asarray(shape * rng.lognormal(0, spread, 2 * count).astype(np.float32)[turns(count)[0]])


def even(sound: Mono) -> Mono:
    """At an RMS of 1."""
    return np.asarray(sound / (np.sqrt(np.mean(sound**2)) + np.float32(1e-9)), np.float32)


def seamless(sound: Mono) -> Mono:
    """A sound that is the same in each patch, so turned that fading two of them keeps its level."""
    spectrum = np.zeros(PATCH, np.complex64)
    spectrum[: PATCH // 2 + 1] = 2 * scipy.fft.rfft(sound)
    phase = np.pi * np.arange(PATCH, dtype=np.float32) / PATCH
    phase[-_BACK:] *= np.linspace(1, 0, _BACK, dtype=np.float32)
    return np.asarray((scipy.fft.ifft(spectrum) * np.exp(1j * phase)).real, np.float32)


def hum(
    rng: np.random.Generator, partials: Sequence[tuple[float, float]], drift: float, width: float
) -> Sound:
    """Partials (Hz, level), each with a phase of its own; all of them drift by about `drift` turns.

    The sides differ by the same played backwards; `width`: 0 is mono, 1 is wide.
    """
    lines = np.zeros(PATCH // 2 + 1, np.complex64)
    for frequency, level in ((hertz, level) for hertz, level in partials if hertz < _HIGHEST):
        lines[round(frequency * SECONDS)] += level * PATCH / 2 * np.exp(2j * np.pi * rng.random())
    angle = np.float32(2 * np.pi * drift) * wander(rng, PATCH, 1.3)
    still, quarter = scipy.fft.irfft(lines, PATCH), scipy.fft.irfft(1j * lines, PATCH)
    middle = np.asarray(still * np.cos(angle) + quarter * np.sin(angle), np.float32)
    return stereo(middle, np.float32(width) * middle[::-1])


def stereo(middle: Mono, side: Mono | float = 0.0) -> Sound:
    """From the middle and the difference."""
    return np.stack([middle + side, middle - side], axis=1).astype(np.float32)
