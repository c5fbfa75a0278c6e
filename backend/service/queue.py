"""The jobs that wait, in their order, and what each job's clients are told of its place.

A place is told whenever it has changed, for very many jobs at most once a second, and so is an estimate.
Nothing of this is kept on disk: what jobs take is learned anew by each backend, from the jobs it makes.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Any

from backend.service.jobs import Job, JobStore
from backend.service.waiting import Kind, Place, Spent, WaitReason, Work, places

MAX_SPENT = 100
"""Jobs that are remembered to tell by how long others take."""
_SECONDS_BETWEEN = 1.0
_SECONDS_PER_JOB = 0.001
"""The more jobs wait, the more seldom all their clients are told of changes."""
_LONGEST_FILM = 1e6
"""Seconds; what is longer is no film."""


@dataclass(frozen=True)
class Waiting:
    """A job that waits."""

    work: Work
    batch: str


class Queue:
    """The jobs that wait."""

    def __init__(self, jobs: JobStore) -> None:
        self._jobs = jobs
        self._seen = -1
        self._waiting: dict[str, Waiting] = {}
        self._lengths: dict[str, float] = {}
        self._spent: deque[Spent] = deque(maxlen=MAX_SPENT)
        self._told: dict[str, Place] = {}
        self._told_of = -1
        self._told_at = -math.inf

    def film_is(self, job: str, seconds: float | None) -> None:
        """Its client says so."""
        if seconds is not None and 0 < seconds < _LONGEST_FILM:
            self._lengths[job] = seconds

    def work(self, job: Job) -> Work:
        """What there is to do for it."""
        cue = job.cue
        known = self._lengths.get(job.id) if cue.out_point is None else float(cue.out_point - cue.in_point)
        kind = Kind(cue.engine, cue.neural, job.deliver.preview is not None)
        return Work(kind, None if known is None else known * cue.takes)

    def learn(self, kind: Kind, takes: list[dict[str, Any]], seconds: float) -> None:
        """A job is done: these are its takes, and so long it was worked on."""
        sounded = [take["samples"] - take["head"] - take["tail"] for take in takes if not take["cached"]]
        film = sum(sounded) / takes[0]["sample_rate"]
        if film > 0 and len(sounded) == len(takes):
            self._spent.append(Spent(kind, film, seconds))

    def ended(self, job: str) -> None:
        """It waits no longer, and never again."""
        self._lengths.pop(job, None)
        self._told.pop(job, None)

    def places(self, running: tuple[Work, float] | None, reason: WaitReason) -> dict[str, Place]:
        """The place of each job that waits, the next one first."""
        self._look()
        works = [one.work for one in self._waiting.values()]
        return dict(zip(self._waiting, places(works, running, self._spent, reason), strict=True))

    def news(
        self, running: tuple[Work, float] | None, reason: WaitReason, now: float
    ) -> dict[str, tuple[Place, str]]:
        """What is to be told now: places that are not as they were told last, with the jobs' batches."""
        changed = self._jobs.changes != self._told_of
        pause = min(len(self._waiting) * _SECONDS_PER_JOB, _SECONDS_BETWEEN) if changed else _SECONDS_BETWEEN
        if now - self._told_at < pause:
            return {}
        self._told_of, self._told_at = self._jobs.changes, now
        there = self.places(running, reason)
        return {
            job: (place, self._waiting[job].batch)
            for job, place in there.items()
            if self._told.get(job) != place
        }

    def told(self, job: str, place: Place) -> None:
        """Its clients know that now."""
        self._told[job] = place

    def _look(self) -> None:
        if self._jobs.changes == self._seen:
            return
        known = self._waiting
        self._waiting = {job: known.get(job) or self._read(job) for job in self._jobs.queued()}
        self._told = {job: place for job, place in self._told.items() if job in self._waiting}
        self._seen = self._jobs.changes

    def _read(self, job: str) -> Waiting:
        found = self._jobs.in_brief(job)
        return Waiting(self.work(found), found.cue.batch)
