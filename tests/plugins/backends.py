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
    """End the broker, and wait until it took its connection away."""
    if not connection(home):
        return
    try:
        os.kill(connection(home)["pid"], signal.SIGTERM)
    except ProcessLookupError:
        return
    for _ in range(1200):
        if not connection(home):
            return
        time.sleep(0.05)
    log = (home / "logs" / "broker.log").read_text(encoding="utf-8", errors="replace")
    raise AssertionError(f"the backend did not end: {connection(home)}, {log[-2000:]}")
