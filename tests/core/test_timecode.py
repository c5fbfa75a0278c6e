"""Exact time: positions in samples, frame rates, and what people type."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.errors import BadTime
from foley_core.timecode import (
    SAMPLE_RATE,
    TimecodeFormat,
    exact,
    exact_text,
    frames_in_timecode,
    parse_time,
    sample_at,
    snap_rate,
)

NTSC = Fraction(30000, 1001)
RATES = [Fraction(24), Fraction(25), Fraction(24000, 1001), NTSC, Fraction(30), Fraction(60000, 1001)]
times = st.fractions(min_value=-100_000, max_value=100_000, max_denominator=1_000_000)


@given(times)
def test_a_sample_is_never_further_than_half_a_sample_from_its_time(time: Fraction) -> None:
    assert abs(sample_at(time) - time * SAMPLE_RATE) <= Fraction(1, 2)


@given(times, times)
def test_samples_keep_the_order_of_times(one: Fraction, other: Fraction) -> None:
    assert (sample_at(one) <= sample_at(other)) == (one <= other) or sample_at(one) == sample_at(other)


@given(times)
def test_an_exact_time_survives_being_written_down(time: Fraction) -> None:
    assert exact(exact_text(time)) == time


@pytest.mark.parametrize("rate", RATES)
def test_after_ten_hours_of_frames_the_position_is_still_exact(rate: Fraction) -> None:
    frame = round(36_000 * rate)
    assert abs(sample_at(frame / rate) - frame * SAMPLE_RATE / rate) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (29.97, NTSC),
        (Fraction(2997, 100), NTSC),
        (3 / 0.1001, NTSC),
        (30 / 1.00100004673, NTSC),
        (23.976, Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (24, Fraction(24)),
        (5 / 0.2, Fraction(25)),
        (12.5, Fraction(25, 2)),
        (15, Fraction(15)),
        (240, Fraction(240)),
        (1, Fraction(1)),
    ],
)
def test_a_rounded_frame_rate_is_recognised(written: float, meant: Fraction) -> None:
    assert snap_rate(written) == meant


@pytest.mark.parametrize("rate", [0, -25])
def test_a_frame_rate_that_is_not_above_zero_is_refused(rate: int) -> None:
    with pytest.raises(BadTime, match="frame rate"):
        snap_rate(rate)


@pytest.mark.parametrize(
    ("text", "rate", "meant"),
    [
        ("12.5", Fraction(25), Fraction(25, 2)),
        (".5", Fraction(25), Fraction(1, 2)),
        ("240f", NTSC, 240 * Fraction(1001, 30000)),
        ("00:00:10:12", Fraction(25), Fraction(10) + Fraction(12, 25)),
        ("00:01:00;02", NTSC, 1800 * Fraction(1001, 30000)),
        ("00:10:00;00", NTSC, 17982 * Fraction(1001, 30000)),
        ("01:00:00;00", NTSC, 107892 * Fraction(1001, 30000)),
        ("01:00:00;00", Fraction(60000, 1001), 215784 * Fraction(1001, 60000)),
    ],
)
def test_the_three_ways_of_writing_a_time_are_exact(text: str, rate: Fraction, meant: Fraction) -> None:
    assert parse_time(text, rate) == meant


def test_a_timecode_counts_from_the_films_own_first_timecode() -> None:
    assert parse_time("01:00:10:12", Fraction(24), "01:00:00:00") == Fraction(10) + Fraction(12, 24)
    with pytest.raises(BadTime, match="before the film"):
        parse_time("00:59:59:23", Fraction(24), "01:00:00:00")


@pytest.mark.parametrize("text", ["01:01:00:02", "01:01:00;02", "01;01;00;02"])
def test_whether_frames_are_dropped_is_known_from_the_film_and_either_mark_is_read(text: str) -> None:
    assert parse_time(text, NTSC, "01:00:00;00") == 1800 / NTSC
    assert parse_time(text, NTSC, "01:00:00:00") == 1802 / NTSC


@pytest.mark.parametrize("text", ["12:01:00:00", "12:01:00;01"])
def test_a_number_that_drop_frame_leaves_out_is_told_with_the_next(text: str) -> None:
    with pytest.raises(BadTime, match=r"The next one is 12:01:00;02\."):
        parse_time(text, NTSC, "12:00:00;00")
    with pytest.raises(BadTime, match=r"The next one is 12:01:00;04\."):
        parse_time(text, 2 * NTSC, "12:00:00;00")


def test_a_timecode_counts_at_its_own_rate() -> None:
    first = {"first_timecode": "10:00:00:15", "timecode_rate": NTSC}
    assert parse_time("10:00:01:00", 2 * NTSC, **first) == 15 / NTSC
    with pytest.raises(BadTime, match="frames to 29"):
        parse_time("10:00:01:30", 2 * NTSC, **first)


def test_the_day_after_follows_midnight() -> None:
    film = {"first_timecode": "23:59:50:00", "duration": Fraction(30)}
    assert parse_time("00:00:05:00", Fraction(25), **film) == 15
    assert parse_time("24:00:05:00", Fraction(25), **film) == 15
    for text in ("23:59:49:24", "22:00:00:00", "13:00:00:00"):
        with pytest.raises(BadTime, match="before the film"):
            parse_time(text, Fraction(25), **film)
    assert parse_time("11:00:00:00", Fraction(25), **film) > film["duration"]  # which is said by `place_cue`


@given(
    st.sampled_from(
        [Fraction(n) for n in (24, 25, 30, 48, 50, 60, 100, 120)] + [n * NTSC for n in (1, 2, 4)]
    ),
    st.booleans(),
    st.integers(0, 2**40),
    st.integers(0, 2**22),
)
def test_frame_number_time_and_timecode_say_the_same(
    rate: Fraction, drop: bool, first: int, frame: int
) -> None:
    counting = TimecodeFormat(rate, drop and TimecodeFormat(rate).can_drop)
    begins, named = counting.text(first), counting.text(first + frame)
    assert counting.number(begins) == first % counting.frames_per_day
    frame %= counting.frames_per_day
    time = parse_time(f"{frame}f", rate)
    assert time == frame / rate
    for text in (named, named.replace(";", ":"), named.replace(":", ";")):
        assert parse_time(text, rate, begins, duration=counting.day) == time
    assert counting.text(counting.number(begins) + int(time * rate)) == named


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("", Fraction(25)),
        ("soon", Fraction(25)),
        ("1e999999999", Fraction(25)),
        ("1/0", Fraction(25)),
        ("1/00", Fraction(25)),
        ("12,5", Fraction(25)),
        ("nan", Fraction(25)),
        ("٣", Fraction(25)),
        ("00:00:10:25", Fraction(25)),
        ("00:60:00:00", Fraction(25)),
        ("00:01:00;00", NTSC),
        ("00:00:10;12", Fraction(25)),
        ("9" * 30, Fraction(25)),
    ],
)
def test_a_time_that_cannot_be_read_is_one_clear_error(text: str, rate: Fraction) -> None:
    with pytest.raises(BadTime):
        parse_time(text, rate)


@given(st.integers(min_value=0, max_value=24 * 107_892 - 1))
def test_drop_frame_names_every_frame_of_a_day_just_once(frame: int) -> None:
    tens, rest = divmod(frame, 17_982)
    skipped = 18 * tens + (2 * ((rest - 2) // 1798) if rest > 1 else 0)
    shown = frame + skipped
    text = f"{shown // 108_000:02}:{shown // 1800 % 60:02}:{shown // 30 % 60:02};{shown % 30:02}"
    assert frames_in_timecode(text, NTSC) == frame


@given(st.sampled_from(RATES), st.booleans(), st.integers(0, 86_399))
def test_a_second_of_timecode_begins_with_the_first_frame_that_has_its_number(
    rate: Fraction, drop: bool, second: int
) -> None:
    counting = TimecodeFormat(rate, drop and TimecodeFormat(rate).can_drop)
    told = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    assert counting.text(counting.second(second)).startswith(told)
    assert not counting.text(counting.second(second) - 1).startswith(told)
