"""Whether a name is that of a regular local file, told without opening it.

Guarantees that no more than the file's entry is looked at, so that it costs the broker next to nothing. What
is in the file is told by `container.py`.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path

from foley_core.errors import MediaMissing, MediaRefused, MediaUnreadable

_PROTOCOL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""Two letters or more: `C:` is a drive of Windows."""
_PATTERN = re.compile(r"%\d*d|[*?]")


def check_regular(path: Path) -> None:
    """Raise unless `path` is a regular file with something in it. A file's own odd name is no obstacle."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        if _PROTOCOL.match(str(path)):
            raise refused(path, "is an address") from error
        if _PATTERN.search(path.name):
            raise refused(path, "is a pattern") from error
        if isinstance(error, PermissionError):
            raise MediaUnreadable(f"Cannot read {path}: {error.strerror}.", "Get access to it.") from error
        raise missing(path) from error
    if not stat.S_ISREG(status.st_mode):
        raise refused(path, "is a folder" if stat.S_ISDIR(status.st_mode) else "is a device or pipe")
    if status.st_size == 0:
        raise MediaUnreadable(f"{path} is empty.", "Was it copied to its end?")


def missing(path: Path) -> MediaMissing:
    """What is said where no file is."""
    return MediaMissing(f"There is no film {path}.", "Check the path.")


def refused(path: Path, why: str, hint: str = "Give the path of a film on this machine.") -> MediaRefused:
    """What is said of what is no film, but may lead to one."""
    return MediaRefused(f"{path} {why}.", hint)
