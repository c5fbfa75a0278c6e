"""`foley serve`, `cancel` and `shutdown`: looking after the service.

What only ends something starts no backend, but for the sake of a job that waits for one.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from backend.cli.job_names import asked_by_another, called, has_ended, named, open_jobs
from backend.cli.left_jobs import left_jobs
from backend.cli.screen import JSON, answer
from backend.client import CLIENT_NAME, Client, ClientError


@click.command()
def serve() -> None:
    """Run the backend in the foreground; clients start it by themselves otherwise."""
    from backend.service.serve import serve as run  # the whole broker

    sys.exit(run())


@click.command()
@click.argument("job")
@JSON
def cancel(job: str, as_json: bool) -> None:
    """End a job that waits or runs.

    JOB is its id, how that begins, or a file that it writes.
    """
    with Client(CLIENT_NAME, start=bool(left_jobs())) as client:
        meant = named(client, job)
        value = {"job": meant["id"], "state": meant["state"]}
        if has_ended(meant):
            answer(value, as_json, [f"{called(meant)} has ended already ({meant['state']})."])
            return
        client.request("cancel", {"job": meant["id"]})
    client_name = asked_by_another(meant)
    of_whom = f", a job of {client_name}" if client_name else ""
    said = f"Cancelled {called(meant)}{_all_of_it(meant)}{of_whom}."
    answer({**value, "state": "cancelled"}, as_json, [said])


def _all_of_it(job: dict[str, Any]) -> str:
    takes = len((job.get("deliver") or {"takes": []})["takes"])
    return f", all {takes} takes" if takes > 1 else ""


@click.command()
@click.option("--now", is_flag=True, help="Do not let the running job end; it is taken up again next time.")
@JSON
def shutdown(now: bool, as_json: bool) -> None:
    """End the backend. Jobs that wait stay in its database."""
    try:
        with Client(CLIENT_NAME, start=False) as client:
            there = open_jobs(client)
            client.request("shutdown", {"mode": "now" if now else "drain"})
    except ClientError as error:
        if error.code != "backend_absent":
            raise
        answer({"running": False}, as_json, ["The backend is not running."])
        return
    let_end = [job for job in there if job["state"] == "running" and not now]
    left = len(there) - len(let_end)
    when = f" once {called(let_end[0])} is done" if let_end else ""
    rest = f" Not made yet, and kept for the next one: {left}." if left else ""
    answer({"running": True, "left": left}, as_json, [f"The backend ends{when}.{rest}"])
