"""The folder that a backend runs from is changed, moved or removed under it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from backend.service.successor import MOST_IN_A_ROW, SUCCESSION, next_in_row
from tests.backend.support import RawClient, Service, until
from tests.boundaries.sources import ROOT

pytestmark = pytest.mark.process


class Copied(Service):
    """A backend that runs from a copy of this folder, with an environment of its own."""

    def __init__(self, home: Path, root: Path) -> None:
        super().__init__(home)
        self.root = root
        for part in ("backend", "foley_core", "plugins"):
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        venv.create(root / "env", with_pip=False)
        (self.python,) = [
            path for name in ("bin/python", "Scripts/python.exe") for path in (root / "env").glob(name)
        ]
        places = ("lib/python*/site-packages", "Lib/site-packages")
        (packages,) = (found for place in places for found in (root / "env").glob(place))
        others = [path for path in sys.path if path.endswith("site-packages")]
        (packages / "all.pth").write_text("\n".join([str(root), *others]))

    def launch(self) -> subprocess.Popen[bytes]:
        command = [str(self.python), "-P", "-m", "backend", "serve"]
        self.processes.append(subprocess.Popen(command, env=self._environment, cwd=self.home.parent))
        return self.process


@pytest.fixture
def copied(home: Path, tmp_path: Path) -> Iterator[Copied]:
    with Copied(home, tmp_path / "installed") as service:
        yield service


@contextmanager
def successor_of(service: Copied) -> Iterator[RawClient]:
    """A client of the backend that the first one has started, once that serves; it is ended afterwards."""
    first = service.process.pid
    place = service.home / "connection.json"

    def there() -> int | None:
        with suppress(OSError, ValueError):
            found = int(json.loads(place.read_text())["pid"])
            return None if found == first else found
        return None

    pid = until(there)
    with service.client() as client:
        client.hello()
        yield client
        client.ask("shutdown", mode="now")
    until(lambda: None if psutil.pid_exists(pid) else True)


def edited(service: Copied) -> None:
    path = service.root / "backend" / "service" / "clock.py"
    path.write_text(path.read_text() + "\n# another build\n")


def moved(service: Copied) -> None:
    service.root.rename(service.root.with_name("moved"))


def removed(service: Copied) -> None:
    shutil.rmtree(service.root)


@pytest.mark.parametrize("change", [moved, removed])
def test_the_running_job_ends_those_that_wait_are_kept_and_the_backend_leaves(
    copied: Copied, film: Path, tmp_path: Path, change: Callable[[Copied], None]
) -> None:
    with copied.start().client() as client:
        client.hello()
        running = client.submit(film, tmp_path / "running.wav", prompt="slow 150")
        client.wait_until(running, "running")
        until(lambda: client.push(running, "progress")["stage"] == "sound" or None)
        waiting = client.submit(film, tmp_path / "waiting.wav")
        change(copied)
        assert client.end_of(running)["type"] == "done"
        assert client.told("leaving") == {"type": "leaving", "mode": "drain"}
    assert copied.process.wait(30) == 0
    assert not (copied.home / "connection.json").exists()
    assert "another build's" in copied.log()
    assert "what starts it is not there" in copied.log()
    with Service(copied.home) as here, here.start().client() as client:
        client.hello()
        assert client.wait_until(waiting, "done")["takes"]


def test_a_job_that_fails_because_they_are_gone_is_made_by_the_next(
    copied: Copied, film: Path, tmp_path: Path
) -> None:
    with copied.start().client() as client:
        client.hello()
        client.worker_pid()
        moved(copied)
        job = client.submit(film, tmp_path / "take.wav")
        assert copied.process.wait(60) == 0
    with Service(copied.home) as here, here.start().client() as client:
        client.hello()
        assert client.wait_until(job, "done", "failed")["state"] == "done"


def test_a_backend_whose_files_stay_stays(copied: Copied, film: Path, tmp_path: Path) -> None:
    with copied.start().client() as client:
        os.utime(copied.root / "backend")
        (copied.root / "backend" / "notes.txt").write_text("no source")
        job = client.submit(film, tmp_path / "take.wav", prompt="slow 150")
        assert client.end_of(job)["type"] == "done"
        assert client.ask("ping")["type"] == "pong"
    assert copied.process.poll() is None


def test_a_worker_of_another_build_gets_no_job(copied: Copied, film: Path, tmp_path: Path) -> None:
    copied.start()
    edited(copied)
    with copied.client() as client:
        job = client.submit(film, tmp_path / "take.wav")
    with successor_of(copied) as client:
        assert client.wait_until(job, "done")["attempts"] == 1
    assert '"why":"it is of another build than the backend' in copied.log()
    recorded = json.loads((copied.home / "launch.json").read_text())
    assert recorded["command"][0] == str(copied.python)


def test_where_jobs_wait_the_backend_that_is_there_now_goes_on_by_itself(
    copied: Copied, film: Path, tmp_path: Path
) -> None:
    with copied.start().client() as client:
        running = client.submit(film, tmp_path / "running.wav", prompt="slow 150")
        client.wait_until(running, "running")
        until(lambda: client.push(running, "progress")["stage"] == "sound" or None)
        waiting = [client.submit(film, tmp_path / f"{number}.wav", seed=number) for number in range(2)]
        edited(copied)
    until(lambda: (tmp_path / "1.wav").exists() or None)  # nobody asks for it meanwhile
    with successor_of(copied) as client:
        for job in waiting:
            assert client.wait_until(job, "done", "failed")["state"] == "done"
        assert client.status(running)["state"] == "done"
    assert copied.process.wait(30) == 0


def test_one_that_does_not_start_yet_is_tried_again(copied: Copied, film: Path, tmp_path: Path) -> None:
    halfway = copied.root / "backend" / "service" / "clock.py"
    with copied.start().client() as client:
        running = client.submit(film, tmp_path / "running.wav", prompt="slow 150")
        client.wait_until(running, "running")
        waiting = client.submit(film, tmp_path / "waiting.wav")
        whole = halfway.read_text()
        halfway.write_text(whole[: len(whole) // 2] + "\n(")
    until(lambda: "the successor does not start" in copied.log() or None)
    assert not (copied.home / "connection.json").exists()
    halfway.write_text(whole)
    with successor_of(copied) as client:
        assert client.wait_until(waiting, "done", "failed")["state"] == "done"


def test_one_that_was_told_to_end_starts_no_other(copied: Copied, film: Path, tmp_path: Path) -> None:
    with copied.start().client() as client:
        client.hello()
        running = client.submit(film, tmp_path / "running.wav", prompt="slow 150")
        client.wait_until(running, "running")
        client.submit(film, tmp_path / "waiting.wav")
        edited(copied)
        client.told("leaving")
        client.ask("shutdown", mode="drain")
    assert copied.process.wait(30) == 0
    assert "successor" not in copied.log()


def test_where_nothing_waits_none_is_started(copied: Copied) -> None:
    copied.start()
    edited(copied)
    assert copied.process.wait(30) == 0
    assert "successor" not in copied.log()


def test_backends_that_leave_one_after_the_other_without_a_job_made_come_to_an_end() -> None:
    row, environment = [], {}
    while number := next_in_row(environment, made=0):
        row.append(number)
        environment = {SUCCESSION: str(number)}
    assert row == list(range(1, MOST_IN_A_ROW + 1))
    assert next_in_row(environment, made=1) == 1
    assert next_in_row({SUCCESSION: "many"}, made=0) == 1
