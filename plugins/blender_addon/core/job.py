# SPDX-License-Identifier: GPL-3.0-or-later
"""A job: a cue that the backend works on, or will, and what its takes are for. Plain records; nothing happens
here."""

import time
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Dict, List, Optional

from .picture import Picture
from .wishes import Wishes

NEW, REPLACE, REGION, INSTEAD = "new", "replace", "region", "instead"


@dataclass(frozen=True)
class Goal:
    """What a take is made for."""

    kind: str = NEW
    """NEW: strips of its own. REPLACE: the sound of a strip that is there. REGION: a part of such a one.
    INSTEAD: strips of its own, in place of all the sounds that the picture has by then."""
    sound: str = ""
    """Uid of that sound strip."""
    above: int = 0
    """A channel that it goes above: the highest with a picture, of all that is scored with it."""
    lane: int = 0
    """Which of Foley's channels, from 0: those for shots that overlap are different ones."""


@dataclass
class Job:
    """A cue that the backend works on, or will."""

    id: str
    picture: Picture
    wishes: Wishes
    goal: Goal = Goal()
    hits: Optional[List[Fraction]] = None
    """Media times that overrule what is detected."""
    batch: str = ""
    project: str = ""
    """Path of the Blender file that it belongs to; empty while that is not saved."""
    record: str = ""
    """Path of its record."""
    stage: str = "waiting"
    place: str = ""
    """In the backend's queue, in words; empty while it does not wait there."""
    progress: float = 0.0
    asked_at: float = field(default_factory=time.time)
    began_at: float = 0.0
    """When it first got on; Unix time."""
    takes: Optional[List[Dict[str, Any]]] = None
    report: str = ""
    error: str = ""
    """Why it failed; it can be asked for again."""
    rendering: Any = None
    """The copy of the picture that is being made for it."""
    same_file: bool = True
    """False once a file that was not saved is closed: then only the strip's own uid counts."""


@dataclass(frozen=True)
class Unplaced:
    """Takes that could not be put on the timeline. Their files are kept."""

    job: Job
    reason: str

    @property
    def path(self) -> str:
        """Of the first take."""
        return str((self.job.takes or [{}])[0].get("path", ""))
