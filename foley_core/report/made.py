"""What a report is about: the takes of one job, with what the page must know of their film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foley_core.picture.spotting import Spotting
from foley_core.take import Take
from foley_core.timecode import FilmClock


@dataclass(frozen=True)
class MadeTakes:
    """The takes of one job: of one cue, so they differ in nothing but their seeds and what came of them."""

    takes: Sequence[Take]
    clock: FilmClock
    """How times in the film are told."""
    spotting: Spotting | None = None
    """What was seen in it; gives the pictures of the impacts, and how sure they are."""
    preview: Path | None = None
    """The film with the first take under it, where one was made."""
