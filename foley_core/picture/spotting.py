"""The spotting: what was seen in a stretch of film that should be heard.

Named after the session in which a film's sound team notes where each sound goes. A spotting holds media
times, so it serves every cue over the same stretch, whatever its prompt, seed or engine.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import msgspec
from msgspec import UNSET, UnsetType

from foley_core.cue import Layer

WATCHER_VERSION = "7"
"""Goes into the cache's key; raised whenever the watcher would see something else in the same film."""

ImpactKind = Literal["strike", "step", "burst", "unknown"]
"""What an impact is likely to be."""

MOVEMENT_RATE = 25
"""Steps of movement in a second."""
MOVEMENT_ROWS, MOVEMENT_COLUMNS = 3, 4


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """A visible event that should be heard."""

    time: Fraction
    """Media time in seconds."""
    strength: float
    """0 to 1."""
    x: float
    """Place in the frame: 0 left, 1 right."""
    y: float
    """0 top, 1 bottom."""
    size: float = 0.25
    """How wide what moved is, as a share of the picture's width, 0 to 1."""
    sure: float = 1.0
    """How sure it is that something can be heard, 0 to 1."""
    kind: ImpactKind = "unknown"
    """What it is likely to be."""
    sound: str = ""
    """Words for this one alone, where the user has given some."""
    layer: Layer | UnsetType = UNSET
    """The layer that its hit is to be part of, where the user has named one; else hits."""
    thumbnail: str = ""
    """A small JPEG of the frame, base64; empty where the film has too many impacts to keep them all."""


class Hold(NamedTuple):
    """Steps that are all alike."""

    at: int
    """The first of them, counted from the first step there is."""
    steps: int
    """As many."""


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """How much moves where: at a steady pace, whatever the film's rate is, in a coarse grid of blocks.

    `foley_core.picture.movement` codes and reads it.
    """

    first: int
    """Number of the first step; step n lasts from n / MOVEMENT_RATE to (n + 1) / MOVEMENT_RATE seconds."""
    energy: bytes
    """One byte per block, row by row, MOVEMENT_ROWS * MOVEMENT_COLUMNS to a step."""
    holds: tuple[Hold, ...] = ()
    """Where the film stands still for long, in order: all steps of such a pause are one in `energy`."""


class Spotting(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen in one stretch of film, and how many frames it took to see it."""

    start: Fraction
    end: Fraction
    impacts: tuple[Impact, ...]
    """In the order of time."""
    cuts: tuple[Fraction, ...] = ()
    """Media times of the first frame of each shot but the first."""
    movement: Movement = Movement(first=0, energy=b"")
    frames: int


class SpottingChunk(msgspec.Struct, frozen=True, kw_only=True):
    """The next piece of a spotting, given out while the film is still being watched."""

    until: Fraction
    """Everything before this media time has been given out by now."""
    impacts: tuple[Impact, ...] = ()
    cuts: tuple[Fraction, ...] = ()
    energy: bytes = b""
    """The next whole steps of `Movement.energy`."""
    holds: tuple[Hold, ...] = ()
    """Those among these steps, counted from the first of them."""
    frames: int
    """Decoded so far."""


class SpottingStore(Protocol):
    """Where spottings are kept, so that the same stretch need not be watched twice."""

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting | None:
        """The spotting of just this stretch of just this film (by content), if it was kept."""

    def keep(self, media: Path, spotting: Spotting) -> None:
        """Keep it for later."""
