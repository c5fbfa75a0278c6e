"""Levels: loudness as it is heard, and what distance takes from a sound.

Loudness is that of ITU-R BS.1770-4: a high shelf and a high pass (its tables 1 and 2, at 48 kHz), then the
mean power of both channels. Distance makes a sound quieter, duller and, beside that, more of an echo: the
sound that comes straight loses twice as many decibels as what the space gives back.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt, sosfreqz

from foley_core.engines.procedural.kind import PATCH
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

Mono = NDArray[np.float32]

FAR_DB = 16.0
"""How much quieter a sound is at distance 1."""
CREST_DB = 20.0
"""No peak of a bed or a movement lies more than this above its loudness; what would is bent over softly."""
_FAR_EDGE = 900.0
"""Above this frequency in Hz a sound at distance 1 grows dull."""
_OPEN_EDGE = 20_000.0
_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1, -1.99004745483398, 0.99007225036621],
    ]
)
_PIECE = 8_192
_SHORT = SAMPLE_RATE * 4 // 10
"""Samples in a gating block, 0.4 s."""


def amplitude(decibels: float) -> float:
    """The factor for a level."""
    return float(10 ** (decibels / 20))


def levelled(patch: Sound, lufs: float, distance: float) -> Sound:
    """A periodic patch of PATCH samples brought to a loudness, and made as dull as its distance makes it.

    `lufs` is what it has near by; silence stays silence.
    """
    if distance > 0:
        spectrum = scipy.fft.rfft(np.ascontiguousarray(patch.T, np.float32))
        patch = scipy.fft.irfft(spectrum * _dullness(distance), PATCH).T
    power = _power(patch)
    if power <= 1e-20:
        return np.zeros_like(patch)
    there = lufs - FAR_DB * distance
    gain = amplitude(there + 0.691 - 10 * float(np.log10(power)))
    return soft_limited(patch * np.float32(gain), there)


def _power(patch: Sound) -> float:
    """K-weighted mean power of both channels together, piece by piece by Parseval's theorem."""
    pieces = np.ascontiguousarray(patch.T, np.float32).reshape(-1, _PIECE)
    parts = scipy.fft.rfft(pieces).view(np.float32)
    return float(np.sum(parts * parts * _weights(), dtype=np.float64)) * 2 / (_PIECE * PATCH)


def soft_limited(sound: NDArray[np.floating], lufs: float) -> Sound:
    """Sound of that loudness without the few peaks that would make it loud to a meter and not to an ear."""
    most = amplitude(lufs + CREST_DB)
    flat = sound.reshape(-1)
    over = np.flatnonzero(np.abs(flat) > most / 2)
    level = np.abs(flat[over])
    flat[over] *= most / 2 * (1 + np.tanh(2 * level / most - 1)) / level
    return np.asarray(flat.reshape(sound.shape), np.float32)


def loudest(mono: NDArray[np.floating]) -> float:
    """The loudness of the loudest 0.4 s, in LUFS, of a sound played in the middle; -inf for silence."""
    weighted = sosfilt(_K_WEIGHTING, np.asarray(mono, np.float64)) ** 2
    total = np.concatenate([[0.0], np.cumsum(weighted)])
    ends = np.append(np.arange(_SHORT, len(total), _SHORT // 8), len(total) - 1)
    power = (total[ends] - total[np.maximum(ends - _SHORT, 0)]).max() / _SHORT
    return float(-0.691 + 10 * np.log10(2 * power)) if power > 1e-20 else -np.inf


def distance_filtered(mono: NDArray[np.floating], distance: float) -> Mono:
    """A sound as its distance makes it: as quiet and as dull."""
    if distance > 0:
        mono = sosfilt(butter(1, _edge(distance), fs=SAMPLE_RATE, output="sos"), mono)
        mono = mono * amplitude(-FAR_DB * distance)
    return np.asarray(mono, np.float32)


def reverb_send(distance: float) -> float:
    """How much of a sound at this distance goes into the space, as a factor of what comes straight."""
    return amplitude(FAR_DB / 2 * distance)


def _edge(distance: float) -> float:
    return float(_OPEN_EDGE * (_FAR_EDGE / _OPEN_EDGE) ** distance)


@lru_cache(maxsize=8)
def _dullness(distance: float) -> NDArray[np.float32]:
    frequency = np.linspace(0, SAMPLE_RATE / 2, PATCH // 2 + 1, dtype=np.float32)
    return np.asarray(1 / np.sqrt(1 + (frequency / np.float32(_edge(distance))) ** 2), np.float32)


@cache
def _weights() -> NDArray[np.float32]:
    """The K-weighting's power over the frequencies of a piece, for real and imaginary parts."""
    frequency = np.linspace(0, SAMPLE_RATE / 2, _PIECE // 2 + 1)
    power = np.abs(sosfreqz(_K_WEIGHTING, frequency, fs=SAMPLE_RATE)[1]) ** 2
    return np.asarray(np.repeat(power, 2), np.float32)
