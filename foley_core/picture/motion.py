"""How the picture moves, and where its motion is thrown back: dense optical flow, gathered in blocks.

For every frame the flow from its predecessor and the flow to its successor are taken at the same pixels, so
their difference is the acceleration of what is seen there, wherever it goes. Motion common to the whole
picture (the camera's) is taken out. Only pixels count that change and whose change the flow explains. Lengths
are in widths of the picture, areas in shares of it, times in seconds.

Flow is OpenCV's Dense Inverse Search (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV
2016). What it sees depends on how many threads it runs in, so it runs in one: the same film gives the same
motion on every machine. Between pictures that share nothing (a cut, a flash) there is no motion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_core.media.frames import Frame

BLOCK = 8
"""Side of a block, in pixels of the luma."""
SMALLEST = 16
"""Flow needs pictures at least this high and wide."""

_SLOW = 0.04
"""Motion below this (widths per second) cannot be told from the flow's own noise."""
_STILL = 4.0
"""A pixel whose surroundings change by less than this, of 255, is still: compression alone does that."""
_EXPLAINED = 0.6
"""Flow explains a change if it leaves less than this share of it."""
_ASTRAY, _ASTRAY_SHARE = 1.0, 0.3
"""Flow there and back may miss its start by this many pixels, and by this share of the way."""
_CUT_DEPTH, _CUT_SHARE = 24, 0.5
"""A cut or a flash: more than this share of the pixels changes by more than this depth, of 255."""

Grid = NDArray[np.float32]
"""(rows, columns) of blocks, or (rows, columns, 2) where each holds a vector."""


@dataclass(frozen=True)
class Moment:
    """What one frame tells: the motion around it, each value summed over the area of a block."""

    frame: Frame
    lost: Grid
    """Speed taken away by acceleration against the motion."""
    speed: Grid
    """Speed before it was."""
    push: Grid
    """The change of velocity itself, as vectors."""
    block: tuple[float, float]
    """Width and height of a block, in shares of the picture's."""


@dataclass(frozen=True)
class _Flow:
    """Motion at each pixel of one picture, towards another."""

    pixels: Grid
    """Where each pixel lies in the other picture, less where it lies in this one."""
    velocity: Grid
    """The same in widths per second, less what the whole picture does."""
    change: Grid
    """How much the surroundings of the pixel differ between the pictures."""
    unexplained: Grid
    """How much of that is left when the other picture is moved back by the flow."""
    inside: NDArray[np.bool_]
    """Whether the other picture shows it at all."""


@dataclass(frozen=True)
class _Step:
    """From one frame to the next."""

    ahead: _Flow
    """At the pixels of the earlier frame."""
    back: _Flow
    """At the pixels of the later one."""
    traced: NDArray[np.bool_]
    """Pixels of the later frame that flow leads back to where it leads from; not what was just uncovered."""
    cut: bool
    """The two frames share nothing."""


def moments(frames: Iterable[Frame], size: tuple[int, int]) -> Iterator[Moment]:
    """A `Moment` for each frame that has one before and one after it; `size` is the luma's width and height.

    Holds two frames at a time.
    """
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    search.setFinestScale(0)
    search.setGradientDescentIterations(8)
    search.setVariationalRefinementIterations(0)
    arriving: _Step | None = None
    pictures = ((frame, frame.luma(*size)) for frame in frames)
    for (frame, luma), (following, next_luma) in pairwise(pictures):
        leaving = _step(search, luma, next_luma, float(following.time - frame.time))
        if arriving:
            yield _moment(frame, arriving, leaving)
        arriving = leaving


def _moment(frame: Frame, arriving: _Step, leaving: _Step) -> Moment:
    incoming, outgoing = -arriving.back.velocity, leaving.ahead.velocity
    push = outgoing - incoming
    speed = np.hypot(incoming[..., 0], incoming[..., 1])
    lost = np.clip(-(push * incoming).sum(2) / np.maximum(speed, _SLOW), 0, 2 * speed)
    sure = _sure(arriving, leaving)
    counted = sure & arriving.traced
    values = np.dstack([lost * (counted & (speed > _SLOW)), speed * counted, push * sure[..., None]])
    height, width = speed.shape
    return Moment(frame, *_blocks(values.astype(np.float32)), (BLOCK / width, BLOCK / height))


def _sure(arriving: _Step, leaving: _Step) -> NDArray[np.bool_]:
    """The pixels that move and whose flow can be trusted."""
    if arriving.cut or leaving.cut:
        return np.zeros_like(arriving.traced)
    back, ahead = arriving.back, leaving.ahead
    sure = back.inside & ahead.inside & (back.change > _STILL)
    sure &= back.unexplained < _EXPLAINED * back.change
    sure &= ahead.unexplained < np.maximum(_EXPLAINED * ahead.change, _STILL)
    return sure


def _step(
    search: cv2.DISOpticalFlow, here: NDArray[np.uint8], there: NDArray[np.uint8], seconds: float
) -> _Step:
    ahead, back = _flow(search, here, there, seconds), _flow(search, there, here, seconds)
    there_and_back = back.pixels + _moved(ahead.pixels, back.pixels)
    astray = np.hypot(there_and_back[..., 0], there_and_back[..., 1])
    traced = astray < _ASTRAY + _ASTRAY_SHARE * np.hypot(back.pixels[..., 0], back.pixels[..., 1])
    cut = bool(np.mean(cv2.absdiff(here, there) > _CUT_DEPTH) > _CUT_SHARE)
    return _Step(ahead, back, traced, cut)


def _flow(
    search: cv2.DISOpticalFlow, here: NDArray[np.uint8], there: NDArray[np.uint8], seconds: float
) -> _Flow:
    """Where each pixel of `here` lies in `there`, `seconds` away."""
    height, width = here.shape
    with _one_thread():
        found = search.calc(here, there, np.zeros((height, width, 2), np.float32))
    pixels = np.asarray(found, np.float32)
    y, x = np.mgrid[0:height, 0:width]
    x, y = x + pixels[..., 0], y + pixels[..., 1]
    shared = np.median(pixels.reshape(-1, 2), axis=0)
    return _Flow(
        pixels,
        np.asarray((pixels - shared) / np.float32(width * seconds), np.float32),
        _difference(here, there),
        _difference(here, _moved(there, pixels)),
        (x > 0) & (x < width - 1) & (y > 0) & (y < height - 1),
    )


def _moved(values: NDArray[Any], pixels: Grid) -> NDArray[Any]:
    """At each pixel, the value from where its flow leads."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x + pixels[..., 0], y + pixels[..., 1]
    return np.asarray(cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Grid:
    """Mean difference of the 5 by 5 pixels around each pixel."""
    return np.asarray(cv2.blur(cv2.absdiff(one, other).astype(np.float32), (5, 5)), np.float32)


def _blocks(values: Grid) -> tuple[Grid, Grid, Grid]:
    """Lost, speed and push of each block, from those of each pixel (height, width, 4)."""
    height, width, kinds = values.shape
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    padded = np.zeros((rows * BLOCK, columns * BLOCK, kinds), np.float32)
    padded[:height, :width] = values
    sums = padded.reshape(rows, BLOCK, columns, BLOCK, kinds).sum((1, 3)) / np.float32(height * width)
    return sums[..., 0], sums[..., 1], sums[..., 2:]


@contextmanager
def _one_thread() -> Iterator[None]:
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)
