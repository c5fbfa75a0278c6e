"""The brightness of a frame, made small, straight from the decoder's own memory.

FFmpeg's scaler reads every row; this reads four for each row it makes, and all columns, which is enough for
grain to average out, in about half the time. Only for 8 bits, and where pixels go in whole numbers.
"""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

_LUMA_FIRST = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuv411p", "nv12", "nv21"}
)
"""FFmpeg's names of pixel formats whose first plane is the luma, a byte each."""

_FULL_RANGE = np.clip(np.rint((np.arange(256) - 16) * 255 / 219), 0, 255).astype(np.uint8)
"""From limited range (ITU-R BT.709: 16 is black, 235 is white) to 0 to 255."""


def fits(picture: VideoFrame, width: int, height: int) -> bool:
    """Whether `shrunk_luma` can make `picture` this large."""
    whole = picture.width % (2 * width) == 0 and picture.height % (2 * height) == 0
    return whole and picture.format.name in _LUMA_FIRST and picture.planes[0].line_size > 0


def shrunk_luma(picture: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    """Its luma, 0 to 255, as (height, width)."""
    plane = picture.planes[0]
    pixels = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    pixels = pixels[: plane.height, : plane.width]
    pitch = plane.height // height // 2
    halves = [_pairs_of_rows(pixels[pitch * place // 4 :: pitch], height) for place in (1, 3)]
    mean = cv2.addWeighted(halves[0], 0.5, halves[1], 0.5, 0)
    small = np.asarray(cv2.resize(mean, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    full = picture.color_range == ColorRange.JPEG or picture.format.name.startswith("yuvj")
    return small if full else np.asarray(cv2.LUT(small, _FULL_RANGE), np.uint8)


def _pairs_of_rows(rows: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """Means of two by two pixels, which OpenCV takes with SIMD, unlike those of more."""
    half = cv2.resize(rows, (rows.shape[1] // 2, height), interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.uint8)
