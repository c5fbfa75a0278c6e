"""Which of a file's sound tracks is meant, and which of the channels that have no place.

Cameras and recorders write tracks whether anything is plugged in or not, and mark the first as the default.
So where there are several, parts of each are listened to: those far quieter than the loudest are empty. Of
the others the long ones count, then those that are no commentary or such, then the default flag, then the
order. Two alike of one channel are left and right. Channels without a place are equal tracks: one that sounds
goes to both sides, two are left and right, more are mixed. What was taken is said in `notes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from numpy.typing import NDArray

from foley_core.media.channels import Channels, Gains, without_places
from foley_core.media.container import open_film, reading
from foley_core.media.streams import first_sounds, seek, sound_time, time_base

_PARTS = 16
_PART = 0.5
"""Seconds that are listened to in each of so many places."""
_WHOLE = 60
"""Seconds up to which a file is listened to from start to end."""
_QUIETER = 0.01
"""40 dB below the loudest a track is empty: what an open input or its neighbour leaves in it."""
_SILENT = 1e-4
"""-80 dB: below, nothing was heard."""
_SIDE = Disposition.comment | Disposition.hearing_impaired | Disposition.visual_impaired | Disposition.dub


@dataclass(frozen=True)
class SoundTracks:
    """What of a file is heard."""

    streams: tuple[int, ...]
    """Indices in the container: of one stream, or of two whose one channel is left and right."""
    start: Fraction | None
    """The container's time of their first sample, if it is stated."""
    gains: Gains | None = None
    """For channels without a place."""
    notes: tuple[str, ...] = ()
    """Sentences that say what was taken, where there was a choice."""


@dataclass
class _Track:
    number: int
    """From 1, as people count."""
    stream: AudioStream
    first: AudioFrame
    peaks: NDArray[np.float32] = field(init=False)
    """Of each channel, as far as it was listened to."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self._channels = Channels()
        self.peaks = np.zeros(self.first.layout.nb_channels, np.float32)

    @property
    def peak(self) -> float:
        return float(self.peaks.max(initial=0))

    def hear(self, frame: AudioFrame) -> None:
        peaks = np.abs(self._channels.of(frame)).max(axis=0, initial=0)
        if len(peaks) == len(self.peaks):
            self.peaks = np.maximum(self.peaks, peaks)
        self.seconds += frame.samples / frame.sample_rate


def sound_tracks(path: Path, *, thorough: bool = True) -> SoundTracks | None:
    """The tracks of `path` to be heard; None if it has no sound that can be decoded.

    A file with one track, of which places are known, is not listened to. Else a few seconds in all are, and
    if these are silent the rest as well, until something is heard (not unless `thorough`).
    """
    with open_film(path) as film, reading(path):
        numbers = {stream.index: number for number, stream in enumerate(film.streams.audio, 1)}
        found = [_Track(numbers[s.index], s, frame) for s, frame in first_sounds(film)]
        if not found:
            return None
        if len(found) > 1 or without_places(found[0].first):
            _listen(film, found, thorough=thorough)
        chosen = _chosen(found)
        gains, channels = _gains(chosen[0]) if without_places(chosen[0].first) else (None, "")
        notes = [_tracks_note(path, len(numbers), found, chosen)] if len(numbers) > 1 else []
        if channels:
            notes.append(f"{len(chosen[0].peaks)} channels of {path.name} have no place: {channels}.")
        times = [time for track in chosen if (time := sound_time(track.first)) is not None]
        streams = tuple(track.stream.index for track in chosen)
        return SoundTracks(streams, min(times, default=None), gains, tuple(notes))


def _listen(film: InputContainer, tracks: Sequence[_Track], *, thorough: bool) -> None:
    start, length = _span(film, tracks)
    if length <= _WHOLE:
        _hear(film, tracks, start, _WHOLE)
    else:
        for part in range(_PARTS):
            _hear(film, tracks, start + (length - 1) * Fraction(part, _PARTS - 1), _PART)
    if thorough and not _heard(tracks):
        _hear(film, tracks, start, None)


def _span(film: InputContainer, tracks: Sequence[_Track]) -> tuple[Fraction, Fraction]:
    starts = [(track.stream.start_time or 0) * time_base(track.stream) for track in tracks]
    lengths = [length for track in tracks if (length := _length(track)) is not None]
    return min(starts), max(lengths, default=Fraction(film.duration or 0, av.time_base))


def _length(track: _Track) -> Fraction | None:
    """Seconds, as far as the container says."""
    stream = track.stream
    return None if stream.duration is None else stream.duration * time_base(stream)


def _hear(film: InputContainer, tracks: Sequence[_Track], start: Fraction, seconds: float | None) -> None:
    """Listen from about `start` on for so long, or (None) until there is something to hear."""
    with suppress(av.FFmpegError):
        seek(film, tracks[0].stream, start)
    by_index = {track.stream.index: track for track in tracks}
    before = {track.number: track.seconds for track in tracks}
    with suppress(av.EOFError, av.InvalidDataError):
        for packet in film.demux(*(track.stream for track in tracks)):
            if not packet.size:  # at the end, for all streams
                continue
            track = by_index[packet.stream_index]
            with suppress(av.InvalidDataError):
                for frame in packet.decode():
                    assert isinstance(frame, AudioFrame)
                    track.hear(frame)
            passed = [track.seconds - before[track.number] for track in tracks]
            if seconds is not None and (min(passed) >= seconds or max(passed) >= seconds + 1):
                return
            if seconds is None and _heard(tracks):
                seconds = max(passed) + _PART


def _heard(tracks: Iterable[_Track]) -> bool:
    return any(track.peak >= _SILENT for track in tracks)


def _chosen(tracks: Sequence[_Track]) -> list[_Track]:
    """One track, or two that are left and right."""
    loudest = max(track.peak for track in tracks)
    sounding = [track for track in tracks if track.peak >= loudest * _QUIETER]
    longest = max((_length(track) or Fraction(0) for track in sounding), default=Fraction(0))
    whole = [track for track in sounding if (_length(track) or longest) * 2 >= longest]
    one = min(
        whole, key=lambda track: (_aside(track), not _flagged(track, Disposition.default), track.number)
    )
    alike = [track for track in whole if _are_sides(one, track)]
    other = next((track for track in alike if track.number > one.number), alike[-1] if alike else None)
    return [one] if other is None else sorted((one, other), key=lambda track: track.number)


def _flagged(track: _Track, flags: Disposition) -> bool:
    return bool(track.stream.disposition & flags)


def _aside(track: _Track) -> bool:
    """A commentary or such, which is not the film's sound."""
    return _flagged(track, _SIDE)


def _are_sides(one: _Track, other: _Track) -> bool:
    """Whether two tracks are two sides of one sound: one channel each, and all else the same."""
    if one.number == other.number or _form(one) != _form(other) or one.first.layout.nb_channels != 1:
        return False
    starts = [(track.stream.start_time or 0) * time_base(track.stream) for track in (one, other)]
    lengths = [_length(track) or Fraction(0) for track in (one, other)]
    return abs(starts[0] - starts[1]) < 1 and abs(lengths[0] - lengths[1]) < 1


def _form(track: _Track) -> tuple[object, ...]:
    stream = track.stream
    language = stream.metadata.get("language", "und")
    return (
        stream.codec_context.name,
        track.first.layout.nb_channels,
        track.first.sample_rate,
        language,
        _aside(track),
    )


def _gains(track: _Track) -> tuple[Gains, str]:
    """What of each channel goes to which side, and the words for it.

    Channels in which nothing was heard, in the parts listened to, are added all the same: there may be
    something elsewhere.
    """
    peaks = track.peaks
    sounding = np.flatnonzero((peaks >= peaks.max() * _QUIETER) & (peaks >= _SILENT))
    level = 1 / len(sounding) if len(sounding) > 2 else 1.0
    gains = np.full((len(peaks), 2), level, np.float32)
    gains[(peaks < peaks.max() * _QUIETER) & (peaks >= _SILENT)] = 0
    if len(sounding) == 2:
        gains[sounding[0], 1] = gains[sounding[1], 0] = 0
    numbers = [str(channel + 1) for channel in sounding]
    if not numbers:
        return gains, "all are silent"
    if len(numbers) == 1:
        return gains, f"channel {numbers[0]} is taken"
    if len(numbers) == 2:
        return gains, f"channels {numbers[0]} and {numbers[1]} are taken as left and right"
    names = "all" if len(numbers) == len(peaks) else f"channels {', '.join(numbers)}"
    return gains, f"{names} are mixed"


def _tracks_note(path: Path, count: int, tracks: Sequence[_Track], chosen: Sequence[_Track]) -> str:
    numbers = " and ".join(str(track.number) for track in chosen)
    taken = f"tracks {numbers} are left and right" if len(chosen) > 1 else f"track {numbers} is taken"
    loudest = max(track.peak for track in tracks)
    others = [
        str(track.number) for track in tracks if track not in chosen and track.peak >= loudest * _QUIETER
    ]
    rest = f"; there is sound in {', '.join(others)} too" if others and loudest else ""
    return f"{path.name} has {count} sound tracks: {taken}{rest}."
