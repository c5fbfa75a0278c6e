# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to tell the user, each told once: lines about what ended well, reports of what did not.

Who draws and opens windows takes it from here; nothing happens here, and there is no Blender.
"""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Deque, Iterable, List, NamedTuple, Optional, Set

from .batches import Batch, Failure
from .job import REGION, REPLACE, TO_BE_HEARD, Job
from .problem import Problem
from .remarks import said, unknown_words, unseen_hits

KEPT = 20
"""So many sounds that were made are kept in mind."""


@dataclass
class Report:
    """One thing that went wrong, once or for several jobs."""

    problem: Problem
    jobs: List[Job] = field(default_factory=list)
    """Those that it kept from ending well; none where it was no job's."""

    @property
    def times(self) -> int:
        """How often."""
        return max(1, len(self.jobs))


class Made(NamedTuple):
    """A sound that was made and put in its place."""

    at: float
    """Unix time."""
    seconds: Optional[float]
    """How long it was worked on, if known."""
    scene: str
    sound: str
    """Uid of its strip."""
    title: str


class News:
    """What was not told yet, and what stands in the tab until it is taken away."""

    def __init__(self) -> None:
        self.lines: Deque[str] = deque()
        """To be said, oldest first."""
        self.reports: List[Report] = []
        """To be opened together."""
        self.newest: Optional[Problem] = None
        """What went wrong last; it stands in the tab."""
        self.note = ""
        """What the take that was placed last did not understand; it stands in the tab."""
        self.made: Deque[Made] = deque(maxlen=KEPT)
        """Newest last."""
        self._opened: Set[str] = set()

    def begin(self) -> None:
        """The user asks for something new: what stood is taken away, and what comes back is told again."""
        self.newest, self.note = None, ""
        self._opened.clear()

    def dismiss(self) -> None:
        """Take away what stands in the tab."""
        self.newest, self.note = None, ""

    def report(self, problem: Problem, job: Optional[Job] = None) -> None:
        """Tell of a problem. One that is no job's is told once, however often it comes, until `begin`."""
        self.newest = problem
        sentence = str(problem)
        if job is None and sentence in self._opened:
            return
        self._opened.add(sentence)
        same = next((one for one in self.reports if str(one.problem) == sentence), None)
        if same is None:
            same = Report(problem)
            self.reports.append(same)
        same.jobs += [job] if job is not None else []

    def opened(self) -> List[Report]:
        """All that is to be reported; from now on it counts as told."""
        found, self.reports = self.reports, []
        return found

    def failed(self, job: Job, problem: Problem, batch: Optional[Batch]) -> None:
        """A job came to no good end; one of a batch is reported when the batch is over."""
        if batch is None:
            self.report(problem, job)
        else:
            self.newest = problem
            batch.failures.append(Failure(problem, job))

    def placed(
        self, job: Job, seconds: Optional[float], batch: Optional[Batch], channels: Iterable[str] = ()
    ) -> None:
        """The takes of a job lie on the timeline, on these channels."""
        sound = job.goal.sound if job.goal.kind in (REPLACE, REGION) else job.id
        self.made.append(Made(time.time(), seconds, job.picture.scene, sound, job.title))
        take = job.takes[0] if job.takes else {}
        self.note = said(take)
        if batch is not None:
            batch.placed += 1
            batch.channels.update(channels)
            batch.unseen += bool(unseen_hits(take))
            batch.note = unknown_words(take) or batch.note
        else:
            words = ": {}".format(job.wishes.prompt) if job.wishes.prompt else ""
            self._say("{} has its sound{}.".format(job.picture.name, words), self.note)

    def waits(self, job: Job, batch: Optional[Batch]) -> None:
        """The takes of a job are made, and wait in the tab to be heard first."""
        if batch is not None:
            batch.waiting += 1
        else:
            self._say("A take waits in the tab Foley. {}: {}".format(job.title, TO_BE_HEARD))

    def over(self, batch: Batch) -> None:
        """No job of a batch is left."""
        for problem, job in batch.failures:
            self.report(problem, job)
        if batch.placed or batch.waiting or batch.failures or batch.cancelled:
            self._say(batch.line(), batch.note)

    def _say(self, *parts: str) -> None:
        self.lines.append(" ".join(part for part in parts if part))
