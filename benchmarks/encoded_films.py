"""A film of two seconds from each encoder that this PyAV has: dark, with one white frame.

What an encoder takes (pixels, sizes, options) and which container holds what it gives is found by trying.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.codec.codec import codecs_available
from av.video.stream import VideoStream

FRAMES, FLASH, RATE = 50, 25, 25

_SIZES = ((320, 180), (352, 288), (720, 576), (256, 256))
_OPTIONS: tuple[dict[str, str], ...] = ({}, {"strict": "-2"}, {"profile": "dnxhr_hq"})
_KINDS = {
    ".mp4": "mp4",
    ".mov": "mov",
    ".mkv": "matroska",
    ".avi": "avi",
    ".webm": "webm",
    ".wmv": "asf",
    ".flv": "flv",
    ".ogv": "ogg",
    ".mxf": "mxf",
    ".ts": "mpegts",
    ".mpg": "mpeg",
    ".gif": "gif",
    ".y4m": "yuv4mpegpipe",
}
"""Containers that foley reads, and FFmpeg's names for writing them."""
_PLAIN = ("yuv420p", "yuv422p10le", "yuv422p", "rgb24")
"""Pixels that are tried first."""


def encoders() -> list[str]:
    """Names of all encoders of pictures, but for those that need hardware of their own."""
    return sorted(name for name in codecs_available if _is_encoder(name))


def films(name: str, folder: Path) -> Iterator[Path]:
    """Draw a film with this encoder in each container that takes it."""
    for suffix in _KINDS:
        path = folder / f"{name}{suffix}"
        if _takes(path, name) and any(_drawn(path, name, *way) for way in _ways(name)):
            yield path
        else:
            path.unlink(missing_ok=True)


def _is_encoder(name: str) -> bool:
    try:
        codec = av.Codec(name, "w")
    except ValueError:
        return False
    return codec.type == "video" and not name.endswith(("_nvenc", "_qsv", "_amf", "_v4l2m2m", "_vaapi"))


def _takes(path: Path, name: str) -> bool:
    try:
        with av.open(str(path), "w", format=_KINDS[path.suffix]) as output:
            return name in output.supported_codecs
    except (av.FFmpegError, ValueError, OSError):
        return False


def _ways(name: str) -> Iterator[tuple[str, tuple[int, int], dict[str, str]]]:
    formats = [one.name for one in av.Codec(name, "w").video_formats or ()] or ["yuv420p"]
    chosen = sorted(formats, key=lambda one: _PLAIN.index(one) if one in _PLAIN else len(_PLAIN))[:2]
    yield from itertools.product(chosen, _SIZES, _OPTIONS)


def _drawn(path: Path, name: str, pixels: str, size: tuple[int, int], options: dict[str, str]) -> bool:
    try:
        with av.open(str(path), "w", format=_KINDS[path.suffix]) as output:
            stream = output.add_stream(name, rate=RATE, options=dict(options))
            assert isinstance(stream, VideoStream)
            (stream.width, stream.height), stream.pix_fmt = size, pixels
            for number in range(FRAMES):
                gray = np.full(size[::-1], 255 if number == FLASH else 40, np.uint8)
                frame = av.VideoFrame.from_ndarray(gray, format="gray").reformat(format=pixels)
                frame.pts, frame.time_base = number, Fraction(1, RATE)
                output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
    except (av.FFmpegError, ValueError, OSError):
        return False
    return True
