"""Keeps one worker, from its start to its end: knows what it does, and makes it end where it must.

When a worker counts as hung, and what is then done to it, stands in `policy`; whether there is another one is
the supervisor's part. Time is a monotonic clock's.
"""

from __future__ import annotations

from typing import Literal

import zmq

from backend.service.policy import (
    LEAVE_PATIENCE,
    START_PATIENCE,
    WorkerLoss,
    cancel_patience,
    due_steps,
    patience,
)
from backend.service.recycling import WorkerHistory
from backend.service.worker_process import WorkerProcess
from backend.worker import link

State = Literal["starting", "warming", "ready", "busy", "leaving", "ending", "gone"]

MAY_BECOME: dict[State, frozenset[State]] = {
    "starting": frozenset({"warming", "ready", "leaving", "ending", "gone"}),
    "warming": frozenset({"ready", "leaving", "ending", "gone"}),
    "ready": frozenset({"busy", "leaving", "gone"}),
    "busy": frozenset({"ready", "ending", "gone"}),
    "leaving": frozenset({"ending", "gone"}),
    "ending": frozenset({"gone"}),
    "gone": frozenset(),
}
"""It warms where an engine is loaded before the first job; it leaves when asked, and ends when made to."""


class WorkerLifecycle:
    """One worker. To be forgotten once it is gone."""

    def __init__(
        self, process: WorkerProcess, step_timeout: float, now: float, engine: str = "", build: str = ""
    ) -> None:
        self.state: State = "starting"
        self.process = process
        self.engines: list[str] = []
        self.versions: dict[str, str] = {}
        self.devices: dict[str, str] = {}
        """Of the engines that it has used."""
        self.engine = self.device = ""
        """What the worker uses, and where; empty before its first job."""
        self.history = WorkerHistory(now)
        self.loss = WorkerLoss.CRASHED
        self.ready_at: float | None = None
        self._warm_up_with = engine
        self._build = build
        """Of which it must be; empty: of any."""
        self._foreign = False
        self._step_timeout = step_timeout
        self._since = now
        self._sign_of_life = now
        self._stage = ""
        self._cancel_at: float | None = None
        self._steps_done = 0

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.pid

    @property
    def socket(self) -> zmq.Socket[bytes]:
        """Where it is heard."""
        return self.process.socket

    def exit_code(self) -> int | None:
        """None while it lives."""
        return self.process.exit_code()

    def exit_summary(self) -> str:
        """Why it is gone."""
        if self._foreign:
            return "it is of another build than the backend, whose files were changed or moved"
        return self.process.exit_summary()

    def run(self, order: link.Run, now: float) -> None:
        """Give it a job; it must be ready."""
        self._become("busy", now)
        self._cancel_at = None
        self._stage = ""
        self.process.begin_job(order)

    def cancel(self, job: str, now: float) -> None:
        """Have it leave off its job; if it does not, it is made to end."""
        if self._cancel_at is None:
            self._cancel_at = now
        self.process.say(link.CancelJob(job=job))

    def dismiss(self, now: float) -> None:
        """Have it end by itself; it must have no job."""
        self._become("leaving", now)
        self.process.say(link.Stop())

    def hear(self, now: float) -> list[link.AnyNews]:
        """What it said since the last time."""
        heard = self.process.hear()
        for news in heard:
            self._note(news, now)
        return heard

    def tick(self, now: float) -> bool:
        """Look after it, after `hear`; False once it is gone."""
        self.process.trim_log()
        if self.process.exit_code() is not None:
            self._become("gone", now)
            self.process.close()
            return False
        loss = self._overdue(now)
        if loss is not None:
            self.loss = loss
            self._become("ending", now)
        if self.state == "ending":
            for step in due_steps(now - self._since, self._steps_done):
                self.process.take_step(step)
                self._steps_done += 1
        return True

    def end_within(self, seconds: float) -> None:
        """End it; one that was never ready is not waited for."""
        self.process.end_within(seconds if self.ready_at is not None else 0.0)
        self.process.close()

    def _note(self, news: link.AnyNews, now: float) -> None:
        self._sign_of_life = now
        match news:
            case link.Ready() if self.state == "starting" and self._build not in ("", news.build):
                self._foreign = True
                self._become("ending", now)
            case link.Ready() if self.state == "starting":
                self.ready_at, self.engines, self.history = now, news.engines, WorkerHistory(now)
                self._become("warming" if self._warm_up_with else "ready", now)
                if self._warm_up_with:
                    self.process.say(link.Prepare(engine=self._warm_up_with))
            case link.Prepared() if self.state == "warming":
                self._become("ready", now)
            case link.EngineInUse():
                self.engine, self.device = news.engine, news.device
                self.versions[news.engine] = news.version
                self.devices[news.engine] = news.device
                self.history = self.history.used(news.engine)
            case link.JobCost():
                self.history = self.history.worked(news.memory)
            case link.JobProgress():
                self._stage = news.stage
            case link.JobDone() | link.JobFailed() | link.JobCancelled() if self.state == "busy":
                self._become("ready", now)

    def _overdue(self, now: float) -> WorkerLoss | None:
        waited = now - self._since
        match self.state:
            case "starting":
                return WorkerLoss.HUNG if waited > START_PATIENCE else None
            case "warming":
                return WorkerLoss.HUNG if waited > patience("load", self._step_timeout) else None
            case "leaving":
                return WorkerLoss.HUNG if waited > LEAVE_PATIENCE else None
            case "busy":
                return self._overdue_at_work(now)
        return None

    def _overdue_at_work(self, now: float) -> WorkerLoss | None:
        if self._cancel_at is not None and now - self._cancel_at > cancel_patience(self._step_timeout):
            return WorkerLoss.CANCEL_IGNORED
        silent = now - self._sign_of_life
        return WorkerLoss.HUNG if silent > patience(self._stage, self._step_timeout) else None

    def _become(self, state: State, now: float) -> None:
        assert state in MAY_BECOME[self.state], f"the worker cannot become {state} when {self.state}"
        self.state, self._since, self._sign_of_life = state, now, now
