"""The attack: at which sample a sound that was heard to begin does begin.

The spectrum of twenty milliseconds tells within some five that something began. Here the sample is found in
the waveform: where the short-time energy first stands out from what was before. Low notes and rumble, which
swing slowly, are weakened by taking differences from sample to sample. Where nothing stands out, as in loud
noise, the spectrum's word stands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

GRAIN = SAMPLE_RATE // 2000
"""Samples over which energy is summed: half a millisecond."""
BEFORE = 60 * GRAIN
"""How far before the rise is looked for what was there, in samples."""
AFTER = 40 * GRAIN
"""How far behind the rise is looked for the loudest of the attack."""

_EARLY, _LATE = 16, 12
"""Grains before and behind the rise within which the attack begins."""
_STANDS_OUT = 5.0
"""Energy over the middle of what was before, from which something new is there (7 dB)."""
_SHARE = 0.02
"""Energy over the attack's loudest, from which it has begun (-17 dB)."""


def attack(sound: Sound, rise: int) -> int:
    """The sample of `sound` (shape (samples, channels)) at which what rises near `rise` begins."""
    energy = _energy(sound)
    at = rise // GRAIN
    first = max(0, at - _EARLY)
    before = energy[max(0, at - BEFORE // GRAIN) : first]
    near = energy[first : at + AFTER // GRAIN]
    if not len(near):
        return rise
    was = float(np.median(before)) if len(before) else 0.0
    level = max(_STANDS_OUT * was, _SHARE * float(near.max()))
    loud = np.flatnonzero(near[: at + _LATE - first] > level)
    return _within(sound, (first + int(loud[0])) * GRAIN, level / GRAIN) if len(loud) else rise


def _energy(sound: Sound) -> NDArray[np.float64]:
    """Of each grain, all channels together, slow swings weakened."""
    steps = np.diff(sound.astype(np.float64), axis=0, prepend=sound[:1].astype(np.float64))
    squared = (steps**2).sum(axis=1)
    whole = len(squared) // GRAIN * GRAIN
    return np.asarray(squared[:whole].reshape(-1, GRAIN).sum(axis=1))


def _within(sound: Sound, first: int, level: float) -> int:
    """The first sample from `first` on that is as loud as a grain's samples are at that level."""
    part = sound[max(0, first - 1) : first + GRAIN].astype(np.float64)
    steps = (np.diff(part, axis=0) ** 2).sum(axis=1)
    loud = np.flatnonzero(steps >= level)
    return first + int(loud[0]) + (0 if first else 1) if len(loud) else first
