"""`foley wait`: stay until jobs have ended that were sent before, and show what came of them."""

from __future__ import annotations

from typing import Any

import click

from backend.cli.job_names import called, named, open_jobs
from backend.cli.progress import LiveProgress
from backend.cli.results import result, show_files, show_remarks
from backend.cli.screen import JSON, answer, remark
from backend.client import CLIENT_NAME, Client, Event
from backend.errors import Interrupted
from backend.launch import record_launch


@click.command()
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@JSON
def wait(jobs: tuple[str, ...], as_json: bool) -> int:
    """Wait for jobs, and show what comes of them; for all that are open where none is named.

    JOB is a job's id, how it begins, or a file that the job writes. The jobs go on if this command is ended.
    """
    record_launch(remark)
    try:
        ended = _endings(jobs, quiet=as_json)
    except KeyboardInterrupt:
        raise Interrupted(
            "No longer waiting; the jobs go on.",
            "`foley wait` waits for them again, `foley cancel JOB` ends one.",
        ) from None
    if not ended and not as_json:
        remark("No job waits or runs.")
    answer({"jobs": ended}, as_json, [])
    return 0 if all(one["state"] == "done" for one in ended) else 1


def _endings(typed: tuple[str, ...], quiet: bool) -> list[dict[str, Any]]:
    """What came of each, in the order in which they ended; shown at once unless `quiet`."""
    ended = []
    with Client(CLIENT_NAME) as client, LiveProgress(1) as progress:
        meant = [named(client, job) for job in typed] if typed else open_jobs(client)[::-1]
        wanted = {job["id"]: job for job in meant}
        news = _News(progress, len(wanted))
        client.subscribe(list(wanted))
        for event in client.endings(wanted, news.hear):
            news.over(event["job"])
            ended.append(_ending(wanted[event["job"]], event))
            if not quiet:
                with progress.aside():
                    _show(wanted[event["job"]], ended[-1])
    return ended


class _News:
    """Shows how far the jobs are: the one that runs, or else the one that is next."""

    def __init__(self, progress: LiveProgress, count: int) -> None:
        self._progress = progress
        self._count = count
        self._newest: dict[str, Event] = {}
        self._over = 0

    def hear(self, event: Event) -> None:
        """A job got on, or its place changed."""
        self._newest[event["job"]] = event
        first = min(self._newest.values(), key=lambda one: -1 if one.get("place") is None else one["place"])
        self._progress.hear(first, f"{self._over} of {self._count} ended. " if self._count > 1 else "")

    def over(self, job: str) -> None:
        """It has ended."""
        self._newest.pop(job, None)
        self._over += 1


def _ending(job: dict[str, Any], event: Event) -> dict[str, Any]:
    """What came of a job as one object, with its `state`."""
    if event["type"] == "done":
        reports = (job.get("deliver") or {}).get("reports", [])
        return {"state": "done", **result(event, reports)}
    error = event.get("error") or {"code": "cancelled", "message": "It was cancelled.", "hint": ""}
    return {"state": event["type"], "job": job["id"], "error": error}


def _show(job: dict[str, Any], ended: dict[str, Any]) -> None:
    if ended["state"] == "done":
        show_files(ended)
        show_remarks(ended["takes"])
        return
    error = ended["error"]
    sentences = " ".join(filter(None, (error["message"], error["hint"])))
    remark(f"Error: job {called(job)}: {sentences} [{error['code']}]")
