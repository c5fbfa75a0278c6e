"""The endurance test itself: it passes what is right, and finds what goes astray."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import msgspec
import psutil
import pytest

from backend.cli.app import main
from backend.soak.page import write_page
from backend.soak.plan import Plan
from backend.soak.run import RunLog, run
from backend.soak.verdict import latencies, verdict
from tests.films import flash_film

pytestmark = pytest.mark.process

SMALL = (320, 180)


def test_two_minutes_in_four_cues_miss_nothing(two_minutes: RunLog) -> None:
    found = verdict(two_minutes)
    assert found.failed == []
    assert found.gap_samples == 0
    assert found.impacts["heard"] == found.impacts["true"] > 80
    assert found.offset_ms.worst is not None
    assert found.offset_ms.worst <= 40
    assert {"broker", "worker"} <= set(found.memory_ratio)
    assert {one.clip.footage.kind for one in two_minutes.made} == {"29.97", "VFR"}


def test_a_short_run_says_what_it_cannot_tell(two_minutes: RunLog) -> None:
    told = " ".join(verdict(two_minutes).not_judged)
    assert all(name in told for name in ("first against last", "latency_ratio", "memory_ratio"))


def test_the_page_holds_its_drawings_and_runs_nothing(two_minutes: RunLog, tmp_path: Path) -> None:
    found = verdict(two_minutes)
    write_page(two_minutes, found, tmp_path / "soak.html")
    page = (tmp_path / "soak.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2 + len(found.memory_ratio)
    assert page.count("<circle") > found.impacts["heard"]
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    record = json.loads((tmp_path / "soak.json").read_text(encoding="utf-8"))
    assert record["offset_ms"] == msgspec.to_builtins(found.offset_ms)
    assert sum(len(cue["offsets_ms"]) for cue in record["cues"]) == found.impacts["heard"]


def test_an_engine_that_drifts_slows_and_crashes_is_found_out() -> None:
    plan = Plan(
        minutes=Fraction(1), clips=4, size=SMALL, kinds=("25",), engine="drifting", prompt="crash 6, slow 40"
    )
    log = run(plan, lambda line: None)
    found = verdict(log)
    assert [made.error for made in log.made] == [""] * 4
    assert any("offset_ms.worst" in line for line in found.failed)
    assert found.offset_ms.first is not None
    assert 55 <= found.offset_ms.first <= 100
    slower = [seconds for _, seconds in latencies(log.made)]
    assert slower[-1] > slower[0]


def test_the_clicks_of_the_engine_for_white_frames_are_heard_to_the_sample() -> None:
    plan = Plan(minutes=Fraction(1, 2), clips=1, size=(64, 36), kinds=("23.976",), engine="impulse")
    found = verdict(run(plan, lambda line: None))
    assert found.impacts["heard"] == found.impacts["true"] > 4
    assert found.offset_ms.worst is not None
    assert found.offset_ms.worst <= 1000 / 48_000


def test_nothing_is_lost_or_different_after_faults() -> None:
    plan = Plan(minutes=Fraction(1, 5), clips=2, size=SMALL, faults=5, seed=7)
    log = run(plan, lambda line: None)
    assert log.results is not None
    assert len(log.results.given) >= 3
    assert verdict(log).faults | {"kinds": None} == {
        "given": 5,
        "survived": 5,
        "lost": 0,
        "different": 0,
        "kinds": None,
    }


def test_films_that_are_given_are_run_from_the_command_line(tmp_path: Path) -> None:
    film = flash_film(tmp_path / "film", seconds=12, flashes=(40,)).path
    report = tmp_path / "new" / "report"
    done = soak("--minutes", "0.4", "--clips", "4", "--video", film, "--json", "--report", report)
    told = json.loads(done.stdout)
    assert (done.returncode, told["failed"]) == (0, [])
    assert told["offset_ms"] == {"worst": None, "p95": None, "first": None, "last": None}
    assert told["faults"] == {"given": 0, "survived": 0, "lost": 0, "different": 0}
    assert {"latency_ratio", "memory_ratio", "gap_samples"} <= set(told)
    assert any("no true impact" in line for line in told["not_judged"])
    assert (told["minutes"], told["clips"]) == (0.4, 4)
    assert sorted(path.name for path in report.iterdir()) == ["soak.html", "soak.json"]


@pytest.mark.parametrize(
    ("wrong", "code", "ended"),
    [
        ("--minutes=0", "usage", 2),
        ("--minutes=soon", "usage", 2),
        ("--minutes=1441", "usage", 2),
        ("--clips=0", "usage", 2),
        ("--video=nowhere.mp4", "media_missing", 1),
    ],
)
def test_what_makes_no_sense_is_one_clear_error(
    wrong: str, code: str, ended: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["soak", wrong, "--json"])
    assert (end.value.code, json.loads(capsys.readouterr().out)["error"]["code"]) == (ended, code)


def test_a_page_that_is_there_is_kept_and_that_is_said_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "soak.json").write_bytes(b"older")
    with pytest.raises(SystemExit) as end:
        main(["soak", "--minutes", "60", "--report", str(tmp_path), "--json"])
    assert (end.value.code, json.loads(capsys.readouterr().out)["error"]["code"]) == (1, "output_exists")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"older"]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends programs without asking them")
def test_a_run_that_is_ended_takes_its_service_and_its_files_along(tmp_path: Path) -> None:
    film = flash_film(tmp_path / "film", seconds=12, flashes=(40,)).path
    (place := tmp_path / "place").mkdir()
    command = [
        sys.executable,
        "-m",
        "backend",
        "soak",
        "--minutes",
        "10",
        "--clips",
        "50",
        "--video",
        str(film),
    ]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(place)}) as running:
        broker = json.loads(waited_for(place, "connection.json").read_text(encoding="utf-8"))["pid"]
        running.terminate()
        assert running.wait(100) != 0
    assert not psutil.pid_exists(broker)
    assert list(place.iterdir()) == []


def waited_for(folder: Path, name: str) -> Path:
    deadline = time.monotonic() + 100
    while not (found := list(folder.rglob(name))):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found[0]


def soak(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backend", "soak", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
