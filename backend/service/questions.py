"""Questions that the worker answers: kept until it has, and asked again of the next one where it is lost.

Guarantees that each gets one reply, an error where no worker can give it. Nothing here waits: a question is
put as soon as there is a worker, also to one that has a job. What is asked does not outlive the backend.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from backend import messages
from backend.errors import BadRequest, WorkerCrashed, WorkerUnavailable
from backend.messages import Deliver, Explain, Fault, Hear, Question
from backend.service.acceptance import Disks
from backend.service.subscriptions import Subscriptions
from backend.service.supervisor import Supervisor
from backend.service.worker_lifecycle import WorkerLifecycle
from backend.worker import link
from backend.worker.delivery import check_names, check_place
from foley_core.cue import Cue, check
from foley_core.errors import CueError, FoleyError

MOST = 1_000
"""Questions that wait for their answers."""
SHORTEST, LONGEST = 0.5, 30
"""Seconds of an audition: a job waits while it is made."""
_TRIES = 2
"""Workers that a question may be put to."""


@dataclass
class _Open:
    client: bytes
    request: Question
    asked: WorkerLifecycle | None = None
    tries: int = 0


class Questions:
    """Those that wait for the worker's answer."""

    def __init__(self, supervisor: Supervisor, subscriptions: Subscriptions) -> None:
        self._supervisor, self._subscriptions = supervisor, subscriptions
        self._open: dict[int, _Open] = {}
        self._numbers = count(1)

    def ask(self, client: bytes, request: Question, disks: Disks) -> None:
        """Have it answered; a `FoleyError` where it makes no sense."""
        if len(self._open) >= MOST:
            raise BadRequest(f"{MOST} questions wait for their answers.", "Wait for some of them.")
        check_question(request, disks)
        self._open[next(self._numbers)] = _Open(client, request)

    def tick(self) -> None:
        """Put what was not put to this worker yet; call after it was heard."""
        worker = self._supervisor.worker
        if worker is None or worker.state not in ("ready", "busy"):
            return
        for number, one in tuple(self._open.items()):
            if one.asked is worker:
                continue
            if one.tries == _TRIES:
                self._refuse(number, WorkerCrashed("The worker died over this request.", "Ask for another."))
                continue
            one.asked, one.tries = worker, one.tries + 1
            worker.process.say(link.Ask(number=number, request=one.request))

    def answered(self, news: link.Answered) -> None:
        """Hand on what the worker said."""
        if one := self._open.pop(news.number, None):
            self._subscriptions.send(one.client, messages.write(news.reply))

    def give_up(self, exit_summary: str) -> None:
        """No worker comes up."""
        hint = "Run `foley doctor`; worker.log in the log folder says more."
        for number in tuple(self._open):
            self._refuse(number, WorkerUnavailable(f"The worker does not come up ({exit_summary}).", hint))

    def _refuse(self, number: int, error: FoleyError) -> None:
        one = self._open.pop(number)
        fault = Fault(code=error.code, message=error.message, hint=error.hint)
        self._subscriptions.send(one.client, messages.write(messages.Error(re=one.request.id, error=fault)))


def check_question(request: Question, disks: Disks) -> None:
    """Raise where a question makes no sense, or its file cannot be put where it should."""
    match request:
        case Explain():
            check(Cue(media="none", prompt=request.prompt, negative=request.negative))
        case Hear():
            check(Cue(media="none", prompt=request.prompt, seed=request.seed))
            if not SHORTEST <= request.seconds <= LONGEST:
                what = f"{float(request.seconds):g} s is no length for an audition."
                raise CueError(what, f"Give {SHORTEST} to {LONGEST} s.")
            check_names(Deliver(takes=(request.path,)), 1)
            disks.ask(lambda: check_place(Path(request.path)))
