"""Which build of foley this is, so that a client can tell an older backend from its own.

A build is the version and the time of the newest source file, `0.1.0+20261122104500`: a developer's resident
backend is replaced after an edit, just as a user's is after an update.
"""

from __future__ import annotations

import time
from pathlib import Path

from foley_core import __version__


def build() -> str:
    """This build's name. Newer ones sort later (see `older` in the client)."""
    root = Path(__file__).parent.parent
    sources = (path for package in ("backend", "foley_core") for path in (root / package).rglob("*.py"))
    newest = max(path.stat().st_mtime for path in sources)
    return f"{__version__}+{time.strftime('%Y%m%d%H%M%S', time.gmtime(newest))}"
