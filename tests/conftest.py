"""What all tests share: a state folder of their own, a real backend, and what keeps quick tests quick."""

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
    settings.register_profile("quick", deadline=None, max_examples=20)
    settings.load_profile("patient")


STARTS_PROCESSES = {
    "backend",
    "bootstrap",
    "foley",
    "launch",
    "impatient_service",
    "service",
    "shared_service",
}
"""Fixtures; whatever uses one of them is marked `process`."""


LONGEST_FIRST = (
    "soak",
    "hunyuan",
    "installers",
    "backend",
    "plugins",
    "examples",
    "cli",
    "models",
    "picture",
)
"""Folders whose files run first, so that at the end no process waits long for the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)
    for item in items:
        if STARTS_PROCESSES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.process)
        if "impatient_service" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.alone)  # A worker that waits for a busy machine would count as hung.


def _turn(item: pytest.Item) -> int:
    folder = (
        item.path.relative_to(ROOT / "tests").parts[0] if item.path.is_relative_to(ROOT / "tests") else ""
    )
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


def pytest_configure(config: pytest.Config) -> None:
    """Where tests that start processes are left out, one that does so all the same fails."""
    if "not process" in config.option.markexpr:
        sys.addaudithook(_refuse_processes)
        with suppress(ImportError):
            from hypothesis import settings

            settings.load_profile("quick")


def _refuse_processes(event: str, arguments: tuple[object, ...]) -> None:
    in_a_test = "PYTEST_CURRENT_TEST" in os.environ
    if in_a_test and event in ("subprocess.Popen", "os.posix_spawn", "os.system") and arguments[0] != "uname":
        raise RuntimeError(f"A quick test starts a process; mark it `process`: {arguments[:2]}")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh `FOLEY_HOME` for every test, so that none meets the user's own backend; and always one date."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FOLEY_HOME", str(folder))
    monkeypatch.setenv("FOLEY_TEST_ENGINES", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795996800")
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
