"""What `foley status` shows of a backend of an older version, which says less than one of this."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from backend.cli import status
from backend.client import Client

BARE = {"id": "0d8c1f2e", "state": "done", "progress": 1.0}
WHOLE = {
    **BARE,
    "stage": "",
    "created": 1.0,
    "media": "/films/door.mp4",
    "cost": {"worker": 7, "seconds": 2.0, "memory": 10**8},
    "short": "0d8c1f",
    "deliver": {"takes": ["/sound/door.wav"]},
}


def shown(monkeypatch: pytest.MonkeyPatch, report: dict[str, Any], *options: str) -> str:
    monkeypatch.setattr(Client, "request", lambda *asked, **more: report)
    done = CliRunner().invoke(status.status, list(options), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("state", ["queued", "running", "done", "failed", "cancelled"])
@pytest.mark.parametrize("left_out", [*(name for name in WHOLE if name not in ("id", "state")), "all"])
def test_a_job_of_which_less_is_told_is_shown(
    monkeypatch: pytest.MonkeyPatch, home: Path, state: str, left_out: str
) -> None:
    job = {name: value for name, value in WHOLE.items() if name != left_out}
    job = {**(BARE if left_out == "all" else job), "state": state}
    report = {"broker": {"pid": 7, "build": "0.1.0+20261120000000"}, "workers": [{"pid": 8}], "jobs": [job]}
    lines = shown(monkeypatch, report).splitlines()
    assert lines[0].startswith("Backend 0.1.0+20261120000000, process 7")
    assert lines[1].startswith("Worker ")
    assert lines[2].startswith("0d8c1f")
    assert state in lines[2]
    assert json.loads(shown(monkeypatch, report, "--json"))["jobs"][0]["id"] == BARE["id"]


@pytest.mark.parametrize(
    ("mode", "words"), [("drain", "once the running job has ended"), ("now", "is ending")]
)
def test_that_the_backend_leaves_is_told(
    monkeypatch: pytest.MonkeyPatch, home: Path, mode: str, words: str
) -> None:
    broker = {"pid": 7, "build": "0.2.0+3", "leaving": mode}
    assert words in shown(monkeypatch, {"broker": broker, "workers": [], "jobs": []}).splitlines()[1]


def test_what_is_told_is_shown(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    worker = {"pid": 8, "state": "ready", "engine": "procedural", "device": "CPU", "cues": 2, "memory": 10**8}
    broker = {"pid": 7, "build": "0.2.0+3", "home": "/srv/foley"}
    _, second, third = shown(
        monkeypatch, {"broker": broker, "workers": [worker], "jobs": [WHOLE]}
    ).splitlines()
    assert second == "Worker  ready, process 8, procedural on CPU, cues 2, 100 MB"
    assert "done, 2.0 s, 100 MB" in third
    assert third.endswith("door.mp4  /sound/door.wav")


@pytest.mark.parametrize("wait_s", [None, 7, 170, 36_000])
def test_how_many_outputs_there_are_and_who_asked_stays_whole_however_long_the_rest_is(
    monkeypatch: pytest.MonkeyPatch, home: Path, wait_s: int | None
) -> None:
    takes = [f"/sound/{'x' * 90}-{number}.wav" for number in range(12)]
    told = {"short": "j" * 40, "media": f"/films/{'long ' * 30}.mp4", "deliver": {"takes": takes}}
    waits = {"state": "queued", "place": 12, "wait_s": wait_s, "reason": "restart", "client": "an editor"}
    waits["created"] = time.time() - 600
    report = {"broker": {"pid": 7, "build": "1"}, "workers": [], "jobs": [{**WHOLE, **told, **waits}]}
    line = shown(monkeypatch, report).splitlines()[1]
    assert len(line) <= 100
    assert line.endswith(" +11 (an editor)")
    assert "worker" not in line
