"""How the picture moves from each frame to the next: dense optical flow, and what of it is the camera's.

What the camera does (shift, zoom, turn: an affine motion that most of the texture follows) is taken out, and
light that grows or fades is evened out before. A pixel moves by itself if it changes more than compression
makes it change, and the camera's motion alone does not explain that. Lengths are in widths of the picture,
areas in shares of it, times in seconds.

Flow is OpenCV's Dense Inverse Search (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV
2016). What it sees depends on how many threads it runs in, so OpenCV is told to use one, in the whole
process: the same film gives the same motion on every machine. What struck and when is not told here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

BLOCK = 8
"""Side of a block, in pixels of the luma."""
SMALLEST = 16
"""Flow needs pictures at least this high and wide."""

_STILL = 2.0
"""A pixel whose surroundings change by less than this, of 255, is still: compression alone does that."""
_OWN = 0.4
"""What the camera's motion does not explain is at least this share of the change of what moves by itself."""
_GRAINY, _CALM = 2.0, 0.3
"""Nor does a pixel move that changes by less than so many times what the calmer parts of the picture do,
which make up this share of it. Grain is everywhere."""
_ASTRAY = 1.1
"""What is featureless, or frozen by compression, seems to move against the camera as fast as this does; what
is no faster, by this factor, is taken for that."""
_CUT_DEPTH, _CUT_SHARE = 24, 0.5
"""A cut or a flash: more than this share of the pixels changes by more than this depth, of 255."""
_FLAT = 4.0
"""Half as sure as can be about its motion is a block whose brightness has this standard deviation."""
_NEAR = 0.05
"""Flow misses the truth by this many pixels, even where nothing moves."""
_UNLIT = 1.0
"""A change of mean brightness by less than this, of 255, is no change of light."""

Grid = NDArray[np.float32]
"""(rows, columns) of blocks or (height, width) of pixels, or these by 2 where each holds a vector."""
Picture = NDArray[np.uint8]
"""Brightness, (height, width)."""


@dataclass(frozen=True)
class FrameMotion:
    """From one frame to the next, at the pixels of the earlier one."""

    since: Fraction
    until: Fraction
    pixels: Grid
    """Where each pixel lies in the next picture, less where it lies in this one."""
    camera: Grid
    """The affine motion of the whole picture, as the matrix (2, 3) that moves pixels."""
    own: Grid
    """How much the surroundings of each pixel change by themselves; 0 where they do not."""
    stir: Grid
    """Speed of what moves by itself, in widths a second, times the area it has in each block."""
    drift: Grid
    """Its velocity, times the same."""
    change: Grid
    """How much it changes the picture: depth, of 255, times area."""
    lighter: Grid
    """How much lighter each block becomes, of 255; below 0 darker."""
    cut: bool
    """The two pictures share nothing, so nothing here can be trusted."""

    @cached_property
    def seconds(self) -> float:
        """How long it lasts."""
        return float(self.until - self.since)


def flow_estimator() -> Callable[[Fraction, Picture, Fraction, Picture], FrameMotion]:
    """A function from two pictures and their times to the motion between them; for one thread only."""
    cv2.setNumThreads(1)  # and never set back: another thread may be in the midst of a flow of its own
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    search.setFinestScale(1)
    search.setPatchStride(8)

    def between(since: Fraction, here: Picture, until: Fraction, there: Picture) -> FrameMotion:
        lighter = _mean(there.astype(np.float32)) - _mean(here.astype(np.float32))
        there = _lit_alike(here, there)
        # From zero: given nothing to begin with, it begins with what the pictures before left behind.
        pixels = np.asarray(search.calc(here, there, np.zeros((*here.shape, 2), np.float32)), np.float32)
        if not np.isfinite(pixels).all():
            pixels = np.nan_to_num(pixels, posinf=0, neginf=0)
        return _motion(since, until, here, there, pixels, lighter)

    return between


def _motion(
    since: Fraction, until: Fraction, here: Picture, there: Picture, pixels: Grid, lighter: Grid
) -> FrameMotion:
    height, width = here.shape
    camera = _camera(pixels, here)
    away = _difference(here, _seen_by(camera, there))
    still = max(_STILL, _GRAINY * _quantile(_mean(away).ravel(), _CALM))
    panned = _panned(camera, height, width)
    velocity = pixels - panned
    speed = _length(velocity)
    moves = (away > still) & (away > _OWN * _difference(here, there)) & (speed > _ASTRAY * _length(panned))
    own = away * moves
    moved = (_vectors(velocity) * moves).view(np.float32).reshape(velocity.shape)
    share = 1 / own.size
    per_second = share / (width * float(until - since))
    stir, drift, change = _sums(speed * moves, per_second), _sums(moved, per_second), _sums(own, share)
    jumps = int(np.count_nonzero(cv2.absdiff(here, there) > _CUT_DEPTH))
    cut = jumps > _CUT_SHARE * here.size
    return FrameMotion(since, until, pixels, camera, own, stir, drift, change, lighter, cut)


def _lit_alike(here: Picture, there: Picture) -> Picture:
    """The next picture in the light of this one: most of it fits a straight line from its brightness."""
    if abs(cv2.mean(here)[0] - cv2.mean(there)[0]) < _UNLIT:
        return there
    mine, other = (cv2.resize(p, _block_size(p), interpolation=cv2.INTER_AREA).ravel() for p in (here, there))
    line = _fitted(np.stack([other, np.ones(other.size)], 1).astype(float), mine[:, None].astype(float), 1.0)
    gain, offset = line[:, 0]
    return np.asarray(cv2.convertScaleAbs(there, alpha=float(max(gain, 0)), beta=float(offset)), np.uint8)


def _camera(pixels: Grid, picture: Picture) -> Grid:
    """The affine motion that most of the texture follows."""
    moved = _mean(pixels).reshape(-1, 2).astype(float)
    light = picture.astype(np.float32)
    mean, square = _mean(light).ravel(), _mean(light * light).ravel()
    texture = np.sqrt(np.maximum(square - mean * mean, 0))
    places = _block_places(*_block_size(picture), *picture.shape)
    fitted = _fitted(places, moved, _NEAR, texture / (texture + _FLAT))
    return np.asarray(fitted.T, np.float32) + np.eye(2, 3, dtype=np.float32)


def _fitted(
    known: NDArray[np.float64], wanted: NDArray[np.float64], near: float, trust: Any = 1.0
) -> NDArray[np.float64]:
    """Least squares, weighted anew a few times so that what does not fit counts less and less.

    (Cauchy's weights: Holland and Welsch, "Robust regression using iteratively reweighted least-squares",
    Communications in Statistics 6, 1977.)
    """
    weights = np.ones(len(known)) * trust
    floor = 1e-6 * np.eye(known.shape[1])
    for _ in range(3):
        weighted = known.T * weights
        _, found = cv2.solve(weighted @ known + floor, weighted @ wanted)
        away = np.sqrt(((wanted - known @ found) ** 2).sum(1))
        weights = trust / (1 + (away / (_quantile(away, 0.5) + near)) ** 2)
    return np.asarray(found)


def _quantile(values: NDArray[Any], share: float) -> float:
    """That value (numpy's own, which also cares for what is no number, takes ten times as long)."""
    at = int(share * (len(values) - 1))
    return float(np.partition(values, at)[at])


def _seen_by(camera: Grid, there: Picture) -> Picture:
    """The next picture, with the camera's motion undone."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = there.shape[::-1]
    undone = cv2.warpAffine(there, camera, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(undone, np.uint8)


@lru_cache(maxsize=4)
def _block_places(columns: int, rows: int, height: int, width: int) -> NDArray[np.float64]:
    """Column and row, in pixels, of the middle of each block, and 1; (blocks, 3)."""
    x = (np.arange(columns) + 0.5) * width / columns - 0.5
    y = (np.arange(rows) + 0.5) * height / rows - 0.5
    across, down = np.meshgrid(x, y)
    return np.stack([across.ravel(), down.ravel(), np.ones(across.size)], 1)


def _block_size(picture: NDArray[Any]) -> tuple[int, int]:
    """How many blocks there are in a row and in a column."""
    height, width = picture.shape[:2]
    return -(-width // BLOCK), -(-height // BLOCK)


def _difference(one: Picture, other: Picture) -> Grid:
    """Mean difference of the 5 by 5 pixels around each pixel."""
    return np.asarray(cv2.boxFilter(cv2.absdiff(one, other), cv2.CV_32F, (5, 5)), np.float32)


@lru_cache(maxsize=4)
def _places(height: int, width: int) -> Grid:
    """Column and row of each pixel."""
    return np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32)


def _panned(camera: Grid, height: int, width: int) -> Grid:
    """How far the camera's motion alone moves each pixel."""
    still = np.eye(2, 3, dtype=np.float32)
    return np.asarray(cv2.transform(_places(height, width), camera - still), np.float32)


def _vectors(values: Grid) -> NDArray[np.complex64]:
    """Vectors (height, width, 2) as complex numbers, which numpy is quicker with."""
    return values.view(np.complex64)[..., 0]


def _length(vectors: Grid) -> Grid:
    return np.asarray(np.abs(_vectors(vectors)))


def by_camera(points: NDArray[Any], camera: Grid) -> NDArray[Any]:
    """Where the camera's motion alone would move points, (points, 2)."""
    return np.asarray(points @ camera[:, :2].T + camera[:, 2])


def summed(values: NDArray[Any], row: NDArray[Any], column: NDArray[Any], size: tuple[int, int]) -> Grid:
    """Values (points, n) of pixels, summed over blocks: (rows, columns, n)."""
    rows, columns = (-(-side // BLOCK) for side in size)
    each = values.shape[1]
    block = row // BLOCK * columns + column // BLOCK
    places = block[:, None] * each + np.arange(each)
    sums = np.bincount(places.ravel(), values.ravel(), rows * columns * each)
    return sums.reshape(rows, columns, each).astype(np.float32)


def _mean(values: Grid) -> Grid:
    """Of each of as many equal blocks."""
    height, width = values.shape[:2]
    return _blockwise(values, _means(height), _means(width))


def _sums(values: Grid, unit: float) -> Grid:
    """What `summed` gives, of all pixels, in this unit."""
    height, width = values.shape[:2]
    return _blockwise(values, _ones(height), _ones(width) * np.float32(unit))


def _blockwise(values: Grid, down: Grid, across: Grid) -> Grid:
    """Pixels (height, width), or vectors of them, brought together by products of matrices.

    OpenCV's resizing takes several times as long where a block is no whole number of pixels.
    """
    rows = down @ values.reshape(len(values), -1)
    if values.ndim == 2:
        return np.asarray(rows @ across.T)
    return np.asarray(across @ rows.reshape(len(down), *values.shape[1:]))


@lru_cache(maxsize=8)
def _means(side: int) -> Grid:
    """(blocks, side): how much each pixel has in the mean of each of as many equal blocks."""
    blocks = -(-side // BLOCK)
    whole = np.repeat(np.eye(blocks, dtype=np.float32), side, 1).reshape(blocks, side, blocks)
    return np.asarray(whole.sum(2) / side, np.float32)


@lru_cache(maxsize=8)
def _ones(side: int) -> Grid:
    """(blocks, side): 1 where a pixel lies in a block of `BLOCK`, of which the last may be shorter."""
    lies = np.arange(side) // BLOCK == np.arange(-(-side // BLOCK))[:, None]
    return np.asarray(lies, np.float32)
