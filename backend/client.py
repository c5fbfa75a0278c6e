"""The one client (`plugins/foley_client.py`), loaded from where it lies, and made to wait for answers.

There is one client for all; it lives in `plugins/` because editors run it without this package. A wheel
carries it to the same place beside `backend`. Editors must never wait; the command line and scripts want to.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import foley_client
else:
    _path = Path(__file__).parent.parent / "plugins" / "foley_client.py"
    _spec = importlib.util.spec_from_file_location("foley_client", _path)
    foley_client = importlib.util.module_from_spec(_spec)
    sys.modules["foley_client"] = foley_client
    _spec.loader.exec_module(foley_client)

ClientError = foley_client.ClientError
Event = foley_client.Event

CLIENT_NAME = "foley command line"

__all__ = ["CLIENT_NAME", "Client", "ClientError", "foley_client"]

_FOREVER = float("inf")


class Client(foley_client.Client):
    """The client for those who can wait. A context manager."""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def request(self, kind: str, fields: dict[str, Any] | None = None, timeout: float = 40.0) -> Event:
        """Ask, and wait for the reply; raises `ClientError`."""
        return self._next("re", self.ask(kind, **(fields or {})), timeout)

    def follow(self, job: str, on_progress: Callable[[Event], None] = lambda push: None) -> Event:
        """Wait for a job's `done`; raises `ClientError` if it fails or is cancelled."""
        while (event := self._next("job", job, _FOREVER))["type"] != "done":
            if event["type"] == "progress":
                on_progress(event)
            elif event["type"] == "cancelled":
                raise ClientError("cancelled", "Cancelled.")
        return event

    def _next(self, key: str, value: str, seconds: float) -> Event:
        """The next event with that value, raised if it is an error; all others are kept for `pump`."""
        until = time.monotonic() + seconds
        kept: list[Event] = []
        wanted: list[Event] = []
        while not wanted and self.state != foley_client.BROKEN and time.monotonic() < until:
            events = self.wait(until - time.monotonic())
            wanted = [event for event in events if event.get(key) == value]
            kept += [event for event in events if event.get(key) != value]
        self._events = kept + wanted[1:] + self._events
        if wanted:
            error = wanted[0].get("error")
        else:
            error = self.error or {
                "code": "backend_unreachable",
                "message": f"No answer in {seconds:g} s.",
                "hint": "Run `foley doctor`.",
            }
        if error:
            raise ClientError(**error)
        return wanted[0]
