# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of the backend, and what becomes of it.

`pump` does all the work, a little each time, and never waits; a timer calls it. No threads: what comes over
the socket is read, and strips are made, where Blender allows it. Every job is noted beside its takes until it
is over (`job_files`): its project finds it again, and no other file ever gets its takes.
"""

import time
import uuid
from collections import deque
from fractions import Fraction
from typing import Any, Callable, Deque, Dict, Iterable, List, Optional, Sequence

import bpy

from ..core import waiting
from ..core.batches import Batch, Pace
from ..core.job import REGION, Goal, Job, Unplaced
from ..core.picture import Part, Picture
from ..core.problem import Problem
from ..core.told import Told
from ..core.wishes import Wishes, unknown_words
from ..timeline import compat, inserting
from . import backend_client, job_files, rendering, undo_steps, user_preferences

_NEW = Goal()
ASK_SECONDS, PLACE_SECONDS = 0.004, 0.008
"""What a pump may spend on asking for more, and on placing takes; at least one of each is done."""


class Queue:
    """All that this Blender has asked for, and its connection to the backend."""

    def __init__(self) -> None:
        self.running: Dict[str, Job] = {}
        self.failed: Dict[str, Job] = {}
        """Newest last; each can be tried again."""
        self.unplaced: List[Unplaced] = []
        self.batches: Dict[str, Batch] = {}
        """Those that are not over."""
        self.later: Deque[Callable[[], object]] = deque()
        """What is still to be asked for."""
        self.pace = Pace()
        self.problem = ""
        self.note = ""
        """What the take that was placed last did not understand."""
        self.told = Told()
        self._client: Any = None
        self._file_known = False

    @property
    def backend(self) -> str:
        """The state of the connection."""
        return str(self._client.state) if self._client is not None else "away"

    @property
    def client(self) -> Any:
        """The connection; made with the first use."""
        if self._client is None:
            self._client = backend_client.new_client()
        return self._client

    def connect(self) -> None:
        """Wake the backend, so that it is warm when the cue comes."""
        self.client.connect()

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
            self.problem = self.note = ""
        times = None if hits is None else list(hits)
        job = Job(uuid.uuid4().hex, picture, wishes, goal, times, batch, job_files.project())
        self._begin(job)
        return job.id

    def start_later(self, steps: Iterable[Callable[[], object]]) -> None:
        """Call these one after the other, a few with each pump; what is wrong with one goes to `problem`."""
        self.problem = ""
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
        if job not in self.running:
            return
        if self.running[job].picture.render is not None:
            rendering.stop(self.running[job])
            self._end(self.running[job])
        else:
            self.running[job].stage = "cancelling"
            self.client.cancel(job)

    def cancel_all(self) -> None:
        """Cancel all jobs, and what is still to be asked for."""
        self.later.clear()
        for job in list(self.running):
            self.cancel(job)

    def dismiss(self, path: str) -> None:
        """Take takes off the list of those not placed; the files stay."""
        for take in [take for take in self.unplaced if take.path == path]:
            self.unplaced.remove(take)
            job_files.remove(take.job)

    def drop(self, job: str) -> None:
        """Take a job that failed off the list."""
        if job in self.failed:
            job_files.remove(self.failed.pop(job))

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
        self.unplaced = [take for take in self.unplaced if take.job.project in ("", here)]
        known = {*self.running, *self.failed, *(take.job.id for take in self.unplaced)}
        for job in job_files.of_open_file():
            if job.id not in known:
                self._resume(job)

    def file_saved(self) -> None:
        """The file may have another name now; its jobs go with it."""
        here = job_files.project()
        for job in [*self.running.values(), *self.failed.values(), *(one.job for one in self.unplaced)]:
            if job.project != here and job.same_file:
                self._move(job, here)

    def pump(self) -> None:
        """Take in what the backend says, and place takes that are done."""
        if not self._file_known:
            self.file_opened()
        self._ask_until(time.perf_counter() + ASK_SECONDS)
        if self._client is None:
            return
        events = self._client.pump()
        for event in events:
            self._take_in(event)
        rendered = self._render()
        done = [job for job in self.running.values() if job.takes is not None]
        if done and not compat.busy():
            self._place_some(done, time.perf_counter() + PLACE_SECONDS)
        if events or done or rendered:
            compat.redraw()

    def close(self) -> None:
        """Let go of the connection. What was asked for goes on in the backend, and is found again."""
        self.start_now()
        if self._client is not None:
            self._client.close()
        for job in self.running.values():
            rendering.stop(job)
        self._client, self._file_known, self.problem = None, False, ""
        self.told.forget()
        for kept in (self.running, self.failed, self.unplaced, self.batches):
            kept.clear()

    def is_asked_for(self, part: Part, sounds: Sequence[str] = ()) -> bool:
        """Whether a sound for something of a part of a strip is on its way, or one of these is made anew."""
        jobs = [job for job in self.running.values() if job.goal.kind != REGION]
        return any(job.goal.sound in sounds or job.picture.shows_part(part) for job in jobs)

    def left(self, batch: str) -> int:
        """How many jobs of a batch are not over."""
        return sum(job.batch == batch for job in self.running.values()) + len(self.later)

    def _begin(self, job: Job, ask: Callable[[Any, Job], None] = backend_client.submit) -> None:
        job_files.write(job)
        try:
            if job.picture.render is None:
                ask(self.client, job)
        except Problem:
            job_files.remove(job)
            raise
        self.running[job.id] = job
        if job.batch:
            self.batches.setdefault(job.batch, Batch())

    def _move(self, job: Job, project: str) -> None:
        job_files.remove(job)
        job.project = project
        try:
            job_files.write(job)
        except Problem as problem:
            self.problem = str(problem)

    def _resume(self, job: Job) -> None:
        """The backend is asked for the job by its id; where it knows none, for its takes (`_ask_anew`)."""
        self.connect()
        try:
            self._begin(job, backend_client.follow)
        except Problem as problem:
            self._fail(job, str(problem))

    def _ask_anew(self, job: Job) -> None:
        try:
            backend_client.submit(self.client, job)
        except Problem as problem:
            self._fail(job, str(problem))

    def _leave(self, job: Job) -> None:
        rendering.stop(job)
        self.client.unsubscribe([job.id])
        del self.running[job.id]
        self.batches.pop(job.batch, None)

    def _ask_until(self, deadline: float) -> None:
        while self.later:
            try:
                self.later.popleft()()
            except Problem as problem:
                self.problem = str(problem)
            if time.perf_counter() > deadline:
                break

    def _render(self) -> bool:
        """One copy at a time; whether there was one to see to."""
        waiting = (job for job in self.running.values() if job.picture.render is not None)
        job = next(waiting, None)
        if job is None:
            return False
        try:
            if rendering.step(job):
                job_files.write(job)
                backend_client.submit(self.client, job)
        except Problem as problem:
            self._fail(job, str(problem))
        return True

    def _take_in(self, event: Dict[str, Any]) -> None:
        job = self.running.get(event.get("job", ""))
        self.told.take_in(event, self.running)
        if event["type"] == "state" and event["error"] is not None:
            self.problem = str(Problem(**event["error"]))
        elif job is None:
            return
        elif event["type"] in ("waiting", "progress") and job.stage != "cancelling":
            job.stage, job.progress = event.get("stage") or "waiting", event.get("progress", 0.0)
            job.place = waiting.place(event)
            job.began_at = job.began_at or (time.time() if event.get("stage") else 0.0)
        elif event["type"] == "done":
            job.takes, job.report, job.progress = event["takes"], event.get("report") or "", 1.0
            self._count(job, event)
        elif event["type"] == "failed" and event["error"]["code"] == "job_unknown":
            self._end(job) if job.stage == "cancelling" else self._ask_anew(job)
        elif event["type"] == "failed" and event["error"]["code"] == "job_conflict":
            backend_client.follow(self.client, job)  # Another Blender with this file open sent it first.
        elif event["type"] == "failed":
            self._count(job, event)
            self._fail(job, str(Problem(**event["error"])))
        elif event["type"] == "cancelled":
            self._count(job, event)
            self._end(job)

    def _count(self, job: Job, event: Dict[str, Any]) -> None:
        """The backend says when it began and ended only where it was asked."""
        since, until = event.get("started") or job.began_at, event.get("finished") or time.time()
        if job.batch in self.batches:
            self.batches[job.batch].end(until - since if since else None)
        if since and not all(take.get("cached") for take in job.takes or ()):
            sound = float(job.picture.last - job.picture.first) * len(job.takes or ())
            self.pace.end(job.wishes.engine, until - since, sound)

    def _fail(self, job: Job, sentence: str) -> None:
        self.problem = job.error = sentence
        job.rendering = None
        self._forget(job)
        self.failed[job.id] = job

    def _end(self, job: Job) -> None:
        self._forget(job)
        job_files.remove(job)

    def _forget(self, job: Job) -> None:
        self.running.pop(job.id, None)
        if not self.left(job.batch):
            self.batches.pop(job.batch, None)

    def _place_some(self, done: List[Job], deadline: float) -> None:
        """One job, or several of its batch; all takes of a batch are one undo step."""
        batch, placed = done[0].batch, False
        counted = self.batches.get(batch)
        for job in done if batch else done[:1]:
            if job.batch == batch:
                placed = self._place(job) or placed
            if time.perf_counter() > deadline:
                break
        if placed:
            undo_steps.push(counted)

    def _place(self, job: Job) -> bool:
        self._forget(job)
        try:
            inserting.place(job, user_preferences.current().colour)
        except Problem as problem:
            self.problem = str(problem)
            self.unplaced.append(Unplaced(job, str(problem)))
            return False
        job_files.remove(job)
        self.note = unknown_words(job.takes[0]) if job.takes else ""
        if self.note:
            bpy.ops.foley.tell("INVOKE_DEFAULT", text=self.note)
        return True


queue = Queue()
"""The one list of this Blender."""
