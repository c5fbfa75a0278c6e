# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of the backend, and what becomes of it.

`pump` does all the work, a little each time, and never waits; a timer calls it. No threads: what comes over
the socket is read, and strips are made, where Blender allows it.
"""

import os
import uuid
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

import bpy

from . import compat, placing, sequencer
from .problem import Problem


@dataclass
class Job:
    """A cue that the backend works on."""

    id: str
    picture: sequencer.Picture
    asked: Dict[str, Any]
    stage: str = "waiting"
    progress: float = 0.0
    take: Optional[Dict[str, Any]] = None
    same_file: bool = True
    """False once another file was opened: then only the strip's own uid counts."""


@dataclass(frozen=True)
class Unplaced:
    """A take that could not be put on the timeline. Its file is kept."""

    path: str
    reason: str


class Jobs:
    """All that this Blender has asked for, and its connection to the backend."""

    def __init__(self) -> None:
        self.running: Dict[str, Job] = {}
        self.unplaced: List[Unplaced] = []
        self.problem = ""
        self._client: Any = None

    @property
    def backend(self) -> str:
        """The state of the connection."""
        return str(self._client.state) if self._client is not None else "away"

    def connect(self) -> None:
        """Wake the backend, so that it is warm when the cue comes."""
        if self._client is None:
            self._client = _new_client()
        self._client.connect()

    def start(self, picture: sequencer.Picture, asked: Dict[str, Any]) -> str:
        """Ask for a take; gives the job's id."""
        self.connect()
        self.problem = ""
        cue = {"media": picture.media, "in": picture.first, "out": picture.last}
        cue.update({name: value for name, value in asked.items() if value is not None})
        path = os.path.join(sequencer.folder(), placing.file_name(asked["prompt"], uuid.uuid4().hex))
        job = self._submit(cue, path)
        self.running[job] = Job(job, picture, asked)
        return job

    def _submit(self, cue: Dict[str, Any], path: str) -> str:
        from .foley_client import ClientError

        try:
            return str(self._client.submit(cue, {"takes": [path]}))
        except ClientError as error:
            raise Problem(error.code, error.message, error.hint) from error

    def cancel(self, job: str) -> None:
        """Ask for a job to end; it stays in the list until it has."""
        if job in self.running:
            self.running[job].stage = "cancelling"
            self._client.cancel(job)

    def dismiss(self, path: str) -> None:
        """Take a take off the list of those not placed; the file stays."""
        self.unplaced = [take for take in self.unplaced if take.path != path]

    def file_opened(self) -> None:
        """Another file is open now: only strips that carry the very uid are the ones that were asked for."""
        for job in self.running.values():
            job.same_file = False

    def pump(self) -> None:
        """Take in what the backend says, and place takes that are done."""
        if self._client is None:
            return
        events = self._client.pump()
        for event in events:
            self._take_in(event)
        done = [job for job in self.running.values() if job.take is not None]
        if done and not compat.busy():
            for job in done:
                self._place(job)
        if events or done:
            compat.redraw()

    def close(self) -> None:
        """Let go of the connection. What was asked for goes on in the backend."""
        if self._client is not None:
            self._client.close()
        self._client = None
        self.problem = ""
        self.running.clear()
        self.unplaced.clear()

    def _take_in(self, event: Dict[str, Any]) -> None:
        job = self.running.get(event.get("job", ""))
        if event["type"] == "state" and event["error"] is not None:
            self.problem = str(Problem(**event["error"]))
        elif job is None:
            return
        elif event["type"] == "progress" and job.stage != "cancelling":
            job.stage, job.progress = event["stage"] or "waiting", event["progress"]
        elif event["type"] == "done":
            job.take, job.progress = event["takes"][0], 1.0
        elif event["type"] == "failed":
            self.problem = str(Problem(**event["error"]))
            del self.running[job.id]
        elif event["type"] == "cancelled":
            del self.running[job.id]

    def _place(self, job: Job) -> None:
        assert job.take is not None
        del self.running[job.id]
        try:
            sequencer.insert(job.picture, job.id, job.asked, job.take, job.same_file)
        except Problem as problem:
            self.problem = str(problem)
            self.unplaced.append(Unplaced(job.take["path"], str(problem)))


def _new_client() -> Any:
    try:
        from . import foley_client
    except ImportError as error:
        message = "pyzmq, which Foley needs, cannot be loaded: {}.".format(error)
        raise Problem(
            "no_pyzmq", message, "Restart Blender; if that does not help, reinstall Foley."
        ) from error
    return foley_client.Client("blender {}".format(bpy.app.version_string))


jobs = Jobs()
"""The one list of this Blender."""
