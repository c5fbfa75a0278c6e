"""Small files that are there whole or not at all, and readable by their owner alone.

Written under a name of their own in the same folder, then renamed; not forced to the disk, so a power cut
may lose the newest one. Whoever reads such a file must cope with its absence.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from foley_core.errors import writing
from foley_core.media.atomic_file import file_behind, put


def write_atomic(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step, 0600 from the first byte; `OutputDenied`, `DiskFull`."""
    with writing(path):
        target = file_behind(path)
        part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            put(part, target)
        finally:
            part.unlink(missing_ok=True)
