"""From the words of a prompt to voices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.cue import LAYERS
from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Kind
from foley_core.engines.procedural.prompt.lexicon import lexicon, suggestions, words_of
from foley_core.engines.procedural.prompt.modifiers import MODIFIERS, ROLES, STEPS, phrases
from foley_core.engines.procedural.prompt.parser import MOST_UNKNOWN, parse_prompt
from foley_core.engines.procedural.rendering.space import SPACES
from foley_core.engines.procedural.soundscape import STEPS as STEPS_FAMILY
from foley_core.engines.procedural.soundscape import Voice

KINDS = list(catalogue().values())
KNOWN = sorted(" ".join(words) for words in lexicon())
PROMPTS = st.lists(st.sampled_from([*KNOWN, ",", "kazoo", "☂", "雨"]), max_size=12).map(" ".join)


def played(prompt: str, negative: str = "") -> list[str]:
    """The names of the voices, in order."""
    return [voice.name for voice in parse_prompt(prompt, negative).voices]


def voice(prompt: str) -> Voice:
    """The first voice."""
    return parse_prompt(prompt).voices[0]


@pytest.mark.parametrize(
    ("prompt", "negative", "expected"),
    [
        ("", "", ["knock", "room tone"]),
        ("wood", "", ["wood", "room tone"]),
        ("Metal and WOOD, rain", "", ["metal", "wood", "rain"]),
        ("wood wood planks", "", ["wood", "room tone"]),
        ("rain", "", ["rain"]),
        ("cloth", "", ["cloth", "room tone"]),
        ("rain, room tone", "", ["rain", "room tone"]),
        ("in a cathedral", "", ["knock", "room tone"]),
        ("kazoo", "", ["knock", "room tone"]),
        ("no wind", "", ["knock", "room tone"]),
        ("no room tone", "", ["knock"]),
        ("no hits", "", ["room tone"]),
        ("no ambience", "", ["knock"]),
        ("wood, no background noise", "", ["wood"]),
        ("no sound", "", []),
        ("boots on gravel, no sound of wind", "", ["boots on gravel", "room tone"]),
        ("the sound of wind, no noise of birds", "", ["wind"]),
        ("silence", "", []),
        ("boots on gravel, silence", "", ["boots on gravel"]),
        ("wood, rain", "rain", ["wood"]),
        ("wood", "wood, room tone", []),
        ("wood, rain", "no rain", ["wood"]),
        ("rain, no rain", "", []),
        ("wood without metal or rain, thunder", "", ["wood", "thunder"]),
        ("thunder, rain, no wind or rain", "", ["thunder"]),
        ("thunder, wind, no wind and rain", "", ["thunder"]),
        ("wind, no rain but thunder", "", ["wind", "thunder"]),
        ("boots on gravel without wind", "", ["boots on gravel", "room tone"]),
        ("boots on gravel, heels on wood, no footsteps", "", ["room tone"]),
        ("boots on gravel, heels on wood", "steps on wood", ["boots on gravel", "room tone"]),
        ("dogs, birds, wood", "animals", ["wood"]),
        ("glass, a door, no glass door", "", ["glass", "room tone"]),
    ],
)
def test_a_prompt_names_what_is_played_and_what_is_not(
    prompt: str, negative: str, expected: list[str]
) -> None:
    assert played(prompt, negative) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("footsteps", ["footsteps on concrete"]),
        ("boots", ["boots on concrete"]),
        ("gravel", ["footsteps on gravel"]),
        ("boots on gravel", ["boots on gravel"]),
        ("heels on concrete", ["heels on concrete"]),
        ("bare feet in snow", ["bare feet on snow"]),
        ("running in sneakers on grass", ["sneakers on grass"]),
        ("a soldier walks over a wooden floor", ["footsteps on wood"]),
        ("boots on metal, metal", ["boots on metal", "metal"]),
        ("heavy boots, gravel", ["boots on gravel"]),
        ("high heels on wood and bare feet on grass", ["heels on wood", "bare feet on grass"]),
    ],
)
def test_steps_have_a_shoe_and_a_ground(prompt: str, expected: list[str]) -> None:
    assert [voice.name for voice in parse_prompt(prompt).voices_of("hits")] == expected


def test_the_same_word_is_a_ground_beside_steps_and_a_material_elsewhere() -> None:
    assert played("walking on wood, metal")[:2] == ["footsteps on wood", "metal"]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("glass door", ["door"]),
        ("clinking steel", ["metal"]),
        ("knock on wood", ["wood"]),
        ("knock, wood", ["knock", "wood"]),
        ("wood, metal", ["wood", "metal"]),
        ("hammer on metal", ["metal"]),
        ("rain on a tin roof", []),
        ("water dripping in a cave", []),
    ],
)
def test_what_only_describes_another_sound_is_not_played(prompt: str, expected: list[str]) -> None:
    assert [voice.name for voice in parse_prompt(prompt).voices_of("hits")] == expected


def test_each_modifier_belongs_to_the_sound_nearest_to_it() -> None:
    soundscape = parse_prompt(
        "heavy boots on gravel, distant thunder and soft rain, wind in the distance on the left"
    )
    assert [voice.description for voice in soundscape.voices] == [
        "boots on gravel (heavy)",
        "thunder (distant)",
        "rain (soft)",
        "wind (in the distance, left)",
    ]


def test_a_clause_of_modifiers_alone_is_about_what_comes_before_it_or_else_after_it() -> None:
    assert [v.description for v in parse_prompt("rain, soft, far away, wood").voices] == [
        "rain (soft, far away)",
        "wood",
    ]
    assert voice("fast, heavy boots").said == ("fast", "heavy")
    assert voice("loud").description == "knock (loud)"


@pytest.mark.parametrize(
    ("again", "before"),
    [
        ("louder", "loud"), ("quieter", "quiet"), ("softer", "soft"), ("closer", "close"), ("nearer", "near"),
        ("further", "far"), ("farther away", "far away"), ("bigger", "big"), ("slower", "slow"),
        ("twice", "two"), ("three times", "three"),
    ],
)  # fmt: skip
def test_words_for_a_second_attempt_do_what_those_for_the_first_did(again: str, before: str) -> None:
    second, first = voice(f"rain {again}"), voice(f"rain {before}")
    assert second.said
    assert not parse_prompt(f"rain {again}").unknown
    assert (second.manner, second.level, second.distance) == (first.manner, first.level, first.distance)


def test_what_is_muffled_is_dull_and_quieter() -> None:
    assert 0 < voice("muffled rain").distance < voice("distant rain").distance


def test_modifiers_say_how_it_is_played() -> None:
    assert voice("distant thunder").distance > voice("thunder").distance
    assert voice("soft rain").level < voice("rain").level < voice("loud rain").level
    assert voice("tiny bell").manner.size < voice("bell").manner.size < voice("huge bell").manner.size
    assert voice("slow train").manner.pace < voice("train").manner.pace < voice("fast train").manner.pace
    assert [voice(f"dog on the {side}").pan for side in ("left", "right")] == [0.1, 0.9]
    assert voice("dog").pan is None


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("footsteps", 1),
        ("two people walking", 2),
        ("three dogs", 3),
        ("people walking on grass", 3),
        ("a man walks", 1),
        ("several birds", 4),
    ],
)
def test_how_many_make_it_is_understood(prompt: str, count: int) -> None:
    assert voice(prompt).manner.count == count


def test_people_who_walk_are_no_crowd() -> None:
    assert played("two people walking on grass") == ["footsteps on grass", "room tone"]
    assert played("a crowd") == ["crowd"]


def test_what_is_not_loud_is_still_there() -> None:
    assert voice("not too loud boots").description == "boots on concrete"


@pytest.mark.parametrize(
    ("prompt", "space"),
    [
        ("wood in a cathedral", "cathedral"),
        ("wood, outdoors", "outdoors"),
        ("wood in a very small room", "small room"),
        ("wind in the forest", "forest"),
        ("a church bell", None),
        ("room tone", None),
        ("wood, not in a cave", None),
        ("wood", None),
    ],
)
def test_a_prompt_may_name_the_space(prompt: str, space: str | None) -> None:
    assert parse_prompt(prompt).space == space


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_sound_is_found_by_its_name_and_its_example(kind: Kind) -> None:
    assert [voice.kind.name for voice in parse_prompt(f"{kind.name}, silence").voices] == [kind.name]
    assert kind.name in [voice.kind.name for voice in parse_prompt(kind.example).voices]
    assert not parse_prompt(kind.name).unknown
    assert not parse_prompt(kind.example).unknown


def test_every_word_of_every_sound_is_known() -> None:
    assert {word for kind in KINDS for word in kind.words if parse_prompt(word).unknown} == set()


def test_no_word_means_two_sounds_but_for_grounds_that_are_materials_too() -> None:
    named: dict[str, set[str]] = {}
    for kind in (kind for kind in KINDS if kind.family != STEPS_FAMILY):
        for word in (kind.name, *kind.words):
            named.setdefault(word, set()).add(kind.name)
    assert {word: kinds for word, kinds in named.items() if len(kinds) > 1} == {}


def test_no_word_is_both_a_sound_and_a_modifier_or_a_small_word() -> None:
    named = {word for kind in KINDS for word in (kind.name, *kind.words)}
    other = {phrase for text in (*MODIFIERS, *ROLES) for phrase in phrases(text)}
    assert named & other == set()


@pytest.mark.parametrize("name", [space.name for space in SPACES])
def test_every_space_is_found_by_its_name(name: str) -> None:
    assert parse_prompt(f"wood in a {name}").space == name


@pytest.mark.parametrize("text", STEPS)
def test_every_word_for_steps_is_one_step_voice(text: str) -> None:
    for phrase in phrases(text):
        assert [voice.kind.family for voice in parse_prompt(f"{phrase}, silence").voices] == ["footsteps"]


def test_unknown_words_are_told_once_in_order_and_cut_short() -> None:
    soundscape = parse_prompt("a Kazoo, rain, kazoo and theremin " + "z" * 90)
    assert soundscape.unknown == ("kazoo", "theremin", "z" * 40)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thundr", "thunder"), ("gravle", "gravel"), ("rian", "rain"), ("wnd", "wind"),
        ("thubder", "thunder"), ("raiin", "rain"), ("footsetps", "footsteps"), ("doge", "dog"),
        ("foosteps", "footsteps"),
    ],
)  # fmt: skip
def test_a_slip_of_the_keys_comes_with_the_word_that_is_meant(typed: str, meant: str) -> None:
    near = parse_prompt(f"wood, {typed}").near[typed]
    assert near[0] == meant
    assert len({suggestions()[word] for word in near}) == len(near) <= 3


@pytest.mark.parametrize(
    "prompt",
    [
        "scream", "bacon", "🥁", "empty", "pepper", "collar", "wine", "a skateboarder", "theremin", "雨",
        "qq", "the fridge opens", "pours a glass", "she zips up her jacket", "a wind chime", "a dog panting",
    ],
)  # fmt: skip
def test_what_is_no_slip_comes_with_no_other_words(prompt: str) -> None:
    assert {near for near in parse_prompt(prompt).near.values() if near} == set()


@pytest.mark.parametrize("prompt", ["rain, no music", "rain without kazoo or zorp", "rain, not a theremin"])
def test_what_is_not_wanted_and_not_known_takes_nothing_away_and_is_not_told(prompt: str) -> None:
    soundscape = parse_prompt(prompt)
    assert [voice.name for voice in soundscape.voices] == ["rain"]
    assert soundscape.unknown == ()


def test_a_prompt_full_of_unknown_words_tells_some_of_them() -> None:
    soundscape = parse_prompt(" ".join(f"x{number}y" for number in range(400)))
    assert len(soundscape.unknown) == MOST_UNKNOWN
    assert set(soundscape.near) == set(soundscape.unknown)


def test_words_of_other_scripts_pictures_and_markup_are_no_error() -> None:
    soundscape = parse_prompt("雨 🥁 <b class='x'>wood</b> **дождь** वर्षा {json: [rain]}")
    assert [voice.name for voice in soundscape.voices] == ["wood", "rain"]
    assert soundscape.unknown == ("雨", "🥁", "дождь", "वर्षा", "json")


@given(st.text(max_size=300), st.text(max_size=100))
def test_no_text_is_an_error(prompt: str, negative: str) -> None:
    soundscape = parse_prompt(prompt, negative)
    assert len(soundscape.unknown) == len(set(soundscape.unknown)) <= MOST_UNKNOWN
    for word, near in soundscape.near.items():
        assert len(near) <= 3
        assert not {*near} & {*words_of(word)}


@settings(max_examples=150)
@given(PROMPTS, PROMPTS)
def test_no_prompt_plays_a_sound_twice_or_out_of_range(prompt: str, negative: str) -> None:
    soundscape = parse_prompt(prompt, negative)
    names = [voice.name for voice in soundscape.voices]
    assert len(names) == len(set(names))
    assert sum(len(soundscape.voices_of(layer)) for layer in LAYERS) == len(names)
    for each in soundscape.voices:
        assert 0.25 <= each.manner.size <= 4
        assert 0.25 <= each.manner.pace <= 4
        assert 1 <= each.manner.count <= 12
        assert -24 <= each.level <= 6
        assert 0 <= each.distance <= 1


@given(PROMPTS, st.sampled_from(KINDS))
def test_what_the_negative_prompt_names_is_never_played(prompt: str, kind: Kind) -> None:
    assert kind.name not in {voice.kind.name for voice in parse_prompt(prompt, kind.name).voices}
