"""Hands and forearms, knives and other things with an outline of their own; and how they are laid."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.training.scene import FINE, Canvas, Light, Sprite
from benchmarks.training.textures import limb, outlined

Point = tuple[float, float]


@dataclass(frozen=True)
class Bone:
    """Something long, laid from one point to another."""

    sprite: Sprite
    length: float

    def lay(
        self, canvas: Canvas, start: Point, end: Point, *, scale: float = 1.0, opaque: float = 1.0
    ) -> None:
        """From `start` to `end`, foreshortened as needs be; `scale` makes it thicker."""
        x, y = end[0] - start[0], end[1] - start[1]
        stretch = max(float(np.hypot(x, y)), 1e-4) / (self.length * scale)
        angle = float(np.arctan2(y, x))
        canvas.lay(self.sprite, *start, angle=angle, scale=scale, stretch=stretch, opaque=opaque)


def bone(
    rng: Generator, length: float, thick: float, thin: float | None = None, light: float | None = None
) -> Bone:
    """`textures.limb`, with its length."""
    return Bone(limb(rng, length, thick, thin, light), length)


@dataclass(frozen=True)
class Forearm:
    """A forearm, bare or sleeved, and its hand; the hand is drawn over what it holds."""

    arm: Bone
    hand: Sprite
    elbow: Point
    """Where it comes from, most often beyond the picture."""
    follows: float
    """How far the elbow goes with the hand."""
    home: Point

    def lay(self, canvas: Canvas, hand: Point, *, turn: float = 0.0) -> None:
        """With its hand at a point."""
        elbow = tuple(e + self.follows * (h - m) for e, h, m in zip(self.elbow, hand, self.home, strict=True))
        self.arm.lay(canvas, (elbow[0], elbow[1]), hand)
        angle = float(np.arctan2(hand[1] - elbow[1], hand[0] - elbow[0])) + turn
        canvas.lay(self.hand, *hand, angle=angle)


def forearm(
    rng: Generator, home: Point, toward: float, size: float, *, fist: bool, skin: float | None = None
) -> Forearm:
    """Its hand, `size` widths long, at `home`; the arm goes away in the direction `toward`, in radians.

    Most often it comes in over the edge of the picture.
    """
    long = size * rng.uniform(2.2, 3.5)
    if rng.random() < 0.85:
        long = max(long, 0.9)
    skin = rng.uniform(40, 220) if skin is None else skin
    sleeve = skin if rng.random() < 0.4 else rng.uniform(10, 230)
    elbow = (home[0] + long * np.cos(toward), home[1] + long * np.sin(toward))
    thick = size * rng.uniform(0.45, 0.8)
    arm = bone(rng, long, thick * rng.uniform(1.0, 1.5), thick * 0.8, sleeve)
    return Forearm(arm, hand_sprite(rng, size, skin, fist=fist), elbow, rng.uniform(0.15, 0.8), home)


def hand_sprite(rng: Generator, size: float, light: float, *, fist: bool) -> Sprite:
    """Along its own x: its anchor is the wrist end of a flat hand, the middle of a fist."""
    pixels = max(size * FINE, 4)
    high, wide = int(pixels * 1.1) + 4, int(pixels * 1.3) + 6
    mask = np.zeros((high, wide), np.float32)
    middle = high / 2
    if fist:
        axes = (max(round(pixels * 0.38), 2), max(round(pixels * rng.uniform(0.3, 0.4)), 1))
        cv2.ellipse(mask, (wide // 2, high // 2), axes, rng.uniform(-20, 20), 0, 360, 1.0, -1)
        return outlined(rng, mask, (wide / 2, middle), light)
    palm = (round(3 + pixels * 0.28), high // 2)
    cv2.ellipse(mask, palm, (max(round(pixels * 0.3), 2), max(round(pixels * 0.26), 1)), 0, 0, 360, 1.0, -1)
    spread = rng.uniform(0.02, 0.2)
    for n in range(4):
        angle, away = (n - 1.5) * spread, (n - 1.5) * 0.13 * pixels
        start = np.array([3 + pixels * 0.35, middle + away])
        end = start + pixels * (0.52 - 0.06 * abs(n - 1)) * np.array([np.cos(angle), np.sin(angle)])
        _thick(mask, start, end, pixels * 0.11)
    thumb = np.array([3 + pixels * 0.2, middle + 0.15 * pixels])
    _thick(mask, thumb, thumb + pixels * np.array([0.3, 0.24]), pixels * 0.11)
    return outlined(rng, mask, (3 + pixels * 0.08, middle), light)


def knife_sprite(rng: Generator, length: float) -> Sprite:
    """A blade that points along its own x, its edge downward (to greater y): its anchor is its tip."""
    long, high = length * FINE, max(length * FINE * rng.uniform(0.1, 0.3), 3)
    mask = np.zeros((int(high) + 6, int(long) + 8), np.float32)
    handle = 0.32 * long
    points = np.array(
        [(3, 3), (3 + handle, 3), (3 + 0.75 * long, 3), (3 + long, 2 + high), (3 + handle, 2 + high)]
    )
    cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 1.0, cv2.LINE_AA)
    _thick(mask, np.array([4, 3 + 0.2 * high]), np.array([3 + handle, 3 + 0.2 * high]), 0.35 * high)
    sprite = outlined(rng, mask, (3 + long, 2 + high), rng.uniform(60, 240))
    sprite.light[:, : int(handle)] = rng.uniform(10, 150)
    return sprite


def _thick(mask: Light, start: NDArray[np.float64], end: NDArray[np.float64], wide: float) -> None:
    a, b = (tuple(np.rint(p * 16).astype(int).tolist()) for p in (start, end))
    cv2.line(mask, a, b, 1.0, max(round(wide), 1), cv2.LINE_AA, 4)
