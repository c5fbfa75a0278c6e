"""From the words of a prompt to the sounds that are to be played.

"Wood and metal, rain, no room tone" names two sounds for the hits and one bed, and takes one away. `no X`,
`without X` and everything in the negative prompt take away. A word that is not known is never an error: it is
told to the user. What a word says about how a sound should be ("heavy", "distant") is not understood here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NEUTRAL_HIT = "knock"
"""Sounds where the prompt names nothing for the hits."""
NEUTRAL_BED = "room tone"

_HITS = {
    "wood": "wood wooden plank planks bench table crate crates box boxes log timber door",
    "metal": "metal metallic steel iron brass clink clinks clank bell bells coin coins",
    "hammer": "hammer hammers hammering nail nails anvil",
    "footsteps": "footstep footsteps step steps walk walks walking feet boots shoes running",
    NEUTRAL_HIT: "knock knocks hit hits impact impacts thud thuds",
}
_BEDS = {
    "rain": "rain rains raining rainy drizzle downpour",
    NEUTRAL_BED: "room tone roomtone interior indoors indoor silence",
}
_HIT_OF = {word: sound for sound, words in _HITS.items() for word in words.split()}
_BED_OF = {word: sound for sound, words in _BEDS.items() for word in words.split()}
_SMALL_WORDS = """
    a an the of on in at by to and or nor with plus but from into onto over under is are its his her their it
    this that some sound sounds noise noises while as against no not without
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_TAKES_AWAY = frozenset({"no", "without", "not"})
_ENDS_CLAUSE = frozenset({",", ";", ".", "and", "but", "with", "plus"})
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[,;.]")
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Wish:
    """What is to be played."""

    hits: tuple[str, ...]
    """Sounds for the hits, in the order in which the prompt names them; empty: hits are not to be heard."""
    beds: tuple[str, ...]
    """Sounds that lie under everything."""
    unknown: tuple[str, ...]
    """Words that mean nothing to this engine, each once, in order."""


def read(prompt: str, negative: str = "") -> Wish:
    """Understand a prompt. Nothing named for the hits (or as a bed): the neutral sound, unless taken away."""
    wanted: dict[str, None] = {}
    unwanted: set[str] = set()
    unknown: dict[str, None] = {}
    for word, taken in _clauses(prompt):
        sound = _HIT_OF.get(word) or _BED_OF.get(word)
        if sound is None:
            unknown.setdefault(word[:_LONGEST_SHOWN])
        elif taken:
            unwanted.add(sound)
        else:
            wanted.setdefault(sound)
    for word, _ in _clauses(negative):
        sound = _HIT_OF.get(word) or _BED_OF.get(word)
        unwanted |= {sound} if sound else set()
    return Wish(
        _left(wanted, _HITS, unwanted, NEUTRAL_HIT),
        _left(wanted, _BEDS, unwanted, NEUTRAL_BED),
        tuple(unknown),
    )


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """Each word that may name something, and whether its clause takes away."""
    taken = False
    for token in _TOKEN.findall(text.casefold()):
        if token in _ENDS_CLAUSE:
            taken = False
        if token in _TAKES_AWAY:
            taken = True
        if token not in _SMALL and token not in _ENDS_CLAUSE:
            yield token, taken


def _left(wanted: dict[str, None], kind: dict[str, str], unwanted: set[str], neutral: str) -> tuple[str, ...]:
    named = tuple(sound for sound in wanted if sound in kind)
    return tuple(sound for sound in named or (neutral,) if sound not in unwanted)


def sound_at(hits: tuple[str, ...], x: float) -> str:
    """Which of the sounds plays for something at `x` (0 left, 1 right): as named, from left to right.

    What is struck again in the same place so sounds the same again, whatever happens elsewhere.
    """
    return hits[min(int(x * len(hits)), len(hits) - 1)]
