"""Clauses: a text cut into the parts within which words belong together, some of which take away.

Stops, commas and words like "but" end a clause; so does "and", once the clause has named a sound. "No",
"without" and their like begin one that takes away, and there "and" and "or" go on with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.prompt.lexicon import Phrase

NEUTRAL_HIT = "knock"
_MATERIALS = frozenset({"hard things", "soft things"})
"""Families whose kinds describe what is named right after them."""
_REACH = 3
"""So many words before a space "in" may stand."""


@dataclass(frozen=True)
class Clause:
    """Some of the words and phrases of a text, without those that say nothing."""

    said: tuple[Phrase, ...]
    taken: bool
    """Whether it takes away what it names."""
    begun: str = ""
    """The word that it begins after: "with", "and", "."."""

    @property
    def acts(self) -> bool:
        """Whether it says what is done."""
        acts = ("verb", "other act")
        return any(item.meaning.act or item.meaning.step or item.meaning.role in acts for item in self.said)

    @property
    def is_of_others(self) -> bool:
        """Whether what is done in it has no sound of ours."""
        return any(item.meaning.role == "other act" for item in self.said)

    def text_at(self, at: int) -> str:
        """The phrase at this place of the text."""
        return next(item.text for item in self.said if item.at == at)

    def is_inside(self, number: int) -> bool:
        """Whether a little before this phrase it says "in", "on" or the like."""
        at = self.said[number].at
        return any(item.meaning.role == "inside" and at - item.at <= _REACH for item in self.said[:number])

    def is_followed(self, number: int) -> bool:
        """Whether the very next word names a sound: "a church bell"."""
        following = self.said[number + 1] if number + 1 < len(self.said) else None
        return following is not None and following.at == self.said[number].past and following.names

    def describes(self, number: int) -> bool:
        """Whether it is a material, and the very next word is the thing itself."""
        if not self.is_followed(number):
            return False
        pair = self.said[number : number + 2]
        if any(item.meaning.act for item in pair):
            return False
        kind, thing = (item.meaning.kind for item in pair)
        return bool(thing) and kind != thing and thing != NEUTRAL_HIT and is_material(kind)


def is_material(kind: str | None) -> bool:
    """Whether a kind may be what another thing is made of, or lies on."""
    return kind is not None and kind != NEUTRAL_HIT and catalogue()[kind].family in _MATERIALS


def clauses(said: Sequence[Phrase]) -> Iterator[Clause]:
    """The clauses of a text, in order."""
    denied = denied_modifiers(said)
    found: list[Phrase] = []
    taken, begun = False, ""
    for number, item in enumerate(said):
        role = item.meaning.role
        takes_away = role == "takes away" and number not in denied
        joined = item.text == "and" and not taken and any(other.names for other in found)
        if role == "ends" or takes_away or joined:
            yield Clause(tuple(found), taken, begun)
            found, taken, begun = [], takes_away, item.text
        elif role not in ("takes away", "joins", "small") and number not in denied:
            found.append(item)
    yield Clause(tuple(found), taken, begun)


def denied_modifiers(said: Sequence[Phrase]) -> set[int]:
    """Where it says "not loud" or "not too loud": the numbers of both words, which then say nothing."""
    denied = set()
    for number, item in enumerate(said):
        if item.text == "not":
            later = _past_small_words(enumerate(said[number + 1 :], number + 1))
            denied |= {number, later[0]} if later and later[1].meaning.modifier else set()
    return denied


def _past_small_words(items: Iterable[tuple[int, Phrase]]) -> tuple[int, Phrase] | None:
    return next((pair for pair in items if pair[1].meaning.role != "small"), None)
