"""What the built-in engine knows, and what it takes words for: the objects in the replies that tell it."""

from __future__ import annotations

import msgspec

from foley_core.cue import Layer


class SoundInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of sound that the built-in engine knows."""

    name: str
    """As shown; one of its own words."""
    family: str
    """Under which heading it is listed."""
    layer: Layer
    """Where it is heard."""
    words: list[str]
    """Words and phrases that mean it; their other forms do as well."""
    example: str
    """A prompt to try it with."""
    lufs: float | None
    """What it is played at; None for hits, whose peak follows their strength."""


class WordsInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Words for how a sound should be."""

    words: list[str]
    """Of one meaning."""
    effect: str
    """What they do."""


class SpaceInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A space that everything may sound in."""

    name: str
    """As shown."""
    words: list[str]
    """That mean it."""
    reverberation: float
    """RT60 at middle frequencies, in seconds."""


class WordInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A word or phrase of a prompt, and what it is taken for."""

    text: str
    """As it was typed, in small letters."""
    means: str
    """`sound`, `how` (it is played), `space`, `taken away`, `takes away`, `silence`, `unknown`; for what
    names a sound elsewhere `describes`, `does`, `place`, `strikes`, `rides` or `part`; `as it is`; else
    `nothing`."""
    kind: str | None
    """The kind of sound that it names, or would elsewhere."""
    layer: Layer | None
    """Where that kind is heard."""
    of: list[str]
    """The sounds that it says something about."""
    effect: str
    """What it does to them."""
    nearest: list[str]
    """For an unknown one, the known words that it may be a slip for."""
    why: str
    """For an unknown one, why it is not heard; empty where nothing of it is known."""


class PlayedInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A sound that is played for a prompt."""

    name: str
    """As shown, with how it is played."""
    kind: str
    """Its kind."""
    layer: Layer
    """Where it is heard."""
    how: list[str]
    """The prompt's words for how it is played."""
    named: bool
    """Whether the prompt names it; room tone and neutral hits are played where it names nothing."""
