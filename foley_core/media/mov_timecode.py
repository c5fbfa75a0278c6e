"""The timecode track of MOV and MP4: the frame number in its first sample, and how it counts.

Boxes and fields are those of the QuickTime File Format, "Timecode sample description". Only the heads of
boxes are read, so neither the length of the film nor the size of its index counts.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from foley_core.media.stored_timecode import StoredTimecode, UnreadableTimecode

_MOST_BOXES = 10_000
"""More in one box are not looked at."""
_MOST_BYTES = 4096
_DROP, _COUNTER = 1, 8
_DESCRIPTION = struct.Struct(">6xH4xIIIB")
"""Data reference, flags, time scale, frame duration, number of frames."""


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    """Where its content begins."""
    end: int


def mov_timecode(path: Path, track: int) -> StoredTimecode | None:
    """The timecode of the picture whose track has this number; None if the film has no timecode track.

    A timecode that cannot be read is an `UnreadableTimecode`.
    """
    with path.open("rb") as file:
        tracks = list(_inside(file, _Box(b"", 0, path.stat().st_size), b"moov", b"trak"))
        timed = {_track_number(file, box): box for box in tracks if _description(file, box)}
        meant = next((box for box in tracks if _track_number(file, box) == track), None)
        named = _numbers(file, meant) if meant else []
        chosen = next((number for number in (*named, *timed) if number in timed), None)
        return None if chosen is None else _timecode(file, timed[chosen])


def _timecode(file: BinaryIO, track: _Box) -> StoredTimecode:
    description = _description(file, track)
    if len(description) < _DESCRIPTION.size:
        raise UnreadableTimecode("Its description is cut off.")
    _, flags, scale, duration, count = _DESCRIPTION.unpack_from(description)
    if flags & _COUNTER:
        raise UnreadableTimecode("It is a counter, not a time of day.")
    rate = Fraction(scale, duration) if scale and duration else Fraction(count) if count else None
    number = _first_number(file, track)
    skipped = _skipped(file, track)
    return StoredTimecode(number + int(skipped * rate) if rate else number, rate, drop=bool(flags & _DROP))


def _first_number(file: BinaryIO, track: _Box) -> int:
    """The frame number in the track's first sample."""
    table = (b"mdia", b"minf", b"stbl")
    for kind, width in ((b"stco", 4), (b"co64", 8)):
        offsets = _content(file, track, *table, kind)
        if len(offsets) >= 8 + width and int.from_bytes(offsets[4:8], "big"):
            file.seek(int.from_bytes(offsets[8 : 8 + width], "big"))
            sample = file.read(4)
            if len(sample) == 4:
                return int.from_bytes(sample, "big", signed=True)
    raise UnreadableTimecode("Its track is empty.")


def _skipped(file: BinaryIO, track: _Box) -> Fraction:
    """Seconds of the track that its edit list leaves out at the start; empty edits only delay it."""
    edits = _content(file, track, b"edts", b"elst")
    header = _content(file, track, b"mdia", b"mdhd")
    if len(edits) < 8 or len(header) < 24:
        return Fraction(0)
    scale = int.from_bytes(header[20:24] if header[0] == 1 else header[12:16], "big")
    entry = struct.Struct(">QqI" if edits[0] == 1 else ">IiI")
    for at in range(8, len(edits) - entry.size + 1, entry.size):
        _, time, _ = entry.unpack_from(edits, at)
        if time >= 0:
            return Fraction(time, scale) if scale else Fraction(0)
    return Fraction(0)


def _description(file: BinaryIO, track: _Box) -> bytes:
    """The entry `tmcd` of the track's sample description, after its name; empty if it has none."""
    entries = _content(file, track, b"mdia", b"minf", b"stbl", b"stsd")
    return entries[16:] if entries[12:16] == b"tmcd" else b""


def _track_number(file: BinaryIO, track: _Box) -> int:
    header = _content(file, track, b"tkhd")
    return int.from_bytes(header[20:24] if header[:1] == b"\1" else header[12:16], "big")


def _numbers(file: BinaryIO, track: _Box) -> list[int]:
    """The tracks that the track names as its timecode."""
    names = _content(file, track, b"tref", b"tmcd")
    return [int.from_bytes(names[at : at + 4], "big") for at in range(0, len(names) - 3, 4)]


def _content(file: BinaryIO, box: _Box, *kinds: bytes) -> bytes:
    """The first bytes of what lies in the box at this path of kinds; empty if nothing does."""
    found = next(_inside(file, box, *kinds), None)
    if found is None:
        return b""
    file.seek(found.start)
    return file.read(min(found.end - found.start, _MOST_BYTES))


def _inside(file: BinaryIO, box: _Box, *kinds: bytes) -> Iterator[_Box]:
    for child in itertools.islice(_children(file, box), _MOST_BOXES):
        if child.kind == kinds[0]:
            yield from _inside(file, child, *kinds[1:]) if kinds[1:] else (child,)


def _children(file: BinaryIO, box: _Box) -> Iterator[_Box]:
    at = box.start
    while at + 8 <= box.end:
        file.seek(at)
        head = file.read(16).ljust(16, b"\0")
        size, kind, large = struct.unpack(">I4sQ", head)
        inner = at + (16 if size == 1 else 8)
        end = at + (large if size == 1 else size) if size else box.end
        if end < inner:
            return
        yield _Box(kind, inner, min(end, box.end))
        at = end
