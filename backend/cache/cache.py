"""The cache: takes, spottings and features by content, in plain files, safe among processes.

Everything in it can be made again, so whatever is damaged or in the way is simply thrown away, and a cache
that cannot be written is no cache, but no error either. All but the films' digests counts against the quota;
see `eviction`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from backend.atomic import write_atomic
from backend.cache import eviction
from backend.cache.digest import film_digest
from backend.cache.features import FeatureCache
from backend.cache.takes import TakeCache
from backend.logs import RateLimitedLog
from backend.paths import cache_folder
from foley_core.cue import decode_hook, encode
from foley_core.errors import OutputError
from foley_core.picture.spotting import WATCHER_VERSION, Spotting
from foley_core.timecode import exact_text

_logger = logging.getLogger(__name__)
_rarely = RateLimitedLog(_logger)


class Cache:
    """The cache of one user; a `SpottingStore`."""

    def __init__(self, folder: Path | None = None, tick: Callable[[], None] = lambda: None) -> None:
        self.folder = folder or cache_folder()
        self.takes = TakeCache(self.folder / "takes")
        self.features = FeatureCache(self.folder / "features", self.digest)
        self._spottings = self.folder / "spottings"
        self._quota = eviction.quota()
        self._tick = tick

    def digest(self, media: Path) -> str:
        """The film's SHA-256."""
        return film_digest(media, self.folder / "digests", self._tick)

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting | None:
        """The spotting of just this stretch of just this film (by content), if it was kept."""
        path = self._spotting(media, start, end)
        try:
            spotting: Spotting = msgspec.json.decode(path.read_bytes(), type=Spotting, dec_hook=decode_hook)
            with suppress(PermissionError):
                os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            _logger.warning(
                "kept spotting unreadable", extra={"about": {"path": str(path), "why": str(error)}}
            )
            with suppress(OSError):
                path.unlink()
            return None
        return spotting if (spotting.start, spotting.end) == (start, end) else None

    def keep(self, media: Path, spotting: Spotting) -> None:
        """Keep it for later."""
        path = self._spotting(media, spotting.start, spotting.end)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, encode(spotting))
        except (OSError, OutputError) as error:
            _rarely.warn("spotting not kept", why=str(error))

    def make_room(self, needed: int = 0, keep: Collection[str] = ()) -> None:
        """Throw away what was used longest ago until `needed` bytes more fit; nothing named in `keep`."""
        held = self._entries()
        disk = shutil.disk_usage(_first_that_exists(self.folder))
        too_much = eviction.excess(
            sum(entry.bytes for entry in held), self._quota, disk.free, eviction.kept_free(disk.total), needed
        )
        for entry in eviction.oldest(held, too_much, keep):
            eviction.remove(entry)

    def show(self) -> dict[str, Any]:
        """How much is kept, for people and machines."""
        return {
            "folder": str(self.folder),
            "takes": sum(1 for _ in eviction.entries(self.folder / "takes")),
            "spottings": sum(1 for _ in eviction.entries(self._spottings)),
            "features": sum(1 for _ in eviction.entries(self.folder / "features")),
            "bytes": sum(entry.bytes for entry in self._entries()),
            "quota_bytes": self._quota,
        }

    def clear(self) -> int:
        """Throw everything away; gives the bytes that were freed."""
        held = self._entries()
        for entry in (*held, *eviction.entries(self.folder / "digests")):
            eviction.remove(entry)
        return sum(entry.bytes for entry in held) - sum(entry.bytes for entry in self._entries())

    def _entries(self) -> list[eviction.CacheEntry]:
        folders = (self.folder / "takes", self._spottings, self.folder / "features")
        return [entry for folder in folders for entry in eviction.entries(folder)]

    def _spotting(self, media: Path, start: Fraction, end: Fraction) -> Path:
        content = [self.digest(media), exact_text(start), exact_text(end), WATCHER_VERSION]
        return self._spottings / f"{hashlib.sha256(encode(content)).hexdigest()}.json"


def _first_that_exists(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())
