"""Textures that flow, wave and repeat without a seam: water, cloth, leaves, smoke, roads."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.scene import AROUND, FINE, HEIGHT, Light, Matrix, Sprite
from benchmarks.training.textures import blotches


def endless(rng: Generator, width: int, height: int, size: float, long: float = 1.0) -> Light:
    """Noise that repeats without a seam, mean 0 and deviation 1.

    Its blotches are `size` pixels high and `long` times so wide.
    """
    whole = rng.standard_normal((height, width)).astype(np.float32)
    spectrum = np.fft.rfft2(whole)
    down = np.fft.fftfreq(height)[:, None] * size
    across = np.fft.rfftfreq(width)[None, :] * size * long
    reach = np.hypot(down, across)
    spectrum *= np.exp(-2 * reach**2) * (0.05 + np.minimum(reach, 1)) / (0.05 + reach)
    spectrum[0, 0] = 0
    found = np.fft.irfft2(spectrum, (height, width))
    return np.asarray(found / max(float(found.std()), 1e-6), np.float32)


def around() -> tuple[int, int]:
    """Width and height, in pixels, of a sprite that covers the picture and what is around it."""
    return round((1 + 2 * AROUND) * FINE), round((HEIGHT + 2 * AROUND) * FINE)


def shifted(x: float, y: float, scale: float = 1.0, fine: float = FINE) -> Matrix:
    """Of a texture whose first pixel lies at (x, y)."""
    return np.array([[scale / fine, 0, x], [0, scale / fine, y]])


def whole(light: Light, mask: Light) -> Sprite:
    """A sprite that covers the picture and what is around it; its anchor is the picture's corner."""
    return Sprite(light, mask, (AROUND * FINE, AROUND * FINE))


def ground(
    horizon: float, nearness: float, aside: float, along: float, fine: float, angle: float = 0.0
) -> Matrix:
    """From a texture that lies on the ground to the picture, (3, 3).

    The eye is one length above the ground; `nearness` is how far below the horizon lies what is one length
    off; `aside` and `along` say where on the ground it stands, `angle` whither it looks, `fine` the pixels
    of the texture to a length. What is behind the eye comes out above the horizon and has to be covered.
    """
    cos, sin = np.cos(angle), np.sin(angle)
    place = np.array(
        [
            [cos / fine, -sin / fine, -aside * cos + along * sin],
            [sin / fine, cos / fine, -aside * sin - along * cos],
            [0, 0, 1],
        ]
    )
    look = np.array([[nearness, 0.5, 0], [0, horizon, nearness], [0, 1, 0]])
    return np.asarray(look @ place)


class Waving:
    """A sprite that is bent by a few slow fields of shift, each to its own time."""

    def __init__(self, rng: Generator, sprite: Sprite, size: float, weight: Light | None = None) -> None:
        """`size` in pixels is how far apart what moves differently is; `weight` how much each pixel moves."""
        rows, columns = sprite.mask.shape
        self._sprite = sprite
        grid = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
        self._across, self._down = grid
        much = np.float32(1) if weight is None else weight
        self._fields = [(blotches(rng, columns, rows, size) * much).astype(np.float32) for _ in range(4)]

    def at(self, shifts: tuple[float, float, float, float], whole: tuple[float, float] = (0, 0)) -> Sprite:
        """Bent so far, in pixels: the first two fields across, the others downward."""
        one, two, three, four = self._fields
        across = (
            self._across + np.float32(shifts[0]) * one + np.float32(shifts[1]) * two + np.float32(whole[0])
        )
        down = (
            self._down + np.float32(shifts[2]) * three + np.float32(shifts[3]) * four + np.float32(whole[1])
        )
        light = cv2.remap(self._sprite.light, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        mask = cv2.remap(self._sprite.mask, across, down, cv2.INTER_LINEAR)
        return Sprite(np.asarray(light, np.float32), np.asarray(mask, np.float32), self._sprite.anchor)
