"""The things that stand and move in the demo clip, each painted once, twice as large as it is shown.

A sprite is premultiplied RGBA with the point that is placed (its anchor); `put` lays it over a picture at any
fraction of a pixel and any angle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.float32]
"""RGB, 0 to 1, (height, width, 3)."""

SCALE = 2
"""Sprites are painted this much larger than shown."""


@dataclass(frozen=True)
class Sprite:
    """A painted thing."""

    rgba: NDArray[np.float32]
    """Premultiplied, (height, width, 4), SCALE times as large as shown."""
    anchor: tuple[float, float]
    """The point of it that `put` places, in its own pixels."""


def put(canvas: Picture, sprite: Sprite, x: float, y: float, angle: float = 0.0) -> None:
    """Lay `sprite` over `canvas` with its anchor at (x, y), turned by `angle` degrees against the clock."""
    height, width = sprite.rgba.shape[:2]
    reach = int(np.hypot(height, width) / SCALE) + 3
    left, top = max(int(x) - reach, 0), max(int(y) - reach, 0)
    right, bottom = min(int(x) + reach, canvas.shape[1]), min(int(y) + reach, canvas.shape[0])
    if left >= right or top >= bottom:
        return
    turn = cv2.getRotationMatrix2D(sprite.anchor, angle, 1 / SCALE)
    turn[:, 2] += np.array([x - left, y - top]) - np.array(sprite.anchor)
    laid = cv2.warpAffine(_soft(sprite.rgba), turn, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    region = canvas[top:bottom, left:right]
    region *= 1 - laid[..., 3:]
    region += laid[..., :3]


def _soft(rgba: NDArray[np.float32]) -> NDArray[np.float32]:
    """Blurred a little, so that taking every second pixel leaves no jagged edges."""
    return np.asarray(cv2.GaussianBlur(rgba, (0, 0), 0.8), np.float32)


def grain(height: int, width: int, seed: int, upright: bool = False) -> NDArray[np.float32]:
    """Wood grain, about -1 to 1, running along the width (or the height, if `upright`)."""
    if upright:
        return np.ascontiguousarray(grain(width, height, seed).T)
    rng = np.random.default_rng(seed)
    coarse = rng.standard_normal((max(height // 22, 2) + 2, max(width // 260, 2) + 2)).astype(np.float32)
    warp = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    fine = rng.standard_normal((height, max(width // 46, 2) + 2)).astype(np.float32)
    fibre = cv2.GaussianBlur(cv2.resize(fine, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 0.7)
    rows = np.arange(height, dtype=np.float32)[:, None]
    rings = np.sin(rows * 0.42 + 3.4 * warp)
    return np.asarray(0.55 * rings * (0.6 + 0.4 * warp) + 0.35 * fibre, np.float32)


def plank(width: int, height: int, seed: int) -> Picture:
    """The face of a plank, as RGB."""
    light, dark = np.array([0.74, 0.52, 0.31]), np.array([0.50, 0.32, 0.17])
    share = np.clip(0.5 + 0.30 * grain(height, width, seed), 0, 1)[..., None]
    return np.asarray(light * share + dark * (1 - share), np.float32)


def board(width: int, height: int, seed: int) -> Sprite:
    """A piece of wood with softened edges, anchored in its middle."""
    w, h = width * SCALE, height * SCALE
    face = plank(w, h, seed) if w >= h else np.ascontiguousarray(plank(h, w, seed).transpose(1, 0, 2))
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    inner = np.minimum(np.minimum(x, w - 1 - x), np.minimum(y, h - 1 - y))
    lit = 0.72 + 0.28 * (1 - y / h) + 0.35 * np.exp(-y / 3) - 0.25 * np.exp(-(h - 1 - y) / 4)
    lit = lit * (1 - 0.30 * np.exp(-inner / 4))
    return _cut(face * lit[..., None], np.clip(inner / 2, 0, 1), (w / 2, h / 2))


def _cut(rgb: NDArray[np.float32], alpha: NDArray[np.float32], anchor: tuple[float, float]) -> Sprite:
    rgba = np.dstack([np.clip(rgb, 0, 1) * alpha[..., None], alpha]).astype(np.float32)
    return Sprite(np.pad(rgba, ((4, 4), (4, 4), (0, 0))), (anchor[0] + 4, anchor[1] + 4))


def _sphere(radius: float) -> tuple[NDArray[np.float32], ...]:
    """Over a square that holds a ball: x, y and z of its surface (-1 to 1) and its coverage."""
    r = radius * SCALE
    size = int(2 * r + 6)
    y, x = (np.mgrid[0:size, 0:size].astype(np.float32) - (size - 1) / 2) / np.float32(r)
    flat = np.hypot(x, y)
    z = np.sqrt(np.clip(1 - flat**2, 0, 1))
    return x, y, z, np.clip((1 - flat) * r + 0.5, 0, 1)


def wooden_ball(radius: float, turn: float) -> Sprite:
    """A turned wooden ball, rolled by `turn` radians; the light stays where it is."""
    x, y, z, alpha = _sphere(radius)
    u, v = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    rings = 0.5 + 0.5 * np.sin(26 * np.hypot(u - 0.35, 0.6 * v + 0.2 * z) + 2 * u)
    stripe = np.exp(-(((np.abs(v) - 0.16) / 0.035) ** 2))
    wood = np.array([0.86, 0.50, 0.24]) * (0.80 + 0.20 * rings)[..., None] * (1 - 0.62 * stripe)[..., None]
    lit = np.clip(0.30 + 0.85 * np.clip(0.55 * x - 0.62 * y + 0.56 * z, 0, 1), 0, 1.2)
    gloss = 0.55 * np.clip(0.42 * x - 0.52 * y + 0.74 * z, 0, 1) ** 42
    middle = (x.shape[0] - 1) / 2
    return _cut(np.asarray(wood * lit[..., None] + gloss[..., None], np.float32), alpha, (middle, middle))


def steel_ball(radius: float) -> Sprite:
    """A polished steel ball that mirrors bench, window and lamp."""
    x, y, z, alpha = _sphere(radius)
    sky = np.clip(0.5 - 0.5 * y * (1 + 0.6 * (1 - z)), 0, 1)[..., None]
    low, high = np.array([0.30, 0.20, 0.13]), np.array([0.62, 0.68, 0.76])
    horizon = 1 - 0.55 * np.exp(-(((y - 0.12) / 0.13) ** 2))
    metal = (low * (1 - sky) + high * sky) * horizon[..., None] * (0.45 + 0.55 * z)[..., None]
    window = 0.42 / (1 + np.exp((np.maximum(np.abs(x + 0.12) / 0.26, np.abs(y + 0.5) / 0.17) - 1) * 9))
    lamp = 0.95 * np.clip(0.55 * x - 0.52 * y + 0.65 * z, 0, 1) ** 60
    lit = (
        metal + window[..., None] * np.array([0.7, 0.85, 1.0]) + lamp[..., None] * np.array([1.0, 0.88, 0.66])
    )
    middle = (x.shape[0] - 1) / 2
    return _cut(np.asarray(lit, np.float32), alpha, (middle, middle))


def hammer() -> Sprite:
    """A hammer that lies to the left of its pivot, which is its anchor."""
    w, h = 300 * SCALE, 130 * SCALE
    rgba = np.zeros((h, w, 4), np.float32)
    pivot = (264.0 * SCALE, 75.0 * SCALE)
    handle = board(246, 17, 41).rgba
    _lay(rgba, handle, int(pivot[0] - 232 * SCALE), int(pivot[1] - handle.shape[0] // 2))
    iron = _bar(44, 84)
    _lay(rgba, iron, int(pivot[0] - 248 * SCALE), int(pivot[1] - 65 * SCALE))
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    away = np.hypot(x - pivot[0], y - pivot[1]) / SCALE
    disc = np.clip(12 - away, 0, 1)[..., None]
    brass = np.array([0.72, 0.56, 0.26]) * (0.65 + 0.45 * np.clip(1 - away / 12, 0, 1))[..., None]
    rgba[..., :3] = rgba[..., :3] * (1 - disc) + brass * disc
    rgba[..., 3:] = rgba[..., 3:] * (1 - disc) + disc
    return Sprite(rgba, pivot)


def _bar(width: int, height: int) -> NDArray[np.float32]:
    """Forged iron, lit from the upper right, as premultiplied RGBA."""
    w, h = width * SCALE, height * SCALE
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    waist = 1 - 0.30 * np.exp(-(((y / h - 0.30) / 0.16) ** 2))
    inner = (w / 2 - 1) * waist - np.abs(x - (w - 1) / 2)
    across = (x - (w - 1) / 2) / (w / 2 * waist)
    shine = 0.26 + 0.32 * np.exp(-(((across - 0.38) / 0.20) ** 2)) - 0.10 * across**2
    shine = shine + 0.25 * np.exp(-y / 5) + 0.10 * (y / h > 0.86)
    alpha = np.clip(np.minimum(inner, np.minimum(y, h - 1 - y)) / 2, 0, 1)
    metal = shine[..., None] * np.array([0.92, 0.95, 1.0])
    return np.dstack([np.clip(metal, 0, 1) * alpha[..., None], alpha]).astype(np.float32)


def _lay(onto: NDArray[np.float32], what: NDArray[np.float32], left: int, top: int) -> None:
    region = onto[top : top + what.shape[0], left : left + what.shape[1]]
    region *= 1 - what[..., 3:]
    region += what


def nail() -> Sprite:
    """A nail, anchored at its head's upper side."""
    w, h = 20 * SCALE, 48 * SCALE
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    across = np.abs(x - (w - 1) / 2) / SCALE
    wide = np.where(y < 5 * SCALE, 9.0, 3.2)
    alpha = np.clip(wide - across, 0, 1).astype(np.float32)
    lit = 0.50 + 0.30 * np.exp(-(((x - w / 2) / SCALE - 1.2) ** 2))
    return _cut(lit[..., None] * np.array([0.9, 0.93, 1.0]), alpha, (w / 2, 0.0))


def bowl() -> Sprite:
    """A shallow turned bowl seen from the side, anchored in its middle."""
    w, h = 116 * SCALE, 36 * SCALE
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    half = (w / 2 - 2) * np.sqrt(np.clip(1 - (y / h) ** 2.2 * 0.72, 0, 1))
    inner = half - np.abs(x - (w - 1) / 2)
    across = (x - w / 2) / (w / 2)
    lit = 0.55 + 0.45 * np.exp(-(((across - 0.35) / 0.40) ** 2)) + 0.35 * np.exp(-y / 5) - 0.35 * (y / h) ** 2
    face = plank(w, h, 51) * np.array([0.92, 0.72, 0.58])
    alpha = np.clip(np.minimum(inner, np.minimum(y, h - 1 - y)) / 2, 0, 1)
    return _cut(np.asarray(face * lit[..., None], np.float32), alpha, (w / 2, h / 2))


def crate(size: int) -> Sprite:
    """A small crate of slats, anchored in its middle."""
    s = size * SCALE
    rgba = np.zeros((s, s, 4), np.float32)
    rgba[6:-6, 6:-6] = (0.10, 0.065, 0.04, 1.0)
    for index in range(4):
        slat = board(size - 10, (size - 10) // 4 - 3, 60 + index).rgba
        _lay(rgba, slat[4:-4, 4:-4], 10, 10 + index * ((s - 20) // 4))
    for left in (0, s - 22 * SCALE):
        post = board(22, size, 70 + left).rgba[4:-4, 4:-4]
        _lay(rgba, post, left, 0)
        for y in (22, s // 2, s - 22):
            cv2.circle(rgba, (left + 11 * SCALE, y), 5, (0.16, 0.13, 0.11, 1.0), -1, cv2.LINE_AA)
    return Sprite(np.pad(rgba, ((4, 4), (4, 4), (0, 0))), (s / 2 + 4, s / 2 + 4))


def jar() -> Sprite:
    """A glass jar with something dark in it, anchored in its middle."""
    w, h = 36 * SCALE, 70 * SCALE
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    inner = np.minimum(np.minimum(x, w - 1 - x), np.minimum(y, h - 1 - y))
    filled = y > h * 0.45
    lid = y < h * 0.16
    tone = np.where(
        lid[..., None],
        [0.42, 0.36, 0.28],
        np.where(filled[..., None], [0.34, 0.22, 0.12], [0.34, 0.42, 0.42]),
    )
    shine = 0.62 + 0.55 * np.exp(-(((x / w - 0.72) / 0.10) ** 2))
    alpha = np.clip(inner / 5, 0, 1) * np.where(filled | lid, 0.95, 0.6)
    return _cut(np.asarray(tone * shine[..., None], np.float32), alpha.astype(np.float32), (w / 2, h / 2))


def thread(canvas: Picture, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A thin thread, placed to a sixteenth of a pixel."""
    fixed = [(round(x * 16), round(y * 16)) for x, y in (start, end)]
    cv2.line(canvas, fixed[0], fixed[1], (0.62, 0.60, 0.55), 1, cv2.LINE_AA, 4)


def polygon(
    canvas: Picture,
    points: NDArray[np.float64],
    colour: tuple[float, float, float],
    shine: tuple[float, float, float],
) -> None:
    """A filled outline with one upright highlight: `shine` is its x, its width and its strength."""
    mask = np.zeros(canvas.shape[:2], np.float32)
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    x = np.arange(canvas.shape[1], dtype=np.float32)
    light = 1 + shine[2] * 3 * np.exp(-(((x - shine[0]) / shine[1]) ** 2))
    tone = np.array(colour, np.float32) * light[None, :, None]
    canvas *= 1 - mask[..., None]
    canvas += tone * mask[..., None]
