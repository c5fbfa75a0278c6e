"""Draws H.264 whose fields are pictures of their own (PAFF), as broadcasts and AVCHD have it.

Written bit by bit (ITU-T H.264, 7.3): every macroblock is I_PCM, so nothing need be predicted. Pictures are
64x64, 25 frames a second, the top field first; white frames are told apart from dark ones by their luma.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av

_SIZE = 64
_GOP = 12
_STEP = 3600  # Ticks of 90 kHz in a frame.


class _Bits:
    def __init__(self) -> None:
        self._bits: list[int] = []

    def put(self, count: int, value: int) -> _Bits:
        self._bits += [value >> bit & 1 for bit in range(count - 1, -1, -1)]
        return self

    def golomb(self, *values: int) -> _Bits:
        for value in values:
            length = (value + 1).bit_length()
            self.put(length - 1, 0).put(length, value + 1)
        return self

    def align(self) -> _Bits:
        return self.put(-len(self._bits) % 8, 0)

    def unit(self, head: int) -> bytes:
        """As a NAL unit after a start code, with emulation prevention."""
        self.put(1, 1).align()
        text = "".join(map(str, self._bits))
        content, zeros = bytearray(), 0
        for at in range(0, len(text), 8):
            byte = int(text[at : at + 8], 2)
            if zeros >= 2 and byte <= 3:
                content.append(3)
                zeros = 0
            content.append(byte)
            zeros = zeros + 1 if byte == 0 else 0
        return b"\0\0\0\1" + bytes([head]) + bytes(content)


def _parameters() -> bytes:
    """Main profile, field coding allowed, 50 fields a second."""
    blocks = _SIZE // 16
    sequence = _Bits().put(8, 77).put(8, 0).put(8, 30).golomb(0, 0, 0, 4, 1).put(1, 0)
    sequence.golomb(blocks - 1, blocks // 2 - 1).put(1, 0).put(1, 0).put(1, 1).put(1, 0).put(1, 1)
    sequence.put(4, 0).put(1, 1).put(32, 1).put(32, 50).put(1, 1).put(4, 0)
    picture = _Bits().golomb(0, 0).put(1, 0).put(1, 0).golomb(0, 0, 0).put(1, 0).put(2, 0)
    picture.golomb(0, 0, 0).put(1, 1).put(1, 0).put(1, 0)
    return sequence.unit(0x67) + picture.unit(0x68)


def _picture(number: int, luma: int, field: int | None) -> bytes:
    """A frame (`field` is None), or its top (0) or bottom (1) field."""
    in_gop, first = number % _GOP, field != 1
    key = in_gop == 0 and first
    bits = _Bits().golomb(0, 7, 0).put(4, in_gop)
    bits.put(1, 0) if field is None else bits.put(1, 1).put(1, field)
    if key:
        bits.golomb(number // _GOP % 2)
    bits.put(8, 2 * in_gop + (field or 0))
    bits.put(2, 0) if key else bits.put(1, 0)
    bits.golomb(0, 1)
    for _ in range((_SIZE // 16) * (_SIZE // (16 if field is None else 32))):
        bits.golomb(25).align()
        for value in [luma] * 256 + [128] * 128:
            bits.put(8, value)
    return b"\0\0\0\1\x09\x10" + (_parameters() if key else b"") + bits.unit(0x65 if key else 0x61)


def draw_paff(
    path: Path, frames: int, flashes: Iterable[int], *, whole: Iterable[int] = (), together: bool = False
) -> Path:
    """A film of so many frames, of which `flashes` are white.

    Those in `whole` are coded as frames, the others as fields: each in a packet of its own, or both
    `together` in one.
    """
    white, progressive = set(flashes), set(whole)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = _SIZE, _SIZE, "yuv420p"

        def put(content: bytes, ticks: int, *, key: bool) -> None:
            packet = av.Packet(content)
            packet.stream, packet.time_base = stream, Fraction(1, 90_000)
            packet.pts = packet.dts = ticks
            packet.is_keyframe = key
            output.mux(packet)

        for number in range(frames):
            luma, at, key = 235 if number in white else 40, _STEP * number, number % _GOP == 0
            if number in progressive:
                put(_picture(number, luma, None), at, key=key)
                continue
            top, bottom = _picture(number, luma, 0), _picture(number, luma, 1)
            if together:
                put(top + bottom, at, key=key)
            else:
                put(top, at, key=key)
                put(bottom, at + _STEP // 2, key=False)
    return path
