"""Which job is meant by what was typed, and how one is called where a person reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from backend.cli.arguments import absolute_path, take_paths
from backend.cli.wording import shortened
from backend.client import CLIENT_NAME, Client
from backend.messages import ENDED, JobState

OPEN: tuple[JobState, ...] = ("queued", "running")
MOST = 1_000
"""Jobs that are asked for at once."""
_SHOWN = 10
_LONGEST_CLIENT = 20


def named(client: Client, typed: str) -> dict[str, Any]:
    """The job with that id, or whose id begins so, or that writes that file; those that are open come first.

    A usage error, with those that may be meant, where that is none or more than one.
    """
    found = _found(client, typed, absolute_path(Path(typed)) if typed else "")
    if not found and Path(typed).name:  # as it was typed where several takes were asked for
        found = _found(client, typed, take_paths(Path(typed), takes=2)[0])
    if len(found) == 1:
        return found[0]
    if found:
        raise click.BadParameter(f"{typed!r} may mean {_listed(found)}.", param_hint="JOB")
    there = open_jobs(client)
    others = f"There is {_listed(there)}." if there else "None waits or runs."
    raise click.BadParameter(
        f"No job's id begins with {typed!r}, and none writes that file. {others}", param_hint="JOB"
    )


def _found(client: Client, name: str, file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.request("find", {"name": name, "file": file})["jobs"]
    return found


def open_jobs(client: Client) -> list[dict[str, Any]]:
    """Those that wait or run, newest first."""
    asked: dict[str, Any] = {"states": OPEN, "limit": MOST}
    reply = client.request("list", asked)
    found: list[dict[str, Any]] = reply["jobs"]
    while reply.get("more"):  # a backend of an older version does not tell, and has no more to give
        reply = client.request("list", {**asked, "before": found[-1]["id"]})
        found += reply["jobs"]
    return found


def output_files(job: dict[str, Any]) -> list[str]:
    """What it was asked to write; nothing where the backend is of a version that does not say."""
    asked = job.get("deliver") or {}
    others = (asked.get("preview"), asked.get("report"), *asked.get("reports", ()))
    return [*asked.get("takes", ()), *(path for path in others if path)]


def called(job: dict[str, Any]) -> str:
    """`3f2a1c (door.mp4)`."""
    return f"{job.get('short') or job['id']} ({Path(job['media']).name})"


def asked_by_another(job: dict[str, Any]) -> str:
    """The client that submitted it, as it calls itself; empty where that was this one, or is not told."""
    client = str(job.get("client", ""))
    return "" if client == CLIENT_NAME else shortened(client, _LONGEST_CLIENT)


def has_ended(job: dict[str, Any]) -> bool:
    """Whether nothing more will come of it."""
    return job["state"] in ENDED


def _listed(jobs: list[dict[str, Any]]) -> str:
    shown = ", ".join(f"{called(job)[:-1]}, {job['state']})" for job in jobs[:_SHOWN])
    return shown if len(jobs) <= _SHOWN else f"{shown} and {len(jobs) - _SHOWN} more"
