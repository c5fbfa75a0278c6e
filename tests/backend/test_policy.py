"""What is done when something goes wrong, as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.cache.eviction import CacheEntry, excess, kept_free, oldest
from backend.service.policy import (
    ENDING,
    GIVE_UP_AFTER,
    LONGEST_DELAY,
    MAX_INTERRUPTIONS,
    JobFate,
    StopStep,
    WorkerLoss,
    cancel_patience,
    cause,
    due_steps,
    failures_after,
    fate_of_interrupted,
    job_fate,
    leaves_preview_out,
    patience,
    restart_delay,
)


@pytest.mark.parametrize(
    ("loss", "attempts", "cancelling", "expected"),
    [
        (WorkerLoss.CRASHED, 1, False, JobFate.AGAIN),
        (WorkerLoss.CRASHED, 2, False, JobFate.WORKER_CRASHED),
        (WorkerLoss.CRASHED, 3, False, JobFate.WORKER_CRASHED),
        (WorkerLoss.HUNG, 1, False, JobFate.AGAIN),
        (WorkerLoss.HUNG, 2, False, JobFate.WORKER_HUNG),
        (WorkerLoss.CRASHED, 1, True, JobFate.CANCELLED),
        (WorkerLoss.HUNG, 2, True, JobFate.CANCELLED),
        (WorkerLoss.CANCEL_IGNORED, 1, True, JobFate.CANCELLED),
    ],
)
def test_what_becomes_of_a_job_whose_worker_was_lost(loss, attempts, cancelling, expected):
    assert job_fate(loss, attempts, cancelling, stage="sound") is expected


@pytest.mark.parametrize("loss", [WorkerLoss.CRASHED, WorkerLoss.HUNG])
def test_a_job_lost_over_its_preview_is_tried_once_more_without_it(loss):
    fates = [job_fate(loss, attempts, False, stage="preview") for attempts in (1, 2)]
    assert fates == [JobFate.AGAIN, JobFate.AGAIN]
    assert [leaves_preview_out(attempts) for attempts in (1, 2, 3)] == [False, False, True]
    assert job_fate(loss, 3, False, stage="report") not in (JobFate.AGAIN, JobFate.CANCELLED)
    assert job_fate(loss, 2, True, stage="preview") is JobFate.CANCELLED


@pytest.mark.parametrize(
    ("interruptions", "cancelling", "expected"),
    [
        (0, False, JobFate.AGAIN),
        (MAX_INTERRUPTIONS - 1, False, JobFate.AGAIN),
        (MAX_INTERRUPTIONS, False, JobFate.WORKER_CRASHED),
        (0, True, JobFate.CANCELLED),
        (MAX_INTERRUPTIONS, True, JobFate.CANCELLED),
    ],
)
def test_what_becomes_of_a_job_that_a_dead_backend_left_running(interruptions, cancelling, expected):
    assert fate_of_interrupted(interruptions, cancelling) is expected


@pytest.mark.parametrize(
    ("failures", "loss", "ready_for", "expected"),
    [
        (0, WorkerLoss.CRASHED, None, 1),
        (4, WorkerLoss.CRASHED, None, 5),
        (4, WorkerLoss.HUNG, None, 5),
        (0, WorkerLoss.CRASHED, 0.5, 1),
        (4, WorkerLoss.CRASHED, 0.5, 4),
        (4, WorkerLoss.CRASHED, 10.0, 0),
        (3, WorkerLoss.CANCEL_IGNORED, 1.0, 0),
    ],
)
def test_only_starts_that_fail_lead_to_giving_up(failures, loss, ready_for, expected):
    assert failures_after(failures, loss, ready_for) == expected


def test_restarts_wait_longer_each_time_and_then_end():
    assert [restart_delay(failures) for failures in range(6)] == [0.0, 1.0, 2.0, 4.0, 8.0, None]
    assert all(
        (delay := restart_delay(failures)) is None or delay <= LONGEST_DELAY for failures in range(100)
    )


def test_a_worker_that_gets_ready_is_never_given_up():
    failures = 0
    for _ in range(50):
        failures = failures_after(failures, WorkerLoss.CRASHED, ready_for=0.1)
    assert failures < GIVE_UP_AFTER
    assert restart_delay(failures) is not None


def test_loading_may_take_longer_than_any_other_stage():
    assert patience("load", 60.0) == 600.0
    assert patience("sound", 60.0) == patience("", 60.0) == 60.0


def test_a_cancel_that_is_not_heard_is_noticed_before_the_worker_counts_as_hung():
    assert cancel_patience(60.0) == 10.0
    assert all(cancel_patience(timeout) < patience("sound", timeout) for timeout in (0.5, 3.0, 60.0))


@pytest.mark.parametrize(
    ("elapsed", "done", "expected"),
    [
        (0.0, 0, (StopStep.DUMP,)),
        (0.4, 1, ()),
        (0.5, 1, (StopStep.TERMINATE,)),
        (5.4, 2, ()),
        (5.5, 2, (StopStep.KILL,)),
        (9.0, 0, (StopStep.DUMP, StopStep.TERMINATE, StopStep.KILL)),
        (9.0, len(ENDING), ()),
    ],
)
def test_a_worker_that_must_end_is_asked_before_it_is_killed(elapsed, done, expected):
    assert due_steps(elapsed, done) == expected


def test_an_exit_code_is_told_in_words():
    assert cause(-9) == "killed; out of memory?"
    assert "native code" in cause(-11)
    assert cause(-15) == "killed by a signal"
    assert cause(1) == "it ended by itself"


@pytest.mark.parametrize(
    ("held", "quota", "free", "keep_free", "needed", "expected"),
    [
        (0, 100, 1000, 10, 0, 0),
        (90, 100, 1000, 10, 10, 0),
        (90, 100, 1000, 10, 20, 10),
        (50, 100, 15, 10, 10, 5),
        (95, 100, 5, 10, 10, 15),
    ],
)
def test_the_cache_makes_room_for_its_quota_and_for_the_disk(held, quota, free, keep_free, needed, expected):
    assert excess(held, quota, free, keep_free, needed) == expected


def test_a_small_disk_keeps_a_twentieth_free():
    assert kept_free(1 << 20) == (1 << 20) // 20
    assert kept_free(1 << 50) == 10 << 30


def test_what_was_used_longest_ago_goes_first_but_never_what_is_needed():
    entries = [
        CacheEntry(Path(name), 10, used) for name, used in (("new", 3.0), ("old", 1.0), ("middle", 2.0))
    ]
    assert [entry.path.name for entry in oldest(entries, 15, keep=())] == ["old", "middle"]
    assert [entry.path.name for entry in oldest(entries, 15, keep={"old"})] == ["middle", "new"]
    assert oldest(entries, 0, keep=()) == []
