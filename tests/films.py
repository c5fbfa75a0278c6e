"""Draws small test films (320x180) through PyAV, of which the exact truth is known.

Every frame carries its number as a barcode of ten bits along its lower edge, and flash frames are white above
it. A film may have a sound track with one click at a known time. What a film's container does to its times
(the 1 ms of Matroska, the 90 kHz of MPEG-TS) is part of the truth that comes with it.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

WIDTH, HEIGHT, STRIP, BITS = 320, 180, 40, 10


_X264 = {"preset": "veryfast", "bf": "2", "g": "48", "sc_threshold": "0"}
"""Without cuts at flashes, so that every GOP is two seconds long."""
_FINE_EDITS = {"movie_timescale": "7056000"}
"""A multiple of 44 100 and 48 000: the start of a track is else rounded to 1 ms."""
_X265 = {"preset": "ultrafast", "x265-params": "open-gop=1:keyint=24:min-keyint=24:bframes=3:log-level=error"}


@dataclass(frozen=True)
class Film:
    """A film, and what is true of it. `times[n]` is when the frame with the barcode n is shown."""

    path: Path
    times: tuple[Fraction, ...]
    """Media time of every frame shown, in order; the first is 0."""
    flashes: tuple[Fraction, ...]
    """Media times of the white frames."""
    rate: Fraction
    click: Fraction | None = None
    """Media time of the click in the sound track."""


@dataclass(frozen=True)
class Click:
    """A sound track: silence, with one sample at nine tenths of full scale."""

    time: Fraction
    """Media time of the click; moved to the nearest sample of the track."""
    start: Fraction = Fraction(0)
    """Media time of the track's first sample."""
    rate: int = 44_100
    codec: str = "pcm_s16le"
    layout: str = "mono"

    @property
    def sample(self) -> int:
        """Number of the click's sample in the track."""
        return round((self.time - self.start) * self.rate)

    @property
    def exact_time(self) -> Fraction:
        """Media time of that sample."""
        return self.start + Fraction(self.sample, self.rate)


@dataclass(frozen=True)
class Make:
    """How a kind of film is written."""

    suffix: str = ".mp4"
    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=lambda: dict(_X264))
    pix_fmt: str = "yuv420p"
    container: dict[str, str] = field(default_factory=dict)
    start: Fraction = Fraction(0)
    """Container time of the first frame shown."""
    hidden: int = 0
    """Frames before it that an edit list hides."""
    rotation: int = 0
    """Degrees, counter-clockwise, by which a player turns the picture."""
    variable: bool = False


MAKES = {
    "cfr": Make(),
    "vfr": Make(variable=True),
    "edit_list": Make(hidden=31),
    "mpegts": Make(suffix=".ts", container={"max_delay": "700000"}),
    "late_start": Make(suffix=".mkv", start=Fraction(5, 2)),
    "delayed": Make(start=Fraction(1, 2)),
    "hevc": Make(codec="libx265", options=_X265, pix_fmt="yuv420p10le"),
    "prores": Make(suffix=".mov", codec="prores_ks", options={}, pix_fmt="yuv422p10le"),
    "rotated": Make(rotation=90),
    "webm": Make(suffix=".webm", codec="libvpx", options={"deadline": "realtime", "cpu-used": "8"}),
}
"""Every variant of film there is."""


def flash_film(
    path: Path,
    *,
    rate: Fraction | int = Fraction(24),
    seconds: Fraction | float = 4,
    flashes: Sequence[int] = (),
    variant: str = "cfr",
    sound: Click | None = None,
) -> Film:
    """Draw the film `path` (its suffix becomes that of the variant); `flashes` are numbers of frames.

    "vfr" goes from 30 to 12 frames per second with jitter, whatever `rate` says; "delayed" is meant to have
    a sound track, and gets one that starts half a second before its picture.
    """
    make = MAKES[variant]
    if make.variable:
        rate = Fraction(30)
    if variant == "delayed" and sound is None:
        sound = Click(Fraction(1), start=Fraction(-1, 2), codec="aac")
    times = variable_times(seconds) if make.variable else steady_times(Fraction(rate), seconds)
    return draw_film(path, make, Fraction(rate), times, flashes, sound)


def steady_times(rate: Fraction, seconds: Fraction | float) -> list[Fraction]:
    """One frame every 1/rate from 0 up to `seconds`, exclusive."""
    return [number / rate for number in range(max(1, round(Fraction(seconds) * rate)))]


def variable_times(seconds: Fraction | float, seed: int = 1) -> list[Fraction]:
    """Times that go from 30 down to 12 frames per second, jittered by up to a fifth of a step."""
    draw = random.Random(seed)
    times, tick = [], 0
    while tick < seconds * 90_000:
        times.append(Fraction(tick, 90_000))
        rate = 30 - 18 * tick / (float(seconds) * 90_000)
        tick += round(90_000 / rate * draw.uniform(0.8, 1.2))
    return times


def draw_film(
    path: Path,
    make: Make,
    rate: Fraction,
    times: Sequence[Fraction],
    flashes: Sequence[int] = (),
    sound: Click | None = None,
) -> Film:
    """Draw a film with a frame at each of `times`, as `make` says."""
    path = path.with_suffix(make.suffix)
    options = _FINE_EDITS | make.container if make.suffix in (".mp4", ".mov") else make.container
    with av.open(str(path), "w", options=options) as output:
        video = _video_stream(output, make, rate)
        tracks = [_video_packets(video, make, rate, times, frozenset(flashes))]
        if sound:
            track = output.add_stream(sound.codec, rate=sound.rate, layout=sound.layout)
            assert isinstance(track, AudioStream)
            tracks.append(_sound_packets(track, sound, make.start, times[-1]))
        output.start_encoding()
        time_base = video.time_base
        assert time_base is not None
        for packet in heapq.merge(*tracks, key=lambda packet: packet.dts * packet.time_base):
            output.mux(packet)
    shown = [_rounded(make.start + time, time_base) for time in times]
    media = tuple(time - shown[0] for time in shown)
    return Film(
        path, media, tuple(media[n] for n in flashes), rate, click=sound.exact_time if sound else None
    )


def _rounded(time: Fraction, time_base: Fraction) -> Fraction:
    return (2 * time / time_base + 1) // 2 * time_base


def _video_stream(output: Any, make: Make, rate: Fraction) -> VideoStream:
    video = output.add_stream(make.codec, rate=rate, options=make.options)
    assert isinstance(video, VideoStream)
    video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, make.pix_fmt
    video.codec_context.time_base = Fraction(1, 90_000) if make.variable else 1 / rate
    video.codec_context.thread_count = 1
    if make.rotation:
        video.set_display_rotation(make.rotation)
    return video


def _video_packets(
    video: VideoStream, make: Make, rate: Fraction, times: Sequence[Fraction], flashes: frozenset[int]
) -> Iterator[Any]:
    time_base = video.codec_context.time_base
    hidden = [(2**BITS - 1 - n, -n / rate) for n in range(make.hidden, 0, -1)]
    for number, time in itertools.chain(hidden, enumerate(times)):
        gray = av.VideoFrame.from_ndarray(picture(number, white=number in flashes), format="gray")
        frame = gray.reformat(format=make.pix_fmt)
        frame.pts, frame.time_base = int(time / time_base), time_base
        yield from (_later(packet, make.start) for packet in video.encode(frame))
    yield from (_later(packet, make.start) for packet in video.encode(None))


def _later(packet: Any, start: Fraction) -> Any:
    fine = Fraction(1, 2 * packet.time_base.denominator)
    packet.pts, packet.dts = (int((at * packet.time_base + start) / fine) for at in (packet.pts, packet.dts))
    packet.duration = int(packet.duration * packet.time_base / fine)
    packet.time_base = fine
    return packet


def _sound_packets(track: AudioStream, sound: Click, start: Fraction, last: Fraction) -> Iterator[Any]:
    count = round((last + 1 - sound.start) * sound.rate)
    wave = np.zeros(count, np.float32)
    wave[sound.sample] = 0.9
    channels = track.codec_context.layout.nb_channels
    first = round((start + sound.start) * sound.rate)
    for at in range(0, count, 1024):
        block = np.repeat(wave[None, at : at + 1024], channels, axis=0)
        frame = av.AudioFrame.from_ndarray(block, "fltp", track.codec_context.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = sound.rate, first + at, Fraction(1, sound.rate)
        yield from track.encode(frame)
    yield from track.encode(None)


def picture(number: int, *, white: bool = False) -> NDArray[np.uint8]:
    """The frame with the barcode `number`: (height, width) gray."""
    frame = np.full((HEIGHT, WIDTH), 255 if white else 40, np.uint8)
    cell = WIDTH // BITS
    for bit in range(BITS):
        frame[HEIGHT - STRIP :, bit * cell : (bit + 1) * cell] = 255 if number >> bit & 1 else 0
    return frame


def barcode(luma: NDArray[np.uint8]) -> int:
    """The number in a frame of any size that is no smaller than 40 x 22."""
    height, width = luma.shape
    row = luma[height - max(1, height * STRIP // HEIGHT // 2)].astype(int)
    cells = [int((bit + 0.5) * width / BITS) for bit in range(BITS)]
    return sum(int(row[cell] > 127) << bit for bit, cell in enumerate(cells))


def is_white(luma: NDArray[np.uint8]) -> bool:
    """Whether it is a flash frame."""
    return bool(luma[: luma.shape[0] // 2].mean() > 150)


def with_click(variant: str, sound: Click) -> Click:
    """`sound` in a codec that the variant's container can hold."""
    codec = {".ts": "mp2", ".webm": "libopus", ".mp4": "aac"}.get(MAKES[variant].suffix, sound.codec)
    return replace(sound, codec=codec, rate=48_000 if codec == "libopus" else sound.rate)
