"""Faults on demand: into each of many short cues one, at a moment that nobody knows beforehand.

The worker, the broker or the client is killed, or the disk is full. Whatever it was, the job must end with
the very bits of a take that was made in peace. A cue that the full disk ended is asked for again; what a
client that was killed had not sent yet is sent again.

The disk is full for the worker alone: the system lets none of its files grow (`RLIMIT_FSIZE`). That can be
done from outside on Linux only; elsewhere this fault is left out.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from backend.client import Client, ClientError
from backend.messages import ENDED
from backend.soak.plan import Clip, Plan
from backend.soak.service import NAME, Service, kill
from foley_core.cue import Cue, plain

SECONDS = Fraction(3)
"""Of a cue that gets a fault."""
PIECES = 12
"""How many different ones there are, at most."""
KINDS = ("worker", "broker", "client") + (("disk",) if sys.platform == "linux" else ())
ROOM = 4096
"""Bytes that a file may have on the full disk."""
_PATIENCE = 600.0
_LATEST = 1.2
"""The latest moment of a fault, against how long the cue takes in peace."""


@dataclass
class FaultResults:
    """What the faults did."""

    given: Counter[str] = field(default_factory=Counter)
    """How many, by kind."""
    survived: int = 0
    lost: int = 0
    """Jobs that did not end with a take."""
    failures: list[str] = field(default_factory=list)
    """What each of them said, after which fault."""
    different: int = 0
    """Takes with other bits than in peace."""
    seconds: list[float] = field(default_factory=list)
    """How long each cue took, fault and all."""


@dataclass(frozen=True)
class ShortCue:
    """A short cue, its take's bits, and how long it takes."""

    cue: Cue
    bits: str
    seconds: float


class FaultInjector:
    """Brings them in, one after the other."""

    def __init__(
        self, plan: Plan, service: Service, clips: Sequence[Clip], folder: Path, say: Callable[[str], None]
    ) -> None:
        self._plan, self._service, self._folder, self._say = plan, service, folder, say
        self._rng = random.Random(plan.seed)
        self._clips = clips
        self._results = FaultResults()

    def inject(self) -> FaultResults:
        """All that the plan asks for."""
        pieces = [self._in_peace(clip) for clip in self._clips[:PIECES]]
        every = max(1, self._plan.faults // 20)
        for number in range(self._plan.faults):
            self._round(self._rng.choice(pieces), self._rng.choice(KINDS))
            if (number + 1) % every == 0:
                lost, different = self._results.lost, self._results.different
                self._say(f"{number + 1} faults: {lost} lost, {different} different")
        return self._results

    def _in_peace(self, clip: Clip) -> ShortCue:
        latest = max(clip.start, clip.end - SECONDS)
        start = clip.start + (latest - clip.start) * Fraction(self._rng.randrange(1000), 1000)
        cue = Cue(
            media=str(clip.footage.path),
            prompt=self._plan.prompt,
            in_point=start,
            out_point=min(start + SECONDS, clip.end),
            seed=self._plan.seed,
            engine=self._plan.engine,
        )
        target, begun = self._target(), time.monotonic()
        job = _Job(cue, target)
        self._service.forget()
        self._service.client.follow(job.submit(self._service.client))
        return ShortCue(cue, self._taken(target), time.monotonic() - begun)

    def _round(self, piece: ShortCue, kind: str) -> None:
        self._service.forget()
        self._results.given[kind] += 1
        job, begun = _Job(piece.cue, self._target()), time.monotonic()
        moment = self._rng.uniform(0, _LATEST) * piece.seconds
        try:
            if kind == "client":
                self._kill_client(job, moment)
            else:
                job.submit(self._service.client)
                self._service.client.wait(0.0)
                time.sleep(moment)
                {"worker": self._kill_worker, "broker": self._kill_broker, "disk": self._fill_disk}[kind](job)
            ended = self._outcome(job)
            if ended["state"] != "done" and kind == "disk" and ended["error"]["code"] == "disk_full":
                job = _Job(piece.cue, job.target)
                job.submit(self._service.client)
                ended = self._outcome(job)
            done = ended["state"] == "done" and job.target.exists()
            said = str(ended["error"])
        except ClientError as error:
            done, said = False, str(error)
        if not done:
            self._results.failures.append(f"{kind}: {said}")
        self._results.seconds.append(time.monotonic() - begun)
        self._results.lost += not done
        bits = self._taken(job.target)
        self._results.different += done and bits != piece.bits
        self._results.survived += done and bits == piece.bits

    def _kill_worker(self, job: _Job) -> None:
        for name, pid in self._service.processes().items():
            if name != "broker":
                kill(pid)

    def _kill_broker(self, job: _Job) -> None:
        kill(self._service.processes()["broker"])

    def _kill_client(self, job: _Job, moment: float) -> None:
        """A client of its own sends the job, and is killed before long."""
        command = [sys.executable, "-m", "backend.soak.faults"]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as client:
            assert client.stdin is not None
            client.stdin.write(msgspec.json.encode(job.fields()))
            client.stdin.close()
            time.sleep(moment)
            client.kill()
        if not self._known(job):
            job.submit(self._service.client)

    def _known(self, job: _Job) -> bool:
        try:
            self._service.client.request("status", {"job": job.id})
        except ClientError as error:
            if error.code != "job_unknown":
                raise
            return False
        return True

    def _fill_disk(self, job: _Job) -> None:
        """Until the job has ended; only where that can be done to another process."""
        if sys.platform == "linux":
            pids = [pid for name, pid in self._service.processes().items() if name != "broker"]
            before = {pid: _limit(pid, None) for pid in pids}
            for pid in pids:
                _limit(pid, (ROOM, before[pid][1]))
            self._outcome(job)
            for pid in pids:
                _limit(pid, before[pid])

    def _outcome(self, job: _Job) -> dict[str, Any]:
        """The job once it has ended."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            (info,) = self._service.client.request("status", {"job": job.id})["jobs"]
            if info["state"] in ENDED:
                return dict(info)
            self._service.client.wait(0.05)  # and let go of what it has heard
        raise ClientError("worker_hung", f"The job {job.id} did not end in {_PATIENCE:g} s.")

    def _target(self) -> Path:
        folder = self._folder / uuid.uuid4().hex
        folder.mkdir()
        return folder / "take.wav"

    def _taken(self, target: Path) -> str:
        """The take's bits; its folder goes."""
        bits = hashlib.sha256(target.read_bytes()).hexdigest() if target.exists() else ""
        shutil.rmtree(target.parent)
        return bits


class _Job:
    """A job that is not yet sent."""

    def __init__(self, cue: Cue, target: Path) -> None:
        self.id, self.target, self._cue = uuid.uuid4().hex, target, plain(cue)

    def fields(self) -> dict[str, Any]:
        """What the client needs to send it."""
        return {"cue": self._cue, "deliver": {"takes": [str(self.target)]}, "job": self.id}

    def submit(self, client: Client) -> str:
        """Send it."""
        return client.submit(**self.fields())


def _limit(pid: int, limit: tuple[int, int] | None) -> tuple[int, int]:
    """Set how large that process's files may grow; gives what it was."""
    if sys.platform == "linux":
        import resource

        try:
            if limit is None:
                return resource.prlimit(pid, resource.RLIMIT_FSIZE)
            return resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
        except ProcessLookupError:
            pass
    return (-1, -1)


def _send() -> None:
    """The client that is killed: sends the job that it is given on its standard input, and follows it."""
    fields = msgspec.json.decode(sys.stdin.buffer.read())
    with Client(NAME) as client:
        client.follow(client.submit(**fields))


if __name__ == "__main__":
    _send()
