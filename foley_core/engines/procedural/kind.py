"""A kind of sound: what it is called, which words mean it, and how it is made.

There are three forms. What is struck (`HitSound`) sounds once for each impact; what moves (`MovementSound`)
sounds as much as the picture moves; a bed (`Bed`) lies under everything. A kind only makes its sound: where
it is played, how loud, how far away and in which space is the engine's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foley_core.samples import Sound

PATCH = 131_072
"""Samples in a patch of a texture, 2.7 s."""


@dataclass(frozen=True)
class Manner:
    """How a sound should be, as far as the sound itself has to know."""

    size: float = 1.0
    """0.25 to 4: how large or heavy it is; twice the size, lower modes."""
    pace: float = 1.0
    """0.25 to 4: how fast it goes, or how often it comes."""
    count: int = 1
    """How many make it: people, dogs, birds."""
    shoe: str = "shoes"
    """For steps: "boots", "sneakers", "heels", "bare" or "shoes"."""


@dataclass(frozen=True)
class Blow:
    """One strike."""

    strength: float
    """0 to 1. A harder blow is brighter; how loud it is played the engine decides."""
    manner: Manner
    """Its size takes in that of what was seen to move."""
    thing: np.random.Generator
    """Chance that is the same at each blow: what is struck."""
    chance: np.random.Generator
    """Chance of this blow alone: where and how."""


Strike: TypeAlias = Callable[[Blow], NDArray[np.floating]]
"""Makes one hit: mono (samples,), at most 6 s, any level, loud from its first sample on, quiet at its end."""

Texture: TypeAlias = Callable[[np.random.Generator, Manner], Sound]
"""Makes PATCH samples of stereo, any level, that could go on at their end as at their beginning."""

Call: TypeAlias = Callable[[np.random.Generator, Manner], NDArray[np.floating]]
"""Makes one event of a bed (a bark, a clap of thunder): mono, at most 12 s, peak 1, silent at both ends."""


@dataclass(frozen=True)
class HitSound:
    """Sounds once for each impact."""

    strike: Strike


@dataclass(frozen=True)
class RandomEvents:
    """Events at random times."""

    call: Call
    every: float
    """Seconds between two of them, on average, at a pace of 1 and a count of 1."""
    lufs: float
    """What each is played at, about: the loudness of its loudest 0.4 s."""


@dataclass(frozen=True)
class Bed:
    """Lies under everything: a texture, events, or both."""

    texture: Texture | None
    lufs: float = -30.0
    """What the texture is played at; each patch is brought to it, so a texture need not care."""
    calls: RandomEvents | None = None


@dataclass(frozen=True)
class MovementSound:
    """Sounds as much as the picture moves; faded from the one texture to the other with its speed."""

    slow: Texture
    fast: Texture
    lufs: float = -24.0
    """What it is played at where much moves."""


@dataclass(frozen=True)
class Kind:
    """A kind of sound."""

    name: str
    """As shown to the user; one of its own words."""
    family: str
    """Under which heading it is listed."""
    words: tuple[str, ...]
    """Words and phrases of a prompt that mean it, in small letters, plurals included."""
    example: str
    """A prompt to try it with."""
    sound: HitSound | MovementSound | Bed
