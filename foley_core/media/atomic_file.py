"""Files that are written whole or not at all, and how every file is put in its place.

A link stays a link: what it leads to is renewed. On Windows another program may hold a file open, or a virus
scanner a new one, for a moment; so a rename that is refused for that is tried again for a second.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foley_core.errors import is_shared, writing

PATIENCE = 1.0
"""Seconds for which a file that another program holds is waited for."""
_PAUSE = 0.05


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Give the name of a new file beside `path`; without an error it takes the place of `path`, else it goes.

    What is at `path` already stays until the new file is safe on the disk. Raises `OutputDenied` and
    `DiskFull`.
    """
    with writing(path):
        target = file_behind(path)
    part = target.parent / f".{secrets.token_hex(8)}.part"
    try:
        with writing(path):
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            put(part, target)
    finally:
        with writing(path):
            part.unlink(missing_ok=True)


def file_behind(path: Path) -> Path:
    """`path` itself or, where it is a link, what it leads to, whether that is there or not.

    `OSError` where links lead in a circle.
    """
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def put(part: Path, target: Path) -> None:
    """Rename `part` (a file or folder) to `target` on the same disk, over a file that is there; `OSError`.

    `target` is no link: see `file_behind`.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            part.replace(target)
            return
        except PermissionError as error:
            if not is_shared(error) or time.monotonic() >= until:
                raise
            time.sleep(_PAUSE)
