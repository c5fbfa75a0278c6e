"""Sees to it that there is a worker when one is wanted, and a fresh one when it is time.

At most one worker has a job. Beside it a successor may be warming, or others may be on their way out. It
decides nothing by itself: how long the next start waits stands in `policy`, when a worker is renewed or let
go in `recycling`; what becomes of the job is the dispatcher's part. Time is a monotonic clock's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal

import zmq

from backend.service import recycling, worker_lifecycle
from backend.service.auth import CurveAuthenticator
from backend.service.policy import WorkerLoss, failures_after, restart_delay
from backend.service.recycling import RecycleAction, RecycleInputs, RecycleLimits
from backend.service.worker_lifecycle import WorkerLifecycle
from backend.service.worker_process import LOGS, WorkerProcess
from backend.worker import link
from backend.worker.memory import available

_logger = logging.getLogger(__name__)

WorkerPresence = Literal["filled", "absent", "waiting", "unavailable"]
"""`absent`: nobody wants a worker; `waiting`: one will be started; `unavailable`: it does not come up."""

MAY_BECOME: dict[WorkerPresence, frozenset[WorkerPresence]] = {
    "filled": frozenset({"absent", "waiting", "unavailable"}),
    "absent": frozenset({"waiting"}),
    "waiting": frozenset({"filled", "waiting", "unavailable"}),
    "unavailable": frozenset({"waiting"}),
}


@dataclass(frozen=True)
class WorkerLost:
    """The worker is gone."""

    loss: WorkerLoss
    exit_summary: str


@dataclass(frozen=True)
class WorkerGaveUp:
    """The worker does not come up, and is not tried again until somebody asks."""

    exit_summary: str


class Supervisor:
    """The worker that has the jobs, or the want of it; its successor, and those that leave."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        authenticator: CurveAuthenticator,
        step_timeout: float,
        limits: RecycleLimits = recycling.DEFAULTS,
        build: str = "",
    ) -> None:
        self.worker: WorkerLifecycle | None = None
        self._successor: WorkerLifecycle | None = None
        self._leaving: list[WorkerLifecycle] = []
        self._presence: WorkerPresence = "absent"
        self._context = context
        self._authenticator = authenticator
        self._step_timeout = step_timeout
        self._limits = limits
        self._build = build
        """Of which all workers must be; empty: of any."""
        self._failures = 0
        self._start_at = 0.0
        self._wanted_at = 0.0
        self._successors_failed = 0
        self._successor_at = 0.0

    @property
    def state(self) -> WorkerPresence | worker_lifecycle.State:
        """The worker's, or why there is none."""
        return self.worker.state if self.worker is not None else self._presence

    @property
    def failing(self) -> bool:
        """The last worker came to no good end, and no job has been through since."""
        return self._failures > 0

    @property
    def clearing(self) -> bool:
        """The next worker is not started before the last one has left."""
        return self.worker is None and bool(self._leaving)

    def sockets(self) -> list[zmq.Socket[bytes]]:
        """Where there may be something to hear."""
        return [one.socket for one in (self.worker, self._successor) if one is not None]

    def want(self, now: float) -> None:
        """A worker is wanted: start one if there is none and none is about to come."""
        self._wanted_at = now
        if self._presence == "unavailable":
            self._failures = 0
        if self._presence in ("absent", "unavailable"):
            self._wait_until(now)
            self._fill(now)

    def run(self, order: link.Run, now: float) -> None:
        """Give the ready worker a job."""
        assert self.worker is not None
        self.worker.run(order, now)

    def cancel(self, job: str, now: float) -> None:
        """Have the busy worker leave off its job; one that does not is made to end."""
        if self.worker is not None:
            self.worker.cancel(job, now)

    def hear(self, now: float) -> list[link.AnyNews]:
        """What the worker said since the last time."""
        heard = [] if self.worker is None else self.worker.hear(now)
        if any(isinstance(news, link.JobCost) for news in heard):
            self._failures, self._wanted_at = 0, now
        return heard

    def tick(self, now: float) -> WorkerLost | WorkerGaveUp | None:
        """Look after all of them; call a few times a second, after `hear`."""
        self._leaving = [one for one in self._leaving if one.tick(now)]
        self._look_after_successor(now)
        if self._presence == "waiting":
            return self._fill(now)
        if self.worker is None:
            return None
        if not self.worker.tick(now):
            return self._lost(self.worker, now)
        if self.worker.state in ("ready", "busy"):
            self._care_for(self.worker, now)
        return None

    def stop(self, seconds: float) -> None:
        """End all workers, kindly at first; for when the backend itself ends."""
        present = [one for one in (self.worker, self._successor, *self._leaving) if one is not None]
        for one in present:
            one.process.say(link.Stop())
        for one in present:
            one.end_within(seconds)
        self.worker, self._successor, self._leaving = None, None, []

    def _situation(self, worker: WorkerLifecycle, now: float) -> RecycleInputs:
        reason = recycling.recycle_reason(worker.history, now, self._limits)
        successor = self._successor
        return RecycleInputs(
            busy=worker.state == "busy",
            idle=now - max(self._wanted_at, worker.history.since),
            loaded=bool(worker.history.engines),
            reason=reason,
            successor="none" if successor is None else "ready" if successor.state == "ready" else "warming",
            may_start_successor=now >= self._successor_at and not self._leaving,
            room=reason is not None and recycling.fits_two(worker.history.memory.held, available()),
        )

    def _care_for(self, worker: WorkerLifecycle, now: float) -> None:
        at = self._situation(worker, now)
        todo = recycling.recycle_action(at, self._limits)
        if todo is RecycleAction.NOTHING:
            return
        about = {
            "worker": worker.pid,
            "why": at.reason.value if at.reason is not None else "idle",
            "cues": worker.history.cues,
            "held_bytes": worker.history.memory.held,
        }
        _logger.info("worker %s", todo.value, extra={"about": about})
        match todo:
            case RecycleAction.START_SUCCESSOR:
                self._start_successor(worker, now)
            case RecycleAction.HAND_OVER:
                self._dismiss(worker, now)
                self.worker, self._successor, self._successors_failed = self._successor, None, 0
            case RecycleAction.REPLACE:
                self._dismiss(worker, now)
                self.worker = None
                self._wait_until(now)
            case RecycleAction.LET_GO:
                for one in (worker, self._successor):
                    if one is not None:
                        self._dismiss(one, now)
                self.worker = self._successor = None
                self._become("absent")

    def _start_successor(self, worker: WorkerLifecycle, now: float) -> None:
        engine = worker.engine if recycling.fits_two_on_device(worker.history.memory) else ""
        try:
            self._successor = self._start(now, engine)
        except OSError as error:
            self._successor_failed(str(error), now)

    def _look_after_successor(self, now: float) -> None:
        if self._successor is None:
            return
        self._successor.hear(now)
        if not self._successor.tick(now):
            exit_summary = self._successor.exit_summary()
            self._successor = None
            self._successor_failed(exit_summary, now)

    def _successor_failed(self, why: str, now: float) -> None:
        self._successors_failed += 1
        self._successor_at = now + recycling.successor_delay(self._successors_failed)
        _logger.warning("no successor", extra={"about": {"why": why, "failed": self._successors_failed}})

    def _dismiss(self, one: WorkerLifecycle, now: float) -> None:
        one.dismiss(now)
        self._leaving.append(one)

    def _fill(self, now: float) -> WorkerLost | WorkerGaveUp | None:
        """Start the worker if it is time and those that leave have left: there may be no room for both."""
        if now < self._start_at or self._leaving:
            return None
        try:
            self.worker = self._start(now)
        except OSError as error:
            return self._hold_back(WorkerLoss.CRASHED, f"it cannot be started: {error}", None, now)
        self._become("filled")
        return None

    def _start(self, now: float, engine: str = "") -> WorkerLifecycle:
        taken = self.worker.process.log.name if self.worker is not None else ""
        log = next(name for name in LOGS if name != taken)
        process = WorkerProcess(self._context, self._authenticator, log)
        one = WorkerLifecycle(process, self._step_timeout, now, engine, self._build)
        _logger.info("worker started", extra={"about": {"worker": one.pid, "log": log}})
        return one

    def _lost(self, worker: WorkerLifecycle, now: float) -> WorkerLost | WorkerGaveUp:
        exit_summary = worker.exit_summary()
        _logger.warning(
            "worker lost",
            extra={"about": {"worker": worker.pid, "loss": worker.loss.value, "why": exit_summary}},
        )
        self.worker, self._successor, self._wanted_at = self._successor, None, now
        ready_for = None if worker.ready_at is None else now - worker.ready_at
        if self.worker is None:
            return self._hold_back(worker.loss, exit_summary, ready_for, now)
        self._failures = failures_after(self._failures, worker.loss, ready_for)
        return WorkerLost(worker.loss, exit_summary)

    def _hold_back(
        self, loss: WorkerLoss, exit_summary: str, ready_for: float | None, now: float
    ) -> WorkerLost | WorkerGaveUp:
        self._failures = failures_after(self._failures, loss, ready_for)
        delay = restart_delay(self._failures)
        if delay is None:
            self._become("unavailable")
            return WorkerGaveUp(exit_summary)
        self._wait_until(now + delay)
        return WorkerLost(loss, exit_summary)

    def _wait_until(self, when: float) -> None:
        self._start_at = when
        self._become("waiting")

    def _become(self, presence: WorkerPresence) -> None:
        assert presence in MAY_BECOME[self._presence], (
            f"the worker's presence cannot become {presence} when {self._presence}"
        )
        self._presence = presence
