"""What stands in a take's WAV before its sound: sizes, format, and all that others read about it.

Chunks, in this order: `JUNK` (room for `ds64`), `fmt `, with float samples `fact`, `bext` (EBU Tech 3285,
version 1), `iXML` (how the timecode counts; the record as JSON in the element FOLEY/RECORD), and where there
are hits `cue ` and `LIST`, then `data`. Past 4 GiB the file is an RF64 with `ds64` (EBU Tech 3306). `fmt `
stands before `bext`, because readers take the sample rate from it by which they understand TimeReference.
The same header gives the same bytes: its date is left open, for `write_date` in `wav.py`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from foley_core.cue import Bits
from foley_core.media.cue_points import CuePoint, cue_bytes, label_bytes
from foley_core.timecode import SAMPLE_RATE, TimecodeFormat

ORIGINATOR = "foley"
DATE_OFFSET = 320
"""Where in the body of `bext` the date stands, and right behind it the time."""
FLOAT_BITS = 32
"""Samples of so many bits are float, all others whole numbers."""

_RIFF_LIMIT = 2**32 - 1
"""The largest size that a RIFF can state."""
_DS64 = struct.Struct("<QQQI")
_BEXT = struct.Struct("<256s32s32s10s8sQH64s190x")
_FMT = struct.Struct("<HHIIHH")
_PCM, _FLOAT = 1, 3


@dataclass(frozen=True, kw_only=True)
class WavHeader:
    """All that a WAV says of its sound."""

    samples: int
    bits: Bits = 24
    channels: int = 2
    time_reference: int = 0
    """Samples from midnight to the first one."""
    timecode: TimecodeFormat | None = None
    """How the film's timecode counts; None where there is none."""
    description: str = ""
    """For people: printable ASCII, other letters become "?"; `bext` holds 256 of them."""
    record: bytes
    """JSON."""
    points: Sequence[CuePoint] = ()

    @property
    def frame(self) -> int:
        """Bytes of a sample of all channels."""
        return self.channels * self.bits // 8

    def encoded(self) -> bytes:
        """Everything before the first sample, sizes filled in."""
        data_size = self.samples * self.frame
        chunks = self._chunks()
        riff_size = 4 + 8 + _DS64.size + len(chunks) + 8 + data_size + data_size % 2
        if riff_size <= _RIFF_LIMIT:
            form, riff_field, data_field = b"RIFF", riff_size, data_size
            sizes = _chunk(b"JUNK", bytes(_DS64.size))
        else:
            form, riff_field, data_field = b"RF64", _RIFF_LIMIT, _RIFF_LIMIT
            sizes = _chunk(b"ds64", _DS64.pack(riff_size, data_size, self.samples, 0))
        return (
            struct.pack("<4sI4s", form, riff_field, b"WAVE")
            + sizes
            + chunks
            + struct.pack("<4sI", b"data", data_field)
        )

    def _chunks(self) -> bytes:
        chunks = _chunk(b"fmt ", self._fmt())
        if self.bits == FLOAT_BITS:
            chunks += _chunk(b"fact", struct.pack("<I", min(self.samples, _RIFF_LIMIT)))
        chunks += _chunk(b"bext", self._bext()) + _chunk(b"iXML", self._ixml())
        if self.points:
            chunks += _chunk(b"cue ", cue_bytes(self.points)) + _chunk(b"LIST", label_bytes(self.points))
        return chunks

    def _fmt(self) -> bytes:
        per_second = SAMPLE_RATE * self.frame
        kind = _FLOAT if self.bits == FLOAT_BITS else _PCM
        plain = _FMT.pack(kind, self.channels, SAMPLE_RATE, per_second, self.frame, self.bits)
        return plain if kind == _PCM else plain + struct.pack("<H", 0)

    def _bext(self) -> bytes:
        mode = "mono" if self.channels == 1 else "stereo"
        coding = f"A=PCM,F={SAMPLE_RATE},M={mode},T={ORIGINATOR}\r\n".encode("ascii")
        text = _plain(self.description).encode()[:256]
        fixed = _BEXT.pack(text, ORIGINATOR.encode(), b"", b"", b"", self.time_reference, 1, b"")
        return _even(fixed + coding, b"\0")

    def _ixml(self) -> bytes:
        """The record goes in as pure ASCII JSON, because XML cannot hold every character that JSON can."""
        root = ElementTree.Element("BWFXML")
        _texts(root, IXML_VERSION="2.10", PROJECT=ORIGINATOR, NOTE=_plain(self.description))
        if self.timecode:
            _texts(ElementTree.SubElement(root, "SPEED"), **self._speed(self.timecode))
        tracks = ElementTree.SubElement(root, "TRACK_LIST")
        _texts(tracks, TRACK_COUNT=str(self.channels))
        for number, side in enumerate(("L", "R") if self.channels == 2 else ("M",), 1):
            track = ElementTree.SubElement(tracks, "TRACK")
            _texts(track, CHANNEL_INDEX=str(number), INTERLEAVE_INDEX=str(number), NAME=side)
        record = json.dumps(json.loads(self.record), separators=(",", ":"))
        _texts(ElementTree.SubElement(root, "FOLEY"), RECORD=record)
        return _even(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True), b"\n")

    def _speed(self, timecode: TimecodeFormat) -> dict[str, str]:
        """How the film's timecode counts, and where in it the sound begins."""
        rate = f"{timecode.rate.numerator}/{timecode.rate.denominator}"
        return {
            "MASTER_SPEED": rate,
            "CURRENT_SPEED": rate,
            "TIMECODE_RATE": rate,
            "TIMECODE_FLAG": "DF" if timecode.drop and timecode.can_drop else "NDF",
            "FILE_SAMPLE_RATE": str(SAMPLE_RATE),
            "AUDIO_BIT_DEPTH": str(self.bits),
            "DIGITIZER_SAMPLE_RATE": str(SAMPLE_RATE),
            "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI": str(self.time_reference >> 32),
            "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO": str(self.time_reference & 0xFFFFFFFF),
            "TIMESTAMP_SAMPLE_RATE": str(SAMPLE_RATE),
        }


def _texts(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = text


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _even(body: bytes, filler: bytes) -> bytes:
    """With a length that needs no padding, which libsndfile does not skip in RF64."""
    return body + filler * (len(body) % 2)


def _plain(text: str) -> str:
    """`text` in printable ASCII, which both bext and XML can hold."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)
