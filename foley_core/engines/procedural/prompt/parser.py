"""From the words of a prompt to the voices that are to be played.

"Heavy boots on gravel, distant thunder, no wind" is two voices with modifiers, and one sound taken away.
Which words belong together `clauses.py` and `mentions.py` say.

- `no X`, `without X`, `not X` and everything in the negative prompt take away.
- A prompt that names no sound gets neutral hits and room tone. Any other gets what it names, and room tone
  under it unless it names a bed. Both can be taken away, and "silence" keeps both out.

A word that is not known is never an error: it is told to the user, but not where it is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from foley_core.cue import Layer
from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Manner
from foley_core.engines.procedural.prompt.clauses import NEUTRAL_HIT, Clause, clauses
from foley_core.engines.procedural.prompt.compounds import compounded
from foley_core.engines.procedural.prompt.hints import likely
from foley_core.engines.procedural.prompt.lexicon import Phrase, find_phrases
from foley_core.engines.procedural.prompt.mentions import Mention, mentions
from foley_core.engines.procedural.prompt.modifiers import Modifier, Step
from foley_core.engines.procedural.prompt.sounding import read
from foley_core.engines.procedural.soundscape import STEPS, Soundscape, Voice

NEUTRAL_BED = "room tone"
MOST_UNKNOWN = 20
"""So many unknown words are told at most."""
LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Parsed:
    """A prompt as it was understood."""

    said: tuple[Phrase, ...]
    """All of it, in order."""
    clauses: tuple[Clause, ...]
    mentions: tuple[Mention, ...]
    """The sounds that it names, before any is taken away."""
    space: Phrase | None
    """What names the space."""
    soundscape: Soundscape


def parse_prompt(prompt: str, negative: str = "") -> Soundscape:
    """Understand a prompt."""
    return parsed(prompt, negative).soundscape


def parsed(prompt: str, negative: str = "") -> Parsed:
    """Understand a prompt, and keep how it was understood."""
    said = compounded(find_phrases(prompt))
    parts = list(clauses(said))
    wanted = [clause for clause in parts if not clause.taken]
    named = mentions(wanted)
    voices = _merged(map(_voice, named))
    if not any(item.meaning.role == "silence" for item in said):
        voices = _with_neutrals(voices, wanted)
    denied = clauses(compounded(find_phrases(negative)))
    unwanted = _unwanted([*(clause for clause in parts if clause.taken), *denied])
    space = _space(wanted)
    forbidden = {item.at for clause in parts if clause.taken for item in clause.said}
    told = [item for item in said if item.at not in forbidden]
    unknown = _unknown(told, understood=bool(named) or bool(space) or len(wanted) < len(parts))
    soundscape = Soundscape(
        voices=tuple(voice for voice in voices if not unwanted.holds(voice)),
        space=space.meaning.space if space else None,
        unknown=unknown,
        near={word: likely(word) for word in unknown},
    )
    return Parsed(tuple(said), tuple(parts), tuple(named), space, soundscape)


def _unknown(said: Sequence[Phrase], *, understood: bool) -> tuple[str, ...]:
    """The first words that are not known, each once.

    Where nothing at all is understood, verbs and the like are among them.
    """
    told = (
        item
        for item in said
        if not item.is_known or (not understood and (item.meaning.role == "verb" or item.names))
    )
    return tuple(dict.fromkeys(item.text[:LONGEST_SHOWN] for item in told))[:MOST_UNKNOWN]


def _voice(mention: Mention) -> Voice:
    voice = Voice(catalogue()[mention.kind])
    if mention.shoe:
        voice = replace(voice, manner=replace(voice.manner, shoe=mention.shoe))
    for detail in mention.details:
        voice = _modified(voice, detail.text, detail.modifier)
    return voice


def _modified(voice: Voice, text: str, modifier: Modifier) -> Voice:
    manner = Manner(
        size=min(max(voice.manner.size * modifier.size, 0.25), 4.0),
        pace=min(max(voice.manner.pace * modifier.pace, 0.25), 4.0),
        count=voice.manner.count if modifier.count is None else modifier.count,
        shoe=voice.manner.shoe,
    )
    return replace(
        voice,
        manner=manner,
        level=min(max(voice.level + modifier.level, -24.0), 6.0),
        distance=voice.distance if modifier.distance is None else modifier.distance,
        pan=voice.pan if modifier.pan is None else modifier.pan,
        said=(*voice.said, text) if text and text not in voice.said else voice.said,
    )


def _merged(voices: Iterable[Voice]) -> list[Voice]:
    """Each sound once; named again, it is played as the first that says how."""
    merged: dict[str, Voice] = {}
    for voice in voices:
        if not (there := merged.get(voice.name)) or not there.said:
            merged[voice.name] = voice
    return list(merged.values())


def _with_neutrals(voices: list[Voice], wanted: Iterable[Clause]) -> list[Voice]:
    """With room tone if there is no bed, and neutral hits if there is no sound, as the modifiers say."""
    if not voices:
        knock = Voice(catalogue()[NEUTRAL_HIT])
        for item in (item for clause in wanted for item in clause.said):
            knock = _modified(knock, item.text, item.meaning.modifier) if item.meaning.modifier else knock
        voices = [knock]
    if not any(voice.layer == "ambience" for voice in voices):
        voices = [*voices, Voice(catalogue()[NEUTRAL_BED])]
    return voices


@dataclass
class _Unwanted:
    kinds: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    layers: set[Layer] = field(default_factory=set)
    shoes: set[str] = field(default_factory=set)

    def holds(self, voice: Voice) -> bool:
        """Whether this voice is not to be heard."""
        kind = voice.kind
        worn = kind.family == STEPS and voice.manner.shoe in self.shoes
        return worn or kind.name in self.kinds or kind.family in self.families or voice.layer in self.layers


def _unwanted(denied: Iterable[Clause]) -> _Unwanted:
    """What these clauses name: kinds, whole families ("no animals") and whole layers ("no ambience")."""
    unwanted = _Unwanted()
    for clause in denied:
        steps = [item.meaning.step for item in clause.said if item.meaning.step]
        walked = bool(steps)
        if walked and not any(item.meaning.ground for item in clause.said):
            unwanted.shoes.update(step.shoe for step in steps if step.shoe)
            unwanted.families.update({STEPS} if Step() in steps else ())
        reading = read(clause)
        for number, item in enumerate(clause.said):
            meaning = item.meaning
            kind = meaning.ground if walked and meaning.ground else meaning.kind or meaning.ground
            if kind and number not in reading.silent:
                unwanted.kinds.add(kind)
            if meaning.family:
                unwanted.families.add(meaning.family)
            unwanted.layers.update(meaning.layers)
    return unwanted


def _space(wanted: Iterable[Clause]) -> Phrase | None:
    """The first space that is named: "in a cave", or a word for a space that names no sound as well."""
    for clause in wanted:
        for number, item in enumerate(clause.said):
            alone = not item.names or clause.is_inside(number)
            if item.meaning.space and alone and not clause.is_followed(number):
                return item
    return None
