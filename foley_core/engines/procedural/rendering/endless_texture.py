"""A texture that goes on for ever and never comes round again.

It is laid from patches, each made by itself from its own place in the film and faded over into the next so
that the power stays the same. Any stretch can be played without what came before it, in any blocks, with the
same bits; two or three patches stay in memory.
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.procedural.kind import PATCH, Texture
from foley_core.engines.procedural.rendering.levels import levelled
from foley_core.engines.procedural.rendering.rng import rng
from foley_core.engines.procedural.soundscape import Voice
from foley_core.samples import Sound

SWING_DB = 1.5
"""Each patch lies at most this far above or below its loudness, so that what goes on for long is alive."""
_FADE = PATCH // 4
"""Samples in which one patch is faded over into the next."""
_HOP = PATCH - _FADE


class EndlessTexture:
    """A voice's texture without end, at its loudness and distance."""

    def __init__(self, voice: Voice, texture: Texture, lufs: float, seed: int, part: str = "") -> None:
        self._voice, self._texture, self._lufs = voice, texture, lufs + voice.level
        self._seed, self._name = seed, f"{voice.name}{part}"
        rise = np.sin(np.pi / 2 * (np.arange(_FADE) + 0.5) / _FADE).astype(np.float32)[:, None]
        self._rise, self._fall = rise, rise[::-1]
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
            chance = rng(self._seed, self._voice.layer, self._name, number)
            lufs = self._lufs + chance.uniform(-SWING_DB, SWING_DB)
            made = levelled(self._texture(chance, self._voice.manner), lufs, self._voice.distance)
            self._patches = {n: patch for n, patch in self._patches.items() if abs(n - number) <= 1}
            made[:_FADE] *= self._rise
            made[-_FADE:] *= self._fall
            self._patches[number] = made
        return self._patches[number]
