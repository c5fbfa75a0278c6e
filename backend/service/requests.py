"""Where clients' messages are read and answered: every message gets one reply, whatever is in it.

Nothing that a client sends can end the service or make it wait for more than a moment. Only what is longer
than the transport takes gets no answer: it cuts off the client.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from backend import messages
from backend.build import older
from backend.errors import BadRequest, JobConflict, JobUnknown, NotReplaced, ShuttingDown, StateUnusable
from backend.launch import recorded
from backend.messages import PROTOCOL, Fault
from backend.service import abilities
from backend.service.abilities import MAX_CLIENT, MAX_IMPACTS, MAX_LISTED, MAX_SUBSCRIBED
from backend.service.acceptance import Disks, check_disks, check_engine, check_id, check_words
from backend.service.clock import RoundClock
from backend.service.dispatcher import Dispatcher
from backend.service.fields import fields
from backend.service.jobs import Job, JobStore
from backend.service.reading import id_in, mismatch, read
from backend.service.records import as_many_as_fit, without_long_lists
from backend.service.subscriptions import Greeting, Subscriptions
from backend.service.supervisor import Supervisor
from backend.service.waiting import Place
from backend.worker.delivery import writes
from foley_core.cue import MAX_BATCH, MAX_SEED, Cue
from foley_core.errors import DiskFull, FoleyError

_SHOWN = 100
"""Jobs in a `status` or `find`."""
_QUOTED = 100
"""Letters of what a client said."""


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
    disks: Disks = field(default_factory=Disks)
    started: float = field(default_factory=time.monotonic)
    end_now: bool = False
    """Somebody asked that the running job be not waited for."""
    dismissed: bool = False
    """A client asked that the backend end."""

    @property
    def leaving(self) -> Literal["", "drain", "now"]:
        """How the backend is about to end, if it is."""
        return "now" if self.end_now else "drain" if self.dispatcher.draining else ""

    def answer(self, client: bytes, frames: list[bytes]) -> messages.Reply | None:
        """The reply to one message, whatever that is; None where the worker will give it."""
        try:
            request = read(frames, self.subscriptions.greeting(client).minor)
            if not isinstance(request, messages.Question):
                return self._reply(client, request)
            self.dispatcher.questions.ask(client, request, self.disks)
            self._want_worker()
            return None
        except FoleyError as error:
            wrong = error
        except sqlite3.Error as error:
            wrong = _lost(error)
        fault = Fault(code=wrong.code, message=wrong.message, hint=wrong.hint)
        return messages.Error(re=id_in(frames), error=fault)

    def _reply(self, client: bytes, request: messages.AnsweredAtOnce) -> messages.Reply:
        match request:
            case messages.Ping():
                return messages.Pong(re=request.id)
            case messages.Hello():
                return self._welcome(client, request)
            case messages.Capabilities():
                return self._abilities(request.id)
            case messages.Submit():
                return self._accept(client, request)
            case messages.Status() | messages.List() | messages.Find():
                return self._report(client, request)
            case messages.Impacts():
                return self._impacts(request)
        self._obey(client, request)
        return messages.Ok(re=request.id)

    def _obey(
        self,
        client: bytes,
        request: messages.Cancel | messages.Subscribe | messages.Unsubscribe | messages.Shutdown,
    ) -> None:
        match request:
            case messages.Cancel():
                self.dispatcher.cancel(self.jobs.in_brief(request.job), self.clock.now)
            case messages.Subscribe():
                self._subscribe(client, request)
            case messages.Unsubscribe():
                self._unsubscribe(client, request)
            case messages.Shutdown():
                self._check_replaced(request.replaced_by)
                self.dispatcher.draining = self.dismissed = True
                self.end_now = self.end_now or request.mode == "now"

    def _want_worker(self) -> None:
        if not self.dispatcher.draining:
            self.supervisor.want(self.clock.now)

    def _check_replaced(self, successor: str | None) -> None:
        """`NotReplaced` where that is no build which clients would start in our place."""
        found = None if successor is None else recorded()
        if successor is None or (found and found.build == successor and older(self.build, successor)):
            return
        raise NotReplaced(
            f"This backend is {self.build}, and not replaced by {successor[:_QUOTED]!r}.",
            "It goes on. A newer one replaces it, once it is the one that launch.json records.",
        )

    def _welcome(self, client: bytes, hello: messages.Hello) -> messages.Reply:
        if hello.protocol[0] != PROTOCOL[0]:
            raise mismatch(f"The client speaks protocol {hello.protocol[0]}.{hello.protocol[1]}")
        greeting = Greeting(hello.client[:MAX_CLIENT], hello.most_impacts, hello.protocol[1])
        self.subscriptions.greeted(client, greeting)
        self._want_worker()
        return messages.Welcome(
            re=hello.id, protocol=PROTOCOL, build=self.build, instance=self.instance, pid=self.pid
        )

    def _accept(self, client: bytes, submit: messages.Submit) -> messages.Reply:
        check_id(submit.job)
        job = self._job_there(submit) or self._new_job(client, submit)
        if job.finished is None:
            self.subscriptions.follow_job(client, job.id)
            self.dispatcher.queue.film_is(job.id, submit.film_s)
        self._want_worker()
        assert job.cue.seed is not None
        return messages.Accepted(re=submit.id, job=job.id, state=job.state, seed=job.cue.seed)

    def _job_there(self, submit: messages.Submit) -> Job | None:
        """The job of that id, if this very submit came before; `JobConflict` if it was another."""
        try:
            job = self.jobs.find(submit.job)
        except JobUnknown:
            return None
        if (_with_seed(submit.cue, job.cue.seed), submit.deliver) != (job.cue, job.deliver):
            raise JobConflict(
                f"The job {job.id!r} is there already, with another cue or other files.",
                "Give the new one an id of its own.",
            )
        return job

    def _new_job(self, client: bytes, submit: messages.Submit) -> Job:
        if self.dispatcher.draining:
            raise ShuttingDown("The backend is about to end.", "Start it again, and send the cue again.")
        worker = self.supervisor.worker
        check_words(submit)
        check_engine(submit.cue.engine, [] if worker is None else worker.engines, self.disks)
        self.disks.ask(lambda: check_disks(submit))
        cue = _with_seed(submit.cue, secrets.randbelow(MAX_SEED + 1))
        return self.jobs.add(submit.job, cue, submit.deliver, self.subscriptions.greeting(client).name)

    def _subscribe(self, client: bytes, request: messages.Subscribe) -> None:
        if len(request.jobs) > MAX_SUBSCRIBED:
            raise BadRequest(f"{len(request.jobs)} jobs are more than the {MAX_SUBSCRIBED} of a request.")
        if len(request.batch or "") > MAX_BATCH:
            raise BadRequest(f"No batch has a name of more than {MAX_BATCH} letters.")
        jobs = [self.jobs.in_brief(job) for job in request.jobs]
        for job in jobs:
            if job.finished is None:
                self.subscriptions.follow_job(client, job.id)
        if request.batch:
            self.subscriptions.follow_batch(client, request.batch)

    def _unsubscribe(self, client: bytes, request: messages.Unsubscribe) -> None:
        for job in request.jobs:
            self.subscriptions.unfollow_job(client, job)
        if request.batch:
            self.subscriptions.unfollow_batch(client, request.batch)

    def _abilities(self, request: str) -> messages.Reply:
        worker = self.supervisor.worker
        there = [] if worker is None else worker.engines
        return messages.Abilities(
            re=request,
            protocol=PROTOCOL,
            build=self.build,
            engines=abilities.engines(there, worker.versions, worker.devices, self.disks)
            if worker and there
            else None,
            limits=abilities.LIMITS,
            outputs=abilities.OUTPUTS,
            fields=fields(),
        )

    def _impacts(self, request: messages.Impacts) -> messages.Reply:
        job = self.jobs.find(request.job)
        takes = job.outcome.takes
        if not takes:
            hint = "Ask again once it is done." if job.finished is None else "Only what is done has takes."
            raise BadRequest(f"The job is {job.state}, and has no takes.", hint)
        if not 0 <= request.take < len(takes):
            raise BadRequest(f"The job has no take {request.take}.", f"Its last is {len(takes) - 1}, from 0.")
        impacts, first = takes[request.take].get("impacts", []), max(0, request.first)
        asked_for = impacts[first : first + max(0, min(request.limit, MAX_IMPACTS))]
        return messages.ImpactList(
            re=request.id,
            job=request.job,
            take=request.take,
            first=first,
            total=len(impacts),
            impacts=asked_for,
        )

    def _asked_for(
        self, client: bytes, request: messages.Status | messages.List | messages.Find
    ) -> tuple[list[Job], bool]:
        """The jobs, and whether there are more, older ones."""
        match request:
            case messages.List():
                return self._listed(client, request)
            case messages.Find():
                with suppress(JobUnknown):
                    return [self.jobs.find(request.name)], False
                file = request.file
                if file and not Path(file).is_absolute():
                    what = f"{file[:_QUOTED]!r} is no absolute path."
                    raise BadRequest(what, "Give the whole path of the file.")
                found = self.jobs.called(request.name, lambda job: _writes(job, file), _SHOWN + 1)
                return found[:_SHOWN], len(found) > _SHOWN
        if request.job is not None:
            return [self.jobs.find(request.job)], False
        newest = self.jobs.newest(_SHOWN + 1)
        return newest[:_SHOWN], len(newest) > _SHOWN

    def _listed(self, client: bytes, request: messages.List) -> tuple[list[Job], bool]:
        limit = max(0, min(request.limit, MAX_LISTED))
        if request.before is not None:
            self.jobs.in_brief(request.before)
        mine = self.subscriptions.greeting(client).name if request.mine else None
        found = self.jobs.newest(limit + 1, request.batch, request.states, mine, request.before)
        return found[:limit], len(found) > limit

    def _report(
        self, client: bytes, request: messages.Status | messages.List | messages.Find
    ) -> messages.Reply:
        jobs, more = self._asked_for(client, request)
        most_impacts = self.subscriptions.greeting(client).most_impacts
        places = self.dispatcher.places()

        def told(job: Job) -> messages.JobInfo:
            return self._info(job, places.get(job.id), most_impacts)

        shown, cut = as_many_as_fit(map(told, jobs))
        if isinstance(request, messages.Status) and request.job is None:
            running = self.jobs.newest(1, states=("running",))
            shown += [told(job) for job in running if job.id not in {one.id for one in shown}]
        return messages.Report(
            re=request.id,
            broker=messages.BrokerInfo(
                pid=self.pid,
                build=self.build,
                instance=self.instance,
                uptime=round(time.monotonic() - self.started, 3),
                home=self.home,
                leaving=self.leaving,
            ),
            workers=self._workers(),
            jobs=shown,
            more=more or cut,
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

    def _info(self, job: Job, place: Place | None, most_impacts: int | None) -> messages.JobInfo:
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
            takes=without_long_lists(job.outcome.takes, most_impacts),
            preview=job.outcome.preview,
            report=job.outcome.report,
            error=job.outcome.error,
            short=self.jobs.short(job.id),
            deliver=job.deliver,
            client=job.client,
            place=None if place is None else place.before,
            wait_s=None if place is None else place.wait_s,
            reason="" if place is None else place.reason,
        )


def _writes(job: Job, file: str) -> bool:
    return bool(file) and writes(job.deliver, file, job.cue.layers if job.cue.stems else ())


def _lost(error: sqlite3.Error) -> FoleyError:
    if isinstance(error, sqlite3.OperationalError):
        return DiskFull(f"The jobs cannot be written: {error}.", "Free some space and send it again.")
    again = "Run `foley shutdown --now`: the next backend sets it aside and begins a new one."
    return StateUnusable(f"The jobs' database is damaged: {error}.", again)


def _with_seed(cue: Cue, seed: int | None) -> Cue:
    return cue if cue.seed is not None else msgspec.structs.replace(cue, seed=seed)
