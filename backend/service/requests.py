"""Where clients' messages are read and answered: every message gets one reply, whatever is in it.

Nothing that a client sends can end the service or make it wait. Only messages that are too long get no
answer; the transport cuts off a client whose message is longer still.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from backend import messages
from backend.errors import BadRequest, JobUnknown, ProtocolMismatch, ShuttingDown, StateUnusable
from backend.messages import MAGIC, MAX_MESSAGE, PROTOCOL, Fault
from backend.service.clock import RoundClock
from backend.service.dispatcher import Dispatcher
from backend.service.jobs import Job, JobStore
from backend.service.subscriptions import Subscriptions
from backend.service.supervisor import Supervisor
from backend.service.waiting import Place
from backend.worker.delivery import check_names, writes
from foley_core.cue import MAX_SEED, check
from foley_core.errors import CueError, DiskFull, FoleyError

MAX_LISTED = 1_000
MAX_SUBSCRIBED = 1_000
_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


@dataclass
class RequestHandler:
    """Answers requests."""

    jobs: JobStore
    dispatcher: Dispatcher
    supervisor: Supervisor
    subscriptions: Subscriptions
    build: str
    instance: str
    pid: int
    home: str
    clock: RoundClock = field(default_factory=RoundClock)
    """By which the worker is watched."""
    started: float = field(default_factory=time.monotonic)
    end_now: bool = False
    """Somebody asked that the running job be not waited for."""

    def answer(self, client: bytes, frames: list[bytes]) -> messages.Reply | None:
        """The reply to one message; None where it is too long for one."""
        body = frames[1] if len(frames) > 1 else b""
        if sum(map(len, frames)) > MAX_MESSAGE:
            return None
        try:
            return self._reply(client, _read(frames))
        except FoleyError as error:
            return _error(body, Fault(code=error.code, message=error.message, hint=error.hint))
        except sqlite3.Error as error:
            lost = _lost(error)
            return _error(body, Fault(code=lost.code, message=lost.message, hint=lost.hint))

    def _reply(self, client: bytes, request: messages.AnyRequest) -> messages.Reply:
        match request:
            case messages.Ping():
                return messages.Pong(re=request.id)
            case messages.Hello():
                return self._welcome(request)
            case messages.Submit():
                return self._accept(client, request)
            case messages.Cancel():
                self.dispatcher.cancel(self.jobs.find(request.job), self.clock.now)
                return messages.Ok(re=request.id)
            case messages.Status() | messages.List() | messages.Find():
                return self._report(request.id, self._asked_for(request))
            case messages.Subscribe():
                self._subscribe(client, request)
                return messages.Ok(re=request.id)
            case messages.Shutdown():
                self.dispatcher.draining = True
                self.end_now = self.end_now or request.mode == "now"
                return messages.Ok(re=request.id)

    def _welcome(self, hello: messages.Hello) -> messages.Reply:
        if hello.protocol[0] != PROTOCOL[0]:
            raise _mismatch(f"The client speaks protocol {hello.protocol[0]}.{hello.protocol[1]}")
        if not self.dispatcher.draining:
            self.supervisor.want(self.clock.now)
        return messages.Welcome(
            re=hello.id, protocol=PROTOCOL, build=self.build, instance=self.instance, pid=self.pid
        )

    def _accept(self, client: bytes, submit: messages.Submit) -> messages.Reply:
        if self.dispatcher.draining:
            raise ShuttingDown("The backend is about to end.", "Start it again, and send the cue again.")
        if not _JOB_ID.fullmatch(submit.job):
            raise BadRequest(
                f"{submit.job[:80]!r} cannot be a job's id.", "Use 1 to 64 letters, digits, '-' and '_'."
            )
        cue = submit.cue
        check(cue)
        if not Path(cue.media).is_absolute():
            raise CueError(f"{cue.media[:100]!r} is no absolute path.", "Give the whole path of the film.")
        check_names(submit.deliver, cue.takes)
        if cue.seed is None:
            cue = msgspec.structs.replace(cue, seed=secrets.randbelow(MAX_SEED + 1))
        job = self.jobs.add(submit.job, cue, submit.deliver)
        if job.finished is None:
            self.subscriptions.follow_job(client, job.id)
            self.dispatcher.queue.film_is(job.id, submit.film_s)
        self.supervisor.want(self.clock.now)
        assert job.cue.seed is not None
        return messages.Accepted(re=submit.id, job=job.id, state=job.state, seed=job.cue.seed)

    def _subscribe(self, client: bytes, request: messages.Subscribe) -> None:
        if len(request.jobs) > MAX_SUBSCRIBED or len(request.batch or "") > MAX_SUBSCRIBED:
            raise BadRequest(f"More than {MAX_SUBSCRIBED} jobs at once, or so long a batch, is too much.")
        jobs = [self.jobs.find(job) for job in request.jobs]
        for job in jobs:
            if job.finished is None:
                self.subscriptions.follow_job(client, job.id)
        if request.batch:
            self.subscriptions.follow_batch(client, request.batch)

    def _asked_for(self, request: messages.Status | messages.List | messages.Find) -> list[Job]:
        match request:
            case messages.List():
                limit = max(0, min(request.limit, MAX_LISTED))
                return self.jobs.newest(limit, request.batch, request.states)
            case messages.Find():
                with suppress(JobUnknown):
                    return [self.jobs.find(request.name)]
                file = request.file
                return self.jobs.called(request.name, lambda deliver: bool(file) and writes(deliver, file))
        if request.job is not None:
            return [self.jobs.find(request.job)]
        newest = self.jobs.newest()
        running = self.jobs.newest(1, states=("running",))
        return newest + [job for job in running if job.id not in {one.id for one in newest}]

    def _report(self, request: str, jobs: list[Job]) -> messages.Reply:
        places = self.dispatcher.places()
        return messages.Report(
            re=request,
            broker=messages.BrokerInfo(
                pid=self.pid,
                build=self.build,
                instance=self.instance,
                uptime=round(time.monotonic() - self.started, 3),
                home=self.home,
            ),
            workers=self._workers(),
            jobs=[self._info(job, places.get(job.id)) for job in jobs],
        )

    def _workers(self) -> list[messages.WorkerInfo]:
        worker = self.supervisor.worker
        if worker is None:
            return []
        return [
            messages.WorkerInfo(
                pid=worker.pid,
                engine=worker.engine,
                device=worker.device,
                engines=worker.engines,
                state=worker.state,
                cues=worker.history.cues,
                memory=worker.history.memory.held,
            )
        ]

    def _info(self, job: Job, place: Place | None) -> messages.JobInfo:
        running = self.dispatcher.running
        ours = running if running is not None and running.job.id == job.id else None
        assert job.cue.seed is not None
        return messages.JobInfo(
            id=job.id,
            state=job.state,
            progress=1.0 if job.state == "done" else ours.progress if ours else 0.0,
            stage=ours.stage if ours else "",
            seq=job.seq,
            attempts=job.attempts,
            created=job.created,
            started=job.started,
            finished=job.finished,
            batch=job.cue.batch,
            prompt=job.cue.prompt,
            media=job.cue.media,
            seed=job.cue.seed,
            cost=job.cost,
            takes=job.outcome.takes,
            preview=job.outcome.preview,
            report=job.outcome.report,
            error=job.outcome.error,
            short=self.jobs.short(job.id),
            deliver=job.deliver,
            place=None if place is None else place.before,
            wait_s=None if place is None else place.wait_s,
            reason="" if place is None else place.reason,
        )


def _read(frames: list[bytes]) -> messages.AnyRequest:
    if not frames or frames[0] != MAGIC:
        raise _mismatch("The message does not begin as one of ours does")
    if len(frames) != 2:
        raise BadRequest(f"A message has 2 frames, this one has {len(frames)}.", "See docs/protocol.md.")
    try:
        return messages.read_request(frames[1])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadRequest(
            f"The message cannot be read: {str(error)[:300]}.", "See docs/protocol.md."
        ) from error


def _lost(error: sqlite3.Error) -> FoleyError:
    if isinstance(error, sqlite3.OperationalError):
        return DiskFull(f"The jobs cannot be written: {error}.", "Free some space and send it again.")
    again = "Run `foley shutdown --now`: the next backend sets it aside and begins a new one."
    return StateUnusable(f"The jobs' database is damaged: {error}.", again)


def _mismatch(what: str) -> ProtocolMismatch:
    spoken = f"{MAGIC.decode()}, protocol {PROTOCOL[0]}.{PROTOCOL[1]}"
    return ProtocolMismatch(f"{what}; this backend speaks {spoken}.", "Update the older of the two.")


class _Identified(msgspec.Struct):
    id: str = ""


def _error(body: bytes, fault: Fault) -> messages.Error:
    """The reply that says what is wrong, to the request whose id can still be read."""
    try:
        request = msgspec.json.decode(body, type=_Identified).id
    except (msgspec.MsgspecError, ValueError, RecursionError):
        request = ""
    return messages.Error(re=request, error=fault)
