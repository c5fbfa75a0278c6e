"""What all tests share: a state folder of their own, and a real backend in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

with suppress(ImportError):  # The environments with Blender have no Hypothesis.
    from hypothesis import settings

    settings.register_profile("patient", deadline=None)  # A busy machine is no failure.
    settings.load_profile("patient")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh `FOLEY_HOME` for every test, so that none meets the user's own backend."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FOLEY_HOME", str(folder))
    monkeypatch.setenv("FOLEY_TEST_ENGINES", "1")
    return folder


@pytest.fixture
def backend(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running broker, as a process of its own; killed after the test if it still runs."""
    process = start_backend(home)
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(20)


def start_backend(home: Path) -> subprocess.Popen[bytes]:
    """Start `python -m backend serve` and wait until it can be reached."""
    process = subprocess.Popen([sys.executable, "-m", "backend", "serve"], cwd=ROOT, env=dict(os.environ))
    for _ in range(600):
        if (home / "connection.json").exists():
            return process
        assert process.poll() is None, f"the backend ended with {process.returncode}"
        time.sleep(0.05)
    raise AssertionError("the backend did not come up in 30 s")
