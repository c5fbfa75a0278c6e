"""A real backend as a process of its own, and a bare client: one DEALER, frames as they are, nothing hidden.

The client shares no code with those that users have, so that what it hears is what is on the wire.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import zmq

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds to wait for what must come; generous, for it is no measurement."""


class Service:
    """A backend in a state folder of its own. A context manager; whatever still runs at its end is killed."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self._environment = {
            **os.environ,
            "FOLEY_HOME": str(home),
            "FOLEY_TEST_ENGINES": "1",
            **environment,
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *exc: object) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The newest broker."""
        return self.processes[-1]

    def launch(self) -> subprocess.Popen[bytes]:
        """Start a broker, and wait for nothing."""
        command = [sys.executable, "-P", "-m", "backend", "serve"]
        self.processes.append(subprocess.Popen(command, env=self._environment))
        return self.process

    def start(self) -> Service:
        """Start a broker, and wait until it can be reached."""
        self.launch()
        until(lambda: True if self._connection().get("pid") == self.process.pid else None)
        return self

    def client(self, **keys: Any) -> RawClient:
        """A client of the newest broker."""
        return RawClient(self.home, **keys)

    def log(self, name: str = "broker.log") -> str:
        """What was logged."""
        return (self.home / "logs" / name).read_text()

    def _connection(self) -> dict[str, Any]:
        assert self.process.poll() is None, f"the backend ended with {self.process.returncode}"
        try:
            connection: dict[str, Any] = json.loads((self.home / "connection.json").read_text())
        except FileNotFoundError:
            return {}
        return connection


class RawClient:
    """Reaches the backend that `connection.json` names. A context manager."""

    def __init__(self, home: Path, *, keys: dict[str, bytes] | None = None, curve: bool = True) -> None:
        self.connection = json.loads((home / "connection.json").read_text())
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        if curve:
            names = {
                "curve_serverkey": "server_key",
                "curve_publickey": "client_key",
                "curve_secretkey": "client_secret",
            }
            for option, name in names.items():
                setattr(self.socket, option, (keys or {}).get(name, self.connection[name].encode()))
        self.socket.connect(self.connection["endpoint"])
        self.unread: list[dict[str, Any]] = []

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close(0)
        self.context.term()

    def send(self, *frames: bytes) -> None:
        self.socket.send_multipart(frames)

    def receive(self, seconds: float = PATIENCE) -> dict[str, Any] | None:
        """The next message, or None where none comes in time."""
        if not self.socket.poll(int(seconds * 1000)):
            return None
        magic, body = self.socket.recv_multipart()
        assert magic == b"FOLEY1"
        message: dict[str, Any] = json.loads(body)
        return message

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a request and wait for its reply; pushes that come first are kept in `unread`."""
        number = uuid.uuid4().hex
        self.send(b"FOLEY1", json.dumps({"type": kind, "id": number, **fields}).encode())
        return self.answer_to(number)

    def answer_to(self, request: str) -> dict[str, Any]:
        """The reply to the request of that id; pushes that come first are kept in `unread`."""
        return self._await(lambda message: message.get("re") == request)

    def hello(self) -> dict[str, Any]:
        return self.ask("hello", protocol=[1, 1], client="test")

    def submit(self, film: Path, target: Path, *, job: str = "", **cue: Any) -> str:
        """Submit a cue for the faulty engine; gives the job's id."""
        job = job or uuid.uuid4().hex
        reply = self.ask("submit", job=job, cue=cue_of(film, **cue), deliver={"takes": [str(target)]})
        assert reply["type"] == "accepted", reply
        return job

    def refusal(self, film: Path, target: Path, **cue: Any) -> dict[str, Any]:
        """The error with which a cue is refused at once, and of which nothing is kept."""
        job = uuid.uuid4().hex
        reply = self.ask("submit", job=job, cue=cue_of(film, **cue), deliver={"takes": [str(target)]})
        assert reply["type"] == "error", reply
        assert self.ask("status", job=job)["error"]["code"] == "job_unknown"
        return dict(reply["error"])

    def end_of(self, job: str) -> dict[str, Any]:
        """The push with which the job ends."""
        return self.push(job, "done", "failed", "cancelled")

    def push(self, job: str, *kinds: str) -> dict[str, Any]:
        """The next push of this job of one of these kinds."""

        def wanted(message: dict[str, Any]) -> bool:
            return message.get("job") == job and message["type"] in kinds

        for place, message in enumerate(self.unread):
            if wanted(message):
                return self.unread.pop(place)
        return self._await(wanted)

    def told(self, kind: str) -> dict[str, Any]:
        """The next message of this type, one that was heard already too."""
        heard = next((message for message in self.unread if message["type"] == kind), None)
        return heard or self._await(lambda message: message["type"] == kind)

    def status(self, job: str) -> dict[str, Any]:
        """The job as the backend shows it."""
        reply = self.ask("status", job=job)
        assert reply["type"] == "status", reply
        (info,) = reply["jobs"]
        return dict(info)

    def wait_until(self, job: str, *states: str) -> dict[str, Any]:
        """The job's status once it is in one of these states."""
        return until(lambda: info if (info := self.status(job))["state"] in states else None)

    def worker_pid(self) -> int:
        """The worker's process, once it is there."""

        def pid() -> int | None:
            workers = self.ask("status")["workers"]
            return workers[0]["pid"] if workers and workers[0]["state"] in ("ready", "busy") else None

        return until(pid)

    def _await(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            message = self.receive(left)
            if message is None:
                break
            if wanted(message):
                return message
            self.unread.append(message)
        raise AssertionError(f"it did not come; what came: {self.unread[-5:]}")


def cue_of(film: Path, **values: Any) -> dict[str, Any]:
    """A cue of half a second for the faulty engine."""
    return {
        "media": str(film),
        "in": "0",
        "out": "1/2",
        "engine": "faulty",
        "layers": ["hits"],
        "seed": 7,
        **values,
    }


def until(probe: Callable[[], T | None]) -> T:
    """What `probe` gives, once it gives something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (found := probe()) is not None:
            return found
        time.sleep(0.01)
    raise AssertionError("it did not come about in time")
