"""Log-mel statistics: what a sound is like, whatever its level, as one vector; and its nearest neighbour.

The measure is the plain one of the field's first classifiers of environmental sounds: a log-mel spectrogram
summed up over time by its mean and spread (ESC-50's baseline, Piczak, "ESC: Dataset for environmental sound
classification", ACM Multimedia 2015), and a nearest neighbour by Euclidean distance between standardised
vectors. It knows nothing of the sounds it is shown.
"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.spatial.distance import cdist

Vector: TypeAlias = NDArray[np.float64]

RATE = 48_000
WINDOW, HOP = 2048, 512
BANDS = 64
LOWEST, HIGHEST = 40.0, 18_000.0
ACTIVE = 45.0
"""A frame this many dB below the loudest one, or lower, counts as silence."""
FLOOR = 70.0
"""Nothing this many dB below the loudest band of the loudest frame is told apart."""


def log_mel(sound: NDArray[np.floating], hop: int = HOP) -> NDArray[np.float64]:
    """(frames, BANDS) in dB: power summed over the channels, in bands equally wide on the mel scale."""
    sound = np.atleast_2d(sound.T)
    sound = np.pad(sound, ((0, 0), (0, max(WINDOW - sound.shape[1], 0))))
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW, axis=1)[:, ::hop]
    window = np.hanning(WINDOW).astype(np.float32)
    rows = [_mel_power(frames[:, at : at + 256], window) for at in range(0, frames.shape[1], 256)]
    return 10 * np.log10(np.concatenate(rows) + 1e-14)


def _mel_power(frames: NDArray[np.floating], window: NDArray[np.float32]) -> NDArray[np.float64]:
    power = np.abs(rfft(frames * window, axis=2)) ** 2
    return np.asarray(power.sum(axis=0) @ _bank().T, np.float64)


@cache
def _bank() -> NDArray[np.float64]:
    """(BANDS, WINDOW // 2 + 1): triangles, each from the middle of the band below to that above."""
    mels = np.linspace(_mel(LOWEST), _mel(HIGHEST), BANDS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    bins = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.clip(np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)), 0, None)
    nearest = np.eye(len(bins))[np.rint(middle[:, 0] * WINDOW / RATE).astype(int)]
    return np.asarray(np.where(triangles.sum(axis=1, keepdims=True) > 0.5, triangles, nearest), np.float64)


def _mel(frequency: float) -> float:
    return 2595 * float(np.log10(1 + frequency / 700))


def statistics(sound: NDArray[np.floating]) -> Vector:
    """What a sound is like: (3 * BANDS + 3,), the same at any level.

    Per band the mean over all frames that are not silent, the standard deviation, and the mean step from one
    frame to the next; then the same three of the level of the whole sound, silence included.
    """
    mel = log_mel(sound)
    level = 10 * np.log10(np.sum(10 ** (mel / 10), axis=1))
    mel = np.maximum(mel, mel.max() - FLOOR) - mel.max()
    active = level > level.max() - ACTIVE
    steps = np.abs(np.diff(mel, axis=0))[active[1:]] if active[1:].any() else np.zeros((1, BANDS))
    level = np.maximum(level - level.max(), -FLOOR)
    whole = [level.mean(), level.std(), np.abs(np.diff(level)).mean()]
    return np.concatenate([mel[active].mean(axis=0), mel[active].std(axis=0), steps.mean(axis=0), whole])


def nearest(vectors: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each vector (row) which other one is nearest, after every column was brought to spread 1."""
    spread = vectors.std(axis=0)
    apart = cdist(*(2 * [(vectors - vectors.mean(axis=0)) / np.where(spread > 0, spread, 1)]))
    np.fill_diagonal(apart, np.inf)
    return np.asarray(apart.argmin(axis=1))
