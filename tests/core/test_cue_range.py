"""Where a take lies: range, handles and timecode, in exact samples."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.cue import Cue
from foley_core.cue_range import film_clock, film_timecode, place_cue
from foley_core.errors import BadRange
from foley_core.media.probe import MediaInfo
from foley_core.timecode import TimecodeFormat, parse_time, sample_at

RATES = [Fraction(24), Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)]


def film(
    seconds: Fraction = Fraction(100),
    rate: Fraction = RATES[0],
    timecode: str = "",
    timecode_rate: Fraction | None = None,
) -> MediaInfo:
    """A film that lasts so long; nothing of it is opened."""
    return MediaInfo(
        path=Path("/film.mp4"),
        width=1280,
        height=720,
        rotation=0,
        rate=rate,
        variable_rate=False,
        time_base=1 / rate,
        origin=Fraction(0),
        duration=seconds,
        first_timecode=timecode,
        video_codec="h264",
        sound=None,
        timecode_rate=timecode_rate,
    )


times = st.fractions(min_value=0, max_value=90, max_denominator=60_000)


@given(times, times, st.fractions(min_value=0, max_value=60, max_denominator=48_000), st.sampled_from(RATES))
def test_a_take_covers_just_the_cue_and_its_handles(
    start: Fraction, length: Fraction, handles: Fraction, rate: Fraction
) -> None:
    cue = Cue(media="/film.mp4", in_point=start, out_point=start + length + 1, handles=handles)
    laid = place_cue(cue, film(Fraction(200), rate))
    assert laid.start == max(start - handles, Fraction(0))
    assert laid.end == start + length + 1 + handles
    assert laid.head + laid.tail + sample_at(laid.out_point) - sample_at(laid.in_point) == laid.samples
    assert laid.time_reference == laid.first_sample >= 0
    assert 0 <= laid.picture[0] < laid.picture[1] <= 200


def test_without_an_out_point_the_cue_lasts_to_the_end_of_the_film() -> None:
    assert place_cue(Cue(media="/film.mp4", in_point=Fraction(10)), film()).out_point == 100


@pytest.mark.parametrize("rate", RATES)
def test_an_out_point_up_to_one_frame_past_the_end_is_clamped_and_no_further(rate: Fraction) -> None:
    assert place_cue(Cue(media="/f", out_point=100 + 1 / rate), film(rate=rate)).out_point == 100
    with pytest.raises(BadRange, match=r"past the end of film\.mp4"):
        place_cue(Cue(media="/f", out_point=100 + 1 / rate + Fraction(1, 10**9)), film(rate=rate))


@pytest.mark.parametrize("start", [Fraction(100), Fraction(1000)])
def test_an_in_point_at_or_past_the_end_is_refused(start: Fraction) -> None:
    with pytest.raises(BadRange, match="past the end"):
        place_cue(Cue(media="/film.mp4", in_point=start), film())


def test_the_time_reference_counts_from_the_films_own_timecode() -> None:
    laid = place_cue(Cue(media="/f", in_point=Fraction(2), handles=Fraction(5)), film(timecode="01:00:00:00"))
    assert laid.start == -3
    assert laid.time_reference == (3600 - 3) * 48_000
    assert laid.first_sample == -3 * 48_000


def test_at_29_97_an_hour_of_timecode_is_3603_6_seconds() -> None:
    rate = Fraction(30000, 1001)
    laid = place_cue(Cue(media="/f"), film(rate=rate, timecode="01:00:00:00"))
    assert laid.time_reference == round(Fraction(36036, 10) * 48_000)


def test_the_time_reference_counts_at_the_rate_of_the_timecode() -> None:
    rate = Fraction(30000, 1001)
    info = film(rate=2 * rate, timecode="10:00:00:15", timecode_rate=rate)
    assert place_cue(Cue(media="/f"), info).time_reference == 1_729_752_024


def test_the_time_reference_begins_again_at_midnight() -> None:
    info = film(seconds=Fraction(30), rate=Fraction(25), timecode="23:59:50:00")
    assert place_cue(Cue(media="/f"), info).time_reference == 4_146_720_000
    assert place_cue(Cue(media="/f", in_point=Fraction(10)), info).time_reference == 0
    assert place_cue(Cue(media="/f", in_point=Fraction(15)), info).time_reference == 240_000


@given(
    st.sampled_from([*RATES, Fraction(30), Fraction(120)]),
    st.booleans(),
    st.integers(0, 2**24),
    st.integers(0, 2000),
)
def test_the_time_reference_is_the_sample_of_the_frames_own_timecode(
    rate: Fraction, drop: bool, first: int, frame: int
) -> None:
    counting = TimecodeFormat(rate, drop and TimecodeFormat(rate).can_drop)
    info = film(seconds=Fraction(100), rate=rate, timecode=counting.text(first))
    laid = place_cue(Cue(media="/f", in_point=frame / rate), info)
    assert laid.time_reference == sample_at(counting.number(counting.text(first + frame)) / rate)


def test_a_timecode_that_cannot_be_read_counts_as_none() -> None:
    assert place_cue(Cue(media="/f"), replace(film(), first_timecode="reel 3")).time_reference == 0


@given(
    times,
    st.sampled_from(
        [
            (RATES[0], "", None),
            (RATES[2], "01:00:00:00", None),
            (RATES[3], "00:59:58;00", None),
            (RATES[4], "23:59:30:00", RATES[3]),
            (RATES[1], "23:59:58:24", None),
        ]
    ),
)
def test_the_timecode_of_a_time_is_that_of_the_frame_that_is_shown_then(
    time: Fraction, counted: tuple[Fraction, str, Fraction | None]
) -> None:
    rate, first, own = counted
    info = film(Fraction(100), rate, first, own)
    frame = 1 / (own or rate)
    back = parse_time(film_clock(info).timecode(time), rate, first, timecode_rate=own, duration=info.duration)
    assert (back / frame).denominator == 1
    rounded = Fraction(1, 2000)  # as lists of hits are
    assert back - rounded <= time < back + frame - rounded


def test_how_a_films_timecode_counts_is_not_known_where_frames_come_at_no_rate() -> None:
    assert film_timecode(film()) == TimecodeFormat(Fraction(24))
    assert film_timecode(film(rate=RATES[3], timecode="01:00:00;00")) == TimecodeFormat(RATES[3], drop=True)
    assert film_timecode(film(RATES[4], RATES[4], "01:00:00:00", RATES[3])) == TimecodeFormat(RATES[3])
    assert film_timecode(replace(film(), variable_rate=True)) is None
    timed = film(timecode="01:00:00:00", timecode_rate=Fraction(25))
    assert film_timecode(replace(timed, variable_rate=True)) == TimecodeFormat(Fraction(25))
