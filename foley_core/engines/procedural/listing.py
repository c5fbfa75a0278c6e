"""The listing: everything that is known, as plain dicts, for the command line and the documents."""

from __future__ import annotations

from typing import TypedDict

from foley_core.cue import Layer
from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Bed, Kind, MovementSound
from foley_core.engines.procedural.prompt.modifiers import MODIFIERS, STEPS, Modifier, phrases
from foley_core.engines.procedural.rendering.space import SPACES
from foley_core.engines.procedural.soundscape import Voice


class ListedSound(TypedDict):
    """One kind of sound."""

    name: str
    family: str
    layer: Layer
    words: list[str]
    example: str
    lufs: float | None
    """What it is played at, without modifiers; None for hits, whose peak follows their strength."""


class ListedSpace(TypedDict):
    """One space."""

    name: str
    words: list[str]
    reverberation: float
    """RT60 at middle frequencies, in seconds."""


class ListedModifier(TypedDict):
    """Words that change how a sound is played, and what they do."""

    words: list[str]
    effect: str


class Listing(TypedDict):
    """All of it."""

    sounds: list[ListedSound]
    modifiers: list[ListedModifier]
    shoes: list[ListedModifier]
    spaces: list[ListedSpace]


def listing() -> Listing:
    """What is known, in the order in which it is to be shown."""
    return {
        "sounds": [_listed(kind) for kind in catalogue().values()],
        "modifiers": [
            {"words": list(phrases(text)), "effect": effect(modifier)} for text, modifier in MODIFIERS.items()
        ],
        "shoes": [
            {
                "words": list(phrases(text)),
                "effect": ", ".join(filter(None, [step.shoe or "footsteps", effect(step.modifier)])),
            }
            for text, step in STEPS.items()
        ],
        "spaces": [
            {"name": space.name, "words": list(space.words), "reverberation": space.reverberation}
            for space in SPACES
        ],
    }


def _listed(kind: Kind) -> ListedSound:
    return {
        "name": kind.name,
        "family": kind.family,
        "layer": Voice(kind).layer,
        "words": list(kind.words),
        "example": kind.example,
        "lufs": _lufs(kind),
    }


def _lufs(kind: Kind) -> float | None:
    """Of the texture where there is one, of the events else."""
    if isinstance(kind.sound, MovementSound):
        return kind.sound.lufs
    if not isinstance(kind.sound, Bed):
        return None
    return kind.sound.calls.lufs if kind.sound.calls and not kind.sound.texture else kind.sound.lufs


def effect(modifier: Modifier) -> str:
    """What a modifier does, in a few words."""
    said = []
    if modifier.size != 1:
        said.append(f"size x {modifier.size:g}")
    if modifier.pace != 1:
        said.append(f"pace x {modifier.pace:g}")
    if modifier.level:
        said.append(f"{modifier.level:+g} dB")
    if modifier.distance is not None:
        said.append(f"distance {modifier.distance:g}")
    if modifier.pan is not None:
        said.append(f"pan {modifier.pan:g}")
    if modifier.count is not None:
        said.append(f"count {modifier.count}")
    return ", ".join(said)
