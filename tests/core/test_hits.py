"""Which impacts are sounded: what was seen, or what the user asked for instead, asked for bit by bit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from foley_core.cue import Cue, WantedHit
from foley_core.cue_range import CueRange, place_cue
from foley_core.hits import REACH, UNSEEN_STRENGTH, CuePicture
from foley_core.picture.movement import MovementResampler, decoded
from foley_core.picture.spotting import MOVEMENT_RATE, Impact, SpottingChunk
from foley_core.picture.spotting_stream import SpottingStream
from tests.core.test_cue_range import film

END = Fraction(10)


def impact(time: Fraction | int) -> Impact:
    return Impact(time=Fraction(time), strength=float(time) / 10, x=float(time) / 10, y=0.5)


SEEN = [impact(time) for time in (1, 2, 5, 8)]


def stream(seen: list[Impact] = SEEN, until: list[Fraction] | None = None) -> SpottingStream:
    """Of a film of ten seconds, watched in pieces that end at `until`, and at its end."""

    def chunks() -> Iterator[SpottingChunk]:
        start = Fraction(0)
        for end in [*(until or []), END]:
            yield SpottingChunk(
                until=end, impacts=tuple(one for one in seen if start <= one.time < end), frames=round(end)
            )
            start = end

    return SpottingStream(Fraction(0), END, chunks())


def laid(handles: int = 0) -> CueRange:
    return place_cue(
        Cue(media="/f", in_point=Fraction(2), out_point=Fraction(8), handles=Fraction(handles)), film()
    )


def wanted(times: list[Fraction] | None) -> list[WantedHit] | None:
    return None if times is None else [WantedHit(time=time) for time in times]


def times(spotted: CuePicture, end: Fraction | None = None) -> list[Fraction]:
    return [impact.time for impact in spotted.impacts(end)]


def test_what_was_seen_within_the_take_is_sounded_the_out_point_excluded() -> None:
    assert times(CuePicture(stream(), None, laid())) == [2, 5]
    assert times(CuePicture(stream(), None, laid(handles=1))) == [1, 2, 5, 8]


@given(st.floats(0, 1), st.floats(0, 1))
def test_only_impacts_that_are_sure_and_strong_enough_are_sounded(sure: float, strength: float) -> None:
    seen = [structs.replace(impact(time), sure=time % 3 / 2) for time in range(1, 9)]
    picture = CuePicture(stream(seen), None, laid(1), min_sure=sure, min_strength=strength)
    enough = [one.time for one in seen if one.sure >= sure and one.strength >= strength]
    assert times(picture, Fraction(4)) == times(picture)[: len(times(picture, Fraction(4)))]
    assert times(picture) == enough


def test_a_users_hit_counts_however_unsure_what_was_seen_there() -> None:
    seen = [structs.replace(impact(5), sure=0.1)]
    picture = CuePicture(stream(seen), wanted([Fraction(5)]), laid(), min_sure=0.9, min_strength=0.9)
    assert times(picture) == [5]


def test_hits_overrule_everything_that_was_seen_and_come_in_order_and_once() -> None:
    hits = [Fraction(6), Fraction(3), Fraction(6)]
    assert times(CuePicture(stream(), wanted(hits), laid())) == [3, 6]
    assert times(CuePicture(stream(), [], laid())) == []


def test_a_hit_near_an_impact_takes_its_strength_and_place_but_keeps_its_own_time() -> None:
    (near, far) = CuePicture(stream(), wanted([Fraction(509, 100), Fraction(6)]), laid()).impacts()
    assert (near.time, near.strength, near.x) == (Fraction(509, 100), 0.5, 0.5)
    assert (far.time, far.strength, far.x, far.y) == (6, UNSEEN_STRENGTH, 0.5, 0.5)


def test_a_hit_may_say_more_than_when_it_is() -> None:
    asked = [
        WantedHit(time=Fraction(5), sound="glass", strength=1.0, x=0.25),
        WantedHit(time=Fraction(5), sound="wood"),
        WantedHit(time=Fraction(7), y=1.0),
    ]
    glass, wood, unseen = CuePicture(stream(), asked, laid()).impacts()
    assert (glass.sound, glass.strength, glass.x, glass.y) == ("glass", 1.0, 0.25, 0.5)
    assert (wood.sound, wood.strength, wood.x) == ("wood", 0.5, 0.5)
    assert (unseen.sound, unseen.strength, unseen.y) == ("", UNSEEN_STRENGTH, 1.0)


def test_hits_outside_the_take_are_left_out() -> None:
    assert times(CuePicture(stream(), wanted([Fraction(1), Fraction(9)]), laid())) == []


def test_the_film_is_watched_no_further_than_it_is_asked_for() -> None:
    watched = stream(until=[Fraction(second) for second in range(1, 10)])
    assert times(CuePicture(watched, None, laid()), Fraction(5, 2)) == [2]
    assert watched.frames == 3
    hits = CuePicture(watched, wanted([Fraction(3), Fraction(7)]), laid())
    assert times(hits, Fraction(5)) == [3]
    assert watched.frames == 4
    assert times(hits) == [3, 7]
    assert watched.frames == 8


MOMENTS = st.lists(st.fractions(0, END, max_denominator=40).filter(lambda t: t < END), unique=True)
HITS = st.none() | MOMENTS


@given(MOMENTS, HITS, MOMENTS, st.lists(st.fractions(0, 12, max_denominator=7)))
def test_asked_bit_by_bit_the_impacts_are_those_of_the_whole_film_and_keep_their_places(
    seen: list[Fraction], hits: list[Fraction] | None, cuts: list[Fraction], asked: list[Fraction]
) -> None:
    impacts = [impact(time) for time in sorted(seen)]
    whole = CuePicture(stream(impacts), wanted(hits), laid(handles=1)).impacts()
    spotted = CuePicture(stream(impacts, sorted(cut for cut in cuts if cut)), wanted(hits), laid(handles=1))
    for end in asked:
        so_far = list(spotted.impacts(end))
        assert so_far == whole[: len(so_far)]
        assert all(left.time >= end for left in whole[len(so_far) :])
    assert spotted.impacts() == whole


@given(st.integers(-1, 1), st.booleans())
def test_where_a_piece_of_film_ends_makes_no_difference_to_a_hit_at_its_reach(side: int, cut: bool) -> None:
    hit = Fraction(5) - REACH + Fraction(side, 1000)
    watched = stream(until=[Fraction(5)] if cut else None)
    (placed,) = CuePicture(watched, wanted([hit]), laid()).impacts()
    assert placed.strength == (0.5 if side == 1 else UNSEEN_STRENGTH)


def test_movement_is_that_of_the_film() -> None:
    pace = MovementResampler(Fraction(0), Fraction(1))
    energy = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    pace.add(Fraction(0), Fraction(1), energy)
    chunk = SpottingChunk(until=END, energy=pace.take(Fraction(1)), frames=1)
    spotted = CuePicture(SpottingStream(Fraction(0), END, iter([chunk])), None, laid())
    found = spotted.movement(Fraction(1, 2), Fraction(2))
    assert len(found) == MOVEMENT_RATE * 2 - MOVEMENT_RATE // 2
    np.testing.assert_array_equal(found[0], decoded(chunk.energy)[0])
    assert not found[MOVEMENT_RATE:].any()


def test_what_a_hit_says_of_its_size_and_layer_counts_and_else_that_of_what_is_seen_nearest() -> None:
    hits = [
        WantedHit(time=Fraction(5)),
        WantedHit(time=Fraction(5), size=0.9, layer="movement"),
        WantedHit(time=Fraction(6)),
    ]
    seen = [structs.replace(one, size=0.125) for one in SEEN]
    near, own, alone = CuePicture(stream(seen), hits, laid()).impacts()
    assert (near.size, own.size, alone.size) == (0.125, 0.9, Impact(time=END, strength=1, x=0, y=0).size)
    assert [one.layer or "hits" for one in (near, own, alone)] == ["hits", "movement", "hits"]
