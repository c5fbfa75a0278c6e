"""Films whose frames carry their number where both encoders see it, and encoders that read it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from tests.picture.drawn import HEIGHT, TICK, WIDTH, film_at

BITS, _CELL, _LEFT = 10, 16, 80


def numbered(path: Path, times: Sequence[Fraction], rotation: int = 0) -> list[Fraction]:
    """Draw a film with a frame at each of `times`; gives them as the file counts them."""
    numbers = {float(time): number for number, time in enumerate(times)}
    film_at(path, times, lambda time: _picture(numbers[time]), rotation=rotation)
    return [round(time / TICK) * TICK for time in times]


def number(pixels: np.ndarray) -> int:
    """What stands in a frame as either encoder sees it: 512 x 512, or the middle of 224 x 224."""
    side = len(pixels)
    across = WIDTH if side == 512 else HEIGHT
    middles = (np.arange(BITS) + 0.5) * _CELL + _LEFT - WIDTH / 2
    row = pixels[side // 2, np.round(middles * side / across + side / 2).astype(int), 1]
    return sum(int(level > 127) << bit for bit, level in enumerate(row))


def named(times: Sequence[Fraction], time: Fraction, rule: str) -> int:
    """The number of the frame that the rule names for this time."""
    after = min(bisect_left(times, time), len(times) - 1)
    if rule == "first" or after == 0:
        return after
    return after - 1 if time - times[after - 1] <= abs(times[after] - time) else after


def _picture(number: int) -> np.ndarray:
    picture = np.full((HEIGHT, WIDTH), 90, np.uint8)
    for bit in range(BITS):
        left = _LEFT + _CELL * bit
        picture[60:120, left : left + _CELL] = 220 if number >> bit & 1 else 20
    return picture


class Reader:
    """Tells of each frame the number that stands in it, and counts what it is shown."""

    fingerprint = "reader"

    def __init__(self) -> None:
        self.frames = self.segments = 0

    def encode_frames(self, frames: Tensor, meanwhile: Callable[[], None]) -> Tensor:
        """(frames, 768)."""
        meanwhile()
        self.frames += len(frames)
        return torch.tensor([float(number(one.numpy())) for one in frames])[:, None].repeat(1, 768)

    def encode_motion(self, segments: Tensor, meanwhile: Callable[[], None]) -> Tensor:
        """(segments, 8, 768); each token has two frames to tell of."""
        meanwhile()
        self.segments += len(segments)
        numbers = [[float(number(one.numpy())) for one in segment] for segment in segments]
        return torch.tensor(numbers).unflatten(1, (8, 2)).repeat_interleave(384, 2)
