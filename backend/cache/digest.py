"""A film's SHA-256, worked out once: remembered for as long as its path, size and times stay the same.

The time of its last change counts beside that of its content, and the file's number (inode): a film that was
replaced within the tick of a clock, or whose times were put back, is another one.
"""

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
    inode: int = 0
    ctime_ns: int = 0
    """These two are 0 in what was remembered by versions that did not look at them."""


def film_digest(media: Path, memory: Path, tick: Callable[[], None] = lambda: None) -> str:
    """SHA-256 of the film's bytes; `memory` is the folder where digests are remembered.

    `media` must be a regular file. `tick` is called every few megabytes.
    """
    note = memory / f"{hashlib.sha256(str(media).encode(errors='surrogatepass')).hexdigest()}.json"
    try:
        stat = media.stat()
        seen = _Remembered(
            str(media), stat.st_size, stat.st_mtime_ns, "", inode=stat.st_ino, ctime_ns=stat.st_ctime_ns
        )
        known = _recall(note)
        if known and _same(known, seen):
            if not known.ctime_ns:
                _remember(note, msgspec.structs.replace(seen, sha256=known.sha256))
            return known.sha256
        digest = file_digest(media, tick)
    except OSError as error:
        raise MediaUnreadable(f"Cannot read {media}: {error.strerror or error}.") from error
    _remember(note, msgspec.structs.replace(seen, sha256=digest))
    return digest


def _same(known: _Remembered, seen: _Remembered) -> bool:
    if not known.ctime_ns:
        seen = msgspec.structs.replace(seen, inode=0, ctime_ns=0)
    return msgspec.structs.replace(known, sha256="") == seen


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
