"""A service of the run's own: real broker and worker in a state folder of their own, started by the client.

Nothing of the user's own service is touched. While it is there, this process's environment names its folder.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from backend.cache.cache import Cache
from backend.client import Client, ClientError
from backend.connection import published
from backend.launch import record_launch
from backend.soak.memory import memory_of, memory_of_gpu

NAME = "foley soak"
_PATIENCE = 60.0
"""Seconds that the service may take to come up or to end."""


@dataclass(frozen=True)
class Service:
    """The running service, and a client of it."""

    client: Client

    def processes(self) -> dict[str, int]:
        """The service's processes by what they are; a worker that stands by is the spare."""
        report = self.client.request("status", {})
        found = {"broker": int(report["broker"]["pid"])}
        workers = sorted(report["workers"], key=lambda worker: bool(worker["state"] != "busy"))
        for name, worker in zip(("worker", "spare"), workers, strict=False):
            found[name] = int(worker["pid"])
        return found

    def memory(self) -> dict[str, int]:
        """Bytes of memory that each process has, and what the graphics card has in use."""
        asked = {name: memory_of(pid) for name, pid in self.processes().items()}
        return {name: held for name, held in {**asked, "gpu": memory_of_gpu()}.items() if held is not None}

    def ready(self) -> None:
        """Wait until a worker is there."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            workers = self.client.request("status", {})["workers"]
            if any(worker["state"] in ("ready", "busy") for worker in workers):
                return
            time.sleep(0.1)
        raise ClientError("worker_unavailable", "The worker does not come up.", "Run `foley doctor`.")

    def forget(self) -> None:
        """Throw away what is kept, so that the next cue is watched and made whole."""
        Cache().clear()


@contextmanager
def own_service(folder: Path) -> Iterator[Service]:
    """A service whose files are in `folder`; ended when the context is left."""
    before = os.environ.get("FOLEY_HOME")
    os.environ["FOLEY_HOME"] = str(folder)
    try:
        record_launch()
        with Client(NAME) as client:
            service = Service(client)
            service.ready()
            yield service
    finally:
        _end()
        if before is None:
            del os.environ["FOLEY_HOME"]
        else:
            os.environ["FOLEY_HOME"] = before


def _end() -> None:
    """Have it end, and see that it has; one that does not is killed."""
    running = published()
    if running is None or not psutil.pid_exists(running.pid):
        return
    with suppress(ClientError), Client(NAME, start=False) as client:
        client.request("shutdown", {"mode": "now"})
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(running.pid)
        try:
            process.wait(_PATIENCE)
        except psutil.TimeoutExpired:
            process.kill()


def kill(pid: int) -> None:
    """End a process at once, as the system does when memory runs out."""
    with suppress(OSError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
