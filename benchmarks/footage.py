"""Footage for measuring speed, of the kinds that editors have: panned over, with grain, things striking.

Six seconds are drawn and encoded; any length is made of them by copying the packets, each at its exact time.
The camera comes back to where it began, so there is no cut between two rounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

WIDTH, HEIGHT = 1920, 1080
"""Pixels that are drawn; what is larger is made of them."""
ROUND = 6
"""Seconds that are drawn."""

_PAN = 640
"""Pixels that the camera goes to the side."""
_GRAIN = 5.0
"""Standard deviation of the grain, of 255."""
_BALLS = ((500, 1.0, 70), (960, 1.5, 100), (1500, 3.0, 130))
"""Of each: where it bounces, seconds from one bounce to the next, and its radius, in pixels."""


@dataclass(frozen=True, eq=False)
class Kind:
    """What a film is made of."""

    name: str
    suffix: str
    codec: str
    pixels: str
    rate: int
    bitrate: int
    """In bits a second; 0: what the codec's profile makes of it."""
    options: dict[str, str]
    larger: int = 1
    """So many times as wide and as high as what is drawn."""


H264 = Kind(
    "1080p30 H.264",
    ".mp4",
    "libx264",
    "yuv420p",
    30,
    10_000_000,
    {"preset": "veryfast", "g": "60", "maxrate": "11M", "bufsize": "10M"},
)
FAST_H264 = Kind(
    "1080p60 H.264",
    ".mp4",
    "libx264",
    "yuv420p",
    60,
    20_000_000,
    {"preset": "veryfast", "g": "120", "maxrate": "22M", "bufsize": "20M"},
)
PRORES = Kind("1080p24 ProRes 422 HQ", ".mov", "prores_ks", "yuv422p10le", 24, 0, {"profile": "3"})
HEVC = Kind(
    "2160p30 10-bit HEVC",
    ".mp4",
    "libx265",
    "yuv420p10le",
    30,
    30_000_000,
    {"preset": "superfast", "x265-params": "keyint=60:open-gop=0:log-level=error"},
    larger=2,
)


def make_round(kind: Kind, path: Path) -> None:
    """Draw and encode the six seconds."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream(kind.codec, rate=kind.rate, options=kind.options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH * kind.larger, HEIGHT * kind.larger, kind.pixels
        if kind.bitrate:
            stream.bit_rate = kind.bitrate
        for picture in _pictures(kind.rate):
            drawn = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            output.mux(stream.encode(drawn.reformat(stream.width, stream.height, kind.pixels)))
        output.mux(stream.encode(None))


def lengthen(path: Path, seconds: int, longer: Path) -> float:
    """Copy the round `path` again and again into `longer`; gives its bit rate in bits a second."""
    with av.open(str(path)) as source, av.open(str(longer), "w") as output:
        packets = [packet for packet in source.demux(video=0) if packet.size]
        stream = output.add_stream_from_template(source.streams.video[0])
        for start in range(0, seconds, ROUND):
            for packet in packets:
                output.mux(_later(packet, start, stream))
    return longer.stat().st_size * 8 / seconds


def _later(packet: Any, seconds: int, stream: Any) -> Any:
    copied = av.Packet(bytes(packet))
    ticks = int(seconds / packet.time_base)
    copied.pts, copied.dts, copied.duration = packet.pts + ticks, packet.dts + ticks, packet.duration
    copied.time_base, copied.is_keyframe, copied.stream = packet.time_base, packet.is_keyframe, stream
    return copied


def _pictures(rate: int) -> Iterator[NDArray[np.uint8]]:
    """Luma, and the two halves of the chroma under it, as FFmpeg lays yuv420p out."""
    chance = np.random.default_rng(1)
    wall = _texture(chance, WIDTH + _PAN)
    grain = chance.normal(0, _GRAIN, (HEIGHT + 64, WIDTH + 64)).astype(np.int16)
    coarse = chance.integers(96, 160, (9, 16, 2), np.uint8)
    halves = cv2.resize(coarse, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_CUBIC)
    chroma = np.concatenate([halves[..., part].reshape(-1, WIDTH) for part in (0, 1)])
    for number in range(ROUND * rate):
        time = Fraction(number, rate)
        left = round(_PAN * (0.5 - 0.5 * np.cos(2 * np.pi * float(time) / ROUND)))
        luma = np.ascontiguousarray(wall[:, left : left + WIDTH])
        for place, period, radius in _BALLS:
            phase = float(time % Fraction(period)) / period
            height = 4 * phase * (1 - phase)  # thrown up, and falling back
            cv2.circle(luma, (place, round(HEIGHT - 60 - radius - 500 * height)), radius, 235, -1)
        down, aside = chance.integers(0, 64, 2)
        grainy = luma + grain[down : down + HEIGHT, aside : aside + WIDTH]
        yield np.concatenate([np.clip(grainy, 16, 235).astype(np.uint8), chroma])


def _texture(chance: np.random.Generator, width: int) -> NDArray[np.uint8]:
    """Detail of every size, as a wall of stones has."""
    sum_of_sizes = np.zeros((HEIGHT, width), np.float32)
    for size in (8, 24, 80, 240):
        coarse = chance.random((HEIGHT // size + 2, width // size + 2), np.float32) - 0.5
        sum_of_sizes += cv2.resize(coarse, (width, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.clip(120 + 50 * sum_of_sizes, 30, 210).astype(np.uint8)
