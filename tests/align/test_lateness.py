"""Lateness: found whatever it does over time, and nothing told where nothing can be."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.align.lateness import Lateness, estimate
from foley_core.align.sound_analysis import SoundAnalysis
from foley_core.timecode import SAMPLE_RATE
from tests.align.events import Flaws, heard, scene, seen

MS = SAMPLE_RATE // 1000


def found(flaws: Flaws, *, seconds: float = 60, count: int = 40, seed: int = 1) -> Lateness:
    """The lateness of a sound with these flaws."""
    impacts = seen(seed, count, seconds)
    return estimate(impacts, scene(seed, impacts, seconds, flaws).heard)


def worst(lateness: Lateness, flaws: Flaws, seconds: float) -> float:
    """Milliseconds by which it is wrong at most, looked at every half second of picture."""
    off = []
    for time in np.arange(1.0, seconds - 1, 0.5):
        sounds = time + flaws.late(time)
        off.append(float(lateness.at(Fraction(sounds))) / SAMPLE_RATE - flaws.late(time))
    return 1000 * float(np.abs(off).max())


@pytest.mark.parametrize(
    "flaws",
    [
        Flaws(lambda time: 0.18),
        Flaws(lambda time: -0.12),
        Flaws(lambda time: 0.06 + 0.21 * time / 60),
        Flaws(lambda time: 0.001 * time + 0.05),
        Flaws(lambda time: 0.005 * time),
        Flaws(lambda time: 0.05 - 0.005 * time),
        Flaws(lambda time: 0.18, jitter=0.005, lost=0.3, doubled=0.1, others=40),
    ],
    ids=["late", "early", "growing", "clock 0.1 %", "clock 0.5 %", "clock -0.5 %", "lost and doubled"],
)
def test_lateness_is_found_to_some_milliseconds(flaws: Flaws) -> None:
    lateness = found(flaws)
    assert lateness.told
    assert worst(lateness, flaws, 60) < 6


def test_a_clock_is_followed_for_long() -> None:
    flaws = Flaws(lambda time: 0.06 + 0.21 * time / 3600 + 0.001 * time, lost=0.01, doubled=0.01)
    assert worst(found(flaws, seconds=1500, count=375), flaws, 1500) < 6


def test_it_is_followed_where_much_is_heard_that_is_not_seen() -> None:
    flaws = Flaws(lambda time: 0.1 + 0.001 * time, jitter=0.01, lost=0.5, others=600)
    lateness = found(flaws, seconds=300, count=150)
    assert lateness.told
    assert worst(lateness, flaws, 300) < 20


def test_a_constant_lateness_of_a_short_clip_is_found() -> None:
    flaws = Flaws(lambda time: 0.18, jitter=0.01, lost=0.1, others=3)
    off = [worst(found(flaws, seconds=8, count=12, seed=seed), flaws, 8) for seed in range(8)]
    assert max(off) < 25


@pytest.mark.parametrize("late", [0.0, 0.012, -0.015])
def test_a_sound_that_is_nearly_on_time_is_measured_and_right(late: float) -> None:
    for seed in range(4):
        flaws = Flaws(lambda time: late, jitter=0.004)
        lateness = found(flaws, seed=seed)
        assert (lateness.told, lateness.right) == (True, True)
        assert worst(lateness, flaws, 60) < 6


def test_impacts_and_onsets_of_different_films_tell_nothing() -> None:
    told = 0
    for seed in range(20):
        other = scene(seed + 100, (), 20, Flaws(others=30))
        lateness = estimate(seen(seed, 20, 20), other.heard)
        told += lateness.told
        assert lateness.told or set(lateness.late) == {0}
    assert told <= 1


def test_nothing_seen_or_nothing_heard_tells_nothing() -> None:
    silence, impacts = heard((), 10), seen(1, 5, 10)
    assert estimate((), scene(1, impacts, 10, Flaws()).heard) == Lateness()
    assert estimate(impacts, silence) == Lateness()
    assert estimate(impacts, SoundAnalysis(0, (), np.zeros(0, np.float32))) == Lateness()


def test_a_sound_that_begins_later_in_the_film_counts_from_there() -> None:
    impacts = seen(3, 60, 60)
    whole = scene(3, impacts, 60, Flaws(lambda time: 0.15)).heard
    first = 20 * SAMPLE_RATE
    later = [onset for onset in whole.onsets if onset.sample >= first]
    part = heard(tuple(type(o)(o.sample - first, o.strength) for o in later), 40)
    lateness = estimate([impact for impact in impacts if impact.time >= 20], part, None, first)
    assert abs(lateness.at(Fraction(20)) - 150 * MS) < 6 * MS


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(-0.2, 0.35), st.integers(0, 60))
def test_lateness_never_turns_time_around(seed: int, late: float, others: int) -> None:
    lateness = found(Flaws(lambda time: late, jitter=0.02, others=others), seconds=20, count=20, seed=seed)
    assert list(lateness.samples) == sorted(lateness.samples)
    picture = [at - late for at, late in zip(lateness.samples, lateness.late, strict=True)]
    assert all(one < other for one, other in pairwise(picture))
