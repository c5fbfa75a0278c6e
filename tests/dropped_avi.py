"""Writes AVI films as capture programs do that could not keep up: a dropped frame is an empty chunk."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from tests.films import HEIGHT, WIDTH


def dropped_avi(path: Path, frames: str, rate: Fraction = Fraction(25)) -> Path:
    """One frame for each letter of `frames`: `d` is dark, `w` white, `-` dropped."""
    pictures = {"d": _jpeg(40), "w": _jpeg(255), "-": b""}
    chunks = index = b""
    for letter in frames:
        picture = pictures[letter]
        index += b"00dc" + struct.pack("<III", 16 if picture else 0, 4 + len(chunks), len(picture))
        chunks += _chunk(b"00dc", picture)
    size = (WIDTH, HEIGHT)
    main = struct.pack("<14I", int(1_000_000 / rate), 0, 0, 16, len(frames), 0, 1, 1 << 20, *size, 0, 0, 0, 0)
    handler, timing = (b"vids", b"MJPG", 0, 0, 0, 0), (rate.denominator, rate.numerator, 0, len(frames))
    stream = struct.pack("<4s4sIHHI4I3I4h", *handler, *timing, 1 << 20, 2**32 - 1, 0, 0, 0, *size)
    picture_format = struct.pack("<IiiHH4sIiiII", 40, *size, 1, 24, b"MJPG", WIDTH * HEIGHT * 3, 0, 0, 0, 0)
    headers = _chunk(b"avih", main) + _list(
        b"strl", _chunk(b"strh", stream) + _chunk(b"strf", picture_format)
    )
    body = b"AVI " + _list(b"hdrl", headers) + _list(b"movi", chunks) + _chunk(b"idx1", index)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def _jpeg(luma: int) -> bytes:
    return bytes(cv2.imencode(".jpg", np.full((HEIGHT, WIDTH, 3), luma, np.uint8))[1])


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _list(name: bytes, content: bytes) -> bytes:
    return _chunk(b"LIST", name + content)
