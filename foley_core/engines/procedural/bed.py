"""Beds: sound that goes on for ever and never comes round again.

A bed is laid from patches of a texture, each made by itself from its own place in the film and faded over
into the next so that the power stays the same. Any stretch can be played without what came before it, in any
blocks, with the same bits; three patches stay in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from foley_core.engines.procedural.dice import dice
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

PATCH = 131_072
"""Samples in a patch, 2.7 s; half of it overlaps with the next one."""
_HOP = PATCH // 2

Texture: TypeAlias = Callable[[np.random.Generator], Sound]
"""Makes PATCH samples that could go on at their end as at their beginning."""


class Bed:
    """A texture without end."""

    def __init__(self, name: str, texture: Texture, seed: int) -> None:
        self._name, self._texture, self._seed = name, texture, seed
        self._fade = np.sin(np.pi * (np.arange(PATCH) + 0.5) / PATCH).astype(np.float32)[:, None]
        self._patches: dict[int, Sound] = {}

    def play(self, first: int, samples: int) -> Sound:
        """`samples` samples from `first` on, in samples of media time."""
        sound = np.zeros((samples, 2), np.float32)
        for number in range(first // _HOP - 1, (first + samples - 1) // _HOP + 1):
            start = number * _HOP - first
            into, out_of = max(start, 0), max(-start, 0)
            length = min(samples - into, PATCH - out_of)
            if length > 0:
                sound[into : into + length] += self._patch(number)[out_of : out_of + length]
        return sound

    def _patch(self, number: int) -> Sound:
        if number not in self._patches:
            made = self._texture(dice(self._seed, "ambience", self._name, number)) * self._fade
            self._patches = {n: patch for n, patch in self._patches.items() if abs(n - number) <= 1}
            self._patches[number] = made
        return self._patches[number]


def shaped_noise(
    rng: np.random.Generator, shape: Callable[[NDArray[np.float32]], NDArray[np.float32]], width: float
) -> Sound:
    """Noise whose spectrum follows `shape` (of frequency in Hz), RMS 1; `width`: 0 is mono, 1 is wide."""
    level = shape(np.linspace(0, SAMPLE_RATE / 2, PATCH // 2 + 1, dtype=np.float32))
    level[0] = 0.0
    parts = rng.standard_normal((2, PATCH // 2 + 1, 2), dtype=np.float32)
    middle, side = scipy.fft.irfft((parts[..., 0] + 1j * parts[..., 1]) * level, PATCH)
    both = np.stack([middle + width * side, middle - width * side], axis=1)
    return np.asarray(both / np.sqrt(np.mean(both**2)), np.float32)
