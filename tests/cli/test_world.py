"""Commands in the worlds that they are found in: no home, odd variables, streams that cannot hold a name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import ROOT, Answer, Foley
from tests.films import Film

pytestmark = pytest.mark.process

posix = pytest.mark.skipif(os.name != "posix", reason="users, signals and names of POSIX")
root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="becomes another user")

WORLDS: dict[str, dict[str, str | None]] = {
    "a home that is not there": {
        "HOME": "/nonexistent/home",
        "XDG_STATE_HOME": "",
        "LOCALAPPDATA": "",
        "XDG_CONFIG_HOME": "",
        "FOLEY_MODELS": "",
    },
    "no home": {
        "HOME": None,
        "USERPROFILE": None,
        "XDG_STATE_HOME": "rel/state",
        "LOCALAPPDATA": "rel",
        "XDG_CONFIG_HOME": "rel",
    },
    "an editor": {
        "HOME": "rel",
        "LD_LIBRARY_PATH": "/nonexistent",
        "DYLD_LIBRARY_PATH": "/nonexistent",
        "FOLEY_STEP_TIMEOUT": "",
        "FOLEY_RECYCLE_CUES": "soon",
    },
    "western Windows": {"PYTHONIOENCODING": "cp1252"},
    "a bare terminal": {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "TERM": "dumb", "HOME": ""},
}

COMMANDS: dict[str, tuple[list[str], int]] = {
    "help": (["--help"], 0),
    "status before": (["status", "--json"], 0),
    "doctor": (["doctor", "--json"], 0),
    "sounds": (["sounds", "--json"], 0),
    "detect": (["detect", "FILM", "--json"], 0),
    "generate": (["generate", "FILM", "-p", "вода 音", "--engine", "impulse", "-o", "OUT", "--json"], 0),
    "status": (["status", "--json"], 0),
    "cancel": (["cancel", "nobody", "--json"], 2),
    "wait": (["wait", "--json"], 0),
    "cache": (["cache", "show", "--json"], 0),
    "shutdown": (["shutdown", "--now", "--json"], 0),
}


def run(
    arguments: list[str], changed: dict[str, str | None], cwd: Path = ROOT, **how: Any
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **{name: value for name, value in changed.items() if value is not None}}
    for name in [name for name, value in changed.items() if value is None]:
        environment.pop(name, None)
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-m", "backend", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, timeout=120, check=False, **how
    )


@pytest.mark.parametrize("world", WORLDS)
def test_every_command_works_with_a_folder_of_its_own_whatever_else_is_set(
    world: str, film: Film, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    words = {"FILM": str(film.path), "OUT": str(tmp_path / "音 вода.wav")}
    for name, (arguments, code) in COMMANDS.items():
        done = run([words.get(word, word) for word in arguments], WORLDS[world], cwd=here)
        assert b"Traceback" not in done.stderr, (name, done.stderr)
        assert done.returncode == code, (name, done.stdout[-500:], done.stderr[-500:])
        if "--json" in arguments:
            value = json.loads(done.stdout.decode("cp1252" if world == "western Windows" else "utf-8"))
            assert ("error" in value) == (code != 0)
    assert (tmp_path / "音 вода.wav").is_file()
    assert list(here.iterdir()) == [], "nothing is left where the command was typed"


@posix
@pytest.mark.parametrize("stated", ["", "rel/state"])
def test_a_state_folder_that_is_empty_or_relative_counts_as_not_set(
    film: Film, tmp_path: Path, stated: str
) -> None:
    person = tmp_path / "person"
    person.mkdir()
    world: dict[str, str | None] = {
        "FOLEY_HOME": None,
        "HOME": str(person),
        "XDG_STATE_HOME": stated,
        "LOCALAPPDATA": stated,
    }
    arguments = ["generate", str(film.path), "-p", "x", "--engine", "impulse", "--json"]
    try:
        done = run([*arguments, "-o", str(tmp_path / "t.wav")], world, cwd=tmp_path)
        assert done.returncode == 0, done.stdout
        own = "Library/Application Support/Foley" if sys.platform == "darwin" else ".local/state/foley"
        assert (person / own / "jobs.sqlite").is_file()
        assert not (tmp_path / "foley").exists()
        assert not (tmp_path / "rel").exists()
    finally:
        run(["shutdown", "--now"], world)


@posix
@pytest.mark.parametrize("name", ["status", "detect", "generate", "cancel", "wait", "cache", "shutdown"])
def test_a_state_folder_below_a_home_that_nobody_knows_is_one_clear_error(
    film: Film, tmp_path: Path, name: str
) -> None:
    words = {"FILM": str(film.path), "OUT": str(tmp_path / "t.wav")}
    arguments = [words.get(word, word) for word in COMMANDS[name][0]]
    done = run(arguments, {"FOLEY_HOME": "~nosuchuser/x"})
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"], done.stderr) == (1, "state_unusable", b"")
    assert "FOLEY_HOME" in error["hint"]


@posix
@root
def test_a_user_who_has_no_home_is_told_what_to_set(tmp_path: Path) -> None:
    nobody: dict[str, str | None] = {"HOME": None, "FOLEY_HOME": None, "XDG_STATE_HOME": None}
    become = {"user": 54321, "group": 54321, "extra_groups": []}
    try:
        done = run(["status", "--json"], nobody, **become)
    except PermissionError:
        pytest.skip("another user may not look at this Python")
    assert json.loads(done.stdout)["error"]["code"] == "state_unusable"
    findings = json.loads(run(["doctor", "--json"], nobody, **become).stdout)["findings"]
    told = {finding["name"]: finding for finding in findings}
    assert [name for name in told if told[name]["state"] == "fail"] == ["state folder"]
    assert "FOLEY_HOME" in told["state folder"]["hint"]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_what_a_stream_cannot_hold_is_escaped_in_json_and_replaced_in_text(
    film: Film, tmp_path: Path, encoding: str
) -> None:
    world: dict[str, str | None] = {"PYTHONIOENCODING": encoding}
    missing = tmp_path / "немає.mp4"
    done = run(["detect", str(missing), "--json"], world)
    error = json.loads(done.stdout.decode("ascii"))["error"]
    assert (done.returncode, error["code"]) == (1, "media_missing")
    assert str(missing) in error["message"]
    done = run(["detect", str(missing)], world)
    assert (done.returncode, b"[media_missing]" in done.stderr) == (1, True)
    done = run(["sounds", "play", "knock", "-o", str(tmp_path / "стук.wav")], world)
    assert done.returncode == 0, done.stderr
    assert b".wav" in done.stdout
    assert run(["generate", "--help"], world).returncode == 0


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="names are Unicode there")
def test_a_name_that_is_no_unicode_is_escaped_in_json(tmp_path: Path) -> None:
    missing = os.fsencode(tmp_path) + b"/caf\xe9.mp4"
    done = run(["detect", os.fsdecode(missing), "--json"], {})
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (1, "media_missing")
    assert missing in os.fsencode(error["message"])
    done = run(["detect", os.fsdecode(missing)], {})
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)


@posix
def test_in_a_folder_that_was_removed_absolute_paths_do_and_others_are_told_why_not(
    film: Film, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    hits = str(tmp_path / "hits.csv")
    for output, code, said in ((hits, 0, b""), ("hits.csv", 2, b"current folder, which is gone")):
        arguments = [sys.executable, "-m", "backend", "detect", str(film.path), "-o", output]
        command = ["sh", "-c", 'rmdir "$0"; "$@"; code=$?; mkdir "$0"; exit $code', str(gone), *arguments]
        done = subprocess.run(
            command,
            cwd=gone,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, said in done.stderr) == (code, True), done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="has a device that is always full")
@pytest.mark.parametrize(
    ("arguments", "said"), [(["sounds"], b"No space left"), (["detect", "none.mp4"], b"There is no film")]
)
def test_what_standard_output_has_no_room_for_is_told_beside(arguments: list[str], said: bytes) -> None:
    command = [sys.executable, "-m", "backend", *arguments, "--json"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, said in done.stderr, b"Traceback" in done.stderr) == (1, True, False)


STOPS = ["SIGINT", "SIGTERM", "SIGHUP"]


def begun(film: Path, output: Path, command: list[str] | None = None) -> subprocess.Popen[bytes]:
    """A command whose job goes on for ten minutes."""
    arguments = [*(command or []), sys.executable, "-m", "backend", "generate", str(film), "-o", str(output)]
    arguments += ["-p", "slow 600", "--engine", "faulty", "--json"]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def running(foley: Foley) -> str:
    """The job that runs, as soon as one does."""
    for _ in range(600):
        jobs = foley("status", "--json").json["jobs"]
        if jobs and jobs[0]["state"] == "running":
            return str(jobs[0]["id"])
        time.sleep(0.1)
    raise AssertionError("no job runs")


@posix
@pytest.mark.parametrize("name", STOPS)
def test_a_command_that_is_made_to_end_cancels_its_job(
    foley: Callable[..., Answer], film: Film, tmp_path: Path, name: str
) -> None:
    with begun(film.path, tmp_path / "t.wav") as command:
        job = running(foley)
        command.send_signal(getattr(signal, name))
        out, err = command.communicate(timeout=60)
    assert (command.returncode, json.loads(out)["error"]["code"], err) == (1, "cancelled", b"")
    (info,) = [info for info in foley("status", "--json").json["jobs"] if info["id"] == job]
    assert info["state"] == "cancelled"
    assert not (tmp_path / "t.wav").exists()


@posix
def test_a_command_that_nohup_began_outlives_its_terminal(foley: Foley, film: Film, tmp_path: Path) -> None:
    with begun(film.path, tmp_path / "t.wav", ["nohup"]) as command:
        job = running(foley)
        command.send_signal(signal.SIGHUP)
        time.sleep(1)
        assert command.poll() is None
        assert running(foley) == job
        command.send_signal(signal.SIGTERM)
        command.communicate(timeout=60)


INTERRUPTED = """
import os, signal, sys
class Interrupts:
    def find_spec(name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(Interrupts)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupts)
from backend.cli import main
main({arguments!r})
"""


@posix
@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("backend.cli.app", ["doctor"]),
        ("click", ["doctor"]),
        ("msgspec", ["doctor"]),
        ("zmq", ["status"]),
        ("backend.service.serve", ["serve"]),
    ],
)
def test_ctrl_c_while_a_command_is_loaded_shows_no_traceback(module: str, arguments: list[str]) -> None:
    code = INTERRUPTED.format(module=module, arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr
    assert b"KeyboardInterrupt" not in done.stderr


@posix
def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = f"{sys.executable} -m backend sounds | head -1"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (len(done.stdout.splitlines()), done.stderr) == (1, b"")


def test_a_cue_of_less_than_a_sample_is_told_and_nothing_is_written(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    arguments = ["generate", film.path, "-p", "x", "--out", "1/100000", "-o", tmp_path / "t.wav", "--json"]
    answer = foley(*arguments)
    assert (answer.code, answer.json["error"]["code"]) == (1, "bad_range")
    assert "sample" in answer.json["error"]["message"]
    assert not (tmp_path / "t.wav").exists()
