"""Matching: each impact with its own onset, in order, and how sure that is."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.align.lateness import Lateness
from foley_core.align.matching import FARTHEST, Pair, match
from foley_core.align.onsets import Onset
from foley_core.align.pair_probabilities import Band, pair_probabilities
from foley_core.picture.spotting import Impact
from foley_core.timecode import SAMPLE_RATE
from tests.align.events import Flaws, scene, seen

MS = SAMPLE_RATE // 1000
IN_TIME = Lateness()


def impacts(*times: float, sure: float = 1.0) -> list[Impact]:
    """Impacts at these milliseconds."""
    return [Impact(time=Fraction(time) / 1000, strength=0.7, sure=sure, x=0.5, y=0.5) for time in times]


def onsets(*times: float) -> list[Onset]:
    """Onsets at these milliseconds."""
    return [Onset(round(time * MS), 0.8) for time in times]


def numbers(pairs: list[Pair]) -> list[tuple[int, int]]:
    return [(pair.impact, pair.onset) for pair in pairs]


def test_each_impact_gets_its_onset_and_others_stay_alone() -> None:
    pairs = match(impacts(1000, 2000, 3000, 4000), onsets(500, 1010, 2990, 4005, 4500), IN_TIME)
    assert numbers(pairs) == [(0, 1), (2, 2), (3, 3)]
    assert [pair.before for pair in pairs] == [10 * MS, -10 * MS, 5 * MS]
    assert all(pair.confidence > 0.9 for pair in pairs)


def test_lateness_is_taken_out_before_pairs_are_made() -> None:
    late = Lateness((0, 10 * SAMPLE_RATE), (180 * MS, 180 * MS), True)
    pairs = match(impacts(1000, 1180, 2000), onsets(1180, 1360, 2180), late)
    assert numbers(pairs) == [(0, 0), (1, 1), (2, 2)]
    assert {pair.before for pair in pairs} == {180 * MS}


def test_of_a_doubled_hit_the_one_in_its_place_is_taken() -> None:
    assert numbers(match(impacts(1000, 2000), onsets(1002, 1122, 2001), IN_TIME)) == [(0, 0), (1, 2)]


def test_where_two_would_do_as_well_neither_is_sure() -> None:
    pairs = match(impacts(1000, 3000), onsets(970, 1030, 3000), IN_TIME)
    assert all(pair.confidence < 0.8 for pair in pairs if pair.impact == 0)
    assert pairs[-1].confidence > 0.9


def test_what_is_too_far_away_is_no_pair() -> None:
    far = 1000 + FARTHEST / MS + 1
    assert match(impacts(1000), onsets(far), IN_TIME) == []


def test_a_hit_far_from_its_impact_is_paired_but_never_moved_by_itself() -> None:
    times = [1000.0 * n for n in range(1, 21)]
    off = [8.0, -9.0] * 10
    off[10] = 90.0
    placed = [time + by for time, by in zip(times, off, strict=True)]
    pairs = match(impacts(*times), onsets(*placed), IN_TIME)
    assert numbers(pairs) == [(n, n) for n in range(20)]
    assert not any(pair.by_itself for pair in pairs)


def test_impacts_that_are_not_sure_make_no_sure_pairs() -> None:
    doubtful = match(impacts(1000, sure=0.05), onsets(1040, 1200, 900, 800), IN_TIME)
    assert all(pair.confidence < 0.8 for pair in doubtful)


def test_thousands_are_matched_right() -> None:
    seconds = 1200
    many = scene(1, seen(1, 8000, seconds), seconds, Flaws(jitter=0.003, lost=0.05, others=500))
    pairs = match(many.impacts, many.heard.onsets, IN_TIME)
    right = sum(many.owners[pair.onset] == pair.impact for pair in pairs)
    sounded = sum(owner >= 0 for owner in many.owners)
    assert right >= 0.99 * len(pairs)
    assert right >= 0.97 * sounded


@pytest.mark.parametrize("sides", [([], [1.0]), ([1000.0], []), ([], [])])
def test_an_empty_side_has_no_pairs(sides: tuple[list[float], list[float]]) -> None:
    assert match(impacts(*sides[0]), onsets(*sides[1]), IN_TIME) == []


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 3000), max_size=12, unique=True).map(sorted),
    st.lists(st.integers(0, 3000), max_size=12).map(sorted),
)
def test_pairs_keep_the_order_and_share_no_event(seen_at: list[int], heard_at: list[int]) -> None:
    pairs = match(impacts(*seen_at), onsets(*heard_at), IN_TIME)
    for one, other in combinations(pairs, 2):
        assert one.impact < other.impact
        assert one.onset < other.onset
    assert all(0.5 < pair.confidence <= 1 for pair in pairs)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(0, 4), st.integers(0, 5))
def test_the_chances_are_those_of_all_pairings_counted_out(seed: int, events: int, partners: int) -> None:
    chance = np.random.default_rng(seed)
    edges = np.sort(chance.integers(0, partners + 1, (2, events)), axis=1)
    bands = [
        Band(int(min(a, b)), chance.uniform(0, 5, abs(int(b) - int(a)))) for a, b in zip(*edges, strict=True)
    ]
    firsts, pasts = [b.first for b in bands], [b.past for b in bands]
    if firsts != sorted(firsts) or pasts != sorted(pasts):
        return
    weights, whole = _counted_out(bands)
    for event, (band, likely) in enumerate(zip(bands, pair_probabilities(bands, partners), strict=True)):
        wanted = [weights.get((event, band.first + n), 0.0) / whole for n in range(len(likely))]
        assert np.allclose(likely, wanted)


def _counted_out(bands: list[Band]) -> tuple[dict[tuple[int, int], float], float]:
    """The odds of every pairing, added up over all and over those that have a pair."""
    possible = [(e, b.first + n, float(odd)) for e, b in enumerate(bands) for n, odd in enumerate(b.odds)]
    weights: dict[tuple[int, int], float] = {}
    whole = 0.0
    for many in range(len(bands) + 1):
        for some in combinations(possible, many):
            if all(a[0] < b[0] and a[1] < b[1] for a, b in combinations(some, 2)):
                weight = float(np.prod([odd for _, _, odd in some]))
                whole += weight
                for event, partner, _ in some:
                    weights[event, partner] = weights.get((event, partner), 0.0) + weight
    return weights, whole
