"""`foley serve`, `status`, `cancel` and `shutdown`: looking after the service.

Those that only look, or end something, never start a backend.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from backend.cli.screen import JSON, answer
from backend.client import CLIENT_NAME, Client, ClientError
from backend.messages import ENDED


@click.command()
def serve() -> None:
    """Run the backend in the foreground; clients start it by themselves otherwise."""
    from backend.service.serve import serve as run  # the whole broker

    sys.exit(run())


@click.command()
@JSON
def status(as_json: bool) -> None:
    """Show the backend, its worker and its jobs."""
    try:
        with Client(CLIENT_NAME, start=False) as client:
            report = client.request("status", {})
    except ClientError as error:
        if error.code != "backend_absent":
            raise
        answer({"broker": None, "workers": [], "jobs": []}, as_json, ["The backend is not running."])
        return
    value = {name: report[name] for name in ("broker", "workers", "jobs")}
    answer(value, as_json, _status_lines(value))


def _status_lines(value: dict[str, Any]) -> list[str]:
    broker = value["broker"]
    lines = [f"Backend {broker['build']}, process {broker['pid']}, {broker['home']}"]
    for worker in value["workers"]:
        engine = f", {worker['engine']} on {worker['device']}" if worker["engine"] else ""
        held = f", cues {worker['cues']}, {worker['memory'] / 1e6:.0f} MB" if worker["cues"] else ""
        lines.append(f"Worker  {worker['state']}, process {worker['pid']}{engine}{held}")
    for job in value["jobs"]:
        share = f"{job['progress'] * 100:3.0f} %" if job["state"] == "running" else "     "
        cost = job["cost"]
        took = f"{cost['seconds']:7.1f} s {cost['memory'] / 1e6:6.0f} MB" if cost else " " * 19
        lines.append(f"{job['id']}  {job['state']:<9} {share} {took}  {job['prompt'][:50]}")
    return lines


@click.command()
@click.argument("job")
@JSON
def cancel(job: str, as_json: bool) -> None:
    """End a job that waits or runs."""
    with Client(CLIENT_NAME, start=False) as client:
        state = client.request("status", {"job": job})["jobs"][0]["state"]
        if state in ENDED:
            answer({"job": job, "state": state}, as_json, [f"{job} has ended already ({state})."])
            return
        client.request("cancel", {"job": job})
    answer({"job": job, "state": "cancelled"}, as_json, [f"Cancelled {job}."])


@click.command()
@click.option("--now", is_flag=True, help="Do not let the running job end; it is taken up again next time.")
@JSON
def shutdown(now: bool, as_json: bool) -> None:
    """End the backend. Jobs that wait stay in its database."""
    try:
        with Client(CLIENT_NAME, start=False) as client:
            client.request("shutdown", {"mode": "now" if now else "drain"})
    except ClientError as error:
        if error.code != "backend_absent":
            raise
        answer({"running": False}, as_json, ["The backend is not running."])
        return
    answer({"running": True}, as_json, ["The backend ends."])
