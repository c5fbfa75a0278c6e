"""Plurals: every noun of the lexicon is taken for the same sounds in either number, with few exceptions."""

from __future__ import annotations

import pytest

from foley_core.engines.procedural.prompt.inflection import has_ending, plural, singulars
from foley_core.engines.procedural.prompt.lexicon import lexicon
from foley_core.engines.procedural.prompt.parser import parse_prompt

FRAMES = ("{}", "coins in the {}", "hitting the {}", "the {} on a pipe")

OTHERS_IN_THE_PLURAL = {
    "wood": "woods are a forest",
    "shutter": "one is a camera's, several are a window's",
    "twig": "one snaps, many are leaves",
    "paving stone": "several are walked on",
    "leaf": "leaves are walked on as well",
    "rock": "rocks are walked on as well",
    "marble": "marbles roll, a floor of marble is walked on",
    "crowd": "what a person does not hear as one crowd walking",
    "sand": "somebody sands wood",
    "surf": "somebody surfs",
    "swell": "music swells",
    "loom": "a shadow looms",
    "toast": "somebody toasts bread",
    "swing": "somebody swings",
    "saw": "somebody saws",
    "box": "somebody boxes; a box crash is what it describes",
    "leave of absence": "leaves are of a tree",
    "maternity leave": "leaves are of a tree",
    "lift": "somebody lifts",
    "sink": "a ship sinks",
    "watch": "somebody watches",
}
NO_NOUNS = {
    "indoor", "outdoor", "outside", "exterior", "interior", "electric", "bare", "sci fi", "scifi", "barefoot",
    "barefooted", "wooden", "metallic",
}  # fmt: skip
OTHERS_IN_THE_SINGULAR = {
    "bystanders": "one person is no crowd",
    "commuters": "one person is no crowd",
    "guests": "one person is no crowd",
    "onlookers": "one person is no crowd",
    "shoppers": "one person is no crowd",
    "spectators": "one person is no crowd",
    "cops": "one person is no siren",
    "cans": "can is what one may do",
    "pans": "pan is what a camera does",
    "crisps": "crisp is how a sound is",
    "sheets": "one is of paper or metal",
    "breakers": "one is in a circuit",
    "bubbles": "one is of wrap, gum or soap",
    "cuffs": "one is of a shirt",
    "rails": "one is beside a staircase",
    "gears": "gear is equipment",
    "trainers": "one is a person",
    "steelworks": "one is a building's",
    "breaking news": "breaking new ground",
    "rolling stones": "one rolls",
    "tennis": "no plural",
    "table tennis": "no plural",
    "canvas": "no plural",
}


def _nouns() -> list[tuple[str, int]]:
    """Every word and phrase that is a thing, as text, with the number of the word that is inflected."""
    found = []
    for words, meaning in lexicon().items():
        thing = (meaning.names or meaning.space or meaning.is_other) and meaning.role != "other act"
        head = words.index("of", 1) - 1 if "of" in words[1:] else len(words) - 1
        is_deed = meaning.act or has_ending(words[head]) or words[head] in ("up", "by", "over", "off", "out")
        if thing and not is_deed and words[head].isalpha() and " ".join(words) not in NO_NOUNS:
            found.append((" ".join(words), head))
    return found


def _inflected(text: str, head: int, form: str) -> str:
    words = text.split()
    return " ".join((*words[:head], form, *words[head + 1 :]))


PLURALS = {
    text: _inflected(text, head, plural(text.split()[head]))
    for text, head in _nouns()
    if not [*singulars(text.split()[head])] and text not in OTHERS_IN_THE_PLURAL
}
SINGULARS = {
    text: _inflected(text, head, next(singulars(text.split()[head])))
    for text, head in _nouns()
    if [*singulars(text.split()[head])] and text not in OTHERS_IN_THE_SINGULAR
}


def taken_for(prompt: str) -> tuple[list[str], str | None, int]:
    """The kinds and the space that a prompt names, and how much of it is not understood."""
    soundscape = parse_prompt(f"{prompt}, silence")
    return [voice.kind.name for voice in soundscape.voices], soundscape.space, len(soundscape.unknown)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_plural_is_taken_for_what_its_singular_is(frame: str) -> None:
    assert len(PLURALS) > 1_000
    others = {
        (one, several): (taken_for(frame.format(one)), taken_for(frame.format(several)))
        for one, several in PLURALS.items()
    }
    assert {pair: taken for pair, taken in others.items() if taken[0] != taken[1]} == {}


def test_a_singular_is_taken_for_what_the_known_plural_is() -> None:
    assert len(SINGULARS) > 100
    others = {
        (several, one): (taken_for(several), taken_for(one))
        for several, one in SINGULARS.items()
        if _is_not_known_by_itself(one)
    }
    assert {pair: taken for pair, taken in others.items() if taken[0] != taken[1]} == {}


def _is_not_known_by_itself(text: str) -> bool:
    return tuple(text.split()) not in lexicon()


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("knife", "knives"), ("bookshelf", "bookshelves"), ("scarf", "scarves"), ("mouse", "mice"),
        ("goose", "geese"), ("tooth", "teeth"), ("werewolf", "werewolves"), ("volcano", "volcanoes"),
        ("fire engine", "fire engines"), ("palm leaf", "palm leaves"), ("page of a book", "pages of a book"),
        ("drop of water", "drops of water"), ("bag of gravel", "bags of gravel"), ("tyre", "tyres"),
        ("screeching tyre", "screeching tyres"), ("high heel on marble", "high heels on marble"),
        ("boat crash", "boats crash"), ("bowl of coins", "bowls of coins"),
        ("hammer on the sofa", "hammer on the sofas"), ("rubber glove", "rubber gloves"),
    ],
)  # fmt: skip
def test_either_number_is_the_same_sound(one: str, several: str) -> None:
    assert taken_for(one) == taken_for(several)


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("glasses", ["glass"]),
        ("rapids", ["stream"]),
        ("woods", []),
        ("hits", ["knock"]),
        ("water", []),
        ("waters", []),
        ("a foot on gravel", ["footsteps on gravel"]),
        ("helicopter blade", ["helicopter"]),
        ("a football fan", ["cheering"]),
        ("two guys walking", ["footsteps on concrete"]),
        ("can you hear the rain", ["rain"]),
        ("camera pan", []),
        ("the bus parks", ["car"]),
    ],
)
def test_what_has_a_meaning_of_its_own_keeps_it(prompt: str, kinds: list[str]) -> None:
    assert taken_for(prompt)[0] == kinds
