"""A drawn scene: what there is to be seen at any time, and what of it can be heard, exactly.

A scene is drawn by a function of time alone, so any frame rate, exposure or camera can look at it. Lengths
are in widths of the picture: x from 0, left, to 1, right; y from 0, top, downward, to `HEIGHT`. Times are in
seconds from the scene's beginning.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Light: TypeAlias = NDArray[np.float32]
"""Brightness, 0 to 255, (height, width)."""
Matrix: TypeAlias = NDArray[np.float64]
"""Affine, (2, 3): from lengths to lengths."""
Camera: TypeAlias = Callable[[float], Matrix]
"""From the scene to the picture, at a time."""
EventKind = Literal["strike", "step", "burst"]

HEIGHT = 9 / 16
"""Of a picture of the usual shape, in widths of it."""
FINE = 320
"""Pixels of a sprite to a width of the picture."""
AROUND = 0.35
"""So far the backdrop goes on beyond the picture on all sides, for cameras that move."""


@dataclass(frozen=True)
class Event:
    """Something that is heard, and seen."""

    time: float
    kind: EventKind
    x: float = 0.5
    y: float = HEIGHT / 2


@dataclass(frozen=True)
class Sprite:
    """A thing to be laid into the picture, `FINE` pixels to a width."""

    light: Light
    mask: Light
    """0 to 1, (height, width): how much of what is behind is hidden."""
    anchor: tuple[float, float]
    """The point, as (x, y) in its pixels, by which it is laid and turned."""


class Canvas:
    """A picture that is being drawn, seen by a camera."""

    def __init__(self, width: int, height: int, camera: Matrix) -> None:
        self.light: Light = np.zeros((height, width), np.float32)
        self._width, self._camera = width, camera
        self._view = camera.tolist()

    def backdrop(self, light: Light) -> None:
        """Lay what fills the picture and `AROUND` it; `FINE` pixels to a width, or any number."""
        fine = light.shape[1] / (1 + 2 * AROUND)
        into = np.array([[1 / fine, 0, -AROUND], [0, 1 / fine, -AROUND]])
        matrix = _scaled(_after(self._camera, into), self._width)
        size = self.light.shape[::-1]
        self.light = np.asarray(
            cv2.warpAffine(light, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT),
            np.float32,
        )

    def see(self, light: Light, into: Matrix, *, endless: bool = False) -> Light:
        """A texture as it is seen, for the whole picture; what is beyond it is 0, or it again if `endless`.

        `into` goes from its pixels to lengths: affine, (2, 3), or for a plane in perspective (3, 3).
        """
        whole = _square(self._camera) @ _square(into)
        pixels = np.array([[self._width, 0, -0.5], [0, self._width, -0.5], [0, 0, 1]])
        matrix = pixels @ whole @ np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
        border = cv2.BORDER_WRAP if endless else cv2.BORDER_CONSTANT
        size = self.light.shape[::-1]
        if len(into) == 2:
            seen = cv2.warpAffine(light, matrix[:2], size, flags=cv2.INTER_LINEAR, borderMode=border)
        else:
            seen = cv2.warpPerspective(light, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
        return np.asarray(seen, np.float32)

    def lay(
        self,
        sprite: Sprite,
        x: float,
        y: float,
        *,
        angle: float = 0.0,
        scale: float = 1.0,
        stretch: float = 1.0,
        opaque: float = 1.0,
        gain: float = 1.0,
    ) -> None:
        """Lay a sprite with its anchor at (x, y), turned clockwise by `angle` in radians.

        `stretch` is how many times longer it is made along its own x; `gain` brightens it.
        """
        cos, sin = math.cos(angle) * scale / FINE, math.sin(angle) * scale / FINE
        matrix = self._seen_at(x, y, sprite.anchor, (cos * stretch, -sin, sin * stretch, cos))
        box = self._box(matrix, sprite.mask.shape)
        if box is None:
            return
        left, top, right, bottom = box
        matrix[0, 2] -= left
        matrix[1, 2] -= top
        size = (right - left, bottom - top)
        mask = cv2.warpAffine(sprite.mask, matrix, size, flags=cv2.INTER_LINEAR) * opaque
        light = cv2.warpAffine(
            sprite.light, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        part = self.light[top:bottom, left:right]
        part += mask * (light * gain - part)

    def glow(self, x: float, y: float, radius: float, light: float) -> None:
        """Add light around a point: a flash, a flame, a spark."""
        height, width = self.light.shape
        middle = (self._camera @ np.array([x, y, 1.0])) * self._width
        size = radius * self._width * float(np.sqrt(abs(np.linalg.det(self._camera[:, :2]))))
        across, down = np.arange(width) - middle[0], np.arange(height) - middle[1]
        self.light += np.float32(light) * np.exp(
            -(np.square(across)[None, :] + np.square(down)[:, None]) / (2 * size * size)
        ).astype(np.float32)

    def specks(self, points: NDArray[np.float64], light: NDArray[np.float64], size: float) -> None:
        """Add light at points, (count, 2): sparks, drops, dust; negative light darkens.

        `light` is (count,), in the middle of each; `size` is their deviation, in widths.
        """
        height, width = self.light.shape
        x, y = (self._camera[:, :2] @ points.T + self._camera[:, 2:]) * self._width - 0.5
        seen = (x >= 0) & (x < width - 1) & (y >= 0) & (y < height - 1)
        if not seen.any():
            return
        x, y, bright = x[seen], y[seen], light[seen]
        wide = size * self._width * float(np.sqrt(abs(np.linalg.det(self._camera[:, :2]))))
        left, top = int(max(x.min() - 3 * wide - 1, 0)), int(max(y.min() - 3 * wide - 1, 0))
        right, bottom = int(min(x.max() + 3 * wide + 3, width)), int(min(y.max() + 3 * wide + 3, height))
        layer = np.zeros((bottom - top, right - left), np.float32)
        column, row = x.astype(int), y.astype(int)
        across, down = x - column, y - row
        gain = max(2 * np.pi * wide * wide, 1.0)
        for right_by, below_by in ((0, 0), (1, 0), (0, 1), (1, 1)):
            share = (across if right_by else 1 - across) * (down if below_by else 1 - down)
            np.add.at(layer, (row - top + below_by, column - left + right_by), gain * share * bright)
        if wide > 0.3:
            layer = cv2.GaussianBlur(layer, (0, 0), wide).astype(np.float32)
        self.light[top:bottom, left:right] += layer

    def _seen_at(
        self, x: float, y: float, anchor: tuple[float, float], turn: tuple[float, float, float, float]
    ) -> Matrix:
        """From a sprite's pixels to those of the picture: written out, for it is asked for all the time."""
        (c, d, e), (f, g, h) = self._view
        w = float(self._width)
        p, q, r, s = turn
        x, y = x - p * anchor[0] - q * anchor[1], y - r * anchor[0] - s * anchor[1]
        p, q, r, s = w * (c * p + d * r), w * (c * q + d * s), w * (f * p + g * r), w * (f * q + g * s)
        across, down = w * (c * x + d * y + e), w * (f * x + g * y + h)
        # The middle of a pixel is what has whole numbers there.
        return np.array([[p, q, across + (p + q) / 2 - 0.5], [r, s, down + (r + s) / 2 - 0.5]])

    def _box(self, matrix: Matrix, shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
        """Left, top, right and bottom of the part of the picture that a sprite covers."""
        rows, columns = shape
        (p, q, x), (r, s, y) = matrix.tolist()
        height, width = self.light.shape
        low, high = x + min(p * columns, 0) + min(q * rows, 0), x + max(p * columns, 0) + max(q * rows, 0)
        left, right = max(math.floor(low), 0), min(math.ceil(high) + 1, width)
        low, high = y + min(r * columns, 0) + min(s * rows, 0), y + max(r * columns, 0) + max(s * rows, 0)
        top, bottom = max(math.floor(low), 0), min(math.ceil(high) + 1, height)
        return (left, top, right, bottom) if left < right and top < bottom else None


@dataclass(frozen=True)
class Scene:
    """What is to be seen, and heard."""

    draw: Callable[[Canvas, float], None]
    """All that there is at a time, the backdrop first."""
    events: tuple[Event, ...] = ()
    jolts: tuple[tuple[float, float], ...] = field(default=())
    """When the camera is shaken by what happens, and how strongly, 0 to 1."""
    camera: Camera | None = None
    """The one it is to be looked at with, into a picture of the usual shape; otherwise any."""


def events_of(
    times: Sequence[float], kind: EventKind, x: float = 0.5, y: float = HEIGHT / 2
) -> tuple[Event, ...]:
    """Events of one kind at one place."""
    return tuple(Event(float(time), kind, x, y) for time in times)


def _after(outer: Matrix, inner: Matrix) -> Matrix:
    """`inner` first, then `outer`."""
    turn = outer[:, :2] @ inner[:, :2]
    return np.column_stack([turn, outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def _square(matrix: Matrix) -> Matrix:
    return np.vstack([matrix, [0, 0, 1]]) if len(matrix) == 2 else matrix


def _scaled(matrix: Matrix, width: int) -> Matrix:
    """To pixels of a picture so wide; the middle of a pixel is what has whole numbers there."""
    scaled = matrix * width
    scaled[:, 2] += scaled[:, :2].sum(1) / 2 - 0.5
    return np.asarray(scaled)
