"""Brings jobs and worker together: one job at a time, oldest first, and every job to an end.

How a job ends is written to the database before anyone is told. Where the disk does not let that happen the
ending is kept and tried again, and no other job is begun meanwhile.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from backend import messages
from backend.logs import RateLimitedLog
from backend.messages import Cost, Fault, JobState
from backend.service.jobs import Job, JobStore, Outcome
from backend.service.policy import (
    JobFate,
    WorkerLoss,
    fate_of_interrupted,
    job_fate,
    leaves_preview_out,
)
from backend.service.questions import Questions
from backend.service.queue import Queue
from backend.service.subscriptions import Subscriptions
from backend.service.supervisor import Supervisor, WorkerGaveUp, WorkerLost
from backend.service.waiting import Place, WaitReason, Work, wait_reason
from backend.worker import link
from backend.worker.delivery import sweep

_logger = logging.getLogger(__name__)

_NOT_YET_AT_WORK = ("", "start", "load")
"""Stages that say nothing of how long other jobs will take."""


@dataclass
class RunningJob:
    """The job that the worker has, and how far it is."""

    job: Job
    work: Work
    at_work_since: float | None = None
    """By the broker's clock; None until everything is loaded."""
    begun: bool = False
    """The worker has said so."""
    progress: float = 0.0
    stage: str = ""
    cancelling: bool = False
    cost: Cost | None = None
    ending: tuple[JobState, Outcome] | None = None
    """Known, but not yet written."""
    interrupted: bool = False
    """It ends through no fault of the job's."""


class Dispatcher:
    """What happens to jobs between submit and their end."""

    def __init__(
        self,
        jobs: JobStore,
        supervisor: Supervisor,
        subscriptions: Subscriptions,
        files_are_gone: Callable[[], bool] = lambda: False,
    ) -> None:
        self.running: RunningJob | None = None
        self.draining = False
        self.made = 0
        """Jobs that a worker has brought to an end."""
        self.queue = Queue(jobs)
        self.questions = Questions(supervisor, subscriptions)
        self._jobs = jobs
        self._supervisor = supervisor
        self._subscriptions = subscriptions
        self._files_are_gone = files_are_gone
        """Asked where a job fails: it may be because this foley was moved or changed under it."""
        self._rarely = RateLimitedLog(_logger)

    def tick(self, now: float) -> None:
        """Hear the worker, look after it, and give it the next job."""
        for news in self._supervisor.hear(now):
            if isinstance(news, link.Answered):
                self.questions.answered(news)
            elif not isinstance(news, link.Ready | link.Prepared):
                self._note(news, now)
        event = self._supervisor.tick(now)
        self.questions.tick()
        if isinstance(event, WorkerLost):
            self._worker_lost(event)
        try:
            if isinstance(event, WorkerGaveUp):
                self.questions.give_up(event.exit_summary)
                self._fail_all(event.exit_summary)
            self._settle()
            self._begin_next(now)
            self._tell_places(now)
        except sqlite3.Error as error:
            self._rarely.warn("the jobs cannot be written", why=str(error))
            self._supervisor.want(now)  # a job waits, so the worker is not idle

    def cancel(self, job: Job, now: float) -> None:
        """End a job that is queued or running; one that has ended already stays as it is."""
        if job.state == "queued":
            self._end(job, "cancelled", Outcome())
        elif self.running is not None and self.running.job.id == job.id:
            self._jobs.cancel_asked(job.id)
            self.running.cancelling = True
            self._supervisor.cancel(job.id, now)

    def places(self) -> dict[str, Place]:
        """Where each job stands that waits, the next one first."""
        return self.queue.places(self._at_work(), self._reason())

    def put_back(self) -> None:
        """The backend ends now: the running job goes back into the queue, its attempt not counted."""
        if self.running is None:
            return
        sweep(self.running.job.deliver, self.running.job.id)
        if self.running.ending is not None:
            self._settle()
        elif self.running.cancelling:
            self._end(self.running.job, "cancelled", Outcome())
        else:
            self._jobs.requeue(self.running.job.id, interrupted=True)

    def _begin_next(self, now: float) -> None:
        if self.running is not None or self.draining or self._supervisor.state != "ready":
            return
        job = self._jobs.claim()
        if job is not None:
            self.running = RunningJob(job, self.queue.work(job))
            without_preview = leaves_preview_out(job.attempts)
            order = link.Run(job=job.id, cue=job.cue, deliver=job.deliver, without_preview=without_preview)
            self._supervisor.run(order, now)
            self._push_progress(self.running, take=0)

    def _at_work(self) -> tuple[Work, float] | None:
        return None if self.running is None else (self.running.work, self.running.progress)

    def _reason(self) -> WaitReason:
        supervisor = self._supervisor
        return wait_reason(
            supervisor.state,
            None if self.running is None else self.running.stage,
            failing=supervisor.failing,
            clearing=supervisor.clearing,
            ending=self.draining,
        )

    def _tell_places(self, now: float) -> None:
        news = self.queue.news(self._at_work(), self._reason(), now)
        for job, (place, batch) in news.items():
            if self._subscriptions.followed(job, batch):
                waiting = messages.Waiting(
                    job=job, place=place.before, wait_s=place.wait_s, reason=place.reason
                )
                self._subscriptions.push(waiting, batch)
                self.queue.told(job, place)

    def _note(self, news: link.AnyJobNews, now: float) -> None:
        running = self.running
        if running is None or news.job != running.job.id:
            return
        match news:
            case link.JobProgress():
                running.begun, running.progress, running.stage = True, news.progress, news.stage
                if running.at_work_since is None and news.stage not in _NOT_YET_AT_WORK:
                    running.at_work_since = now
                self._push_progress(running, news.take)
            case link.JobCost():
                running.cost = news.cost
            case link.JobDone():
                outcome = Outcome(takes=news.takes, preview=news.preview, report=news.report)
                running.ending = "done", outcome
                if running.at_work_since is not None:
                    self.queue.learn(running.work.kind, news.takes, now - running.at_work_since)
            case link.JobFailed():
                running.ending = self._ending_of_failed(running, news.error)
            case link.JobCancelled():
                running.ending = "cancelled", Outcome()

    def _ending_of_failed(self, running: RunningJob, error: Fault) -> tuple[JobState, Outcome]:
        """It is not the job's fault where this foley's own files are gone: the next backend makes it."""
        if not self._files_are_gone():
            return "failed", Outcome(error=error)
        self.draining = running.interrupted = True
        return "queued", Outcome()

    def _push_progress(self, running: RunningJob, take: int) -> None:
        job = running.job
        try:
            seq = self._jobs.next_seq(job.id)
        except sqlite3.Error:
            return
        push = messages.Progress(
            job=job.id, seq=seq, stage=running.stage, take=take, progress=running.progress
        )
        self._subscriptions.push(push, job.cue.batch)

    def _worker_lost(self, lost: WorkerLost) -> None:
        running = self.running
        if running is None or running.ending is not None:
            return
        sweep(running.job.deliver, running.job.id)
        job = running.job
        running.interrupted = lost.loss is WorkerLoss.CRASHED and not running.begun
        if running.interrupted:
            times = job.interruptions + 1
            verdict = fate_of_interrupted(job.interruptions, running.cancelling)
        else:
            times = job.attempts
            verdict = job_fate(lost.loss, times, running.cancelling, stage=running.stage)
        if verdict is JobFate.AGAIN:
            running.ending = "queued", Outcome()
        elif verdict is JobFate.CANCELLED:
            running.ending = "cancelled", Outcome()
        else:
            running.ending = "failed", Outcome(error=_fault(verdict, times, lost.exit_summary))

    def _fail_all(self, exit_summary: str) -> None:
        error = Fault(
            code="worker_unavailable",
            message=f"The worker does not come up ({exit_summary}).",
            hint="Run `foley doctor`; worker.log in the log folder says more.",
        )
        for job in self._jobs.newest(limit=-1, states=("queued",)):
            self._end(job, "failed", Outcome(error=error))

    def _settle(self) -> None:
        if self.running is None or self.running.ending is None:
            return
        state, outcome = self.running.ending
        if state == "queued":
            self._jobs.requeue(self.running.job.id, interrupted=self.running.interrupted)
        else:
            self._end(self.running.job, state, outcome, self.running.cost)
            self.made += 1
        self.running = None

    def _end(self, job: Job, state: JobState, outcome: Outcome, cost: Cost | None = None) -> None:
        seq = self._jobs.end(job.id, state, outcome, cost)
        self._subscriptions.push(_last_push(job.id, seq, state, outcome), job.cue.batch)
        self._subscriptions.ended(job.id)
        self.queue.ended(job.id)
        about = {"job": job.id, "state": state, "error": outcome.error, "cost": cost}
        _logger.info("job ended", extra={"about": about})


def _last_push(job: str, seq: int, state: JobState, outcome: Outcome) -> messages.Push:
    if state == "done":
        return messages.Done(
            job=job, seq=seq, takes=outcome.takes, preview=outcome.preview, report=outcome.report
        )
    if state == "failed" and outcome.error is not None:
        return messages.Failed(job=job, seq=seq, error=outcome.error)
    return messages.Cancelled(job=job, seq=seq)


def _fault(verdict: JobFate, times: int, exit_summary: str) -> Fault:
    what = "made no progress" if verdict is JobFate.WORKER_HUNG else "died"
    return Fault(
        code=verdict.value,
        message=f"The worker {what} over this job, {times} times ({exit_summary}).",
        hint="worker.log in the log folder says more; another engine may do better.",
    )
