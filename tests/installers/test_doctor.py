"""The doctor finds what is wrong, says what to do, and touches nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import venv
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend import paths
from backend.cli import doctor
from backend.launch import record_launch
from backend.service.jobs import JobStore


def finding(name: str) -> doctor.Finding:
    return next(found for found in doctor.run_checks() if found.name == name)


def test_a_sound_installation_has_nothing_that_fails(home: Path) -> None:
    findings = doctor.run_checks()
    assert [found for found in findings if found.state == "fail"] == []
    assert [found.name for found in findings if found.state != "ok"] == ["launch"]
    assert [found.name for found in findings] == list(doctor.CHECKS)
    assert not home.exists(), "looking leaves nothing behind"


def test_whatever_is_not_well_comes_with_what_to_do(home: Path) -> None:
    home.mkdir()
    (home / "launch.json").write_text("{")
    (home / "connection.json").write_text("{")
    home.chmod(0o755)
    for found in doctor.run_checks():
        assert (found.state == "ok") == (found.hint == ""), found


def test_a_check_that_breaks_is_itself_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> doctor.Outcome:
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setitem(doctor.CHECKS, "OpenCV", broken)
    found = finding("OpenCV")
    assert found.state == "fail"
    assert "libGL.so.1" in found.message


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_state_folder_open_to_other_users_is_told(home: Path) -> None:
    home.mkdir(mode=0o700)
    assert finding("state folder").state == "ok"
    home.chmod(0o750)
    assert finding("state folder").state == "warn"


def test_a_state_folder_that_cannot_be_made_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "file" / "home"))
    found = finding("state folder")
    assert found.state == "fail"
    assert str(tmp_path / "file") in found.message


@pytest.mark.process
def test_how_editors_start_the_backend_is_checked_against_what_is_there(home: Path) -> None:
    record_launch()
    found = finding("launch")
    assert found.state == "ok"
    assert sys.executable in found.message

    gone = str(home / "no-such-python")
    (home / "launch.json").write_text(json.dumps({"command": [gone, "-m", "backend", "serve"], "build": "1"}))
    found = finding("launch")
    assert found.state == "fail"
    assert gone in found.message

    (home / "launch.json").write_text("[]")
    assert finding("launch").state == "fail"


@pytest.mark.process
def test_an_installation_that_editors_would_start_is_tried(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    venv.create(tmp_path / "broken", with_pip=False)
    names = ("bin/python", "Scripts/python.exe")
    (python,) = (path for name in names for path in (tmp_path / "broken").glob(name))
    launch = {"command": [str(python), "-m", "backend", "serve"], "build": "99.0.0"}
    (home / "launch.json").write_text(json.dumps(launch))
    found = finding("launch")
    assert found.state == "fail"
    assert "No module named 'backend'" in found.message
    assert not (home / "connection.json").exists()


def test_jobs_of_a_newer_version_are_told_with_the_way_out(home: Path) -> None:
    JobStore(paths.make_home() / "jobs.sqlite").close()
    with closing(sqlite3.connect(home / "jobs.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    before = sorted(home.iterdir())
    found = finding("jobs")
    assert (found.state, "form 99" in found.message, "setup" in found.hint) == ("fail", True, True)
    assert sorted(home.iterdir()) == before


def test_a_backend_that_runs_is_found_and_one_that_was_killed_is_told(
    backend: subprocess.Popen[bytes], home: Path
) -> None:
    found = finding("backend")
    assert found.state == "ok"
    assert str(backend.pid) in found.message

    backend.kill()
    backend.wait()
    assert (home / "connection.json").exists()
    found = finding("backend")
    assert found.state == "ok"
    assert "did not end by itself" in found.message


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_backend_that_is_stopped_is_told_by_its_number(backend: subprocess.Popen[bytes]) -> None:
    backend.send_signal(signal.SIGSTOP)
    found = finding("backend")
    backend.send_signal(signal.SIGCONT)
    assert (found.state, str(backend.pid) in found.message) == ("fail", True)
    assert found.hint.startswith("End that process")


def test_a_backend_that_does_not_run_is_not_started(home: Path) -> None:
    assert finding("backend").message.startswith("not running")
    assert not (home / "connection.json").exists()


@pytest.mark.process
@pytest.mark.parametrize("missing", ["click", "msgspec", "zmq", "av"])
def test_an_environment_that_lacks_a_package_says_which_and_what_to_do(missing: str, home: Path) -> None:
    words = ["generate", "film.mp4", "-p", "rain", "-o", "take.wav"]
    program = f"import sys; sys.modules[{missing!r}] = None; from backend.cli import main; main({words})"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith(f"Error: Foley's environment is not whole: {missing} is missing. Run ")
    assert told.stderr.count("\n") == 1


def test_a_finding_and_what_to_do_about_it_are_two_sentences(home: Path) -> None:
    home.mkdir()
    launch = home / "launch.json"
    launch.write_text("[]")
    lines = CliRunner().invoke(doctor.doctor).stdout.splitlines()
    (told,) = [line for line in lines if " launch: " in line]
    assert told == f"fail  launch: {launch} cannot be read. Run `python3 installers/bootstrap.py setup`."
