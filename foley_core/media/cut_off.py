"""Whether a film ends before its container says that it ends: a copy broken off, a recorder that lost power.

What is there can be used where the container was made for that: fragmented MP4, Matroska, AVI, MXF. An MP4 or
MOV that is all in one has its index at one end and is of no use without it. Only heads of boxes are read.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from foley_core.errors import MediaUnreadable
from foley_core.media.mxf_partition import first_partition

_BOXES = frozenset(
    {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"moof", b"mfra", b"meta", b"sidx"}
    | {b"styp", b"udta", b"uuid", b"emsg", b"prft", b"ssix"}
)
_BOX = struct.Struct(">I4sQ")
_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_MOST_ELEMENTS = 100_000


@dataclass(frozen=True)
class Cut:
    """Where a film that can be used was cut off, in bytes."""

    there: int
    stated: int
    """Where its last part would end."""
    usable: int
    """Up to where it is to be read."""

    def note(self, path: Path) -> str:
        """In words for people."""
        bytes_there = f"{self.there} of at least {self.stated} bytes are there"
        return f"{path.name} is cut off: {bytes_there}. What is whole was used."


def find_cut(path: Path, demuxer: str) -> Cut | None:
    """Where the film was cut off; None where it is whole, or its container states no length.

    `MediaUnreadable` where it cannot be used.
    """
    there = path.stat().st_size
    with path.open("rb") as file:
        match demuxer:
            case "mov":
                return _cut_box(file, path, there)
            case "matroska":
                stated = _end_of_elements(file, there)
            case "avi":
                stated = 8 + int.from_bytes(file.read(8)[4:], "little")
                stated = stated if stated < 0xFFFFFFFF else 0
            case "mxf":
                partition = first_partition(file)
                stated = partition.footer + 1 if partition and partition.footer else 0
            case _:
                return None
    return Cut(there, stated, there) if stated > there else None


def run_in(path: Path, demuxer: str) -> int:
    """Bytes before the film, by which every place that MXF states is too small."""
    if demuxer != "mxf":
        return 0
    with path.open("rb") as file:
        partition = first_partition(file)
    return partition.start if partition else 0


class Part(io.RawIOBase):
    """The bytes of a file from `start` up to `end`, as a file of the same name."""

    def __init__(self, path: Path, start: int, end: int) -> None:
        super().__init__()
        self.name = str(path)
        self._file, self._start, self._end = path.open("rb"), start, end
        self._file.seek(start)

    def read(self, size: int = -1) -> bytes:
        """As of any file."""
        left = max(self._end - self._file.tell(), 0)
        return self._file.read(left if size < 0 else min(size, left))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file."""
        if whence != io.SEEK_CUR:
            offset += self._end if whence == io.SEEK_END else self._start
            whence = io.SEEK_SET
        return self._file.seek(offset, whence) - self._start

    def tell(self) -> int:
        """As of any file."""
        return self._file.tell() - self._start

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def _cut_box(file: BinaryIO, path: Path, there: int) -> Cut | None:
    """The box of an MP4 or MOV that goes on past the end of the file.

    Boxes (ISO/IEC 14496-12, 4.2) follow each other; a size of 0 means up to the end, 1 that 8 bytes follow.
    What comes after the last known box is none of ours. A film in fragments (8.8: its `moov` has `mvex`) is
    of use up to where it was cut, without a head of a fragment that is cut itself; any other not at all.
    """
    start, fragments = 0, False
    while start + 8 <= there:
        file.seek(start)
        size, kind, large = _BOX.unpack(file.read(_BOX.size).ljust(_BOX.size, b"\0"))
        size = large if size == 1 else size or there - start
        if kind not in _BOXES:
            return None
        if start + size > there:
            if fragments:
                return Cut(there, start + size, there if kind == b"mdat" else start)
            missing = f"{path} is cut off: {there} of at least {start + size} bytes are there."
            raise MediaUnreadable(missing, "Copy it again, whole.")
        if kind == b"moov":
            file.seek(start)
            fragments = b"mvex" in file.read(size)
        start += max(size, 8)
    return Cut(there, start + 8, start) if fragments and start < there else None


def _end_of_elements(file: BinaryIO, there: int) -> int:
    """Where the last known element of a Matroska file ends, as it says itself (RFC 8794, 4 to 6); else 0.

    A recorder that was stopped leaves a segment of unknown size; then the last cluster tells.
    """
    start = 0
    for _ in range(_MOST_ELEMENTS):
        file.seek(start)
        head = file.read(12)
        length = _leading(head)
        if not 1 <= length <= 4 or len(head) < length + 1:
            return start + length + 1 if head and start else 0
        name, size_length = int.from_bytes(head[:length], "big"), _leading(head[length:])
        if not size_length or len(head) < length + size_length:
            return 0
        unknown = (1 << 7 * size_length) - 1
        size = int.from_bytes(head[length : length + size_length], "big") & unknown
        content = start + length + size_length
        if size == unknown:
            if name not in (_SEGMENT, _CLUSTER):
                return 0
            start = content
        elif name == _SEGMENT or content + size > there:
            return content + size
        else:
            start = content + size
    return 0


def _leading(field: bytes) -> int:
    """Bytes of a number of variable length, which its first byte tells; 0 where there is none."""
    return 9 - field[0].bit_length() if field and field[0] else 0
