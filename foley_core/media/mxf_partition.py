"""The partitions of an MXF: where the first begins, what it says of the file, and whether the last is there.

As in SMPTE ST 377-1, 7.1 and 12.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

KEY = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02"
RUN_IN = 1 << 16
"""Bytes of anything that may lie before it (6.5)."""
_LIST = bytes.fromhex("060e2b34020501010d01020101110100")
"""Begins the list of all partitions, with which a file may end; its last four bytes are its length."""
_PACK = struct.Struct(">HHIQQQQ")
"""Version, KAG size, places of this partition, of the one before and of the footer, bytes of metadata."""


@dataclass(frozen=True)
class MxfPartition:
    """Places are in bytes from the start of the file."""

    start: int
    """Where it begins, behind a run-in."""
    content: int
    """Where its metadata begins."""
    metadata: int
    """How many bytes of these there are."""
    footer: int
    """Where the last partition is, which has the index; 0 where it is not said."""


def first_partition(file: BinaryIO) -> MxfPartition | None:
    """That of an open file; None if there is none that is whole."""
    file.seek(0)
    head = file.read(RUN_IN + 1024)
    start = head.find(KEY)
    if start < 0 or len(head) < start + 17:
        return None
    at, size = start + 17, head[start + 16]
    if size & 0x80:
        width = size & 0x7F
        at, size = at + width, int.from_bytes(head[at : at + width], "big")
    if size < _PACK.size or len(head) < at + _PACK.size:
        return None
    *_, footer, metadata = _PACK.unpack_from(head, at)
    return MxfPartition(start, at + size, metadata, start + footer if footer else 0)


def has_end(file: BinaryIO) -> bool:
    """Whether an open file was written and copied to its end, where its index is."""
    first, size = first_partition(file), file.seek(0, io.SEEK_END)
    if first is not None and first.footer:
        return first.footer < size
    file.seek(max(size - 4, 0))
    file.seek(max(size - int.from_bytes(file.read(4), "big"), 0))
    return file.read(len(_LIST)) == _LIST
