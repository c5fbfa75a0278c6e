"""Loudness and true peak by ITU-R BS.1770-4 and EBU R 128, measured while the sound passes.

Loudness is measured by FFmpeg's `ebur128` filter, which tells what it has so far after each whole tenth of a
second. What comes after the last of these belongs to no gating block (BS.1770-4: an incomplete block at the
end is not used), so that is the exact figure, whatever the length. The filter's true peak has three decimals
and is without that rest, so it is measured beside it: by four-fold oversampling (BS.1770-4, annex 2) with
soxr, to the last sample. Measures; changes nothing. Memory does not grow with the length of the sound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import av.filter
import numpy as np
import soxr
from av.audio.frame import AudioFrame

from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

SHORTEST = SAMPLE_RATE * 4 // 10
"""Samples in one gating block (BS.1770-4: 0.4 s); anything shorter has no integrated loudness."""

_INTEGRATED = "lavfi.r128.I"
_FLOOR = -69.9  # The filter says -70 LUFS where every block lies below the absolute gate.
_FINER = 4


@dataclass(frozen=True)
class Loudness:
    """What was measured."""

    lufs: float | None
    """Integrated loudness; None where the sound is too short or too quiet to have one."""
    true_peak: float
    """Linear; 0 for digital silence."""

    @property
    def true_peak_db(self) -> float | None:
        """dBTP; None for digital silence."""
        return 20 * math.log10(self.true_peak) if self.true_peak else None


class Meter:
    """Feed it the sound from start to end, then ask `reading`."""

    def __init__(self, channels: int = 2) -> None:
        """Of one channel the left side is measured, as the sound of a file with one."""
        self._channels, self._layout = channels, "mono" if channels == 1 else "stereo"
        self._graph = av.filter.Graph()
        self._source = self._graph.add_abuffer(
            format="flt", sample_rate=SAMPLE_RATE, layout=self._layout, time_base=Fraction(1, SAMPLE_RATE)
        )
        meter = self._graph.add("ebur128", "metadata=1")
        self._sink = self._graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        self._graph.configure()
        self._finer = soxr.ResampleStream(
            SAMPLE_RATE, _FINER * SAMPLE_RATE, channels, dtype="float32", quality="HQ"
        )
        self._samples = 0
        self._peak = 0.0
        self._integrated = _FLOOR

    def feed(self, sound: Sound) -> None:
        """Measure the next stretch."""
        if not len(sound):
            return
        sound = np.ascontiguousarray(sound[:, : self._channels])
        frame = AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout=self._layout)
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self._samples
        self._samples += len(sound)
        self._source.push(frame)
        self._drain()
        self._peak = max(self._peak, _peak(sound), _peak(self._finer.resample_chunk(sound)))

    def reading(self) -> Loudness:
        """What was fed; nothing can be fed afterwards."""
        self._source.push(None)
        self._drain()
        rest = self._finer.resample_chunk(np.zeros((0, self._channels), np.float32), last=True)
        has_one = self._integrated > _FLOOR and self._samples >= SHORTEST
        return Loudness(
            lufs=self._integrated if has_one else None,
            true_peak=max(self._peak, _peak(rest)),
        )

    def _drain(self) -> None:
        while True:
            try:
                figures = cast(AudioFrame, self._sink.pull()).metadata
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            if _INTEGRATED in figures:  # Not in a last frame of less than 0.1 s.
                self._integrated = float(figures[_INTEGRATED])


def _peak(sound: Sound) -> float:
    return float(max(sound.max(initial=0.0), -sound.min(initial=0.0)))
