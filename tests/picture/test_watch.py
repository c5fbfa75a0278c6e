"""Watching: what stops or is thrown back is an impact, at its true time; nothing else is."""

from __future__ import annotations

import base64
import json
import threading
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from foley_core.errors import Cancelled, MediaMissing
from foley_core.media.probe import probe
from foley_core.picture import movement
from foley_core.picture.spotting import MOVEMENT_RATE, Impact, Spotting, SpottingChunk
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.picture.watch import watch
from tests.picture.drawn import HEIGHT, WALL, WIDTH, Picture, film, moving, pattern, thing_at
from tests.picture.strikes import strikes, struck_film

DEMO = Path(__file__).parents[2] / "installers" / "demo"
STRIKE = 0.777
RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60000, 1001)]


def see(path: Path, start: Fraction | int = 0, end: Fraction | int = 10) -> Spotting:
    start, end = Fraction(start), Fraction(end)
    return SpottingStream(start, end, watch(probe(path), start, end, lambda share: None)).spotting()


@pytest.fixture(scope="module")
def demo() -> Spotting:
    return see(DEMO / "demo.mp4")


def truth() -> list[dict[str, float]]:
    impacts: list[dict[str, float]] = json.loads((DEMO / "demo.json").read_text(encoding="utf-8"))["impacts"]
    return impacts


def test_every_impact_of_the_demo_clip_is_seen_and_none_else(demo: Spotting) -> None:
    seen, true = [float(impact.time) for impact in demo.impacts], [impact["time"] for impact in truth()]
    assert len(seen) == len(true)
    assert max(abs(one - other) for one, other in zip(seen, true, strict=True)) <= 0.020


def test_impacts_are_seen_where_they_are(demo: Spotting) -> None:
    for impact, true in zip(demo.impacts, truth(), strict=True):
        assert abs(impact.x - true["x"]) < 0.08
        assert abs(impact.y - true["y"]) < 0.18  # true is where they touch; seen is the middle of what moves


def test_impacts_have_a_strength_and_a_small_picture(demo: Spotting) -> None:
    for impact in demo.impacts:
        assert 0 < impact.strength <= 1
        jpeg = np.frombuffer(base64.b64decode(impact.thumbnail), np.uint8)
        assert cv2.imdecode(jpeg, cv2.IMREAD_COLOR).shape == (72, 128, 3)


def test_the_frames_looked_at_are_counted(demo: Spotting) -> None:
    assert demo.frames == 300


def test_a_part_is_seen_as_in_the_whole(demo: Spotting) -> None:
    start, end = Fraction(4), Fraction(17, 2)
    part = see(DEMO / "demo.mp4", start, end)
    assert part.impacts == tuple(impact for impact in demo.impacts if start <= impact.time < end)
    assert part.movement.energy == demo.movement.energy[100 * 12 : 213 * 12]


def test_what_is_seen_does_not_depend_on_how_many_threads_there_are(demo: Spotting) -> None:
    threads = cv2.getNumThreads()
    cv2.setNumThreads(3)
    try:
        seen = see(DEMO / "demo.mp4", 0, 2).impacts
    finally:
        cv2.setNumThreads(threads)
    assert seen == tuple(impact for impact in demo.impacts if impact.time < 2)


def stops(time: float) -> tuple[float, float]:
    return 60 + 260 * min(time, STRIKE), 90.0


def bounces(time: float) -> tuple[float, float]:
    return 40 + 100 * time, 150 - 160 * abs(time - STRIKE)


def slows_down(time: float) -> tuple[float, float]:
    share = min(time / 1.4, 1.0)
    return 60 + 160 * share * share * (3 - 2 * share), 90.0


def swings(time: float) -> tuple[float, float]:
    return 160 + 90 * float(np.cos(2 * np.pi * time / 1.5)), 90.0


def passes_through(time: float) -> tuple[float, float]:
    return -60 + 260 * time, 60 + 30 * time


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("motion", [stops, bounces])
def test_what_stops_or_bounces_is_an_impact_at_its_time(
    tmp_path: Path, rate: Fraction, motion: Callable[[float], tuple[float, float]]
) -> None:
    impacts = see(moving(tmp_path / "film.mp4", rate, 1.6, motion)).impacts
    assert [round(abs(float(impact.time) - STRIKE), 3) <= 0.020 for impact in impacts] == [True]
    assert impacts[0].x == pytest.approx(motion(STRIKE)[0] / WIDTH, abs=0.08)
    assert impacts[0].y == pytest.approx(motion(STRIKE)[1] / HEIGHT, abs=0.12)


@pytest.mark.parametrize("motion", [slows_down, swings, passes_through])
def test_smooth_motion_is_no_impact(tmp_path: Path, motion: Callable[[float], tuple[float, float]]) -> None:
    assert see(moving(tmp_path / "film.mp4", Fraction(25), 2, motion)).impacts == ()


def still(time: float) -> Picture:
    return WALL


def pan(time: float) -> Picture:
    wide = pattern(WIDTH * 2, HEIGHT, 1, 60, 200)
    return np.ascontiguousarray(wide[:, int(40 * time) : int(40 * time) + WIDTH])


def flash(time: float) -> Picture:
    return np.full_like(WALL, 235) if 0.99 < time < 1.03 else WALL


def cut(time: float) -> Picture:
    return thing_at(60 + 100 * time, 90) if time < 1 else pattern(WIDTH, HEIGHT, 9, 20, 240)


def fade(time: float) -> Picture:
    return np.asarray(WALL * max(1 - time / 2, 0), np.uint8)


@pytest.mark.parametrize("picture", [still, pan, flash, cut, fade])
def test_nothing_is_heard_where_nothing_strikes(tmp_path: Path, picture: Callable[[float], Picture]) -> None:
    assert see(film(tmp_path / "film.mp4", Fraction(25), 2, picture)).impacts == ()


def test_a_harder_stop_is_stronger(tmp_path: Path) -> None:
    def at(speed: float) -> Impact:
        path = tmp_path / f"{speed}.mp4"
        return see(moving(path, Fraction(25), 1.6, lambda t: (60 + speed * min(t, STRIKE), 90.0))).impacts[0]

    assert at(90).strength < at(180).strength < at(270).strength


def test_what_is_wider_is_larger(tmp_path: Path) -> None:
    def seen(times: int) -> Impact:
        def picture(time: float) -> Picture:
            shown = WALL.copy()
            x, side = int(40 + 200 * min(time, STRIKE)), 28 * times
            shown[90 - side // 2 :][:side, x : x + side] = pattern(side, side, 2, 120, 250)
            return shown

        return see(film(tmp_path / f"{times}.mp4", Fraction(25), 1.6, picture)).impacts[0]

    assert 0 < seen(1).size < seen(3).size <= 1


def test_every_impact_says_how_sure_it_is(demo: Spotting) -> None:
    assert all(0 < impact.sure <= 1 for impact in demo.impacts)


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES, ids=str)
def test_of_many_things_that_move_only_those_that_strike_are_impacts(tmp_path: Path, rate: Fraction) -> None:
    seen = [float(i.time) for i in see(struck_film(tmp_path / "film.mp4", rate, 5), 0, 5).impacts]
    true = [float(strike.time) for strike in strikes() if strike.time < 4.9]
    assert len(seen) == len(true)
    assert max(abs(one - other) for one, other in zip(seen, true, strict=True)) <= 0.020


def test_a_blow_at_the_second_frame_is_seen(tmp_path: Path) -> None:
    path = moving(tmp_path / "film.mp4", Fraction(25), 1, lambda t: (60 + 260 * min(t, 0.06), 90.0))
    assert [abs(float(impact.time) - 0.06) <= 0.03 for impact in see(path).impacts] == [True]


@pytest.mark.parametrize(("frames", "size"), [(1, (64, 64)), (2, (64, 64)), (30, (16, 16)), (30, (512, 16))])
def test_films_with_hardly_anything_in_them_have_no_impacts(
    tmp_path: Path, frames: int, size: tuple[int, int]
) -> None:
    black = np.zeros(size[::-1], np.uint8)
    path = film(tmp_path / "film.mp4", Fraction(25), frames / 25, lambda time: black)
    seen = see(path)
    assert (seen.impacts, seen.cuts, seen.frames) == ((), (), frames)
    assert not any(seen.movement.energy)


def energy(seen: Spotting) -> list[float]:
    """Of the whole picture, step by step."""
    return [float(step.sum()) for step in movement.decoded(seen.movement.energy)]


@pytest.mark.parametrize("rate", [*RATES, Fraction(120)], ids=str)
def test_movement_comes_at_its_own_pace_whatever_the_rate(tmp_path: Path, rate: Fraction) -> None:
    path = moving(tmp_path / "film.mp4", rate, 1.6, stops)
    seen = see(path, Fraction(1, 10), Fraction(31, 20))
    steps = energy(seen)
    assert (seen.movement.first, len(steps)) == (2, 37)
    moves = [time / MOVEMENT_RATE < STRIKE - 0.1 for time in range(2, 39)]
    still = [time / MOVEMENT_RATE > STRIKE + 0.1 for time in range(2, 39)]
    loud = [step for step, when in zip(steps, moves, strict=True) if when]
    assert min(loud[2:]) > 0.5 * max(loud) > 0
    assert max(step for step, when in zip(steps, still, strict=True) if when) < 0.05 * max(loud)


def test_movement_is_where_it_is(tmp_path: Path) -> None:
    seen = see(moving(tmp_path / "film.mp4", Fraction(25), 1.6, lambda t: (40 + 40 * t, 30.0)), 0, 1)
    mean = movement.decoded(seen.movement.energy).mean(0)
    assert mean[0, :2].sum() > 0.9 * mean.sum() > 0


def test_a_film_of_one_frame_a_second_has_movement_but_no_impacts(tmp_path: Path) -> None:
    seen = see(moving(tmp_path / "film.mp4", Fraction(1), 8, lambda t: (60 + 10 * t, 90.0)), 0, 8)
    assert (seen.impacts, len(seen.movement.energy) // 12) == ((), 200)
    assert sum(energy(seen)) > 0


def test_what_is_seen_comes_while_the_film_is_still_being_watched(demo: Spotting) -> None:
    start, end = Fraction(0), Fraction(10)
    given = list(watch(probe(DEMO / "demo.mp4"), start, end, lambda share: None))
    until = [start, *(chunk.until for chunk in given)]
    assert all(0 < later - earlier <= 1 for earlier, later in pairwise(until[:-1]))
    assert (until[-1], len(given) >= 4) == (end, True)
    assert given[0].frames < 220
    for since, chunk in zip(until, given, strict=False):
        assert all(since <= impact.time < chunk.until for impact in chunk.impacts)
        assert len(chunk.energy) == 12 * _steps(since, chunk.until)
    assert tuple(impact for chunk in given for impact in chunk.impacts) == demo.impacts


def _steps(since: Fraction, until: Fraction) -> int:
    """Whole steps that are over at one time and were not at the other."""
    return until * MOVEMENT_RATE // 1 - since * MOVEMENT_RATE // 1


def test_one_who_stops_listening_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    chunks = watch(probe(DEMO / "demo.mp4"), Fraction(0), Fraction(10), lambda share: None)
    first = next(chunks)
    assert isinstance(first, SpottingChunk)
    assert threading.active_count() > before
    chunks.close()
    assert threading.active_count() == before


def test_it_says_how_far_it_is_and_lets_a_cancel_through(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", Fraction(25), 1, still)
    shares: list[float] = []
    list(watch(probe(path), Fraction(0), Fraction(1), shares.append))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert len(shares) > 25

    def cancel(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        next(watch(probe(path), Fraction(0), Fraction(1), cancel))


def test_too_little_memory_is_told_alike_whichever_library_lacks_it(tmp_path: Path) -> None:
    path = moving(tmp_path / "film.mp4", Fraction(10), 1, swings)

    def want_too_much(share: float) -> None:
        cv2.repeat(np.zeros((1, 1), np.uint8), 2**30, 2**30)

    with pytest.raises(MemoryError, match="allocate"):
        list(watch(probe(path), Fraction(0), Fraction(1), want_too_much))


def test_a_missing_film_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        see(tmp_path / "none.mp4")


@pytest.mark.slow
def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    path = moving(tmp_path / "film.mp4", Fraction(10), 36, swings)

    def peak(seconds: int) -> int:
        tracemalloc.start()
        try:
            see(path, 0, seconds)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    assert peak(35) <= 1.05 * peak(17)
