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
from foley_core.media.container import open_film, reading
from foley_core.media.streams import (
    frame_time,
    packets,
    picture_stream,
    pictures,
    seek,
    sound_stream,
    sounds,
    time_base,
)
from foley_core.timecode import snap_rate

_REORDERED = 16
"""Frames that may be missing at the end of a run of packets, because packets come in decoding order, or have
guessed times at its start, because not every packet in MPEG-PS has one."""
_SAMPLED = 100
"""Packets looked at in each of a few places, to see whether the rate varies."""

_SEEN_WITHIN = Fraction(1, 2500)
"""How well the rate can be seen in such stretches; 24 and 23.976 lie further apart."""


@dataclass(frozen=True)
class SoundInfo:
    """The first sound stream of a file."""

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
    """Frames per second; the average where the rate varies."""
    variable_rate: bool
    time_base: Fraction
    origin: Fraction
    """The container's time of the first frame shown."""
    duration: Fraction
    """Media time at which the last frame ends."""
    first_timecode: str
    """Timecode of the first frame; empty if the file has none."""
    video_codec: str
    sound: SoundInfo | None


def probe(path: Path) -> MediaInfo:
    """Look at the film `path`. Raises a `MediaError`; `NoPicture` where it has only sound."""
    with open_film(path) as film, reading(path):
        stream = picture_stream(film, path)
        frame = next(pictures(film, stream, path), None)
        if frame is None:
            raise MediaUnreadable(f"No frame of {path} can be decoded.", "Is it whole?")
        origin = frame_time(frame, path)
        rate, variable = _rate(film, stream)
        quarters = round(frame.rotation / 90) % 4
        width, height = round(frame.width * (stream.sample_aspect_ratio or 1)), frame.height
        return MediaInfo(
            path=path,
            width=height if quarters % 2 else width,
            height=width if quarters % 2 else height,
            rotation=quarters * 90,
            rate=rate,
            variable_rate=variable,
            time_base=time_base(stream),
            origin=origin,
            duration=_last_end(film, stream, rate, path) - origin,
            first_timecode=_first_timecode(film, stream),
            video_codec=stream.codec_context.codec.canonical_name,
            sound=sound_info(path, origin),
        )


def sound_info(path: Path, origin: Fraction | None = None) -> SoundInfo | None:
    """The sound of a film or sound file; None if it has none that can be decoded.

    `origin` is the container's time of media time 0; if it is None, that is the first sample.
    """
    with open_film(path) as film, reading(path):
        stream = sound_stream(film)
        frame = next(sounds(film, stream, path), None) if stream else None
        if stream is None or frame is None:
            return None
        start = frame_time(frame, path)
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
            stream = sound_stream(film)
            heard = next(sounds(film, stream, path), None) if stream else None
            return frame_time(heard, path) if heard else Fraction(0)
        return frame_time(first, path) if first else Fraction(0)


def _rate(film: InputContainer, stream: VideoStream) -> tuple[Fraction, bool]:
    """Frames per second, and whether they vary, judged by a few stretches of the film.

    What a file states may be twice the truth or a guess, so where the rate is steady, what is seen counts.
    """
    gaps = [gap for part in range(4) for gap in _gaps(film, stream, Fraction(part, 4))]
    stated = stream.average_rate or stream.guessed_rate or stream.base_rate
    if not gaps or not sum(gaps):
        return snap_rate(stated or 25), False
    seen = len(gaps) / sum(gaps, Fraction(0))
    if any(abs(gap - 1 / seen) > 2 * time_base(stream) for gap in gaps):
        return snap_rate(stated or seen), True
    broadcast = (Fraction(round(seen)), Fraction(round(seen * Fraction(1001, 1000)) * 1000, 1001))
    likely = (rate for rate in (stated, *broadcast) if rate and abs(rate - seen) <= seen * _SEEN_WITHIN)
    return snap_rate(next(likely, seen)), False


def _gaps(film: InputContainer, stream: VideoStream, share: Fraction) -> list[Fraction]:
    """Seconds from frame to frame at the place that lies at `share` of the film."""
    start, end = _span(film, stream)
    seek(film, stream, start + share * (end - start))
    from_key = itertools.dropwhile(lambda packet: not packet.is_keyframe, packets(film, stream))
    run = list(itertools.islice(from_key, _SAMPLED))
    if any(packet.pts is None for packet in run):
        return []
    times = sorted(pts for pts, _ in _shown(run) if pts >= (run[0].pts or 0))
    settled = times[_REORDERED if share else 0 : -_REORDERED if len(run) == _SAMPLED else None]
    return [(later - time) * time_base(stream) for time, later in itertools.pairwise(settled)]


def _last_end(film: InputContainer, stream: VideoStream, rate: Fraction, path: Path) -> Fraction:
    """The container's time at which the last frame ends; looked for further and further before the end."""
    start, end = _span(film, stream)
    tick, back = time_base(stream), Fraction(1)
    while True:
        seek(film, stream, max(start, end - back))
        if run := _shown(packets(film, stream)):
            last, ticks = max(run)
            rounded = abs(ticks * tick - 1 / rate) <= tick
            return last * tick + (1 / rate if rounded or not ticks else ticks * tick)
        if end - back <= start:
            raise MediaUnreadable(f"The frames of {path} have no times.", "Is it whole?")
        back *= 4


def _shown(run: Iterable[Packet[VideoStream]]) -> list[tuple[int, int]]:
    """Presentation time and duration of each packet that is not hidden, in ticks."""
    return [(p.pts, p.duration or 0) for p in run if p.pts is not None and not p.is_discard]


def _span(film: InputContainer, stream: VideoStream) -> tuple[Fraction, Fraction]:
    """Where the container says that the stream starts and ends; an estimate."""
    start = (stream.start_time or 0) * time_base(stream)
    if stream.duration is not None:
        return start, start + stream.duration * time_base(stream)
    return start, start + Fraction(film.duration or 0, av.time_base)


def _first_timecode(film: InputContainer, stream: VideoStream) -> str:
    tags = itertools.chain(stream.metadata.items(), film.metadata.items())
    others = itertools.chain.from_iterable(other.metadata.items() for other in film.streams)
    return next((value for key, value in itertools.chain(tags, others) if key.lower() == "timecode"), "")
