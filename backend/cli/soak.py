"""`foley soak`: the endurance test from the command line."""

from __future__ import annotations

import signal
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import msgspec

from backend.cli.outputs import Existing, existing_options
from backend.cli.screen import JSON, answer, remark
from backend.soak.page import PAGE, record_path, write_page
from backend.soak.plan import Plan
from backend.soak.run import run
from backend.soak.verdict import Verdict, verdict
from foley_core.cue import MAX_SEED
from foley_core.errors import BadTime, writing
from foley_core.timecode import exact

SOME_FAULTS = "100"


@click.command()
@click.option("--minutes", default="60", show_default=True, metavar="M", help="How much film, in all.")
@click.option(
    "--clips", type=click.IntRange(1, 10_000), default=12, show_default=True, help="Cut into so many."
)
@click.option(
    "--video", "videos", multiple=True, type=click.Path(path_type=Path), help="Films instead of our own."
)
@click.option("--engine", default="procedural", show_default=True)
@click.option(
    "--faults",
    type=click.IntRange(0),
    is_flag=False,
    flag_value=SOME_FAULTS,
    default=0,
    metavar="[N]",
    help=f"Also kill worker, broker and client and fill the disk, N times ({SOME_FAULTS}).",
)
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=1, show_default=True)
@click.option(
    "--report", type=click.Path(path_type=Path, file_okay=False), help="Folder for a page with drawings."
)
@existing_options
@JSON
def soak(
    videos: tuple[Path, ...], report: Path | None, existing: Existing, as_json: bool, **plan: Any
) -> None:
    """Work a service of its own for long, and check that nothing drifts, swells, slows or is lost."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # its service and films must not outlive it
    planned = Plan(videos=videos, **plan | {"minutes": _minutes(plan["minutes"])})
    page = _page_place(report, existing) if report is not None else None
    log = run(planned, remark)
    found = verdict(log)
    if page is not None:
        write_page(log, found, page)
    answer(msgspec.to_builtins(found), as_json, _lines(found))
    if found.failed:
        sys.exit(1)


def _page_place(folder: Path, existing: Existing) -> Path:
    """The page's file, in a folder that is made if need be, before an hour is spent on what it shows."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return existing.settle(folder / PAGE, files=lambda page: [page, record_path(page)])


def _minutes(text: str) -> Fraction:
    try:
        minutes = exact(text)
    except BadTime as error:
        raise click.BadParameter(str(error), param_hint="--minutes") from error
    if not 0 < minutes <= 24 * 60:
        raise click.BadParameter("Give more than 0 and at most 1440.", param_hint="--minutes")
    return minutes


def _lines(found: Verdict) -> list[str]:
    offset, faults = found.offset_ms, found.faults
    lines = [
        f"{found.minutes:g} minutes of film in {found.clips} cues, made {found.speed or 0:g} times faster "
        "than they play"
    ]
    if offset.worst is not None:
        lines.append(
            f"Offset    worst {offset.worst:.1f} ms, p95 {offset.p95:.1f} ms, "
            f"first {offset.first} ms, last {offset.last} ms; "
            f"{found.impacts['heard']} of {found.impacts['true']} impacts heard"
        )
    lines.append(f"Latency   last over first {found.latency_ratio}")
    lines += [f"Memory    {name} {ratio}" for name, ratio in found.memory_ratio.items()]
    lines.append(f"Gaps      {found.gap_samples} samples")
    if faults["given"]:
        lines.append(
            f"Faults    {faults['given']}: {faults['survived']} survived, {faults['lost']} lost, "
            f"{faults['different']} different"
        )
    lines += [f"Not judged: {what}" for what in found.not_judged]
    return lines + [f"FAILED: {what}" for what in found.failed]
