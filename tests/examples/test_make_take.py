"""The two clients that stand as examples in the documents, as they are: whole, with a real backend."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from backend import messages, paths
from backend.client import Client, ClientError
from backend.launch import record_launch
from tests.backend.support import until
from tests.boundaries.sources import ROOT
from tests.films import flash_film
from tests.plugins.backends import connection, end_backend, kill_backend
from tests.plugins.ear import Ear

pytestmark = pytest.mark.process

EXAMPLES = ROOT / "docs" / "examples"
LINES = {"make_take.py": 80, "make_take.mjs": 200}
NODE = shutil.which("node")
PROMPT = "Schritte auf Holz, très lent – 足音"


def command(example: str) -> list[str]:
    """How an example is run; the test is left out where that cannot be."""
    if example.endswith(".py"):
        return [sys.executable, str(EXAMPLES / example)]
    if NODE is None:
        pytest.skip("no Node.js is here")
    if not (EXAMPLES / "node_modules" / "zeromq").is_dir():
        pytest.skip("npm's zeromq is not installed: `npm ci --ignore-scripts` in docs/examples")
    return [NODE, str(EXAMPLES / example)]


def runnable() -> list[str]:
    """Those that can be run here."""
    with_node = NODE is not None and (EXAMPLES / "node_modules" / "zeromq").is_dir()
    return [name for name in LINES if name.endswith(".py") or with_node]


class Example:
    """One of the clients, as a program."""

    def __init__(self, name: str) -> None:
        self.command = command(name)
        self.processes: list[subprocess.Popen[str]] = []

    def begin(self, *words: object) -> subprocess.Popen[str]:
        """Start it."""
        pipe = subprocess.PIPE
        asked = [*self.command, *map(str, words)]
        self.processes.append(subprocess.Popen(asked, stdout=pipe, stderr=pipe, encoding="utf-8"))
        return self.processes[-1]

    def run(self, *words: object) -> tuple[int, str, str]:
        """Run it to its end: exit code, output, errors."""
        return end_of(self.begin(*words))


def end_of(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out.strip(), err.strip()


@pytest.fixture(params=LINES)
def example(request: pytest.FixtureRequest) -> Iterator[Example]:
    running = Example(request.param)
    yield running
    for process in running.processes:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of one second, whose name and folder have blanks and letters of all kinds."""
    folder = tmp_path_factory.mktemp("my films é 映画")
    return flash_film(folder / "a film's 1st cut.mp4", seconds=1, flashes=[12]).path


@pytest.fixture
def launch(home: Path) -> Iterator[Path]:
    """`launch.json`; whatever was started from it is ended after the test."""
    record_launch()
    yield home / "launch.json"
    end_backend(home)


@pytest.mark.parametrize("example", LINES)
def test_an_example_is_short_enough_to_be_read_at_once(example: str) -> None:
    lines = (EXAMPLES / example).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LINES[example]
    assert [line for line in lines if len(line) > 110] == []


def test_what_is_fetched_for_them_is_pinned_and_names_no_host() -> None:
    wanted = json.loads((EXAMPLES / "package.json").read_text())["dependencies"]
    locked = json.loads((EXAMPLES / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, package in locked.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in locked.items() if name)


def test_takes_come_whether_or_not_a_backend_runs(
    launch: Path, home: Path, example: Example, film: Path, tmp_path: Path
) -> None:
    (tmp_path / "my takes ö").mkdir()
    pids = []
    for number in range(2):
        take = tmp_path / "my takes ö" / f"take {number}.wav"
        code, out, err = example.run(film, PROMPT, take)
        assert (code, out) == (0, f"{take} begins at 0/1 s of the film."), err
        assert "master" in err
        assert take.stat().st_size > 48_000 * 2
        pids.append(connection(home)["pid"])
    assert pids[0] == pids[1]
    with Client("test", start=False) as client:
        jobs = client.request("status")["jobs"]
    assert {(job["prompt"], job["media"]) for job in jobs} == {(PROMPT, str(film))}


def test_a_take_comes_though_the_backend_is_killed_meanwhile(
    launch: Path, home: Path, example: Example, film: Path, tmp_path: Path
) -> None:
    process = example.begin(film, "slow 30", tmp_path / "take.wav", "faulty")
    killed: list[int] = []
    for _ in range(2):
        until(lambda: running(home, killed))
        killed.append(kill_backend(home))
    code, out, err = end_of(process)
    assert (code, (tmp_path / "take.wav").is_file()) == (0, True), err
    assert str(tmp_path / "take.wav") in out
    assert connection(home)["pid"] not in killed


def running(home: Path, but: Sequence[int] = ()) -> int | None:
    """The process of the backend that has a job in hand, where it is none of these."""
    pid = connection(home).get("pid")
    if pid is None or pid in but:
        return None
    with Client("test", start=False) as client, suppress(ClientError):
        jobs = client.request("status")["jobs"]
        return int(pid) if any(job["state"] == "running" and job["stage"] for job in jobs) else None
    return None


def test_a_take_comes_of_the_next_backend_where_one_is_just_ending(
    launch: Path, home: Path, example: Example, film: Path, tmp_path: Path
) -> None:
    first = example.begin(film, "slow 30", tmp_path / "first.wav", "faulty")
    ending = until(lambda: running(home))
    with Client("test", start=False) as client:
        client.request("shutdown", {"mode": "drain"})
    second = example.run(film, "", tmp_path / "second.wav", "faulty")
    assert (second[0], end_of(first)[0]) == (0, 0), second
    assert connection(home)["pid"] != ending
    assert (tmp_path / "first.wav").is_file()
    assert (tmp_path / "second.wav").is_file()


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("engine_unknown", {"engine": "no engine"}),
        ("media_missing", {"film": "no film.mp4"}),
        ("bad_output", {"take": "take.mp3"}),
        ("no_picture", {"film": "words.mp4"}),
    ],
)
def test_an_error_is_told_by_its_code_with_what_to_do(
    launch: Path, example: Example, film: Path, tmp_path: Path, code: str, changed: dict[str, str]
) -> None:
    (tmp_path / "words.mp4").write_text("1\n00:00:01,000 --> 00:00:02,000\nno film\n")
    film = tmp_path / changed["film"] if "film" in changed else film
    take = tmp_path / changed.get("take", "take.wav")
    ended, out, err = example.run(film, PROMPT, take, changed.get("engine", "procedural"))
    last = err.splitlines()[-1]
    assert (ended, out) == (1, "")
    assert last.startswith((f"{code}: ", "media_unreadable: ") if code == "no_picture" else f"{code}: ")
    assert not take.exists()


def test_a_backend_that_speaks_another_protocol_is_told(
    home: Path, example: Example, film: Path, tmp_path: Path
) -> None:
    with Ear(home) as ear:
        process = example.begin(film, PROMPT, tmp_path / "take.wav")
        while process.poll() is None:
            ear.refuse(messages.Fault(code="protocol_mismatch", message="It is too old.", hint="Update it."))
        assert end_of(process) == (1, "", "protocol_mismatch: It is too old. Update it.")


def test_a_job_that_somebody_cancels_ends_it(
    launch: Path, home: Path, example: Example, film: Path, tmp_path: Path
) -> None:
    process = example.begin(film, "hang", tmp_path / "take.wav", "faulty")
    until(lambda: running(home))
    with Client("test", start=False) as client:
        client.cancel(client.request("status")["jobs"][0]["id"])
        client.request("ping")
        code, _, err = end_of(process)
    assert (code, err.splitlines()[-1].split(":")[0]) == (1, "cancelled")


SAYS = "import sys; sys.stderr.write('Traceback: much\\nno disk [state_unusable]\\n'); sys.exit(1)"


@pytest.mark.parametrize(
    ("recorded", "said"),
    [(None, ""), ({"command": [sys.executable, "-c", SAYS], "build": "1"}, "no disk [state_unusable]")],
)
def test_why_no_backend_comes_up_is_told(
    home: Path, example: Example, film: Path, tmp_path: Path, recorded: dict[str, Any] | None, said: str
) -> None:
    home.mkdir()
    if recorded:
        (home / "launch.json").write_text(json.dumps(recorded))
    code, out, err = example.run(film, PROMPT, tmp_path / "take.wav")
    assert (code, out, err.split(":")[0]) == (1, "", "backend_unreachable")
    assert (said or str(home)) in err


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_backend_that_is_alive_but_stopped_is_not_waited_for_without_end(
    launch: Path, home: Path, film: Path, tmp_path: Path
) -> None:
    with Client("test") as client:
        client.request("ping")
    pid = connection(home)["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        asking = [Example(name).begin(film, PROMPT, tmp_path / "take.wav") for name in runnable()]
        told = [end_of(process) for process in asking]
    finally:
        os.kill(pid, signal.SIGCONT)
    assert [(code, out, err.split(":")[0]) for code, out, err in told] == [
        (1, "", "backend_unreachable") for _ in asking
    ]
    assert [err for _, _, err in told if str(pid) not in err] == []


def test_a_copy_of_the_state_folder_has_a_backend_of_its_own(
    launch: Path, home: Path, example: Example, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Client("test") as client:
        client.request("ping")
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    monkeypatch.setenv("FOLEY_HOME", str(copy))
    assert example.run(film, PROMPT, tmp_path / "take.wav")[0] == 0
    assert connection(copy)["pid"] != connection(home)["pid"]
    end_backend(copy)


@pytest.mark.parametrize(
    "place",
    [
        {"FOLEY_HOME": "elsewhere"},
        {"FOLEY_HOME": "~/elsewhere"},
        {"FOLEY_HOME": "", "XDG_STATE_HOME": "", "LOCALAPPDATA": ""},
        {"FOLEY_HOME": "", "XDG_STATE_HOME": "rel/state", "LOCALAPPDATA": "rel"},
        {"FOLEY_HOME": "~/elsewhere", "HOME": "rel"},
        {"FOLEY_HOME": "~/elsewhere", "HOME": ""},
        {"FOLEY_HOME": "", "XDG_STATE_HOME": "{tmp}/state", "LOCALAPPDATA": "{tmp}/state"},
    ],
    ids=str,
)
def test_it_looks_where_the_backend_has_its_files(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    for name, value in place.items():
        monkeypatch.setenv(name, value.format(tmp=tmp_path))
    if paths.launch_file().exists():
        pytest.skip("this user has a Foley there")
    code, _, err = example.run("film.mp4", PROMPT, "take.wav")
    assert (code, err.split(":")[0]) == (1, "backend_unreachable")
    assert str(paths.home()) in err
