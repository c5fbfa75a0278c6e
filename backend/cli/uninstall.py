"""`foley uninstall`: what of foley lies where on this machine, and how it is removed.

Only what is known to be ours is removed, by its name and its place: never a folder because of what it is
called. Takes are the user's. The folder that the program runs from is named, and left to the user as well.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from backend import paths
from backend.build import ROOT
from backend.cli.installations import blender_extensions, resolve_scripts, takes_of_unsaved_projects
from backend.cli.job_names import open_jobs
from backend.cli.left_jobs import left_jobs
from backend.cli.screen import JSON, answer, remark
from backend.client import CLIENT_NAME, Client, ClientError
from backend.errors import BackendUnreachable
from backend.models import installed, record
from backend.models.pull import LOCK, changing, parts_folder
from backend.service.lock import hold
from backend.service.schema import DAMAGED
from foley_core.engines.hunyuan.weights import STEMS, models_folder

_STATE = ("connection.json", "launch.json", "jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm")
_STATE_PATTERNS = (
    f"jobs.sqlite{DAMAGED}*",
    "logs/broker.log*",
    "logs/worker*.log",
    *(f"cache/{part}" for part in ("takes", "spottings", "features", "digests")),
)
_ENDING_SECONDS = 20.0


@dataclass(frozen=True)
class Part:
    """Something of ours."""

    what: str
    path: Path
    bytes: int

    def line(self) -> str:
        """For people."""
        return f"{self.bytes / 1e6:9.1f} MB  {self.what}: {self.path}"

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return {"what": self.what, "path": str(self.path), "bytes": self.bytes}


def state_files(home: Path) -> list[Path]:
    """What a backend has put into its folder; nothing where none ever was there."""
    if not (home / "backend.lock").is_file() and not (home / "launch.json").is_file():
        return []
    found = [home / name for name in _STATE if (home / name).exists()]
    return [*found, *(path for pattern in _STATE_PATTERNS for path in sorted(home.glob(pattern)))]


def parts(keep_models: bool) -> list[Part]:
    """All that is to be removed."""
    home = paths.home()
    files = state_files(home)
    jobs = _jobs_words()
    found = [Part(f"{jobs}, logs and what is kept", home, sum(map(_size, files)))] if files else []
    models = models_folder()
    entries = [] if keep_models else [models / entry.path for entry in record.read(models).entries]
    if entries:
        found.append(Part("the neural engine's weights", models, sum(map(_size, entries))))
    found += [Part("Blender's add-on", path, _size(path)) for path in blender_extensions()]
    return found + [Part("Resolve's script", path, _size(path)) for path in resolve_scripts()]


def kept(keep_models: bool) -> list[Part]:
    """What stays, and is told."""
    found = [
        Part("takes of projects that were never saved", path, _size(path))
        for path in takes_of_unsaved_projects()
    ]
    models = models_folder()
    others = [models / name for name in installed.off_record(models)]
    if keep_models:
        others += [models / entry.path for entry in record.read(models).entries]
    if others:
        found.append(Part("weights", models, sum(map(_size, others))))
    return [*found, Part("the program and its environments, yours to remove", ROOT, _size(ROOT))]


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--keep-models", is_flag=True, help="Keep the neural engine's weights.")
@JSON
def uninstall(yes: bool, keep_models: bool, as_json: bool) -> None:
    """Tell what of foley lies on this machine, and remove it."""
    found, stays = parts(keep_models), kept(keep_models)
    if found and not yes:
        for line in ("To be removed:", *(part.line() for part in found)):
            remark(line)
        for line in ("Kept:", *(part.line() for part in stays)):
            remark(line)
        if not sys.stdin.isatty():
            raise click.UsageError("There is nobody to ask whether to remove it; add --yes.")
        click.confirm("Remove it?", abort=True, err=True)
    changed = _remove(found, keep_models)
    value = {
        "removed": [part.plain() for part in found],
        "changed": [str(path) for path in changed],
        "kept": [part.plain() for part in stays],
    }
    lines = ["Removed:" if found else "There is nothing to remove.", *(part.line() for part in found)]
    lines += [f"Changed since it was fetched, and kept: {path}" for path in changed]
    answer(value, as_json, [*lines, "Kept:", *(part.line() for part in stays)])


def _remove(found: list[Part], keep_models: bool) -> list[Path]:
    """Remove it; gives the weights that were changed since, and are kept."""
    for part in found:
        if part.path not in (paths.home(), models_folder()):
            _delete(part.path)
    changed = [] if keep_models else list(_remove_models(models_folder()))
    if paths.home() in [part.path for part in found]:
        _remove_state(paths.home())
    return changed


def _remove_models(folder: Path) -> Iterator[Path]:
    if not record.read(folder).entries:
        return
    with changing(folder):
        for size in STEMS:
            plan = installed.removal_plan(size, folder)
            installed.remove(folder, plan)
        left = [folder / entry.path for entry in record.read(folder).entries]
    if not left:
        for name in (record.NAME, LOCK):
            (folder / name).unlink(missing_ok=True)
        for empty in (parts_folder(folder), folder):
            with suppress(OSError):
                empty.rmdir()
    yield from left


def _remove_state(home: Path) -> None:
    """While nobody can start a backend; `BackendUnreachable` where one does not end."""
    _end_backend()
    until = time.monotonic() + _ENDING_SECONDS
    while (lock := hold(paths.lock_file())) is None:
        if time.monotonic() > until:
            raise BackendUnreachable("The backend does not end.", "End its process, and try again.")
        time.sleep(0.1)
    with lock:
        for path in state_files(home):
            _delete(path)
    paths.lock_file().unlink(missing_ok=True)
    for folder in (home / "cache", home / "logs", home):
        with suppress(OSError):  # it holds something else, or is none
            folder.rmdir()


def _end_backend() -> None:
    """Its jobs are cancelled, so that nobody who waits for one starts another backend."""
    with suppress(ClientError), Client(CLIENT_NAME, start=False) as client:
        for job in open_jobs(client):
            client.request("cancel", {"job": job["id"]})
        client.request("shutdown", {"mode": "now"})


def _jobs_words() -> str:
    """Says how many wait or run, where some do."""
    count = len(left_jobs())
    return f"jobs ({count} of them not made yet)" if count else "jobs"


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _size(path: Path) -> int:
    """Of a file, or of all in a folder; a link is none of it."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if file.is_file() and not file.is_symlink())
