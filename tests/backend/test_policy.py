"""What is done when something goes wrong, as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.cache.eviction import Entry, excess, kept_free, oldest
from backend.service.policy import (
    ENDING,
    GIVE_UP_AFTER,
    LONGEST_DELAY,
    MAX_INTERRUPTIONS,
    Fate,
    Loss,
    Step,
    cancel_patience,
    cause,
    due_steps,
    failures_after,
    fate,
    fate_of_interrupted,
    patience,
    restart_delay,
)


@pytest.mark.parametrize(
    ("loss", "attempts", "cancelling", "expected"),
    [
        (Loss.CRASHED, 1, False, Fate.AGAIN),
        (Loss.CRASHED, 2, False, Fate.WORKER_CRASHED),
        (Loss.CRASHED, 3, False, Fate.WORKER_CRASHED),
        (Loss.HUNG, 1, False, Fate.AGAIN),
        (Loss.HUNG, 2, False, Fate.WORKER_HUNG),
        (Loss.CRASHED, 1, True, Fate.CANCELLED),
        (Loss.HUNG, 2, True, Fate.CANCELLED),
        (Loss.CANCEL_IGNORED, 1, True, Fate.CANCELLED),
    ],
)
def test_what_becomes_of_a_job_whose_worker_was_lost(loss, attempts, cancelling, expected):
    assert fate(loss, attempts, cancelling) is expected


@pytest.mark.parametrize(
    ("interruptions", "cancelling", "expected"),
    [
        (0, False, Fate.AGAIN),
        (MAX_INTERRUPTIONS - 1, False, Fate.AGAIN),
        (MAX_INTERRUPTIONS, False, Fate.WORKER_CRASHED),
        (0, True, Fate.CANCELLED),
        (MAX_INTERRUPTIONS, True, Fate.CANCELLED),
    ],
)
def test_what_becomes_of_a_job_that_a_dead_backend_left_running(interruptions, cancelling, expected):
    assert fate_of_interrupted(interruptions, cancelling) is expected


@pytest.mark.parametrize(
    ("failures", "loss", "ready_for", "expected"),
    [
        (0, Loss.CRASHED, None, 1),
        (4, Loss.CRASHED, None, 5),
        (4, Loss.HUNG, None, 5),
        (0, Loss.CRASHED, 0.5, 1),
        (4, Loss.CRASHED, 0.5, 4),
        (4, Loss.CRASHED, 10.0, 0),
        (3, Loss.CANCEL_IGNORED, 1.0, 0),
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
        failures = failures_after(failures, Loss.CRASHED, ready_for=0.1)
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
        (0.0, 0, (Step.DUMP,)),
        (0.4, 1, ()),
        (0.5, 1, (Step.TERMINATE,)),
        (5.4, 2, ()),
        (5.5, 2, (Step.KILL,)),
        (9.0, 0, (Step.DUMP, Step.TERMINATE, Step.KILL)),
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
    entries = [Entry(Path(name), 10, used) for name, used in (("new", 3.0), ("old", 1.0), ("middle", 2.0))]
    assert [entry.path.name for entry in oldest(entries, 15, keep=())] == ["old", "middle"]
    assert [entry.path.name for entry in oldest(entries, 15, keep={"old"})] == ["middle", "new"]
    assert oldest(entries, 0, keep=()) == []
