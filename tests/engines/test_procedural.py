"""The built-in engine: hits on their sample, each its own, at their level, place and distance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from foley_core.cue import LAYERS
from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.engine import ProceduralEngine
from foley_core.engines.procedural.kind import HitSound, Manner
from foley_core.engines.procedural.prompt.parser import parse_prompt
from foley_core.engines.procedural.rendering.hits import peak_db, seen_manner, voice_at
from foley_core.picture.spotting import SpottingChunk
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.timecode import SAMPLE_RATE, sample_at
from tests.engines.drawn import brief, brightness, decibels, hits, impact, perform, still, stream

STRUCK = [kind.name for kind in catalogue().values() if isinstance(kind.sound, HitSound)]
SOME = ["wood", "metal", "boots on gravel", "knock"]


@pytest.mark.parametrize("sound", STRUCK)
def test_a_hit_begins_loud_on_the_very_sample_of_its_impact(sound: str) -> None:
    time = Fraction(1001, 3000)
    made = np.abs(hits(sound, impact(time), seconds=1)).max(1)
    at = sample_at(time)
    assert not made[:at].any()
    assert made[at : at + SAMPLE_RATE // 1000].max() > 0.1 * made.max()


@pytest.mark.parametrize("time", [Fraction(0), Fraction(47_999, 48_000), Fraction(10, 3)])
def test_a_hit_may_lie_anywhere_in_a_block(time: Fraction) -> None:
    made = np.abs(hits("wood", impact(time))).max(1)
    assert np.flatnonzero(made)[0] == sample_at(time)


@pytest.mark.parametrize("sound", SOME)
def test_a_hit_does_not_depend_on_its_neighbours(sound: str) -> None:
    first, second, third = (impact(time) for time in (Fraction(1, 2), Fraction(29, 30), Fraction(11, 4)))
    together = hits(sound, first, second, third)
    alone = sum(hits(sound, each).astype(np.float64) for each in (first, second, third))
    assert np.array_equal(together[: sample_at(second.time)], hits(sound, first)[: sample_at(second.time)])
    assert np.abs(together - alone).max() < 1e-6


@pytest.mark.parametrize("prompt", ["metal, rain, cloth", "thunder, footsteps, crackling fire"])
def test_nothing_depends_on_where_a_dry_take_starts(prompt: str) -> None:
    energy = still(6)
    energy[40:110, 1, 2] = 0.3
    asked = brief(prompt, impact(2), impact(3), seconds=6, energy=energy)
    start = 70_001
    part = perform(replace(asked, first_sample=start, samples=asked.samples - start))[1]
    whole = perform(asked)[1]
    for layer in LAYERS:
        assert np.array_equal(whole[layer][start:], part[layer]), layer


def test_a_take_may_start_before_the_film() -> None:
    early = perform(replace(brief("wood, rain", impact(0)), first_sample=-30_000))[1]
    assert not early["hits"][:30_000].any()
    assert early["hits"][30_000].any()
    assert early["ambience"][:30_000].any()


@pytest.mark.parametrize("sound", SOME)
def test_no_two_hits_are_alike(sound: str) -> None:
    made = hits(sound, impact(1), impact(3), seconds=5)
    one, other = (made[at : at + SAMPLE_RATE // 4].sum(1) for at in (SAMPLE_RATE, 3 * SAMPLE_RATE))
    both = np.abs(np.correlate(one, other, "full")).max()
    assert both / np.sqrt((one @ one) * (other @ other)) < 0.95


@pytest.mark.parametrize("sound", SOME)
def test_four_times_the_strength_is_six_decibels_louder_and_brighter(sound: str) -> None:
    softer, harder = hits(sound, impact(1, strength=0.25)), hits(sound, impact(1, strength=1.0))
    assert decibels(np.abs(harder).max()) == pytest.approx(-6, abs=0.1)
    assert decibels(np.abs(softer).max()) == pytest.approx(-12, abs=0.1)
    assert brightness(harder) > brightness(softer)


def test_the_softest_hit_can_still_be_heard() -> None:
    assert peak_db(0.0) == peak_db(0.01) == -20
    assert decibels(np.abs(hits("wood", impact(1, strength=0.0))).max()) == pytest.approx(-20, abs=0.1)


def test_what_is_seen_twice_as_wide_is_made_by_a_larger_thing() -> None:
    assert seen_manner(Manner(), 0.25).size == pytest.approx(1)
    assert seen_manner(Manner(), 0.5).size == pytest.approx(2**0.5)
    assert seen_manner(Manner(size=4), 1.0).size == 4
    assert seen_manner(Manner(), 0.0).size == 0.25


def test_a_hit_lies_where_it_is_seen_or_where_the_prompt_puts_it() -> None:
    left, middle, right = (np.abs(hits("wood", impact(1, x=x))).max(0) for x in (0.0, 0.5, 1.0))
    assert left[0] > 3 * left[1]
    assert middle[0] == pytest.approx(middle[1])
    assert right[1] > 3 * right[0]
    put = np.abs(hits("wood on the right", impact(1, x=0.0))).max(0)
    assert put[1] > 2 * put[0]


def test_a_distant_hit_is_quieter_duller_and_has_more_of_an_echo() -> None:
    near, far = hits("metal", impact(0)), hits("distant metal", impact(0))
    assert decibels(np.abs(far).max()) < decibels(np.abs(near).max()) - 8
    assert brightness(far) < brightness(near)


def test_modifiers_change_the_level() -> None:
    soft, plain, loud = (
        decibels(np.abs(hits(f"{word} wood", impact(1))).max()) for word in ("soft", "", "loud")
    )
    assert plain - soft == pytest.approx(6, abs=0.1)
    assert loud - plain == pytest.approx(4, abs=0.1)


def test_two_people_step_apart_and_the_first_on_the_sample() -> None:
    one, two = hits("footsteps", impact(1)), hits("two people walking", impact(1))
    at = SAMPLE_RATE
    assert np.array_equal(one[: at + 900], two[: at + 900])
    assert not np.array_equal(one, two)
    performance, _ = perform(brief("two people walking", impact(1)))
    assert len(performance.hits) == 1


def test_sounds_are_laid_over_the_picture_from_left_to_right_as_named() -> None:
    impacts = [impact(k, x=x) for k, x in enumerate((0.1, 0.5, 0.9, 0.1))]
    performance, _ = perform(brief("wood, metal and a hammer", *impacts))
    assert [hit.sound for hit in performance.hits] == ["wood", "metal", "hammer", "wood"]
    assert [(hit.sample, hit.impact) for hit in performance.hits] == [(k * SAMPLE_RATE, k) for k in range(4)]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_further_right_is_never_an_earlier_sound(one: float, other: float, y: float) -> None:
    voices = parse_prompt("wood, metal, glass").voices_of("hits")
    left, right = sorted((one, other))
    assert voices.index(voice_at(voices, left, y)) <= voices.index(voice_at(voices, right, y))


def test_sounds_that_the_prompt_puts_to_a_side_take_that_side() -> None:
    voices = parse_prompt("metal on the right, wood on the left").voices_of("hits")
    assert [voice_at(voices, x, 0.2).name for x in (0.1, 0.9)] == ["wood", "metal"]


def test_steps_are_heard_in_the_lower_half_and_other_things_above() -> None:
    voices = parse_prompt("boots on gravel, a door").voices_of("hits")
    assert [voice_at(voices, 0.1, y).name for y in (0.2, 0.8)] == ["door", "boots on gravel"]
    steps = parse_prompt("boots on gravel").voices_of("hits")
    assert voice_at(steps, 0.1, 0.2).name == "boots on gravel"


def test_what_is_seen_to_step_or_to_burst_sounds_as_such_wherever_it_is() -> None:
    voices = parse_prompt("a door, gunshot, boots on gravel").voices_of("hits")
    assert voice_at(voices, 0.1, 0.2, "step").name == "boots on gravel"
    assert [voice_at(voices, 0.1, y, "burst").name for y in (0.2, 0.8)] == ["gunshot"] * 2
    without_blast = parse_prompt("boots on gravel, a door").voices_of("hits")
    assert voice_at(without_blast, 0.1, 0.8, "burst").name == "door"


def test_an_impact_outside_the_take_is_not_sounded() -> None:
    performance, sound = perform(brief("wood", impact(1), impact(9), seconds=4))
    assert [hit.impact for hit in performance.hits] == [0]
    assert len(sound["hits"]) == 4 * SAMPLE_RATE


def test_the_film_is_watched_only_as_far_as_the_sound_has_got() -> None:
    watched: list[int] = []

    def chunks() -> Iterator[SpottingChunk]:
        for second in range(10):
            watched.append(second)
            yield SpottingChunk(until=Fraction(second + 1), energy=bytes(300), frames=0)

    asked = replace(
        brief("wood, cloth", seconds=10), picture=SpottingStream(Fraction(0), Fraction(10), chunks())
    )
    next(ProceduralEngine().perform(asked).blocks)
    assert len(watched) <= 3


def test_a_crowd_of_hits_in_one_place_is_still_sound() -> None:
    made = hits("metal", *(impact(Fraction(k, 400)) for k in range(60)), seconds=1)
    assert np.isfinite(made).all()


def test_what_is_not_wanted_is_not_heard() -> None:
    asked = replace(brief("wood, rain, cloth, no rain or cloth", impact(1)), negative="wood, room tone")
    performance, sound = perform(asked)
    assert not performance.hits
    assert not any(part.any() for part in sound.values())


def test_a_prompt_that_names_a_bed_alone_has_no_hits() -> None:
    performance, sound = perform(brief("rain", impact(1)))
    assert not performance.hits
    assert not sound["hits"].any()
    assert sound["ambience"].any()


def test_it_tells_which_voices_play_and_which_words_it_does_not_know() -> None:
    performance, _ = perform(brief("heavy boots on gravel, a Kazoo, cloth, distant rain in a cathedral"))
    assert performance.notes == {
        "hits": "boots on gravel (heavy)",
        "movement": "cloth",
        "ambience": "rain (distant)",
        "space": "cathedral",
    }
    assert list(performance.unknown_words) == ["kazoo"]
    assert performance.near_words["kazoo"] == ()


@settings(max_examples=20, deadline=None)
@given(
    first=st.integers(-(2**31), 2**40),
    seed=st.integers(0, 2**32 - 1),
    strength=st.floats(0, 1),
    x=st.floats(0, 1),
)
def test_any_place_seed_strength_and_side_gives_sound(
    first: int, seed: int, strength: float, x: float
) -> None:
    at = impact(Fraction(first + 10, SAMPLE_RATE), strength, x)
    asked = brief("hammer", seconds=Fraction(1, 10), layers=("hits",))
    performance, sound = perform(
        replace(asked, first_sample=first, seed=seed, picture=stream(at, end=at.time + 1))
    )
    assert performance.hits[0].sample == first + 10
    assert not sound["hits"][:10].any()
    assert 0.05 < np.abs(sound["hits"]).max() < 0.51


@pytest.mark.parametrize("prompt", ["metal", "distant metal, in a cathedral, rain, cloth"])
def test_a_hit_sounds_in_another_layer_just_as_it_would_in_its_own(prompt: str) -> None:
    struck = impact(1, x=0.2), impact(Fraction(5, 2), 0.4, x=0.9)
    moved = [structs.replace(struck[0], layer="ambience"), structs.replace(struck[1], layer="movement")]
    usual, elsewhere = brief(prompt, *struck), brief(prompt, *moved)
    elsewhere = replace(elsewhere, hit_layers=("hits", "ambience", "movement"))
    (told, before), (told_there, after) = perform(usual), perform(elsewhere)
    assert told_there.hits == told.hits
    assert not after["hits"].any()
    for layer, one in (("ambience", struck[0]), ("movement", struck[1])):
        alone = perform(brief(prompt, one))[1]["hits"]
        np.testing.assert_array_equal(after[layer], before[layer] + alone)
