"""A stretch of a film's picture, copied packet by packet and not encoded again.

A copy can only begin at a key frame, so it begins at the one at or before the in-point, and ends at the
out-point (where frames that are shown later are needed to decode the last ones, with those).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from foley_core.errors import MediaUnreadable
from foley_core.media.container import open_film, reading
from foley_core.media.probe import MediaInfo
from foley_core.media.streams import packets, picture_stream, seek


@dataclass(frozen=True)
class PictureCut:
    """Where a copy begins and ends."""

    info: MediaInfo
    zero: Fraction
    """Media time from which its times count: that of its first frame."""
    end: Fraction
    _key: int
    """The key frame's time in the container, in ticks."""
    _place: Fraction | None
    """Media time to seek to so as to meet it; None is the film's start."""

    def packets(self, film: InputContainer) -> Iterator[Packet[VideoStream]]:
        """The packets of `film`, just opened, in decoding order; their times count from `zero`."""
        info = self.info
        first = int((info.origin + self.zero) / info.time_base)
        last = (info.origin + self.end) / info.time_base
        with reading(info.path):
            run = itertools.dropwhile(lambda packet: packet.pts != self._key, _from(film, info, self._place))
            for packet in _up_to(last, _with_decoding_times(run, round(1 / info.rate / info.time_base))):
                assert packet.pts is not None
                assert packet.dts is not None
                if packet.pts >= self._key:  # frames before it need the GOP before
                    packet.pts, packet.dts = packet.pts - first, packet.dts - first
                    yield packet


def cut_picture(info: MediaInfo, in_point: Fraction, out_point: Fraction) -> PictureCut:
    """The copy over [`in_point`, `out_point`) of media time; `MediaUnreadable` without a key frame."""
    place, key = _key_before(info, in_point)
    zero = max(key * info.time_base - info.origin, Fraction(0))
    return PictureCut(info, zero, out_point, key, place)


def _key_before(info: MediaInfo, time: Fraction) -> tuple[Fraction | None, int]:
    """The key frame at or before media time `time`: where to seek to so as to meet it, and its ticks."""
    target = (info.origin + time) / info.time_base
    back = Fraction(0)
    while True:
        place = time - back if time > back else None
        with open_film(info.path) as film, reading(info.path):
            keys = (p.pts for p in _from(film, info, place) if p.is_keyframe and p.pts is not None)
            early = list(itertools.takewhile(lambda ticks: ticks <= target, keys))
        if early:
            return place, early[-1]
        if place is None:
            raise MediaUnreadable(f"{info.path} has no key frame at its start.", "Convert the film.")
        back = max(Fraction(1), back * 4)


def _from(film: InputContainer, info: MediaInfo, place: Fraction | None) -> Iterator[Packet[VideoStream]]:
    """The packets from about media time `place` on; None is the start of the film just opened."""
    stream = picture_stream(film, info.path)
    if place is not None:
        seek(film, stream, info.origin + place)
    return packets(film, stream)


def _up_to(last: Fraction, run: Iterator[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
    """Packets shown before `last`, and those after it that they need."""
    late: list[Packet[VideoStream]] = []
    for packet in run:
        assert packet.pts is not None
        assert packet.dts is not None
        if packet.dts >= last:
            return
        late.append(packet)
        if packet.pts < last:
            yield from late
            late.clear()


def _with_decoding_times(run: Iterator[Packet[VideoStream]], step: int) -> Iterator[Packet[VideoStream]]:
    """Matroska leaves out the decoding times of the first packets: counted back from the first one known."""
    timeless: list[Packet[VideoStream]] = []
    for packet in run:
        if packet.pts is None:
            continue
        if packet.dts is None:
            timeless.append(packet)
            continue
        yield from _counted_back(timeless, packet.dts, step)
        timeless.clear()
        yield packet
    if timeless:
        yield from _counted_back(timeless, min(packet.pts or 0 for packet in timeless), step)


def _counted_back(run: list[Packet[VideoStream]], known: int, step: int) -> Iterator[Packet[VideoStream]]:
    for before, packet in zip(range(len(run), 0, -1), run, strict=True):
        packet.dts = known - before * step
        yield packet
