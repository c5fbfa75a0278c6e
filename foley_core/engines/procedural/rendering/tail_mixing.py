"""Sounds that were set off one by one, summed, with what of them has yet to ring out.

What is played has three rows: left, right, and what is sent into the space.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

Played: TypeAlias = NDArray[np.float32]
"""(3, samples)"""
LONGEST = 12 * SAMPLE_RATE
"""No sound that is set off lasts longer, in samples."""


def with_send(sound: Sound, send: float) -> Played:
    """Stereo sound with so much of its middle sent into the space."""
    played = np.empty((3, len(sound)), np.float32)
    played[:2] = sound.T
    np.add(played[0], played[1], out=played[2])
    played[2] *= np.float32(send / 2)
    return played


def pan_with_send(mono: NDArray[np.float32], left: float, right: float, send: float) -> Played:
    """Mono at these levels left and right, and so much of their middle sent into the space."""
    levels = np.array([left, right, send * (left + right) / 2], np.float32)
    return mono * levels[:, None]


class TailMixer:
    """Feed it sounds in the order in which they begin; play it from its first sample on."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._sum = np.zeros((3, 0), np.float32)

    def add(self, sound: Played, at: int) -> None:
        """A sound that begins at sample `at`; what of it lies before what is played next is cut off."""
        sound = sound[:, max(self._first - at, 0) : LONGEST]
        start = max(at - self._first, 0)
        end = start + sound.shape[1]
        if end > self._sum.shape[1]:
            longer = np.zeros((3, end), np.float32)
            longer[:, : self._sum.shape[1]] = self._sum
            self._sum = longer
        self._sum[:, start:end] += sound

    def play(self, samples: int) -> Played:
        """The next `samples` samples."""
        played = np.zeros((3, samples), np.float32)
        played[:, : self._sum.shape[1]] = self._sum[:, :samples]
        self._sum, self._first = self._sum[:, samples:].copy(), self._first + samples
        return played
