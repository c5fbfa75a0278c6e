"""The held-out check: what chance could have done is not told, and what is moved is moved right."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.align.alignment import Alignment
from foley_core.picture.spotting import Impact
from tests.align.events import Flaws, Scene, scene, seen

NEAR = 50.0
"""Milliseconds from its place within which everything must lie that was moved."""


def late(by: float, *, seconds: float = 15, count: int = 18, seed: int = 1, **flaws: float) -> Scene:
    """A sound that is late by so many seconds all along."""
    return scene(seed, seen(seed, count, seconds), seconds, Flaws(lambda time: by, **flaws))  # type: ignore[arg-type]


def strange(seed: int, impacts: int, onsets: int, seconds: float) -> Scene:
    """A sound that has nothing to do with what is seen."""
    other = scene(seed + 1, (), seconds, Flaws(others=onsets))
    return replace(other, impacts=seen(seed, impacts, seconds))


def said(found: Alignment) -> bool:
    """Whether it is said plainly that nothing is moved, and nothing else is told."""
    figures = {found.shift_ms, found.within_ms, found.p50_ms, found.p95_ms, found.worst_ms}
    plainly = len(found.notes) == 1 and "nothing is moved" in found.notes[0]
    return plainly and figures == {None} and not (found.told or found.moved or found.pairs)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 1_000_000), st.integers(2, 40), st.integers(1, 60), st.floats(4, 30))
def test_sound_that_has_nothing_to_do_with_the_picture_is_never_moved(
    seed: int, impacts: int, onsets: int, seconds: float
) -> None:
    heard = strange(seed, impacts, onsets, seconds)
    aligned = heard.aligned()
    assert aligned.splices == ()
    assert said(aligned.alignment)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 1_000_000),
    by=st.floats(-0.25, 0.35),
    count=st.integers(2, 40),
    jitter=st.floats(0, 0.05),
    lost=st.floats(0, 0.6),
    others=st.integers(0, 30),
)
def test_a_late_sound_is_moved_right_or_not_at_all_and_that_is_said(
    seed: int, by: float, count: int, jitter: float, lost: float, others: int
) -> None:
    heard = late(by, count=count, seed=seed, jitter=jitter, lost=lost, others=others)
    aligned = heard.aligned()
    found = aligned.alignment
    assert found.moved == bool(aligned.splices)
    if found.moved:
        assert found.told
        its_own = np.array(heard.owners) >= 0  # others may lie where the sound begins, and cannot go before
        assert np.abs(heard.moves(aligned) + 1000 * by)[its_own].max() <= NEAR
    elif not found.told:
        assert said(found)
    elif not found.notes:
        assert found.shift_ms is not None
        assert abs(found.shift_ms) <= 20


@pytest.mark.parametrize("by", [-0.09, 0.06, 0.12, 0.2])
@pytest.mark.parametrize("seed", range(4))
def test_a_sound_late_against_impacts_seen_exactly_is_told_and_moved(by: float, seed: int) -> None:
    heard = late(by, seed=seed, jitter=0.004, lost=0.1)
    found = heard.aligned().alignment
    assert (found.told, found.moved, found.notes) == (True, True, ())
    assert found.within_ms is not None
    assert 20 <= found.within_ms <= NEAR
    assert np.abs(heard.moves(heard.aligned()) + 1000 * by).max() <= 15


@pytest.mark.parametrize("by", [0.0, 0.012, -0.015])
def test_a_sound_that_is_right_is_told_to_be_and_stays(by: float) -> None:
    for seed in range(4):
        aligned = late(by, seed=seed, jitter=0.003).aligned()
        assert (aligned.splices, aligned.alignment.told, aligned.alignment.notes) == ((), True, ())


def test_impacts_that_scatter_move_nothing_and_how_far_off_they_may_be_is_said() -> None:
    aligned = late(0.18, seconds=60, count=60, jitter=0.018).aligned()
    found = aligned.alignment
    assert (found.told, found.moved, aligned.splices) == (True, False, ())
    assert found.within_ms is not None
    assert found.within_ms > NEAR
    assert f"may themselves lie {found.within_ms:.0f} ms wrong" in found.notes[0]


def test_few_impacts_tell_nothing() -> None:
    for count in range(1, 6):
        assert said(late(0.2, count=count).aligned().alignment)


@pytest.mark.parametrize("beat", [Fraction(2, 5), Fraction(401, 1000), Fraction(7, 10)])
@pytest.mark.parametrize("by", [0.0, 0.18])
def test_work_so_even_that_a_beat_more_or_less_would_do_tells_nothing(beat: Fraction, by: float) -> None:
    impacts = tuple(Impact(time=beat * n, strength=0.7, x=0.5, y=0.5) for n in range(2, 30))
    aligned = scene(1, impacts, float(beat * 31), Flaws(lambda time: by)).aligned()
    assert aligned.splices == ()
    assert said(aligned.alignment)


@pytest.mark.parametrize("part", [0.35, 0.5, 0.65])
def test_a_sound_of_which_a_part_is_late_and_the_rest_is_not_is_left_as_it_is(part: float) -> None:
    def by(time: float) -> float:
        return 0.15 if time > part * 20 else 0.0

    for seed in range(3):
        aligned = scene(seed, seen(seed, 40, 20), 20, Flaws(by)).aligned()
        assert aligned.splices == ()
        assert said(aligned.alignment)


def test_one_hit_that_lies_wrong_is_not_moved_for_its_impact_may_be_what_is_wrong() -> None:
    impacts = seen(1, 20, 20)
    wrong = float(impacts[10].time)
    aligned = scene(1, impacts, 20, Flaws(lambda time: 0.08 if time == wrong else 0.0)).aligned()
    assert aligned.alignment.told
    assert aligned.splices == ()
