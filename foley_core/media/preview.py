"""Preview films: a cue's picture, copied and not encoded again, with a take under it at its exact place.

A copy can only begin at a key frame, so the preview begins at the one at or before the cue's in-point, and
ends at the out-point (where frames that are shown later are needed to decode the last ones, with those). The
container goes by the picture's codec. It is written whole or not at all.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from foley_core.errors import MediaUnreadable
from foley_core.media.atomic_file import atomic_file
from foley_core.media.container import open_film, reading
from foley_core.media.probe import MediaInfo, probe
from foley_core.media.sound import sound
from foley_core.media.streams import packets, picture_stream, seek
from foley_core.samples import Sound
from foley_core.take import Take
from foley_core.timecode import SAMPLE_RATE

_OWN_LEVEL = np.float32(0.5)
"""-6 dB: the film's own sound under the take."""

_FORMATS = {
    ".mp4": ("mp4", "aac"),
    ".mov": ("mov", "pcm_s24le"),
    ".webm": ("webm", "libopus"),
    ".mkv": ("matroska", "pcm_s24le"),
}
"""Suffix, FFmpeg's muxer, and the codec of the sound."""

_HOLDS = {
    "h264": (".mp4", ".mov", ".mkv"),
    "hevc": (".mp4", ".mov", ".mkv"),
    "mpeg4": (".mp4", ".mov", ".mkv"),
    "av1": (".mp4", ".webm", ".mkv"),
    "vp8": (".webm", ".mkv"),
    "vp9": (".webm", ".mp4", ".mkv"),
    "prores": (".mov", ".mkv"),
    "dnxhd": (".mov", ".mkv"),
}
"""Which containers can hold a picture, the usual one first; any other picture goes into Matroska."""


def write_preview(
    take: Take, media: Path, in_point: Fraction, out_point: Fraction, path: Path, *, mix: bool = False
) -> Path:
    """Write the picture of `media` from `in_point` to `out_point` with `take`; returns where it is.

    That is `path`, with another suffix where its own stands for a container that cannot hold the picture.
    `mix` keeps the film's own sound under the take, both turned down so that their sum cannot clip. Raises
    `MediaError` and `OutputError`.
    """
    info = probe(media)
    path = _fitting(path, info.video_codec)
    muxer, sound_codec = _FORMATS[path.suffix.lower()]
    place, key = _key_before(info, in_point)
    zero = max(key * info.time_base - info.origin, Fraction(0))
    heard = _heard(take, info, zero, out_point, mix=mix)
    with open_film(media) as film, _copying(media), atomic_file(path) as part:
        picture = _copied(film, info, place, key, zero, out_point)
        _mux(part, muxer, sound_codec, picture_stream(film, media), picture, heard)
    return path


def _fitting(path: Path, video_codec: str) -> Path:
    held_by = _HOLDS.get(video_codec, (".mkv",))
    return path if path.suffix.lower() in held_by else path.with_suffix(held_by[0])


@contextmanager
def _copying(media: Path) -> Iterator[None]:
    """Turn what the muxer says about the picture into a `MediaUnreadable`."""
    try:
        yield
    except av.FFmpegError as error:
        raise MediaUnreadable(
            f"The picture of {media} cannot be copied into a preview: {error.strerror}.",
            "Make the take without a preview.",
        ) from error


def _mux(
    part: Path,
    muxer: str,
    sound_codec: str,
    stream: VideoStream,
    picture: Iterator[Packet[VideoStream]],
    heard: Iterator[Sound],
) -> None:
    with av.open(f"file:{part}", "w", format=muxer) as output:
        copy = output.add_stream_from_template(stream)
        track = output.add_stream(sound_codec, rate=SAMPLE_RATE, layout="stereo")
        assert isinstance(track, AudioStream)
        both: tuple[Iterator[Packet[Any]], ...] = (_of(copy, picture), _encoded(track, heard))
        for packet in heapq.merge(*both, key=_decoding_time):
            output.mux(packet)


def _decoding_time(packet: Packet[Any]) -> Fraction:
    assert packet.dts is not None
    return packet.dts * packet.time_base


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
            raise MediaUnreadable(
                f"{info.path} has no key frame at its start.", "Make the take without a preview."
            )
        back = max(Fraction(1), back * 4)


def _from(film: InputContainer, info: MediaInfo, place: Fraction | None) -> Iterator[Packet[VideoStream]]:
    """The packets from about media time `place` on; None is the start of the film just opened."""
    stream = picture_stream(film, info.path)
    if place is not None:
        seek(film, stream, info.origin + place)
    return packets(film, stream)


def _copied(
    film: InputContainer,
    info: MediaInfo,
    place: Fraction | None,
    key: int,
    zero: Fraction,
    end: Fraction,
) -> Iterator[Packet[VideoStream]]:
    """The packets from the key frame up to `end`, their times counted from media time `zero`."""
    first = int((info.origin + zero) / info.time_base)
    last = (info.origin + end) / info.time_base
    with reading(info.path):
        run = itertools.dropwhile(lambda packet: packet.pts != key, _from(film, info, place))
        for packet in _up_to(last, _with_decoding_times(run, round(1 / info.rate / info.time_base))):
            assert packet.pts is not None
            assert packet.dts is not None
            if packet.pts >= key:  # frames before it need the GOP before
                packet.pts, packet.dts = packet.pts - first, packet.dts - first
                yield packet


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


def _of(copy: VideoStream, run: Iterator[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
    for packet in run:
        packet.stream = copy
        yield packet


def _heard(take: Take, info: MediaInfo, start: Fraction, end: Fraction, *, mix: bool) -> Iterator[Sound]:
    """The take over [`start`, `end`) of media time, in blocks of one second."""
    taken = sound(take.file(), start - take.start_time, end - take.start_time)
    if not mix or info.sound is None:
        yield from taken
        return
    for block, own in zip(taken, sound(info.path, start, end), strict=False):
        length = min(len(block), len(own))
        mixed = (block[:length] + _OWN_LEVEL * own[:length]) / (1 + _OWN_LEVEL)
        yield np.clip(mixed, -1, 1)


def _encoded(track: AudioStream, heard: Iterator[Sound]) -> Iterator[Packet[AudioStream]]:
    played = 0
    for block in heard:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, played, Fraction(1, SAMPLE_RATE)
        played += len(block)
        yield from track.encode(frame)
    yield from track.encode(None)
