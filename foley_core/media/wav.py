"""Takes on disk: Broadcast WAV at 48 kHz, with the whole record of how the take was made inside.

Written under a temporary name and renamed, so a take is there whole or not at all. The same sound with the
same header (`wav_header.py`) gives the same bytes; the date is written by itself, into a file that is whole.
It changes no level: what is past full scale is cut off, and how much that was is returned and logged; samples
in float are kept as they are.
"""

from __future__ import annotations

import json
import logging
import struct
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from foley_core.errors import EngineFailed, MediaUnreadable, writing
from foley_core.media.atomic_file import atomic_file
from foley_core.media.container import reading
from foley_core.media.full_scale import PeakMeter
from foley_core.media.wav_header import DATE_OFFSET, FLOAT_BITS, WavHeader
from foley_core.samples import Sound

_log = logging.getLogger(__name__)

_MAX_IXML = 64 * 2**20


def write_wav(path: Path, blocks: Iterator[Sound], header: WavHeader) -> float:
    """Write the sound to `path`; the dB over full scale that were cut off, 0 if none were.

    Of one channel the left side is written. 16 bits are dithered (TPDF, two least significant bits wide)
    except in digital silence, 24 are rounded to the nearest, 32 are float. Blocks that add up to another
    number of samples are an `EngineFailed`; a folder that cannot be written to is an `OutputError`.
    """
    encode = _encoding(header)
    level = PeakMeter()
    with atomic_file(path) as part, part.open("xb") as file:
        file.write(header.encoded())
        written = 0
        for block in level.through(blocks):
            written += len(block)
            if written > header.samples:
                break
            file.write(encode(block[:, : header.channels]))
        if written != header.samples:
            raise EngineFailed(f"The sound has {written} samples or more, not {header.samples}.")
        file.write(b"\0" * (header.samples * header.frame % 2))
    if header.bits == FLOAT_BITS:
        return 0.0
    if level.over_db:
        _log.warning("%s: %.1f dB over full scale are cut off.", path, level.over_db)
    return level.over_db


def write_date(path: Path, made: datetime) -> None:
    """Say in a WAV of ours when it was made, in local time; not one other byte is changed."""
    with writing(path), path.open("r+b") as file:
        if _find_chunk(file, b"bext") is not None:
            file.seek(DATE_OFFSET, 1)
            file.write(made.strftime("%Y-%m-%d%H:%M:%S").encode("ascii"))


def read_record(path: Path) -> dict[str, Any]:
    """The record inside a take; `MediaUnreadable` if the file has none."""
    with reading(path), path.open("rb") as file:
        try:
            size = _find_chunk(file, b"iXML")
            ixml = file.read(size) if size and size <= _MAX_IXML else b""
            text = ElementTree.fromstring(ixml).findtext("FOLEY/RECORD") if ixml else None
            record = json.loads(text) if text else None
        except (struct.error, ElementTree.ParseError, json.JSONDecodeError):
            record = None
    if not isinstance(record, dict):
        raise MediaUnreadable(f"{path} has no record of a take.", "Give a WAV that foley wrote.")
    return record


def _find_chunk(file: BinaryIO, name: bytes) -> int | None:
    """The size of the first chunk called `name`, before which the file then stands.

    None if there is none before the samples.
    """
    form, _, kind = struct.unpack("<4sI4s", file.read(12))
    if form not in (b"RIFF", b"RF64") or kind != b"WAVE":
        return None
    while True:
        found, size = struct.unpack("<4sI", file.read(8))
        if found == name:
            return int(size)
        if found == b"data":
            return None
        file.seek(size + size % 2, 1)


def _encoding(header: WavHeader) -> Callable[[Sound], bytes]:
    """What makes bytes of the samples."""
    dither = np.random.default_rng(header.time_reference)
    if header.bits == FLOAT_BITS:
        return lambda block: np.ascontiguousarray(block, "<f4").tobytes()
    return _as_24_bits if header.bits == 24 else lambda block: _as_16_bits(block, dither)


def _as_24_bits(block: Sound) -> bytes:
    nearest = np.rint(block * np.float32(2**23)).clip(-(2**23), 2**23 - 1).astype("<i4")
    four: NDArray[np.uint8] = np.ascontiguousarray(nearest).view(np.uint8).reshape(-1, 4)
    three = np.empty((len(four), 3), np.uint8)
    for place in range(3):  # numpy copies single bytes faster than runs of three
        three[:, place] = four[:, place]
    return three.tobytes()


def _as_16_bits(block: Sound, dither: np.random.Generator) -> bytes:
    noise: NDArray[np.float32] = dither.random((*block.shape, 2), dtype=np.float32)
    triangle = np.where(np.any(block, axis=1, keepdims=True), noise[..., 0] - noise[..., 1], np.float32(0))
    nearest: Sound = np.rint(block * np.float32(2**15) + triangle).clip(-(2**15), 2**15 - 1)
    return nearest.astype("<i2").tobytes()
