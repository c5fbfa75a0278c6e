# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a batch has got, and how long it, or one not yet begun, will take. No Blender here."""

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional, Set, Tuple

from .job import Job
from .problem import Problem

NAMED = 3
"""So many channels are told by their names."""


class Failure(NamedTuple):
    """A job of a batch that came to no good end."""

    problem: Problem
    job: Job


@dataclass(frozen=True)
class Asking:
    """A job of a batch that is still to be asked for."""

    batch: str
    ask: Callable[[], object]

    def __call__(self) -> None:
        """Ask for it."""
        self.ask()


@dataclass
class Batch:
    """The jobs asked for together, counted."""

    ended: int = 0
    """Placed, failed or cancelled."""
    timed: int = 0
    """How many of them are known to have taken `seconds` together."""
    seconds: float = 0.0
    placed: int = 0
    channels: Set[str] = field(default_factory=set)
    """Names of those on which they lie."""
    cancelled: int = 0
    """Those too that were not asked for yet."""
    has_step: bool = False
    """Whether an undo step was made for those that are placed."""
    waiting: int = 0
    """Those whose takes wait in the tab to be heard first."""
    unseen: int = 0
    """Those of which nothing strikes, for no impact was seen."""
    failures: List[Failure] = field(default_factory=list)
    """Those that were made but found no place, too."""
    note: str = ""
    """What the newest take that did not understand all did not understand."""

    def line(self) -> str:
        """What has become of it, once it is over: `13 shots scored on Foley, 1 failed, 2 cancelled.`"""
        words = ["{} shot{} scored{}".format(self.placed, "" if self.placed == 1 else "s", self._where())]
        words += ["{} to be heard first".format(self.waiting)] if self.waiting else []
        words += ["{} without hits, for no impact is seen".format(self.unseen)] if self.unseen else []
        words += ["{} failed".format(len(self.failures))] if self.failures else []
        words += ["{} cancelled".format(self.cancelled)] if self.cancelled else []
        return ", ".join(words) + "."

    def _where(self) -> str:
        """On which channels, for these may be out of sight."""
        names = sorted(self.channels)
        if len(names) > NAMED:
            return " on {} channels".format(len(names))
        return " on " + " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""

    def end(self, seconds: Optional[float]) -> None:
        """One more has ended, after so many seconds of work, if known."""
        self.ended += 1
        if seconds is not None:
            self.timed += 1
            self.seconds += max(seconds, 0.0)

    def time_left(self, left: int, worked: float) -> Optional[float]:
        """Seconds for `left` jobs, on the first of which `worked` seconds were spent; none before one ends.

        The backend makes one at a time; each is expected to take as long as those that ended, on average.
        """
        if not self.timed:
            return None
        mean = self.seconds / self.timed
        return max(mean * left - min(worked, mean), 0.0) if left else 0.0


PLAIN_PACE, LEAST = 0.25, 0.5
"""Seconds of work for a second of sound, and for any sound, where nothing was made yet: a plain guess."""


@dataclass
class Pace:
    """How fast sounds were made in this session."""

    worked: Dict[str, Tuple[float, float]] = field(default_factory=dict)
    """Seconds of work, and of sound, by the engine that was asked for."""

    def end(self, engine: str, work: float, sound: float) -> None:
        """So many seconds of sound were made, in so many seconds."""
        before = self.worked.get(engine, (0.0, 0.0))
        self.worked[engine] = before[0] + max(work, 0.0), before[1] + sound

    def seconds(self, engine: str, sound: float) -> float:
        """How long it will take about to make so many seconds of sound."""
        work, made = self.worked.get(engine, (0.0, 0.0))
        return sound * work / made if made else max(sound * PLAIN_PACE, LEAST)


class Batches(Dict[str, Batch]):
    """Those that are not over, by their ids; and how fast sounds are made, in batches or not."""

    def __init__(self) -> None:
        super().__init__()
        self.pace = Pace()

    def begin(self, job: Job) -> None:
        """A job was asked for."""
        if job.batch:
            self.setdefault(job.batch, Batch())

    def cancel(self, job: Job) -> None:
        """A job has ended as the user wanted."""
        if job.batch in self:
            self[job.batch].cancelled += 1

    def give_up(self, steps: Deque[Callable[[], object]]) -> None:
        """Do nothing of this any more; what is a job of a batch counts as cancelled."""
        while steps:
            step = steps.popleft()
            if isinstance(step, Asking):
                self.setdefault(step.batch, Batch()).cancelled += 1

    def over(self, left: Callable[[str], int]) -> List[Batch]:
        """Those of which no job is left are taken off the list and given."""
        return [self.pop(batch) for batch in list(self) if not left(batch)]

    def end(self, job: Job, event: Dict[str, Any]) -> None:
        """A job is over in the backend, which says when it began and ended only where it was asked."""
        since, until = event.get("started") or job.began_at, event.get("finished") or time.time()
        job.seconds = until - since if since else None
        if job.batch in self:
            self[job.batch].end(job.seconds)
        if job.seconds and not all(take.get("cached") for take in job.takes or ()):
            sound = float(job.picture.last - job.picture.first) * len(job.takes or ())
            self.pace.end(job.wishes.engine, job.seconds, sound)
