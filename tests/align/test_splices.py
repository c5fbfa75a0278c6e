"""Whatever is to be moved: every attack is heard once and whole, in its order, and what is right stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.align.matching import Pair
from foley_core.align.onsets import NEAREST, Onset
from foley_core.align.splices import (
    AHEAD,
    ATTACK,
    CALM,
    DEAD_BAND,
    FADE,
    REACH,
    Splice,
    output_positions,
    plan,
)
from foley_core.timecode import SAMPLE_RATE


@dataclass(frozen=True)
class Late:
    """A lateness that grows or shrinks steadily."""

    first: int = 0
    growth: Fraction = Fraction(0)

    def at(self, time: Fraction) -> int:
        return round(self.first + self.growth * time * SAMPLE_RATE)


@dataclass(frozen=True)
class Sounding:
    """A sound to be put right, and what is known of it."""

    samples: int
    onsets: tuple[Onset, ...]
    pairs: tuple[Pair, ...]
    late: Late
    level: np.ndarray

    def plan(self) -> list[Splice]:
        return plan(self.pairs, self.onsets, self.late, self.level, self.samples)


def sounding(places: list[int], before: list[int | None], late: Late = Late(), samples: int = 0) -> Sounding:
    """Onsets at `places`, so late for their impacts (None: without one)."""
    samples = samples or places[-1] + 10 * SAMPLE_RATE
    pairs = tuple(Pair(n, n, much, 1.0) for n, much in enumerate(before) if much is not None)
    level = np.random.default_rng(1).uniform(0, 1, samples // 240 + 1).astype(np.float32)
    return Sounding(samples, tuple(Onset(place, 0.5) for place in places), pairs, late, level)


@st.composite
def soundings(draw: st.DrawFn) -> Sounding:
    gaps = draw(st.lists(st.integers(NEAREST, 3 * SAMPLE_RATE), min_size=1, max_size=15))
    offsets = st.none() | st.integers(-2 * REACH, 2 * REACH)
    before = draw(st.lists(offsets, min_size=len(gaps), max_size=len(gaps)))
    growth = Fraction(draw(st.integers(-10, 10)), 1000)
    late = Late(draw(st.integers(-SAMPLE_RATE // 4, SAMPLE_RATE // 4)), growth)
    places = [int(place) for place in np.cumsum(gaps)]
    wanted = [
        much and round(late.at(Fraction(at, SAMPLE_RATE))) + much
        for much, at in zip(before, places, strict=True)
    ]
    return sounding(places, wanted, late, places[-1] + draw(st.integers(0, SAMPLE_RATE)) + 1)


def heard_at(splices: list[Splice], samples: int, place: int) -> list[int]:
    """Every output sample at which input sample `place` can be heard, crossfades included."""
    pieces = [Splice(0, 0), *splices]
    ends = [piece.at + FADE if piece.at else 0 for piece in splices] + [samples]
    return [
        place + piece.shift
        for piece, end in zip(pieces, ends, strict=True)
        if piece.at <= place + piece.shift < min(end, samples)
    ]


def assert_whole(sound: Sounding) -> None:
    """Every attack is heard once and whole, in its order."""
    splices = sound.plan()
    there = [onset.sample for onset in sound.onsets]
    places = output_positions(splices, there)
    kept = [(at, place) for at, place in zip(there, places, strict=True) if 0 <= place < sound.samples]
    for at, place in kept:
        assert heard_at(splices, sound.samples, at) == [place]
        fades = [splice.at for splice in splices if splice.at]
        assert all(fade + FADE <= place - AHEAD or fade >= place + ATTACK for fade in fades)
    assert all(later > sooner for (_, sooner), (_, later) in pairwise(kept))


@settings(deadline=None, max_examples=200)
@given(soundings())
def test_every_attack_is_heard_once_and_whole_and_in_its_order(sound: Sounding) -> None:
    assert_whole(sound)


def test_an_attack_that_wants_to_leave_before_one_that_stays_is_heard_whole() -> None:
    for count in (3, 5):
        right = [None] * (count - 2)
        sound = sounding([1_440 * (n + 1) for n in range(count)], [*right, -1_442, 0], Late(-721))
        assert_whole(replace(sound, samples=sound.onsets[-1].sample + 1))


@settings(deadline=None, max_examples=200)
@given(soundings())
def test_only_what_belongs_beyond_the_ends_is_lost(sound: Sounding) -> None:
    there = [onset.sample for onset in sound.onsets]
    for at, place in zip(there, output_positions(sound.plan(), there), strict=True):
        if not 0 <= place < sound.samples:
            wanted = at - sound.late.at(Fraction(at, SAMPLE_RATE))
            assert wanted < 0 or wanted > sound.samples - REACH - ATTACK - DEAD_BAND


@settings(deadline=None)
@given(soundings())
def test_pieces_follow_each_other_and_the_same_is_planned_again(sound: Sounding) -> None:
    splices = sound.plan()
    assert all(later.at >= sooner.at + FADE for sooner, later in pairwise(splices))
    assert all(later.shift != sooner.shift for sooner, later in pairwise([Splice(0, 0), *splices]))
    assert splices == sound.plan()


@given(st.lists(st.none() | st.integers(-DEAD_BAND, DEAD_BAND), min_size=1, max_size=20))
def test_a_sound_that_is_right_is_not_touched(before: list[int | None]) -> None:
    assert sounding([SAMPLE_RATE * (n + 1) // 2 for n in range(len(before))], before).plan() == []


def test_a_sound_without_onsets_and_without_lateness_is_not_touched() -> None:
    assert plan([], [], Late(), np.zeros(2_000, np.float32), 480_000) == []
    assert plan([], [], Late(), np.zeros(0, np.float32), 0) == []


def test_events_that_stray_are_moved_onto_their_impacts() -> None:
    sound = sounding([SAMPLE_RATE * n for n in (1, 2, 3)], [2_000, 0, -3_000])
    places = output_positions(sound.plan(), [onset.sample for onset in sound.onsets])
    assert places == [SAMPLE_RATE - 2_000, 2 * SAMPLE_RATE, 3 * SAMPLE_RATE + 3_000]


def test_what_begins_soon_behind_a_moved_attack_goes_with_it() -> None:
    heel, toe, other = SAMPLE_RATE, SAMPLE_RATE + 6_000, 2 * SAMPLE_RATE
    sound = sounding([heel, toe, other], [3_000, None, 0])
    assert output_positions(sound.plan(), [heel, toe, other]) == [heel - 3_000, toe - 3_000, other]


def test_doubtful_pairs_and_those_out_of_reach_stay() -> None:
    places = [SAMPLE_RATE, 2 * SAMPLE_RATE, 3 * SAMPLE_RATE]
    sound = sounding(places, [3_000, 3_000, REACH + 1])
    doubtful = (Pair(0, 0, 3_000, 0.6), Pair(1, 1, 3_000, 1.0, by_itself=False), sound.pairs[2])
    assert plan(doubtful, sound.onsets, sound.late, sound.level, sound.samples) == []


def test_a_constant_lateness_is_taken_out_at_once() -> None:
    late = 180 * SAMPLE_RATE // 1000
    places = [SAMPLE_RATE * (n + 1) for n in range(5)]
    assert sounding(places, [None] * 5, Late(late)).plan() == [Splice(0, -late)]


def test_a_clock_that_is_off_is_followed_through_a_long_silence_too() -> None:
    late = Late(0, Fraction(1, 1000))
    minute = 60 * SAMPLE_RATE
    splices = sounding([minute], [None], late, 2 * minute).plan()
    for at in range(0, 2 * minute, SAMPLE_RATE):
        (place,) = output_positions(splices, [at])
        assert abs(place - (at - late.at(Fraction(at, SAMPLE_RATE)))) <= CALM + 4 * SAMPLE_RATE // 1000


def test_two_events_that_would_collide_both_stay_whole_and_the_surer_one_gets_its_place() -> None:
    one, other = SAMPLE_RATE, SAMPLE_RATE + 3_000
    sound = sounding([one, other], [0, 3_000])
    pairs = (Pair(0, 0, 0, 1.0), Pair(1, 1, 3_000, 0.95))
    splices = plan(pairs, sound.onsets, sound.late, sound.level, sound.samples)
    assert output_positions(splices, [one, other]) == [one, one + AHEAD + ATTACK + FADE]


def test_the_switch_lies_in_the_quietest_place_between_two_attacks() -> None:
    sound = sounding([SAMPLE_RATE, 3 * SAMPLE_RATE], [0, 2_000])
    quiet = 2 * SAMPLE_RATE
    sound.level[:] = 1.0
    sound.level[(quiet - 2_400) // 240 : (quiet + 2_400) // 240] = 0.01
    assert abs(sound.plan()[0].at - quiet) <= 2_400


def test_ten_thousand_onsets_are_planned() -> None:
    places = [SAMPLE_RATE * (n + 1) // 3 for n in range(10_000)]
    sound = sounding(places, [n % 7 * 300 for n in range(10_000)], Late(0, Fraction(1, 1000)))
    assert len(output_positions(sound.plan(), places)) == 10_000
