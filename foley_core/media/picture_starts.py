"""In which packets a frame begins that is shown: packets are not frames.

H.264 may have the two fields of a frame in packets of their own (PAFF: broadcasts, AVCHD), and VP8 has frames
that are never shown. Both are told from the first bits of a packet (ITU-T H.264, 7.3.2.1.1 and 7.3.3;
RFC 6386, 9.1), so nothing need be decoded. In all other pictures a packet is a frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from av.packet import Packet
from av.video.stream import VideoStream

_HEAD = 2**16
"""Bytes of a packet in which its first slice is looked for."""
_SLICE_HEAD = 64
_SLICES, _SPS = (1, 5), 7
_WITH_CHROMA = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})
"""Profiles whose parameters tell of chroma and scaling."""


class PictureStarts:
    """Tells, for one stream, in which packets a frame begins. Give it the start of the stream first."""

    def __init__(self, stream: VideoStream) -> None:
        codec = stream.codec_context.codec.canonical_name
        self._shows = _is_shown if codec == "vp8" else lambda packet: True
        self._fields = _FieldPairs(bytes(stream.codec_context.extradata or b"")) if codec == "h264" else None

    def among(self, run: Iterable[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
        """Those packets of a run, in decoding order, in which a frame begins."""
        if self._fields is None:
            return (packet for packet in run if self._shows(packet))
        self._fields.begin_run()
        return (packet for packet in run if self._fields.begins(packet))


def _is_shown(packet: Packet[VideoStream]) -> bool:
    return packet.size == 0 or bool(memoryview(packet)[0] & 0x10)


@dataclass(frozen=True)
class _Sequence:
    """What a sequence parameter set says about fields."""

    frames_only: bool
    colour_planes: bool
    frame_number_bits: int


class _FieldPairs:
    """Tells the second field of each pair in H.264."""

    def __init__(self, extradata: bytes) -> None:
        self._length = (extradata[4] & 3) + 1 if extradata[:1] == b"\x01" and len(extradata) > 6 else 0
        self._sequence: _Sequence | None = None
        self._open: tuple[int, int] | None = None
        """Frame number and parity of a first field that waits for its second."""
        self._first_parity: int | None = None
        self._at_start = True
        units = _after_lengths(extradata[6:], 2) if self._length else _after_start_codes(extradata)
        self._learn(next(units, b""))

    def begin_run(self) -> None:
        """What comes next does not follow what came last; it may be a second field."""
        self._open, self._at_start = None, True

    def begins(self, packet: Packet[VideoStream]) -> bool:
        """Whether the packet, asked in decoding order, is no second field."""
        if self._sequence and self._sequence.frames_only and not self._at_start:
            return True  # parameters may come anew with the first packet of a run
        field = self._field(bytes(memoryview(packet)[:_HEAD]))
        if field is None:
            self._open, self._at_start = None, False
            return True
        if self._first_parity is None:
            self._first_parity = field[1]
        second = self._is_second(field)
        self._open, self._at_start = None if second else field, False
        return not second

    def _is_second(self, field: tuple[int, int]) -> bool:
        if self._at_start:
            return field[1] != self._first_parity
        return self._open is not None and self._open[0] == field[0] and self._open[1] != field[1]

    def _field(self, head: bytes) -> tuple[int, int] | None:
        """Frame number and parity of the field in a packet; None if it has a frame."""
        units = _after_lengths(head, self._length) if self._length else _after_start_codes(head)
        for unit in units:
            kind = unit[0] & 31 if unit else 0
            if kind == _SPS:
                self._learn(unit)
            elif kind in _SLICES:
                return _field_of(unit, self._sequence) if self._sequence else None
        return None

    def _learn(self, unit: bytes) -> None:
        if unit and unit[0] & 31 == _SPS:
            self._sequence = _sequence(unit)


def _after_start_codes(content: bytes) -> Iterator[bytes]:
    yield from content.split(b"\0\0\1")[1:]


def _after_lengths(content: bytes, size: int) -> Iterator[bytes]:
    at = 0
    while at + size < len(content):
        length = int.from_bytes(content[at : at + size], "big")
        yield content[at + size : at + size + length]
        at += size + length


class _Bits:
    """Reads the bits of a NAL unit after its first byte; past the end there are zeros."""

    def __init__(self, unit: bytes) -> None:
        content = unit[1:].replace(b"\0\0\3", b"\0\0") + bytes(8)
        self._value, self._left = int.from_bytes(content, "big"), 8 * len(content)

    def take(self, count: int) -> int:
        """The next bits as a number."""
        self._left = max(self._left - count, 0)
        return self._value >> self._left & ((1 << count) - 1)

    def golomb(self) -> int:
        """A number in Exp-Golomb code."""
        zeros = 0
        while zeros < 32 and not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """A number that may be below zero."""
        code = self.golomb()
        return (code + 1) // 2 if code % 2 else -(code // 2)


def _field_of(unit: bytes, sequence: _Sequence) -> tuple[int, int] | None:
    """Frame number and parity of a slice's field; None for a frame's slice."""
    bits = _Bits(unit[:_SLICE_HEAD])
    for _ in ("first macroblock", "type", "picture parameter set"):
        bits.golomb()
    bits.take(2 if sequence.colour_planes else 0)
    number = bits.take(sequence.frame_number_bits)
    if sequence.frames_only or not bits.take(1):
        return None
    return number, bits.take(1)


def _sequence(unit: bytes) -> _Sequence:
    bits = _Bits(unit)
    profile, _, _ = bits.take(8), bits.take(16), bits.golomb()
    planes = _chroma(bits) if profile in _WITH_CHROMA else False
    frame_number_bits = bits.golomb() + 4
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        bits.take(1)
        bits.golomb()
        bits.golomb()
        for _ in range(min(bits.golomb(), 255)):
            bits.golomb()
    bits.golomb()
    bits.take(1)
    bits.golomb()
    bits.golomb()
    return _Sequence(bool(bits.take(1)), planes, min(frame_number_bits, 16))


def _chroma(bits: _Bits) -> bool:
    """Skip what is said of chroma and scaling; whether colours are coded apart."""
    chroma = bits.golomb()
    planes = bool(bits.take(1)) if chroma == 3 else False
    bits.golomb()
    bits.golomb()
    bits.take(1)
    if bits.take(1):
        for number in range(12 if chroma == 3 else 8):
            if bits.take(1):
                _skip_scaling_list(bits, 16 if number < 6 else 64)
    return planes


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last
