"""Things that ring when struck: a bank of decaying modes, whose material lies in how fast they decay.

After van den Doel and Pai, "The sounds of physical shapes" (Presence 7(4), 1998): a struck body sounds as a
sum of modes, the place of the strike sets their levels, and the material sets one internal friction by which
a mode of frequency f dies away in 1 / (pi f tan phi) seconds. That friction is what a listener tells
materials by: Klatzky, Pai and Krotkov, "Perception of material from contact sounds" (Presence 9(4), 2000).
What strikes decides which modes are woken: a force that lasts t seconds wakes little above 1 / (2 t), and a
harder blow lasts shorter, t ~ v^(-(a - 1) / (a + 1)) for a contact whose force grows as depth^a; Hunt and
Crossley (J. Applied Mechanics 42, 1975) as in Avanzini and Rocchesso, "Modeling collision sounds: non-linear
contact force" (DAFx 2001). Here a is 2, so eight times the blow halves the contact.

All sounds are mono and float32. How many random numbers are drawn depends neither on strength nor on size,
so that a harder blow is the same blow, only harder.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

from foley_core.engines.procedural.kind import Blow
from foley_core.engines.procedural.synthesis.noise import Mono, band, coloured, fading
from foley_core.timecode import SAMPLE_RATE

LONGEST = 6 * SAMPLE_RATE
"""No strike is longer than this, in samples."""
_QUIET = 7.5
"""What decays is played for so many of its time constants: until -65 dB."""
_HIGHEST = 0.42 * SAMPLE_RATE
_FIRST = 0.3
"""The first sample of a strike against its peak, at least: its attack is sample 0."""
_TOUCH = 3072
"""Samples of noise drawn for a contact."""
_NOISE = 65_536
"""Noise that lasts longer comes again after so many samples, far quieter by then."""

BAR = (1.0, 2.757, 5.404, 8.933, 13.34, 18.64)
"""A free bar, bending."""
BOARD = (1.0, 1.43, 2.757, 3.94, 5.404, 7.73, 8.933, 13.34)
"""A bar that is thicker one way than the other, bending both ways."""
PLATE = (1.0, 1.52, 1.94, 2.71, 3.14, 3.98, 4.63, 5.37, 6.12, 7.30, 8.11, 9.46, 10.9, 12.4, 14.2, 16.3)
"""A plate: ever denser."""
DISC = (1.0, 1.73, 2.33, 3.91, 4.11, 6.30, 6.71)
"""A free disc."""
RIM = (1.0, 1.004, 2.32, 2.335, 4.25, 4.27, 6.63, 9.38)
"""The rim of a drinking glass: 2, 3, 4... pairs of nodes around it, each twice, a little apart."""
MEMBRANE = (1.0, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156, 3.501, 3.6, 4.06)
"""A stretched skin. All of them after Fletcher and Rossing, "The Physics of Musical Instruments" (1998)."""


@dataclass(frozen=True)
class Material:
    """A thing that rings, and what strikes it."""

    lowest: tuple[float, float]
    """The lowest mode lies between these at a size of 1, in Hz."""
    ratios: tuple[float, ...]
    """All modes against the lowest."""
    friction: float
    """tan phi."""
    decay: float
    """Time constant of what holds the thing and takes sound away, in seconds."""
    contact: float
    """How long a blow of full strength touches it, in seconds."""
    noise: float = 0.3
    """Level of the contact itself at full strength, against that of the modes together."""


def hardness(strength: float) -> float:
    """By how much shorter a blow of full strength touches than one of this strength (0 to 1); at most 1."""
    return float(max(strength, 0.02) ** (1 / 3))


def strike(
    material: Material,
    blow: Blow,
    times: ArrayLike = (0.0,),
    levels: ArrayLike = (1.0,),
    sizes: ArrayLike = (1.0,),
) -> Mono:
    """A thing of that material, struck once, or at each of `times` (seconds); peak 1.

    `sizes` are those of several pieces against the first. The thing's own chance decides the modes, that of
    the blow where it is struck, and so how loud each mode is; high modes radiate better than low ones.
    """
    starts, weights, pieces = (np.asarray(each, np.float64)[:, None] for each in (times, levels, sizes))
    shape = len(starts), len(material.ratios)
    lowest = np.exp(blow.thing.uniform(*np.log(material.lowest))) / blow.manner.size
    ratios = np.array(material.ratios) * blow.thing.uniform(0.98, 1.02, shape[1])
    frequencies = min(lowest, 0.4 * _HIGHEST) * ratios / pieces * blow.chance.uniform(0.985, 1.015, shape)
    touched = material.contact / hardness(blow.strength) * blow.chance.uniform(0.85, 1.15)
    woken = _woken(frequencies, touched, blow.chance) * np.where(frequencies < _HIGHEST, ratios**0.35, 0)
    decays = 1 / (np.pi * frequencies * material.friction + 1 / material.decay)
    rung = ring(*(each.ravel() for each in (frequencies, weights * woken, decays, starts + 0 * woken)))
    click = touch(touched, blow.chance)
    edges = np.float32(material.noise * hardness(blow.strength)) * click
    clicks = [(float(t), float(w), edges) for t, w in zip(starts[:, 0], weights[:, 0], strict=True)]
    return overlaid((0, 1.0, peaked(rung)), *clicks)


def _woken(
    frequencies: NDArray[np.float64], touched: float, chance: np.random.Generator
) -> NDArray[np.float64]:
    """How much each blow wakes each mode (blows, modes): by its place, its length, and a little luck."""
    place = chance.uniform(0.08, 0.5, (len(frequencies), 1))
    shape = np.sin(np.pi * place * np.arange(1, frequencies.shape[1] + 1)) + 0.1
    return shape * np.exp(chance.uniform(-1.3, 0.6, shape.shape)) / (1 + (2 * frequencies * touched) ** 2)


def ring(
    frequencies: NDArray[np.float64],
    levels: NDArray[np.float64],
    decays: NDArray[np.float64],
    starts: NDArray[np.float64],
) -> Mono:
    """Decaying sines that set off from rest, each at its start, until all have died away; in Hz and seconds.

    The samples of a mode are powers of one complex number, each the product of a coarse and a fine one; so
    all modes together are one product of two matrices. A start lies on the coarse grid, a few milliseconds.
    """
    samples = min(int((starts + _QUIET * decays).max() * SAMPLE_RATE) + 1, LONGEST)
    step = 2 ** int(np.log2(samples) / 2 + 0.5)
    count = -(-samples // step)
    pole = (-1 / decays + 2j * np.pi * frequencies) / SAMPLE_RATE
    coarse = np.cumprod(np.repeat(np.exp(pole * step)[:, None], count, axis=1), axis=1)
    coarse = np.concatenate([np.zeros((len(pole), 1)), np.ones((len(pole), 1)), coarse], axis=1)
    since = np.arange(count) - np.rint(starts * SAMPLE_RATE / step).astype(int)[:, None]
    coarse = levels[:, None] * np.take_along_axis(coarse, np.maximum(since + 1, 0), axis=1)
    fine = np.exp(pole[:, None] * np.arange(step))
    rows = np.concatenate([coarse.real, coarse.imag]).astype(np.float32).T
    columns = np.concatenate([fine.imag, fine.real]).astype(np.float32)
    return np.asarray((rows @ columns).ravel()[:samples], np.float32)


def touch(seconds: float, chance: np.random.Generator) -> Mono:
    """The noise of two things meeting for so long: the longer, the duller. Peak 1, loudest at once.

    It sounds by their acceleration, so what is far below its own pitch is not heard.
    """
    noise = chance.standard_normal(_TOUCH, dtype=np.float32)
    noise = noise[: max(int(6 * seconds * SAMPLE_RATE), 24)]
    noise[0] = 3.0
    smooth = np.exp(-1 / (0.6 * seconds * SAMPLE_RATE))
    sounded = lfilter([1, -1], [1, -2 * smooth, smooth**2], noise)
    return peaked(sounded * fading(len(noise), seconds))


def thump(blow: Blow, frequency: tuple[float, float], seconds: float, drop: float = 0.5) -> Mono:
    """The one low mode of what is soft; its pitch falls as what was dented comes back. Peak 1.

    `frequency`: between which it comes to rest, in Hz; `seconds` to 1/e; at first it is higher by `drop`.
    """
    rest = blow.thing.uniform(*frequency) * blow.chance.uniform(0.94, 1.06) / blow.manner.size
    seconds *= blow.chance.uniform(0.8, 1.2)
    dent = drop * blow.chance.uniform(0.5, 1.5) * (0.4 + 0.6 * blow.strength)
    settle = max(0.35 * seconds, 0.004)
    time = np.arange(int(_QUIET * seconds * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)
    turns = rest * (time + dent * settle * (1 - fading(len(time), settle)))
    return peaked(np.sin(np.float32(2 * np.pi) * turns) * fading(len(time), seconds))


def burst(blow: Blow, seconds: float, low: float, high: float) -> Mono:
    """Noise that dies away (`seconds` to 1/e), loudest at once; peak 1.

    It lies between `low` and `high` Hz at full strength; softer it is duller, larger it is lower.
    """
    samples = int(_QUIET * seconds * SAMPLE_RATE)
    larger = blow.manner.size**0.5
    edges = low / larger, max(high * hardness(blow.strength), 1.2 * low) / larger
    period = min(scipy.fft.next_fast_len(samples, real=True), _NOISE)
    noise = coloured(blow.chance, period, lambda frequency: band(frequency, *edges, steep=1))
    return peaked(np.resize(noise, samples) * fading(samples, seconds))


def overlaid(*parts: tuple[float, float, NDArray[np.floating]]) -> Mono:
    """Sounds laid over each other: (start in seconds, level, sound)."""
    starts = [int(start * SAMPLE_RATE) for start, _, _ in parts]
    whole = np.zeros(max(start + len(part[2]) for start, part in zip(starts, parts, strict=True)), np.float32)
    for start, (_, level, sound) in zip(starts, parts, strict=True):
        whole[start : start + len(sound)] += np.float32(level) * sound
    return whole


def peaked(sound: NDArray[np.floating]) -> Mono:
    """The same with peak 1; silence stays silence."""
    peak = float(max(sound.max(), -sound.min()))
    return np.asarray(sound / (peak or 1.0), np.float32)


def finished(*parts: tuple[float, float, NDArray[np.floating]]) -> Mono:
    """Sounds laid over each other, ready to be played.

    Peak 1, loud from the first sample, without DC, silent at the end, at most 6 s.
    """
    sound = overlaid(*parts)[:LONGEST]
    fade = min(len(sound), SAMPLE_RATE // 50)
    sound[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 4
    sound = peaked(_without_dc(sound))
    edge = min(len(sound), 64)
    lift = np.copysign(max(_FIRST - abs(float(sound[0])), 0), sound[0])
    sound[:edge] += np.float32(lift) * fading(edge, 1.5e-4)
    return peaked(_without_dc(sound))


def _without_dc(sound: Mono) -> Mono:
    """The same with a mean of 0: what it is too much is taken away softly from its beginning."""
    settle = fading(min(len(sound), SAMPLE_RATE // 4), min(0.03, len(sound) / SAMPLE_RATE / 10))
    sound[: len(settle)] -= settle * np.float32(sound.sum(dtype=np.float64) / settle.sum(dtype=np.float64))
    return sound
