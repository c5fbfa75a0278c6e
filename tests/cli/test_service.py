"""Looking after the service from the command line."""

from __future__ import annotations

import json
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
    assert [set(worker) >= {"pid", "engine", "state"} for worker in status["workers"]] == [True]
    (job,) = status["jobs"]
    assert (job["state"], job["progress"], job["prompt"]) == ("done", 1.0, "rain")


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


def test_a_job_that_is_not_there_cannot_be_cancelled(foley: Foley, film: Film, tmp_path: Path) -> None:
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "t.wav")
    answer = foley("cancel", "no-such-job", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "job_unknown")


def test_detect_shows_each_true_impact_of_the_demo_clip_and_keeps_what_it_saw(foley: Foley) -> None:
    folder = ROOT / "installers" / "demo"
    true = [impact["time"] for impact in json.loads((folder / "demo.json").read_bytes())["impacts"]]
    answer = foley("detect", folder / "demo.mp4", "--json")
    seen = answer.json["impacts"]
    assert [impact["time"] for impact in seen] == pytest.approx(true, abs=0.04)
    assert all(exact(impact["time_exact"]) == pytest.approx(impact["time"]) for impact in seen)
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
