"""Small films (320x180) of one thing that moves over a patterned wall, of which the truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
SIZE = 40
TICK = Fraction(1, 90_000)

Picture: TypeAlias = NDArray[np.uint8]
Path2D: TypeAlias = Callable[[float], tuple[float, float]]


def pattern(width: int, height: int, seed: int, low: int, high: int) -> Picture:
    """Soft blotches between two brightnesses."""
    noise = np.random.default_rng(seed).random((height // 6 + 2, width // 6 + 2)).astype(np.float32)
    large = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(low + (high - low) * large, 0, 255).astype(np.uint8)


WALL = pattern(WIDTH, HEIGHT, 1, 60, 110)
THING = pattern(SIZE, SIZE, 2, 120, 250)


def thing_at(x: float, y: float) -> Picture:
    """The wall with the thing's middle at (x, y), to a fraction of a pixel."""
    move = np.array([[1, 0, x - SIZE / 2], [0, 1, y - SIZE / 2]], np.float64)
    laid = cv2.warpAffine(THING, move, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR).astype(np.float32)
    mask = cv2.warpAffine(np.ones((SIZE, SIZE), np.float32), move, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    return np.asarray(WALL * (1 - mask) + laid * mask, np.uint8)


def film(path: Path, rate: Fraction, seconds: float, picture: Callable[[float], Picture]) -> Path:
    """A film with `picture(time)` at each frame."""
    with av.open(str(path), "w") as output:
        video = output.add_stream("libx264", rate=rate, options={"crf": "18", "preset": "veryfast"})
        assert isinstance(video, VideoStream)
        first = picture(0.0)
        video.height, video.width = first.shape[:2]
        video.pix_fmt = "yuv420p"
        for number in range(round(seconds * rate)):
            gray = av.VideoFrame.from_ndarray(picture(float(number / rate)), format="gray")
            output.mux(video.encode(gray.reformat(format="yuv420p")))
        output.mux(video.encode(None))
    return path


def film_at(
    path: Path,
    times: Sequence[Fraction],
    picture: Callable[[float], Picture],
    *,
    options: Mapping[str, str] = MappingProxyType({}),
    rotation: int = 0,
) -> Path:
    """A film with `picture(time)` at each of `times`, with other options for x264.

    It is to be turned by `rotation` degrees counter-clockwise when it is shown.
    """
    with av.open(str(path), "w") as output:
        video = output.add_stream("libx264", rate=25, options={"crf": "18", "preset": "veryfast", **options})
        assert isinstance(video, VideoStream)
        video.height, video.width = picture(float(times[0])).shape[:2]
        video.pix_fmt, video.codec_context.time_base = "yuv420p", TICK
        if rotation:
            video.set_display_rotation(rotation)
        for time in times:
            gray = av.VideoFrame.from_ndarray(picture(float(time)), format="gray")
            frame = gray.reformat(format="yuv420p")
            frame.pts, frame.time_base = round(time / TICK), TICK
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
    return path


def moving(path: Path, rate: Fraction, seconds: float, where: Path2D) -> Path:
    """A film of the thing, whose middle is at `where(time)`."""
    return film(path, rate, seconds, lambda time: thing_at(*where(time)))
