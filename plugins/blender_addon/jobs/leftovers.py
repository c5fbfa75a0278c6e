# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that came to no good end: failed ones, and takes without a place, until the user has seen to them."""

from typing import Any, Dict, List, Tuple

from ..core.job import Job, Unplaced
from ..core.problem import Problem
from . import job_files


class Leftovers:
    """They stand in the tab, each with what can be done about it; their records stay as long."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: Dict[str, Job] = {}
        """Newest last; each can be tried again."""
        self.unplaced: List[Unplaced] = []

    def waiting(self, path: str) -> Tuple[Job, Dict[str, Any]]:
        """The job that waits to be inserted with a take of that path, and that take."""
        for unplaced in self.unplaced:
            for take in unplaced.job.takes or ():
                if take["path"] == path:
                    return unplaced.job, take
        raise Problem("no_such_take", "No such take waits to be inserted.", "Choose one from the list.")

    def dismiss(self, path: str) -> None:
        """Take takes off the list of those not placed; the files stay."""
        for take in [take for take in self.unplaced if take.path == path]:
            self.unplaced.remove(take)
            job_files.remove(take.job)

    def drop(self, job: str) -> None:
        """Take a job that failed off the list."""
        if job in self.failed:
            job_files.remove(self.failed.pop(job))
