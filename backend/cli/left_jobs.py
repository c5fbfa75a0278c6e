"""Jobs that wait while no backend runs, as its database has them.

Guarantees that nothing is started or changed by looking. What cannot be read is left out: `foley doctor`
tells of that.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import Any

import msgspec

from backend import paths
from backend.messages import ENDED


def left_jobs() -> list[dict[str, Any]]:
    """Those that are not made yet, newest first, with what a backend would say of them."""
    database = f"{paths.jobs_file().absolute().as_uri()}?mode=ro"
    ended = ", ".join(f"'{state}'" for state in sorted(ENDED))
    asked = (
        f"SELECT id, created, batch, cue, deliver FROM job WHERE state NOT IN ({ended}) ORDER BY number DESC"
    )
    with suppress(sqlite3.Error), closing(sqlite3.connect(database, uri=True)) as jobs:
        return [told for row in jobs.execute(asked).fetchall() if (told := _told(*row))]
    return []


def _told(job: str, created: float, batch: str, cue: bytes, deliver: bytes) -> dict[str, Any]:
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        asked = msgspec.json.decode(cue)
        return {
            "id": job,
            "state": "queued",
            "created": created,
            "batch": batch,
            "media": asked["media"],
            "prompt": asked.get("prompt", ""),
            "deliver": msgspec.json.decode(deliver),
        }
    return {}
