"""The sound of a film or sound file in media time: 48 kHz, stereo, exactly as long as asked for.

Where the file has no sound (before its first sample, after its last, in gaps between) there is silence, so
a sound lies where it lies against the picture. Rates are converted on a grid that begins at a whole second of
media time; a sample therefore comes out at the same place whatever range is asked for. No level is changed,
except that more than two channels are folded down.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import soxr
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from foley_core.errors import MediaUnreadable
from foley_core.media.channels import Stereo
from foley_core.media.container import open_film, reading
from foley_core.media.probe import origin_of
from foley_core.media.sound_clock import LONGEST_PAUSE, SoundClock, Stretch, matter
from foley_core.media.sound_tracks import SoundTracks, sound_tracks
from foley_core.media.streams import seek, sound_time, sounds, time_base
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

OnNote = Callable[[str], None]


def sound(
    path: Path, start: Fraction, end: Fraction | None, *, on_note: OnNote = lambda note: None
) -> Iterator[Sound]:
    """The sound of `path` over [`start`, `end`) of media time, in blocks of one second.

    The blocks hold `sample_at(end) - sample_at(start)` samples in all; the last may be shorter. With `end`
    None they go to the sound's last sample, and where its clock jumps to another world no silence is given
    for it. Without picture, media time 0 is the first sample of the file. `on_note` is told, in sentences,
    which of several tracks is taken and what is odd about the clock. Raises a `MediaError`, also where there
    is no sound at all.
    """
    tracks = sound_tracks(path, thorough=end is None)
    if tracks is None:
        raise MediaUnreadable(f"{path} has no sound.", "Give a file with a sound stream.")
    for note in tracks.notes:
        on_note(note)
    longest_pause = cache(lambda: max(matter(path), Fraction(LONGEST_PAUSE)))
    origin = origin_of(path)
    apart = Fraction(0) if tracks.start is None else tracks.start - origin
    if abs(apart) > LONGEST_PAUSE and abs(apart) > longest_pause():
        on_note(
            f"The sound of {path.name} begins {abs(float(apart)):.3f} s {'after' if apart > 0 else 'before'} "
            "its picture, longer than all there is: it is taken to begin with it."
        )
        origin += apart
    reader = _Reader(path, tracks, origin, start, end, longest_pause if end is None else None)
    sides = [
        reader.blocks(stream, on_note if number == 0 else lambda note: None)
        for number, stream in enumerate(tracks.streams)
    ]
    yield from sides[0] if len(sides) == 1 else _left_and_right(*sides)


class _Reader:
    """Reads streams of one file over one range of media time."""

    def __init__(
        self,
        path: Path,
        tracks: SoundTracks,
        origin: Fraction,
        start: Fraction,
        end: Fraction | None,
        longest_pause: Callable[[], Fraction] | None,
    ) -> None:
        first_second = math.floor(start) - 1
        self._path = path
        self._from = origin + first_second
        self._skip = sample_at(start) - first_second * SAMPLE_RATE
        self._wanted = None if end is None else sample_at(end) - sample_at(start)
        self._tracks = tracks
        self._longest_pause = longest_pause

    def blocks(self, index: int, on_note: OnNote) -> Iterator[Sound]:
        """One stream's sound as asked for, in blocks of one second."""
        with open_film(self._path) as film, reading(self._path):
            stream = film.streams[index]
            assert isinstance(stream, AudioStream)
            grid = self._on_grid(film, stream, on_note)
            rate = stream.codec_context.sample_rate
            yield from _in_seconds(_cut(_at_48k(grid, rate), self._skip, self._wanted))

    def _on_grid(self, film: InputContainer, stream: AudioStream, on_note: OnNote) -> Iterator[Sound]:
        """Stereo sound at the stream's own rate without gaps."""
        found = self._frames(film, stream)
        rate = stream.codec_context.sample_rate
        stereo = Stereo(rate, self._tracks.gains)
        stretches = (Stretch(sound_time(frame), stereo.of(frame)) for frame in found)
        clock = SoundClock(rate, time_base(stream), self._from, self._longest_pause, on_note)
        written = 0
        for at, block in clock.place(stretches):
            yield from _silence(at - written)
            new = block[max(0, written - at) :]
            written = max(written, at) + len(new)
            yield new

    def _frames(self, film: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
        """The sound from some frame at or before the range on."""
        back = Fraction(1)
        first_time = (stream.start_time or 0) * time_base(stream)
        first_time = max(first_time, self._tracks.start or first_time)
        while self._from - back > first_time:
            with suppress(av.FFmpegError):  # some containers cannot
                seek(film, stream, self._from - back)
                found = sounds(film, stream, self._path)
                first = next(found, None)
                time = None if first is None else sound_time(first)
                if first is not None and time is not None and time <= self._from:
                    return itertools.chain([first], found)
            back *= 4
        if back > 1:
            seek(film, stream, first_time)
        return sounds(film, stream, self._path)


def _left_and_right(left: Iterator[Sound], right: Iterator[Sound]) -> Iterator[Sound]:
    """Two sounds of one channel each as the sides of one, as long as the longer."""
    nothing = np.zeros((0, 2), np.float32)
    for one, other in itertools.zip_longest(left, right, fillvalue=nothing):
        both = np.zeros((max(len(one), len(other)), 2), np.float32)
        both[: len(one), 0] = one[:, 0]
        both[: len(other), 1] = other[:, 1]
        yield both


def _at_48k(blocks: Iterator[Sound], rate: int) -> Iterator[Sound]:
    """The same sound at 48 kHz, its first sample in the same place."""
    if rate == SAMPLE_RATE:
        yield from blocks
        return
    stream = soxr.ResampleStream(rate, SAMPLE_RATE, 2, dtype="float32", quality="VHQ")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.zeros((0, 2), np.float32), last=True)


def _cut(blocks: Iterator[Sound], skip: int, wanted: int | None) -> Iterator[Sound]:
    """Just `wanted` samples after the first `skip` (None: all), silence where the blocks are too few."""
    for block in blocks:
        kept = block[skip:] if wanted is None else block[skip : skip + wanted]
        skip = max(0, skip - len(block))
        yield kept
        if wanted is not None:
            wanted -= len(kept)
            if wanted == 0:
                return
    yield from _silence(wanted or 0)


def _in_seconds(blocks: Iterator[Sound]) -> Iterator[Sound]:
    """The same samples in blocks of one second; the last is as short as it must be."""
    waiting = np.zeros((0, 2), np.float32)
    for block in blocks:
        waiting = np.concatenate([waiting, block])
        while len(waiting) >= SAMPLE_RATE:
            yield waiting[:SAMPLE_RATE]
            waiting = waiting[SAMPLE_RATE:]
    if len(waiting):
        yield waiting


def _silence(samples: int) -> Iterator[Sound]:
    for at in range(0, samples, SAMPLE_RATE):
        yield np.zeros((min(SAMPLE_RATE, samples - at), 2), np.float32)
