"""One backend at a time: a lock file, which the system lets go of however its holder ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_AGAIN_SECONDS = 0.05


def is_at(lock: BinaryIO, path: Path) -> bool:
    """Whether the lock that is held still lies at `path`: it may have been taken away, or replaced."""
    try:
        return sys.platform == "win32" or os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except OSError:
        return False


def hold(path: Path, patience: float = 0.0) -> BinaryIO | None:
    """The lock at `path`, held until the file is closed; None while another process holds it, for so many
    seconds at least."""
    until = time.monotonic() + patience
    file = path.open("ab")
    file.seek(0)
    while True:
        try:
            _take(file)
            return file
        except OSError:
            if time.monotonic() >= until:
                file.close()
                return None
        time.sleep(_AGAIN_SECONDS)
