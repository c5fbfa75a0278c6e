# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs that wait while the queue is paused. The backend does not know them; their records say so.

They outlast the closing of their file. When the queue goes on they are asked for by other ids: the backend
has ended the ones that it had.
"""

import uuid
from typing import Dict, List

from ..core.job import Job
from . import job_files

PAUSED, PAUSING = "paused", "pausing"
"""The stages of a job that waits, and of one that the backend was told to give back."""


class Held:
    """Those jobs by their ids, oldest first, and whether they are to wait."""

    def __init__(self) -> None:
        self.paused = False
        self.jobs: Dict[str, Job] = {}

    def keep(self, job: Job) -> None:
        """Let a job wait; a `Problem` where that cannot be noted."""
        job.stage, job.place, job.progress, job.began_at = PAUSED, "", 0.0, 0.0
        job_files.write(job)
        self.jobs[job.id] = job

    def take_up(self, job: Job) -> None:
        """A job that waited when its file was closed; the queue is paused still."""
        self.jobs[job.id], self.paused = job, True

    def leave_others(self, project: str) -> List[Job]:
        """Forget the jobs of other projects, whose records say that they wait; gives these jobs."""
        others = [job for job in self.jobs.values() if job.project not in ("", project)]
        for job in others:
            del self.jobs[job.id]
        self.paused = self.paused and not (others and not self.jobs)
        return others

    @property
    def may_go_on(self) -> bool:
        """Whether there is one that need not wait any longer."""
        return bool(self.jobs) and not self.paused

    def next(self) -> Job:
        """The oldest, taken off the list, with another id."""
        job = self.jobs.pop(next(iter(self.jobs)))
        job_files.remove(job)
        job.id, job.stage = uuid.uuid4().hex, "waiting"
        return job

    def of_batch(self, batch: str) -> List[Job]:
        """Those of a batch."""
        return [job for job in self.jobs.values() if job.batch == batch]
