"""A film's SHA-256, worked out once: remembered for as long as its path, size and time stay the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from backend.atomic import write_atomic
from foley_core.errors import MediaUnreadable, OutputError

_BLOCK = 4 << 20


class _Remembered(msgspec.Struct, frozen=True):
    path: str
    size: int
    mtime_ns: int
    sha256: str


def film_digest(media: Path, memory: Path, tick: Callable[[], None] = lambda: None) -> str:
    """SHA-256 of the film's bytes; `memory` is the folder where digests are remembered.

    `media` must be a regular file. `tick` is called every few megabytes.
    """
    note = memory / f"{hashlib.sha256(str(media).encode(errors='surrogatepass')).hexdigest()}.json"
    try:
        stat = media.stat()
        known = _recall(note)
        if known and (known.path, known.size, known.mtime_ns) == (str(media), stat.st_size, stat.st_mtime_ns):
            return known.sha256
        digest = file_digest(media, tick)
    except OSError as error:
        raise MediaUnreadable(f"Cannot read {media}: {error.strerror or error}.") from error
    _remember(note, _Remembered(str(media), stat.st_size, stat.st_mtime_ns, digest))
    return digest


def file_digest(path: Path, tick: Callable[[], None] = lambda: None) -> str:
    """SHA-256 of a file, in hexadecimal. Unlike `hashlib.file_digest`, it can be watched and broken off."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            tick()
    return digest.hexdigest()


def _recall(note: Path) -> _Remembered | None:
    try:
        return msgspec.json.decode(note.read_bytes(), type=_Remembered)
    except (OSError, msgspec.DecodeError):
        return None


def _remember(note: Path, known: _Remembered) -> None:
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(note, msgspec.json.encode(known))
    except (OSError, OutputError):
        return
