"""The nominal rate, found from when frames are shown, whatever is missing and however times are rounded."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.media.frame_rate import FrameRate, frame_rate

WHOLE = [Fraction(n) for n in (24, 25, 30, 48, 50, 60, 100, 120)]
NTSC = [Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)]
TICKS = [Fraction(1, n) for n in (1000, 12_800, 15_360, 48_000, 90_000)]


def seen(frames: list[int], rate: Fraction, tick: Fraction, late: Fraction = Fraction(0)) -> list[int]:
    """When these frames are shown, rounded to ticks; the first of all is that much late."""
    return [int((number / rate + late) / tick + Fraction(1, 2)) for number in frames]


@given(
    st.sampled_from(WHOLE + NTSC),
    st.sampled_from(TICKS),
    st.floats(0, 0.5),
    st.fractions(0, 10, max_denominator=7919),
    st.integers(0, 2**32),
)
def test_missing_frames_change_the_average_and_not_the_nominal_rate(
    rate: Fraction, tick: Fraction, missing: float, late: Fraction, seed: int
) -> None:
    draw = random.Random(seed)
    frames = [n for n in range(800) if n % 200 == 0 or draw.random() >= missing]
    runs = [seen(frames, rate, tick, late)[at : at + 84] for at in range(0, len(frames) - 84, 100)]
    average = len(frames) * rate / 800
    assert frame_rate(runs, tick, [average, rate]) == FrameRate(rate, variable=False)


@pytest.mark.parametrize("rate", WHOLE + NTSC, ids=str)
def test_where_ticks_count_frames_even_two_missing_of_three_are_no_matter(rate: Fraction) -> None:
    run = [0, 2, 5, 8, 10, 13, 15, 18, 21, 23, 27]
    assert frame_rate([run], 1 / rate, [rate / 2]) == FrameRate(rate, variable=False)


def test_times_that_passed_through_milliseconds_are_as_good_as_milliseconds() -> None:
    run = [16 * time for time in seen([n for n in range(84) if n != 40], Fraction(30), Fraction(1, 1000))]
    assert frame_rate([run], Fraction(1, 16_000), [Fraction(2987, 100)]).rate == 30


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("tick", [Fraction(1, 600), Fraction(1, 1000), Fraction(1, 90_000)])
def test_a_rate_that_truly_varies_stays_the_average(tick: Fraction, seed: int) -> None:
    draw, run = random.Random(seed), [0]
    for _ in range(20):
        run.append(run[-1] + round(draw.uniform(0.015, 0.12) / tick))
    average = Fraction(40, 3)
    assert frame_rate([run], tick, [average]) == FrameRate(average, variable=True)


def test_a_pulldown_is_counted_by_its_average() -> None:
    run = [sum((2, 3)[k % 2] for k in range(n)) * 1501 for n in range(60)]
    assert frame_rate([run], Fraction(1, 90_000), [Fraction(24000, 1001)]).rate == Fraction(24000, 1001)


def test_a_pause_of_any_length_says_nothing_about_the_rate() -> None:
    for pause in (7.77, 333.3, 95_443.21):
        run = seen(list(range(40)), Fraction(25), Fraction(1, 90_000))
        run += [time + round(pause * 90_000) for time in run]
        assert frame_rate([sorted(run)], Fraction(1, 90_000), [Fraction(1)]).rate == 25


def test_what_the_file_states_decides_where_what_is_seen_leaves_a_choice() -> None:
    for rate in (Fraction(24), Fraction(24000, 1001)):
        run = seen(list(range(6)), rate, Fraction(1, 1000))
        for stated in (rate, rate * 2, rate / 2):
            assert frame_rate([run], Fraction(1, 1000), [stated]).rate == rate


def test_a_clock_in_hundredths_is_no_frame_count() -> None:
    run = [0, 7, 17, 20, 31, 36]
    assert frame_rate([run], Fraction(1, 100), [Fraction(50, 36)], counting=False).variable
