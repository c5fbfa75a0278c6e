"""Logs as JSON lines in files of bounded size; nothing goes to the terminal.

The standard library's logging with a formatter of our own: structlog would bring rich and asyncio into the
broker, half of its memory and of the time it takes to start.
"""

from __future__ import annotations

import logging
import logging.handlers
import time
from pathlib import Path
from typing import Any

import msgspec

_FILE_BYTES = 1 << 20
_FILES_KEPT = 3
_QUIET_SECONDS = 60.0


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, event, and whatever was given as `extra={"about": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{record.msecs:03.0f}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
            **getattr(record, "about", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def log_to(path: Path) -> None:
    """Send everything that is logged to `path`; three older files of a mebibyte are kept."""
    logging.raiseExceptions = False  # a full disk must not end the service, nor fill the terminal
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = logging.handlers.RotatingFileHandler(
        path,
        maxBytes=_FILE_BYTES,
        backupCount=_FILES_KEPT,
        encoding="utf-8",
        delay=True,
        errors="backslashreplace",
    )
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


class RateLimitedLog:
    """Logs each kind of event at most once a minute, so that nobody can fill the log."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._last: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    def warn(self, kind: str, **about: object) -> None:
        """Log `kind`, unless it was logged a moment ago; then only count it."""
        now = time.monotonic()
        if now - self._last.get(kind, -_QUIET_SECONDS) < _QUIET_SECONDS:
            self._unsaid[kind] = self._unsaid.get(kind, 0) + 1
            return
        self._last[kind] = now
        self._logger.warning(kind, extra={"about": {"unsaid": self._unsaid.pop(kind, 0), **about}})
