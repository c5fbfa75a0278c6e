"""Spectral flux: how much rises in a sound, 200 times a second, against what was there before.

The same sound gives the same figures, whatever blocks it comes in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

HOP = SAMPLE_RATE // 200
"""Samples from step to step: 5 ms. Step n is centred on sample n * HOP."""
WINDOW = 1_024

_LOWEST, _HIGHEST, _BANDS = 80.0, 18_000.0, 20
_FLOOR = 1e-9
"""Mean power of a band below which there is nothing to hear (-90 dB)."""
_MASKED = 1e-5
"""Share of the sound's running power that a band must have to be heard beside the others (-50 dB)."""
_MASKING = 600
"""Steps over which that power runs: three seconds."""
_LAG = 2
"""Steps over which a rise is taken."""
_MEMORY = 100
"""Steps over which the background is taken: half a second."""


class SpectralFlux:
    """Feed it the sound from start to end."""

    def __init__(self) -> None:
        self._sound: Sound = np.zeros((WINDOW // 2, 2), np.float32)
        self._window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
        self._edges = _edges()
        self._waiting = np.zeros((0, _BANDS))
        """Levels of the first steps, until the background they begin with is known."""
        self._background: NDArray[np.float64] | None = None
        self._before = np.zeros((_LAG, _BANDS))
        self._loudness = np.zeros(1)

    def feed(self, sound: Sound) -> NDArray[np.float64]:
        """The flux of the steps that are complete by now; the first half second comes at once."""
        self._sound = np.concatenate([self._sound, sound])
        levels = self._levels()
        if self._background is None:
            self._waiting = levels = np.concatenate([self._waiting, levels])
            if len(levels) < _MEMORY:
                return np.zeros(0)
        return self._rises(levels)

    def rest(self) -> NDArray[np.float64]:
        """The flux of a sound that ended before its background was known. Its last 10 ms stay untold."""
        return self._rises(self._waiting) if self._background is None else np.zeros(0)

    def _levels(self) -> NDArray[np.float64]:
        """Log power in each band, for every step that is complete."""
        steps = (len(self._sound) - WINDOW) // HOP + 1
        if steps <= 0:
            return np.zeros((0, _BANDS))
        frames = np.lib.stride_tricks.sliding_window_view(self._sound, WINDOW, axis=0)[: steps * HOP : HOP]
        power = (np.abs(np.fft.rfft(frames * self._window, axis=-1)) ** 2).sum(axis=1) / np.float32(
            WINDOW * 192
        )
        bands = np.add.reduceat(power[:, : self._edges[-1]], self._edges[:-1], axis=1)
        self._sound = self._sound[steps * HOP :]
        total = bands.sum(axis=1, dtype=np.float64, keepdims=True)
        running, self._loudness = _running(total, self._loudness, _MASKING)
        return np.asarray(np.log(bands + (_FLOOR + _MASKED * running)))

    def _rises(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        if not len(levels):
            return np.zeros(0)
        if self._background is None:
            self._background = levels[:_MEMORY].mean(axis=0)
            self._before[:] = np.log1p(np.exp(levels[0] - self._background))
        background, self._background = _running(levels, self._background, _MEMORY)
        over = np.concatenate([self._before, np.log1p(np.exp(levels - background))])
        self._before = over[-_LAG:]
        return np.asarray(np.maximum(over[_LAG:] - over[:-_LAG], 0.0).mean(axis=1))


def _running(
    values: NDArray[np.float64], before: NDArray[np.float64], steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The running mean over so many steps that each value meets, and the one after them all."""
    met = np.empty_like(values)
    for step, value in enumerate(values):
        met[step] = before
        before = before + (value - before) / steps
    return met, before


def _edges() -> NDArray[np.intp]:
    """The first spectral line of each band, and the one behind the last; no band is empty."""
    lines = np.geomspace(_LOWEST, _HIGHEST, _BANDS + 1) * WINDOW / SAMPLE_RATE
    edges = np.rint(lines).astype(np.intp)
    for band in range(1, len(edges)):
        edges[band] = max(edges[band], edges[band - 1] + 1)
    return edges
