"""Takes on disk: stereo Broadcast WAV at 48 kHz, with the whole record of how the take was made inside.

Written under a temporary name and renamed, so a take is there whole or not at all. The same sound with the
same texts gives the same bytes: no date is written. Chunks, in this order: `JUNK` (room for `ds64`), `bext`
(EBU Tech 3285, version 1), `fmt `, `iXML` (the record as JSON in the element FOLEY/RECORD), `data`. Past 4
GiB the file is an RF64 with `ds64` (EBU Tech 3306). It changes no level: what is past full scale is cut off,
and how much that was is returned and logged.
"""

from __future__ import annotations

import json
import logging
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from foley_core.errors import EngineFailed, MediaUnreadable
from foley_core.media.atomic_file import atomic_file
from foley_core.media.container import reading
from foley_core.media.full_scale import PeakMeter
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_log = logging.getLogger(__name__)

CHANNELS = 2
ORIGINATOR = "foley"

_RIFF_LIMIT = 2**32 - 1
"""The largest size that a RIFF can state."""
_DS64 = struct.Struct("<QQQI")
_BEXT = struct.Struct("<256s32s32s10s8sQH64s190x")
_FMT = struct.Struct("<HHIIHH")
_PCM = 1
_MAX_IXML = 64 * 2**20


def write_wav(
    path: Path,
    blocks: Iterator[Sound],
    *,
    samples: int,
    bits: Literal[16, 24],
    time_reference: int,
    description: str,
    record: bytes,
) -> float:
    """Write `samples` samples to `path`; the dB over full scale that were cut off, 0 if none were.

    `time_reference` counts samples from midnight to the first one. `description` is for people: ASCII, cut
    after 256 characters. `record` is JSON. 16 bits are dithered (TPDF, two least significant bits wide)
    except in digital silence, 24 are rounded to the nearest. Blocks that add up to another number of
    samples are an `EngineFailed`; a folder that cannot be written to is an `OutputError`.
    """
    before = header(
        samples=samples, bits=bits, time_reference=time_reference, description=description, record=record
    )
    dither = np.random.default_rng(time_reference)
    level = PeakMeter()
    with atomic_file(path) as part, part.open("xb") as file:
        file.write(before)
        written = 0
        for block in level.through(blocks):
            written += len(block)
            if written > samples:
                break
            file.write(_as_24_bits(block) if bits == 24 else _as_16_bits(block, dither))
        if written != samples:
            raise EngineFailed(f"The sound has {written} samples or more, not {samples}.")
        file.write(b"\0" * (samples * CHANNELS * bits // 8 % 2))
    if level.over_db:
        _log.warning("%s: %.1f dB over full scale are cut off.", path, level.over_db)
    return level.over_db


def header(*, samples: int, bits: int, time_reference: int, description: str, record: bytes) -> bytes:
    """Everything before the first sample, sizes filled in."""
    data_size = samples * CHANNELS * bits // 8
    texts = (
        _chunk(b"bext", _bext(time_reference, description))
        + _chunk(b"fmt ", _fmt(bits))
        + _chunk(b"iXML", _ixml(description, record))
    )
    riff_size = 4 + 8 + _DS64.size + len(texts) + 8 + data_size + data_size % 2
    if riff_size <= _RIFF_LIMIT:
        form, riff_field, data_field = b"RIFF", riff_size, data_size
        sizes = _chunk(b"JUNK", bytes(_DS64.size))
    else:
        form, riff_field, data_field = b"RF64", _RIFF_LIMIT, _RIFF_LIMIT
        sizes = _chunk(b"ds64", _DS64.pack(riff_size, data_size, samples, 0))
    return (
        struct.pack("<4sI4s", form, riff_field, b"WAVE")
        + sizes
        + texts
        + struct.pack("<4sI", b"data", data_field)
    )


def read_record(path: Path) -> dict[str, Any]:
    """The record inside a take; `MediaUnreadable` if the file has none."""
    with reading(path), path.open("rb") as file:
        try:
            ixml = _find_chunk(file, b"iXML")
            text = ElementTree.fromstring(ixml).findtext("FOLEY/RECORD") if ixml else None
            record = json.loads(text) if text else None
        except (struct.error, ElementTree.ParseError, json.JSONDecodeError):
            record = None
    if not isinstance(record, dict):
        raise MediaUnreadable(f"{path} has no record of a take.", "Give a WAV that foley wrote.")
    return record


def _find_chunk(file: BinaryIO, name: bytes) -> bytes | None:
    """The first chunk called `name`; None if there is none before the samples."""
    form, _, kind = struct.unpack("<4sI4s", file.read(12))
    if form not in (b"RIFF", b"RF64") or kind != b"WAVE":
        return None
    while True:
        found, size = struct.unpack("<4sI", file.read(8))
        if found == name:
            return file.read(size) if size <= _MAX_IXML else None
        if found == b"data":
            return None
        file.seek(size + size % 2, 1)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _bext(time_reference: int, description: str) -> bytes:
    coding = f"A=PCM,F={SAMPLE_RATE},M=stereo,T={ORIGINATOR}\r\n".encode("ascii")
    return (
        _BEXT.pack(
            _plain(description).encode()[:256], ORIGINATOR.encode(), b"", b"", b"", time_reference, 1, b""
        )
        + coding
    )


def _fmt(bits: int) -> bytes:
    frame = CHANNELS * bits // 8
    return _FMT.pack(_PCM, CHANNELS, SAMPLE_RATE, SAMPLE_RATE * frame, frame, bits)


def _ixml(description: str, record: bytes) -> bytes:
    """The record goes in as pure ASCII JSON, because XML cannot hold every character that JSON can."""
    root = ElementTree.Element("BWFXML")
    for name, text in (("IXML_VERSION", "2.10"), ("PROJECT", ORIGINATOR), ("NOTE", description)):
        ElementTree.SubElement(root, name).text = _plain(text)
    tracks = ElementTree.SubElement(root, "TRACK_LIST")
    ElementTree.SubElement(tracks, "TRACK_COUNT").text = str(CHANNELS)
    for number, side in enumerate(("L", "R"), 1):
        track = ElementTree.SubElement(tracks, "TRACK")
        for name in ("CHANNEL_INDEX", "INTERLEAVE_INDEX"):
            ElementTree.SubElement(track, name).text = str(number)
        ElementTree.SubElement(track, "NAME").text = side
    foley = ElementTree.SubElement(root, "FOLEY")
    ElementTree.SubElement(foley, "RECORD").text = json.dumps(json.loads(record), separators=(",", ":"))
    document: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document + b"\n" * (len(document) % 2)  # libsndfile skips no padding in RF64


def _plain(text: str) -> str:
    """`text` in printable ASCII, which both bext and XML can hold."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)


def _as_24_bits(block: Sound) -> bytes:
    nearest = np.rint(block * np.float32(2**23)).clip(-(2**23), 2**23 - 1).astype("<i4")
    four: NDArray[np.uint8] = nearest.view(np.uint8).reshape(-1, 4)
    three = np.empty((len(four), 3), np.uint8)
    for place in range(3):  # numpy copies single bytes faster than runs of three
        three[:, place] = four[:, place]
    return three.tobytes()


def _as_16_bits(block: Sound, dither: np.random.Generator) -> bytes:
    noise: NDArray[np.float32] = dither.random((len(block), 2, 2), dtype=np.float32)
    triangle = np.where(np.any(block, axis=1, keepdims=True), noise[..., 0] - noise[..., 1], np.float32(0))
    nearest: Sound = np.rint(block * np.float32(2**15) + triangle).clip(-(2**15), 2**15 - 1)
    return nearest.astype("<i2").tobytes()
