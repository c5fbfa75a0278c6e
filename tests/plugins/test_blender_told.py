"""What the add-on keeps of what the backend tells of itself; needs no Blender."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def told() -> Any:
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.told").Told()


def worker(pid: int) -> dict[str, Any]:
    return {"pid": pid, "engines": ["hunyuan", "procedural"]}


def status(*jobs: dict[str, Any], pid: int = 1, re: str = "7") -> dict[str, Any]:
    return {"type": "status", "re": re, "workers": [worker(pid)], "jobs": list(jobs)}


def named(told: Any) -> list[str]:
    return [engine.name for engine in told.engines()]


def test_engines_that_cannot_be_used_are_offered_last_with_why_and_what_helps(told: Any) -> None:
    told.take_in(status(), ())
    assert named(told) == ["hunyuan", "procedural"]
    lacking = {"name": "hunyuan", "usable": False, "why": "There are no weights.", "hint": "Get them."}
    engines = [lacking, {"name": "procedural", "usable": True, "why": "", "device": "CPU"}]
    told.take_in({"type": "capabilities", "engines": engines}, ())
    for _ in range(2):
        built_in, neural = told.engines()
        assert (built_in.name, built_in.usable, built_in.device) == ("procedural", True, "CPU")
        assert (neural.usable, neural.why, neural.hint) == (False, "There are no weights.", "Get them.")
        assert told.usable == ["procedural"]
        told.take_in(status(), ())


def test_the_device_that_an_engine_was_used_on_is_told_with_it(told: Any) -> None:
    one = worker(1)
    one.update(engine="hunyuan", device="NVIDIA H200")
    told.take_in({**status(), "workers": [one]}, ())
    assert [(engine.name, engine.device) for engine in told.engines()] == [
        ("hunyuan", "NVIDIA H200"),
        ("procedural", ""),
    ]


def test_where_the_worker_is_another_its_engines_are_asked_for_anew(told: Any) -> None:
    told.take_in(status(), ())
    told.take_in({"type": "capabilities", "engines": [{"name": "procedural", "usable": True}]}, ())
    told.take_in(status(pid=2), ())
    assert told.usable == told.known == []


def test_before_there_is_a_worker_nothing_is_offered(told: Any) -> None:
    told.take_in({"type": "capabilities", "engines": None}, ())
    assert told.engines() == []


def test_jobs_of_others_are_counted_by_who_asked_for_them(told: Any) -> None:
    told.asked = "7"
    jobs = [{"id": "a", "client": "blender 4.5"}, {"id": "b", "client": "foley command line"}]
    jobs += [
        {"id": "c", "client": "foley command line"},
        {"id": "d"},
        {"id": "ours", "client": "blender 4.5"},
    ]
    told.take_in(status(*jobs), {"ours": None})
    assert told.lines() == [
        "1 job of another program",
        "1 job of blender 4.5",
        "2 jobs of foley command line",
    ]
    told.take_in(status(jobs[0], re="8"), ())
    assert len(told.lines()) == 3
    told.take_in(status(), ())
    assert told.lines() == []


@pytest.mark.parametrize(("mode", "words"), [("drain", "running job"), ("now", "Ending")])
def test_a_backend_that_leaves_is_said_to_until_the_connection_is_another(
    told: Any, mode: str, words: str
) -> None:
    told.take_in({"type": "leaving", "mode": mode}, ())
    assert words in told.lines()[0]
    told.take_in({"type": "state", "state": "away", "error": None}, ())
    assert told.lines() == []
