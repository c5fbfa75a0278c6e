"""What lies in the models' folder: listed, checked against its checksums, and taken away again.

Only what is on record is ever removed: files that were fetched or converted by us, and not changed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backend.digest import file_digest
from backend.models import record
from backend.models.record import Entry, Record
from foley_core.engines.hunyuan.weights import ENDINGS, STEMS, Size, find_weights, models_folder
from foley_core.errors import ModelMissing, writing

_SUFFIXES = {".pth", ".safetensors", ".bin"}

Verdict = Literal["whole", "damaged", "gone"]


@dataclass(frozen=True)
class Held:
    """A model that is here, or why not."""

    size: Size
    bytes: int
    transformer: str
    """Its file or folder; empty where the model is not here."""
    lacks: str
    """What is missing, in words; empty where nothing is."""


def listed() -> list[Held]:
    """Both models, the larger first."""
    return [_held(size) for size in STEMS]


def _held(size: Size) -> Held:
    try:
        weights = find_weights(size)
    except ModelMissing as error:
        return Held(size, 0, "", error.message)
    files = {file for part in weights.parts for file in _files(part)}
    held = sum(file.stat().st_size for file in files)
    return Held(size, held, str(weights.transformer.relative_to(models_folder())), "")


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


def of_model(size: Size, known: Record) -> list[Entry]:
    """What goes with a model: its own files, and if no other model is on record, what both share."""
    own = {size: _own(size, known) for size in STEMS}
    if any(own[other] for other in STEMS if other != size):
        return own[size]
    return list(known.entries) if own[size] else []


def _own(size: Size, known: Record) -> list[Entry]:
    names = {f"{STEMS[size]}{ending}" for ending in ENDINGS}
    return [entry for entry in known.entries if entry.path in names or entry.path.startswith(f"{size}/")]


def is_ours(folder: Path, entry: Entry) -> bool:
    """Whether the file has the bytes on record, or is gone. Reads all of it."""
    path = folder / entry.path
    return not path.exists() or (path.stat().st_size == entry.bytes and file_digest(path) == entry.sha256)


def remove(folder: Path, entries: list[Entry]) -> None:
    """Take these files away, and what folders that leaves empty."""
    for entry in entries:
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
