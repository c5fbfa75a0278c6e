"""What the backend sends by itself."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from backend.messages.replies import Fault


class Push(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what the broker sends by itself."""

    job: str
    """The job's id."""
    seq: int
    """Counts up; see Numbers in docs/protocol.md."""


class Progress(Push, frozen=True, kw_only=True):
    """How far the job is: `progress` over all its takes, 0 to 1."""

    stage: str
    """See Stages in docs/protocol.md."""
    take: int
    """Number of the take, from 0."""
    progress: float
    """Over all its takes, 0 to 1."""


class Done(Push, frozen=True, kw_only=True):
    """The takes lie where they were asked for."""

    takes: list[dict[str, Any]]
    """Each take's record."""
    preview: str | None = None
    """Where the preview lies; None where none was asked for, or none could be made."""
    report: str | None = None
    """Where the report lies, the first of them; None where none was asked for."""


class Failed(Push, frozen=True, kw_only=True):
    """Nothing was delivered."""

    error: Fault
    """Why."""


class Cancelled(Push, frozen=True, kw_only=True):
    """Nothing was delivered, as was asked."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="waiting"):
    """Where a job stands that waits. It has no number: a client that misses one asks for nothing."""

    job: str
    """The job's id."""
    place: int
    """How many jobs come before it, the one that runs too."""
    wait_s: int | None
    """About how many seconds until it begins; null where that is not known."""
    reason: str
    """What is waited for; see Waiting in docs/protocol.md."""


class Leaving(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="leaving"):
    """To every client that has said hello: the backend is about to end. It has no job and no number."""

    mode: Literal["drain", "now"]
    """`drain`: once the running job has ended."""


AnyPush = Progress | Done | Failed | Cancelled | Waiting | Leaving
