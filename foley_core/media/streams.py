"""The streams of an opened film: which one is meant, its packets, its frames, and their times as `Fraction`.

Damage in the middle of a stream costs the damaged frames and no more; how many is logged. A file that is cut
off ends where it ends. All times here are the container's own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TypeVar, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from foley_core.errors import MediaUnreadable, NoPicture

_log = logging.getLogger(__name__)

_NOT_PICTURE = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image

DECODING_THREADS = min(max((os.cpu_count() or 1) - 1, 1), 4)
"""One core is left to what looks at the frames: on two cores a take takes 26 s so, and 27 s with two threads
that decode, for a fifth less work. More than four would decode faster than anything here looks at frames, and
each holds frames in memory."""

_FIRST_SOUNDS = 1000
"""Packets for each stream that are looked at for the first sounds, once there is one."""

AnyStream = TypeVar("AnyStream", VideoStream, AudioStream)


def picture_stream(film: InputContainer, path: Path, *, rough: bool = False) -> VideoStream:
    """The first stream of moving pictures; the cover of a record is none. `NoPicture` if there is none.

    With `rough`, the edges of blocks are not smoothed in frames that no other is made from, which saves a
    fifth of decoding H.264 and HEVC.
    """
    for stream in film.streams.video:
        if not stream.disposition & _NOT_PICTURE:
            if stream.codec_context is None:
                raise MediaUnreadable(f"The picture of {path} is in an unknown format.", "Convert the film.")
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = DECODING_THREADS
            if rough:
                stream.codec_context.options = {"skip_loop_filter": "noref"}
            return stream
    raise NoPicture(f"{path} has no picture.", "Give a film with a video stream.")


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
    """Go to the key frame at or before `time`, or as near to it as the container can."""
    film.seek(int(time // time_base(stream)), stream=stream)


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
