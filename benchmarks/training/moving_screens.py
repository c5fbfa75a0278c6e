"""Pictures in the picture: a monitor or a television on which text runs, windows move, pictures change."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.training.fields import endless
from benchmarks.training.motions import gestures, swaying, travelled
from benchmarks.training.places import place as anywhere
from benchmarks.training.scene import FINE, HEIGHT, Canvas, Light, Matrix, Scene, Sprite
from benchmarks.training.textures import box, disc, surface
from benchmarks.training.timing import times

Show = Callable[[float], Light]
"""What is on the screen, (its height, its width)."""


def screens(rng: Generator, seconds: float) -> Scene:
    """A screen that fills the picture or stands in a room, with a cursor or without."""
    place = anywhere(rng)
    fills = rng.random() < 0.4
    wide = 1.45 if fills else rng.uniform(0.25, 0.9)
    size = (256, 160)
    ways = (_text, _windows, _changes, _plays)
    show = ways[int(rng.integers(len(ways)))](rng, seconds, size)
    x, y = (0.5, HEIGHT / 2) if fills else (rng.uniform(0.3, 0.7), rng.uniform(0.2, 0.4))
    tilt = 0.0 if fills else rng.normal(0, 0.1)
    high = wide * size[1] / size[0]
    frame, stand = box(rng, 1.06 * wide, 1.1 * high, rng.uniform(5, 120)), box(rng, 0.3 * wide, 0.3 * wide)
    cursor = disc(rng, rng.uniform(0.01, 0.03), rng.choice([10.0, 245.0])) if rng.random() < 0.6 else None
    points = [gestures(rng, seconds, 0.2, rest=0.5, quick=(0.12, 0.8), home=0.1) for _ in "xy"]
    mask = np.ones(size[::-1], np.float32)
    flicker = rng.uniform(0, 0.04) if rng.random() < 0.15 else 0.0
    hum = swaying(rng, seconds, rng.uniform(1, 9), flicker, 0.0)

    def draw(canvas: Canvas, time: float) -> None:
        canvas.backdrop(place)
        canvas.lay(stand, x, y + 0.6 * high)
        canvas.lay(frame, x, y, angle=tilt)
        picture = Sprite(show(time), mask, (size[0] / 2, size[1] / 2))
        canvas.lay(picture, x, y, angle=tilt, scale=wide * FINE / size[0], gain=1 + hum(time))
        if cursor is not None:
            across, down = (float(np.clip(point(time), -0.45, 0.45)) for point in points)
            canvas.lay(cursor, x + wide * across, y + high * down)

    return Scene(draw)


def _page(rng: Generator, size: tuple[int, int]) -> Light:
    """A page with lines of words, headings and pictures; it repeats without a seam."""
    width, height = size
    paper, ink = (float(v) for v in rng.permutation([rng.uniform(150, 250), rng.uniform(5, 90)]))
    page = np.full((2 * height, width), paper, np.float32)
    step = int(rng.integers(7, 14))
    for y in range(4, 2 * height - step, step):
        x = int(rng.integers(8, 30)) if rng.random() < 0.3 else 10
        until = width - int(rng.exponential(60)) - 10
        while x < until and rng.random() < 0.97:
            word = int(rng.integers(6, 34))
            page[y : y + step // 2, x : min(x + word, until) : 2] = ink
            x += word + 5
    for _ in range(int(rng.integers(0, 4))):
        wide, high = (int(rng.uniform(0.15, 0.45) * side) for side in size)
        x, y = int(rng.integers(0, width - wide)), int(rng.integers(0, 2 * height - high))
        page[y : y + high, x : x + wide] = surface(rng, wide, high, rng.uniform(40, 200), 30, 4)
    return page


def _text(rng: Generator, seconds: float, size: tuple[int, int]) -> Show:
    """Text that runs evenly, is scrolled by jerks of the hand, or grows letter by letter."""
    page = _page(rng, size)
    if rng.random() < 0.3:
        return _typed(rng, seconds, page, size)
    even = travelled(rng, seconds, rng.uniform(5, 60))
    hand = gestures(rng, seconds, 60, rest=0.6, quick=(0.15, 0.7), home=0.0)
    way = even if rng.random() < 0.4 else hand

    def show(time: float) -> Light:
        into: Matrix = np.array([[1.0, 0, 0], [0, 1, -way(time)]])
        return np.asarray(
            cv2.warpAffine(page, into, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32
        )

    return show


def _typed(rng: Generator, seconds: float, page: Light, size: tuple[int, int]) -> Show:
    width, height = size
    paper, step = float(np.median(page)), int(rng.integers(8, 16))
    letters = times(rng, seconds, 0.4, 0.06)
    first = int(rng.integers(0, height - 3 * step)) // step * step

    def show(time: float) -> Light:
        light = page[:height].copy()
        done = int(np.searchsorted(letters, time)) * 7
        line, at = first + done // width * step, done % width
        light[line:, at:] = paper
        light[line + step :] = paper
        if time % 1.0 < 0.5:
            light[line : line + step - 2, at : at + 2] = 255 - paper
        return light

    return show


def _windows(rng: Generator, seconds: float, size: tuple[int, int]) -> Show:
    """Windows that are dragged about, open and shut."""
    width, height = size
    desk = surface(rng, width, height, rng.uniform(30, 200), rng.uniform(0, 30), 20)
    panes = []
    for _ in range(int(rng.integers(1, 5))):
        wide, high = int(rng.integers(50, 160)), int(rng.integers(40, 110))
        pane = _page(rng, (wide, high))[:high]
        pane[:6] = rng.uniform(20, 200)
        home = rng.uniform(0, width - wide), rng.uniform(0, height - high)
        moves = [gestures(rng, seconds, rng.uniform(0, 40), rest=1.2, quick=(0.2, 1)) for _ in "xy"]
        opens = float(rng.uniform(0, seconds)) if rng.random() < 0.4 else -1.0
        panes.append((pane, home, moves, opens))

    def show(time: float) -> Light:
        light = desk.copy()
        for pane, home, moves, opens in panes:
            if time < opens:
                continue
            rows, columns = pane.shape
            left = int(np.clip(home[0] + moves[0](time), 0, width - columns))
            top = int(np.clip(home[1] + moves[1](time), 0, height - rows))
            light[top : top + rows, left : left + columns] = pane
        return light

    return show


def _changes(rng: Generator, seconds: float, size: tuple[int, int]) -> Show:
    """One picture after another, or a part of it that changes at once: slides, a game's board, tiles."""
    width, height = size
    changes = times(rng, seconds, 3.0, 0.4)
    first = surface(rng, width, height, rng.uniform(30, 220), rng.uniform(0, 40), 8)
    pictures = [first]
    part = rng.random() < 0.6
    for _ in changes:
        light = pictures[-1].copy()
        wide, high = (int(side * (rng.uniform(0.1, 0.6) if part else 1)) for side in size)
        x, y = int(rng.integers(0, width - wide + 1)), int(rng.integers(0, height - high + 1))
        light[y : y + high, x : x + wide] = surface(
            rng, wide, high, rng.uniform(20, 235), rng.uniform(0, 40), 5
        )
        pictures.append(light)
    return lambda time: pictures[int(np.searchsorted(changes, time))]


def _plays(rng: Generator, seconds: float, size: tuple[int, int]) -> Show:
    """A film in the film, or a game: a picture that pans, with something that goes about before it."""
    width, height = size
    far = (rng.uniform(60, 180) + rng.uniform(10, 40) * endless(rng, 512, 512, rng.uniform(4, 20))).astype(
        np.float32
    )
    pan = [gestures(rng, seconds, 40, rest=0.5, quick=(0.3, 1.5)) for _ in "xy"]
    who = [gestures(rng, seconds, 40, rest=0.4, quick=(0.2, 1.0)) for _ in "xy"]
    light, radius = float(rng.uniform(0, 255)), int(rng.integers(4, 30))

    def show(time: float) -> Light:
        into: Matrix = np.array([[1.0, 0, pan[0](time)], [0, 1, pan[1](time)]])
        seen = cv2.warpAffine(far, into, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        place = (int(16 * (width / 2 + who[0](time))), int(16 * (height / 2 + who[1](time))))
        cv2.circle(seen, place, 16 * radius, light, -1, cv2.LINE_AA, 4)
        return np.asarray(np.clip(seen, 0, 255), np.float32)

    return show
