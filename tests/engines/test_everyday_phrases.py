"""What editors type, against a table that was written by hand: the right sound, or told as not understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.everyday_phrases import figure, table
from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.prompt.inflection import plural, singulars, verb_forms
from foley_core.engines.procedural.prompt.lexicon import lexicon
from foley_core.engines.procedural.prompt.parser import parse_prompt
from foley_core.engines.procedural.prompt.plain_words import QUALITIES

TABLE = table()
NOUNS = sorted(
    words[0]
    for words, meaning in lexicon().items()
    if len(words) == 1
    and meaning.kind
    and not meaning.act
    and not {*singulars(words[0])}
    and words[0] not in QUALITIES
)
THINGS = st.sampled_from(["kiosk", "turbine", "gadget", "harness"])


def heard(prompt: str) -> list[str]:
    """The kinds that a prompt names."""
    return [voice.kind.name for voice in parse_prompt(f"{prompt}, silence").voices]


def test_the_table_is_large_and_names_kinds_that_are_there() -> None:
    assert len(TABLE) >= 500
    named = {kind for meant in TABLE.values() for way in meant.split(" | ") for kind in way.split(" + ")}
    assert named <= {*catalogue(), "-", "none"}


def test_nearly_all_of_the_phrases_are_taken_for_what_is_meant() -> None:
    found = figure()
    assert found.met, found.line()


@pytest.mark.parametrize(
    ("prompt", "kinds", "unknown"),
    [
        ("waves crashing on rocks", ["sea"], ()),
        ("gun cocking", ["lock"], ()),
        ("wind chime", [], ("wind chime",)),
        ("wings flapping", [], ("wings flapping",)),
        ("car keys", ["keys"], ()),
        ("rock music", [], ("rock music",)),
        ("glass door", ["door"], ()),
        ("a train of thought", [], ("train of thought",)),
        ("a wind turbine, light rain", ["rain"], ("wind turbine",)),
        ("a dog panting", [], ("dog panting",)),
        ("pouring coffee", [], ("pouring coffee",)),
        ("a mouse squeaking", [], ("mouse squeaking",)),
        ("the man leaves her", [], ("leaves",)),
        ("knocking on a door", ["knock"], ()),
        ("rain on a leather jacket", ["rain"], ()),
        ("cat fight", [], ("cat fight",)),
        ("a bird flies away", [], ("bird flies away",)),
        ("a crackling record", [], ("crackling record",)),
        ("pigeons flap their wings", [], ("pigeons flap", "wings")),
        ("a car passes, tire marks", ["car"], ("tire", "marks")),
    ],
)
def test_a_false_friend_is_right_or_told_whole(
    prompt: str, kinds: list[str], unknown: tuple[str, ...]
) -> None:
    assert heard(prompt) == kinds
    assert parse_prompt(f"{prompt}, silence").unknown == unknown


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("rustling leaves", ["leaves"]),
        ("the rustle of leaves", ["leaves"]),
        ("leaves are rustling", ["leaves"]),
        ("dragging a wooden crate over gravel", ["sliding"]),
        ("a crate dragged over the floor", ["sliding"]),
        ("a creaking iron gate", ["creak"]),
        ("the creak of an iron gate", ["creak"]),
        ("boots crunching on snow", ["footsteps on snow"]),
        ("hammer on metal", ["metal"]),
        ("a hammer on a metal pipe", ["metal"]),
        ("a hammer strikes a metal pipe", ["metal"]),
        ("a wooden stick on an iron railing", ["metal"]),
        ("a railing struck by a stick", ["metal"]),
        ("a spoon on a glass", ["glass"]),
        ("a knife on a cutting board", ["wood"]),
        ("a lid on a metal bucket", ["metal"]),
        ("hammer and metal", ["hammer", "metal"]),
    ],
)
def test_a_thing_and_what_it_does_are_one_sound_in_any_order(prompt: str, kinds: list[str]) -> None:
    assert heard(prompt) == kinds


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("a vegetable knife", ["wood"]),
        ("a kitchen knife chopping vegetables", ["wood"]),
        ("a knife", ["metal"]),
        ("a knife fight", ["sword"]),
        ("dog on a skateboard", ["rolling"]),
        ("a dog on a skateboard barks", ["rolling", "dogs"]),
        ("a dog barks on a skateboard", ["dogs", "rolling"]),
        ("pushing a shopping cart", ["rolling"]),
        ("a metal bucket", ["metal"]),
        ("pouring water into a glass", ["stream"]),
        ("she pours a glass of wine", ["stream"]),
        ("tea is poured into two cups", ["stream"]),
        ("water pouring from a jug", ["stream"]),
        ("pouring rain", ["rain"]),
        ("pouring sand into a bucket", []),
        ("pours a glass", []),
    ],
)
def test_what_is_used_ridden_or_poured_is_what_it_sounds_like(prompt: str, kinds: list[str]) -> None:
    assert heard(prompt) == kinds


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("door slam reverb", ["door"]),
        ("keyboard asmr loop", ["typing"]),
        ("wind whistle under a door", ["wind"]),
        ("metal impact deep", ["metal"]),
        ("door, wooden, heavy, interior", ["door"]),
        ("a crowded bar", ["crowd"]),
        ("a car race", ["car"]),
        ("a clock ticks and strikes", ["clock"]),
        ("a glass falls and shatters", ["breaking glass"]),
        ("a car passes and skids", ["car", "sliding"]),
        ("rain and knocking", ["rain", "knock"]),
        ("a fencing match", ["sword"]),
        ("an electric fan oscillates", ["fan"]),
        ("a computer boots up", ["fan"]),
        ("wind through a cracked window", ["wind"]),
        ("a spaceship interior", ["sci-fi hum"]),
        ("an airplane flies by", ["aeroplane"]),
        ("sunset at the beach", ["sea"]),
        ("a dog barks on the beach", ["dogs"]),
        ("she jumps into a lake", ["splash"]),
        ("someone types on a keyboard", ["typing"]),
    ],
)
def test_words_about_the_recording_the_place_and_the_person_hide_no_sound(
    prompt: str, kinds: list[str]
) -> None:
    assert heard(prompt) == kinds


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("rain, it isn't windy", ["rain"]),
        ("rain instead of wind", ["rain"]),
        ("rain rather than hail", ["rain"]),
        ("birds, free of traffic", ["birds"]),
        ("boots on gravel, no heels", ["footsteps on gravel"]),
        ("footsteps, not running", ["footsteps on concrete"]),
        ("boots, no footsteps", []),
    ],
)
def test_what_is_negated_in_any_words_is_not_heard(prompt: str, kinds: list[str]) -> None:
    assert heard(prompt) == kinds


@given(st.sampled_from(NOUNS))
def test_a_plural_means_what_its_singular_does(noun: str) -> None:
    several = plural(noun)
    if (several,) not in lexicon():
        assert heard(several) == heard(noun)


@given(st.sampled_from(NOUNS), THINGS)
def test_a_known_word_before_an_unknown_thing_is_not_heard(noun: str, thing: str) -> None:
    if not lexicon()[(noun,)].space:
        assert lexicon()[(noun,)].kind not in heard(f"{noun} {thing}")


@pytest.mark.parametrize(
    ("singular", "several"),
    [("wolf", "wolves"), ("glass", "glasses"), ("bush", "bushes"), ("fly", "flies"), ("key", "keys")],
)
def test_plurals_follow_the_rules_of_spelling(singular: str, several: str) -> None:
    assert plural(singular) == several
    assert singular in list(singulars(several))


@pytest.mark.parametrize(
    ("stem", "forms"),
    [
        ("clap", ("clap", "claps", "clapping", "clapped")),
        ("scrape", ("scrape", "scrapes", "scraping", "scraped")),
        ("crash", ("crash", "crashes", "crashing", "crashed")),
        ("cry", ("cry", "cries", "crying", "cried")),
        ("creak", ("creak", "creaks", "creaking", "creaked")),
        ("break", ("break", "breaks", "breaking", "broke", "broken")),
    ],
)
def test_the_forms_of_verbs_follow_the_rules_of_spelling(stem: str, forms: tuple[str, ...]) -> None:
    assert verb_forms(stem) == forms
