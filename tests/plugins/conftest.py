"""A film, the launch.json of this checkout, and an end to every backend that a test's client started."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.launch import record_launch
from tests.films import flash_film


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of one second."""
    return flash_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=1, flashes=[12]).path


@pytest.fixture
def launch(home: Path) -> Iterator[Path]:
    """`launch.json`, as the installer leaves it; whatever was started from it is ended after the test."""
    record_launch()
    yield home / "launch.json"
    end_backend(home)


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
    for _ in range(400):
        if not connection(home):
            return
        time.sleep(0.05)
    raise AssertionError("the backend did not end")
