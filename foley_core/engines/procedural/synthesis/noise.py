"""Noise and what is made of it: coloured, scattered, filtered, moved.

All of it is pure and takes its chance from the generator it is given. What is called periodic joins its own
beginning at its end, as a texture has to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import gcd

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

Mono = NDArray[np.float32]
"""(samples,)"""
Shape = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Level over frequency in Hz."""
_RINGS_FOR = 5.8
"""Times its decay, a ring is played for so long: until -50 dB."""


def white(rng: np.random.Generator, samples: int) -> Mono:
    """White noise of RMS 1. Its 256 levels are heard no more once it is filtered, and cost a tenth."""
    return np.frombuffer(rng.bytes(samples), np.int8).astype(np.float32) / np.float32(73.9)


def coloured(rng: np.random.Generator, samples: int, shape: Shape) -> Mono:
    """Periodic noise whose spectrum follows `shape`, RMS 1. Few samples need many of them to be Gaussian."""
    level = np.asarray(shape(_frequencies(samples)))
    level = np.where(np.isfinite(level), level, 0).astype(np.float32)
    level[0] = 0.0
    heard = level[: np.flatnonzero(level > 1e-5 * level.max())[-1] + 1]
    parts = white(rng, 2 * len(heard)).view(np.complex64) * heard
    sound = scipy.fft.irfft(parts, samples)
    return np.asarray(sound / np.sqrt(np.mean(sound**2)), np.float32)


@lru_cache(maxsize=8)
def _frequencies(samples: int) -> NDArray[np.float32]:
    """Of the bins of a spectrum, in Hz."""
    frequencies = np.linspace(0, SAMPLE_RATE / 2, samples // 2 + 1, dtype=np.float32)
    frequencies.flags.writeable = False
    return frequencies


def wide(rng: np.random.Generator, samples: int, shape: Shape, width: float) -> Sound:
    """The same in stereo; `width`: 0 is mono, 1 is wide.

    The sides differ by the same noise played backwards, which has the same spectrum and no likeness.
    """
    middle = coloured(rng, samples, shape)
    side = np.float32(width) * middle[::-1]
    both = np.stack([middle + side, middle - side], axis=1)
    return np.asarray(both / np.float32(np.sqrt(1 + width**2)), np.float32)


def band(frequency: NDArray[np.float32], low: float, high: float, steep: int = 2) -> NDArray[np.float32]:
    """For a shape: level 1 between `low` and `high` Hz, falling by 6 dB an octave times `steep` outside."""
    ratio = np.maximum(frequency, 1e-3)
    with np.errstate(over="ignore"):
        fall = (1 + (low / ratio) ** (2 * steep)) * (1 + (ratio / high) ** (2 * steep))
    return np.asarray(1 / np.sqrt(fall), np.float32)


def filtered(sound: NDArray[np.floating], low: float | None, high: float | None, order: int = 2) -> Mono:
    """A Butterworth band, from rest, between `low` and `high` in Hz; None leaves it open on that side."""
    if high is not None and high > 0.49 * SAMPLE_RATE:
        high = None
    if low is not None or high is not None:
        sound = sosfilt(_butterworth(order, low, high), sound, axis=0)
    return np.asarray(sound, np.float32)


@lru_cache(maxsize=256)
def _butterworth(order: int, low: float | None, high: float | None) -> NDArray[np.float64]:
    kind = "lowpass" if low is None else "highpass" if high is None else "bandpass"
    edges = np.squeeze([edge for edge in (low, high) if edge is not None])
    return np.asarray(butter(order, edges, kind, fs=SAMPLE_RATE, output="sos"), np.float64)


def looped(sound: NDArray[np.floating], low: float | None, high: float | None, order: int = 2) -> Mono:
    """`filtered`, but as if the sound had gone round for ever: a periodic sound stays so."""
    run_up = min(4096, len(sound))
    return filtered(np.concatenate([sound[-run_up:], sound]), low, high, order)[run_up:]


def clicks(rng: np.random.Generator, samples: int, levels: NDArray[np.floating]) -> Mono:
    """Single samples of those levels at random places, up or down; a shot noise to be filtered."""
    signs = 2 * rng.integers(2, size=len(levels)) - 1
    places = rng.integers(samples, size=len(levels))
    return np.bincount(places, levels * signs, samples).astype(np.float32)


def scattered(samples: int, grains: Iterable[tuple[int, float, NDArray[np.floating]]]) -> Mono:
    """Grains (start, level, sound) summed into a periodic stretch."""
    sound = np.zeros(samples, np.float32)
    for start, level, grain in grains:
        at, grain = start % samples, grain[:samples]
        kept = min(len(grain), samples - at)
        sound[at : at + kept] += np.float32(level) * grain[:kept]
        sound[: len(grain) - kept] += np.float32(level) * grain[kept:]
    return sound


def rings(
    pitch: NDArray[np.floating], decay: NDArray[np.floating], glide: NDArray[np.floating] | float = 0.0
) -> list[Mono]:
    """Decaying sines, peak about 1: drops, bubbles and sparks are made of them.

    `pitch` in Hz, `decay` in seconds (to 1/e); `glide` is how fast the pitch rises, as a share of itself a
    second.
    """
    made = []
    for hertz, fall, rise in np.broadcast(pitch, decay, glide):
        length = int(_RINGS_FOR * fall * SAMPLE_RATE) + 1
        time = np.arange(length, dtype=np.float32) / np.float32(SAMPLE_RATE)
        cycles = np.float32(hertz) * (time + np.float32(rise / 2) * time * time)
        ring = np.exp(time * np.float32(-1 / fall)) * np.sin(np.float32(2 * np.pi) * cycles)
        made.append(np.asarray(ring, np.float32))
    return made


def strewn(
    rng: np.random.Generator,
    samples: int,
    grains: Sequence[Mono],
    levels: NDArray[np.floating],
    starts: NDArray[np.integer] | None = None,
) -> Sound:
    """As many grains as there are levels, each drawn from `grains`, summed into a periodic stereo stretch.

    They fall where chance has them, or at `starts`; each grain has a place of its own from left to right.
    """
    count = len(levels)
    places = rng.integers(samples, size=count) if starts is None else starts % samples
    angles = rng.uniform(0.05, 0.95, len(grains)) * np.pi / 2
    sides = np.stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    laid = [grain * side[:, None] for grain, side in zip(grains, sides.T, strict=True)]
    longest = max(map(len, grains), default=0)
    sound = np.zeros((2, samples + longest), np.float32)
    which = rng.integers(len(grains), size=count).tolist()
    for at, index, level in zip(places.tolist(), which, levels.tolist(), strict=True):
        grain = laid[index]
        sound[:, at : at + grain.shape[1]] += level * grain
    for first in range(samples, samples + longest, samples):
        over = sound[:, first : first + samples]
        sound[:, : over.shape[1]] += over
    left, right = sound[:, :samples]
    return np.stack([left - left.mean(), right - right.mean()], axis=1)


def fading(samples: int, seconds: float) -> Mono:
    """exp(-t / seconds)."""
    time = np.arange(samples, dtype=np.float32) / np.float32(SAMPLE_RATE)
    return np.asarray(np.exp(-time / np.float32(seconds)), np.float32)


def wander(rng: np.random.Generator, samples: int, rate: float) -> Mono:
    """A smooth periodic random curve of mean 0 and RMS 1 that turns about `rate` times a second."""
    count = max(int(rate * samples / SAMPLE_RATE), 1)
    spectrum = np.zeros(count + 1, np.complex64)
    parts = rng.standard_normal((count, 2), dtype=np.float32)
    spectrum[1:] = parts[:, 0] + 1j * parts[:, 1]
    step = gcd(samples, 2 ** max(int(np.log2(samples / (16 * count + 1))), 0))
    if 256 * count > samples // step:
        points = scipy.fft.irfft(spectrum, samples // step)
        curve = stretched(np.append(points, points[0]), step)
    else:
        points = scipy.fft.irfft(spectrum, 64 * count)
        places = np.arange(samples) * (len(points) / samples)
        curve = np.interp(places, np.arange(len(points) + 1), np.append(points, points[0]))
    return np.asarray(curve / np.sqrt(np.mean(curve**2)), np.float32)


def stretched(points: NDArray[np.floating], step: int) -> Mono:
    """Straight lines from point to point, `step` samples each: slow things at a fraction of the work."""
    points = np.asarray(points, np.float32)
    way = np.arange(step, dtype=np.float32) / np.float32(step)
    return np.asarray((points[:-1, None] + np.diff(points)[:, None] * way).ravel(), np.float32)


def whistling(rng: np.random.Generator, centre: NDArray[np.floating], width: float) -> Mono:
    """A narrow band of noise whose middle moves: `centre` in Hz for each sample, `width` in Hz; RMS 1.

    Slow noise carried by a tone; periodic if `centre` is.
    """
    samples = len(centre)
    cycles = np.cumsum(centre, dtype=np.float64) / SAMPLE_RATE
    angle = turned(cycles * (max(round(cycles[-1]), 1) / cycles[-1]))
    sound = wander(rng, samples, width / 2) * np.cos(angle) + wander(rng, samples, width / 2) * np.sin(angle)
    return np.asarray(sound, np.float32)


def turned(cycles: NDArray[np.floating]) -> Mono:
    """Cycles as an angle from 0 to 2 pi, where a float32 is exact enough."""
    part = (cycles - np.floor(cycles)).astype(np.float32)
    return np.asarray(np.float32(2 * np.pi) * part, np.float32)


def spread(sound: Mono, angle: float) -> Sound:
    """Mono laid between the loudspeakers with constant power: 0 left, 0.5 in the middle, 1 right."""
    sides = np.array([np.cos(angle * np.pi / 2), np.sin(angle * np.pi / 2)], np.float32)
    return np.asarray(sound[:, None] * sides, np.float32)


def panned(voices: Sequence[tuple[Mono, float]]) -> Sound:
    """Voices (sound, angle) laid side by side as `spread` does it, and summed."""
    sides = np.zeros((2, len(voices[0][0])), np.float32)
    for sound, angle in voices:
        sides[0] += np.float32(np.cos(angle * np.pi / 2)) * sound
        sides[1] += np.float32(np.sin(angle * np.pi / 2)) * sound
    return np.stack([sides[0], sides[1]], axis=1)


def event(sound: NDArray[np.floating], fade: float = 0.005) -> Mono:
    """Peak 1, and silent at both ends, to which it comes in `fade` seconds: as a call has to be."""
    edge = np.linspace(0, 1, int(fade * SAMPLE_RATE), dtype=np.float32)
    sound = np.array(sound, np.float32)
    sound[: len(edge)] *= edge
    sound[-len(edge) :] *= edge[::-1]
    return np.asarray(sound / np.abs(sound).max(), np.float32)
