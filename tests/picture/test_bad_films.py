"""Films that are odd in form: each is watched to its end, and what is in it is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from foley_core.media.probe import probe
from foley_core.picture.movement import first_step, last_step
from foley_core.picture.spotting import MOVEMENT_COLUMNS, MOVEMENT_ROWS, Spotting
from tests.films import variable_times
from tests.picture import long
from tests.picture.drawn import HEIGHT, WALL, WIDTH, Picture, film, film_at, moving, pattern, thing_at
from tests.picture.long import MINUTE, lengthened, minute, peak
from tests.picture.quiet import view
from tests.picture.seeing import see

STRIKE = 0.777
TEN_HOURS = 36_000
PACKETS = 108
"""In one of its minutes."""


def bounces(time: float) -> tuple[float, float]:
    return 40 + 100 * time, 150 - 160 * abs(time - STRIKE)


def bouncing(time: float) -> Picture:
    return thing_at(*bounces(time))


def steady(rate: int, seconds: float) -> list[Fraction]:
    return [Fraction(number, rate) for number in range(round(seconds * rate))]


def assert_one_strike(seen: Spotting, within: float, at: float = STRIKE) -> None:
    assert [abs(float(impact.time) - at) <= within for impact in seen.impacts] == [True]


def assert_whole(seen: Spotting, path: Path, frames: int) -> None:
    """All was watched: every frame, and every step of movement."""
    assert (seen.start, seen.end, seen.frames) == (0, probe(path).duration, frames)
    steps = last_step(seen.end) - first_step(seen.start)
    assert len(seen.movement.energy) == steps * MOVEMENT_ROWS * MOVEMENT_COLUMNS


@dataclass(frozen=True)
class Empty:
    """A film in which nothing can be seen to strike."""

    rate: Fraction
    frames: int
    picture: Callable[[float], Picture]


def black(time: float) -> Picture:
    return np.zeros((90, 160), np.uint8)


def tiny(time: float) -> Picture:
    return cv2.resize(bouncing(time), (8, 8), interpolation=cv2.INTER_AREA).astype(np.uint8)


def cut_every_frame(time: float) -> Picture:
    return np.clip(view(round(time * 25) % 12), 0, 255)[::2, ::2].astype(np.uint8)


def flickering(frames: int) -> Callable[[float], Picture]:
    return lambda time: np.full((90, 160), 255 * (round(time * 25) // frames % 2), np.uint8)


EMPTY = {
    "black": Empty(Fraction(25), 50, black),
    "one frame": Empty(Fraction(25), 1, bouncing),
    "two frames": Empty(Fraction(25), 2, bouncing),
    "a tenth of a second": Empty(Fraction(30), 3, bouncing),
    "1 frame a second": Empty(Fraction(1), 12, bouncing),
    "8 x 8 pixels": Empty(Fraction(25), 40, tiny),
    "16 x 2 pixels": Empty(Fraction(25), 30, lambda time: tiny(time)[:2].repeat(2, axis=1)),
    "2 x 200 pixels": Empty(Fraction(25), 30, lambda time: pattern(2, 200, round(time * 25), 0, 250)),
    "a cut every frame": Empty(Fraction(25), 50, cut_every_frame),
    "black and white in turn": Empty(Fraction(25), 50, flickering(1)),
    "black and white every 2": Empty(Fraction(25), 50, flickering(2)),
    "black and white every 3": Empty(Fraction(25), 50, flickering(3)),
    "black and white every 5": Empty(Fraction(25), 50, flickering(5)),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_a_film_in_which_nothing_can_strike_has_no_impacts(tmp_path: Path, kind: str) -> None:
    empty = EMPTY[kind]
    path = film(tmp_path / "film.mp4", empty.rate, float(empty.frames / empty.rate), empty.picture)
    seen = see(path)
    assert seen.impacts == ()
    assert_whole(seen, path, empty.frames)


@pytest.mark.slow
def test_a_film_of_8k_is_watched(tmp_path: Path) -> None:
    still = cv2.resize(WALL, (7680, 4320), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    path = film_at(
        tmp_path / "film.mp4", steady(25, 0.16), lambda time: still, options={"preset": "ultrafast"}
    )
    seen = see(path)
    assert (probe(path).width, probe(path).height) == (7680, 4320)
    assert seen.impacts == ()
    assert_whole(seen, path, 4)


@pytest.mark.slow
def test_a_film_of_240_frames_a_second_is_seen_as_any_other(tmp_path: Path) -> None:
    path = moving(tmp_path / "film.mp4", Fraction(240), 1.2, bounces)
    seen = see(path)
    assert_one_strike(seen, 0.010)
    assert_whole(seen, path, seen.frames)
    assert 288 / 8 <= seen.frames < 288  # others are made from some that nobody looks at


def test_an_interlaced_film_is_seen_as_any_other(tmp_path: Path) -> None:
    def interlaced(time: float) -> Picture:
        """The lower field is half a frame later than the upper one."""
        frame = bouncing(time)
        frame[1::2] = bouncing(time + 0.02)[1::2]
        return frame

    path = film_at(
        tmp_path / "film.mp4", steady(25, 1.6), interlaced, options={"x264-params": "interlaced=1:tff=1"}
    )
    with av.open(str(path)) as opened:
        assert next(opened.decode(video=0)).interlaced_frame
    assert_one_strike(see(path), 0.030)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_portrait_film_is_seen_upright(tmp_path: Path, turned: int) -> None:
    """Whether it is stored upright, or lying and turned by its metadata."""

    def portrait(time: float) -> Picture:
        upright = np.vstack([pattern(HEIGHT, WIDTH - HEIGHT, 7, 60, 110), bouncing(time)[:, :HEIGHT]])
        return np.ascontiguousarray(np.rot90(upright, -turned // 90))

    path = film_at(tmp_path / "film.mp4", steady(25, 1.6), portrait, rotation=turned)
    seen = see(path)
    assert (probe(path).width, probe(path).height) == (HEIGHT, WIDTH)
    assert_one_strike(seen, 0.020)
    x, y = bounces(STRIKE)
    assert seen.impacts[0].x == pytest.approx(x / HEIGHT, abs=0.1)
    assert seen.impacts[0].y == pytest.approx((y + WIDTH - HEIGHT) / WIDTH, abs=0.1)


@pytest.mark.parametrize("gap", [Fraction(0), Fraction(1, 6), Fraction(3, 2)])
def test_a_film_whose_rate_varies_with_gaps_in_it_is_seen_as_any_other(tmp_path: Path, gap: Fraction) -> None:
    """What is moving goes on moving while no frame is shown; that is no impact."""
    away = Fraction(6, 5)
    times = [time for time in variable_times(Fraction(5, 2)) if not away < time < away + gap]
    assert_one_strike(see(film_at(tmp_path / "film.mp4", times, bouncing)), 0.020)


@pytest.fixture(scope="module")
def one_minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return minute(tmp_path_factory.mktemp("minute") / "film.mp4")


@pytest.fixture(scope="module")
def ten_hours(one_minute: Path) -> Path:
    return lengthened(one_minute, one_minute.with_name("ten-hours.mp4"), TEN_HOURS // MINUTE)


@pytest.mark.slow
def test_a_minute_in_the_middle_of_ten_hours_is_seen_as_by_itself(one_minute: Path, ten_hours: Path) -> None:
    assert probe(ten_hours).duration > TEN_HOURS - 2
    middle = TEN_HOURS // 2
    seen, alone = see(ten_hours, middle, middle + MINUTE), see(one_minute, 0, MINUTE)
    assert_one_strike(seen, 0.020, middle + float(long.STRIKE))
    assert [impact.time - middle for impact in seen.impacts] == [impact.time for impact in alone.impacts]
    assert seen.frames <= alone.frames + 14  # one a second, and a little is watched before and after


@pytest.mark.process
def test_memory_does_not_grow_with_the_length_of_the_film_nor_of_what_is_watched(
    one_minute: Path, ten_hours: Path
) -> None:
    """But for what FFmpeg knows of each packet of an MP4."""
    alone, _ = peak(one_minute, 0, MINUTE)
    in_middle, _ = peak(ten_hours, TEN_HOURS // 2, TEN_HOURS // 2 + MINUTE)
    for_longer, found = peak(ten_hours, 0, 10 * MINUTE)
    index = 200 * PACKETS * TEN_HOURS // MINUTE
    assert found == 10
    assert in_middle <= alone + index
    assert for_longer <= 1.05 * in_middle
