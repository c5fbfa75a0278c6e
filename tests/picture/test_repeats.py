"""A film that was put to a higher rate, so that frames are shown twice, is seen as it was before."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from foley_core.picture.repeats import without_repeats
from tests.picture.drawn import film
from tests.picture.seeing import see
from tests.picture.strikes import SECONDS, picture, strikes

Shown = NDArray[np.uint8]


def moving(number: int) -> Shown:
    """Something is elsewhere in each."""
    luma = np.full((90, 160), 100, np.uint8)
    luma[40:50, 5 * number % 140 : 5 * number % 140 + 10] = 200
    return luma


def left(shown: list[Shown]) -> list[Shown]:
    """Those that are no repeats."""
    return list(without_repeats(shown, lambda frame: frame))


@pytest.mark.parametrize("times", [2, 3])
def test_of_frames_that_are_shown_several_times_each_is_left_once(times: int) -> None:
    fresh = [moving(number) for number in range(60)]
    found = left([frame for frame in fresh for _ in range(times)])
    assert len(found) in range(60, 60 + 2 * times)  # the last ones have nothing behind them
    assert all((one == other).all() for one, other in zip(found, fresh, strict=False))


def test_of_frames_with_faint_noise_from_compression_the_repeats_go_too() -> None:
    rng = np.random.default_rng(1)
    noisy = [moving(number // 2) + rng.integers(0, 4, (90, 160), np.uint8) for number in range(120)]
    assert len(left(noisy)) in range(60, 64)


@given(st.integers(1, 3), st.integers(0, 60))
def test_a_moment_s_rest_is_no_repeat(rest: int, begins: int) -> None:
    shown = [moving(min(number, begins) + max(number - begins - rest, 0)) for number in range(90)]
    assert len(left(shown)) == len(shown)


def test_a_film_that_stands_still_or_begins_to_move_stays_whole() -> None:
    shown = [moving(0)] * 50 + [moving(number) for number in range(50)] + [moving(49)] * 50
    assert len(left(shown)) == len(shown)
    assert left([]) == []
    assert len(left([moving(0)])) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "shown"), [(24, 48), (15, 30), (30, 60), (25, 30)])
def test_what_strikes_is_seen_whatever_rate_the_film_was_put_to(
    rate: int, shown: int, tmp_path: Path
) -> None:
    path = film(
        tmp_path / "film.mp4",
        Fraction(shown),
        float(SECONDS),
        lambda time: picture(int(time * rate + 1e-6) / rate),
    )
    times = [float(impact.time) for impact in see(path).impacts]
    missing = [float(s.time) for s in strikes() if not any(abs(t - float(s.time)) < 0.07 for t in times)]
    assert (len(missing) <= 2, abs(len(times) - len(strikes())) <= 2) == (True, True), (missing, times)
