"""The brightness of a frame, made small, straight from the decoder's own memory.

FFmpeg's scaler reads every row; this reads four for each row it makes, and all columns, which is enough for
grain to average out, in about half the time. Only where pixels go in whole numbers.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

_BYTES = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuv411p", "nv12", "nv21")
_WORDS = {
    "yuv420p10le": 2,
    "yuv422p10le": 2,
    "yuv444p10le": 2,
    "yuv420p12le": 4,
    "yuv422p12le": 4,
    "yuv444p12le": 4,
    "p010le": 8,
}
_BELOW = {**dict.fromkeys(_BYTES, 0), **_WORDS}
"""FFmpeg's names of pixel formats whose first plane is the luma, and how many bits they have below the eight
that are kept. Those with any take two bytes a pixel."""


def fits(picture: VideoFrame, width: int, height: int) -> bool:
    """Whether `shrunk_luma` can make `picture` this large."""
    whole = picture.width % (2 * width) == 0 and picture.height % (2 * height) == 0
    return whole and picture.format.name in _BELOW and picture.planes[0].line_size > 0


def shrunk_luma(picture: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    """Its luma, 0 to 255, as (height, width)."""
    plane, below = picture.planes[0], _BELOW[picture.format.name]
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    pixels = (lines.view("<u2") if below else lines)[: plane.height, : plane.width]
    pitch = plane.height // height // 2
    halves = [_pairs_of_rows(pixels[pitch * place // 4 :: pitch], height) for place in (1, 3)]
    mean = cv2.addWeighted(halves[0], 0.5, halves[1], 0.5, 0)
    small = np.asarray(cv2.resize(mean, (width, height), interpolation=cv2.INTER_AREA))
    full = picture.color_range == ColorRange.JPEG or picture.format.name.startswith("yuvj")
    return np.asarray(small, np.uint8) if full and not below else _shown(below, full=full)[small]


def _pairs_of_rows(rows: NDArray[np.unsignedinteger], height: int) -> NDArray[np.unsignedinteger]:
    """Means of two by two pixels, which OpenCV takes with SIMD, unlike those of more."""
    return np.asarray(cv2.resize(rows, (rows.shape[1] // 2, height), interpolation=cv2.INTER_AREA))


@cache
def _shown(below: int, *, full: bool) -> NDArray[np.uint8]:
    """What each value is of 255; of limited range (ITU-R BT.709) 16 is black and 235 is white."""
    stored = np.arange(256 << below) / (1 << below)
    shown = stored if full else (stored - 16) * 255 / 219
    return np.clip(np.rint(shown), 0, 255).astype(np.uint8)
