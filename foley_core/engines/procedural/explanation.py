"""The explanation: what each word of a prompt is taken for, as plain dicts, for the command line."""

from __future__ import annotations

from typing import TypedDict

from foley_core.cue import Layer
from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.prompt.clauses import Clause, denied_modifiers
from foley_core.engines.procedural.prompt.hints import reason
from foley_core.engines.procedural.prompt.lexicon import Phrase
from foley_core.engines.procedural.prompt.mentions import Mention
from foley_core.engines.procedural.prompt.parser import Parsed, parsed
from foley_core.engines.procedural.prompt.sounding import read
from foley_core.engines.procedural.soundscape import STEPS, Voice
from foley_core.engines.procedural.wording import as_in, dealt, worded


class ExplainedWord(TypedDict):
    """A word or phrase of the prompt."""

    text: str
    means: str
    """"sound", "how" (it is played), "space", "taken away", "takes away", "silence", "unknown"; for words
    that name a sound in other places, "describes" (what another is), "does" (only what another does), "place"
    (where it is), "strikes" (what it is struck with), "rides" (on it), "part" (of a sound named beside it);
    "as it is" for "not loud", which changes nothing; "nothing" for all others."""
    kind: str | None
    """The kind of sound that it names, or would elsewhere."""
    layer: Layer | None
    """Where that kind is heard."""
    of: list[str]
    """What it says something about: names of sounds."""
    effect: str
    """What it does to that."""
    nearest: list[str]
    """For an unknown one, the known ones that it may be a slip for."""
    why: str
    """For an unknown one, why it is not heard; empty where nothing of it is known."""


class ExplainedSound(TypedDict):
    """A sound that is played."""

    name: str
    kind: str
    layer: Layer
    how: list[str]
    """The prompt's words for how it is played."""
    named: bool
    """Whether the prompt names it; room tone and neutral hits are played where it names nothing."""


class Explanation(TypedDict):
    """All of it."""

    prompt: str
    words: list[ExplainedWord]
    sounds: list[ExplainedSound]
    dealt: str
    """How several kinds of hits are dealt out among the impacts; empty where there is one at most."""
    space: str | None
    unknown_words: list[str]
    near_words: dict[str, list[str]]


def explain(prompt: str, negative: str = "") -> Explanation:
    """What a prompt is taken for, word by word, and what is played for it."""
    found = parsed(prompt, negative)
    soundscape = found.soundscape
    named = {mention.kind for mention in found.mentions}
    return {
        "prompt": prompt,
        "words": [_word(found, item) for item in found.said if item.text != "."],
        "sounds": [_sound(voice, named) for voice in soundscape.voices],
        "dealt": dealt(soundscape.voices_of("hits")),
        "space": soundscape.space,
        "unknown_words": list(soundscape.unknown),
        "near_words": {word: list(near) for word, near in soundscape.near.items()},
    }


def _sound(voice: Voice, named: set[str]) -> ExplainedSound:
    return {
        "name": voice.name,
        "kind": voice.kind.name,
        "layer": voice.layer,
        "how": list(voice.said),
        "named": voice.kind.name in named,
    }


def _word(found: Parsed, item: Phrase) -> ExplainedWord:
    near = found.soundscape.near.get(item.text)
    if near is not None or not (item.is_known or _is_taken(found, item)):
        return _explained(item.text, "unknown", nearest=list(near or ()), why=reason(item.text))
    if mention := next((each for each in found.mentions if item.at in each.places), None):
        heard = any(voice.kind.name == mention.kind for voice in found.soundscape.voices)
        means = "sound" if heard else "taken away"
        return _explained(item.text, means, mention.kind, effect=_effect(mention, item))
    if about := [each for each in found.mentions if _is_about(each, item)]:
        effect = _modifier(item, walked=any(_walked(each) for each in about))
        return _explained(item.text, "how", of=[each.kind for each in about], effect=effect)
    if found.space is not None and found.space.at == item.at:
        return _explained(item.text, "space", effect=as_in(item.meaning.space or ""))
    return _other(found, item)


def _is_taken(found: Parsed, item: Phrase) -> bool:
    return any(clause.taken and item in clause.said for clause in found.clauses)


def _other(found: Parsed, item: Phrase) -> ExplainedWord:
    """What is known, and neither heard nor said about what is."""
    meaning = item.meaning
    kind = meaning.kind or meaning.ground
    clause = next((each for each in found.clauses if item in each.said), None)
    if clause and clause.taken and (item.names or meaning.layers or meaning.family or not item.is_known):
        return _explained(item.text, "taken away", kind)
    if found.said.index(item) in denied_modifiers(found.said):
        return _explained(item.text, "as it is")
    if meaning.role in ("takes away", "silence"):
        return _explained(item.text, meaning.role)
    if clause and kind:
        why = _why(clause, item)
        beside = any(each.kind == kind and {*each.places} & _places(clause) for each in found.mentions)
        return _explained(item.text, "part" if why == "describes" and beside else why, kind)
    if meaning.modifier and not found.mentions:
        return _explained(item.text, "how", of=["knock"], effect=_modifier(item))
    return _explained(item.text, "nothing")


def _places(clause: Clause) -> set[int]:
    return {item.at for item in clause.said}


def _why(clause: Clause, item: Phrase) -> str:
    """Why a word that can name a sound is not heard."""
    silent = read(clause).silent
    reasons = (why for number, why in silent.items() if clause.said[number] == item)
    return next(reasons, "does" if item.meaning.act else "place")


def _is_about(mention: Mention, item: Phrase) -> bool:
    return any(detail.at == item.at for detail in mention.details)


def _walked(mention: Mention) -> bool:
    return catalogue()[mention.kind].family == STEPS


def _effect(mention: Mention, item: Phrase) -> str:
    walked, counted = _walked(mention), any(each.text and each.modifier.count for each in mention.details)
    about = [each for each in mention.details if each.at == item.at and (each.text or not counted)]
    return ", ".join(filter(None, (worded(each.modifier, walked=walked) for each in about)))


def _modifier(item: Phrase, *, walked: bool = False) -> str:
    return worded(item.meaning.modifier, walked=walked) if item.meaning.modifier else ""


def _explained(
    text: str,
    means: str,
    kind: str | None = None,
    *,
    of: list[str] | None = None,
    effect: str = "",
    nearest: list[str] | None = None,
    why: str = "",
) -> ExplainedWord:
    return {
        "text": text,
        "means": means,
        "kind": kind,
        "layer": Voice(catalogue()[kind]).layer if kind else None,
        "of": of or [],
        "effect": effect,
        "nearest": nearest or [],
        "why": why,
    }
