"""Clients of the versions before, as they were, against this backend: what they did with theirs, they do.

`tests/data/kept` has the one that came with the last backend of protocol 1.0, and the first that there was.
"""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from backend import build
from tests.backend.golden import golden
from tests.boundaries.sources import ROOT
from tests.plugins.backends import connection, end_backend, kill_backend

pytestmark = pytest.mark.process

KEPT = ("foley_client_1_0", "foley_client_first")
PATIENCE = 60.0
Event = dict[str, Any]


def module(name: str) -> ModuleType:
    """A kept client's module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "data" / "kept" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


class Kept:
    """A kept client, and all that it told, in its order."""

    def __init__(self, name: str) -> None:
        self.module = module(name)
        self.client = self.module.Client("an editor of then")
        self.told: list[Event] = []

    def until(self, wanted: Callable[[Event], bool]) -> Event:
        """The first event of that kind, of those that it has told already too."""
        deadline, seen = time.monotonic() + PATIENCE, 0
        while time.monotonic() < deadline:
            for event in self.told[seen:]:
                if wanted(event):
                    return event
            seen = len(self.told)
            self.told += self.client.wait(1.0)
        raise AssertionError(f"it did not come; what came: {self.told[-5:]}")

    def reply(self, kind: str, **fields: Any) -> Event:
        """The reply to a request."""
        asked = self.client.ask(kind, **fields)
        return self.until(lambda event: event.get("re") == asked)

    def submit(self, film: Path, take: Path, prompt: str = "", **cue: Any) -> str:
        """A cue of half a second for the engine that does as the prompt says."""
        values = {
            "media": str(film),
            "in": "0",
            "out": "1/2",
            "engine": "faulty",
            "prompt": prompt,
            "seed": 7,
        }
        return str(self.client.submit({**values, **cue}, {"takes": [str(take)]}))

    def push(self, job: str, *kinds: str) -> Event:
        """The first push of a job of one of these kinds."""
        return self.until(lambda event: event.get("job") == job and event["type"] in kinds)

    def end(self, job: str) -> Event:
        """The push with which a job ends."""
        return self.push(job, "done", "failed", "cancelled")

    @property
    def states(self) -> list[str]:
        """Those that it went through."""
        return [event["state"] for event in self.told if event["type"] == "state"]


@pytest.fixture(params=KEPT)
def kept(request: pytest.FixtureRequest, home: Path, launch: Path) -> Iterator[Kept]:
    kept = Kept(request.param)
    yield kept
    kept.client.close()
    end_backend(home)
    for child in getattr(kept.module, "_children", ()):  # the first one held on to them
        child.wait(PATIENCE)


def test_it_starts_the_backend_greets_it_and_gets_its_take(kept: Kept, film: Path, tmp_path: Path) -> None:
    job = kept.submit(film, tmp_path / "take.wav", "slow 5", hits=["1/4"])
    done = kept.end(job)
    assert done["type"] == "done"
    (take,) = done["takes"]
    assert (take["path"], take["samples"], take["start_exact"]) == (str(tmp_path / "take.wav"), 24_000, "0/1")
    assert [impact["time_exact"] for impact in take["impacts"]] == ["1/4"]
    assert (tmp_path / "take.wav").is_file()
    progress = [event["progress"] for event in kept.told if event["type"] == "progress"]
    assert len(progress) > 3
    assert progress == sorted(progress)
    assert kept.states == ["starting", "greeting", "ready"]


def test_it_sees_no_older_backend_in_this_one_and_leaves_it_running(kept: Kept, home: Path) -> None:
    assert kept.reply("ping")["type"] == "pong"
    instance = connection(home)["instance"]
    recorded = json.loads((home / "launch.json").read_text())["build"]
    assert kept.reply("status")["broker"]["build"] == recorded == build.build()
    then = golden("1.0", "published/launch")["build"]
    assert kept.module.order(then) < kept.module.order(recorded)
    again = Kept(KEPT[0])
    again.client.connect()
    again.until(lambda event: event.get("state") == "ready")
    again.client.close()
    assert "replacing" not in kept.states + again.states
    assert connection(home)["instance"] == instance


def test_it_ends_jobs_that_run_and_that_wait(kept: Kept, film: Path, tmp_path: Path) -> None:
    running = kept.submit(film, tmp_path / "running.wav", "slow 600")
    waiting = kept.submit(film, tmp_path / "waiting.wav")
    kept.until(lambda event: event.get("job") == running and event.get("stage") == "sound")
    for job in (waiting, running):
        kept.client.cancel(job)
        assert kept.end(job)["type"] == "cancelled"
    assert not list(tmp_path.glob("*.wav"))


def test_it_reads_status_and_lists(kept: Kept, film: Path, tmp_path: Path) -> None:
    job = kept.submit(film, tmp_path / "take.wav", batch="reel 1")
    kept.end(job)
    (worker,) = kept.reply("status")["workers"]
    assert (worker["state"], worker["engine"], worker["cues"]) == ("ready", "faulty", 1)
    (info,) = kept.reply("status", job=job)["jobs"]
    assert (info["id"], info["state"], info["progress"], len(info["takes"])) == (job, "done", 1.0, 1)
    for fields in ({}, {"batch": "reel 1", "states": ["done"], "limit": 1}, {"batch": None, "states": None}):
        assert [info["id"] for info in kept.reply("list", **fields)["jobs"]] == [job]
    assert kept.reply("list", limit=0)["jobs"] == []


def test_it_is_told_what_is_wrong_by_codes_at_once_and_later(kept: Kept, film: Path, tmp_path: Path) -> None:
    wrong = {
        "media_missing": {"media": str(tmp_path / "nowhere.mp4")},
        "bad_range": {"in": "2", "out": "1"},
        "bad_cue": {"takes": 100},
        "engine_failed": {"prompt": "raise"},
    }
    for code, cue in wrong.items():
        failed = kept.end(kept.submit(film, tmp_path / "take.wav", **cue))
        assert (failed["type"], failed["error"]["code"]) == ("failed", code)
    assert kept.reply("status", job="nobody")["error"]["code"] == "job_unknown"
    kept.client.subscribe(["nobody"])
    assert kept.end("nobody")["error"]["code"] == "job_unknown"


def test_its_jobs_come_though_the_backend_is_killed(
    kept: Kept, home: Path, film: Path, tmp_path: Path
) -> None:
    jobs = [kept.submit(film, tmp_path / f"{at}.wav", "slow 20", seed=at) for at in range(2)]
    kept.until(lambda event: event.get("job") == jobs[0] and event.get("stage") == "sound")
    kill_backend(home)
    for job in jobs:
        assert kept.end(job)["type"] == "done"
    assert kept.states.count("ready") == 2


def test_its_jobs_come_though_another_client_ends_the_backend(kept: Kept, film: Path, tmp_path: Path) -> None:
    jobs = [kept.submit(film, tmp_path / f"{at}.wav", "slow 20", seed=at) for at in range(2)]
    kept.until(lambda event: event.get("job") == jobs[0] and event.get("stage") == "sound")
    another = Kept(KEPT[0])
    assert another.reply("shutdown", mode="drain")["type"] == "ok"
    another.client.close()
    late = kept.submit(film, tmp_path / "late.wav", seed=2)
    for job in (*jobs, late):
        assert kept.end(job)["type"] == "done"


def test_it_replaces_a_backend_older_than_the_one_that_is_recorded(
    kept: Kept, home: Path, film: Path, tmp_path: Path
) -> None:
    older = Kept(KEPT[0])
    older.reply("ping")
    older.client.close()
    instance = connection(home)["instance"]
    recorded = json.loads((home / "launch.json").read_text())
    (home / "launch.json").write_text(json.dumps({**recorded, "build": "99.0.0+3"}))
    assert kept.end(kept.submit(film, tmp_path / "take.wav"))["type"] == "done"
    assert "replacing" in kept.states
    assert connection(home)["instance"] != instance
