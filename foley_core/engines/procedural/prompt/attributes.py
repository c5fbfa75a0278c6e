"""Attributes: things right before other things or places, that only say what those are.

A "glass door" is a door, "car keys" are keys, and a "log cabin" is a place. Things named one after the other
are a compound where the first is a singular; "birds wind" is two sounds.
"""

from __future__ import annotations

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Bed, HitSound
from foley_core.engines.procedural.prompt.clauses import NEUTRAL_HIT
from foley_core.engines.procedural.prompt.inflection import is_plural
from foley_core.engines.procedural.prompt.lexicon import Phrase
from foley_core.engines.procedural.prompt.modifiers import phrases

_BEDS_OF_THINGS = frozenset({"machines", "vehicles", "fire", "water", "people"})
"""Families whose beds are things that another word may describe: "a car alarm"."""
_WITH_PARTS = frozenset({"vehicles", "machines", "fire", "tones"})
PARTS = frozenset({"horn", "siren", "alarm", "engine", "motor", "fan"})
"""Kinds that belong to those: "a train horn"."""
_BUILT_OF = frozenset(
    phrases(
        "animals, fire, hard things, soft things, doors, small things, breaking and blasts, friction, "
        "cloth and air"
    )
)
"""Families that are not heard before a place: "a brick house", "a dog kennel"."""
_OPEN = frozenset({"forest", "canyon", "outdoors", "street"})
"""Spaces in which animals are heard: "an owl forest"."""
_ADVERBS = frozenset(
    phrases("outdoors, indoors, outside, inside, underwater, indoor, outdoor, interior, exterior")
)
_ADJECTIVES = frozenset(phrases("electric, electrical, neon, fluorescent, indoor, interior"))
_WORN = frozenset(phrases("boots, shoes, boot, shoe, sneakers, heels"))
_BOUTS = frozenset(phrases("fight, punch, kick, box"))
"""Actions that describe as they stand: "a fight bell", "a punch whoosh"."""


def is_attribute(item: Phrase, following: Phrase) -> bool:
    """Whether a word that names a sound only says what is named right after it."""
    if item.text in _BOUTS and following.meaning.kind not in (None, item.meaning.kind):
        return True
    if item.meaning.act or following.meaning.act or is_plural(item.text) or following.text in _ADVERBS:
        return False
    if following.meaning.step:
        return following.text in _WORN
    if following.meaning.space and not following.names:
        return _is_built_of(item, following.meaning.space)
    kind, head = item.meaning.kind, following.meaning.kind
    return bool(kind and head and kind != head) and (item.text in _ADJECTIVES or _is_part(item, str(head)))


def _is_built_of(item: Phrase, space: str) -> bool:
    family = catalogue()[item.meaning.kind or ""].family
    heard = family == "animals" and space in _OPEN
    return (not heard and family in _BUILT_OF) or item.text == "police"


def _is_part(item: Phrase, head: str) -> bool:
    """Whether of two things side by side the first only describes the second."""
    kind = item.meaning.kind or ""
    first, last = catalogue()[kind], catalogue()[head]
    if head == NEUTRAL_HIT and isinstance(first.sound, HitSound) and kind != "gunshot":
        return False
    if not isinstance(last.sound, Bed):
        return kind != "room tone"
    if first.family == last.family == "people" or (first.family in _WITH_PARTS and head in PARTS):
        return True
    return (not isinstance(first.sound, Bed) and last.family in _BEDS_OF_THINGS) or item.text == "police"
