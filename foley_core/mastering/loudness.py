"""Loudness and true peak by ITU-R BS.1770-4 and EBU R 128, measured while the sound passes.

Loudness is measured by FFmpeg's `ebur128` filter. Its true peak is told to three decimals and without the
last tenth of a second, so that is measured beside it: by four-fold oversampling (BS.1770-4, annex 2) with
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

    def __init__(self) -> None:
        self._graph = av.filter.Graph()
        self._source = self._graph.add_abuffer(
            format="flt", sample_rate=SAMPLE_RATE, layout="stereo", time_base=Fraction(1, SAMPLE_RATE)
        )
        meter = self._graph.add("ebur128", "metadata=1")
        self._sink = self._graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        self._graph.configure()
        self._finer = soxr.ResampleStream(SAMPLE_RATE, _FINER * SAMPLE_RATE, 2, dtype="float32", quality="HQ")
        self._samples = 0
        self._peak = 0.0
        self._latest: AudioFrame | None = None

    def feed(self, sound: Sound) -> None:
        """Measure the next stretch."""
        if not len(sound):
            return
        sound = np.ascontiguousarray(sound)
        frame = AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout="stereo")
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
        rest = self._finer.resample_chunk(np.zeros((0, 2), np.float32), last=True)
        figures = self._latest.metadata if self._latest else {}
        measured = float(figures.get("lavfi.r128.I", "-70"))
        return Loudness(
            lufs=measured if measured > _FLOOR and self._samples >= SHORTEST else None,
            true_peak=max(self._peak, _peak(rest)),
        )

    def _drain(self) -> None:
        while True:
            try:
                self._latest = cast(AudioFrame, self._sink.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return


def _peak(sound: Sound) -> float:
    return float(max(sound.max(initial=0.0), -sound.min(initial=0.0)))
