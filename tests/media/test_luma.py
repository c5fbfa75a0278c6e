"""The luma that is taken straight from the decoder's memory is that which FFmpeg's scaler gives."""

from __future__ import annotations

from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from foley_core.media.frames import Frame
from foley_core.media.luma import fits, shrunk_luma

GRAY = 128


def smooth(width: int, height: int) -> NDArray[np.uint8]:
    """Soft shapes that any good scaler makes the same of."""
    coarse = np.random.default_rng(1).integers(16, 236, (6, 9), np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)


def picture(luma: NDArray[np.uint8], kind: str = "yuv420p") -> av.VideoFrame:
    """A frame with just this luma."""
    height, width = luma.shape
    frame = av.VideoFrame(width, height, kind)
    for number, plane in enumerate(frame.planes):
        pixels = np.full((plane.height, plane.line_size), GRAY, np.uint8)
        if number == 0:
            pixels[:, :width] = luma
        plane.update(pixels)
    return frame


def scaled(frame: av.VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    """What FFmpeg's scaler makes of it."""
    area, full = Interpolation.AREA, ColorRange.JPEG
    small = VideoReformatter().reformat(
        frame, width, height, "gray", interpolation=area, dst_color_range=full
    )
    return small.to_ndarray()


@pytest.mark.parametrize("kind", ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "nv12"])
@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1080, 1920), (384, 216)])
def test_it_is_what_the_scaler_gives(kind: str, size: tuple[int, int]) -> None:
    width, height = (192, 108) if size[0] > size[1] else (108, 192)
    frame = picture(smooth(*size), kind)
    assert fits(frame, width, height)
    ours = shrunk_luma(frame, width, height)
    assert (ours.shape, ours.dtype) == ((height, width), np.uint8)
    assert np.abs(ours.astype(int) - scaled(frame, width, height)).max() <= 2


@pytest.mark.parametrize("depth", [10, 12])
@pytest.mark.parametrize("chroma", ["420", "422", "444"])
def test_deep_pictures_are_what_the_scaler_gives_too(chroma: str, depth: int) -> None:
    frame = picture(smooth(1920, 1080)).reformat(format=f"yuv{chroma}p{depth}le")
    assert fits(frame, 192, 108)
    ours = shrunk_luma(frame, 192, 108)
    assert (ours.shape, ours.dtype) == ((108, 192), np.uint8)
    away = ours.astype(int) - scaled(frame, 192, 108)
    assert (np.abs(away).max() <= 2, abs(away.mean()) < 0.7) == (True, True)


def test_deep_pictures_of_cards_and_of_full_range_are_made_small_as_others() -> None:
    plain = picture(smooth(1920, 1080))
    eight = shrunk_luma(plain, 192, 108).astype(int)
    card = plain.reformat(format="p010le")
    assert fits(card, 192, 108)
    assert np.abs(shrunk_luma(card, 192, 108) - eight).max() <= 2
    deep = plain.reformat(format="yuv420p10le")
    plain.color_range = deep.color_range = ColorRange.JPEG
    whole = shrunk_luma(plain, 192, 108).astype(int)
    assert np.abs(shrunk_luma(deep, 192, 108) - whole).max() <= 1
    assert np.abs(whole - eight).max() > 2


@pytest.mark.parametrize(("stored", "shown"), [(16, 0), (126, 128), (235, 255), (0, 0), (255, 255)])
def test_limited_range_becomes_full_range_and_full_range_stays(stored: int, shown: int) -> None:
    flat = np.full((216, 384), stored, np.uint8)
    assert (shrunk_luma(picture(flat), 192, 108) == shown).all()
    assert (shrunk_luma(picture(flat, "yuvj420p"), 192, 108) == stored).all()
    full = picture(flat)
    full.color_range = ColorRange.JPEG
    assert (shrunk_luma(full, 192, 108) == stored).all()


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_grain_averages_out_over_four_rows_and_all_columns(size: tuple[int, int]) -> None:
    grain = np.random.default_rng(2).normal(GRAY, 5, size[::-1])
    small = shrunk_luma(picture(np.rint(grain).astype(np.uint8), "yuvj420p"), 192, 108)
    averaged = 4 * size[0] // 192
    rounding = 1 / 12 + 1 / 24  # twice to a whole number, once of four times as many
    assert small.std() == pytest.approx(np.sqrt(25 / averaged + rounding), rel=0.15)


@pytest.mark.parametrize(
    ("size", "kind", "small"),
    [
        ((1920, 1080), "yuv420p16le", (192, 108)),
        ((1920, 1080), "rgb24", (192, 108)),
        ((1280, 720), "yuv420p", (192, 108)),
        ((8, 8), "yuv420p", (16, 16)),
        ((320, 180), "yuv420p", (192, 108)),
        ((7680, 4320), "yuv420p", (192, 108)),
    ],
)
def test_every_other_picture_is_made_small_too(
    size: tuple[int, int], kind: str, small: tuple[int, int]
) -> None:
    frame = picture(smooth(*size)).reformat(format=kind)
    luma = Frame(Fraction(0), frame, 0, VideoReformatter()).luma(*small)
    assert luma.shape == small[::-1]
    assert np.abs(luma.astype(int) - scaled(frame, *small)).max() <= 3


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_picture_is_made_small_and_upright(turns: int) -> None:
    frame = picture(smooth(1920, 1080))
    lying = scaled(frame, 192, 108)
    luma = Frame(Fraction(0), frame, turns, VideoReformatter()).luma(*((192, 108), (108, 192))[turns % 2])
    assert np.abs(luma.astype(int) - np.rot90(lying, turns)).max() <= 2
