"""What a film is: size, rate, times and sound, all exact.

Media time 0 is the first frame that is shown, whatever the container says; `origin` is the container's time
of that frame. Only the head of the file, a few places in its middle and its last packets are read, so a
film of ten hours takes no longer than a clip. It does not check that everything in between can be decoded.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from foley_core.errors import MediaUnreadable, NoPicture
from foley_core.media.container import film_note, open_film, reading
from foley_core.media.frame_rate import FrameRate, frame_rate
from foley_core.media.picture_starts import PictureStarts
from foley_core.media.sound_clock import beginning
from foley_core.media.start_timecode import start_timecode
from foley_core.media.streams import (
    first_sounds,
    frame_time,
    packets,
    picture_note,
    picture_stream,
    pictures,
    seek,
    sound_time,
    time_base,
)
from foley_core.timecode import snap_rate

_REORDERED = 16
"""Frames that may be missing at the end of a run of packets, because packets come in decoding order, or have
guessed times at its start, because not every packet in MPEG-PS has one."""
_SAMPLED = 100
"""Packets looked at in each of a few places, to see whether the rate varies."""
_FRAME_BY_FRAME = "avi"
"""FFmpeg's demuxer of the container that has a chunk for every frame, an empty one for a frame dropped."""
_FASTEST = 300
"""Where an AVI counts faster, it counts something else than frames."""
_COUNTLESS = "gif"
"""FFmpeg's demuxer whose time base is a clock's, however slow."""


@dataclass(frozen=True)
class SoundInfo:
    """The first sound stream of a file that can be decoded."""

    codec: str
    rate: int
    channels: int
    start: Fraction
    """Media time of its first sample; may lie before the first frame."""


@dataclass(frozen=True)
class MediaInfo:
    """A film. Times are in seconds."""

    path: Path
    width: int
    """As shown: after rotation, in square pixels."""
    height: int
    rotation: int
    """Degrees counter-clockwise by which a decoded frame must be turned to be shown: 0, 90, 180 or 270."""
    rate: Fraction
    """Nominal frames per second, by which frames are counted; the average where the rate varies."""
    variable_rate: bool
    """Whether frames come at no rate at all. One that is missing is no variation."""
    time_base: Fraction
    origin: Fraction
    """The container's time of the first frame shown."""
    duration: Fraction
    """Media time at which the last frame ends."""
    first_timecode: str
    """Timecode of the first frame, with `;` where it drops frames; empty if none can be read."""
    video_codec: str
    sound: SoundInfo | None
    timecode_rate: Fraction | None = None
    """Frame numbers per second in the timecode; None if it counts as the film does."""
    notes: tuple[str, ...] = ()
    """What could not be read, in words for people."""


def probe(path: Path) -> MediaInfo:
    """Look at the film `path`. Raises a `MediaError`; `NoPicture` where it has only sound."""
    with open_film(path) as film, reading(path):
        stream = picture_stream(film, path)
        frame = next(pictures(film, stream, path), None)
        if frame is None:
            raise MediaUnreadable(f"No frame of {path} can be decoded.", "Is it whole?")
        origin = frame_time(frame, path)
        starts = PictureStarts(stream)
        rate = _rate(film, stream, starts)
        timecode = start_timecode(path, film, stream, rate)
        quarters = round(frame.rotation / 90) % 4
        width, height = round(frame.width * (stream.sample_aspect_ratio or 1)), frame.height
        return MediaInfo(
            path=path,
            width=height if quarters % 2 else width,
            height=width if quarters % 2 else height,
            rotation=quarters * 90,
            rate=rate.rate,
            variable_rate=rate.variable,
            time_base=time_base(stream),
            origin=origin,
            duration=_last_end(film, stream, starts, rate, path) - origin,
            first_timecode=timecode.text,
            video_codec=stream.codec_context.codec.canonical_name,
            sound=sound_info(path, origin),
            timecode_rate=timecode.rate,
            notes=(*filter(None, (film_note(path), picture_note(film, path))), *timecode.notes),
        )


def sound_info(path: Path, origin: Fraction | None = None) -> SoundInfo | None:
    """The sound of a film or sound file; None if it has none that can be decoded.

    `origin` is the container's time of media time 0; if it is None, that is the first sample.
    """
    with open_film(path) as film, reading(path):
        found = first_sounds(film)
        if not found:
            return None
        stream, frame = found[0]
        start = sound_time(frame) or Fraction(0)
        return SoundInfo(
            codec=stream.codec_context.codec.canonical_name,
            rate=frame.sample_rate,
            channels=frame.layout.nb_channels,
            start=Fraction(0) if origin is None else start - origin,
        )


def origin_of(path: Path) -> Fraction:
    """The container's time of media time 0: the first frame shown or, without picture, the first sample."""
    with open_film(path) as film, reading(path):
        try:
            first = next(pictures(film, picture_stream(film, path), path), None)
        except NoPicture:
            return beginning(path)
        return frame_time(first, path) if first else Fraction(0)


def _rate(film: InputContainer, stream: VideoStream, starts: PictureStarts) -> FrameRate:
    """The frame rate, judged by a few stretches of the film.

    What a file states may be twice the truth or a guess, so what is seen counts.
    """
    if film.format.name == _FRAME_BY_FRAME and time_base(stream) * _FASTEST >= 1:
        return FrameRate(snap_rate(1 / time_base(stream)), variable=False)
    runs = [_stretch(film, stream, starts, Fraction(part, 4)) for part in range(4)]
    stated = (stream.average_rate, stream.guessed_rate, stream.base_rate)
    counting = film.format.name != _COUNTLESS
    return frame_rate(runs, time_base(stream), [rate for rate in stated if rate], counting=counting)


def _stretch(film: InputContainer, stream: VideoStream, starts: PictureStarts, share: Fraction) -> list[int]:
    """When the frames are shown at the place that lies at `share` of the film, in ticks and in order."""
    start, end = _span(film, stream)
    seek(film, stream, start + share * (end - start))
    from_key = itertools.dropwhile(lambda packet: not packet.is_keyframe, packets(film, stream))
    read = list(itertools.islice(from_key, _SAMPLED))
    run = list(starts.among(read))
    if any(packet.pts is None for packet in run):
        return []
    times = sorted(pts for pts, _ in _shown(run) if pts >= (run[0].pts or 0))
    return times[_REORDERED if share else 0 : -_REORDERED if len(read) == _SAMPLED else None]


def _last_end(
    film: InputContainer, stream: VideoStream, starts: PictureStarts, rate: FrameRate, path: Path
) -> Fraction:
    """The container's time at which the last frame ends; looked for further and further before the end."""
    start, end = _span(film, stream)
    tick, back = time_base(stream), Fraction(1)
    while True:
        seek(film, stream, max(start, end - back))
        if run := _shown(starts.among(packets(film, stream))):
            last, ticks = max(run)
            return last * tick + _length(ticks * tick, tick, rate)
        if end - back <= start:
            raise MediaUnreadable(f"The frames of {path} have no times.", "Is it whole?")
        back *= 4


def _length(stated: Fraction, tick: Fraction, rate: FrameRate) -> Fraction:
    """How long the last frame is shown: as stated, or the whole number of steps that rounding made it from.

    A packet with one field of two, or a guess, states less than a step.
    """
    step = 1 / rate.rate
    if rate.variable:
        return step if not stated or abs(stated - step) <= tick else stated
    steps = max(round(stated / step), 1)
    rounded = abs(stated - steps * step) <= max(tick, step / 20)
    return steps * step if rounded or stated < step else stated


def _shown(run: Iterable[Packet[VideoStream]]) -> list[tuple[int, int]]:
    """Presentation time and duration of each packet that is not hidden, nor cut off, in ticks."""
    seen = (p for p in run if not (p.is_discard or p.is_corrupt))
    return [(p.pts, p.duration or 0) for p in seen if p.pts is not None]


def _span(film: InputContainer, stream: VideoStream) -> tuple[Fraction, Fraction]:
    """Where the container says that the stream starts and ends; an estimate."""
    start = (stream.start_time or 0) * time_base(stream)
    if stream.duration is not None:
        return start, start + stream.duration * time_base(stream)
    return start, start + Fraction(film.duration or 0, av.time_base)
