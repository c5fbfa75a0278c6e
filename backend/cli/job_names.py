"""Which job is meant by what was typed, and how one is called where a person reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from backend.cli.arguments import absolute_path
from backend.client import Client
from backend.messages import ENDED, JobState

OPEN: tuple[JobState, ...] = ("queued", "running")
MOST = 1_000
"""Jobs that are asked for at once."""
_SHOWN = 10


def named(client: Client, typed: str) -> dict[str, Any]:
    """The job with that id, or whose id begins so, or that writes that file; those that are open come first.

    A usage error, with those that may be meant, where that is none or more than one.
    """
    wanted = {"name": typed, "file": absolute_path(Path(typed)) if typed else ""}
    found: list[dict[str, Any]] = client.request("find", wanted)["jobs"]
    if len(found) == 1:
        return found[0]
    if found:
        raise click.BadParameter(f"{typed!r} may mean {_listed(found)}.", param_hint="JOB")
    there = open_jobs(client)
    others = f"There is {_listed(there)}." if there else "None waits or runs."
    raise click.BadParameter(
        f"No job's id begins with {typed!r}, and none writes that file. {others}", param_hint="JOB"
    )


def open_jobs(client: Client) -> list[dict[str, Any]]:
    """Those that wait or run, newest first."""
    found: list[dict[str, Any]] = client.request("list", {"states": OPEN, "limit": MOST})["jobs"]
    return found


def output_files(job: dict[str, Any]) -> list[str]:
    """What it was asked to write; nothing where the backend is of a version that does not say."""
    asked = job.get("deliver") or {}
    others = (asked.get("preview"), asked.get("report"), *asked.get("reports", ()))
    return [*asked.get("takes", ()), *(path for path in others if path)]


def promised_files(client: Client) -> list[str]:
    """What the jobs that are open will write."""
    return [file for job in open_jobs(client) for file in output_files(job)]


def called(job: dict[str, Any]) -> str:
    """`3f2a1c (door.mp4)`."""
    return f"{job.get('short') or job['id']} ({Path(job['media']).name})"


def has_ended(job: dict[str, Any]) -> bool:
    """Whether nothing more will come of it."""
    return job["state"] in ENDED


def _listed(jobs: list[dict[str, Any]]) -> str:
    shown = ", ".join(f"{called(job)[:-1]}, {job['state']})" for job in jobs[:_SHOWN])
    return shown if len(jobs) <= _SHOWN else f"{shown} and {len(jobs) - _SHOWN} more"
