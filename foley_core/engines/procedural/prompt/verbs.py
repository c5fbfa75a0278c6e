"""Verbs: words that may be a thing or say what is done, told apart by what stands beside them.

"The man leaves the room" has no leaves, "a fan oscillates" no oscillates, and the whistle of the wind is no
thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.prompt.deeds import is_bound
from foley_core.engines.procedural.prompt.inflection import is_plural
from foley_core.engines.procedural.prompt.lexicon import NOTHING, Meaning, Phrase
from foley_core.engines.procedural.prompt.other_sounds import other_acts
from foley_core.engines.procedural.prompt.plain_words import DETERMINERS, DOUBLE, SUBJECTS

VERB = Meaning(role="verb")
_ACT = Meaning(role="other act")


def with_verbs(said: list[Phrase]) -> list[Phrase]:
    """With the words that are verbs where they stand as verbs."""
    return [
        replace(item, meaning=VERB)
        if _is_verb(said, number)
        else replace(item, meaning=_ACT)
        if number and _whistles(said[number - 1], item)
        else item
        for number, item in enumerate(said)
    ]


def _whistles(subject: Phrase, item: Phrase) -> bool:
    """Whether it is what weather, water or fire does, though a thing has the same name: "wind whistle".

    A train whistle is a thing all the same.
    """
    kind = subject.meaning.kind
    if not kind or subject.meaning.act or subject.past != item.at or item.meaning.role != "other thing":
        return False
    return kind != "train" and item.text in other_acts() and not is_bound(kind, item.text)


def _is_third_person(said: Sequence[Phrase], number: int) -> bool:
    """Whether after "a" and a thing this word in -s can be no plural: "a fan oscillates"."""
    item, subject = said[number], said[number - 1]
    unsure = item.meaning == NOTHING or item.meaning.role == "other thing" or item.text in (*DOUBLE, "boots")
    if (
        not unsure
        or item.meaning.act
        or not is_plural(item.text)
        or subject.past != item.at
        or is_plural(subject.text)
    ):
        return False
    before = [other.text for other in said[max(number - 4, 0) : number - 1]]
    if any(other.meaning.role in ("ends", "joins", "inside") for other in said[max(number - 3, 0) : number]):
        return False
    named = subject.names or subject.meaning.is_other or subject.meaning.space
    return bool(named) and ("a" in before or "an" in before) and "of" not in before


def _shoots(item: Phrase) -> bool:
    return item.text.endswith(("gun", "bow", "laser", "catapult", "slingshot", "missile", "torpedo", "tank"))


def _is_verb(said: Sequence[Phrase], number: int) -> bool:
    item = said[number]
    if not number:
        return False
    subject = said[number - 1]
    if _is_third_person(said, number):
        return True
    if item.meaning == NOTHING and item.text.endswith("s") and subject.past == item.at:
        return bool(subject.meaning.walkers)
    if subject.meaning.is_other and (item.text == "fires" or (item.text == "fire" and _shoots(subject))):
        return True
    if item.text not in DOUBLE or subject.past != item.at or is_plural(subject.text):
        return False
    kind = subject.meaning.kind
    family = catalogue()[kind].family if kind else ""
    lives = family in ("animals", "vehicles") or subject.meaning.role == "other creature"
    does = bool(subject.meaning.walkers) or subject.text in SUBJECTS or (lives and not subject.meaning.act)
    follows = said[number + 1].text if number + 1 < len(said) else ""
    return does or (
        follows in DETERMINERS and bool(kind or subject.meaning.is_other or subject.meaning == NOTHING)
    )
