"""The lexicon: every word and phrase that is known, with all that it can mean, and where a text uses them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from foley_core.cue import Layer
from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Kind
from foley_core.engines.procedural.prompt import modifiers
from foley_core.engines.procedural.prompt.actions import ACTIONS, action_forms, into_water
from foley_core.engines.procedural.prompt.inflection import plural, singulars
from foley_core.engines.procedural.prompt.modifiers import Modifier, Step, phrases
from foley_core.engines.procedural.prompt.other_sounds import other_acts, other_creatures, other_things
from foley_core.engines.procedural.prompt.plain_words import ADJECTIVES, DOUBLE, NO_SINGULARS, verbs
from foley_core.engines.procedural.rendering.space import SPACES
from foley_core.engines.procedural.soundscape import STEPS

_STOP = "."
"""What every stop, comma and line end becomes."""
_STOPS = frozenset(",;.:!?()[]{}|/\\\n\r。、，；！？…")
_ARTICLES = frozenset({"a", "the"})
_JOINED = frozenset("'’")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Meaning:
    """All that one word or phrase can mean; what it does mean, the words beside it decide."""

    kind: str | None = None
    """The kind of sound that it names."""
    ground: str | None = None
    """The kind of footsteps that it means beside a word for steps."""
    step: Step | None = None
    modifier: Modifier | None = None
    space: str | None = None
    walkers: int = 0
    """How many walk, beside a word for steps."""
    layers: tuple[Layer, ...] = ()
    """The layers that it stands for where it is taken away."""
    family: str | None = None
    """The family that it stands for where it is taken away."""
    role: str = ""
    """"takes away", "ends", "joins", "silence", "of", "inside", "verb", "small" for words that do something
    else; "other thing", "other creature", "other act" for what names a sound that is not known here."""
    act: bool = False
    """Whether it says what is done, rather than what sounds: "crashing", "knock"."""

    @property
    def names(self) -> bool:
        """Whether it names a sound."""
        return bool(self.kind or self.ground or self.step)

    @property
    def is_other(self) -> bool:
        """Whether it names a sound that is not known here."""
        return self.role.startswith("other")


@dataclass(frozen=True)
class Phrase:
    """A word or phrase where a text says it."""

    text: str
    at: int
    """The number of its first word in the text."""
    words: int
    meaning: Meaning
    """An empty one where it is not known."""

    @property
    def past(self) -> int:
        """The number of the word after it."""
        return self.at + self.words

    @property
    def is_known(self) -> bool:
        """Whether it means anything; figures need not."""
        return self.text.isdecimal() or not (self.meaning == NOTHING or self.meaning.is_other)

    @property
    def names(self) -> bool:
        """Whether it names a sound."""
        return self.meaning.names


NOTHING = Meaning()
Lexicon = Mapping[tuple[str, ...], Meaning]


@cache
def lexicon() -> Lexicon:
    """Every known phrase, as its words."""
    found: dict[tuple[str, ...], Meaning] = {}
    for texts, meaning in (*_sounds(), *_other_words()):
        for key in _keys(texts):
            found[key] = replace(found.get(key, NOTHING), **meaning)
    for texts, role in _later_words():
        for text in texts:
            words = tuple(words_of(text))
            if not (text in DOUBLE and _of_other_number(found, words)):
                found.setdefault(words, Meaning(role=role))
    return found


def _keys(texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The words of phrases, those with "a" or "the" in them with the other as well, and without."""
    for text in texts:
        words = tuple(words_of(text))
        yield words
        if len(words) > 2:
            for article in _ARTICLES & {*words}:
                for other in ("a", "the", "his", "her", ""):
                    yield tuple(
                        word for word in (other if word == article else word for word in words) if word
                    )


def _later_words() -> Iterator[tuple[Iterable[str], str]]:
    """What only words mean that nothing above knows."""
    yield other_things(), "other thing"
    yield other_creatures(), "other creature"
    yield verbs(), "verb"
    yield other_acts(), "other act"


def _sounds() -> Iterator[tuple[Iterable[str], dict[str, Any]]]:
    """Words for families, kinds, grounds and spaces; a kind's own name always means that kind."""
    kinds = catalogue().values()
    yield from (([kind.family], {"family": kind.family}) for kind in kinds)
    for kind in kinds:
        if kind.family == STEPS:
            yield _grounds(kind), {"ground": kind.name}
        else:
            yield kind.words, {"kind": kind.name}
    yield from (([kind.name], {"kind": kind.name}) for kind in kinds if kind.family != STEPS)
    words = {word: kind.name for kind in kinds if kind.family != STEPS for word in kind.words}
    yield from (([form], {"kind": kind}) for form, kind in action_forms(words))
    yield into_water(), {"kind": "splash", "act": True}
    yield [word for word, kind in words.items() if kind == "splash" and "water" in word], {"act": True}
    yield ACTIONS & {*words, *(form for form, _ in action_forms(words))}, {"act": True}
    yield from (([space.name, *space.words], {"space": space.name}) for space in SPACES)


def _other_words() -> Iterator[tuple[Iterable[str], dict[str, Any]]]:
    """The vocabulary, which has the last word."""
    for text, step in modifiers.STEPS.items():
        yield phrases(text), {"step": step, "ground": None}
    for text, ground in modifiers.GROUNDS.items():
        yield phrases(text), {"ground": ground}
    for text, modifier in modifiers.MODIFIERS.items():
        yield phrases(text), {"modifier": modifier}
    for text, walkers in modifiers.WALKERS.items():
        yield phrases(text), {"walkers": walkers}
    for text, layers in modifiers.GROUPS.items():
        yield phrases(text), {"layers": layers}
    for text, role in modifiers.ROLES.items():
        yield phrases(text), {"role": role, "kind": None}


def _grounds(kind: Kind) -> Iterator[str]:
    """The words for what a kind of footsteps walks on: its own, and those of the material of that name."""
    steps = {word for text in modifiers.STEPS for word in phrases(text)}
    yield from (text for text in kind.words if not steps & set(text.split()))
    yield (ground := kind.name.split()[-1])
    if material := catalogue().get(ground):
        yield from material.words


@cache
def suggestions() -> dict[str, str]:
    """Each single word that names a sound or a space, with what it names."""
    listed = {word for kind in catalogue().values() for word in kind.words}
    named = {
        words[0]: meaning.kind or meaning.ground or (STEPS if meaning.step else meaning.space)
        for words, meaning in lexicon().items()
        if len(words) == 1 and not meaning.role and (words[0] in listed or not meaning.act)
    }
    return {word: name for word, name in named.items() if name}


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, with `.` for every stop; symbols and pictures are words."""
    text = unicodedata.normalize("NFKC", _TAG.sub(" ", text)).casefold()
    spaced = "".join(_as_part(character) for character in text)
    return [word for part in spaced.split() if (word := part.strip("'").removesuffix("'s"))]


def _as_part(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LNM":
        return character
    if character in _STOPS:
        return f" {_STOP} "
    if character in _JOINED:
        return "'"
    return f" {character} " if category == "So" else " and " if character in "&+" else " "


def find_phrases(text: str) -> list[Phrase]:
    """The text as known phrases, the longest at each place, and unknown words."""
    words, known = words_of(text), lexicon()
    longest = max(map(len, known))
    said, at = [], 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            meaning = _meaning(known, tuple(words[at : at + length]))
            if meaning or length == 1:
                said.append(Phrase(" ".join(words[at : at + length]), at, length, meaning or NOTHING))
                at += length
                break
    return said


def _meaning(known: Lexicon, words: tuple[str, ...]) -> Meaning | None:
    """What these words mean; a plural means what its singular does, a singular what its plural, and a word in
    two parts the whole."""
    if meaning := known.get(words):
        return meaning
    if len(words) == 2 and min(map(len, words)) > 2:
        whole = known.get(("".join(words),))
        if whole and whole.kind and not whole.act:
            return whole
    return _of_other_number(known, words)


def _of_other_number(known: Lexicon, words: tuple[str, ...]) -> Meaning | None:
    """What a word or phrase means by its singular or plural: of its last word, or of the one before "of"."""
    for at in {len(words) - 1, words.index("of", 1) - 1 if "of" in words[1:] else len(words) - 1}:
        for other in _other_numbers(words, at):
            one = known.get((*words[:at], other, *words[at + 1 :]))
            if one and (one.names or one.space or one.is_other) and not one.act:
                return one
    return None


def _other_numbers(words: tuple[str, ...], at: int) -> Iterator[str]:
    """The singulars that one of these words may have, or its plural."""
    yield from singulars(words[at])
    word, text = words[at], " ".join(words)
    if not (word.endswith("s") or text in ADJECTIVES or text in NO_SINGULARS):
        yield plural(word)
