"""What our own film shows: a ball that bounces on a floor, and now and then a white frame.

When the ball strikes the floor is chosen, and its way follows from that: between two strikes it flies as what
is thrown does. So every strike is known as an exact time, whatever frames the film happens to have. The last
flight leads to the first strike of the next round, so that rounds follow each other without a cut.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

_STRIKES = "1.237 2.519 3.583 5.021 6.203 7.777 9.011 10.333 11.411 12.983 14.207 15.499 16.601 18.089 19.391"
STRIKES = tuple(map(Fraction, _STRIKES.split()))
"""Seconds into the round; no two the same time apart, and none on a frame on purpose."""
FLASHES = tuple(map(Fraction, ("4.3", "6.99", "12.2", "17.35")))
"""Times from which the next frame is white; the ball is far from the floor then."""

_GRAVITY, _FLOOR, _BALL = 1.65, 0.88, 0.13
"""Heights of the picture (per second, squared); where the ball's middle is as it strikes; its diameter."""
_WHITE = 235


@dataclass(frozen=True)
class Scene:
    """The scene in a picture of some size; `seconds` is how long a round is."""

    width: int
    height: int
    seconds: Fraction

    def where(self, time: Fraction) -> tuple[float, float]:
        """Of the ball's middle, in pixels."""
        before, after = self._flight(time)
        since, left = float(time - before), float(after - time)
        share = float(time / self.seconds)
        x = self.width * (0.5 + 0.3 * np.sin(2 * np.pi * share))
        return float(x), self.height * (_FLOOR - _GRAVITY * since * left / 2)

    def _flight(self, time: Fraction) -> tuple[Fraction, Fraction]:
        """The strikes before and after a time of the round."""
        number = bisect_right(STRIKES, time)
        before = STRIKES[number - 1] if number else STRIKES[-1] - self.seconds
        after = STRIKES[number] if number < len(STRIKES) else STRIKES[0] + self.seconds
        return before, after


class Painter:
    """Paints a scene's frames as FFmpeg lays yuv420p out: luma, and the two halves of the chroma under it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        height, width = scene.height, scene.width
        self._wall = np.full((height * 3 // 2, width), 128, np.uint8)
        self._wall[:height] = _blotches(height, width, seed=1, low=60, high=110)
        floor = round(height * (_FLOOR + _BALL / 2))
        self._wall[floor:height] = _blotches(height - floor, width, seed=2, low=40, high=70)
        size = max(8, round(height * _BALL))
        self._ball = _blotches(size, size, seed=3, low=130, high=235).astype(np.float32)
        self._disc = cv2.circle(
            np.zeros((size, size), np.float32), (size // 2, size // 2), size // 2, 1.0, -1
        )
        self._white = self._wall.copy()
        self._white[:height] = _WHITE

    def picture(self, time: Fraction) -> NDArray[np.uint8]:
        """The frame at a time of the round: (height * 3 / 2, width)."""
        picture = self._wall.copy()
        size = len(self._ball)
        x, y = (at - size / 2 for at in self._scene.where(time))
        left, top = int(np.floor(x)), int(np.floor(y))
        move = np.array([[1, 0, x - left], [0, 1, y - top]], np.float64)
        ball, disc = (cv2.warpAffine(part, move, (size + 1, size + 1)) for part in (self._ball, self._disc))
        place = picture[: self._scene.height][top : top + size + 1, left : left + size + 1]
        shown = disc[: place.shape[0], : place.shape[1]]
        place[:] = place * (1 - shown) + ball[: place.shape[0], : place.shape[1]] * shown
        return picture

    def white(self) -> NDArray[np.uint8]:
        """A flash."""
        return self._white


def _blotches(height: int, width: int, *, seed: int, low: int, high: int) -> NDArray[np.uint8]:
    """Soft blotches between two brightnesses, so that there is something to follow."""
    grain = max(2, height // 30)
    coarse = np.random.default_rng(seed).random((height // grain + 2, width // grain + 2), np.float32)
    fine = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(low + (high - low) * fine, 0, 255).astype(np.uint8)
