"""Loudness by ITU-R BS.1770 / EBU R 128, measured while the sound passes, by FFmpeg's `ebur128` filter.

Measures; changes nothing. Memory does not grow with the length of the sound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import av
import av.filter
import numpy as np

from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

SHORTEST = SAMPLE_RATE * 4 // 10
"""Samples in one gating block (BS.1770-4: 0.4 s); anything shorter has no integrated loudness."""

_FLOOR = -69.9  # The filter says -70 LUFS where every block lies below the absolute gate.
_PEAK_STEP = (
    0.0005  # The filter prints true peaks with three decimals; half a step keeps us on the safe side.
)


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
        meter = self._graph.add("ebur128", "metadata=1:peak=true")
        self._sink = self._graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        self._graph.configure()
        self._samples = 0
        self._peak = 0.0
        self._latest: dict[str, str] = {}

    def feed(self, sound: Sound) -> None:
        """Measure the next stretch."""
        if not len(sound):
            return
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound).reshape(1, -1), format="flt", layout="stereo"
        )
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self._samples
        self._samples += len(sound)
        self._peak = max(self._peak, float(np.abs(sound).max()))
        self._source.push(frame)
        self._drain()

    def reading(self) -> Loudness:
        """What has been heard so far, the last feed included."""
        self._source.push(None)
        self._drain()
        measured = float(self._latest.get("lavfi.r128.I", "-70"))
        oversampled = float(self._latest.get("lavfi.r128.true_peak", "0"))
        return Loudness(
            lufs=measured if measured > _FLOOR and self._samples >= SHORTEST else None,
            true_peak=max(self._peak, oversampled + _PEAK_STEP) if self._peak else 0.0,
        )

    def _drain(self) -> None:
        while True:
            try:
                self._latest = dict(self._sink.pull().metadata)
            except (av.error.BlockingIOError, av.error.EOFError):
                return
