# SPDX-License-Identifier: GPL-3.0-or-later
"""A small picture of a take: its waveform, the impacts over it, its handles darker. No Blender here.

A line from above is an impact, longer for a stronger one: bright where the hit lies that sounds for it, grey
where nothing sounds.
"""

import time
import wave
from array import array
from fractions import Fraction
from typing import Any, Dict, List, NamedTuple, Sequence, Tuple

COLUMN_FRAMES = 16_384
"""At most so many frames are looked at for a column: all of them up to a minute, then the first of each."""

SILENCE = 2 / 32_768
"""What dither and rounding make of silence: -84 dB."""

_FIELD, _HANDLE = (0.12, 0.12, 0.12, 1.0), (0.06, 0.06, 0.06, 1.0)
_WAVE, _SOUNDED, _SILENT = (0.4, 0.62, 0.72, 1.0), (1.0, 0.62, 0.2, 1.0), (0.5, 0.5, 0.5, 1.0)
Colour = Tuple[float, float, float, float]


class Waveform:
    """The peaks of a WAV with 16 or 24 bits, read a few columns at a time."""

    def __init__(self, path: str, columns: int) -> None:
        self.path, self.columns = path, columns
        self.peaks: List[float] = []
        """Of all channels, 0 to 1; one for each column that is read."""

    def read(self, seconds: float) -> bool:
        """Read on for about so long; whether all is read. Raises `OSError`, `EOFError`, `wave.Error`."""
        until = time.perf_counter() + seconds
        with wave.open(self.path, "rb") as sound:
            frames, width = sound.getnframes(), sound.getsampwidth()
            if width not in (2, 3):
                raise wave.Error("{} bits".format(8 * width))
            while len(self.peaks) < self.columns:
                first, last = (frames * (len(self.peaks) + more) // self.columns for more in (0, 1))
                sound.setpos(first)
                self.peaks.append(_peak(sound.readframes(min(last - first, COLUMN_FRAMES)), width))
                if time.perf_counter() > until:
                    break
        return len(self.peaks) == self.columns


def is_silent(path: str) -> bool:
    """Whether nothing of a WAV with 16 or 24 bits is louder than its rounding; of others that is not told."""
    try:
        with wave.open(path, "rb") as sound:
            width = sound.getsampwidth()
            if width not in (2, 3):
                return False
            blocks = iter(lambda: sound.readframes(COLUMN_FRAMES), b"")
            return all(raw.count(0) == len(raw) or _peak(raw, width) <= SILENCE for raw in blocks)
    except (OSError, EOFError, wave.Error):
        return False


def _peak(raw: bytes, width: int) -> float:
    """Of little-endian samples; of 24 bits the upper 16."""
    upper = bytearray(len(raw) // width * 2)
    upper[0::2], upper[1::2] = raw[width - 2 :: width], raw[width - 1 :: width]
    samples = array("h", bytes(upper))
    return max(max(samples), -min(samples)) / 32_768 if samples else 0.0


class Impact(NamedTuple):
    """An impact in the picture."""

    at: float
    """Where in the take, 0 to 1."""
    strength: float
    sounds: bool


def impacts_of(take: Dict[str, Any]) -> List[Impact]:
    """The impacts of a take: where their hits sound, or else where the picture shows them."""
    start, found = Fraction(take["start_exact"]), []
    for impact in take["impacts"]:
        sample = impact["sample"]
        if sample is None:
            at = (Fraction(impact["time_exact"]) - start) * take["sample_rate"] / take["samples"]
        else:
            at = Fraction(sample, take["samples"])
        if 0 <= at < 1:
            found.append(Impact(float(at), impact["strength"], sample is not None))
    return found


def handles(take: Dict[str, Any]) -> Tuple[float, float]:
    """Where in the take its picture begins and ends, 0 to 1."""
    return take["head"] / take["samples"], 1 - take["tail"] / take["samples"]


def paint(peaks: Sequence[float], impacts: Sequence[Impact], span: Tuple[float, float], height: int) -> Any:
    """The picture, as wide as there are peaks: an array of RGBA from 0 to 1, row by row from below."""
    width = len(peaks)
    first, last = (round(edge * width) for edge in span)
    row = [_FIELD if first <= column < last else _HANDLE for column in range(width)]
    pixels = array("f", [value for colour in row for value in colour]) * height
    for column, peak in enumerate(peaks):
        half = max(1, int(min(peak, 1.0) * (height // 2)))
        _line(pixels, (width, column), (height // 2 - half, height // 2 + half), _WAVE)
    for impact in sorted(impacts, key=lambda impact: impact.sounds):
        length = round(height * (0.15 + 0.35 * min(max(impact.strength, 0.0), 1.0)))
        colour = _SOUNDED if impact.sounds else _SILENT
        _line(pixels, (width, int(impact.at * width)), (height - length, height), colour)
    return pixels


def _line(pixels: Any, column: Tuple[int, int], rows: Tuple[int, int], colour: Colour) -> None:
    (width, at), (bottom, top) = column, rows
    for part, value in enumerate(colour):
        begin, end = ((row * width + at) * 4 + part for row in (bottom, top))
        pixels[begin : end : width * 4] = array("f", [value]) * (top - bottom)
