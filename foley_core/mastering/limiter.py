"""A true-peak limiter: the gain, sample by sample, that keeps a sound below a ceiling.

Where the sound, or what lies between its samples (ITU-R BS.1770-4, annex 2: four-fold oversampling), would
be too high, the gain falls before the peak comes and rises again behind it. This is the feed-forward limiter
with look-ahead, reckoning in decibels, of Giannoulis, Massberg and Reiss ("Digital dynamic range compressor
design", JAES 60/6, 2012). Its level detector is flat: between two peaks of a wave the gain stays down, which
keeps tones pure, but not behind the last, so a knock is held down no longer than it is too loud. The gain is
smoothed by running means of values each low enough for the sample in their middle, so nothing overshoots.

`limiter_gain` is a function of the sound alone. It looks at a stretch before and behind what it is asked for,
and decibels are whole numbers until the very last, so the gain of a sample has the same bits whatever the
blocks. Both channels get the same. Nothing is delayed, and memory does not grow with the length.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

Read: TypeAlias = Callable[[int, int], Sound]
"""`read(first, count)`: so many samples from `first` on, which may be negative; silence beyond both ends."""
Gain: TypeAlias = NDArray[np.float32]
"""A factor for each sample, shape (samples,), 0 to 1."""

MOST_DB = 24.0
"""What is taken away at most; a sound that would need more comes out above the ceiling."""
LOOK_AHEAD = SAMPLE_RATE * 2 // 1000
"""Samples before a peak in which the gain falls, along an S, to where it has to be."""
HOLD = SAMPLE_RATE * 13 // 1000
"""Samples between two peaks in which it stays there: half a wave of 40 Hz and some more."""
RELEASE_DB = 1000.0
"""Decibels a second by which it rises again at most; all 24 within 24 ms."""

_UNIT = 2**20
"""Parts of a decibel, so that sums are exact."""
_SLOPE = round(RELEASE_DB * _UNIT / SAMPLE_RATE)
_RECOVERY = math.ceil(MOST_DB * _UNIT / _SLOPE)
_MEANS = 3
_MEAN = LOOK_AHEAD // _MEANS + 1
"""Samples in each running mean; odd."""
_HALF = _MEANS * (_MEAN - 1) // 2
"""How far the running means together look to both sides."""
_BEFORE = HOLD + _RECOVERY + 2 * _HALF
_BEHIND = HOLD + 2 * _HALF
_SIDE = 16
"""Samples on each side from which a place between two samples is reckoned."""

Levels: TypeAlias = NDArray[np.int64]
"""Decibels to take away, in parts of _UNIT."""


def limiter_gain(read: Read, first: int, count: int, ceiling: float) -> Gain:
    """The gain for `count` samples from `first` on, such that no true peak passes `ceiling` (linear).

    Exactly 1 where there is nothing to be done.
    """
    before, behind = _BEFORE + _SIDE, _BEHIND + _SIDE
    needed = _needed(read(first - before, before + count + behind), ceiling)
    if not needed.any():
        return np.ones(count, np.float32)
    level = _released(_flat(needed))[HOLD + _RECOVERY : -HOLD]
    smooth = maximum_filter1d(level, 2 * _HALF + 1)[_HALF:-_HALF]
    for _ in range(_MEANS):
        total = np.concatenate(([0], np.cumsum(smooth)))
        smooth = total[_MEAN:] - total[:-_MEAN]
    decibels = smooth / (_UNIT * _MEAN**_MEANS)
    return np.asarray(np.exp(decibels * (-math.log(10) / 20)), np.float32)


def _needed(sound: Sound, ceiling: float) -> Levels:
    """How far each sample, or the sound near it, lies above the ceiling; _SIDE less at both ends."""
    needed = np.zeros(len(sound) - 2 * _SIDE, np.int64)
    if np.abs(sound).max(initial=0.0) * _HIGHEST <= ceiling:
        return needed
    peaks = _peaks(sound)
    over = np.flatnonzero(peaks > ceiling)
    decibels = 20 * np.log10(peaks[over].astype(np.float64) / ceiling)
    needed[over] = np.ceil(np.minimum(decibels, MOST_DB) * _UNIT)
    return needed


def _peaks(sound: Sound) -> Gain:
    """The highest level of both channels at each sample and up to the next on both sides."""
    sides = np.ascontiguousarray(sound.T)
    count = len(sound) - 2 * _SIDE
    highest = np.abs(sides[:, _SIDE - 1 : _SIDE + count])
    between = np.empty((2, count + 1), np.float32)
    part = np.empty_like(between)
    for taps in _TAPS:
        between.fill(0)
        for at, tap in enumerate(taps):
            np.multiply(sides[:, at : at + count + 1], tap, out=part)
            between += part
        np.maximum(highest, np.abs(between, out=between), out=highest)
    linked = highest.max(axis=0)
    here = np.abs(sides[:, _SIDE : _SIDE + count]).max(axis=0)
    return np.asarray(np.maximum(here, np.maximum(linked[:-1], linked[1:])), np.float32)


def _flat(needed: Levels) -> Levels:
    """Gaps of up to HOLD samples are filled with the lower of what lies before and behind."""
    return np.asarray(minimum_filter1d(maximum_filter1d(needed, HOLD + 1), HOLD + 1), np.int64)


def _released(needed: Levels) -> Levels:
    """What was needed, and what has not yet risen again: the highest of all ramps that began before."""
    ramp = np.arange(len(needed), dtype=np.int64) * _SLOPE
    return np.maximum.accumulate(needed + ramp) - ramp


def _interpolation() -> NDArray[np.float32]:
    """For a place 1/4, 1/2 and 3/4 after a sample: a windowed sinc over 2 * _SIDE samples around it."""
    offset = np.arange(1 - _SIDE, _SIDE + 1)
    place = np.array([1, 2, 3])[:, None] / 4 - offset
    taps = np.sinc(place) * np.i0(6 * np.sqrt(1 - (place / _SIDE) ** 2))
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), np.float32)


_TAPS = _interpolation()
_HIGHEST = float(max(1.0, np.abs(_TAPS).sum(axis=1).max())) * 1.001
"""No place between samples lies higher than this above the highest of them."""
