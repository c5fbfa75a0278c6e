"""`foley models`: the neural engine's weights on this machine. Needs no service.

`pull` alone goes to the network; see `backend/models/hub.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from backend.cli.progress import LiveProgress
from backend.cli.screen import JSON, answer, remark
from backend.errors import LicenceNotAccepted
from backend.models import installed, record
from backend.models.convert import FORMATS, Format, convert
from backend.models.hub import library
from backend.models.licence import LICENCE, TERMS, is_accepted
from backend.models.pull import Pull, carry_out, changing, check_room, plan
from foley_core.engines.hunyuan.weights import STEMS, Size, models_folder, remedy

_MODEL = click.Choice(list(STEMS))


@click.group()
def models() -> None:
    """The weights of the neural engine: fetch, list, check, convert, remove."""


@models.command("list")
@JSON
def list_models(as_json: bool) -> None:
    """List the models that are on this machine."""
    held = installed.listed()
    value = {
        "folder": str(models_folder()),
        "models": [
            {"model": one.size, "there": not one.lacks, "bytes": one.bytes, "transformer": one.transformer}
            for one in held
        ],
    }
    answer(value, as_json, [str(models_folder()), *(_line(one) for one in held)])


def _line(held: installed.InstalledModel) -> str:
    if held.lacks:
        return f"{held.size:<4} {held.lacks}"
    return f"{held.size:<4} {held.bytes / 1e9:6.2f} GB  {held.transformer}"


@models.command()
@click.argument("model", type=_MODEL, default="xxl")
@click.option("--accept-licence", is_flag=True, help="Accept the model's licence, which is shown first.")
@JSON
def pull(model: Size, accept_licence: bool, as_json: bool) -> None:
    """Fetch MODEL (xl or xxl; xxl unless said). What broke off before is taken up again."""
    library()
    folder = models_folder()
    with changing(folder):
        _accept(folder, accept_licence)
        wanted = plan(model, folder)
        check_room(wanted)
        remark(f"{wanted.bytes / 1e9:.2f} GB to fetch into {folder}.")
        with LiveProgress(1) as progress:
            carry_out(wanted, lambda name, share: progress.show(f"fetching {name}", 0, share))
    fetched = [remote.place for remote in wanted.missing]
    value = {"model": model, "folder": str(folder), "fetched": fetched, "bytes": wanted.bytes}
    answer(value, as_json, [str(folder / place) for place in _places(wanted)])


def _places(wanted: Pull) -> list[str]:
    return sorted(remote.place for remote in (*wanted.there, *wanted.missing))


def _accept(folder: Path, accepted: bool) -> None:
    """Before anything is fetched, and once for a folder."""
    known = record.read(folder)
    if is_accepted(known):
        return
    remark(TERMS)
    if not accepted and sys.stdin.isatty():
        accepted = click.confirm("Do you accept this licence?", err=True)
    if not accepted:
        raise LicenceNotAccepted(
            f"The {LICENCE} was not accepted, so nothing was fetched.",
            "Read it, and add --accept-licence if you may and do accept it.",
        )
    record.write(folder, known.accepting(LICENCE))


@models.command()
@JSON
def verify(as_json: bool) -> None:
    """Read every file that was fetched or converted, and compare its checksum."""
    folder = models_folder()
    found = []
    with LiveProgress(1) as progress:
        whole = sum(entry.bytes for entry in record.read(folder).entries) or 1
        done = 0
        for entry, verdict in installed.verified(folder):
            found.append((entry, verdict))
            done += entry.bytes
            progress.show(entry.path, 0, done / whole)
    others = installed.off_record(folder)
    files = [{"path": entry.path, "state": verdict} for entry, verdict in found]
    lines = [f"{verdict:<8} {entry.path}" for entry, verdict in found]
    lines += [f"{'unknown':<8} {name}" for name in others]
    answer({"folder": str(folder), "files": files, "unknown": others}, as_json, lines)
    if not found:
        remark(f"Nothing in {folder} was fetched or converted by foley.")
    spoilt = [folder / entry.path for entry, verdict in found if verdict != "whole"]
    for told in sorted({remedy(path) for path in spoilt}):
        remark(told)
    if spoilt:
        sys.exit(1)


@models.command()
@click.argument("model", type=_MODEL)
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON
def remove(model: Size, yes: bool, as_json: bool) -> None:
    """Remove MODEL, as far as it was fetched or converted by foley."""
    folder = models_folder()
    with changing(folder):
        found = installed.removal_plan(model, folder)
        freed = found.bytes_in(folder)
        if (found.entries or found.halves) and not yes:
            if not sys.stdin.isatty():
                raise click.UsageError("There is nobody to ask whether to remove it; add --yes.")
            click.confirm(f"Remove {freed / 1e9:.2f} GB from {folder}?", abort=True, err=True)
        installed.remove(folder, found)
    kept = [entry.path for entry in found.changed]
    for path in kept:
        remark(f"{path} was changed since, and is kept.")
    halves = [half.relative_to(folder).as_posix() for half in found.halves]
    value: dict[str, Any] = {
        "removed": [*(entry.path for entry in found.entries), *halves],
        "freed_bytes": freed,
        "kept": kept,
    }
    answer(value, as_json, list(_removed(value, model, folder)))


def _removed(value: dict[str, Any], model: Size, folder: Path) -> Iterator[str]:
    if value["removed"]:
        yield f"Freed {value['freed_bytes'] / 1e6:.1f} MB."
    else:
        yield f"There is nothing of {model} in {folder} that was fetched or converted by foley."


@models.command("convert")
@click.argument("model", type=_MODEL)
@click.option(
    "--to", "form", type=click.Choice(FORMATS), default="bf16", show_default=True, help="Of its numbers."
)
@JSON
def convert_model(model: Size, form: Format, as_json: bool) -> None:
    """Write MODEL as a folder that loads faster or is smaller; from then on it is taken."""
    with changing(models_folder()):
        folder = convert(model, form, remark)
    answer({"model": model, "folder": str(folder), "format": form}, as_json, [str(folder)])
