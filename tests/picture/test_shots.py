"""Shots: cuts, flashes and fades are told apart, each at its frame; motion is none of them."""

from __future__ import annotations

import logging
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.picture.shots import DELAY, FrameChange, ShotDetector
from tests.picture.drawn import Picture
from tests.picture.quiet import frame, view

RATE = Fraction(25)
SIZE = (128, 72)


def look(pictures: Iterable[Picture], times: Sequence[Fraction] | None = None) -> list[FrameChange]:
    shots, looks = ShotDetector(), []
    for number, picture in enumerate(pictures):
        looks += shots.see(times[number] if times else number / RATE, picture)
    return looks + shots.rest()


def changed(looks: Sequence[FrameChange], change: str) -> list[int]:
    return [number for number, one in enumerate(looks) if one.change == change]


def begun(looks: Sequence[FrameChange]) -> list[int]:
    return [number for number, one in enumerate(looks) if one.new_shot]


def small(picture: Picture | np.ndarray) -> Picture:
    made = cv2.resize(np.asarray(picture), SIZE, interpolation=cv2.INTER_AREA)
    return np.clip(np.rint(made), 0, 255).astype(np.uint8)


def seen(seed: int, x: float = 0, y: float = 0) -> Picture:
    return small(view(seed, x, y))


def grainy(pictures: Iterable[Picture]) -> Iterator[Picture]:
    rng = np.random.default_rng(1)
    for picture in pictures:
        yield np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)


def test_every_cut_is_found_at_its_frame_and_none_else() -> None:
    lengths = np.random.default_rng(3).integers(6, 30, 16)
    cuts = np.cumsum(lengths)[:-1].tolist()
    shots = [
        seen(100 + shot, x=(shot % 3) * 3 * n) for shot, length in enumerate(lengths) for n in range(length)
    ]
    looks = look(grainy(shots))
    assert changed(looks, "cut") == cuts
    assert begun(looks) == cuts


@pytest.mark.parametrize("at", [1, 2, 11, 18, 19])
def test_a_cut_near_the_start_or_the_end_of_the_film_is_found(at: int) -> None:
    assert changed(look([seen(1 + (number >= at)) for number in range(20)]), "cut") == [at]


def test_after_a_cut_and_a_slow_change_the_next_cut_is_at_its_frame() -> None:
    levels = [60.0] * 20 + [120.0] * 20 + np.linspace(120, 60, 300).tolist() + [120.0] * 20
    rng = np.random.default_rng(1)
    pictures = [np.rint(rng.normal(level, 3, (36, 64))).astype(np.uint8) for level in levels]
    assert changed(look(pictures), "cut") == [20, 340]


def whip(time: float) -> Picture:
    return seen(1, x=150 * min(max(time - 0.6, 0) / 0.2, 1) - 75)


def jolt(time: float) -> Picture:
    return seen(1, x=30 * (0.59 < time < 0.67), y=18 * (0.59 < time < 0.67))


def thing_passing(time: float) -> Picture:
    picture, left = seen(1), int(200 * time) - 100
    picture[:, max(left, 0) : max(left + 70, 0)] = seen(2)[:, max(left, 0) : max(left + 70, 0)]
    return picture


def lightened(time: float) -> Picture:
    return small(view(1) * (0.6 + 0.4 * (time > 0.6)))


@pytest.mark.parametrize("motion", [whip, jolt, thing_passing, lightened])
def test_what_moves_or_is_lit_otherwise_is_no_cut(motion: Callable[[float], Picture]) -> None:
    looks = look(grainy(motion(number / 25) for number in range(40)))
    assert (changed(looks, "cut"), begun(looks)) == ([], [])


@pytest.mark.parametrize("kind", ["still", "pan", "zoom", "shake", "grain", "flicker"])
def test_quiet_footage_has_no_cuts(kind: str) -> None:
    at = frame(kind, SIZE[0])
    looks = look(at(number / 25) for number in range(75))
    assert (changed(looks, "cut"), begun(looks)) == ([], [])
    assert kind == "flicker" or {one.change for one in looks} == {""}


@pytest.mark.parametrize("frames", [1, 2, 3])
@pytest.mark.parametrize("light", [90, -70])
def test_a_flash_is_told_with_the_frame_after_it_and_is_no_cut(frames: int, light: int) -> None:
    pictures = [small(view(1) + light * (20 <= number < 20 + frames)) for number in range(40)]
    looks = look(grainy(pictures))
    assert changed(looks, "flash") == list(range(20, 21 + frames))
    assert (changed(looks, "cut"), begun(looks)) == ([], [])


@pytest.mark.parametrize("frames", [6, 12, 25, 50])
@pytest.mark.parametrize("ends", [(1, 2), (1, None), (None, 2)], ids=["dissolve", "out", "in"])
def test_a_fade_is_no_cut_and_begins_one_shot_when_it_is_over(
    frames: int, ends: tuple[int | None, int | None]
) -> None:
    before, after = (np.zeros((360, 640)) if end is None else view(end) for end in ends)
    shares = [min(max((number - 20) / frames, 0), 1) for number in range(frames + 40)]
    looks = look([small(before + (after - before) * share) for share in shares])
    faded = changed(looks, "fade")
    assert {*range(22, 19 + frames)} <= {*faded} <= {*range(13, frames + 29)}
    assert changed(looks, "cut") == []
    assert begun(looks) == [faded[-1] + 1]


def test_a_cut_in_every_frame_breaks_nothing() -> None:
    looks = look([seen(number % 30) for number in range(60)])
    assert len(looks) == 60


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60)
)
def test_each_frame_is_told_once_in_order_and_in_time(film: list[tuple[int, int, int]]) -> None:
    pictures = [seen(seed) for seed in range(4)]
    shots, times, told = ShotDetector(), [Fraction(0)], []
    for ticks, seed, light in film:
        times.append(times[-1] + Fraction(ticks, 90_000))
        told += shots.see(times[-1], pictures[seed] // (light + 1))
        due = [time for time in times[1:-2] if time <= times[-1] - DELAY]
        assert len(told) >= len(due)
    told += shots.rest()
    assert [one.time for one in told] == times[1:]


def test_what_a_frame_is_does_not_depend_on_what_was_long_before_it() -> None:
    whole = [frame("cuts", SIZE[0])(number / 25) for number in range(100)]
    times = [number / RATE for number in range(100)]
    assert look(whole[30:], times[30:])[10:] == look(whole, times)[40:]


@pytest.mark.parametrize("shape", [(2, 2), (8, 8), (1, 300), (300, 1)])
def test_pictures_of_any_shape_can_be_looked_at(shape: tuple[int, int]) -> None:
    black, white = np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)
    assert changed(look([black] * 10 + [white] * 10), "cut") == [10]


def test_memory_does_not_grow_with_the_length_nor_with_the_rate() -> None:
    pictures = [seen(seed) for seed in range(7)]

    def held(frames: int, rate: int) -> int:
        shots = ShotDetector()
        for number in range(50):
            shots.see(Fraction(number, rate), pictures[number % 7])
        tracemalloc.start()
        try:
            for number in range(50, frames):
                shots.see(Fraction(number, rate), pictures[number // 3 % 7])
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    assert held(400, 25) < 60_000
    assert held(400, 100_000) < 400_000


def test_a_film_without_frames_has_none_to_tell() -> None:
    assert ShotDetector().rest() == []


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    handlers = list(logging.getLogger().handlers)
    with caplog.at_level(logging.DEBUG):
        look([seen(1), seen(2)] * 5)
    assert caplog.records == []
    assert logging.getLogger().handlers == handlers
    assert logging.getLogger("pyscenedetect").handlers == []
