"""What the backend answers: one reply for each request."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from backend.messages.requests import Deliver, JobState


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An error as it goes over the wire."""

    code: str
    message: str
    hint: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what the broker answers."""

    re: str


class Welcome(Reply, frozen=True, kw_only=True):
    """Answer to hello. `instance` is new whenever the backend was started anew."""

    protocol: tuple[int, int]
    build: str
    instance: str
    pid: int


class Accepted(Reply, frozen=True, kw_only=True):
    """Answer to submit: the job is kept, and survives whatever happens to the backend.

    Where it has ended already (the very same submit came before), nothing more is pushed: ask `status`.
    """

    job: str
    state: JobState
    seed: int


class Ok(Reply, frozen=True, kw_only=True):
    """Answer to cancel, subscribe, unsubscribe and shutdown."""


class Pong(Reply, frozen=True, kw_only=True):
    """Answer to ping."""


class Error(Reply, frozen=True, kw_only=True):
    """Any request may be answered by this. `re` is empty where the request's id could not be read."""

    error: Fault


class EngineInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An engine that a cue may name."""

    name: str
    version: str
    """Empty until this worker has used it."""
    usable: bool
    why: str
    """Why it cannot be used; empty where it can."""


class FieldInfo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field of something that clients send."""

    type: str
    """In words: `string`, `time or null`, `list of hit`."""
    required: bool = False
    default: Any = None


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What may not be exceeded."""

    request_bytes: int
    takes: int
    prompt: int
    """Letters, of the negative one and of the words for a hit, too."""
    handles_s: int
    hits: int
    seed: int
    loudness: tuple[float, float]
    batch: int
    """Letters."""
    client: int
    """Letters; what is longer is cut."""
    layers: tuple[str, ...]
    listed: int
    subscribed: int
    impacts: int


class Outputs(msgspec.Struct, frozen=True, kw_only=True):
    """How the names of files end."""

    takes: tuple[str, ...]
    """Any other is refused."""
    preview: tuple[str, ...]
    """One with another end gets one of these."""
    report: tuple[str, ...]
    """One with another end is a page."""


class Abilities(Reply, frozen=True, kw_only=True, tag="capabilities"):
    """Answer to capabilities."""

    protocol: tuple[int, int]
    build: str
    engines: list[EngineInfo] | None
    """None until a worker is there, which `hello` starts."""
    limits: Limits
    outputs: Outputs
    fields: dict[str, dict[str, FieldInfo]]
    """Of `cue`, `deliver`, `neural` and `hit`, by name."""


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
    client: str = ""
    """The name of the client that submitted it."""
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
    leaving: Literal["", "drain", "now"] = ""
    """As in `Leaving`, once it is about to end."""


class Report(Reply, frozen=True, kw_only=True, tag="status"):
    """Answer to status, list and find."""

    broker: BrokerInfo
    workers: list[WorkerInfo]
    jobs: list[JobInfo]
    more: bool = False
    """There are more, older ones."""


class ImpactList(Reply, frozen=True, kw_only=True, tag="impacts"):
    """Answer to impacts: those from number `first` on, of `total`."""

    job: str
    take: int
    first: int
    total: int
    impacts: list[dict[str, Any]]


AnyReply = Welcome | Abilities | Accepted | Ok | Pong | Error | Report | ImpactList
