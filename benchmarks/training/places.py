"""Places full of detail to stand behind what moves: woods, streets, rooms, stands full of people."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.fields import around, endless
from benchmarks.training.scene import Light
from benchmarks.training.textures import backdrop


def place(rng: Generator) -> Light:
    """Any place, plain or full of detail."""
    if rng.random() < 0.35:
        return backdrop(rng)
    ways: tuple[Callable[[Generator], Light], ...] = (_wood, _street, _room, _stand, _mixed)
    light = ways[int(rng.integers(len(ways)))](rng)
    contrast = rng.uniform(0.45, 1.3)
    middle = float(np.clip(light.mean() + rng.normal(0, 20), 30, 210))
    return np.asarray(np.clip(middle + contrast * (light - light.mean()), 0, 255), np.float32)


def _wood(rng: Generator) -> Light:
    """Sky, crowns of trees with holes in them, trunks, grass."""
    width, height = around()
    light = np.full((height, width), rng.uniform(120, 250), np.float32)
    rows = np.arange(height)[:, None] / height
    for top in np.sort(rng.uniform(-0.2, 0.6, int(rng.integers(1, 4)))):
        edge = rows - top + 0.1 * endless(rng, width, height, 25) + 0.03 * endless(rng, width, height, 4)
        crowns = _foliage(rng, width, height, rng.uniform(2, 6))
        light = np.where(edge > 0, crowns, light)
    for _ in range(int(rng.integers(0, 14))):
        _upright(rng, light, rng.uniform(10, 110), rng.uniform(1, 14))
    ground = rng.uniform(0.5, 1.0)
    grass = rng.uniform(50, 170) + rng.uniform(10, 35) * endless(rng, width, height, rng.uniform(2, 5), 0.5)
    return np.where(rows > ground, grass, light).astype(np.float32)


def _foliage(rng: Generator, width: int, height: int, size: float) -> Light:
    """Leaves with light and shade on them."""
    fine, coarse = endless(rng, width, height, size), endless(rng, width, height, 6 * size)
    return (rng.uniform(40, 120) + rng.uniform(15, 40) * fine + rng.uniform(8, 30) * coarse).astype(
        np.float32
    )


def _upright(rng: Generator, light: Light, bright: float, thick: float) -> None:
    """A trunk, a post, a mast."""
    height, width = light.shape
    x, lean = rng.uniform(0, width), rng.normal(0, 15)
    start, end = rng.uniform(-0.1, 0.6) * height, rng.uniform(0.6, 1.1) * height
    begin, until = (int(x), int(start)), (int(x + lean), int(end))
    cv2.line(light, begin, until, float(bright), max(int(thick), 1), cv2.LINE_AA)


def _street(rng: Generator) -> Light:
    """Houses with windows, signs with letters, a street before them."""
    width, height = around()
    light = np.full((height, width), rng.uniform(120, 245), np.float32)
    x = 0
    while x < width:
        wide, top = int(rng.uniform(50, 190)), int(rng.uniform(0.0, 0.5) * height)
        wall = rng.uniform(40, 210)
        light[top:, x : x + wide] = wall + 6 * rng.standard_normal(light[top:, x : x + wide].shape)
        pane, step = int(rng.integers(5, 16)), int(rng.integers(14, 34))
        for down in range(top + 8, height, step):
            for across in range(x + 5, min(x + wide, width) - pane, step):
                light[down : down + int(1.4 * pane), across : across + pane] = wall + rng.choice(
                    [-70, -40, 50]
                )
        x += wide + int(rng.integers(0, 12))
    for _ in range(int(rng.integers(0, 7))):
        _sign(rng, light)
    for _ in range(int(rng.integers(0, 6))):
        _upright(rng, light, rng.uniform(10, 110), rng.uniform(1, 5))
    kerb = int(rng.uniform(0.6, 0.85) * height)
    light[kerb:] = rng.uniform(50, 170) + rng.uniform(3, 20) * endless(rng, width, height - kerb, 3, 2)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), 0.7), np.float32)


def _sign(rng: Generator, light: Light) -> None:
    """A board with letters."""
    height, width = light.shape
    wide, high = int(rng.integers(30, 110)), int(rng.integers(14, 40))
    x, y = int(rng.integers(0, width - wide)), int(rng.integers(0, height - high))
    dark = rng.random() < 0.5
    light[y : y + high, x : x + wide] = 30 if dark else 225
    word = "".join(chr(65 + int(letter)) for letter in rng.integers(0, 26, 7))
    ink = 230.0 if dark else 20.0
    letters = np.zeros((high, wide), np.uint8)
    cv2.putText(letters, word, (3, high // 2 + 5), cv2.FONT_HERSHEY_SIMPLEX, high / 45, 255, 1, cv2.LINE_AA)
    board = light[y : y + high, x : x + wide]
    board += letters / np.float32(255) * (ink - board)


def _room(rng: Generator) -> Light:
    """Shelves, frames, edges of furniture, curtains with folds."""
    width, height = around()
    light = np.full((height, width), rng.uniform(60, 220), np.float32)
    light += rng.uniform(0, 10) * endless(rng, width, height, 3)
    for _ in range(int(rng.integers(3, 16))):
        wide, high = int(rng.integers(20, 170)), int(rng.integers(20, 130))
        x, y = int(rng.integers(0, width - wide)), int(rng.integers(0, height - high))
        part = light[y : y + high, x : x + wide]
        way = rng.integers(4)
        if way == 0:
            books = np.repeat(rng.uniform(20, 230, wide // 3 + 1), 3)[:wide]
            part[:] = books
            part[:: max(high // 3, 4)] = 40
        elif way == 1:
            folds = np.sin(np.cumsum(rng.uniform(0.2, 0.9, wide)))
            part[:] = rng.uniform(60, 190) + 35 * folds
        elif way == 2:
            part[:] = rng.uniform(20, 230)
            part[4:-4, 4:-4] = rng.uniform(20, 230) + 30 * endless(rng, wide, high, 4)[4:-4, 4:-4]
        else:
            part[:] = rng.uniform(20, 230)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), 0.8), np.float32)


def _stand(rng: Generator) -> Light:
    """Row upon row of heads, stones, boxes or fruit."""
    width, height = around()
    light = np.full((height, width), rng.uniform(20, 120), np.float32)
    size = rng.uniform(3, 14)
    for y in np.arange(0, height + size, 1.6 * size):
        for x in np.arange(rng.uniform(0, size), width, rng.uniform(1.7, 2.4) * size):
            spot = (int(x + rng.normal(0, 0.2 * size)), int(y + rng.normal(0, 0.2 * size)))
            cv2.ellipse(light, spot, (int(0.8 * size), int(size)), 0, 0, 360, float(rng.uniform(30, 230)), -1)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), 0.7), np.float32)


def _mixed(rng: Generator) -> Light:
    """One of them beyond the ground of another."""
    first, second = _wood(rng), (_street, _room, _stand)[int(rng.integers(3))](rng)
    rows = np.arange(len(first))[:, None] / len(first)
    edge = 0.03 * rng.normal() * endless(rng, first.shape[1], len(first), 30)
    return np.where(rows + edge > rng.uniform(0.4, 0.7), first, second).astype(np.float32)
