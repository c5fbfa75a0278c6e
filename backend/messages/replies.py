"""What the backend answers: one reply for each request."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from backend.messages.requests import Deliver, JobState
from backend.messages.sounds import PlayedInfo, SoundInfo, SpaceInfo, WordInfo, WordsInfo


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An error as it goes over the wire."""

    code: str
    """Stable, for programs: see the table of codes."""
    message: str
    """A sentence for people: what, and which value."""
    hint: str = ""
    """What to do about it; may be empty."""


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what the broker answers."""

    re: str
    """The `id` of the request."""


class Welcome(Reply, frozen=True, kw_only=True):
    """Answer to hello. `instance` is new whenever the backend was started anew."""

    protocol: tuple[int, int]
    """Major and minor version that the backend speaks."""
    build: str
    """Of the backend."""
    instance: str
    """Drawn anew at each start of the backend."""
    pid: int
    """The broker's process."""


class Accepted(Reply, frozen=True, kw_only=True):
    """Answer to submit: the job is kept, and survives whatever happens to the backend.

    Where it has ended already (the very same submit came before), nothing more is pushed: ask `status`.
    """

    job: str
    """The job's id."""
    state: JobState
    """`queued` where it is new."""
    seed: int
    """Of the first take: the cue's, or the one that was drawn."""


class Ok(Reply, frozen=True, kw_only=True):
    """Answer to cancel, subscribe, unsubscribe and shutdown."""


class Pong(Reply, frozen=True, kw_only=True):
    """Answer to ping."""


class Error(Reply, frozen=True, kw_only=True):
    """Any request may be answered by this. `re` is empty where the request's id could not be read."""

    error: Fault
    """What is wrong."""


class EngineInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An engine that a cue may name."""

    name: str
    """As a cue names it."""
    version: str
    """Empty until this worker has used it."""
    usable: bool
    """Whether it can be used on this machine as it stands."""
    why: str
    """Why it cannot be used; empty where it can."""
    hint: str = ""
    """What to do about that."""
    device: str = ""
    """Where it works, as shown to the user; empty until that is known."""


class FieldInfo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field of something that clients send."""

    type: str
    """In words: `string`, `time or null`, `list of hit`."""
    required: bool = False
    """Whether it must be given."""
    default: Any = None
    """What it is unless it is given."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What may not be exceeded."""

    request_bytes: int
    """Bytes of a request, both frames together."""
    takes: int
    """Takes of a cue."""
    prompt: int
    """Letters of a prompt, of the negative one and of the words for a hit, too."""
    handles_s: int
    """Seconds of a handle."""
    hits: int
    """Hits of a cue."""
    seed: int
    """The greatest seed."""
    loudness: tuple[float, float]
    """The least and the most that can be asked for, in LUFS."""
    batch: int
    """Letters of a batch's name."""
    client: int
    """Letters of a client's name; what is longer is cut."""
    layers: tuple[str, ...]
    """The layers that there are."""
    listed: int
    """Jobs in one answer to list."""
    subscribed: int
    """Jobs in one subscribe."""
    impacts: int
    """Impacts in one answer to impacts."""


class Outputs(msgspec.Struct, frozen=True, kw_only=True):
    """How the names of files end."""

    takes: tuple[str, ...]
    """Of takes; any other is refused."""
    preview: tuple[str, ...]
    """Of previews; one with another end gets one of these."""
    report: tuple[str, ...]
    """Of reports; one with another end is a page."""


class Abilities(Reply, frozen=True, kw_only=True, tag="capabilities"):
    """Answer to capabilities."""

    protocol: tuple[int, int]
    """Major and minor version that the backend speaks."""
    build: str
    """Of the backend."""
    engines: list[EngineInfo] | None
    """None until a worker is there, which `hello` starts."""
    limits: Limits
    """What it accepts at most."""
    outputs: Outputs
    """Which names of files it accepts."""
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
    """Chosen by the client that submitted it."""
    state: JobState
    """See the job's life in docs/protocol.md."""
    progress: float
    """0 to 1, over all its takes; 0 while it waits, and where it failed or was cancelled."""
    stage: str
    """The one that it is in; empty where it does not run, or has not begun."""
    seq: int
    """Of its newest push."""
    attempts: int
    """How often it was begun, but for those attempts that were cut short through no fault of its own."""
    created: float
    """Unix time."""
    started: float | None
    """Unix time at which it was last begun; None while it waits, or where it never was."""
    finished: float | None
    """Unix time of its end; None before that."""
    batch: str
    """Of its cue."""
    prompt: str
    """Of its cue."""
    media: str
    """Of its cue."""
    seed: int
    """Of its first take."""
    cost: Cost | None = None
    """Once it has ended; None before that, where it never ran, or where its worker died over it."""
    takes: list[dict[str, Any]] = []
    """The takes' records once it is done; these three only where one job was asked for by its id."""
    preview: str | None = None
    """Where the preview lies; None without one."""
    report: str | None = None
    """Where the report lies, the first of them; None without one."""
    error: Fault | None = None
    """Why it failed; None where it did not."""
    short: str = ""
    """The shortest beginning of its id that no other job's has, at least 6 letters."""
    deliver: Deliver | None = None
    """As it was submitted."""
    client: str = ""
    """The name of the client that submitted it."""
    place: int | None = None
    """While it waits, how many jobs come before it, the one that runs too; else None."""
    wait_s: int | None = None
    """About how many seconds until it begins; None where that is not known."""
    reason: str = ""
    """What is waited for; empty where it does not wait. See Waiting in docs/protocol.md."""


class WorkerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The worker as `status` shows it."""

    pid: int
    """Its process."""
    engine: str
    """The one in use, or that was used last; empty before the first job."""
    device: str
    """Where that engine works, as shown to the user."""
    engines: list[str]
    """Names of all that it has; none before it is ready."""
    state: str
    """`starting`, `warming`, `ready`, `busy`, and on its way out `leaving`, `ending`, `gone`."""
    cues: int
    """How many it has made."""
    memory: int
    """Bytes that it held after the last one."""


class BrokerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The broker as `status` shows it."""

    pid: int
    """Its process."""
    build: str
    """Of the backend."""
    instance: str
    """Drawn anew at each start of the backend."""
    uptime: float
    """Seconds since it was started."""
    home: str
    """The state folder."""
    leaving: Literal["", "drain", "now"] = ""
    """As in `Leaving`, once it is about to end."""


class Report(Reply, frozen=True, kw_only=True, tag="status"):
    """Answer to status, list and find."""

    broker: BrokerInfo
    """The backend itself."""
    workers: list[WorkerInfo]
    """The one that gets the jobs, or none."""
    jobs: list[JobInfo]
    """Newest first, where more than one was asked for."""
    more: bool = False
    """There are more, older ones."""


class ImpactList(Reply, frozen=True, kw_only=True, tag="impacts"):
    """Answer to impacts: those from number `first` on, of `total`."""

    job: str
    """The job's id."""
    take: int
    """Number of the take, from 0."""
    first: int
    """Number of the first one that is given."""
    total: int
    """How many the take has."""
    impacts: list[dict[str, Any]]
    """As in a take's record."""


class SoundList(Reply, frozen=True, kw_only=True, tag="sounds"):
    """Answer to sounds: all that is known, in the order in which it is to be shown."""

    sounds: list[SoundInfo]
    """Every kind, family by family."""
    modifiers: list[WordsInfo]
    """How any sound should be."""
    shoes: list[WordsInfo]
    """How footsteps should be."""
    spaces: list[SpaceInfo]
    """Where it sounds."""


class Explanation(Reply, frozen=True, kw_only=True, tag="explain"):
    """Answer to explain."""

    prompt: str
    """As it was asked."""
    words: list[WordInfo]
    """All of it, in order."""
    sounds: list[PlayedInfo]
    """What is played."""
    dealt: str
    """How several kinds of hits are dealt out among the impacts; empty where there is one at most."""
    space: str | None
    """In which all of it sounds; None: in none."""
    unknown_words: list[str]
    """What is not understood."""
    near_words: dict[str, list[str]]
    """For each of those, the known words that it may be a slip for."""


class Heard(Reply, frozen=True, kw_only=True, tag="hear"):
    """Answer to hear: the file is there, whole."""

    path: str
    """Where it lies."""
    sound: str
    """The name of the sound, or the prompt."""
    sounds: list[str]
    """All that is heard."""
    space: str | None
    """In which it sounds; None: in none."""
    unknown_words: list[str]
    """What is not understood."""
    near_words: dict[str, list[str]]
    """For each of those, the known words that it may be a slip for."""


AnyReply = (
    Welcome | Abilities | Accepted | Ok | Pong | Error | Report | ImpactList | SoundList | Explanation | Heard
)
