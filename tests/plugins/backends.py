"""What a test does to the backend that a client started."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any


def connection(home: Path) -> dict[str, Any]:
    """What the running backend published."""
    try:
        found: dict[str, Any] = json.loads((home / "connection.json").read_text())
    except FileNotFoundError:
        return {}
    return found


def kill_backend(home: Path) -> int:
    """Kill the broker as the system would; gives its process number."""
    pid = int(connection(home)["pid"])
    os.kill(pid, signal.SIGKILL)
    return pid


def end_backend(home: Path) -> None:
    """End the broker, and whichever came up in its place; wait until the last took its connection away.

    One that a client has started meanwhile waits for the lock, and has it as soon as the first one ends.
    """
    ended: set[int] = set()
    for _ in range(400):
        there = connection(home)
        if not there:
            return
        if there["pid"] not in ended:
            ended.add(there["pid"])
            try:
                os.kill(there["pid"], signal.SIGTERM)
            except ProcessLookupError:  # It was killed, and has left its connection.
                return
        time.sleep(0.05)
    log = (home / "logs" / "broker.log").read_text(encoding="utf-8", errors="replace")
    raise AssertionError(f"the backend did not end: {connection(home)}, {log[-2000:]}")
