"""What engines have found out about films, kept by the films' content; a `FeatureStore`.

Each piece is a file that begins with the SHA-256 of the rest. What is damaged is thrown away when it is met,
never handed out.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from backend.atomic import write_atomic
from backend.logs import RateLimitedLog
from foley_core.cue import encode
from foley_core.errors import OutputError

_logger = logging.getLogger(__name__)
_rarely = RateLimitedLog(_logger)

_DIGEST = hashlib.sha256().digest_size


class FeatureCache:
    """The pieces in one folder; `digest` gives a film's SHA-256."""

    def __init__(self, folder: Path, digest: Callable[[Path], str]) -> None:
        self._folder, self._digest = folder, digest

    def recall(self, media: Path, key: str) -> bytes | None:
        """What was kept of this film (by content) under `key`."""
        path = self._path(media, key)
        try:
            whole = path.read_bytes()
            with suppress(PermissionError):
                os.utime(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            _logger.warning("kept features unreadable", extra={"about": {"why": str(error)}})
            return None
        content = whole[_DIGEST:]
        if hashlib.sha256(content).digest() == whole[:_DIGEST]:
            return content
        _logger.warning("kept features damaged", extra={"about": {"path": str(path)}})
        with suppress(OSError):
            path.unlink()
        return None

    def keep(self, media: Path, key: str, content: bytes) -> None:
        """Keep it for later. That it cannot be kept is no error."""
        path = self._path(media, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, hashlib.sha256(content).digest() + content)
        except (OSError, OutputError) as error:
            _rarely.warn("features not kept", why=str(error))

    def _path(self, media: Path, key: str) -> Path:
        return self._folder / hashlib.sha256(encode([self._digest(media), key])).hexdigest()
