"""Where a job that waits stands, for how long, and why. Pure functions; `queue` tells clients.

The estimate is as plain as what is known: a job takes as long per second of film as the last few of its kind
did. Where one of those before it is of a kind that none has been through yet, or its film's length is not
known, there is no estimate; nor is there one while anything but other jobs is waited for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from backend.service.supervisor import WorkerPresence
from backend.service.worker_lifecycle import State
from foley_core.neural_settings import NeuralSettings

WaitReason = Literal["jobs", "start", "load", "renewal", "restart", "ending"]
"""What is waited for. jobs: only those before it; start: the worker starts; load: an engine is loaded;
renewal: a tired worker makes room for another; restart: the worker failed, and another is started; ending:
the backend ends, and the next one goes on."""

LAST_FEW = 8
"""How many jobs of a kind tell how long the next one takes."""
_STEPS = ((60.0, 5), (600.0, 30), (3600.0, 60), (math.inf, 600))
"""Up to so many seconds, an estimate is told in steps of so many."""


@dataclass(frozen=True)
class Kind:
    """What jobs have in common that take about as long as each other."""

    engine: str
    neural: NeuralSettings
    preview: bool


@dataclass(frozen=True)
class Work:
    """What there is to do for a job."""

    kind: Kind
    film: float | None
    """Seconds of film, over all takes; None where nobody knows."""


@dataclass(frozen=True)
class Spent:
    """What a job took that is done."""

    kind: Kind
    film: float
    """Seconds of film, above 0."""
    seconds: float
    """Of work on it, without the loading of an engine."""


@dataclass(frozen=True)
class Place:
    """Where a job stands, as its clients are told."""

    before: int
    """How many jobs come before it, the one that runs too."""
    wait_s: int | None
    """About how many seconds until it begins; None where that is not known."""
    reason: WaitReason


def seconds_for(work: Work, spent: Sequence[Spent]) -> float | None:
    """How long it will take, by what others of its kind took; `spent` has the newest last."""
    alike = [one for one in spent if one.kind == work.kind][-LAST_FEW:]
    if not alike or work.film is None:
        return None
    return work.film * sum(one.seconds for one in alike) / sum(one.film for one in alike)


def places(
    queued: Sequence[Work], running: tuple[Work, float] | None, spent: Sequence[Spent], reason: WaitReason
) -> list[Place]:
    """The place of each that is queued, the next one first.

    `running` is the job that the worker has, with the share of it that is done.
    """
    paces = {kind: seconds_for(Work(kind, 1.0), spent) for kind in {work.kind for work in queued}}
    wait = 0.0 if reason == "jobs" else None
    before = 0
    if running is not None:
        work, done = running
        wait = _later(wait, seconds_for(work, spent), 1.0 - done)
        before = 1
    found = []
    for work in queued:
        found.append(Place(before, None if wait is None else about(wait), reason))
        wait = _later(wait, paces[work.kind], work.film)
        before += 1
    return found


def about(seconds: float) -> int:
    """Rounded up, more coarsely the longer it is, so that it is not told anew with each moment."""
    step = next(step for most, step in _STEPS if seconds <= most)
    return math.ceil(seconds / step) * step


def wait_reason(
    worker: WorkerPresence | State, stage: str | None, *, failing: bool, clearing: bool, ending: bool
) -> WaitReason:
    """What the jobs that are queued wait for.

    `stage` is the one of the job that runs, None where none does; `failing`: the worker's last start or life
    came to no good end; `clearing`: it is waited for that one leaves before another starts.
    """
    if ending:
        return "ending"
    if worker == "busy" or worker == "ready":
        return "load" if stage == "load" else "jobs"
    if worker == "warming":
        return "load"
    if failing or worker in ("ending", "gone", "unavailable"):
        return "restart"
    return "renewal" if clearing else "start"


def _later(wait: float | None, seconds: float | None, share: float | None) -> float | None:
    if wait is None or seconds is None or share is None:
        return None
    return wait + max(seconds * share, 0.0)
