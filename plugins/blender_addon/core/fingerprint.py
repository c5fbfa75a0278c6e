# SPDX-License-Identifier: GPL-3.0-or-later
"""What names a file after what is in it, computed a little at a time. No Blender here."""

import hashlib
import time

LETTERS = 16
BLOCK = 1 << 20


class Fingerprint:
    """Of the contents of one file; raises `OSError` where it cannot be read."""

    def __init__(self, path: str) -> None:
        self._path, self._at = path, 0
        self._digest = hashlib.sha256()

    def step(self, seconds: float) -> str:
        """Go on for about so long, a block of the file at least; gives the fingerprint once it is whole."""
        deadline = time.perf_counter() + seconds
        with open(self._path, "rb") as file:
            file.seek(self._at)
            for block in iter(lambda: file.read(BLOCK), b""):
                self._digest.update(block)
                self._at += len(block)
                if time.perf_counter() > deadline:
                    return ""
        return self._digest.hexdigest()[:LETTERS]
