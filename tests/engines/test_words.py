"""From the words of a prompt to sounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.engines.procedural.words import read, sound_at


@pytest.mark.parametrize(
    ("prompt", "negative", "hits", "beds"),
    [
        ("", "", ("knock",), ("room tone",)),
        ("wood", "", ("wood",), ("room tone",)),
        ("Metal and WOOD, rain", "", ("metal", "wood"), ("rain",)),
        ("boots walking in the rain, room tone", "", ("footsteps",), ("rain", "room tone")),
        ("rain, no room tone", "", ("knock",), ("rain",)),
        ("no room tone", "", ("knock",), ()),
        ("wood without metal or rain, footsteps", "", ("wood", "footsteps"), ("room tone",)),
        ("wood, no rain and metal", "", ("wood", "metal"), ("room tone",)),
        ("rain, no rain", "", ("knock",), ()),
        ("wood, rain", "rain", ("wood",), ()),
        ("wood", "knocks, wood", (), ("room tone",)),
        ("no hits", "", (), ("room tone",)),
        ("wood wood planks", "", ("wood",), ("room tone",)),
    ],
)
def test_a_prompt_names_hits_and_beds(
    prompt: str, negative: str, hits: tuple[str, ...], beds: tuple[str, ...]
) -> None:
    wish = read(prompt, negative)
    assert (wish.hits, wish.beds) == (hits, beds)


def test_unknown_words_are_kept_once_in_order_and_cut_short() -> None:
    wish = read("a Kazoo, rain, kazoo and theremin " + "z" * 90)
    assert wish.unknown == ("kazoo", "theremin", "z" * 40)


def test_words_of_other_scripts_and_pictures_are_no_error() -> None:
    wish = read("雨 🥁 <b>wood</b> дождь")
    assert wish.hits == ("wood",)
    assert wish.unknown == ("雨", "b", "дождь")


def test_a_room_alone_is_a_bed_and_a_tone_no_unknown_word() -> None:
    assert read("room").beds == ("room tone",)
    assert read("room tone").unknown == ()


@given(st.text(max_size=300), st.text(max_size=100))
def test_no_prompt_is_an_error(prompt: str, negative: str) -> None:
    wish = read(prompt, negative)
    assert len(set(wish.hits)) == len(wish.hits)
    assert len(set(wish.unknown)) == len(wish.unknown)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=6, unique=True), st.floats(0, 1), st.floats(0, 1))
def test_further_right_is_never_an_earlier_sound(sounds: list[str], one: float, other: float) -> None:
    left, right = sorted((one, other))
    assert sounds.index(sound_at(tuple(sounds), left)) <= sounds.index(sound_at(tuple(sounds), right))
