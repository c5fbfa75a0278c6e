"""The one client (`plugins/foley_client.py`), loaded from where it lies, and made to wait for answers.

There is one client for all; it lives in `plugins/` because editors run it without this package. A wheel
carries it to the same place beside `backend`. Editors must never wait; the command line and scripts want to.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import foley_client
    import foley_launch
else:

    def _loaded(name: str) -> Any:
        path = Path(__file__).parent.parent / "plugins" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(name, path)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    foley_launch = _loaded("foley_launch")
    foley_client = _loaded("foley_client")

ClientError = foley_client.ClientError
Event = foley_client.Event

CLIENT_NAME = "foley command line"

__all__ = ["CLIENT_NAME", "Client", "ClientError", "foley_client", "foley_launch"]

FOREVER = float("inf")
_LATER = "The job is kept, and made as soon as a backend starts again."


class Client(foley_client.Client):
    """The client for those who can wait. A context manager.

    Where the backend that is recorded does not start, it starts that of this installation, and says so.
    """

    def __init__(self, name: str, start: bool = True) -> None:
        super().__init__(name, start)
        self.own = {"command": [sys.executable, "-m", "backend", "serve"]}
        self._kept: list[Event] = []
        self._end_was_told = False

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def request(self, kind: str, fields: dict[str, Any] | None = None, timeout: float = 40.0) -> Event:
        """Ask, and wait for the reply; raises `ClientError`."""
        reply = self._next("re", [self.ask(kind, **(fields or {}))], timeout)
        if error := reply.get("error"):
            raise ClientError(**error)
        return reply

    def follow(
        self,
        job: str,
        on_progress: Callable[[Event], None] = lambda push: None,
        on_waiting: Callable[[Event], None] = lambda push: None,
    ) -> Event:
        """Wait for a job's `done`; raises `ClientError` if it fails or is cancelled."""
        (event,) = self.endings(
            [job], lambda push: on_waiting(push) if push["type"] == "waiting" else on_progress(push)
        )
        if event["type"] == "cancelled":
            raise ClientError("cancelled", "Cancelled.")
        if error := event.get("error"):
            raise ClientError(**error)
        return event

    def endings(self, jobs: Iterable[str], on_news: Callable[[Event], None]) -> Iterator[Event]:
        """The last push of each of these jobs, as they end; `on_news` is told of those before it.

        The jobs were submitted or subscribed by this client. Raises `ClientError` where the backend is lost.
        """
        left = set(jobs)
        while left:
            try:
                event = self._next("job", left, FOREVER)
            except ClientError as error:  # what was not accepted yet would have ended as failed
                raise ClientError(error.code, error.message, f"{error.hint} {_LATER}".strip()) from error
            if event["type"] in ("waiting", "progress"):
                on_news(event)
            elif event["type"] in ("done", "failed", "cancelled"):
                left.remove(event["job"])
                yield event

    def wait(self, seconds: float) -> list[Event]:
        """What was kept meanwhile, or else what happens next."""
        kept, self._kept = self._kept, []
        return kept or super().wait(seconds)

    def _tell(self, event: Event) -> None:
        """Tell the user at once of what is no answer; once that a backend leaves."""
        if event["type"] == "note":
            sys.stderr.write(f"{event['message']}\n")
        elif event["type"] == "leaving" and self.start and not self._end_was_told:
            self._end_was_told = True
            sys.stderr.write("The backend ends; the next one goes on with what it leaves.\n")
        elif event["type"] == "state" and event["state"] == foley_client.READY:
            self._end_was_told = False

    def _next(self, key: str, values: Collection[str], seconds: float) -> Event:
        """The next event with one of these values; all others are kept for `wait`."""
        until = time.monotonic() + seconds
        while True:
            for at, event in enumerate(self._kept):
                if event.get(key) in values:
                    return self._kept.pop(at)
            if self.state == foley_client.BROKEN or time.monotonic() >= until:
                break
            for event in super().wait(until - time.monotonic()):
                self._tell(event)
                self._kept.append(event)
        error = self.error or {
            "code": "backend_unreachable",
            "message": f"No answer in {seconds:g} s.",
            "hint": "Run `foley doctor`.",
        }
        raise ClientError(**error)
