"""Deeds: whether what is done sounds as ours does, by who or what does it.

A mouse does not squeak as a hinge does, and for a dog that pants there is no sound here. Wind, water and fire
sound as ever, whatever they are said to do.
"""

from __future__ import annotations

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.prompt.inflection import forms_of, plural
from foley_core.engines.procedural.prompt.lexicon import Phrase
from foley_core.engines.procedural.prompt.modifiers import phrases

_UNBOUND = frozenset({"weather", "water", "fire"})
"""Families that sound as ever, whatever they are said to do: "the wind whistles"."""
RIDDEN = ("bike", "bicycle", "boat", "ship", "yacht", "ferry", "tank", "carriage", "rocket")
"""Other things that crash as cars do, and have the same bells and engines."""
_FLOWN = frozenset(forms_of(("fly away", "fly off", "take off", "take flight")))
_FOUGHT = frozenset(forms_of(("fight", "flap")))
_OPENED = ("open", "clos", "shut")
_CAN_BE_OPENED = frozenset(
    phrases(
        "door, metal door, car door, drawer, lock, switch, paper, cardboard, cloth, creak, sliding, camera, "
        "wood, match"
    )
)  # fmt: skip
"""Kinds that sound so where they are opened or closed as well; a bottle does not clink."""
_SHUT = frozenset(phrases("hard things, soft things, friction, small things, cloth and air, machines, tones"))
_SINGERS = frozenset({"birds", "gulls", "frogs", "crickets", "cicadas", "owl"})
"""Kinds whose own sound is called a song."""
_SONG = ("sing", "sang", "sung", "call")
_OWN_ACTS = {
    "train": ("whistl", "screech", "hiss"),
    "explosion": ("whistl", "pop", "fizz", "hiss", "sizzl"),
    "creak": ("squeal", "screech", "whin"),
    "siren": ("scream", "whin"),
    "aeroplane": ("scream", "whin"),
    "motor": ("whin", "vibrat"),
    "scraping": ("cut",),
    "sword": ("slic", "cut"),
    "engine": ("whin", "scream", "vibrat"),
    "machine": ("whin", "hiss", "vibrat"),
    "gulls": (*_SONG, "cr", "scream", "squawk", "screech"),
    "crows": ("call", "cr", "squawk"),
    "glass": ("ping",),
    "bell": ("chim",),
    "metal": ("ping",),
}
"""How verbs begin that say how a kind sounds, though others have another sound that is called so."""
_VOICES = frozenset({"animals", "fire", "people", "vehicles"})
"""Families whose actions belong to their own: "crackling" is a fire's, unless a radio crackles."""
_BODILY = frozenset(
    phrases("switch, whoosh, scraping, splash, thud, knock, slap, flesh, snap, sliding, breaking glass")
)
"""Kinds of actions that sound alike, whatever creature does them."""


def acts(item: Phrase) -> bool:
    """Whether it says that something is done, with a sound of ours or without."""
    return item.meaning.role == "other act" or item.meaning.act or opens(item)


def opens(item: Phrase) -> bool:
    """Whether something is opened or closed."""
    return item.meaning.role == "verb" and item.text.startswith(_OPENED)


def is_strange(subject: Phrase, action: Phrase) -> bool:
    """Whether this subject does not sound as ours do, when it does this."""
    kind, role = subject.meaning.kind, subject.meaning.role
    if opens(action):
        struck = kind and not subject.meaning.act and catalogue()[kind].family in _SHUT
        return bool(struck) and kind not in _CAN_BE_OPENED
    if (is_animal(subject) or role == "other thing") and action.text in _FOUGHT:
        return True
    if action.meaning.role == "other act":
        walked = bool(subject.meaning.ground and not kind)
        return walked or bool(kind and not subject.meaning.act and is_bound(kind, action.text))
    if role == "other creature":
        return action.meaning.kind not in _BODILY
    voice = is_voice(action) or action.meaning.kind in ("crash", "gunshot")
    if action.meaning.kind == "crash" and subject.text.endswith((*RIDDEN, *map(plural, RIDDEN))):
        return False
    return (voice or action.meaning.kind == "door") and role == "other thing"


def is_bound(kind: str, act: str) -> bool:
    """Whether this kind makes another sound than its own when it does this."""
    if act in _FLOWN and catalogue()[kind].family != "animals":
        return False
    if act.startswith(_OWN_ACTS.get(kind, _SONG if kind in _SINGERS else ())):
        return False
    return catalogue()[kind].family not in _UNBOUND


def is_animal(item: Phrase) -> bool:
    """Whether it is an animal of ours."""
    kind = item.meaning.kind
    return kind is not None and catalogue()[kind].family == "animals"


def is_voice(action: Phrase) -> bool:
    """Whether this is what only animals, people, fires or vehicles do."""
    kind = action.meaning.kind
    return bool(kind and action.meaning.act and catalogue()[kind].family in _VOICES)


def suffers(item: Phrase, act: Phrase) -> bool:
    """Whether to this thing something is done that has another sound: "pouring coffee", "a purring cat"."""
    meaning = item.meaning
    if meaning.role == "other creature":
        return act.meaning.act and act.meaning.kind == "cloth"
    if meaning.role == "other thing":
        return act.meaning.act and act.text.startswith(("break", "broke"))
    if meaning.act or meaning.modifier or not (meaning.kind or meaning.ground):
        return False
    if opens(act):
        return is_strange(item, act)
    if act.meaning.role != "other act":
        return False
    return not meaning.kind or is_bound(meaning.kind, act.text)
