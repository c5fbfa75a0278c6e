"""Hints: what is told of a phrase that is not understood, so that the next attempt is.

A word that is likely a typing error comes with the known ones that may be meant; no word of the phrase itself
is ever among them, and nothing is offered for an English word. Of other phrases it is told why they are not
heard.
"""

from __future__ import annotations

from collections.abc import Iterator

from foley_core.engines.procedural.prompt.common_words import COMMON_WORDS
from foley_core.engines.procedural.prompt.deeds import opens
from foley_core.engines.procedural.prompt.inflection import singulars
from foley_core.engines.procedural.prompt.lexicon import Phrase, find_phrases, lexicon, suggestions, words_of
from foley_core.engines.procedural.prompt.plain_words import ADJECTIVES, HAPPENINGS
from foley_core.engines.procedural.prompt.spelling import NEAREST, nearest
from foley_core.engines.procedural.soundscape import STEPS

_WORDS = COMMON_WORDS | ADJECTIVES | HAPPENINGS
_ENDINGS = ("s", "es", "y", "ed", "d", "er", "r", "ers", "ing", "ly")
NO_SUCH_SOUND = "known, but there is no such sound here"


def likely(text: str) -> tuple[str, ...]:
    """The known words that words of a phrase may be slips for, best first."""
    words = words_of(text)
    found = (other for word in words if not _is_word(word) for other in _slips(word) if other not in words)
    return tuple(dict.fromkeys(found))[:NEAREST]


def _slips(word: str) -> Iterator[str]:
    return (other for other in nearest(word, suggestions()) if not _is_form(word, other))


def _is_word(word: str) -> bool:
    """Whether it is an English word, and so no slip for another."""
    return any((each,) in lexicon() or each in _WORDS for each in (word, *singulars(word)))


def _is_form(word: str, other: str) -> bool:
    """Whether it is made of a known word with an ending: a "skateboarder"."""
    stems = (other, other.removesuffix("e"), other.removesuffix("es"), other.removesuffix("s"))
    return any(word.removeprefix(stem) in _ENDINGS for stem in stems if word.startswith(stem))


def reason(text: str) -> str:
    """Why a phrase that is told as not understood is not heard; empty where none of it is known."""
    parts = [part for part in find_phrases(text) if part.meaning.role not in ("small", "inside", "of")]
    if len(parts) == 1:
        return _of_one(parts[0])
    thing = next((part for part in parts if part.meaning.kind and not part.meaning.act), None)
    if thing is None:
        return NO_SUCH_SOUND if all(part.is_known or part.meaning.is_other for part in parts) else ""
    act = next((part for part in parts if part.meaning.role == "other act" or opens(part)), None)
    if act is None:
        last = next((part for part in parts if part.meaning.act), parts[-1])
        return f"{last.text}: no such sound here; {thing.text} only describes it" if last != thing else ""
    suffers = opens(act) or act.at < thing.at
    done = "what is done to it" if suffers else "what it does"
    return f"{thing.text}: known as {_named(thing)}, but not {done}"


def _of_one(part: Phrase) -> str:
    if part.meaning.is_other:
        return NO_SUCH_SOUND
    if part.meaning.role == "verb":
        return "known, but no sound by itself"
    return f"known as {_named(part)}, but only where or what it is done to" if part.names else ""


def _named(part: Phrase) -> str:
    return f'the sound "{part.meaning.kind or part.meaning.ground or STEPS}"'
