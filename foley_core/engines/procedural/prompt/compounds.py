"""Compounds: neighbouring words of a text that together name one thing, which is none of our sounds.

The last word of a compound says what it is: a "wind turbine" is a turbine and no wind. So a known thing right
before an unknown noun is part of an unknown whole; so is one that does what we have no sound for ("a dog
panting"), or suffers it ("pouring coffee"). What a strange creature does is not ours either ("a mouse
squeaking"). A whole is told to the user as it was typed.
What is a verb where it stands `verbs.py` says, and who makes which sound of ours `deeds.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.prompt.actions import STEMS
from foley_core.engines.procedural.prompt.attributes import PARTS
from foley_core.engines.procedural.prompt.deeds import (
    RIDDEN,
    acts,
    is_animal,
    is_strange,
    is_voice,
    opens,
    suffers,
)
from foley_core.engines.procedural.prompt.inflection import has_ending, is_among, is_plural
from foley_core.engines.procedural.prompt.lexicon import NOTHING, Meaning, Phrase, suggestions
from foley_core.engines.procedural.prompt.plain_words import (
    ADJECTIVES,
    FIGURES,
    HAPPENINGS,
    NOUNS_TOO,
    QUALITIES,
    SURFACES,
)
from foley_core.engines.procedural.prompt.pours import with_pours
from foley_core.engines.procedural.prompt.spelling import is_misspelt
from foley_core.engines.procedural.prompt.verbs import VERB, with_verbs
from foley_core.engines.procedural.soundscape import STEPS

_OTHER = Meaning(role="other thing")
_NO_STUFF = frozenset({"weather", "water", "people", "animals", "tones"})
_RUNS = frozenset({"run", "runs", "running", "ran", "walk", "walks", "walking"})
_HIT = frozenset(
    {"face", "jaw", "chest", "gut", "back", "nose", "cheek", "arm", "leg", "hand", "knee", "body", "bag"}
)
"""Right after an action, what is struck: "punch face"."""
_PERSONS = ("man", "men", "woman", "women")
"""After a thing they name a trade: "a fire man"."""
_SHOES = frozenset({"boot", "shoe", "heel", "foot", "step", "sneaker", "feet"})


def compounded(said: Iterable[Phrase]) -> list[Phrase]:
    """The phrases of a text, with those joined that name something unknown together."""
    items = with_pours(with_verbs(list(said)))
    walks = any(item.meaning.step for item in items)
    joined: list[Phrase] = []
    for item in items:
        while (first := _begins(joined, item, walks)) is not None:
            parts = [*joined[first:], item]
            text = " ".join(part.text for part in parts)
            item = Phrase(text, parts[0].at, item.past - parts[0].at, _whole(parts))
            del joined[first:]
        if joined and _is_surface(joined[-1], item, walks):
            item = Phrase(f"{joined[-1].text} {item.text}", joined[-1].at, item.past - joined[-1].at, VERB)
            del joined[-1]
        elif joined and _is_no_walk(joined[-1], item):
            item = replace(item, meaning=VERB)
        joined.append(item)
    return joined


def _whole(parts: Sequence[Phrase]) -> Meaning:
    if parts[-1].meaning.role == "other act":
        return parts[-1].meaning
    creature = any(part.meaning.role == "other creature" for part in parts)
    return Meaning(role="other creature") if creature else _OTHER


def _begins(before: Sequence[Phrase], item: Phrase, walks: bool) -> int | None:
    """Where among the phrases before it the compound begins that this phrase ends, if it ends one."""
    at = _neighbour(before, len(before) - 1)
    if (
        at > 0
        and before[at].meaning.role == "of"
        and is_among(before[at - 1].text, FIGURES)
        and _is_noun(item)
    ):
        return at - 1
    if at < 0 or before[at].meaning.role in ("ends", "joins", "inside", "takes away", "of"):
        return None
    if item.meaning.kind and not item.meaning.act and at == len(before) - 1 > 0 and _is_noun(before[at]):
        done = _neighbour(before, at - 1)
        at = done if done >= 0 and _is_done_to(before[done]) else at
    earlier, beside = before[at], at == len(before) - 1 and before[at].past == item.at
    small = {part.text for part in before[at + 1 :]}
    if acts(item):
        subject = small <= {"is", "are", "was", "being"}
        return at if subject and is_strange(earlier, item) else None
    if beside and _is_no_walk(earlier, item) and is_animal(earlier):
        return at
    complete = at > 0 and earlier.meaning.act and _does_its_own(before[at - 1], earlier)
    if beside and not complete and _is_noun(item) and _describes(earlier, item, walks):
        return at
    if beside and _is_strange_voice(earlier, item):
        return at
    does_own = at > 0 and _does_its_own(before[at - 1], earlier) and not is_strange(before[at - 1], earlier)
    return at if suffers(item, earlier) and not does_own else None


def _neighbour(before: Sequence[Phrase], at: int) -> int:
    """The last of the phrases up to this one that is not by the way; -1 where there is none."""
    while at >= 0 and _is_by_the_way(before[at]):
        at -= 1
    return at


def _is_done_to(act: Phrase) -> bool:
    """Whether things are what it is done to: "opening a beer bottle"."""
    return act.meaning.role == "other act" or opens(act)


def _does_its_own(subject: Phrase, action: Phrase) -> bool:
    """Whether a known thing stands right before its action; what follows both is another: "cow moo barn"."""
    return bool(subject.meaning.kind and not subject.meaning.act) and subject.past == action.at


def _is_by_the_way(item: Phrase) -> bool:
    return item.meaning.role == "small" or bool(item.meaning.modifier) or item.text in ADJECTIVES


def _is_strange_voice(action: Phrase, item: Phrase) -> bool:
    """Whether this is done by what sounds other than ours that do it: "a barking seal", "crackling vinyl"."""
    if action.text.startswith("crackl"):
        return _is_noun(item)
    return item.meaning.role == "other creature" and is_voice(action)


def _is_noun(item: Phrase) -> bool:
    """Whether this is a thing that is not ours, or an unknown word that looks like one."""
    if item.meaning.role in ("other thing", "other creature") or item.text in (*NOUNS_TOO, *_PERSONS):
        return True
    word = item.text
    plain = item.meaning == NOTHING and word.isascii() and word.isalpha() and len(word) > 2
    return (
        plain
        and not has_ending(word)
        and word not in ADJECTIVES | HAPPENINGS
        and not is_misspelt(word, suggestions())
    )


def _is_done(part: Phrase) -> bool:
    """Whether a known phrase says what is done as well: a "door slam" describes nothing, as a door does."""
    last = part.text.rpartition(" ")[2]
    return part.words > 1 and (last in STEMS or has_ending(last))


def _describes(part: Phrase, noun: Phrase, walks: bool) -> bool:
    """Whether this known word may be the first part of a compound with a noun that is not ours."""
    meaning, listed = part.meaning, noun.meaning.is_other
    if noun.text in _PERSONS and (walks or not meaning.kind):
        return False
    if part.text in STEMS and meaning.act:
        return noun.meaning.role != "other creature" and noun.text not in _HIT
    ridden = is_among(noun.text, RIDDEN) and (meaning.kind in PARTS or meaning.kind == "bell")
    joins = meaning.role in ("", "other thing", "other creature") and part.text not in QUALITIES
    if not joins or ridden or _is_done(part) or meaning.act or meaning.modifier:
        return False
    if meaning.step:
        return part.text in _SHOES
    if is_plural(part.text) and not listed and part.text not in ("keys", "clothes", "sports"):
        return False
    if meaning.ground and (walks or not meaning.kind):
        return not walks
    return bool(meaning.kind) or (bool(meaning.space) and listed)


def _is_surface(before: Phrase, item: Phrase, walks: bool) -> bool:
    """Whether this is a wall or the like, made of what is named right before it."""
    kind, beside = before.meaning.kind, before.past == item.at
    plain = beside and item.text in SURFACES and not before.meaning.act and not walks
    return bool(plain and kind and not is_plural(before.text) and catalogue()[kind].family not in _NO_STUFF)


def _is_no_walk(before: Phrase, item: Phrase) -> bool:
    """Whether it is no person that runs: "the engine runs"."""
    kind = before.meaning.kind
    runs = item.meaning.step and item.text in _RUNS and not (before.meaning.ground and before.meaning.kind)
    beside = before.past == item.at and not before.meaning.act and not before.meaning.walkers
    runner = before.meaning.is_other or (
        kind and catalogue()[kind].family not in (STEPS, "people", "cloth and air")
    )
    return bool(runs and beside and runner)
