# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of the backend, and what becomes of it.

`pump` does all the work, a little each time, and never waits; a timer calls it. No threads: what comes over
the socket is read, and strips are made, where Blender allows it. Every job is noted beside its takes until it
is over (`job_files`): its project finds it again, and no other file ever gets its takes.
"""

import time
import uuid
from collections import deque
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from typing import Any, Callable, Deque, Dict, Iterable, Iterator, List, Optional, Sequence

from ..core.batches import Batches
from ..core.custom_properties import UID
from ..core.job import REGION, Goal, Job, Unplaced
from ..core.picture import Part, Picture
from ..core.problem import Problem
from ..core.slices import some
from ..core.wishes import Wishes
from ..timeline import compat, inserting
from . import backend_client, job_files, moving, rendering, undo_steps, user_preferences
from .connection import Connection
from .held import PAUSED, PAUSING, Held
from .leftovers import Leftovers

_NEW = Goal()
ASK_SECONDS, TAKE_IN_SECONDS, PLACE_SECONDS = 0.004, 0.004, 0.008
"""What a pump may spend on asking for more, on what is told, and on placing takes; one of each it does."""


class Queue(Connection, Leftovers):
    """All that this Blender has asked for, on its connection to the backend."""

    def __init__(self) -> None:
        super().__init__()
        self.running: Dict[str, Job] = {}
        self.held = Held()
        """Those that wait while the queue is paused."""
        self.batches = Batches()
        """Those that are not over."""
        self.later: Deque[Callable[[], object]] = deque()
        """What is still to be asked for."""
        self._events: Deque[Dict[str, Any]] = deque()
        """What the backend has said, and was not taken in yet."""
        self._chores: Deque[Callable[[], object]] = deque()
        """What is still to be done about jobs that are not wanted any more."""
        self._file_known = False

    def pause(self) -> None:
        """Begin no more jobs, nor those asked for from now on; what is being made ends."""
        self.held.paused = True
        for job in list(self.running.values()):
            if job.picture.render is not None:
                rendering.stop(job)
                self._hold(job)
            elif job.waits:
                job.stage = PAUSING
                self.client.cancel(job.id)

    def resume(self) -> None:
        """Go on; what waits is asked for with the next pumps."""
        self.held.paused = False

    def start(
        self,
        picture: Picture,
        wishes: Wishes,
        goal: Goal = _NEW,
        hits: Optional[Sequence[Fraction]] = None,
        batch: str = "",
    ) -> str:
        """Ask for takes; gives the job's id."""
        self.connect()
        if not batch:
            self.news.begin()
        times = None if hits is None else list(hits)
        job = Job(uuid.uuid4().hex, picture, wishes, goal, times, batch, job_files.project())
        self._begin(job)
        return job.id

    def start_later(self, steps: Iterable[Callable[[], object]]) -> None:
        """Call these one after the other, a few with each pump; what is wrong with one is reported."""
        self.news.begin()
        self.later.extend(steps)

    def start_now(self) -> None:
        """Call at once what was left for later: the file is about to be closed."""
        self._ask_until(float("inf"))

    def retry(self, job: str) -> None:
        """Ask once more for one that failed; it stays in the list if even that cannot be done."""
        failed = self.failed.get(job)
        if failed is not None:
            self.start(failed.picture, failed.wishes, failed.goal, failed.hits, failed.batch)
            self.drop(job)

    def cancel(self, job: str) -> None:
        """Ask for a job to end; it stays in the list until it has."""
        if job in self.held.jobs:
            self._end(self.held.jobs[job])
        elif job not in self.running:
            return
        elif self.running[job].picture.render is not None:
            rendering.stop(self.running[job])
            self._end(self.running[job])
        else:
            self.running[job].stage = "cancelling"
            self.client.cancel(job)

    def cancel_all(self) -> None:
        """Cancel all jobs, and what is still to be asked for."""
        self.batches.give_up(self.later)
        self._chores.extend(partial(self.cancel, job) for job in [*self.held.jobs, *self.running])
        self.held.paused = False
        self._ask_until(time.perf_counter() + ASK_SECONDS)

    def file_opened(self) -> None:
        """Another file is open now: leave other projects their jobs, and take up those of this one."""
        self._file_known = True
        here = job_files.project()
        for job in list(self.running.values()):
            if job.project and job.project != here:
                self._leave(job)
            elif not job.project:
                job.same_file = False
        self.failed = {job.id: job for job in self.failed.values() if job.project in ("", here)}
        for job in self.held.leave_others(here):
            self.batches.pop(job.batch, None)
        self.unplaced = [take for take in self.unplaced if take.job.project in ("", here)]
        known = {*self.running, *self.held.jobs, *self.failed, *(take.job.id for take in self.unplaced)}
        for job in job_files.of_open_file():
            if job.id not in known:
                self._resume(job)

    def bring(self, job: Job) -> None:
        """Bring takes that were placed beside the project, if they came before it was saved."""
        try:
            moving.after_placing(job)
        except Problem as problem:
            self.news.report(problem)

    def of_this_file(self) -> List[Job]:
        """The jobs that go with the open file, under whichever name it is saved."""
        listed = [*self.running.values(), *self.held.jobs.values(), *self.failed.values()]
        return [job for job in [*listed, *(one.job for one in self.unplaced)] if job.same_file]

    def pump(self) -> None:
        """Take in what the backend says, and place takes that are done."""
        if not self._file_known:
            self.file_opened()
        self._ask_until(time.perf_counter() + ASK_SECONDS)
        if self._client is None:
            return
        self._events.extend(self._client.pump())
        events = some(self._events, self._take_in, TAKE_IN_SECONDS)
        rendered = self._render()
        done = [job for job in self.running.values() if job.takes is not None]
        if done and not compat.busy():
            self._place_some(done, time.perf_counter() + PLACE_SECONDS)
        if events or done or rendered:
            compat.redraw()

    def close(self) -> None:
        """Let go of the connection. What was asked for goes on in the backend, and is found again."""
        self.start_now()
        self.hang_up()
        for job in self.running.values():
            rendering.stop(job)
        self.held, self._file_known = Held(), False
        for kept in (self._events, self._chores, self.running, self.failed, self.unplaced, self.batches):
            kept.clear()

    def is_asked_for(self, part: Part, sounds: Sequence[Any] = ()) -> bool:
        """Whether a sound for a part of a strip is on its way, or one of these Foley strips is made anew."""
        asked = [*self.running.values(), *self.held.jobs.values()]
        jobs = [job for job in asked if job.goal.kind != REGION]
        named = [(sound[UID], sound.name) for sound in sounds]
        return any(job.picture.shows_part(part) or any(map(job.goal.means, named)) for job in jobs)

    def left(self, batch: str) -> int:
        """How many jobs of a batch are not over."""
        running = sum(job.batch == batch for job in self.running.values())
        return running + len(self.held.of_batch(batch)) + len(self.later)

    def _begin(self, job: Job, ask: Callable[[Any, Job], None] = backend_client.submit) -> None:
        if self.held.paused and ask is backend_client.submit:
            self._hold(job)
            return
        job_files.write(job)
        try:
            if job.picture.render is None:
                ask(self.client, job)
        except Problem:
            job_files.remove(job)
            raise
        self.running[job.id] = job
        self.batches.begin(job)

    def _hold(self, job: Job) -> None:
        self.held.keep(job)
        self.running.pop(job.id, None)
        self.batches.begin(job)

    def _resume(self, job: Job) -> None:
        """The backend is asked for the job by its id; where it knows none, for its takes (`_ask_anew`)."""
        if job.stage == PAUSED:
            self.held.take_up(job)
            self.batches.begin(job)
            return
        with self._failing(job):
            self.connect()
            self._begin(job, backend_client.follow)

    def _ask_anew(self, job: Job) -> None:
        with self._failing(job):
            backend_client.submit(self.client, job)

    def _leave(self, job: Job) -> None:
        rendering.stop(job)
        self.client.unsubscribe([job.id])
        del self.running[job.id]
        self.batches.pop(job.batch, None)

    def _ask_until(self, deadline: float) -> None:
        while self._chores or self.later or self.held.may_go_on:
            steps = self._chores or self.later
            try:
                steps.popleft()() if steps else self._take_up_next()
            except Problem as problem:
                self.news.report(problem)
            if time.perf_counter() > deadline:
                break
        self._tell_what_is_over()

    def _take_up_next(self) -> None:
        job = self.held.next()
        with self._failing(job):
            self._begin(job)

    def _render(self) -> bool:
        """One copy at a time; whether there was one to see to."""
        waiting = (job for job in self.running.values() if job.picture.render is not None)
        job = next(waiting, None)
        if job is None:
            return False
        with self._failing(job):
            if rendering.step(job):
                job_files.write(job)
                backend_client.submit(self.client, job)
        return True

    def _take_in(self, event: Dict[str, Any]) -> None:
        job = self.running.get(event.get("job", ""))
        self.told.take_in(event, self.running)
        if event["type"] == "state" and event["error"] is not None:
            self.news.report(Problem(**event["error"]))
        elif job is None:
            return
        elif event["type"] in ("waiting", "progress") and job.stage not in ("cancelling", PAUSING):
            job.go_on(event)
        elif event["type"] == "done":
            job.takes, job.report, job.progress = event["takes"], event.get("report") or "", 1.0
            self.batches.end(job, event)
        elif event["type"] == "failed" and event["error"]["code"] == "job_unknown":
            self._cancelled(job) if job.stage in ("cancelling", PAUSING) else self._ask_anew(job)
        elif event["type"] == "failed" and event["error"]["code"] == "job_conflict":
            backend_client.follow(self.client, job)  # Another Blender with this file open sent it first.
        elif event["type"] == "failed":
            self.batches.end(job, event)
            self._fail(job, Problem(**event["error"]))
        elif event["type"] == "cancelled":
            self._cancelled(job, event)

    def _cancelled(self, job: Job, event: Optional[Dict[str, Any]] = None) -> None:
        """A job has ended as the user wanted; one that was given back waits, if only for the next pump."""
        if job.stage != PAUSING:
            self.batches.end(job, event or {})
            self._end(job)
            return
        with self._failing(job):
            self._hold(job)

    @contextmanager
    def _failing(self, job: Job) -> Iterator[None]:
        """What is wrong within ends the job."""
        try:
            yield
        except Problem as problem:
            self._fail(job, problem)

    def _fail(self, job: Job, problem: Problem) -> None:
        job.error, job.rendering = problem, None
        self.news.failed(job, problem, self.batches.get(job.batch))
        self._forget(job)
        self.failed[job.id] = job

    def _end(self, job: Job) -> None:
        self.batches.cancel(job)
        self._forget(job)
        job_files.remove(job)

    def _forget(self, job: Job) -> None:
        self.running.pop(job.id, None)
        self.held.jobs.pop(job.id, None)
        self._tell_what_is_over()

    def _tell_what_is_over(self) -> None:
        for batch in self.batches.over(self.left):
            self.news.over(batch)

    def _place_some(self, done: List[Job], deadline: float) -> None:
        """One job, or several of its batch; all takes of a batch are one undo step."""
        batch, counted, placed = done[0].batch, self.batches.get(done[0].batch), False
        for job in done if batch else done[:1]:
            if job.batch == batch:
                placed = self._place(job) or placed
            if time.perf_counter() > deadline:
                break
        if placed:
            undo_steps.push(counted)

    def _place(self, job: Job) -> bool:
        del self.running[job.id]  # It is tried once, whatever comes of it.
        batch = self.batches.get(job.batch)
        if job.waits_to_be_heard:
            self.unplaced.append(Unplaced(job))
            self.news.waits(job, batch)
            self._forget(job)
            return False
        try:
            channels = inserting.place(job, user_preferences.current().colour)
        except Problem as problem:
            self.unplaced.append(Unplaced(job, problem))
            self.news.failed(job, problem, batch)
            return False
        else:
            self.bring(job)
            job_files.remove(job)
            self.news.placed(job, job.seconds, batch, channels)
            return True
        finally:
            self._forget(job)


queue = Queue()
"""The one list of this Blender."""
