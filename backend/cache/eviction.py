"""How much the cache may hold, and what goes first: whatever was used longest ago."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

QUOTA = "FOLEY_CACHE_BYTES"
"""Environment variable: how large the cache may grow, in bytes."""
DEFAULT_QUOTA = 20 << 30
_MOST_KEPT_FREE = 10 << 30


@dataclass(frozen=True)
class CacheEntry:
    """One thing in the cache: a file, or a folder of files."""

    path: Path
    bytes: int
    used: float
    """Unix time of its last use."""


def quota() -> int:
    """The quota that is set, else 20 GiB."""
    chosen = os.environ.get(QUOTA, "")
    return int(chosen) if chosen.isdecimal() else DEFAULT_QUOTA


def kept_free(disk_bytes: int) -> int:
    """What the cache leaves free on its disk: 10 GiB, or a twentieth of a small disk."""
    return min(_MOST_KEPT_FREE, disk_bytes // 20)


def excess(held: int, quota: int, free: int, keep_free: int, needed: int) -> int:
    """Bytes that must go so that `needed` more fit into the quota, and `keep_free` stay free."""
    return max(0, held + needed - quota, keep_free + needed - free)


def oldest(entries: Iterable[CacheEntry], needed: int, keep: Collection[str]) -> list[CacheEntry]:
    """Those used longest ago that together have `needed` bytes, or all there are; none named in `keep`."""
    chosen: list[CacheEntry] = []
    for entry in sorted(entries, key=lambda entry: entry.used):
        if needed <= 0:
            break
        if entry.path.name not in keep:
            chosen.append(entry)
            needed -= entry.bytes
    return chosen


def entries(folder: Path) -> Iterator[CacheEntry]:
    """What lies in `folder`, but for what is only just being made."""
    for path in folder.glob("[!.]*"):
        try:
            files = [path, *path.rglob("*")] if path.is_dir() else [path]
            stats = [file.stat() for file in files]
        except OSError:
            continue  # another process has taken it away
        yield CacheEntry(path, sum(stat.st_size for stat in stats), max(stat.st_mtime for stat in stats))


def remove(entry: CacheEntry) -> None:
    """Take it away; what is gone already, or cannot be taken away, is no error."""
    if entry.path.is_dir():
        shutil.rmtree(entry.path, ignore_errors=True)
    else:
        with suppress(OSError):
            entry.path.unlink()
