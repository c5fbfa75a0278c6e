"""Onsets: where in a sound something begins to be heard, found as the sound passes.

What counts is a rise over all bands of the spectrum within 10 ms, against what was there the half second
before: spectral flux (Dixon, "Onset detection revisited", DAFx 2006) of levels over a running background, so
neither silence nor steady noise gives anything, and a swell gives nothing. The channels' powers are added, so
that sides out of phase do not cancel. Then the attack is found in the waveform (`attack.py`). Memory does not
grow with the length. It does not know what sounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foley_core.align.attack import attack
from foley_core.align.flux import HOP, SpectralFlux
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

NEAREST = SAMPLE_RATE * 30 // 1000
"""No two onsets lie closer to each other than this, in samples."""

_BESIDE = NEAREST // HOP
_AROUND = 20
"""Steps to both sides from which the threshold follows the flux."""
_LEAST = 0.45
"""Flux above the median around it that is an onset."""
_FULL = 3.0
"""Flux of an onset of strength 1."""
_MARGIN = 4_800
"""Samples kept before the oldest step that is not yet judged."""


@dataclass(frozen=True)
class Onset:
    """Where something begins to be heard."""

    sample: int
    """Counted from the first sample given."""
    strength: float
    """How much it stands out from what was before, 0 to 1."""


def onsets(blocks: Iterable[Sound]) -> Iterator[Onset]:
    """The onsets of the sound that the blocks make up, in order; the blocks may be of any length."""
    detector = OnsetDetector()
    for block in blocks:
        yield from detector.feed(block)
    yield from detector.rest()


class OnsetDetector:
    """Feed it the sound from start to end. Keeps a second of it, until what is an onset there can be told."""

    def __init__(self) -> None:
        self._meter = SpectralFlux()
        self._sound: Sound = np.zeros((0, 2), np.float32)
        self._heard = 0
        """The sample that `_sound` begins with."""
        self._flux = np.zeros(_AROUND)
        self._step = -_AROUND
        """The step that `_flux` begins with."""
        self._last = -NEAREST

    def feed(self, sound: Sound) -> Iterator[Onset]:
        """The onsets that can be told now."""
        self._sound = np.concatenate([self._sound, sound])
        self._flux = np.concatenate([self._flux, self._meter.feed(sound)])
        return self._decided()

    def rest(self) -> Iterator[Onset]:
        """The onsets near the end."""
        self._flux = np.concatenate([self._flux, self._meter.rest(), np.zeros(_AROUND)])
        return self._decided()

    def _decided(self) -> Iterator[Onset]:
        """The onsets among the steps that have enough behind them."""
        count = len(self._flux) - 2 * _AROUND
        if count <= 0:
            return
        for step in _peaks(self._flux):
            onset = self._onset(self._step + int(step), float(self._flux[step]))
            if onset.sample - self._last >= NEAREST:
                self._last = onset.sample
                yield onset
        self._flux, self._step = self._flux[count:], self._step + count
        past = max(0, (self._step + _AROUND) * HOP - _MARGIN - self._heard)
        self._sound, self._heard = self._sound[past:], self._heard + past

    def _onset(self, step: int, flux: float) -> Onset:
        first = max(0, step * HOP - _MARGIN // 2 - self._heard)
        part = self._sound[first : step * HOP + _MARGIN // 2 - self._heard]
        begin = attack(part, step * HOP - self._heard - first) if len(part) > HOP else 0
        return Onset(self._heard + first + begin, min(1.0, flux / _FULL))


def _peaks(flux: NDArray[np.float64]) -> NDArray[np.intp]:
    """The steps, but for `_AROUND` at both ends, whose flux is the highest nearby and stands out."""
    around = np.lib.stride_tricks.sliding_window_view(flux, 2 * _AROUND + 1)
    middle = around[:, _AROUND]
    before = around[:, _AROUND - _BESIDE : _AROUND].max(axis=1)
    behind = around[:, _AROUND + 1 : _AROUND + _BESIDE + 1].max(axis=1)
    stands_out = middle > np.median(around, axis=1) + _LEAST
    return np.asarray(np.flatnonzero(stands_out & (middle > before) & (middle >= behind)) + _AROUND)
