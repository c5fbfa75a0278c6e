"""Sounds made of many small ones: grains of gravel, splinters, bubbles, and what bounces.

Grains after Cook, "Physically informed sonic modeling (PhISM)" (Computer Music Journal 21(3), 1997): many
collisions at random times, whose energy follows that of the whole, each ringing briefly in one of a few
resonances. Bubbles after Minnaert, "On musical air-bubbles" (Philosophical Magazine 16, 1933) and van den
Doel, "Physically based models for liquid sounds" (ACM Trans. Applied Perception 2(4), 2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from foley_core.engines.procedural.kind import Blow
from foley_core.engines.procedural.synthesis.modal import hardness, overlaid, peaked, ring
from foley_core.engines.procedural.synthesis.noise import Mono, fading
from foley_core.timecode import SAMPLE_RATE

_RESONANCES = 6


def grains(
    blow: Blow, energy: NDArray[np.floating], rate: float, band: tuple[float, float], seconds: float
) -> Mono:
    """Collisions, `rate` a second, as strong as `energy` is at that sample; peak 1.

    They ring for `seconds` (to 1/e) in resonances within `band`, in Hz: softer they are duller, larger lower.
    """
    chance, scale = blow.chance, (0.5 + 0.5 * hardness(blow.strength)) / blow.manner.size**0.5
    count = max(int(chance.poisson(rate * len(energy) / SAMPLE_RATE)), 4)
    times = chance.integers(0, len(energy), count)
    levels = energy[times] * chance.exponential(1.0, count) * chance.choice([-1.0, 1.0], count)
    which = np.arange(count) % _RESONANCES
    sound = np.zeros(len(energy))
    for number, frequency in enumerate(_between(chance, band, _RESONANCES)):
        mine = which == number
        struck = np.bincount(times[mine], levels[mine], len(energy)).astype(np.float64)
        sound += resonance(struck, scale * frequency, seconds)
    return peaked(sound)


def resonance(sound: NDArray[np.floating], frequency: float, seconds: float) -> NDArray[np.float64]:
    """The sound through one resonance, which lets no DC pass and rings for `seconds` (to 1/e)."""
    radius = np.exp(-1 / (seconds * SAMPLE_RATE))
    turn = np.cos(2 * np.pi * min(frequency / SAMPLE_RATE, 0.45))
    return np.asarray(lfilter([1, 0, -1], [1, -2 * radius * turn, radius**2], sound))


def bubbles(blow: Blow, count: int, seconds: float, radius: tuple[float, float], rising: int = 5) -> Mono:
    """Bubbles that are caught under water within `seconds`, most of them early; peak 1.

    `radius` in metres: one of 3 mm sings at 1.1 kHz. Some lie near the surface: their pitch is `rising`.
    """
    chance = blow.chance
    starts = np.minimum(chance.exponential(seconds / 3, count), seconds)
    radii = _between(chance, radius, count) * blow.manner.size / hardness(blow.strength) ** 0.5
    levels = chance.exponential(1.0, count) * (radii / radii.max()) ** 0.5
    late = slice(rising, None)
    still = ring(3.26 / radii[late], levels[late], 1 / _damping(radii[late]), starts[late])
    risen = [
        (float(start), float(level), rising_bubble(float(size)))
        for start, level, size in zip(starts[:rising], levels[:rising], radii[:rising], strict=True)
    ]
    return peaked(overlaid((0, 1.0, still), *risen))


def rising_bubble(radius: float, rise: float = 0.15) -> Mono:
    """A bubble that comes to the surface: its pitch rises by `rise` of its damping."""
    damping = float(_damping(radius))
    samples = int(5.5 / damping * SAMPLE_RATE)
    time = np.arange(samples, dtype=np.float32) / np.float32(SAMPLE_RATE)
    turns = np.float32(3.26 / radius) * time * (1 + np.float32(0.5 * rise * damping) * time)
    return np.sin(np.float32(2 * np.pi) * turns) * fading(samples, 1 / damping)


def _damping(radius: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """By radiation and by heat, a second."""
    radii = np.asarray(radius)
    return np.asarray(0.13 / radii + 0.0072 * radii**-1.5)


def _between(chance: np.random.Generator, edges: tuple[float, float], count: int) -> NDArray[np.float64]:
    """So many numbers between the edges, spread evenly over the octaves."""
    return np.asarray(np.exp(chance.uniform(np.log(edges[0]), np.log(edges[1]), count)))


def bounces(chance: np.random.Generator, first: float, restitution: float, count: int) -> NDArray[np.float64]:
    """When a thing that was dropped strikes again, in seconds: each gap a share of the one before."""
    return np.cumsum(first * restitution ** np.arange(count) * chance.uniform(0.85, 1.15, count))
