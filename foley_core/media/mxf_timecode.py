"""The timecode of MXF: where it starts, and how it counts.

Read from the timecode components in the header's metadata (SMPTE ST 377-1, annex B.16), of which a file may
have several; FFmpeg tells which one is the film's, but only as a text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from foley_core.media.mxf_partition import first_partition
from foley_core.media.stored_timecode import StoredTimecode
from foley_core.timecode import TimecodeFormat

_COMPONENT = bytes.fromhex("0d01010101011400")
_START, _BASE, _DROP = 0x1501, 0x1502, 0x1503
_MOST_BYTES, _MOST_SETS = 2**26, 20_000


def mxf_timecode(path: Path, text: str) -> StoredTimecode | None:
    """The timecode that is written `text`, else the first; None if there is none."""
    with path.open("rb") as file:
        found = [component for component in _components(file) if component.rate]
    alike = (c for c in found if c.rate and TimecodeFormat(c.rate, c.drop).text(c.number) == text)
    return next(alike, next(iter(found), None))


def _components(file: BinaryIO) -> Iterator[StoredTimecode]:
    header = first_partition(file)
    if header is None:
        return
    file.seek(header.content)
    for key, content in _sets(file, header.content + min(header.metadata, _MOST_BYTES)):
        if key[4:6] == b"\x02\x53" and key[8:] == _COMPONENT:
            items = dict(_items(content))
            base = int.from_bytes(items.get(_BASE, b""), "big")
            yield StoredTimecode(
                number=int.from_bytes(items.get(_START, b""), "big", signed=True),
                rate=Fraction(base) if base else None,
                drop=any(items.get(_DROP, b"")),
            )


def _sets(file: BinaryIO, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Key and content of what follows, up to `end`; long contents are left out."""
    for _ in range(_MOST_SETS):
        head = file.read(17)
        if len(head) < 17:
            return
        size = head[16]
        if size & 0x80:
            size = int.from_bytes(file.read(size & 0x7F), "big")
        start = file.tell()
        yield head[:16], file.read(min(size, 2**16))
        if start + size >= end:
            return
        file.seek(start + size)


def _items(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(content):
        tag, size = struct.unpack_from(">HH", content, at)
        yield tag, content[at + 4 : at + 4 + size]
        at += 4 + size
