"""What a job that waits is told: its place, how long, and why; by any queue, and by a real broker."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.service.waiting import (
    LAST_FEW,
    Kind,
    Place,
    Spent,
    Work,
    about,
    places,
    seconds_for,
    wait_reason,
)
from foley_core.neural_settings import NEURAL_DEFAULTS
from tests.backend.support import RawClient, Service, cue_of, until

KINDS = [
    Kind(engine, NEURAL_DEFAULTS, preview) for engine in ("auto", "hunyuan") for preview in (False, True)
]
PLAIN = KINDS[0]
REASONS = ("start", "load", "renewal", "restart", "ending")

kinds = st.sampled_from(KINDS)
films = st.floats(0, 10_000)
works = st.builds(Work, kinds, st.none() | films)
shares = st.floats(0, 1)
runs = st.none() | st.tuples(works, shares)
spents = st.lists(st.builds(Spent, kinds, st.floats(0.01, 10_000), st.floats(0, 100_000)), max_size=20)
queues = st.lists(works, max_size=12)


def waits(found: list[Place]) -> list[float]:
    """Where nothing is known, it may be for ever."""
    return [float("inf") if place.wait_s is None else place.wait_s for place in found]


@given(queues, runs, spents)
def test_places_count_up_and_nobody_waits_less_than_the_one_before(
    queued: list[Work], running: Any, spent: list[Spent]
) -> None:
    found = places(queued, running, spent, "jobs")
    first = 0 if running is None else 1
    assert [place.before for place in found] == list(range(first, first + len(queued)))
    assert waits(found) == sorted(waits(found))
    assert all(wait >= 0 for wait in waits(found))


@given(queues, runs, spents, st.data())
def test_a_job_that_is_cancelled_counts_no_longer_and_changes_nothing_for_those_before_it(
    queued: list[Work], running: Any, spent: list[Spent], data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, len(queued)))
    queued = [*queued[:gone], data.draw(works), *queued[gone:]]
    before = places(queued, running, spent, "jobs")
    after = places(queued[:gone] + queued[gone + 1 :], running, spent, "jobs")
    assert after[:gone] == before[:gone]
    assert [place.before for place in after[gone:]] == [place.before - 1 for place in before[gone + 1 :]]
    for shorter, longer in zip(waits(after[gone:]), waits(before[gone + 1 :]), strict=True):
        assert shorter <= longer


@given(queues, works, shares, shares, spents)
def test_work_that_is_done_makes_no_wait_longer(
    queued: list[Work], work: Work, one: float, other: float, spent: list[Spent]
) -> None:
    earlier = waits(places(queued, (work, min(one, other)), spent, "jobs"))
    later = waits(places(queued, (work, max(one, other)), spent, "jobs"))
    assert all(now <= then for now, then in zip(later, earlier, strict=True))


@given(queues, works, runs)
def test_before_any_job_is_through_only_the_very_next_knows_how_long(
    queued: list[Work], last: Work, running: Any
) -> None:
    found = places([*queued, last], running, [], "jobs")
    assert [place.wait_s for place in found if place.before] == [None for place in found if place.before]
    assert running is not None or found[0].wait_s == 0


@given(queues, runs, spents, st.sampled_from(REASONS))
def test_while_something_else_is_waited_for_it_is_named_and_nothing_promised(
    queued: list[Work], running: Any, spent: list[Spent], reason: Any
) -> None:
    assert {(place.wait_s, place.reason) for place in places(queued, running, spent, reason)} <= {
        (None, reason)
    }


@given(spents, works)
def test_only_the_last_few_of_its_kind_tell_how_long_a_job_takes(spent: list[Spent], work: Work) -> None:
    alike = [one for one in spent if one.kind == work.kind][-LAST_FEW:]
    assert seconds_for(work, spent) == seconds_for(work, alike)
    others = [replace(one, kind=replace(one.kind, engine="another")) for one in spent]
    assert seconds_for(work, others) is None


@given(films, st.floats(0.01, 50), st.integers(1, 30))
def test_where_all_take_alike_long_per_second_that_is_what_is_told(
    film: float, pace: float, count: int
) -> None:
    spent = [Spent(PLAIN, length + 0.5, (length + 0.5) * pace) for length in range(count)]
    assert seconds_for(Work(PLAIN, film), spent) == pytest.approx(film * pace)


def test_a_wait_is_what_is_left_of_the_running_job_and_all_of_those_between() -> None:
    spent = [Spent(PLAIN, 10.0, 5.0), Spent(PLAIN, 30.0, 15.0)]
    queued = [Work(PLAIN, 60.0), Work(PLAIN, 7.37), Work(PLAIN, None), Work(PLAIN, 1.0)]
    found = places(queued, (Work(PLAIN, 40.0), 0.25), spent, "jobs")
    assert found == [
        Place(1, 15, "jobs"), Place(2, 45, "jobs"), Place(3, 50, "jobs"), Place(4, None, "jobs"),
    ]  # fmt: skip


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_an_estimate_is_rounded_up_by_little_and_keeps_the_order(one: float, other: float) -> None:
    assert one <= about(one) <= one * 1.1 + 5 or about(one) - one <= 600
    assert (about(one) <= about(other)) if one <= other else (about(one) >= about(other))


@pytest.mark.parametrize(
    ("worker", "stage", "how", "reason"),
    [
        ("busy", "sound", "", "jobs"),
        ("busy", "load", "", "load"),
        ("busy", "sound", "failing", "jobs"),
        ("ready", None, "", "jobs"),
        ("warming", None, "", "load"),
        ("starting", None, "", "start"),
        ("absent", None, "", "start"),
        ("waiting", None, "", "start"),
        ("waiting", None, "clearing", "renewal"),
        ("waiting", None, "failing", "restart"),
        ("starting", None, "failing", "restart"),
        ("ending", "sound", "", "restart"),
        ("unavailable", None, "", "restart"),
        ("busy", "sound", "ending", "ending"),
    ],
)
def test_what_is_waited_for_is_told_by_what_the_worker_does(
    worker: Any, stage: str | None, how: str, reason: str
) -> None:
    said = {name: name == how for name in ("failing", "clearing", "ending")}
    assert wait_reason(worker, stage, **said) == reason


def told(client: RawClient, job: str) -> list[tuple[int, int | None, str]]:
    """What came of places for this job, up to now."""
    pushes = [push for push in client.unread if push.get("job") == job and push["type"] == "waiting"]
    return [(push["place"], push["wait_s"], push["reason"]) for push in pushes]


def test_those_that_wait_are_told_whenever_their_place_changes(client, film, tmp_path):
    client.worker_pid()
    jobs = [client.submit(film, tmp_path / f"{n}.wav", prompt="slow 8", seed=40 + n) for n in range(4)]
    first = [client.push(job, "waiting")["place"] for job in jobs[1:]]
    assert first == [1, 2, 3]
    assert client.status(jobs[3])["place"] == 3
    client.ask("cancel", job=jobs[1])
    for job in jobs:
        client.end_of(job)
    assert told(client, jobs[0]) == []
    for job, at_first, expected in ((jobs[2], 2, [1]), (jobs[3], 3, [2, 1])):
        later = [place for place, _wait, _reason in told(client, job)]
        assert sorted({*later} - {at_first}, reverse=True) == expected  # the reason may change, too
        assert later == sorted(later, reverse=True)
    # A short job may be through before it is told that its engine is loaded.
    assert all(told(client, job)[-1][2] in ("jobs", "load") for job in jobs[2:])
    info = client.status(jobs[3])
    assert (info["place"], info["wait_s"], info["reason"]) == (None, None, "")


def test_how_long_is_told_once_a_job_of_the_kind_is_through_and_not_before(service: Service, film, tmp_path):
    service.start()
    with service.client() as client:
        jobs = [client.submit(film, tmp_path / f"{n}.wav", prompt="slow 30", seed=n) for n in range(3)]
        client.end_of(jobs[0])
        assert told(client, jobs[0])[0] == (0, None, "start")
        assert {wait for job in jobs for _place, wait, _reason in told(client, job)} == {None}
        client.end_of(jobs[1])
        assert [wait for place, wait, _reason in told(client, jobs[2]) if place == 1][-1] == 5
        client.submit(film, tmp_path / "3.wav", seed=3, prompt="slow 600")
        whole = {"out": None, "seed": 4}
        for job, film_s in (("told", 20.0), ("untold", None), ("odd", -1.0)):
            deliver = {"takes": [str(tmp_path / f"{job}.wav")]}
            client.ask("submit", job=job, cue=cue_of(film, **whole), deliver=deliver, film_s=film_s)
        waits = {job: client.status(job)["wait_s"] for job in ("told", "untold", "odd")}
        assert waits["told"] is not None
        assert waits["untold"] > 60 + waits["told"]
        assert waits["odd"] is None


def test_a_backend_that_ends_says_so_to_those_that_wait(service: Service, film, tmp_path):
    service.start()
    with service.client() as client:
        running = client.submit(film, tmp_path / "running.wav", prompt="slow 20")
        waiting = client.submit(film, tmp_path / "waiting.wav", batch="reel 1")
        client.wait_until(running, "running")
        client.ask("shutdown", mode="drain")
        client.end_of(running)
        assert told(client, waiting)[-1] == (1, None, "ending")


def found(client: RawClient, **called: str) -> list[str]:
    return [info["id"] for info in client.ask("find", **called)["jobs"]]


def test_jobs_are_found_by_how_their_id_begins_or_by_a_file_and_those_that_are_open_first(
    service: Service, film, tmp_path
):
    service.start()
    with service.client() as client:
        for job in ("reel-7-shot-1", "reel-7"):
            client.end_of(client.submit(film, tmp_path / "one.wav", job=job))
        client.submit(film, tmp_path / "two.wav", job="reel-7-shot-2", prompt="slow 600")
        deliver = {"takes": [str(tmp_path / "one.wav")], "report": str(tmp_path / "page.html")}
        client.ask("submit", job="other-9", cue=cue_of(film), deliver=deliver)
        assert found(client, name="reel-7") == ["reel-7"], "that very id"
        assert found(client, name="reel") == ["reel-7-shot-2"], "the one that is open"
        assert found(client, name="reel-7-shot-1") == ["reel-7-shot-1"]
        assert found(client, file=str(tmp_path / "one.wav")) == ["other-9"]
        assert found(client, file=str(tmp_path / "page.json")) == ["other-9"]
        assert found(client, file=str(tmp_path / "x" / ".." / "two.wav")) == ["reel-7-shot-2"]
        assert found(client, name="reel", file=str(tmp_path / "one.wav")) == ["other-9", "reel-7-shot-2"]
        assert found(client) == found(client, name="shot") == []
        short = {info["id"]: info["short"] for info in client.ask("status")["jobs"]}
        assert short == {
            "reel-7": "reel-7",
            "reel-7-shot-1": "reel-7-shot-1",
            "reel-7-shot-2": "reel-7-shot-2",
            "other-9": "other-",
        }
        for job in ("reel-7-shot-2", "other-9"):
            client.ask("cancel", job=job)
        until(lambda: True if client.status("reel-7-shot-2")["state"] == "cancelled" else None)
        assert found(client, name="reel-7-") == ["reel-7-shot-2", "reel-7-shot-1"]


def test_the_job_that_runs_is_shown_however_many_wait(service: Service, film, tmp_path):
    service.start()
    with service.client() as client:
        running = client.submit(film, tmp_path / "t.wav", prompt="slow 600")
        client.wait_until(running, "running")
        for number in range(101):
            client.submit(film, tmp_path / f"{number}.wav")
        infos = client.ask("status")["jobs"]
        assert [info["place"] for info in infos[:100]] == list(range(101, 1, -1))
        assert (infos[100]["id"], infos[100]["state"], len(infos)) == (running, "running", 101)
        assert infos[0]["deliver"]["takes"] == [str(tmp_path / "100.wav")]
