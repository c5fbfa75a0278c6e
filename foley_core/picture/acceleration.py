"""How what moves is turned or stopped at a frame: points followed from the frame before to the one after.

Points lie in a net over all that moves by itself. Each is looked for in both other frames from where the
dense flow says it is (Lucas and Kanade's method in pyramids: Bouguet, "Pyramidal implementation of the
Lucas Kanade feature tracker", Intel, 2000), so its velocity before and after the frame are those of one and
the same thing, wherever it goes; their difference is its acceleration. A point that does not look the same
in all three frames is lost and tells nothing. Values are summed over blocks, each point for its cell of the
net. Lengths are in widths of the picture, areas in shares of it, times in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_core.picture.optical_flow import BLOCK, FrameMotion, Grid, Picture, by_camera, summed

_NET = 3
"""Pixels of the luma from point to point; more where much moves."""
_MOST = 500
"""As many points are followed at most, about."""
_WINDOW = (9, 9)
_LEVELS = 1
_UNTIL = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 10, 0.03)
_CHANGED = 4.0
"""The surroundings of a point change by more than this, of 255, or it is not followed."""
_LIKENESS, _ALIKE = 0.6, 3.0
"""It looks the same if it differs by less than this share of that change, or by less than this."""
_SLOW = 0.04
"""Motion below this (widths per second) cannot be told from the flow's own noise."""


@dataclass(frozen=True)
class Acceleration:
    """At one frame, block by block."""

    values: Grid
    """(rows, columns, 6): all of what follows."""

    @property
    def lost(self) -> Grid:
        """Speed taken away by acceleration against the motion."""
        return self.values[..., 0]

    @property
    def speed(self) -> Grid:
        """Speed before it was."""
        return self.values[..., 1]

    @property
    def push(self) -> Grid:
        """The change of velocity itself, as vectors."""
        return self.values[..., 2:4]

    @property
    def followed(self) -> Grid:
        """Area of what moves by itself and could be followed."""
        return self.values[..., 4]

    @property
    def moving(self) -> Grid:
        """Area of what moves by itself."""
        return self.values[..., 5]


def acceleration_at(
    before: Picture, here: Picture, after: Picture, arriving: FrameMotion, leaving: FrameMotion
) -> Acceleration:
    """What happens at the frame `here`, between two motions."""
    height, width = here.shape
    own = np.maximum(arriving.own, leaving.own)
    points, area = _net(own)
    if arriving.cut or leaving.cut or len(points) == 0:
        return _none(width, height)
    at = points.astype(int)
    column, row = at[:, 0], at[:, 1]
    back, back_error = _followed(here, before, points, points - arriving.pixels[row, column])
    on, on_error = _followed(here, after, points, points + leaving.pixels[row, column])
    limit = np.maximum(_LIKENESS * own[row, column], _ALIKE)
    alike = np.maximum(back_error, on_error) < limit
    seen = alike & _inside(back, width, height) & _inside(on, width, height)
    came = (by_camera(points, arriving.camera) - back) / (width * arriving.seconds)
    goes = (on - by_camera(points, leaving.camera)) / (width * leaving.seconds)
    push = goes - came
    speed = np.hypot(came[:, 0], came[:, 1])
    against = -(push[:, 0] * came[:, 0] + push[:, 1] * came[:, 1]) / np.maximum(speed, _SLOW)
    lost = np.clip(against, 0, 2 * speed) * (speed > _SLOW)
    values = np.empty((len(points), 6))
    values[:, 0], values[:, 1], values[:, 2:4], values[:, 4:] = lost, speed, push, 1
    values[:, :5] *= seen[:, None]
    return Acceleration(summed(values * area, row, column, (height, width)))


def _net(own: Grid) -> tuple[NDArray[np.float32], float]:
    """The points where something moves by itself, (points, 2), and the area of each."""
    pitch = _NET
    while True:
        rows, columns = np.nonzero(own[pitch // 2 :: pitch, pitch // 2 :: pitch] > _CHANGED)
        if len(rows) <= _MOST:
            points = np.stack([columns, rows], 1) * pitch + pitch // 2
            return points.astype(np.float32), pitch * pitch / own.size
        pitch += 1


def _followed(
    here: Picture, there: Picture, points: NDArray[np.float32], guess: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where the points are in the other picture, and how much they differ there."""
    found, status, error = cv2.calcOpticalFlowPyrLK(
        here,
        there,
        points,
        np.asarray(guess, np.float32),
        winSize=_WINDOW,
        maxLevel=_LEVELS,
        criteria=_UNTIL,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    lost = status.ravel() == 0
    places, away = found.reshape(-1, 2), error.ravel()
    places[lost], away[lost] = -1, np.inf
    return np.asarray(places, np.float32), np.asarray(away, np.float32)


def _inside(points: NDArray[np.float32], width: int, height: int) -> NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x > 0) & (x < width - 1) & (y > 0) & (y < height - 1))


def _none(width: int, height: int) -> Acceleration:
    return Acceleration(np.zeros((-(-height // BLOCK), -(-width // BLOCK), 6), np.float32))
