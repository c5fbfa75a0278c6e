"""`foley status`: the backend, its worker and its jobs, in lines of at most 100 columns.

A backend of an older version may say less; what it does not say is left out.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len

from backend.cli.job_names import asked_by_another, has_ended, open_jobs, output_files
from backend.cli.left_jobs import left_jobs
from backend.cli.progress import STAGE_WORDS
from backend.cli.screen import JSON, answer
from backend.cli.wording import LEAVING, age_words, padded, shortened, waiting_words
from backend.client import CLIENT_NAME, Client, ClientError

WIDTH = 100
_LONGEST_ID = 16
_MOST_ENDED = 10
_SHORT_NAME = 8
_GAP = "  "


@click.command()
@JSON
def status(as_json: bool) -> None:
    """Show the backend, its worker and its jobs."""
    try:
        with Client(CLIENT_NAME, start=False) as client:
            report = client.request("status", {})
            jobs = report["jobs"]
            if report.get("more"):  # those that are open are shown, however many there are
                shown = {job["id"] for job in jobs}
                jobs += [job for job in open_jobs(client) if job["id"] not in shown]
    except ClientError as error:
        if error.code != "backend_absent":
            raise
        report, jobs = {"broker": None, "workers": []}, left_jobs()
    jobs = [{**job, "outputs": output_files(job)} for job in jobs]
    value = {"broker": report["broker"], "workers": report["workers"], "jobs": jobs}
    lines = [*_service_lines(value), *_job_lines(jobs, time.time())]
    answer(value, as_json, [shortened(line, WIDTH) for line in lines])


def _service_lines(value: dict[str, Any]) -> list[str]:
    broker = value["broker"]
    if broker is None:
        waiting = " What waits is made once one runs: `foley wait` starts one." if value["jobs"] else ""
        return [f"The backend is not running.{waiting}"]
    lines = [f"Backend {broker['build']}, process {broker['pid']}, {broker.get('home', '')}"]
    if leaving := LEAVING.get(broker.get("leaving", "")):
        lines.append(f"It {leaving}; the next one goes on with those that wait.")
    for worker in value["workers"]:
        engine = f", {worker['engine']}" if worker.get("engine") else ""
        device = f" on {worker['device']}" if engine and worker.get("device") else ""
        held = f", {worker['memory'] / 1e6:.0f} MB" if worker.get("memory") else ""
        cues = f", cues {worker['cues']}{held}" if worker.get("cues") else ""
        lines.append(f"Worker  {worker.get('state', '')}, process {worker['pid']}{engine}{device}{cues}")
    return lines


def _job_lines(jobs: list[dict[str, Any]], now: float) -> list[str]:
    """One for each that is open, and of the newest that have ended: short id, state, age, film, output, and
    the client, where that was not the command line."""
    ended = [job["id"] for job in jobs if has_ended(job)]
    left = set(ended[_MOST_ENDED:])
    more = [f"{len(left)} more that have ended: see --json."] if left else []
    rows = [
        (
            shortened(job.get("short") or job["id"], _LONGEST_ID),
            _state(job),
            age_words(now - (job.get("created") or now)),
            Path(job.get("media", "")).name,
            *_output(job),
        )
        for job in jobs
        if job["id"] not in left
    ]
    if not rows:
        return []
    widest = [max(cell_len(row[column]) for row in rows) for column in range(4)]
    outputs = max(cell_len(output + more) for *_, output, more in rows)
    room = WIDTH - sum(widest[:3]) - 4 * len(_GAP)
    tail = max(cell_len(more) for *_, more in rows)
    film = min(widest[3], max(room // 2, room - outputs), max(room - tail - _SHORT_NAME, _SHORT_NAME))
    return [
        _GAP.join(
            [
                padded(row[0], widest[0]),
                padded(row[1], widest[1]),
                row[2].rjust(widest[2]),
                padded(shortened(row[3], film), film),
                _cut(*row[4:], room - film),
            ]
        )
        for row in rows
    ] + more


def _state(job: dict[str, Any]) -> str:
    state, more = job["state"], ""
    if state == "queued":
        place = job.get("place")  # Why the worker is waited for is said once, of the first.
        more = waiting_words(place, job.get("wait_s"), "" if place else job.get("reason", ""))
    elif state == "running":
        stage = job.get("stage", "")
        more = f"{job.get('progress', 0) * 100:.0f} %, {STAGE_WORDS.get(stage, stage).lower()}"
    elif state == "failed" and job.get("error"):
        more = job["error"]["code"]
    elif cost := job.get("cost"):
        more = ", ".join([f"{cost['seconds']:.1f} s", *_megabytes(cost.get("memory"))])
    return ", ".join(filter(None, (state, more)))


def _megabytes(memory: int | None) -> list[str]:
    return [f"{memory / 1e6:.0f} MB"] if memory else []


def _output(job: dict[str, Any]) -> tuple[str, str]:
    """The first of them, as one would type it from here; how many more there are, and who asked for them."""
    outputs, client = job["outputs"], asked_by_another(job)
    first = outputs[0] if outputs else ""
    with suppress(OSError, ValueError):
        first = str(Path(first).relative_to(Path.cwd())) if first else ""
    more = [f" +{len(outputs) - 1}"] if len(outputs) > 1 else []
    return first, "".join([*more, f" ({client})" if client else ""])


def _cut(output: str, more: str, width: int) -> str:
    """The output shortened, so that what follows it is whole, unless that alone is too long."""
    more = shortened(more, width - 1)
    return shortened(output, width - cell_len(more)) + more
