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
from backend.service.auth import Gate
from backend.service.policy import Loss, failures_after, restart_delay
from backend.service.recycling import Care, Limits, Situation
from backend.service.worker_lifecycle import Keeper
from backend.service.worker_process import LOGS, WorkerProcess
from backend.worker import link
from backend.worker.memory import available

_logger = logging.getLogger(__name__)

Post = Literal["filled", "absent", "waiting", "unavailable"]
"""`absent`: nobody wants a worker; `waiting`: one will be started; `unavailable`: it does not come up."""

MAY_BECOME: dict[Post, frozenset[Post]] = {
    "filled": frozenset({"absent", "waiting", "unavailable"}),
    "absent": frozenset({"waiting"}),
    "waiting": frozenset({"filled", "waiting", "unavailable"}),
    "unavailable": frozenset({"waiting"}),
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
    """The worker that has the jobs, or the want of it; its successor, and those that leave."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        gate: Gate,
        step_timeout: float,
        limits: Limits = recycling.DEFAULTS,
    ) -> None:
        self.worker: Keeper | None = None
        self._successor: Keeper | None = None
        self._leaving: list[Keeper] = []
        self._post: Post = "absent"
        self._context = context
        self._gate = gate
        self._step_timeout = step_timeout
        self._limits = limits
        self._failures = 0
        self._start_at = 0.0
        self._wanted_at = 0.0
        self._recruits_failed = 0
        self._recruit_at = 0.0

    @property
    def state(self) -> Post | worker_lifecycle.State:
        """The worker's, or why there is none."""
        return self.worker.state if self.worker is not None else self._post

    def sockets(self) -> list[zmq.Socket[bytes]]:
        """Where there may be something to hear."""
        return [one.socket for one in (self.worker, self._successor) if one is not None]

    def want(self, now: float) -> None:
        """A worker is wanted: start one if there is none and none is about to come."""
        self._wanted_at = now
        if self._post == "unavailable":
            self._failures = 0
        if self._post in ("absent", "unavailable"):
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
        if any(isinstance(news, link.Spent) for news in heard):
            self._failures, self._wanted_at = 0, now
        return heard

    def tick(self, now: float) -> Lost | GaveUp | None:
        """Look after all of them; call a few times a second, after `hear`."""
        self._leaving = [one for one in self._leaving if one.tick(now)]
        self._look_after_successor(now)
        if self._post == "waiting":
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

    def _situation(self, worker: Keeper, now: float) -> Situation:
        tired = recycling.tired(worker.life, now, self._limits)
        successor = self._successor
        return Situation(
            busy=worker.state == "busy",
            idle=now - max(self._wanted_at, worker.life.since),
            loaded=bool(worker.life.engines),
            tired=tired,
            successor="none" if successor is None else "ready" if successor.state == "ready" else "warming",
            may_recruit=now >= self._recruit_at and not self._leaving,
            room=tired is not None and recycling.room_for_two(worker.life.memory.held, available()),
        )

    def _care_for(self, worker: Keeper, now: float) -> None:
        at = self._situation(worker, now)
        todo = recycling.care(at, self._limits)
        if todo is Care.NOTHING:
            return
        about = {
            "worker": worker.pid,
            "why": at.tired.value if at.tired is not None else "idle",
            "cues": worker.life.cues,
            "held_bytes": worker.life.memory.held,
        }
        _logger.info("worker %s", todo.value, extra={"about": about})
        match todo:
            case Care.RECRUIT:
                self._recruit(worker, now)
            case Care.HAND_OVER:
                self._dismiss(worker, now)
                self.worker, self._successor, self._recruits_failed = self._successor, None, 0
            case Care.REPLACE:
                self._dismiss(worker, now)
                self.worker = None
                self._wait_until(now)
            case Care.LET_GO:
                for one in (worker, self._successor):
                    if one is not None:
                        self._dismiss(one, now)
                self.worker = self._successor = None
                self._become("absent")

    def _recruit(self, worker: Keeper, now: float) -> None:
        engine = worker.engine if recycling.room_on_device(worker.life.memory) else ""
        try:
            self._successor = self._start(now, engine)
        except OSError as error:
            self._recruit_failed(str(error), now)

    def _look_after_successor(self, now: float) -> None:
        if self._successor is None:
            return
        self._successor.hear(now)
        if not self._successor.tick(now):
            obituary = self._successor.process.obituary()
            self._successor = None
            self._recruit_failed(obituary, now)

    def _recruit_failed(self, why: str, now: float) -> None:
        self._recruits_failed += 1
        self._recruit_at = now + recycling.recruit_delay(self._recruits_failed)
        _logger.warning("no successor", extra={"about": {"why": why, "failed": self._recruits_failed}})

    def _dismiss(self, one: Keeper, now: float) -> None:
        one.dismiss(now)
        self._leaving.append(one)

    def _fill(self, now: float) -> Lost | GaveUp | None:
        """Start the worker if it is time and those that leave have left: there may be no room for both."""
        if now < self._start_at or self._leaving:
            return None
        try:
            self.worker = self._start(now)
        except OSError as error:
            return self._hold_back(Loss.CRASHED, f"it cannot be started: {error}", None, now)
        self._become("filled")
        return None

    def _start(self, now: float, engine: str = "") -> Keeper:
        taken = self.worker.process.log.name if self.worker is not None else ""
        log = next(name for name in LOGS if name != taken)
        one = Keeper(WorkerProcess(self._context, self._gate, log), self._step_timeout, now, engine)
        _logger.info("worker started", extra={"about": {"worker": one.pid, "log": log}})
        return one

    def _lost(self, worker: Keeper, now: float) -> Lost | GaveUp:
        obituary = worker.process.obituary()
        _logger.warning(
            "worker lost",
            extra={"about": {"worker": worker.pid, "loss": worker.loss.value, "why": obituary}},
        )
        self.worker, self._successor, self._wanted_at = self._successor, None, now
        ready_for = None if worker.ready_at is None else now - worker.ready_at
        if self.worker is None:
            return self._hold_back(worker.loss, obituary, ready_for, now)
        self._failures = failures_after(self._failures, worker.loss, ready_for)
        return Lost(worker.loss, obituary)

    def _hold_back(self, loss: Loss, obituary: str, ready_for: float | None, now: float) -> Lost | GaveUp:
        self._failures = failures_after(self._failures, loss, ready_for)
        delay = restart_delay(self._failures)
        if delay is None:
            self._become("unavailable")
            return GaveUp(obituary)
        self._wait_until(now + delay)
        return Lost(loss, obituary)

    def _wait_until(self, when: float) -> None:
        self._start_at = when
        self._become("waiting")

    def _become(self, post: Post) -> None:
        assert post in MAY_BECOME[self._post], f"the post cannot become {post} when {self._post}"
        self._post = post
