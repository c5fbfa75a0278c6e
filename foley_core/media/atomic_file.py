"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foley_core.errors import writing


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Give the name of a new file beside `path`; without an error it takes the place of `path`, else it goes.

    What is at `path` already stays until the new file is safe on the disk. Raises `OutputDenied` and
    `DiskFull`.
    """
    part = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        with writing(path):
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
    finally:
        with writing(path):
            part.unlink(missing_ok=True)
