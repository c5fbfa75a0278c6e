"""A job as it is kept, and how it is read from its row.

Guarantees that each row gives a job: one that cannot be read is failed, and shown as far as it can be told.
Where a job is read in brief the hits of its cue are left out: a user may give very many, and the broker must
not be held up by a list of such jobs.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

import msgspec

from backend.errors import JobUnreadable
from backend.messages import Cost, Deliver, Fault, JobState
from foley_core.cue import Cue, decode_hook

_PLAIN = ("id", "state", "attempts", "interruptions", "created", "started", "finished", "client")
_HITS = ("hits", "hit_list")
_UNREADABLE = (msgspec.MsgspecError, RecursionError, TypeError, ValueError)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a job ended."""

    takes: list[dict[str, Any]] = []
    preview: str | None = None
    report: str | None = None
    error: Fault | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as it is kept."""

    id: str
    state: JobState
    attempts: int
    interruptions: int
    cancelling: bool
    seq: int
    created: float
    started: float | None
    finished: float | None
    cue: Cue
    """With its seed filled in."""
    deliver: Deliver
    outcome: Outcome
    cost: Cost | None
    """Once it has ended, where a worker told."""
    client: str = ""
    """Who submitted it."""


class _CueInBrief(Cue, frozen=True, kw_only=True):
    """A cue whose hits are passed over."""

    hits: msgspec.Raw = msgspec.Raw(b"null")  # type: ignore[assignment]
    hit_list: msgspec.Raw = msgspec.Raw(b"null")  # type: ignore[assignment]


def job_in(row: sqlite3.Row, seq: int, *, in_brief: bool = False) -> Job:
    """The job in this row; `seq` is the number of its last push."""
    try:
        return _read(row, seq, in_brief)
    except _UNREADABLE as error:
        return _salvaged(row, seq, _why(error))


def unreadable(row: sqlite3.Row, *, in_brief: bool = False) -> str:
    """Why a row is no job that this version can read; empty where it is one."""
    try:
        _read(row, 0, in_brief)
    except _UNREADABLE as error:
        return _why(error)
    return ""


def cannot_be_read(why: str) -> Fault:
    """What is said of such a job."""
    return Fault(
        code=JobUnreadable.code,
        message=f"What is kept of this job cannot be read: {why[:300]}.",
        hint="A newer foley may have written it, or the disk failed. Ask for it again.",
    )


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


def _read(row: sqlite3.Row, seq: int, in_brief: bool) -> Job:
    outcome, cost = row["outcome"], row["cost"]
    kept = {name: row[name] for name in _PLAIN} | {
        "cancelling": bool(row["cancelling"]),
        "seq": seq,
        "cue": _cue_in_brief(row["cue"]) if in_brief else _cue(row["cue"], Cue),
        "deliver": msgspec.json.decode(row["deliver"], type=Deliver),
        "outcome": Outcome() if outcome is None else msgspec.json.decode(outcome, type=Outcome),
        "cost": None if cost is None else msgspec.json.decode(cost, type=Cost),
    }
    job = msgspec.convert(kept, type=Job)
    if job.cue.seed is None:
        raise ValueError("its cue has no seed")
    return job


def _cue(kept: Any, kind: type[Cue]) -> Cue:
    return msgspec.json.decode(kept, type=kind, dec_hook=decode_hook)


def _cue_in_brief(kept: Any) -> Cue:
    cue = _cue(kept, _CueInBrief)
    return Cue(**{name: getattr(cue, name) for name in cue.__struct_fields__ if name not in _HITS})


def _salvaged(row: sqlite3.Row, seq: int, why: str) -> Job:
    """What can be told of a job that cannot be read; it counts as failed."""
    cue, deliver = _object(row["cue"]), _object(row["deliver"])
    media, prompt, batch = (str(cue.get(name, "")) for name in ("media", "prompt", "batch"))
    takes = deliver.get("takes")
    created, started, finished = (
        at if isinstance(at := row[name], float) else None for name in ("created", "started", "finished")
    )
    return Job(
        id=str(row["id"]),
        state="failed",
        attempts=0,
        interruptions=0,
        cancelling=False,
        seq=seq if isinstance(seq, int) else 0,
        created=created or 0.0,
        started=started,
        finished=finished or created or 0.0,
        cue=Cue(media=media, prompt=prompt, batch=batch, seed=0),
        deliver=Deliver(takes=tuple(map(str, takes)) if isinstance(takes, list) else ()),
        outcome=Outcome(error=cannot_be_read(why)),
        cost=None,
        client=str(row["client"]),
    )


def _object(kept: Any) -> dict[str, Any]:
    with suppress(msgspec.MsgspecError, RecursionError, TypeError, ValueError):
        found: dict[str, Any] = msgspec.json.decode(kept, type=dict[str, Any])
        return found
    return {}
