# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the queue is, in one line and as a number, and how long it will take. No Blender here."""

from typing import Dict, Iterable, List, NamedTuple, Optional

from .batches import Batch
from .clock import clock
from .job import Job

STAGES = {
    "waiting": "Waiting",
    "rendering": "Rendering the picture",
    "cancelling": "Cancelling",
    "pausing": "Pausing",
    "paused": "Paused",
    "start": "Starting",
    "load": "Loading the engine",
    "watch": "Watching the picture",
    "sound": "Making the sound",
    "master": "Mastering",
    "write": "Writing",
    "preview": "Making the preview",
    "report": "Making the report",
}
TELLING = 0.1
"""From so much of a job on, the time that it took tells how long it will take."""


class Standing(NamedTuple):
    """What is in the queue."""

    running: List[Job]
    held: List[Job]
    """Those that are paused."""
    later: int
    """How many are still to be asked for."""
    batches: Dict[str, Batch]

    @property
    def left(self) -> int:
        """How many jobs are not over."""
        return len(self.running) + len(self.held) + self.later

    @property
    def ended(self) -> int:
        """How many of the batches' jobs are over."""
        there = sum(job.takes is not None and job.batch in self.batches for job in self.running)
        return sum(batch.ended for batch in self.batches.values()) - there

    @property
    def failed(self) -> int:
        """How many of these came to no good end."""
        return sum(len(batch.failures) for batch in self.batches.values())

    def first(self) -> Optional[Job]:
        """The job that is being made; where none is, the next."""
        begun = (job for job in self.running if job.began_at or job.stage == "rendering")
        return next(begun, self.running[0] if self.running else None)

    def share(self) -> float:
        """How much of all is done, 0 to 1."""
        first = self.first()
        done = self.ended + (first.progress if first is not None else 0.0)
        return min(1.0, done / max(1, self.left + self.ended))

    def seconds_left(self, now: float) -> Optional[float]:
        """How long all will take: as long as those of the batch that ended, or as the one that is made."""
        first = self.first()
        worked = now - first.began_at if first is not None and first.began_at else 0.0
        for name, batch in self.batches.items():
            left = sum(job.batch == name for job in self._jobs()) + self.later
            seconds = batch.time_left(left, worked if first is not None and first.batch == name else 0.0)
            if seconds is not None:
                return seconds
        if first is None or not worked or first.progress < TELLING:
            return None
        whole = worked / first.progress
        return whole * (self.left - first.progress)

    def line(self, now: float) -> str:
        """All of it: `3 of 13, Making the sound 40 %, about 40 s left`; empty where nothing is left."""
        first, seconds, whole = self.first(), self.seconds_left(now), self.left + self.ended
        if not self.left:
            return ""
        words = ["{} of {}".format(self.ended + 1, whole)] if whole > 1 else []
        words += ["{} failed".format(self.failed)] if self.failed else []
        words += [doing(first)] if first is not None else []
        if self.held and first is None:
            words.append("paused")
        elif seconds is not None:
            words.append("about {} left".format(clock(seconds)))
        return ", ".join(words)

    def _jobs(self) -> Iterable[Job]:
        return (*self.running, *self.held)


def doing(job: Job) -> str:
    """What is being done for a job."""
    words = STAGES.get(job.stage, job.stage)
    if job.stage == "waiting" and job.place:
        return "{}, {}".format(words, job.place)
    return "{} {:.0f} %".format(words, 100 * job.progress) if job.began_at and job.progress else words
