"""How long things are said: never wider than there is room, never shorter than it takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from backend.cli.wording import age_words, length_words, padded, shortened, waiting_words


@given(st.text(), st.integers(1, 60))
def test_a_name_fits_and_keeps_both_its_ends(text: str, width: int) -> None:
    short = shortened(text, width)
    assert cell_len(short) <= width
    assert short.isprintable()
    assert cell_len(padded(short, width)) == width
    if text.isascii() and text.isprintable():
        begin, gap, end = short.partition("…")
        assert len(short) == min(len(text), width)
        assert text.startswith(begin)
        assert text.endswith(end)
        assert bool(gap) == (len(text) > width)


@pytest.mark.parametrize(
    ("place", "wait_s", "reason", "said"),
    [
        (2, 40, "jobs", "behind 2 jobs, about 40 s"),
        (1, None, "jobs", "behind 1 job"),
        (0, 0, "jobs", ""),
        (0, None, "start", "the worker is starting"),
        (3, None, "load", "behind 3 jobs, the engine is being loaded"),
        (3, 90, "a reason of a newer version", "behind 3 jobs, about 2 min"),
        (None, None, "", ""),
    ],
)
def test_a_place_is_said_in_a_few_words(
    place: int | None, wait_s: int | None, reason: str, said: str
) -> None:
    assert waiting_words(place, wait_s, reason) == said


@pytest.mark.parametrize(
    ("seconds", "length", "age"),
    [
        (0.2, "1 s", "0 s"),
        (59.5, "1 min", "59 s"),
        (60, "1 min", "1 min"),
        (61, "2 min", "1 min"),
        (3599, "1 h 00 min", "59 min"),
        (3900, "1 h 05 min", "1 h"),
        (90_000, "25 h 00 min", "1 d"),
        (-5, "0 s", "0 s"),
    ],
)
def test_a_length_is_rounded_up_and_an_age_down(seconds: float, length: str, age: str) -> None:
    assert length_words(max(seconds, 0)) == length
    assert age_words(seconds) == age
