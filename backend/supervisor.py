"""Keeps one worker alive: starts it, tells when it is lost, and starts another.

It decides nothing by itself: when a worker counts as hung, what is then done to it and how long the next one
waits stands in `policy`; what becomes of the job is the dispatcher's part. Time is a monotonic clock's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal

import zmq

from backend import link
from backend.policy import (
    START_PATIENCE,
    Loss,
    cancel_patience,
    due_steps,
    failures_after,
    patience,
    restart_delay,
)
from backend.worker_process import WorkerProcess
from backend.zap import Gate

_logger = logging.getLogger(__name__)

State = Literal["absent", "starting", "ready", "busy", "ending", "waiting", "unavailable"]

MAY_BECOME: dict[State, frozenset[State]] = {
    "absent": frozenset({"starting", "waiting", "unavailable"}),
    "starting": frozenset({"ready", "ending", "waiting", "unavailable"}),
    "ready": frozenset({"busy", "waiting"}),
    "busy": frozenset({"ready", "ending", "waiting"}),
    "ending": frozenset({"waiting", "unavailable"}),
    "waiting": frozenset({"starting", "waiting", "unavailable"}),
    "unavailable": frozenset({"starting", "waiting", "unavailable"}),
}


@dataclass(frozen=True)
class Lost:
    """The worker is gone."""

    loss: Loss
    obituary: str


@dataclass(frozen=True)
class GaveUp:
    """The worker does not come up, and is not tried again until somebody asks."""

    obituary: str


class Supervisor:
    """The one worker, or the want of it."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], gate: Gate, step_timeout: float) -> None:
        self.state: State = "absent"
        self.worker: WorkerProcess | None = None
        self.engines: list[str] = []
        self.engine = self.device = ""
        """What the worker uses, and where; empty before its first job."""
        self._context = context
        self._gate = gate
        self._step_timeout = step_timeout
        self._failures = 0
        self._since = 0.0
        self._ready_at: float | None = None
        self._sign_of_life = 0.0
        self._stage = ""
        self._cancel_at: float | None = None
        self._loss = Loss.CRASHED
        self._steps_done = 0

    def want(self, now: float) -> None:
        """A worker is wanted: start one if there is none and none is about to come."""
        if self.state == "unavailable":
            self._failures = 0
        if self.state in ("absent", "unavailable"):
            self._start(now)

    def run(self, order: link.Run, now: float) -> None:
        """Give the ready worker a job."""
        self._become("busy")
        self._cancel_at = None
        self._stage = ""
        self._sign_of_life = now
        if self.worker is not None:
            self.worker.begin_job(order)

    def cancel(self, job: str, now: float) -> None:
        """Have the busy worker leave off its job; one that does not is made to end."""
        if self._cancel_at is None:
            self._cancel_at = now
        self._say(link.CancelJob(job=job))

    def hear(self, now: float) -> list[link.AnyNews]:
        """What the worker said since the last time."""
        if self.worker is None:
            return []
        heard = self.worker.hear()
        for news in heard:
            self._note(news, now)
        return heard

    def tick(self, now: float) -> Lost | GaveUp | None:
        """Look after the worker; call a few times a second, after `hear`."""
        if self.state == "waiting":
            return self._start(now) if now >= self._since else None
        if self.worker is None:
            return None
        self.worker.trim_log()
        if self.worker.exit_code() is not None:
            return self._lost(now)
        loss = self._overdue(now)
        if loss is not None and self.state != "ending":
            self._loss, self._since, self._steps_done = loss, now, 0
            self._become("ending")
        if self.state == "ending":
            for step in due_steps(now - self._since, self._steps_done):
                self.worker.take_step(step)
                self._steps_done += 1
        return None

    def stop(self, seconds: float) -> None:
        """End the worker, kindly at first; for when the backend itself ends."""
        if self.worker is not None:
            self._say(link.Stop())
            self.worker.end_within(seconds if self._ready_at is not None else 0.0)
            self.worker.close()
            self.worker = None

    def _start(self, now: float) -> Lost | GaveUp | None:
        self._loss, self._ready_at, self._cancel_at, self._stage = Loss.CRASHED, None, None, ""
        self.engines, self.engine, self.device = [], "", ""
        try:
            self.worker = WorkerProcess(self._context, self._gate)
        except OSError as error:
            return self._hold_back(f"it cannot be started: {error}", now)
        self._since = now
        self._become("starting")
        _logger.info("worker started", extra={"about": {"worker": self.worker.pid}})
        return None

    def _note(self, news: link.AnyNews, now: float) -> None:
        self._sign_of_life = now
        match news:
            case link.Ready() if self.state == "starting":
                self._ready_at, self.engines = now, news.engines
                self._become("ready")
            case link.Uses():
                self.engine, self.device = news.engine, news.device
            case link.Advanced():
                self._stage = news.stage
            case link.Finished() | link.Broke() | link.LeftOff() if self.state == "busy":
                self._failures = 0
                self._become("ready")

    def _overdue(self, now: float) -> Loss | None:
        if self.state == "starting":
            return Loss.HUNG if now - self._since > START_PATIENCE else None
        if self.state != "busy":
            return None
        if self._cancel_at is not None and now - self._cancel_at > cancel_patience(self._step_timeout):
            return Loss.CANCEL_IGNORED
        silent = now - self._sign_of_life
        return Loss.HUNG if silent > patience(self._stage, self._step_timeout) else None

    def _lost(self, now: float) -> Lost | GaveUp:
        assert self.worker is not None
        obituary = self.worker.obituary()
        _logger.warning(
            "worker lost",
            extra={"about": {"worker": self.worker.pid, "loss": self._loss.value, "why": obituary}},
        )
        self.worker.close()
        self.worker = None
        return self._hold_back(obituary, now)

    def _hold_back(self, obituary: str, now: float) -> Lost | GaveUp:
        ready_for = None if self._ready_at is None else now - self._ready_at
        self._failures = failures_after(self._failures, self._loss, ready_for)
        delay = restart_delay(self._failures)
        if delay is None:
            self._become("unavailable")
            return GaveUp(obituary)
        self._since = now + delay
        self._become("waiting")
        return Lost(self._loss, obituary)

    def _become(self, state: State) -> None:
        assert state in MAY_BECOME[self.state], f"the worker cannot become {state} when {self.state}"
        self.state = state

    def _say(self, order: link.Order) -> None:
        if self.worker is not None:
            self.worker.say(order)
