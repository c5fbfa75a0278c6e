"""The sound of a film or sound file in media time: 48 kHz, stereo, exactly as long as asked for.

Where the file has no sound (before its first sample, after its last, in gaps between) there is silence, so
a sound lies where it lies against the picture. Rates are converted on a grid that begins at a whole second of
media time; a sample therefore comes out at the same place whatever range is asked for. No level is changed,
except that more than two channels are folded down.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soxr
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from foley_core.errors import MediaUnreadable
from foley_core.media.container import open_film, reading
from foley_core.media.probe import origin_of
from foley_core.media.streams import frame_time, seek, sound_stream, sounds, time_base
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

_SETTLING = 64
"""Frames from whose rounded times the exact time of the first is found."""


def sound(path: Path, start: Fraction, end: Fraction | None) -> Iterator[Sound]:
    """The first sound stream of `path` over [`start`, `end`) of media time, in blocks of one second.

    The blocks hold `sample_at(end) - sample_at(start)` samples in all; the last may be shorter. With `end`
    None they go to the stream's last sample. Without picture, media time 0 is the first sample of the file.
    Raises a `MediaError`, also where there is no sound at all.
    """
    origin = origin_of(path)
    wanted = None if end is None else sample_at(end) - sample_at(start)
    with open_film(path) as film, reading(path):
        stream = sound_stream(film)
        if stream is None:
            raise MediaUnreadable(f"{path} has no sound.", "Give a file with a sound stream.")
        first_second = math.floor(start) - 1
        grid = _on_grid(_from(film, stream, path, origin + first_second), stream, origin + first_second, path)
        skip = sample_at(start) - first_second * SAMPLE_RATE
        yield from _in_seconds(_cut(_at_48k(grid, stream.codec_context.sample_rate), skip, wanted))


def _from(film: InputContainer, stream: AudioStream, path: Path, time: Fraction) -> Iterator[AudioFrame]:
    """The sound from some frame at or before the container's `time` on."""
    back = Fraction(1)
    first_time = (stream.start_time or 0) * time_base(stream)
    while time - back > first_time:
        seek(film, stream, time - back)
        found = sounds(film, stream, path)
        first = next(found, None)
        if first is not None and frame_time(first, path) <= time:
            return itertools.chain([first], found)
        back *= 4
    if back > 1:
        seek(film, stream, first_time)
    return sounds(film, stream, path)


def _on_grid(
    found: Iterator[AudioFrame], stream: AudioStream, start: Fraction, path: Path
) -> Iterator[Sound]:
    """Stereo sound at the stream's own rate without gaps, of which the first sample lies at `start`."""
    rate = stream.codec_context.sample_rate
    head = list(itertools.islice(found, _SETTLING))
    if not head:
        return
    slack = round(max(2 * time_base(stream), Fraction(1, 1000)) * rate)
    expected = round((_settled(head, stream, path) - start) * rate)
    written = 0
    stereo = _Stereo(rate)
    for frame in itertools.chain(head, found):
        block = stereo.of(frame)
        stated = round((frame_time(frame, path) - start) * rate)
        at = stated if abs(stated - expected) > slack else expected
        expected = at + len(block)
        yield from _silence(at - written)
        block = block[max(0, written - at) :]
        written = max(written, at) + len(block)
        yield block


def _settled(head: list[AudioFrame], stream: AudioStream, path: Path) -> Fraction:
    """The time of the first frame, finer than the container's ticks.

    Each frame's time is rounded to a tick, so each confines the first one's to a tick's width; all together,
    as far as they run on without a gap, to much less.
    """
    tick, played = time_base(stream), Fraction(0)
    first = frame_time(head[0], path)
    low, high = first - tick / 2, first + tick / 2
    for frame in head:
        time = frame_time(frame, path) - played
        if max(low, time - tick / 2) > min(high, time + tick / 2):
            break
        low, high = max(low, time - tick / 2), min(high, time + tick / 2)
        played += Fraction(frame.samples, frame.sample_rate)
    return first if low <= first <= high and tick * frame.sample_rate <= 1 else (low + high) / 2


class _Stereo:
    """Makes float stereo of any frame, at one rate."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._setup: tuple[str, str, int] | None = None
        self._converter = av.AudioResampler()

    def of(self, frame: AudioFrame) -> Sound:
        """The frame's sound as (samples, 2). One channel is copied to both sides."""
        setup = frame.format.name, frame.layout.name, frame.sample_rate
        if setup != self._setup:  # some broadcasts change from stereo to 5.1 and back
            layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
            self._setup, self._converter = setup, av.AudioResampler("fltp", layout, self._rate)
        parts = [part.to_ndarray() for part in self._converter.resample(frame)]
        planes = np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)
        return np.ascontiguousarray(np.broadcast_to(planes, (2, planes.shape[1])).T, dtype=np.float32)


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
