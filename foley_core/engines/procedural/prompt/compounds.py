"""Compounds: neighbouring words of a text that together name one thing, which is none of our sounds.

The last word of a compound says what it is: a "wind turbine" is a turbine and no wind. So a known thing right
before an unknown noun is part of an unknown whole; so is one that does what we have no sound for ("a dog
panting"), or suffers it ("pouring coffee"). What a strange creature does is not ours either ("a mouse
squeaking"). A whole is told to the user as it was typed.

Words that are a verb as well as a thing are told apart here too: "the man leaves the room" has no leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.prompt.actions import STEMS
from foley_core.engines.procedural.prompt.inflection import forms_of, has_ending, is_plural
from foley_core.engines.procedural.prompt.lexicon import NOTHING, Meaning, Phrase, suggestions
from foley_core.engines.procedural.prompt.modifiers import phrases
from foley_core.engines.procedural.prompt.other_sounds import other_acts
from foley_core.engines.procedural.prompt.plain_words import (
    ADJECTIVES,
    DETERMINERS,
    DOUBLE,
    FIGURES,
    HAPPENINGS,
    NOUNS_TOO,
    QUALITIES,
    SUBJECTS,
    SURFACES,
)
from foley_core.engines.procedural.prompt.spelling import is_misspelt
from foley_core.engines.procedural.soundscape import STEPS

_OTHER = Meaning(role="other thing")
_VERB = Meaning(role="verb")
_ACT = Meaning(role="other act")
_UNBOUND = frozenset({"weather", "water", "fire"})
"""Families that sound as ever, whatever they are said to do: "the wind whistles"."""
_NO_STUFF = frozenset({"weather", "water", "people", "animals", "tones"})
_WRECKED = ("bike", "bicycle", "boat", "ship", "yacht", "tank", "carriage", "rocket")
"""Other things that crash as cars do."""
_RUNS = frozenset({"run", "runs", "running", "ran", "walk", "walks", "walking"})
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
    "motor": ("whin",),
    "scraping": ("cut",),
    "engine": ("whin", "scream"),
    "glass": ("ping",),
    "bell": ("chim",),
    "clock": ("chim",),
    "wind": ("whistl",),
    "metal": ("ping",),
}
"""How verbs begin that say how a kind sounds, though others have another sound that is called so."""
_VOICES = frozenset({"animals", "fire", "people", "vehicles"})
"""Families whose actions belong to their own: "crackling" is a fire's, unless a radio crackles."""
_BODILY = frozenset(
    phrases("switch, scraping, splash, thud, knock, slap, flesh, snap, sliding, breaking glass")
)
"""Kinds of actions that sound alike, whatever creature does them."""
_PERSONS = ("man", "men", "woman", "women")
"""After a thing they name a trade: "a fire man"."""
_SHOES = frozenset({"boot", "shoe", "heel", "foot", "step", "sneaker", "feet"})


def compounded(said: Iterable[Phrase]) -> list[Phrase]:
    """The phrases of a text, with those joined that name something unknown together."""
    items = _with_verbs(list(said))
    walks = any(item.meaning.step for item in items)
    joined: list[Phrase] = []
    for item in items:
        while (first := _begins(joined, item, walks)) is not None:
            parts = [*joined[first:], item]
            text = " ".join(part.text for part in parts)
            item = Phrase(text, parts[0].at, item.past - parts[0].at, _whole(parts))
            del joined[first:]
        if joined and _is_surface(joined[-1], item, walks):
            item = Phrase(f"{joined[-1].text} {item.text}", joined[-1].at, item.past - joined[-1].at, _VERB)
            del joined[-1]
        elif joined and _is_no_walk(joined[-1], item):
            item = replace(item, meaning=_VERB)
        joined.append(item)
    return joined


def _whole(parts: Sequence[Phrase]) -> Meaning:
    if parts[-1].meaning.role == "other act":
        return parts[-1].meaning
    creature = any(part.meaning.role == "other creature" for part in parts)
    return Meaning(role="other creature") if creature else _OTHER


def _begins(before: Sequence[Phrase], item: Phrase, walks: bool) -> int | None:
    """Where among the phrases before it the compound begins that this phrase ends, if it ends one."""
    at = len(before) - 1
    while at >= 0 and _is_by_the_way(before[at]):
        at -= 1
    if at > 0 and before[at].meaning.role == "of" and before[at - 1].text in FIGURES and _is_noun(item):
        return at - 1
    if at < 0 or before[at].meaning.role in ("ends", "joins", "inside", "takes away", "of"):
        return None
    if item.meaning.kind and not item.meaning.act and at == len(before) - 1 > 0 and _is_noun(before[at]):
        acts = at - 1
        while acts > 0 and _is_by_the_way(before[acts]):
            acts -= 1
        if before[acts].meaning.role == "other act" or _opens(before[acts]):
            at = acts
    earlier, beside = before[at], at == len(before) - 1 and before[at].past == item.at
    small = {part.text for part in before[at + 1 :]}
    if _acts(item):
        subject = small <= {"is", "are", "was", "being"}
        return at if subject and _is_strange(earlier, item) else None
    if beside and _is_no_walk(earlier, item) and _is_animal(earlier):
        return at
    complete = at > 0 and earlier.meaning.act and _does_its_own(before[at - 1], earlier)
    if beside and not complete and _is_noun(item) and _describes(earlier, item, walks):
        return at
    if beside and _is_strange_voice(earlier, item):
        return at
    does_own = at > 0 and _does_its_own(before[at - 1], earlier) and not _is_strange(before[at - 1], earlier)
    return at if _suffers(item, earlier) and not does_own else None


def _does_its_own(subject: Phrase, action: Phrase) -> bool:
    """Whether a known thing stands right before its action; what follows both is another: "cow moo barn"."""
    return bool(subject.meaning.kind and not subject.meaning.act) and subject.past == action.at


def _is_by_the_way(item: Phrase) -> bool:
    return item.meaning.role == "small" or bool(item.meaning.modifier) or item.text in ADJECTIVES


def _acts(item: Phrase) -> bool:
    return item.meaning.role == "other act" or item.meaning.act or _opens(item)


def _opens(item: Phrase) -> bool:
    return item.meaning.role == "verb" and item.text.startswith(_OPENED)


def _is_strange(subject: Phrase, action: Phrase) -> bool:
    """Whether this subject does not sound as ours do, when it does this."""
    kind, role = subject.meaning.kind, subject.meaning.role
    if _opens(action):
        struck = kind and not subject.meaning.act and catalogue()[kind].family in _SHUT
        return bool(struck) and kind not in _CAN_BE_OPENED
    if (_is_animal(subject) or role == "other thing") and action.text in _FOUGHT:
        return True
    if action.meaning.role == "other act":
        walked = bool(subject.meaning.ground and not kind)
        return walked or bool(kind and not subject.meaning.act and _is_bound(kind, action.text))
    if role == "other creature":
        return action.meaning.kind not in _BODILY
    voice = _is_voice(action) or action.meaning.kind in ("crash", "gunshot")
    if action.meaning.kind == "crash" and subject.text.endswith(_WRECKED):
        return False
    return voice and role == "other thing"


def _is_strange_voice(action: Phrase, item: Phrase) -> bool:
    """Whether this is done by what sounds other than ours that do it: "a barking seal", "crackling vinyl"."""
    if action.text.startswith("crackl"):
        return _is_noun(item)
    return item.meaning.role == "other creature" and _is_voice(action)


def _is_bound(kind: str, act: str) -> bool:
    if act in _FLOWN and catalogue()[kind].family != "animals":
        return False
    if act.startswith(_OWN_ACTS.get(kind, _SONG if kind in _SINGERS else ())):
        return False
    return catalogue()[kind].family not in _UNBOUND


def _is_animal(item: Phrase) -> bool:
    kind = item.meaning.kind
    return kind is not None and catalogue()[kind].family == "animals"


def _is_voice(action: Phrase) -> bool:
    kind = action.meaning.kind
    return bool(kind and action.meaning.act and catalogue()[kind].family in _VOICES)


def _suffers(item: Phrase, act: Phrase) -> bool:
    """Whether to this thing something is done that has another sound: "pouring coffee", "a purring cat"."""
    meaning = item.meaning
    if meaning.role == "other creature":
        return act.meaning.act and act.meaning.kind == "cloth"
    if meaning.act or meaning.modifier or not (meaning.kind or meaning.ground):
        return False
    if _opens(act):
        return _is_strange(item, act)
    if act.meaning.role != "other act":
        return False
    return not meaning.kind or _is_bound(meaning.kind, act.text)


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


def _describes(part: Phrase, noun: Phrase, walks: bool) -> bool:
    """Whether this known word may be the first part of a compound with a noun that is not ours."""
    meaning, listed = part.meaning, noun.meaning.is_other
    if noun.text in _PERSONS and (walks or not meaning.kind):
        return False
    if part.text in STEMS and meaning.act:
        return noun.meaning.role != "other creature"
    joins = meaning.role in ("", "other thing", "other creature") and part.text not in QUALITIES
    if not joins or meaning.act or meaning.modifier:
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


def _with_verbs(said: list[Phrase]) -> list[Phrase]:
    """With the words that are verbs where they stand as verbs."""
    return [
        replace(item, meaning=_VERB)
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
    return kind != "train" and item.text in other_acts() and not _is_bound(kind, item.text)


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
    named = subject.names or subject.meaning.is_other or subject.meaning.space
    return bool(named) and ("a" in before or "an" in before) and "of" not in before


def _is_verb(said: Sequence[Phrase], number: int) -> bool:
    item = said[number]
    if not number:
        return False
    subject = said[number - 1]
    if _is_third_person(said, number):
        return True
    if item.meaning == NOTHING and item.text.endswith("s") and subject.past == item.at:
        return bool(subject.meaning.walkers)
    if item.text == "fires" and subject.meaning.is_other:
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
