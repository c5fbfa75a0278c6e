# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate and the length of a film, as the header of an MP4 or MOV file tells them. No Blender here.

Blender opens and decodes a film to tell them, and its window stands still for as long; the header is read
in a few milliseconds. What is not plainly told there is not told here: frames of different lengths, an edit
list that leaves something out, other kinds of files, damaged ones. Source: ISO/IEC 14496-12.
"""

import os
import struct
from fractions import Fraction
from typing import BinaryIO, Dict, Iterator, List, NamedTuple, Optional, Tuple

FULL = 8
"""Bytes of a box's own size and kind; a version and flags come before the fields of most."""
ENTRIES = 1000
"""A table with more is none of equal frames."""
_Span = Tuple[int, int]


class Header(NamedTuple):
    """What the first picture track is said to be."""

    rate: Fraction
    frames: int


def read(path: str) -> Optional[Header]:
    """What the header tells plainly; nothing where it does not."""
    try:
        with open(path, "rb") as film:
            return _film(film, (0, os.path.getsize(path)))
    except (OSError, ArithmeticError, KeyError, struct.error, ValueError):
        return None


def _film(film: BinaryIO, span: _Span) -> Optional[Header]:
    movie = dict(_boxes(film, span))[b"moov"]
    timescale = _times(film, dict(_boxes(film, movie))[b"mvhd"])[0]
    for kind, track in _boxes(film, movie):
        if kind == b"trak":
            parts = dict(_boxes(film, track))
            media = dict(_boxes(film, parts[b"mdia"]))
            if _bytes(film, media[b"hdlr"])[8:12] == b"vide":
                return _track(film, parts, media, timescale)
    return None


def _track(
    film: BinaryIO, parts: Dict[bytes, _Span], media: Dict[bytes, _Span], timescale: int
) -> Optional[Header]:
    ticks, _duration = _times(film, media[b"mdhd"])
    tables = dict(_boxes(film, dict(_boxes(film, media[b"minf"]))[b"stbl"]))
    lengths = _pairs(_bytes(film, tables[b"stts"]))
    if len({length for _count, length in lengths}) != 1 or lengths[0][1] == 0:
        return None
    frames = sum(count for count, _length in lengths)
    rate = Fraction(ticks, lengths[0][1])
    if b"edts" in parts:
        edits = dict(_boxes(film, parts[b"edts"])).get(b"elst")
        frame = timescale / rate
        if edits is not None and not _shows_all(_bytes(film, edits), frames * frame, frame):
            return None
    return Header(rate, frames)


def _shows_all(table: bytes, whole: Fraction, frame: Fraction) -> bool:
    """Whether an edit list is but one edit, of the whole film at its own speed; in ticks of the movie."""
    version, count = table[0], struct.unpack(">I", table[4:8])[0]
    if count != 1:
        return False
    length, begin, speed = struct.unpack(">Qqi" if version else ">Iii", table[8 : 28 if version else 20])
    return bool(begin >= 0 and speed == 0x10000 and abs(length - whole) < frame)


def _times(film: BinaryIO, span: _Span) -> Tuple[int, int]:
    """Ticks of a second and the duration, as a movie's header and a medium's begin with."""
    head = _bytes(film, span)
    found = struct.unpack(">IQ", head[20:32]) if head[0] else struct.unpack(">II", head[12:20])
    return int(found[0]), int(found[1])


def _pairs(table: bytes) -> List[Tuple[int, int]]:
    count = struct.unpack(">I", table[4:8])[0]
    if not 0 < count <= ENTRIES:
        raise ValueError("no table of equal frames")
    return [struct.unpack(">II", table[8 + 8 * at : 16 + 8 * at]) for at in range(count)]


def _boxes(film: BinaryIO, span: _Span) -> Iterator[Tuple[bytes, _Span]]:
    """Kind and contents of each box of a stretch of the file, the last of a kind winning in a dict."""
    at, end = span
    while at + FULL <= end:
        film.seek(at)
        size, kind = struct.unpack(">I4s", film.read(FULL))
        begin = at + FULL
        if size == 1:
            size, begin = struct.unpack(">Q", film.read(8))[0], begin + 8
        size = size or end - at
        if size < begin - at or at + size > end:
            raise ValueError("no box")
        yield kind, (begin, at + size)
        at += size


def _bytes(film: BinaryIO, span: _Span) -> bytes:
    film.seek(span[0])
    return film.read(min(span[1] - span[0], FULL + 8 * ENTRIES))
