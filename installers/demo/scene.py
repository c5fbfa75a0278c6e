"""The workshop of the demo clip, painted: a bench by a rainy window at dusk, under one warm lamp.

`background` is painted once; `Scene.paint` lays the moving things over it for one instant. Colours are RGB
floats, 0 to 1.
"""

from __future__ import annotations

import cv2
import motion
import numpy as np
import sprites
from motion import BENCH_Y, HEIGHT, WIDTH
from numpy.typing import NDArray
from sprites import Picture

LAMP = np.array([1010.0, 150.0])
WARM = np.array([1.0, 0.78, 0.50], np.float32)
WINDOW = (452, 52, 848, 372)
BENCH_BACK, BENCH_FRONT = 528, 616


def background() -> tuple[Picture, NDArray[np.float32]]:
    """All that does not move, at 1280x720, and where one sees through the window (0 or 1)."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    canvas = _wall(x, y)
    _window(canvas)
    _bench(canvas, x, y)
    canvas *= _light(x, y)[..., None] * (0.50 + 0.50 * WARM)
    _glass(canvas)
    empty = canvas.copy()
    _furniture(canvas)
    open_air = np.all(canvas == empty, axis=2) & _in_panes(x, y)
    _lamp(canvas, x, y)
    shade = 1 - 0.38 * (((x / WIDTH - 0.5) ** 2 + (y / HEIGHT - 0.5) ** 2) * 2) ** 1.2
    return np.clip(canvas * shade[..., None], 0, 1).astype(np.float32), open_air.astype(np.float32)


def _light(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """The lamp's cone downwards, and a little light from everywhere."""
    away = np.hypot((x - LAMP[0]) * 0.62, y - LAMP[1])
    cone = 1 / (1 + np.exp((np.abs(x - LAMP[0]) - 0.95 * (y - LAMP[1]) - 60) / 60))
    glow: NDArray[np.float32] = 0.42 + 1.0 * cone * np.exp(-away / 420) + 0.34 * np.exp(-away / 300)
    return glow


def _wall(x: NDArray[np.float32], y: NDArray[np.float32]) -> Picture:
    boards = np.floor(x / 107)
    tone = 0.30 + 0.035 * np.sin(boards * 2.7) + 0.05 * sprites.grain(HEIGHT, WIDTH, 5, upright=True)
    groove = 1 - 0.55 * np.exp(-(((x % 107) - 2) ** 2) / 5) + 0.10 * np.exp(-(((x % 107) - 7) ** 2) / 6)
    wall = (tone * groove)[..., None] * np.array([0.80, 0.98, 1.0], np.float32)
    dado = 1 - 0.30 / (1 + np.exp(-(y - 500) / 14))
    return np.asarray(wall * dado[..., None], np.float32)


def _window(canvas: Picture) -> None:
    left, top, right, bottom = WINDOW
    frame = sprites.plank(right - left + 52, bottom - top + 52, 11) * 0.62
    canvas[top - 26 : bottom + 26, left - 26 : right + 26] = frame
    sill = sprites.plank(right - left + 104, 26, 12) * 0.78
    canvas[bottom + 18 : bottom + 44, left - 52 : right + 52] = sill
    canvas[bottom + 44 : bottom + 66, left - 52 : right + 52] *= np.linspace(0.45, 1, 22)[:, None, None]


def _glass(canvas: Picture) -> None:
    """The dusk behind the panes, lit by itself, with the lights of a town out of focus."""
    left, top, right, bottom = WINDOW
    height, width = bottom - top, right - left
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    sky = np.linspace(0, 1, height)[:, None, None] ** 0.8
    dusk = np.array([0.10, 0.17, 0.30]) * (1 - sky) + np.array([0.36, 0.44, 0.56]) * sky
    hills = 232 + 22 * np.sin(x / 61 + 1) + 12 * np.sin(x / 23)
    dusk = dusk * (1 - 0.62 / (1 + np.exp(-(y - hills) / 5)))[..., None]
    rng = np.random.default_rng(4)
    for _ in range(26):
        cx, cy, radius = rng.uniform(0, width), rng.uniform(222, 312), rng.uniform(4, 12)
        disc = np.clip((radius - np.hypot(x - cx, y - cy)) / 3 + 0.5, 0, 1)
        dusk = dusk + disc[..., None] * rng.uniform(0.06, 0.24) * np.array(
            [1.0, rng.uniform(0.62, 0.85), 0.42]
        )
    middle = width // 2
    dusk[:, middle - 7 : middle + 7] = canvas[top:bottom, left - 20 : left - 6] * 0.9
    dusk[150:162] = canvas[top - 20 : top - 8, left:right] * 0.9
    canvas[top:bottom, left:right] = dusk


def _in_panes(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.bool_]:
    left, top, right, bottom = WINDOW
    inside = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    bars = (np.abs(x - (left + right) / 2) < 8) | (np.abs(y - top - 156) < 7)
    return np.asarray(inside & ~bars)


def _bench(canvas: Picture, x: NDArray[np.float32], y: NDArray[np.float32]) -> None:
    top = sprites.plank(WIDTH, BENCH_FRONT - BENCH_BACK, 21)
    depth = np.linspace(0.62, 1.05, BENCH_FRONT - BENCH_BACK)[:, None, None]
    canvas[BENCH_BACK:BENCH_FRONT] = top * depth * 1.12
    front = sprites.plank(WIDTH, HEIGHT - BENCH_FRONT, 22) * 0.50
    front[:6] *= 1.7
    front[34:38] *= 0.5
    canvas[BENCH_FRONT:] = front
    canvas[BENCH_BACK - 22 : BENCH_BACK] *= np.linspace(1, 0.5, 22)[:, None, None]


def _furniture(canvas: Picture) -> None:
    """The shelf, the cradle's stand, the hammer's post, the block and what stands about."""
    shelf = sprites.board(96, 16, 31)
    sprites.put(canvas, shelf, 34, 124)
    sprites.put(canvas, sprites.board(14, 46, 32), 18, 152)
    for x in (898, 944, 990):
        sprites.put(canvas, sprites.jar(), x, 301)
    sprites.put(canvas, sprites.board(190, 14, 33), 935, 342)
    for side in (-172, 172):
        sprites.put(canvas, sprites.board(20, 286, 34), motion.CRADLE_X + side, 424)
    sprites.put(canvas, sprites.board(384, 22, 35), motion.CRADLE_X, motion.CRADLE_Y - 6)
    shadow(canvas, motion.CRADLE_X, 420, 0.5)
    sprites.put(canvas, sprites.board(400, 22, 36), motion.CRADLE_X, 561)
    shadow(canvas, 970, 130, 0.7)
    sprites.put(canvas, sprites.board(124, 48, 37), 970, BENCH_Y - 22)
    shadow(canvas, motion.HAMMER_PIVOT[0], 90, 0.7)
    sprites.put(canvas, sprites.board(44, 140, 38), motion.HAMMER_PIVOT[0] + 4, BENCH_Y - 62)


def _lamp(canvas: Picture, x: NDArray[np.float32], y: NDArray[np.float32]) -> None:
    cx, cy = LAMP
    cv2.line(canvas, (int(cx), 0), (int(cx), int(cy) - 60), (0.05, 0.05, 0.05), 4, cv2.LINE_AA)
    shade = np.array([[cx - 26, cy - 66], [cx + 26, cy - 66], [cx + 92, cy - 6], [cx - 92, cy - 6]])
    sprites.polygon(canvas, shade, (0.10, 0.20, 0.18), shine=(cx - 30, 46, 0.30))
    inside = np.exp(-(((x - cx) / 74) ** 4) - ((y - cy + 3) / 6) ** 2)
    halo = 0.55 * np.exp(-np.hypot(x - cx, (y - cy) * 1.15) / 62)
    canvas += (1.1 * inside + halo)[..., None] * np.array([1.0, 0.86, 0.58], np.float32)


def shadow(canvas: Picture, x: float, width: float, depth: float) -> None:
    """A soft shadow on the bench, under something `width` pixels wide."""
    half = int(width * 0.5 + 36)
    left, right = max(int(x) - half, 0), min(int(x) + half, WIDTH)
    if left >= right:
        return
    rows = slice(BENCH_BACK + 4, BENCH_FRONT - 4)
    yy = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]
    xx = np.arange(left, right, dtype=np.float32)[None]
    along = np.abs(xx - x) / (width * 0.5 + 10)
    dark = depth * np.exp(-(along**4) - ((yy - BENCH_Y - 4) / 15) ** 2)
    canvas[rows, left:right] *= (1 - 0.75 * dark)[..., None]


class Scene:
    """The moving things and how they are laid over the background."""

    def __init__(self) -> None:
        self._background, self._open_air = background()
        self._bowl = sprites.bowl()
        self._hammer = sprites.hammer()
        self._steel = sprites.steel_ball(motion.CRADLE_RADIUS)
        self._crate = sprites.crate(int(motion.CRATE_SIZE))
        self._nail = sprites.nail()
        self._block = sprites.board(124, 48, 37)
        self._rain = _rain_sheets()

    def paint(self, t: float) -> Picture:
        """The picture at the instant `t`, float RGB, (720, 1280, 3)."""
        canvas = self._background.copy()
        self._paint_rain(canvas, t)
        self._paint_shadows(canvas, t)
        self._paint_cradle(canvas, t)
        self._paint_ball(canvas, t)
        self._paint_hammer(canvas, t)
        sprites.put(canvas, self._crate, motion.CRATE_X, motion.crate(t))
        return canvas

    def _paint_rain(self, canvas: Picture, t: float) -> None:
        left, top, right, bottom = WINDOW
        for sheet, speed, depth in self._rain:
            fallen = _roll(sheet, t * speed)[: bottom - top] * self._open_air[top:bottom, left:right]
            canvas[top:bottom, left:right] += depth * fallen[..., None]

    def _paint_shadows(self, canvas: Picture, t: float) -> None:
        x, y = motion.ball(t)
        height = max(BENCH_Y - motion.BALL_RADIUS - y, 0.0)
        if height < 420:
            shadow(canvas, x, 56 + 0.25 * height, 0.85 / (1 + height / 110))
        shadow(canvas, BOWL_X, 104, 0.8)
        height = max(BENCH_Y - motion.CRATE_SIZE / 2 - motion.crate(t), 0.0)
        if height < 700:
            shadow(canvas, motion.CRATE_X, 118 + 0.2 * height, 0.9 / (1 + height / 140))

    def _paint_cradle(self, canvas: Picture, t: float) -> None:
        left, right = motion.cradle(t)
        radius, string = motion.CRADLE_RADIUS, motion.CRADLE_STRING
        for index, angle in enumerate((-left, 0.0, 0.0, 0.0, right)):
            top_x = motion.CRADLE_X + (index - 2) * 2 * radius
            x, y = top_x + string * np.sin(angle), motion.CRADLE_Y + string * np.cos(angle)
            sprites.thread(canvas, (top_x, motion.CRADLE_Y + 5), (x, y - radius + 3))
            sprites.put(canvas, self._steel, x, y)

    def _paint_ball(self, canvas: Picture, t: float) -> None:
        x, y = motion.ball(t)
        sprites.put(canvas, sprites.wooden_ball(motion.BALL_RADIUS, x / motion.BALL_RADIUS), x, y)
        sprites.put(canvas, self._bowl, BOWL_X, BENCH_Y - 15)

    def _paint_hammer(self, canvas: Picture, t: float) -> None:
        angle = motion.hammer(t)
        nail_x = motion.HAMMER_PIVOT[0] - motion.HAMMER_LENGTH
        sprites.put(canvas, self._nail, nail_x, motion.nail_top(t))
        sprites.put(canvas, self._block, nail_x, BENCH_Y - 22)
        sprites.put(canvas, self._hammer, *motion.HAMMER_PIVOT, angle=-np.degrees(angle))


BOWL_X = motion.ball(float(motion.BALL_STRIKES[2]))[0]


def _rain_sheets() -> list[tuple[NDArray[np.float32], float, float]]:
    """Streaks at two distances, each a sheet that falls and comes round again: (sheet, pixels/s, depth)."""
    rng = np.random.default_rng(8)
    sheets = []
    for count, length, speed, depth in ((150, 26, 620.0, 0.05), (70, 46, 980.0, 0.075)):
        sheet = np.zeros((480, WINDOW[2] - WINDOW[0]), np.float32)
        for x, y in zip(rng.uniform(0, sheet.shape[1], count), rng.uniform(0, 480, count), strict=True):
            for wrap in (-480, 0, 480):
                start, end = (int(x), int(y) + wrap), (int(x) - 4, int(y) + wrap + length)
                cv2.line(sheet, start, end, 1.0, 1, cv2.LINE_AA)
        blurred = np.asarray(cv2.GaussianBlur(sheet, (0, 0), 0.8, sigmaY=4), np.float32)
        sheets.append((blurred, speed, depth * 1.8))
    return sheets


def _roll(sheet: NDArray[np.float32], shift: float) -> NDArray[np.float32]:
    whole = int(np.floor(shift))
    part = shift - whole
    return (1 - part) * np.roll(sheet, whole, 0) + part * np.roll(sheet, whole + 1, 0)
