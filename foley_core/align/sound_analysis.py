"""One pass over a sound, which keeps what aligning it needs: its onsets, and how loud it is when.

An hour takes up about three megabytes, and its onsets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foley_core.align.onsets import Onset, OnsetDetector
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

STEP = SAMPLE_RATE // 200
"""Samples in a step of loudness: 5 ms."""

Level: TypeAlias = NDArray[np.float32]
"""Mean power of each step, the channels added; the last step may be a part of one."""


@dataclass(frozen=True)
class SoundAnalysis:
    """What was heard in a sound."""

    samples: int
    onsets: tuple[Onset, ...]
    level: Level


class SoundAnalyzer:
    """Feed it the sound from start to end, then ask what was heard."""

    def __init__(self) -> None:
        self._samples = 0
        self._detector = OnsetDetector()
        self._onsets: list[Onset] = []
        self._powers: list[Level] = []
        self._rest: Sound = np.zeros((0, 2), np.float32)

    def feed(self, sound: Sound) -> None:
        """Listen to the next stretch."""
        self._samples += len(sound)
        self._onsets.extend(self._detector.feed(sound))
        sound = np.concatenate([self._rest, sound])
        whole = len(sound) // STEP * STEP
        self._powers.append(_powers(sound[:whole]))
        self._rest = sound[whole:]

    def heard(self) -> SoundAnalysis:
        """All of it; to be asked once, after the last stretch."""
        self._onsets.extend(self._detector.rest())
        rest = np.concatenate([self._rest, np.zeros((-len(self._rest) % STEP, 2), np.float32)])
        return SoundAnalysis(
            self._samples, tuple(self._onsets), np.concatenate([*self._powers, _powers(rest)])
        )


def analyze_sound(blocks: Iterable[Sound]) -> SoundAnalysis:
    """Listen to the sound that `blocks` make up, of whatever lengths they are."""
    analyzer = SoundAnalyzer()
    for block in blocks:
        analyzer.feed(block)
    return analyzer.heard()


def _powers(sound: Sound) -> Level:
    return np.asarray((sound**2).reshape(-1, STEP * 2).sum(axis=1) / np.float32(STEP), np.float32)
