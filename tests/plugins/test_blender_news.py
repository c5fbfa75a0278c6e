"""What the add-on tells the user, once each, and how far it says that the queue is; needs no Blender."""

from __future__ import annotations

import importlib
import sys
import types
from collections import deque
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest


def _part(name: str) -> Any:
    package = types.ModuleType("blender_addon_core")
    package.__path__ = [str(Path(__file__).parents[2] / "plugins" / "blender_addon" / "core")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


news, progress, batches, jobs = _part("news"), _part("progress"), _part("batches"), _part("job")
Problem, Picture, Wishes = _part("problem").Problem, _part("picture").Picture, _part("wishes").Wishes
NOW = 1_000.0


def job(name: str = "a", batch: str = "", **known: Any) -> Any:
    stretch = (Fraction(0), Fraction(4), Fraction(24))
    picture = Picture("Scene", "uid", "Clip", "film.mp4", 0.0, 96, *stretch)
    return jobs.Job(name, picture, Wishes(prompt="wood"), batch=batch, **known)


def test_the_same_problem_of_several_jobs_is_one_report_that_counts() -> None:
    told = news.News()
    for name in "abc":
        told.failed(job(name), Problem("engine_failed", "It broke."), None)
    told.failed(job("d"), Problem("no_channel", "No channel is free."), None)
    assert [(one.problem.code, one.times) for one in told.opened()] == [
        ("engine_failed", 3),
        ("no_channel", 1),
    ]
    assert told.opened() == []


def test_a_problem_of_no_job_is_reported_once_until_something_is_asked_for_again() -> None:
    told, lost = news.News(), Problem("backend_unreachable", "It is gone.")
    told.report(lost)
    assert len(told.opened()) == 1
    told.report(lost)
    assert told.opened() == []
    assert str(told.newest) == str(lost)
    told.begin()
    assert told.newest is None
    told.report(lost)
    assert len(told.opened()) == 1


def test_a_batch_is_told_when_it_is_over() -> None:
    told, batch = news.News(), batches.Batch()
    told.placed(job("a", "b"), 2.0, batch)
    told.failed(job("c", "b"), Problem("engine_failed", "It broke."), batch)
    assert (list(told.lines), told.reports) == ([], [])
    told.over(batch)
    assert list(told.lines) == ["1 shot scored, 1 failed."]
    assert [one.times for one in told.opened()] == [1]


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        (["Foley"], "1 shot scored on Foley."),
        (["Foley 2", "Foley"], "1 shot scored on Foley and Foley 2."),
        (
            ["Foley hits", "Foley movement", "Foley ambience"],
            "1 shot scored on Foley ambience, Foley hits and Foley movement.",
        ),
        ([f"Channel {number}" for number in range(4)], "1 shot scored on 4 channels."),
    ],
)
def test_the_channels_of_a_batch_are_named_while_they_are_few(channels: list[str], said: str) -> None:
    told, batch = news.News(), batches.Batch()
    told.placed(job("a", "b"), 2.0, batch, channels)
    told.over(batch)
    assert list(told.lines) == [said]


def test_a_job_of_a_batch_that_was_cancelled_counts_whether_it_was_asked_for_or_not() -> None:
    known = batches.Batches()
    known.begin(job("a", "b"))
    known.cancel(job("a", "b"))
    steps = deque([batches.Asking("b", list), batches.Asking("c", list), list])
    known.give_up(steps)
    assert not steps
    told = news.News()
    for batch in known.over(lambda name: int(name == "c")):
        told.over(batch)
    assert (list(told.lines), list(known)) == (["0 shots scored, 2 cancelled."], ["c"])


def test_a_batch_of_which_nothing_came_is_not_told() -> None:
    told = news.News()
    told.over(batches.Batch())
    assert not told.lines


def standing(*running: Any, held: int = 0, later: int = 0, known: Any = None) -> Any:
    return progress.Standing(list(running), [job(str(at)) for at in range(held)], later, known or {})


AT_WORK: dict[str, Any] = {"stage": "sound", "progress": 0.4, "began_at": NOW - 20}

LINES = [
    (standing(), ""),
    (standing(job()), "Waiting"),
    (standing(job(place="behind 1 job")), "Waiting, behind 1 job"),
    (standing(job(**AT_WORK)), "Making the sound 40 %, about 30 s left"),
    (standing(job(**AT_WORK), job("b")), "1 of 2, Making the sound 40 %, about 2 min left"),
    (standing(job(stage="rendering"), later=2), "1 of 3, Rendering the picture"),
    (standing(held=3), "1 of 3, paused"),
    (standing(job(stage="a stage of a newer version", began_at=NOW)), "a stage of a newer version"),
]


@pytest.mark.parametrize(("queue", "line"), LINES)
def test_how_far_the_queue_is_is_said_in_a_line(queue: Any, line: str) -> None:
    assert queue.line(NOW) == line
    assert 0 <= queue.share() <= 1


def test_a_batch_counts_what_has_ended_and_failed_and_goes_on_as_fast_as_so_far() -> None:
    batch = batches.Batch(failures=[batches.Failure(Problem("engine_failed", "It broke."), job())])
    for _ in range(2):
        batch.end(20.0)
    queue = standing(job(batch="x", **{**AT_WORK, "began_at": NOW - 10}), later=10, known={"x": batch})
    assert queue.line(NOW) == "3 of 13, 1 failed, Making the sound 40 %, about 4 min left"
    assert queue.share() == pytest.approx(2.4 / 13)
    there = job("y", "x", takes=[{}])
    assert standing(there, known={"x": batch}).line(NOW).startswith("2 of 2, ")
