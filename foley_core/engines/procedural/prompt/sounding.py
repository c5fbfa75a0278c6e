"""Sounding: which of the words of a clause that name a sound are heard, and what the others are there for.

"A heavy wooden crate dragged over gravel" slides; the crate is what it is done to, "wooden" what that is made
of, and gravel where. What is heard is decided by which of the words is a thing, which an action, and what
stands between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Bed, HitSound
from foley_core.engines.procedural.prompt.actions import is_of_steps, outdoes
from foley_core.engines.procedural.prompt.attributes import PARTS, is_attribute
from foley_core.engines.procedural.prompt.clauses import NEUTRAL_HIT, Clause, is_material
from foley_core.engines.procedural.prompt.inflection import has_ending, is_among
from foley_core.engines.procedural.prompt.lexicon import NOTHING, Phrase
from foley_core.engines.procedural.prompt.modifiers import phrases
from foley_core.engines.procedural.prompt.plain_words import FIGURES
from foley_core.engines.procedural.prompt.striking import (
    FURNITURE,
    RIDDEN,
    hidden_by,
    is_made_of,
    is_struck_with,
)

_REACH = 5
"""Words from an action to what does it or suffers it, at most."""
SHATTERING = "breaking glass"
_SNAPPING = frozenset({"wood", "leaves", "snap"})
"""What snaps where it breaks."""
_DOORS = frozenset({"door", "metal door", "car door", "drawer"})
_AFTER_DOORS = frozenset({"door", "doors", "wood", "wooden", "metal", "glass"})
"""What does not make another thing of a door: "a locker door", "door, wood"."""
_INTO = frozenset({"in", "inside", "within", "into", "through", "under"})
_CONTAINERS = frozenset(
    phrases("bag, bags, sack, sacks, box, boxes, bucket, jar, bowl, tray, crate, barrel, packet")
)
"""Beside what is in them, they are not heard: "a bag of coins"."""
_GAME, _SHOTS = ("match", "matches"), ("fire", "fires")
_AFTER = {
    **dict.fromkeys(("ball", "sword", "flesh", "crowd", "cheering", "cup"), _GAME),
    **dict.fromkeys(("gunshot", "explosion"), _SHOTS),
}
"""Kinds, and what right after them is no match and no fire: "a fencing match", "artillery fire"."""
_OFFICERS = frozenset({"police", "cops"})
_OF_PERSONS = frozenset({"knock", "door", "flesh", "slap", "gunshot", "lock", "typing", "applause", "crowd"})
"""Kinds of actions of persons, who are no siren then."""
_TOOLS = frozenset({"saw", "drill", "hammer", "file", "rake", "shovel", "sand"})
"""What is done with them to a material is named by the same word: "saw wood"."""
_SUFFERED = ("ed", "broken", "torn")
_KNOCKED = ("knock", "pound", "tap", "rap")
_STRANDS = frozenset({"leaves", "cloth"})
"""What the wind moves."""


@dataclass
class Reading:
    """What a clause's words are there for."""

    clause: Clause
    silent: dict[int, str] = field(default_factory=dict)
    """Numbers of phrases that name a sound and are not heard, and why."""
    becomes: dict[int, str] = field(default_factory=dict)
    """Numbers of phrases that sound as another kind than they name."""

    def is_heard(self, number: int) -> bool:
        """Whether a phrase names a sound that is heard."""
        return bool(self.clause.said[number].meaning.kind) and number not in self.silent


def read(clause: Clause) -> Reading:
    """Find out what a clause's words are there for."""
    reading = Reading(clause, becomes=_car_doors(clause))
    _describing(reading)
    _doing(reading)
    _placed(reading)
    return reading


def _car_doors(clause: Clause) -> dict[int, str]:
    """The doors of cars: "a taxi door"."""
    pairs = enumerate(pairwise(clause.said), 1)
    cars = {number for number, (item, _) in pairs if item.meaning.kind in ("car", "siren")}
    return {number: "car door" for number in cars if clause.said[number].meaning.kind == "door"}


def _kind(item: Phrase) -> str:
    return item.meaning.kind or ""


def _family(item: Phrase) -> str:
    return catalogue()[_kind(item)].family if item.meaning.kind else ""


def _is_bed(item: Phrase) -> bool:
    return isinstance(catalogue()[_kind(item)].sound, Bed)


def _is_struck(item: Phrase) -> bool:
    return isinstance(catalogue()[_kind(item)].sound, HitSound)


def _describing(reading: Reading) -> None:
    """Things right before other things or places, which say what those are."""
    said = reading.clause.said
    for number, (item, following) in enumerate(pairwise(said)):
        if not item.meaning.kind or item.past != following.at:
            continue
        if item.text in _TOOLS and is_material(following.meaning.kind):
            reading.silent[number + 1] = "place"
        elif _is_told_by(item, following):
            reading.silent[number + 1] = "describes"
        elif following.text in _AFTER.get(_kind(item), ()):
            reading.silent[number + 1] = "does"
        elif reading.clause.describes(number) or is_attribute(item, following) or _is_same(item, following):
            reading.silent[number] = "describes"
    for number, item in enumerate(said[:-2]):
        later = said[number + 2]
        figure = is_among(item.text, FIGURES) or (is_among(item.text, _CONTAINERS) and later.meaning.kind)
        if said[number + 1].meaning.role == "of" and figure and _is_many(later):
            reading.silent[number] = "describes"


def _is_told_by(item: Phrase, following: Phrase) -> bool:
    """Whether of two things side by side the first is heard: "door wood", "horn truck", "metal bucket"."""
    door = _family(item) == "doors" and following.text in _AFTER_DOORS
    return door or _is_its(item, following) or is_made_of(item, following)


def _is_its(part: Phrase, vehicle: Phrase) -> bool:
    """Whether a part is named before what it belongs to, as libraries do: "horn truck"."""
    return (
        part.text.removesuffix("s") in PARTS
        and _family(vehicle) == "vehicles"
        and _kind(vehicle) not in PARTS
    )


def _is_same(item: Phrase, following: Phrase) -> bool:
    """Whether two words are one thing: "a wooden crate"."""
    return _kind(item) == _kind(following) and not item.meaning.act and not following.meaning.act


def _is_many(item: Phrase) -> bool:
    """Whether there may be a sea of it, or a bag."""
    return bool(item.meaning.kind or item.meaning.walkers or item.meaning.space)


def _doing(reading: Reading) -> None:
    """Actions, beside what does or suffers them: one of the two is heard."""
    said = reading.clause.said
    walked = [item for item in said if item.meaning.step]
    for number, item in enumerate(said):
        if not item.meaning.act or number in reading.silent:
            continue
        if is_of_steps(_kind(item)) and any(abs(step.at - item.at) <= _REACH for step in walked):
            reading.silent[number] = "does"
        else:
            _settle(reading, number)


def _settle(reading: Reading, number: int) -> None:
    """Decide between an action and the things on both sides of it."""
    said, action = reading.clause.said, reading.clause.said[number]
    doer = _beside(reading, range(number - 1, -1, -1), number)
    object_ = _beside(reading, range(number + 1, len(said)), number)
    if doer is not None and said[doer].text in _OFFICERS and _kind(action) in _OF_PERSONS:
        reading.silent[doer], doer = "place", None
    for thing in (doer, object_):
        if thing is None or (_family(action) == "animals" and _kind(said[thing]) == RIDDEN):
            continue
        if action.text.startswith("br") and _kind(action) == SHATTERING and _kind(said[thing]) in _SNAPPING:
            reading.becomes[number] = "snap"
            reading.silent[thing] = "place"
        elif _kind(said[thing]) != _kind(action):
            heard = number not in reading.silent and outdoes(_kind(action), _kind(said[thing]), action.text)
            reading.silent[thing if heard else number] = "place" if heard else "does"
    if number in reading.silent:
        _place_object(reading, number, doer, object_)


def _place_object(reading: Reading, number: int, doer: int | None, object_: int | None) -> None:
    """What else is not heard, where an action only says how a thing sounds: "waves hitting rocks"."""
    said = reading.clause.said
    if doer is not None and object_ is not None and _kind(said[number]) == NEUTRAL_HIT:
        for striker, thing in ((doer, object_), (object_, doer)):
            if is_struck_with(said[striker], said[thing]):
                reading.silent[striker] = "strikes"
                return
    if doer is not None and object_ is not None and doer not in reading.silent:
        if not _is_struck(said[doer]) and not _is_bed(said[object_]):
            reading.silent[doer if _family(said[doer]) == "animals" else object_] = "place"
        return
    door = doer if object_ is None else object_
    knocked = _kind(said[number]) == NEUTRAL_HIT and said[number].text.startswith(_KNOCKED)
    if knocked and door is not None and _kind(said[door]) in _DOORS:
        reading.silent[door] = "place"
        del reading.silent[number]


def _beside(reading: Reading, numbers: range, action: int) -> int | None:
    """The nearest thing on one side of an action that does or suffers it."""
    said = reading.clause.said
    for number in numbers:
        item = said[number]
        if item.meaning.role == "inside" or item.meaning.act or item.meaning.is_other:
            return None
        if max(item.at - said[action].past, said[action].at - item.past) >= _REACH:
            return None
        if item.meaning.kind and number not in reading.silent and not _is_room(item):
            return number
    return None


def _is_room(item: Phrase) -> bool:
    """Whether a word names a room as well as its tone, or what drives a thing: "interior", "electric"."""
    return _family(item) == "tones" and (bool(item.meaning.space) or item.text in ("electric", "electrical"))


def _placed(reading: Reading) -> None:
    """Things that only say where, or of what: "on the table", "a jet of steam"."""
    said = reading.clause.said
    for number, item in enumerate(said):
        if item.meaning.act and item.text.endswith((*_SUFFERED, "s")) and _stands_in(reading, number):
            reading.silent[number] = "place"
        if not (item.meaning.kind or item.meaning.ground) or item.meaning.act or number in reading.silent:
            continue
        link = _link(said, number)
        if item.meaning.kind and _is_bed(item) and not _is_put_on(item, said, link):
            continue
        earlier = [other for other in range(link or 0) if _counts(reading, other)]
        if link is None or not earlier:
            continue
        if why := hidden_by(said[earlier[-1]], said[link], item):
            if not said[earlier[-1]].meaning.act:
                reading.silent[earlier[-1]] = why
        elif _hides(reading, earlier[-1], link, number):
            reading.silent[number] = "place"
    _rooms(reading)


def _stands_in(reading: Reading, number: int) -> bool:
    """Whether after what sounds this tells of its place: "through a cracked window"."""
    said = reading.clause.said
    before = said[number - 1] if number else None
    heard = any(reading.is_heard(other) for other in range(number - 1))
    return heard and before is not None and before.meaning.role == "inside"


def _rooms(reading: Reading) -> None:
    """Words for a room as well as its tone: beside any sound they say where it is, "engine, interior"."""
    said = reading.clause.said
    tones = [number for number, item in enumerate(said) if _is_room(item) and reading.is_heard(number)]
    if any(reading.is_heard(number) for number in range(len(said)) if number not in tones):
        reading.silent.update(dict.fromkeys(tones, "place"))


def _is_put_on(item: Phrase, said: Sequence[Phrase], link: int | None) -> bool:
    """Whether a machine is only what something is done on: "typing on a computer". Other beds are heard.

    What is in it is not: "popcorn in the microwave".
    """
    if link is None or not (_family(item) == "machines" or item.text in ("pond", "ponds")):
        return False
    inside = said[link].meaning.role == "inside" and any(other.meaning.is_other for other in said[:link])
    return inside or (said[link].text == "on" and _family(item) == "machines")


def _link(said: Sequence[Phrase], number: int) -> int | None:
    """The "in", "on", "of" or verb before a thing, where nothing that sounds stands between."""
    for other in range(number - 1, -1, -1):
        item = said[other]
        if item.meaning.role in ("inside", "of", "verb", "other act"):
            return other
        if item.meaning.act or item.meaning.step:
            return None
    return None


def _counts(reading: Reading, number: int) -> bool:
    """Whether this is something that sounds, known or not."""
    item = reading.clause.said[number]
    if reading.is_heard(number) or item.meaning.is_other:
        return True
    word = item.text
    return item.meaning == NOTHING and word.isascii() and word.isalpha() and not has_ending(word)


def _is_strand(item: Phrase) -> bool:
    """Whether the wind is heard in it; in grass it is heard alone."""
    return _kind(item) in _STRANDS and not item.text.endswith("grass")


def _hides(reading: Reading, earlier: int, link: int, number: int) -> bool:
    """Whether after what sounds, this thing is only its place."""
    said = reading.clause.said
    first, word, thing = said[earlier], said[link], said[number]
    through = word.text == "through" and _kind(thing) in _STRANDS and not first.meaning.kind
    rung = _kind(thing) == "bell" and word.text.startswith(("ring", "rang"))
    if through or rung:
        return False
    if word.meaning.role == "of":
        return first.meaning.is_other or (bool(first.meaning.kind) and not first.meaning.act)
    if not first.meaning.kind:
        ridden = _family(thing) == "vehicles" and not first.meaning.is_other
        return word.meaning.role != "verb" and not ridden
    if not thing.meaning.kind or (_kind(first) == "wind" and _is_strand(thing)):
        return False
    if _kind(first) == NEUTRAL_HIT:
        return _kind(thing) in _DOORS
    stays = _is_struck(first) and not _is_bed(thing)
    return not stays or _kind(first) == "match" or word.text in _INTO or is_among(thing.text, FURNITURE)
