"""Looking after the service from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from foley_core.timecode import exact
from tests.cli.conftest import ROOT, Foley
from tests.films import Film


def test_status_and_shutdown_never_start_a_backend(foley: Foley, home: Path) -> None:
    assert foley("status", "--json").json == {"broker": None, "workers": [], "jobs": []}
    assert foley("shutdown", "--json").json == {"running": False}
    assert not (home / "connection.json").exists()


def test_status_shows_broker_worker_and_jobs(foley: Foley, film: Film, tmp_path: Path) -> None:
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav")
    status = foley("status", "--json").json
    assert status["broker"]["pid"] > 0
    (worker,) = status["workers"]
    assert (worker["state"], worker["engine"], worker["device"]) == ("ready", "procedural", "CPU")
    shown = foley("status").out
    assert "procedural on CPU, cues 1, " in shown
    (job,) = status["jobs"]
    assert (job["state"], job["progress"], job["prompt"]) == ("done", 1.0, "rain")
    line = next(line for line in shown.splitlines() if line.startswith(job["id"][:6]))
    assert f"done, {job['cost']['seconds']:.1f} s, {job['cost']['memory'] / 1e6:.0f} MB" in line
    assert line.endswith("/t.wav")
    assert "  film.mp4  " in line
    assert (job["media"], job["outputs"]) == (str(film.path), [str(tmp_path / "t.wav")])
    assert (job["place"], job["wait_s"]) == (None, None)


def test_a_backend_that_was_shut_down_is_gone_and_the_next_command_starts_another(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "a.wav")
    first = foley("status", "--json").json["broker"]["pid"]
    foley("shutdown")
    for _ in range(200):
        if foley("status", "--json").json["broker"] is None:
            break
        time.sleep(0.1)
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "b.wav")
    assert foley("status", "--json").json["broker"]["pid"] != first


def test_a_job_can_be_cancelled_from_another_terminal(foley: Foley, film: Film, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "backend", "generate", str(film.path), "-o", str(tmp_path / "t.wav")]
    command += ["-p", "slow 600", "--engine", "faulty", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as generating:
        for _ in range(600):
            jobs = foley("status", "--json").json["jobs"]
            if jobs and jobs[0]["state"] == "running":
                break
            time.sleep(0.1)
        assert foley("cancel", jobs[0]["id"]).code == 0
        out, _err = generating.communicate(timeout=60)
    assert generating.returncode == 1
    assert '"code": "cancelled"' in out
    assert not (tmp_path / "t.wav").exists()


def test_a_job_that_has_ended_is_not_said_to_be_cancelled(foley: Foley, film: Film, tmp_path: Path) -> None:
    job = foley("generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav", "--json").json["job"]
    assert foley("cancel", job, "--json").json == {"job": job, "state": "done"}


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_backend_that_is_silent_is_not_said_to_be_gone(foley: Foley, film: Film, tmp_path: Path) -> None:
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav")
    pid = foley("status", "--json").json["broker"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        answer = foley("status", "--json")
        assert (answer.code, answer.json["error"]["code"]) == (1, "backend_unreachable")
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_state_folder_that_cannot_be_used_is_one_clear_error(
    foley: Foley, film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "file"))
    answer = foley("generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "state_unusable")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
def test_a_shared_folder_with_other_things_in_it_is_not_made_private(
    foley: Foley, film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    (shared / "letter.txt").write_text("from somebody else")
    monkeypatch.setenv("FOLEY_HOME", str(shared))
    answer = foley("generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav", "--json")
    assert answer.json["error"]["code"] == "state_unusable"
    assert shared.stat().st_mode & 0o777 == 0o777


def test_a_job_that_is_not_there_cannot_be_cancelled(foley: Foley, film: Film, tmp_path: Path) -> None:
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav")
    answer = foley("cancel", "no-such-job", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "usage")
    assert "'no-such-job'" in answer.json["error"]["message"]


def test_detect_shows_each_true_impact_of_the_demo_clip_and_keeps_what_it_saw(foley: Foley) -> None:
    folder = ROOT / "installers" / "demo"
    true = [impact["time"] for impact in json.loads((folder / "demo.json").read_bytes())["impacts"]]
    answer = foley("detect", folder / "demo.mp4", "--json")
    seen = answer.json["impacts"]
    assert [impact["time"] for impact in seen] == pytest.approx(true, abs=0.04)
    assert all(exact(impact["time_exact"]) == pytest.approx(impact["time"]) for impact in seen)
    assert all(0 < impact["size"] <= 1 and 0 < impact["sure"] <= 1 for impact in seen)
    assert {impact["kind"] for impact in seen} <= {"strike", "step", "burst", "unknown"}
    assert answer.json["cuts"] == []
    assert [impact["time"] for impact in foley("detect", folder / "demo.mp4", "--json").json["impacts"]] == [
        impact["time"] for impact in seen
    ]
    assert foley("cache", "show", "--json").json["spottings"] == 1
    assert foley("cache", "clear", "--json").json["freed_bytes"] > 0
    assert foley("cache", "show", "--json").json["spottings"] == 0


@pytest.mark.parametrize("arguments", [["--help"], ["generate", "--help"], ["--version"], ["doctor"]])
def test_help_version_and_doctor_work_without_a_backend(
    foley: Foley, home: Path, arguments: list[str]
) -> None:
    answer = foley(*arguments)
    assert answer.code == 0, answer.err
    assert answer.out
    assert not (home / "connection.json").exists()
