"""Fetching one model: what is still to be had of it, whether there is room, and each file put in its place.

A file is fetched into a hidden folder, checked against the hub's checksum, and only then put where it is
looked for: whatever happens, no half file is ever there. What broke off is taken up again. A file of the same
name that was put there by somebody else is not touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from backend.cache.digest import file_digest
from backend.errors import ModelsBusy, PullFailed
from backend.models import record
from backend.models.hub import Remote, fetch, files_of
from backend.models.record import Entry
from backend.models.sources import sources
from backend.service.lock import hold
from foley_core.engines.hunyuan.weights import Size
from foley_core.errors import DiskFull, OutputDenied, writing
from foley_core.media.atomic_file import put

LOCK = ".lock"

Told = Callable[[str, float], None]
"""Which file is being fetched, and the share of all bytes that is there."""


@dataclass(frozen=True)
class Pull:
    """What is to be fetched, and what was there already."""

    folder: Path
    missing: tuple[Remote, ...]
    there: tuple[Remote, ...]

    @property
    def bytes(self) -> int:
        """Still to be fetched, but for what is there of a file that broke off."""
        return sum(remote.bytes for remote in self.missing)


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Nobody else changes the models' folder meanwhile; `ModelsBusy` if somebody does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = hold(folder / LOCK)
    except OSError as error:
        raise OutputDenied(
            f"{folder} cannot be used: {error.strerror or error}.",
            "Set FOLEY_MODELS to a folder that can be written to.",
        ) from error
    if lock is None:
        raise ModelsBusy(f"Another command is changing {folder}.", "Wait until it has ended.")
    with lock:
        yield


def plan(size: Size, folder: Path) -> Pull:
    """Ask the hub what a model consists of, and read what of it is there."""
    known = record.read(folder)
    missing, there = [], []
    for remote in (remote for source in sources(size) for remote in files_of(source)):
        path = folder / remote.place
        if remote.is_at(path):
            there.append(remote)
        elif known.of(remote.place) or not path.exists():
            missing.append(remote)
        else:
            raise PullFailed(
                f"{path} is there already, and is not the published file.", "Move it away, then pull again."
            )
    return Pull(folder, tuple(missing), tuple(there))


def check_room(pull: Pull) -> None:
    """Raise `DiskFull`, with the bytes needed and free, before anything is fetched."""
    parts = (parts_folder(pull.folder) / remote.part for remote in pull.missing)
    begun = sum(part.stat().st_size for part in parts if part.is_file())
    needed, free = pull.bytes - begun, shutil.disk_usage(pull.folder).free
    if needed > free:
        raise DiskFull(
            f"The model needs {needed / 1e9:.1f} GB in {pull.folder}; {free / 1e9:.1f} GB are free.",
            "Free some space, or set FOLEY_MODELS to a folder on another disk.",
        )


def carry_out(pull: Pull, told: Told) -> None:
    """Fetch what is missing; each file is recorded as soon as it is in its place."""
    done = 0
    for remote in pull.missing:
        _fetch(pull, remote, done, told)
        done += remote.bytes
    with suppress(OSError):  # another model's half file may be there, and is wanted yet
        parts_folder(pull.folder).rmdir()


def _fetch(pull: Pull, remote: Remote, before: int, told: Told) -> None:
    came = 0

    def tell(count: int) -> None:
        nonlocal came
        came += count
        told(remote.name, min((before + came) / max(pull.bytes, 1), 1.0))

    told(remote.name, before / max(pull.bytes, 1))
    staging, path = parts_folder(pull.folder), pull.folder / remote.place
    with writing(staging):
        staging.mkdir(exist_ok=True)
    fetched = fetch(remote, staging, tell)
    if not remote.is_at(fetched):
        fetched.unlink()
        raise PullFailed(f"{remote.name} came damaged: its checksum is another one.", "Pull it again.")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        put(fetched, path)
    _enter(pull.folder, remote)


def _enter(folder: Path, remote: Remote) -> None:
    sha256 = remote.sha256 or file_digest(folder / remote.place)
    entry = Entry(path=remote.place, bytes=remote.bytes, sha256=sha256, origin=remote.origin)
    record.write(folder, record.read(folder).having(entry))


def parts_folder(folder: Path) -> Path:
    """Where files are while they are being fetched."""
    return folder / ".pulling"
