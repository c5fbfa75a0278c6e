"""Striking: of two things that meet, what is struck rings, and what is ridden on rolls.

"A hammer on a metal pipe" is the one sound of metal, and not two by turns. Which of a clause's words meet
`sounding.py` says.
"""

from __future__ import annotations

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.prompt.clauses import is_material
from foley_core.engines.procedural.prompt.inflection import is_among
from foley_core.engines.procedural.prompt.lexicon import Phrase
from foley_core.engines.procedural.prompt.modifiers import phrases

_STRIKERS = frozenset(
    phrases(
        "hammer, hammers, mallet, sledgehammer, gavel, stick, sticks, baton, cane, walking stick, rod, rods, "
        "pole, poles, baseball bat, cricket bat, hockey stick, broom, spoon, spoons, wooden spoon, fork, "
        "forks, knife, knives, kitchen knife, cleaver, crowbar, wrench, spanner, axe, lid, lids, fist, "
        "fists, wood, metal, steel, iron, stone, rock"
    )
)
"""What other things are struck with."""
_DOORS = frozenset({"door", "metal door", "car door", "drawer"})
_ONTO = frozenset({"on", "onto", "upon", "against"})
RIDDEN = "rolling"
"""On what an animal rides, which is heard only where it is said to: "a dog barks on a skateboard"."""
_RIDES = ("rid", "rode")
FURNITURE = frozenset(
    phrases(
        "table, tables, desk, desks, chair, chairs, bench, benches, shelf, bookshelf, bookcase, sofa, couch, "
        "mattress, pillow, tray, trays, saucer, furniture"
    )
)
"""On what other things are put; not heard then."""
_ASSUMED = frozenset({"plastic"})
"""Kinds of which most things are that have these names, but not all."""
_STUFFS = frozenset(phrases("wood, wooden, metal, steel, iron, tin, brass, copper, glass, stone"))


def is_struck_with(striker: Phrase, thing: Phrase) -> bool:
    """Whether one thing may be what the other is struck with."""
    kind = thing.meaning.kind
    rings = is_material(kind) or kind in _DOORS
    return is_among(striker.text, _STRIKERS) and striker.meaning.kind != kind and rings


def hidden_by(first: Phrase, link: Phrase, thing: Phrase) -> str:
    """Why of two things, one on the other, only the latter is heard; empty where that is not so."""
    on = link.text in _ONTO
    if _family(first) == "animals" and thing.meaning.kind == RIDDEN and (on or link.text.startswith(_RIDES)):
        return "rides"
    put = is_among(thing.text, FURNITURE) or first.meaning.act
    return "strikes" if on and not put and is_struck_with(first, thing) else ""


def is_made_of(material: Phrase, thing: Phrase) -> bool:
    """Whether it is said what a thing is made of that else is taken for plastic: "a metal bucket"."""
    kind = thing.meaning.kind
    return kind in _ASSUMED and kind not in thing.text and material.text in _STUFFS


def _family(item: Phrase) -> str:
    return catalogue()[item.meaning.kind].family if item.meaning.kind else ""
