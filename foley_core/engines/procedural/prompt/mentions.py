"""Mentions: the sounds that the clauses of a prompt name, each with what is said about it.

- A modifier belongs to the sound nearest to it in its clause, the later one where two are as near; in a
  clause without a sound, to those named before it, or else to the next.
- With what something is done is not heard: "a door locked with a key".
- Words for steps and for what is walked on are one sound. Without a ground it is `DEFAULT_GROUND`, or what
  another clause names alone ("heavy boots, gravel").
- Which of the words that name a sound are heard `sounding.py` says. A neutral hit gives way to any other in
  its clause ("knock on wood"), and a ground without steps to any sound ("water dripping").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Bed, HitSound
from foley_core.engines.procedural.prompt.actions import outdoes
from foley_core.engines.procedural.prompt.clauses import NEUTRAL_HIT, Clause
from foley_core.engines.procedural.prompt.inflection import forms_of, is_among, is_plural
from foley_core.engines.procedural.prompt.lexicon import Phrase
from foley_core.engines.procedural.prompt.modifiers import Modifier
from foley_core.engines.procedural.prompt.sounding import SHATTERING, Reading, read
from foley_core.engines.procedural.soundscape import STEPS

DEFAULT_GROUND = "footsteps on concrete"
CRUNCH = "snap"
_ATTRIBUTES = frozenset({"wooden", "metallic", "interior", "indoor"})
"""Alone in a clause they tell of the sound before them: "door, wooden, interior"."""
_BRITTLE = frozenset({"glass", "dishes"})
_FLOWING = frozenset(forms_of(("flow", "run", "rush", "gush", "stream")))
_NOISES = ("bang", "clatter", "clunk", "thunk")
NO_GROUND_ALONE = frozenset({"water"})
"""Without a word for steps it is nothing to walk on."""


class Detail(NamedTuple):
    """What a prompt says about a sound."""

    text: str
    """As it was typed; empty where it should not be shown."""
    modifier: Modifier
    at: int
    """The number of its first word in the text."""


@dataclass
class Mention:
    """A sound as a prompt names it."""

    kind: str
    """Empty for steps on a ground that is not known yet."""
    places: list[int]
    """Numbers of its words in the text."""
    walked: bool = False
    """Whether there are words for steps in it."""
    shoe: str = ""
    details: list[Detail] = field(default_factory=list)

    @property
    def is_bed(self) -> bool:
        """Whether it lies under everything."""
        return bool(self.kind) and isinstance(catalogue()[self.kind].sound, Bed)

    @property
    def is_struck(self) -> bool:
        """Whether it is a hit."""
        return not self.kind or isinstance(catalogue()[self.kind].sound, HitSound)


def mentions(clauses: Iterable[Clause]) -> list[Mention]:
    """The sounds of all clauses, in order, with their modifiers."""
    every: list[Mention] = []
    latest: list[Mention] = []
    waiting: list[Detail] = []
    before: Clause | None = None
    for clause in clauses:
        found = _named(clause)
        if before is not None and clause.begun == "with" and (latest or before.is_of_others):
            found = found if clause.acts or not before.acts else [each for each in found if _is_company(each)]
        if latest and found:
            found = _after_others(clause, found, before, every)
        if _is_impact(before, latest) and len(clause.said) == len(found) == 1 and found[0].is_struck:
            every.remove(latest[0])
        before = clause
        for item in clause.said:
            if (modifier := item.meaning.modifier) and not any(item.at in each.places for each in found):
                about = [_nearest(item, found)] if found else latest
                for holder in [each.details for each in about] or [waiting]:
                    holder.append(Detail(item.text, modifier, item.at))
        if found:
            found[0].details[:0] = waiting
            waiting, latest = [], found
            every += found
    return _grounded(every)


def _is_impact(clause: Clause | None, named: Sequence[Mention]) -> bool:
    """Whether a clause is no more than "impact"; of what, the next may say: "impact, metal"."""
    return clause is not None and len(named) == 1 and [item.text for item in clause.said] == ["impact"]


def _is_company(mention: Mention) -> bool:
    """Whether it may sound beside what is done, rather than be what that is done with."""
    return mention.walked or mention.is_bed


def _is_noise(clause: Clause, mention: Mention) -> bool:
    """Whether it only says how the sounds before it are: "a machine runs with a clatter"."""
    if mention.kind == "electric hum" and clause.text_at(mention.places[0]).startswith("hum"):
        return True
    return mention.kind == NEUTRAL_HIT and clause.text_at(mention.places[0]).startswith(_NOISES)


def _after_others(
    clause: Clause, found: list[Mention], before: Clause | None, every: list[Mention]
) -> list[Mention]:
    """What is heard of a clause after one that sounds: not what only tells of that."""
    texts = [clause.text_at(each.places[0]) for each in found]
    told = clause.begun == "with" and all(_is_noise(clause, each) for each in found)
    if told or _ATTRIBUTES.issuperset(texts):
        return []
    acts = before is not None and before.acts
    if clause.begun == "and" and (acts or all(is_plural(text) for text in texts)):
        return _carried_on(clause, before, found, every)
    return found


def _is_deed(clause: Clause | None) -> bool:
    """Whether a clause names no thing, but only what is done: "typing and clicking"."""
    return clause is not None and all(item.meaning.act for item in clause.said if item.names)


def _carried_on(
    clause: Clause, before: Clause | None, found: list[Mention], every: list[Mention]
) -> list[Mention]:
    """What is heard of a clause that says what the thing before it does as well: "a clock ticks and strikes".

    What breaks is heard no more as what it was.
    """
    subject, acts = every[-1], [item for item in clause.said if item.meaning.names]
    if not subject.kind or _is_deed(before) or not all(item.meaning.act for item in acts):
        return found
    if subject.kind in _BRITTLE and [each.kind for each in found] == [SHATTERING]:
        every.remove(subject)
        return found
    if subject.kind in ("snap", "wood") and [each.kind for each in found] == [SHATTERING]:
        return []
    how = {
        item.at
        for item in acts
        if item.meaning.kind != "door" and not outdoes(item.meaning.kind or "", subject.kind, item.text)
    }
    return [each for each in found if each.kind == subject.kind or each.places[0] not in how]


def _nearest(item: Phrase, found: Sequence[Mention]) -> Mention:
    return min(found, key=lambda each: min((abs(at - item.at), at < item.at) for at in each.places))


def _named(clause: Clause) -> list[Mention]:
    """The sounds that one clause names, in order."""
    if flowing := _flowing(clause):
        return [Mention("stream", flowing)]
    steps = _steps(clause)
    found = [steps] if steps else []
    spoken_for = set(steps.places) if steps else set()
    reading = read(clause)
    for number, item in enumerate(clause.said):
        if item.at not in spoken_for and _is_sound(clause, number, reading):
            found.append(Mention(reading.becomes.get(number, item.meaning.kind or ""), [item.at]))
    if any(each.is_struck and each.kind != NEUTRAL_HIT for each in found):
        found = [each for each in found if each.kind != NEUTRAL_HIT]
    if any(each.kind == "wind" for each in found):
        found = [each for each in found if each.kind != NEUTRAL_HIT or not _blows(clause, each)]
    found = sorted(found, key=lambda each: each.places[0])
    crunched = (
        len(found) == 1
        and found[0].kind == CRUNCH
        and clause.text_at(found[0].places[0]).startswith("crunch")
    )
    return (crunched and _ground_alone(reading)) or found or _place_alone(reading) or _ground_alone(reading)


def _flowing(clause: Clause) -> list[int]:
    """The places of water, and of the word that it runs or flows: "water is running from a tap"."""
    if any(item.meaning.kind and catalogue()[item.meaning.kind].family == "water" for item in clause.said):
        return []
    for item, following in pairwise(clause.said):
        near = following.at - item.past <= 1
        if item.text == "water" and near and following.text in _FLOWING:
            return [item.at, following.at]
    return []


def _blows(clause: Clause, mention: Mention) -> bool:
    """Whether it is what the wind does, rather than a blow."""
    return clause.text_at(mention.places[0]).startswith("blow")


def _is_sound(clause: Clause, number: int, reading: Reading) -> bool:
    """Whether this phrase names a sound, rather than where another sounds, or what it is made of or on."""
    return reading.is_heard(number) and not (clause.said[number].meaning.space and clause.is_inside(number))


def _place_alone(reading: Reading) -> list[Mention]:
    """The place that sounds, where nothing in it does: "sunset at the beach"."""
    said = reading.clause.said
    if any(item.meaning.is_other for item in said):
        return []
    places = (item for number, item in enumerate(said) if item.meaning.space and reading.is_heard(number))
    return [Mention(item.meaning.kind or "", [item.at]) for item in places][:1]


def _ground_alone(reading: Reading) -> list[Mention]:
    """The steps that a ground means where its clause names nothing else: "gravel", "the crunch of snow"."""
    grounds = (
        item
        for number, item in enumerate(reading.clause.said)
        if item.meaning.ground
        and not item.meaning.space
        and number not in reading.silent
        and not is_among(item.text, NO_GROUND_ALONE)
    )
    return [Mention(item.meaning.ground or "", [item.at]) for item in grounds][:1]


def _steps(clause: Clause) -> Mention | None:
    """The footsteps of a clause: in which shoe, on what, and how many walk."""
    walked = [item for item in clause.said if item.meaning.step]
    if not walked:
        return None
    steps = Mention("", [item.at for item in walked], walked=True)
    for item in walked:
        if step := item.meaning.step:
            steps.shoe = step.shoe or steps.shoe
            steps.details += (
                [Detail(item.text, step.modifier, item.at)] if step.modifier != Modifier() else []
            )
    grounds = [item for item in clause.said if item.meaning.ground and not item.meaning.step]
    if grounds:
        ground = min(grounds, key=lambda item: (item.at < walked[0].at, item.at))
        steps.kind = ground.meaning.ground or ""
        steps.places += range(ground.at, ground.past)
    for item in clause.said:
        if item.meaning.walkers:
            steps.details.insert(0, Detail("", Modifier(count=item.meaning.walkers), item.at))
            steps.places.append(item.at)
    return steps


def _grounded(every: list[Mention]) -> list[Mention]:
    """With a ground for all steps: the only one that is named alone, or the default."""
    bare = [each for each in every if not each.kind]
    alone = [
        each for each in every if each.kind and not each.walked and catalogue()[each.kind].family == STEPS
    ]
    ground = DEFAULT_GROUND
    if bare and len(alone) == 1:
        ground = alone[0].kind
        bare[0].details += alone[0].details
        bare[0].places += alone[0].places
        every = [each for each in every if each is not alone[0]]
    for each in bare:
        each.kind = ground
    return every
