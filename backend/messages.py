"""The wire protocol, version 1: every message as a struct, both directions, in one file.

A message is two frames: `FOLEY1` (the major version) and a JSON object with `type`. A request carries `id`;
its one reply carries that as `re`. Pushes carry `job` and, but for `waiting`, `seq`, which counts up from 1
per job; a client that sees a gap asks `status`. Unknown fields are ignored (minor versions may add some),
unknown types are a `bad_request`. `docs/protocol.md` tells the whole story.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from foley_core.cue import Cue, decode_hook, encode

PROTOCOL = (1, 0)
MAGIC = b"FOLEY1"
MAX_MESSAGE = 1 << 20
"""Bytes; longer ones are dropped by the transport before they are read."""

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})

_Id = str


class Deliver(msgspec.Struct, frozen=True, kw_only=True):
    """Where the results of a job are put: absolute paths, written whole or not at all."""

    takes: tuple[str, ...]
    """One WAV per take; stems go beside it as NAME-LAYER.wav."""
    preview: str | None = None
    """A film of the cue with the first take."""
    preview_mix: bool = False
    """Keep the film's own sound under the take in the preview."""
    report: str | None = None
    """An HTML file; its JSON goes beside it."""
    reports: tuple[str, ...] = ()
    """The report under these names alone: as JSON where one ends in .json, its markers where in .csv, else as
    HTML."""
    made: Annotated[datetime, msgspec.Meta(tz=False)] | None = None
    """The date that the takes are to bear, in local time; None: they bear none, and the same job gives the
    same files to the bit."""


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what a client sends."""

    id: _Id


class Hello(Request, frozen=True, kw_only=True):
    """First message. Starts the worker, so that it is warm when the first cue comes."""

    protocol: tuple[int, int]
    build: str = ""
    client: str = ""


class Submit(Request, frozen=True, kw_only=True):
    """Make takes for a cue. `job` is chosen by the client, so sending it twice is harmless."""

    job: str
    cue: Cue
    deliver: Deliver
    film_s: float | None = None
    """How many seconds of film that is, where the client has looked: by it the wait of others is told."""


class Cancel(Request, frozen=True, kw_only=True):
    """End a job that is queued or running."""

    job: str


class Status(Request, frozen=True, kw_only=True):
    """The whole service, or one job with its result."""

    job: str | None = None


class List(Request, frozen=True, kw_only=True):
    """Jobs, newest first."""

    batch: str | None = None
    states: tuple[JobState, ...] | None = None
    limit: int = 100


class Find(Request, frozen=True, kw_only=True):
    """Jobs by what a person calls them: the one of that very id; else those that are open; else those that
    have ended."""

    name: str = ""
    """How the id begins; empty: no id is meant."""
    file: str = ""
    """Absolute path of a file that the job writes; empty: none is meant."""


class Subscribe(Request, frozen=True, kw_only=True):
    """Have the pushes of these jobs from now on (a submit subscribes by itself)."""

    jobs: tuple[str, ...] = ()
    batch: str | None = None


class Ping(Request, frozen=True, kw_only=True):
    """Are you there?"""


class Shutdown(Request, frozen=True, kw_only=True):
    """End the service: "drain" lets the running job end first, "now" puts it back into the queue."""

    mode: Literal["drain", "now"] = "drain"


AnyRequest = Hello | Submit | Cancel | Status | List | Find | Subscribe | Ping | Shutdown


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An error as it goes over the wire."""

    code: str
    message: str
    hint: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what the broker answers."""

    re: _Id


class Welcome(Reply, frozen=True, kw_only=True):
    """Answer to hello. `instance` is new whenever the backend was started anew."""

    protocol: tuple[int, int]
    build: str
    instance: str
    pid: int


class Accepted(Reply, frozen=True, kw_only=True):
    """Answer to submit: the job is kept, and survives whatever happens to the backend."""

    job: str
    state: JobState
    seed: int


class Ok(Reply, frozen=True, kw_only=True):
    """Answer to cancel, subscribe and shutdown."""


class Pong(Reply, frozen=True, kw_only=True):
    """Answer to ping."""


class Error(Reply, frozen=True, kw_only=True):
    """Any request may be answered by this. `re` is empty where the request's id could not be read."""

    error: Fault


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What a job took, in its last attempt."""

    worker: int
    """The process that made it."""
    seconds: float
    """Of work; the time in the queue does not count."""
    memory: int
    """The most bytes that the worker held meanwhile."""
    device_memory: int = 0
    """The same on the graphics card."""


class JobInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A job as clients see it."""

    id: str
    state: JobState
    progress: float
    stage: str
    seq: int
    """Of its newest push."""
    attempts: int
    created: float
    """Unix time."""
    started: float | None
    finished: float | None
    batch: str
    prompt: str
    media: str
    seed: int
    cost: Cost | None = None
    """Once it has ended, unless no worker lived to tell."""
    takes: list[dict[str, Any]] = []
    """The takes' records once it is done; only where one job was asked for."""
    preview: str | None = None
    report: str | None = None
    error: Fault | None = None
    short: str = ""
    """The shortest beginning of its id that no other job's has, at least 6 letters."""
    deliver: Deliver | None = None
    place: int | None = None
    """While it waits; these three as in `Waiting`."""
    wait_s: int | None = None
    reason: str = ""


class WorkerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The worker as `status` shows it."""

    pid: int
    engine: str
    """The one in use, or that was used last; empty before the first job."""
    device: str
    """Where that engine works, as shown to the user."""
    engines: list[str]
    """Names of all that it has; none before it is ready."""
    state: str
    cues: int
    """How many it has made."""
    memory: int
    """Bytes that it held after the last one."""


class BrokerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The broker as `status` shows it."""

    pid: int
    build: str
    instance: str
    uptime: float
    home: str


class Report(Reply, frozen=True, kw_only=True, tag="status"):
    """Answer to status, list and find."""

    broker: BrokerInfo
    workers: list[WorkerInfo]
    jobs: list[JobInfo]


class Push(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what the broker sends by itself."""

    job: str
    seq: int


class Progress(Push, frozen=True, kw_only=True):
    """How far the job is: `progress` over all its takes, 0 to 1."""

    stage: str
    take: int
    progress: float


class Done(Push, frozen=True, kw_only=True):
    """The takes lie where they were asked for."""

    takes: list[dict[str, Any]]
    preview: str | None = None
    report: str | None = None


class Failed(Push, frozen=True, kw_only=True):
    """Nothing was delivered."""

    error: Fault


class Cancelled(Push, frozen=True, kw_only=True):
    """Nothing was delivered, as was asked."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="waiting"):
    """Where a job stands that waits. It has no number: a client that misses one asks for nothing."""

    job: str
    place: int
    """How many jobs come before it, the one that runs too."""
    wait_s: int | None
    """About how many seconds until it begins; null where that is not known."""
    reason: str
    """What it waits for: see `WaitReason` in `backend/service/waiting.py`."""


AnyReply = Welcome | Accepted | Ok | Pong | Error | Report
AnyPush = Progress | Done | Failed | Cancelled | Waiting

_requests: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyRequest, dec_hook=decode_hook)
_answers: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyReply | AnyPush, dec_hook=decode_hook)


def read_request(body: bytes) -> AnyRequest:
    """Decode what a client sent; `msgspec.DecodeError` says what is wrong and where."""
    request: AnyRequest = _requests.decode(body)
    return request


def read_answer(body: bytes) -> AnyReply | AnyPush:
    """Decode what the broker sent."""
    answer: AnyReply | AnyPush = _answers.decode(body)
    return answer


def write(message: Request | Reply | Push | Waiting) -> list[bytes]:
    """The frames of a message."""
    return [MAGIC, encode(message)]
