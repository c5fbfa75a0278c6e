"""The spotting: what was seen in a stretch of film that should be heard.

Named after the session in which a film's sound team notes where each sound goes. A spotting holds media
times, so it serves every cue over the same stretch, whatever its prompt, seed or engine.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Protocol

import msgspec

WATCHER_VERSION = "1"
"""Goes into the cache's key; raised whenever the watcher would see something else in the same film."""


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
    thumbnail: str = ""
    """A small JPEG of the frame, base64; empty where the film has too many impacts to keep them all."""


class Spotting(msgspec.Struct, frozen=True, kw_only=True):
    """The impacts of one stretch of film, in the order of time, and how many frames it took to see them."""

    start: Fraction
    end: Fraction
    impacts: tuple[Impact, ...]
    frames: int


class SpottingShelf(Protocol):
    """Where spottings are kept, so that the same stretch need not be watched twice."""

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting | None:
        """The spotting of just this stretch of just this film (by content), if it was kept."""

    def keep(self, media: Path, spotting: Spotting) -> None:
        """Keep it for later."""
