"""What lies in the models' folder: listed, checked against its checksums, and taken away again.

Only what is on record is ever removed: files that were fetched or converted by us, and not changed since.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backend.cache.digest import file_digest
from backend.models import record
from backend.models.convert import unfinished
from backend.models.pull import parts_folder
from backend.models.record import Entry, Record
from foley_core.engines.hunyuan.weights import ENDINGS, STEMS, Size, find_weights, models_folder
from foley_core.errors import ModelMissing, writing

_SUFFIXES = {".pth", ".safetensors", ".bin"}

Verdict = Literal["whole", "damaged", "gone"]


@dataclass(frozen=True)
class InstalledModel:
    """A model that is here, or why not."""

    size: Size
    bytes: int
    transformer: str
    """Its file or folder; empty where the model is not here."""
    lacks: str
    """What is missing, in words; empty where nothing is."""


@dataclass(frozen=True)
class RemovalPlan:
    """What goes when a model goes."""

    entries: list[Entry]
    """Files on record, with the bytes on record, or gone."""
    changed: list[Entry]
    """Files on record that were changed since: they stay."""
    halves: list[Path]
    """What a pull or a conversion that broke off has left: files, and a folder."""

    def bytes_in(self, folder: Path) -> int:
        """Of all that goes."""
        files = [folder / entry.path for entry in self.entries]
        files += [file for half in self.halves for file in _files(half)]
        return sum(file.stat().st_size for file in files if file.is_file())


def listed() -> list[InstalledModel]:
    """Both models, the larger first."""
    return [_held(size) for size in STEMS]


def _held(size: Size) -> InstalledModel:
    try:
        weights = find_weights(size)
    except ModelMissing as error:
        return InstalledModel(size, 0, "", error.message)
    files = {file for part in weights.parts for file in _files(part)}
    held = sum(file.stat().st_size for file in files)
    return InstalledModel(size, held, str(weights.transformer.relative_to(models_folder())), "")


def verified(folder: Path) -> Iterator[tuple[Entry, Verdict]]:
    """Each file on record, read whole."""
    for entry in record.read(folder).entries:
        path = folder / entry.path
        if not path.is_file():
            yield entry, "gone"
        else:
            yield entry, "whole" if file_digest(path) == entry.sha256 else "damaged"


def off_record(folder: Path) -> list[str]:
    """Files of weights in there that somebody else has put there."""
    known = {entry.path for entry in record.read(folder).entries}
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in _SUFFIXES)
    return sorted(name for name in found if name not in known and not name.startswith("."))


def removal_plan(size: Size, folder: Path) -> RemovalPlan:
    """Its own files, and if nothing of the other model is there, what both share. Reads all of them."""
    known = record.read(folder)
    others = [other for other in STEMS if other != size]
    shared = not any(_own(other, known) or _halves(folder, other) for other in others)
    entries = list(known.entries) if shared else _own(size, known)
    halves = _halves(folder, size)
    if shared:
        halves += [part for part in _parts(folder) if part not in halves]
    ours = [entry for entry in entries if _is_ours(folder / entry.path, entry)]
    return RemovalPlan(ours, [entry for entry in entries if entry not in ours], halves)


def _own(size: Size, known: Record) -> list[Entry]:
    names = {f"{STEMS[size]}{ending}" for ending in ENDINGS}
    return [entry for entry in known.entries if entry.path in names or entry.path.startswith(f"{size}/")]


def _halves(folder: Path, size: Size) -> list[Path]:
    names = tuple(f"{STEMS[size]}{ending}." for ending in ENDINGS)
    converted = unfinished(folder, size)
    found = [part for part in _parts(folder) if part.name.startswith(names)]
    return [*found, converted] if converted.exists() else found


def _parts(folder: Path) -> list[Path]:
    return sorted(parts_folder(folder).glob("*.part"))


def _is_ours(path: Path, entry: Entry) -> bool:
    """Whether the file has the bytes on record, or is gone."""
    return not path.exists() or (path.stat().st_size == entry.bytes and file_digest(path) == entry.sha256)


def remove(folder: Path, found: RemovalPlan) -> None:
    """Take these files away, and what folders that leaves empty."""
    for half in found.halves:
        with writing(half):
            shutil.rmtree(half) if half.is_dir() else half.unlink()
            _remove_empty(half.parent, folder)
    for entry in found.entries:
        path = folder / entry.path
        with writing(path):
            path.unlink(missing_ok=True)
            _remove_empty(path.parent, folder)
        record.write(folder, record.read(folder).without({entry.path}))


def _remove_empty(folder: Path, top: Path) -> None:
    """And those above it, but for `top`."""
    while folder != top:
        if folder.is_dir():
            if any(folder.iterdir()):
                return
            folder.rmdir()
        folder = folder.parent


def _files(part: Path) -> list[Path]:
    return [file for file in part.rglob("*") if file.is_file()] if part.is_dir() else [part]
