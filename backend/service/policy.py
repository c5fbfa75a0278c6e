"""What is done when something goes wrong. Pure functions: broker and supervisor only carry them out.

A job may be tried `MAX_ATTEMPTS` times; a worker that dies over it, or hangs, has used one up. Where the last
was lost over the preview there is one more, without it: a preview never costs a take. An attempt
that ended because the backend itself was ended, or because the worker was dead before it said that it had
begun, is given back, up to `MAX_INTERRUPTIONS` times: a job that always takes the whole machine down with it
must not come back for ever.
"""

from __future__ import annotations

from enum import Enum

MAX_ATTEMPTS = 2
MAX_INTERRUPTIONS = 5
STABLE_SECONDS = 10.0
"""A worker that lived this long since it was ready is restarted at once."""
GIVE_UP_AFTER = 5
"""Starts in a row that did not get as far as ready."""
LONGEST_DELAY = 60.0
START_PATIENCE = 60.0
"""Seconds a worker may take until it is ready."""
LEAVE_PATIENCE = 5.0
"""Seconds a worker that has no job may take to end by itself."""
CANCEL_PATIENCE = 10.0
"""Seconds a worker may take to leave off a job, at most."""
LOADING_FACTOR = 10
"""An engine that loads its weights reports nothing meanwhile; it may take this much longer."""


class WorkerLoss(Enum):
    """Why there is no worker any more."""

    CRASHED = "crashed"
    HUNG = "hung"
    CANCEL_IGNORED = "cancel ignored"


class JobFate(Enum):
    """What becomes of the job that the lost worker had."""

    AGAIN = "again"
    WORKER_CRASHED = "worker_crashed"
    WORKER_HUNG = "worker_hung"
    CANCELLED = "cancelled"


class StopStep(Enum):
    """What is done to a worker that must end, in this order."""

    DUMP = "dump"
    TERMINATE = "terminate"
    KILL = "kill"


ENDING: tuple[tuple[float, StopStep], ...] = (
    (0.0, StopStep.DUMP),
    (0.5, StopStep.TERMINATE),
    (5.5, StopStep.KILL),
)
"""Seconds since the worker was given up, and what is done then."""


def job_fate(loss: WorkerLoss, attempts: int, cancelling: bool, *, stage: str) -> JobFate:
    """Of a job whose worker was lost in this stage of its `attempts`-th attempt."""
    if cancelling or loss is WorkerLoss.CANCEL_IGNORED:
        return JobFate.CANCELLED
    if attempts < MAX_ATTEMPTS or (stage == "preview" and attempts == MAX_ATTEMPTS):
        return JobFate.AGAIN
    return JobFate.WORKER_HUNG if loss is WorkerLoss.HUNG else JobFate.WORKER_CRASHED


def leaves_preview_out(attempts: int) -> bool:
    """Whether a job's `attempts`-th attempt is the one without a preview."""
    return attempts > MAX_ATTEMPTS


def fate_of_interrupted(interruptions: int, cancelling: bool) -> JobFate:
    """Of a job that is not at fault, interrupted that often before.

    A backend before this one left it running, or the worker that it was given to never began.
    """
    if cancelling:
        return JobFate.CANCELLED
    return JobFate.AGAIN if interruptions < MAX_INTERRUPTIONS else JobFate.WORKER_CRASHED


def failures_after(failures: int, loss: WorkerLoss, ready_for: float | None) -> int:
    """Failures in a row after a worker was lost; `ready_for` is None where it never got ready.

    Only starts that fail make the supervisor give up. A worker that gets ready and then dies over a job is
    held back for a while, but it is the job that runs out of attempts.
    """
    if ready_for is None:
        return failures + 1
    if loss is WorkerLoss.CANCEL_IGNORED or ready_for >= STABLE_SECONDS:
        return 0
    return min(failures + 1, GIVE_UP_AFTER - 1)


def restart_delay(failures: int) -> float | None:
    """Seconds until the next start: 0, then 1, 2, 4 and so on; None: give up."""
    if failures >= GIVE_UP_AFTER:
        return None
    return min(2.0 ** (failures - 1), LONGEST_DELAY) if failures else 0.0


def patience(stage: str, step_timeout: float) -> float:
    """Seconds that may pass between two signs of life in this stage of a job."""
    return step_timeout * LOADING_FACTOR if stage == "load" else step_timeout


def cancel_patience(step_timeout: float) -> float:
    """Seconds a worker may take to leave off a job; less than it takes to count as hung."""
    return min(CANCEL_PATIENCE, step_timeout / 2)


def due_steps(elapsed: float, done: int) -> tuple[StopStep, ...]:
    """The steps of `ENDING` that are due, where the first `done` were taken already."""
    return tuple(step for at, step in ENDING[done:] if at <= elapsed)


def cause(exit_code: int) -> str:
    """What an exit code of a worker probably means."""
    if exit_code == -9:
        return "killed; out of memory?"
    if exit_code in (-6, -11, -7, -4, 3221225477):
        return "a fault in native code"
    return "killed by a signal" if exit_code < 0 else "it ended by itself"
