# SPDX-License-Identifier: GPL-3.0-or-later
"""A job: a cue that the backend works on, or will, and what its takes are for. Plain records."""

import time
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Dict, List, Optional, Sequence, Tuple

from . import waiting
from .picture import Picture
from .pieces import Piece
from .problem import Problem
from .wishes import Wishes

NEW, REPLACE, REGION, INSTEAD = "new", "replace", "region", "instead"


@dataclass(frozen=True)
class Goal:
    """What a take is made for."""

    kind: str = NEW
    """NEW: strips of its own. REPLACE: the sound of a strip that is there. REGION: a part of such a one.
    INSTEAD: strips of its own, in place of all the sounds that the picture has by then."""
    sound: str = ""
    """Uid of that sound."""
    above: int = 0
    """A channel that it goes above: the highest with a picture, of all that is scored with it."""
    lane: int = 0
    """Which of Foley's channels, from 0: those for shots that overlap are different ones."""
    pieces: Sequence[Piece] = ()
    """Those of its strips that are meant; none where an older add-on asked, which meant all."""
    alone: bool = True
    """Whether there were no others with that uid then."""

    def means(self, strip: Tuple[str, str]) -> bool:
        """Whether it is the sound of that strip, told by its uid and its name."""
        uid, name = strip
        return self.sound == uid and (not self.pieces or any(piece.name == name for piece in self.pieces))


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
    seconds: Optional[float] = None
    """How long it was worked on, once it is over, if known."""
    takes: Optional[List[Dict[str, Any]]] = None
    report: str = ""
    error: Optional[Problem] = None
    """Why it failed; it can be asked for again."""
    rendering: Any = None
    """The copy of the picture that is being made for it."""
    same_file: bool = True
    """False once a file that was not saved is closed: then only the strip's own uid counts."""

    @property
    def waits_to_be_heard(self) -> bool:
        """Whether its takes go onto the timeline only when they are told to."""
        return self.wishes.hear_first and self.goal.kind in (NEW, INSTEAD)

    def go_on(self, event: Dict[str, Any]) -> None:
        """Take in how far it is, as a push or a status tells it."""
        self.stage, self.progress = event.get("stage") or "waiting", event.get("progress", 0.0)
        self.place = waiting.place(event)
        self.began_at = self.began_at or (time.time() if event.get("stage") else 0.0)

    @property
    def waits(self) -> bool:
        """Whether the backend has it, and has not begun."""
        return self.stage == "waiting" and not self.began_at and self.takes is None

    @property
    def title(self) -> str:
        """What it is called: its picture, and what is to be heard."""
        words, name = self.wishes.prompt, self.picture.name
        return "{}: {}".format(name, words) if words else name


TO_BE_HEARD = "Hear it, then insert it."
"""Why a take was not put on the timeline, where nothing is wrong."""


@dataclass(frozen=True)
class Unplaced:
    """Takes that could not be put on the timeline, or wait to be heard first. Their files are kept."""

    job: Job
    problem: Optional[Problem] = None
    """None where nothing is wrong: they wait to be heard."""

    @property
    def reason(self) -> str:
        """Why, in one sentence."""
        return str(self.problem) if self.problem else TO_BE_HEARD

    @property
    def path(self) -> str:
        """Of the first take."""
        return str((self.job.takes or [{}])[0].get("path", ""))
