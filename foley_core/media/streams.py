"""The streams of an opened film: which one is meant, its packets, its frames, and their times as `Fraction`.

Damage in the middle of a stream costs the damaged frames and no more; how many is logged. A file that is cut
off ends where it ends. All times here are the container's own.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeVar, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from foley_core.errors import MediaUnreadable, NoPicture
from foley_core.media.mxf_partition import has_end

_log = logging.getLogger(__name__)

_NOT_PICTURE = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image

DECODING_THREADS = min((os.cpu_count() or 1) + 1, 4)
"""One more than there are cores, so that none waits while a frame is looked at. More than four would decode
faster than anything here looks at frames, and each holds frames in memory."""

_FIRST_SOUNDS = 1000
"""Packets for each stream that are looked at for the first sounds, once there is one."""

_ABOUT_AS_LONG = Fraction(9, 10)
"""Of the longest picture's length: a shorter one is a thumbnail, or something that was added."""
_ONCE: Sequence[Literal["palette", "new_extradata"]] = ("palette", "new_extradata")
"""Side data that a container gives with a packet where it begins to hold, not again with later ones."""
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")
"""How Matroska's tags state a length."""

AnyStream = TypeVar("AnyStream", VideoStream, AudioStream)


def picture_stream(film: InputContainer, path: Path, *, rough: bool = False) -> VideoStream:
    """The stream of moving pictures that is meant; the cover of a record is none. `NoPicture` without one.

    Of several, one that is marked as the default goes first; what is much shorter than the longest, as the
    thumbnail is that a camera adds, is not meant, whatever its mark. With `rough`, the edges of blocks are
    not smoothed in frames that no other is made from, which saves a fifth of decoding H.264 and HEVC.
    """
    found = _moving(film)
    if not found:
        raise NoPicture(f"{path} has no picture.", "Give a film with a video stream.")
    stream = _meant(film, found)
    if stream.codec_context is None:
        raise MediaUnreadable(f"The picture of {path} is in an unknown format.", "Convert the film.")
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = DECODING_THREADS
    if rough:
        stream.codec_context.options = {"skip_loop_filter": "noref"}
    return stream


def picture_note(film: InputContainer, path: Path) -> str:
    """Which of several pictures is taken, in words for people; empty where there is only one."""
    found = _moving(film)
    if len(found) < 2:
        return ""
    taken = found.index(_meant(film, found))
    sizes = [f"{stream.width}x{stream.height}" for stream in found]
    return f"{path.name} has {len(found)} pictures ({', '.join(sizes)}); number {taken + 1} was used."


def _moving(film: InputContainer) -> list[VideoStream]:
    return [stream for stream in film.streams.video if not stream.disposition & _NOT_PICTURE]


def _meant(film: InputContainer, found: list[VideoStream]) -> VideoStream:
    """The default one, else the first, of those that are about as long as the longest."""
    stated = [_stated_length(stream) for stream in found]
    whole = max([Fraction(film.duration or 0, av.time_base), *filter(None, stated)])
    known = [stream for stream in found if stream.codec_context is not None]
    long = [
        stream
        for stream, length in zip(found, stated, strict=True)
        if stream in known and (length is None or length >= whole * _ABOUT_AS_LONG)
    ]
    default = [stream for stream in long if stream.disposition & Disposition.default]
    return next(iter(default or long or known or found))


def _stated_length(stream: VideoStream) -> Fraction | None:
    """Its length in seconds, where the container states one."""
    if stream.duration is not None:
        return stream.duration * time_base(stream)
    stated = _CLOCK.match(next((v for k, v in stream.metadata.items() if k.upper() == "DURATION"), ""))
    if stated is None:
        return None
    hours, minutes, seconds = stated.groups()
    return int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)


def first_sounds(film: InputContainer) -> list[tuple[AudioStream, AudioFrame]]:
    """The sound streams that can be decoded, each with its first frame, from where the film stands.

    Where there are several, one that has given no frame by the time that another has given many has none.
    """
    streams = {stream.index: stream for stream in film.streams.audio if stream.codec_context is not None}
    found: dict[int, AudioFrame] = {}
    passed = 0
    with suppress(StopIteration, av.InvalidDataError, av.EOFError):
        for packet in film.demux(*streams.values()) if streams else ():
            index = packet.stream_index
            if index not in streams:  # the empty packets at the end are of all streams
                continue
            with suppress(av.InvalidDataError if len(streams) == 1 else av.FFmpegError):
                frames = cast("list[AudioFrame]", packet.decode()) if index not in found else []
                for frame in (frame for frame in frames[:1] if not frame.is_corrupt):
                    frame.time_base = frame.time_base or time_base(streams[index])
                    found[index] = frame
            passed += bool(found)
            if len(found) == len(streams) or passed > _FIRST_SOUNDS * len(streams):
                break
    return [(streams[index], found[index]) for index in sorted(found)]


def seek(film: InputContainer, stream: Stream, time: Fraction) -> None:
    """Go to the key frame at or before `time`, or as near to it as the container can.

    In an MXF without its end FFmpeg guesses where a time is, and takes that for the time of what it finds;
    such a film is gone through from its start.
    """
    sure = film.format.name != "mxf" or _has_end(Path(film.name.removeprefix("file:")))
    film.seek(int(time // time_base(stream)) if sure else stream.start_time or 0, stream=stream)


def _has_end(mxf: Path) -> bool:
    with mxf.open("rb") as file:
        return has_end(file)


def prime(film: InputContainer, stream: VideoStream) -> None:
    """Give the decoder what comes with the first packet alone, which a seek would pass by: a palette."""
    first = next(packets(film, stream), None)
    if first is not None and any(first.has_sidedata(kind) for kind in _ONCE):
        with suppress(av.FFmpegError):
            first.decode()


def packets(film: InputContainer, stream: AnyStream) -> Iterator[Packet[AnyStream]]:
    """The stream's packets from where the film stands, in decoding order."""
    found = film.demux(stream)
    while True:
        try:
            packet = next(found)
        except (StopIteration, av.InvalidDataError, av.EOFError):
            return
        if packet.size:  # the empty one at the end only tells decoders to give up what they hold
            yield packet


def pictures(
    film: InputContainer, stream: VideoStream, path: Path, spare: Callable[[Fraction], bool] | None = None
) -> Iterator[VideoFrame]:
    """The frames from where the film stands, in the order they are shown.

    Asked in the order of decoding, `spare` tells which need not be decoded (if no other is made from them).
    """

    def choose(packet: Packet[VideoStream]) -> None:
        if spare and packet.pts is not None:
            passed = spare(packet.pts * time_base(stream))
            stream.codec_context.skip_frame = "NONREF" if passed else "DEFAULT"

    return cast("Iterator[VideoFrame]", _decoded(film, stream, path, choose))


def sounds(film: InputContainer, stream: AudioStream, path: Path) -> Iterator[AudioFrame]:
    """The stretches of sound from where the film stands."""
    return cast("Iterator[AudioFrame]", _decoded(film, stream, path))


def _decoded(
    film: InputContainer,
    stream: AnyStream,
    path: Path,
    choose: Callable[[Packet[AnyStream]], None] = lambda packet: None,
) -> Iterator[VideoFrame | AudioFrame]:
    damaged = 0
    try:
        for packet in packets(film, stream):
            choose(packet)
            try:
                found = packet.decode()
            except av.InvalidDataError:
                damaged += 1
                continue
            whole = [frame for frame in found if not frame.is_corrupt]
            damaged += len(found) - len(whole)
            yield from whole
        for frame in stream.decode(None):
            frame.time_base = time_base(stream)
            yield frame
    except av.EOFError:
        return
    finally:
        if damaged:
            _log.warning("Skipped %d damaged frames of %s.", damaged, path)


def frame_time(frame: VideoFrame | AudioFrame, path: Path) -> Fraction:
    """When the frame is shown; one without a time is a `MediaUnreadable`."""
    if frame.pts is None or frame.time_base is None:
        raise MediaUnreadable(f"A frame of {path} has no time.", "Copy the film into another container.")
    return frame.pts * frame.time_base


def sound_time(frame: AudioFrame) -> Fraction | None:
    """When the frame is heard; None where the container does not say, as at the end of some."""
    return None if frame.pts is None or frame.time_base is None else frame.pts * frame.time_base


def time_base(stream: Stream) -> Fraction:
    """Seconds per tick of the stream's times."""
    assert stream.time_base is not None
    return stream.time_base
