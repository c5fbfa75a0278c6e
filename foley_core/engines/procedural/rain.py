"""Rain: the wash of far drops and the ticks of near ones.

The wash is noise; each near drop is a short ring, of which very many fall at random (Poisson) times and at
levels with a long tail, after the rain in Farnell, "Designing Sound" (MIT Press, 2010), and the stochastic
models of Cook, "Physically informed sonic modeling (PhISM)" (Computer Music Journal 21(3), 1997).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.bed import PATCH, shaped_noise
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

LEVEL = 10 ** (-37.6 / 20)
"""About its RMS, which makes rain about -30 LUFS."""
_DROPS_PER_SECOND = 240
_DROP = 640
"""Samples in a drop, 13 ms."""


def rain(rng: np.random.Generator) -> Sound:
    """A patch of steady rain."""
    sound = 0.80 * shaped_noise(rng, _wash, 0.8) + 0.75 * _drops(rng)
    return np.asarray(sound * LEVEL, np.float32)


def _wash(frequency: NDArray[np.float32]) -> NDArray[np.float32]:
    rising = frequency**2 / (frequency**2 + 700.0**2)
    return np.asarray(rising / (1 + (frequency / 5200.0) ** 2) ** 0.75, np.float32)


def _drops(rng: np.random.Generator) -> Sound:
    """Near drops; they wrap round the patch's end."""
    count = rng.poisson(_DROPS_PER_SECOND * PATCH / SAMPLE_RATE)
    time = np.arange(_DROP, dtype=np.float32) / SAMPLE_RATE
    pitch = np.exp(rng.uniform(np.log(1500), np.log(8500), (count, 1)).astype(np.float32))
    decay = rng.uniform(0.0006, 0.0028, (count, 1)).astype(np.float32)
    level = np.minimum(rng.lognormal(0.0, 0.55, (count, 1)), 4.0).astype(np.float32)
    drops = level * np.exp(-time / decay) * np.sin(2 * np.pi * pitch * time)
    pan = rng.uniform(0.1, 0.9, count) * np.pi / 2
    sound = np.zeros((2, PATCH + _DROP), np.float32)
    for drop, start, angle in zip(drops, rng.integers(PATCH, size=count), pan, strict=True):
        sound[0, start : start + _DROP] += np.float32(np.cos(angle)) * drop
        sound[1, start : start + _DROP] += np.float32(np.sin(angle)) * drop
    sound[:, :_DROP] += sound[:, PATCH:]
    return np.asarray(4 * sound[:, :PATCH].T, np.float32)
