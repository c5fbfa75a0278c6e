"""The jobs' database, driven at random against a plain model of what it should hold."""

from __future__ import annotations

import sqlite3
import tempfile
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from backend.errors import JobUnknown, StateUnusable
from backend.messages import ENDED, Cost, Deliver, Fault
from backend.service import jobs as jobs_module
from backend.service.jobs import MAY_BECOME, IllegalTransition, JobStore, Outcome
from backend.service.policy import MAX_INTERRUPTIONS
from backend.service.schema import MIGRATIONS
from foley_core.cue import Cue, WantedHit, encode

CUE = Cue(media="/film.mp4", prompt="steps", seed=1)
DELIVER = Deliver(takes=("/take.wav",))


@pytest.fixture
def jobs(tmp_path):
    jobs = JobStore(tmp_path / "jobs.sqlite")
    yield jobs
    jobs.close()


def test_the_same_job_twice_is_one_job(jobs):
    first = jobs.add("a", CUE, DELIVER)
    again = jobs.add("a", Cue(media="/other.mp4", seed=2), DELIVER)
    assert again == first
    assert len(jobs.newest()) == 1


def test_jobs_are_claimed_in_the_order_they_came_and_the_attempt_is_counted(jobs):
    for name in "abc":
        jobs.add(name, CUE, DELIVER)
    assert [(job.id, job.attempts) for job in (jobs.claim(), jobs.claim(), jobs.claim())] == [
        ("a", 1),
        ("b", 1),
        ("c", 1),
    ]
    assert jobs.claim() is None


def test_a_job_that_is_put_back_comes_before_those_that_came_later(jobs):
    jobs.add("a", CUE, DELIVER)
    jobs.add("b", CUE, DELIVER)
    jobs.claim()
    jobs.requeue("a", interrupted=False)
    claimed = jobs.claim()
    assert (claimed.id, claimed.attempts) == ("a", 2)


@pytest.mark.parametrize("ended", sorted(ENDED))
def test_a_job_that_has_ended_stays_as_it_is(jobs, ended):
    jobs.add("a", CUE, DELIVER)
    jobs.claim()
    jobs.end("a", ended, Outcome())
    for state in ENDED:
        with pytest.raises(IllegalTransition):
            jobs.end("a", state, Outcome())
    with pytest.raises(IllegalTransition):
        jobs.requeue("a", interrupted=True)
    assert jobs.claim() is None


def test_a_queued_job_cannot_be_done(jobs):
    jobs.add("a", CUE, DELIVER)
    with pytest.raises(IllegalTransition):
        jobs.end("a", "done", Outcome())
    assert jobs.find("a").state == "queued"


def test_the_outcome_is_kept_and_lists_leave_the_takes_out(jobs):
    jobs.add("a", CUE, DELIVER)
    jobs.claim()
    jobs.end("a", "done", Outcome(takes=[{"path": "/take.wav"}], report="/report.html"))
    assert jobs.find("a").outcome == Outcome(takes=[{"path": "/take.wav"}], report="/report.html")
    assert jobs.newest()[0].outcome.takes == []


def test_the_newest_come_first_and_may_be_chosen_by_batch_and_state(jobs):
    for number in range(6):
        jobs.add(str(number), Cue(media="/film.mp4", seed=1, batch="odd" if number % 2 else ""), DELIVER)
    jobs.claim()
    assert [job.id for job in jobs.newest(limit=2)] == ["5", "4"]
    assert [job.id for job in jobs.newest(batch="odd")] == ["5", "3", "1"]
    assert [job.id for job in jobs.newest(states=("running",))] == ["0"]
    assert jobs.newest(states=()) == []


def test_an_unknown_job_is_named(jobs):
    with pytest.raises(JobUnknown, match="'x'"):
        jobs.find("x")


def test_numbers_of_pushes_never_go_back_after_a_crash(tmp_path):
    jobs = JobStore(tmp_path / "jobs.sqlite")
    jobs.add("a", CUE, DELIVER)
    assert [jobs.next_seq("a") for _ in range(300)] == list(range(1, 301))
    jobs.close()
    again = JobStore(tmp_path / "jobs.sqlite")
    assert again.find("a").seq >= 300
    assert again.next_seq("a") > 300
    again.close()


def test_a_backend_that_dies_does_not_cost_the_job_an_attempt_but_not_for_ever(tmp_path):
    jobs = JobStore(tmp_path / "jobs.sqlite")
    jobs.add("a", CUE, DELIVER)
    for interruption in range(MAX_INTERRUPTIONS):
        assert jobs.claim().attempts == 1
        jobs.recover()
        assert (jobs.find("a").state, jobs.find("a").interruptions) == ("queued", interruption + 1)
    jobs.claim()
    jobs.recover()
    ended = jobs.find("a")
    assert (ended.state, ended.outcome.error.code) == ("failed", "worker_crashed")
    jobs.close()


def test_a_cancel_outlives_the_backend_that_was_asked(jobs):
    jobs.add("a", CUE, DELIVER)
    jobs.claim()
    jobs.cancel_asked("a")
    jobs.recover()
    assert jobs.find("a").state == "cancelled"


def test_old_and_surplus_jobs_are_forgotten_but_none_that_waits(jobs, monkeypatch):
    monkeypatch.setattr(jobs_module, "KEEP_JOBS", 3)
    for number in range(6):
        jobs.add(str(number), CUE, DELIVER)
    for _ in range(5):
        jobs.end(jobs.claim().id, "done", Outcome())
    jobs.prune()
    assert [job.id for job in jobs.newest()] == ["5", "4", "3", "2"]
    monkeypatch.setattr(jobs_module, "KEEP_SECONDS", -1.0)
    jobs.prune()
    assert [job.id for job in jobs.newest()] == ["5"]


def test_a_damaged_database_is_set_aside_and_a_new_one_begun(tmp_path):
    path = tmp_path / "jobs.sqlite"
    path.write_bytes(b"no database at all" * 1000)
    jobs = JobStore(path)
    assert jobs.newest() == []
    jobs.close()
    (aside,) = tmp_path.glob("jobs.sqlite.damaged-*")
    assert aside.read_bytes().startswith(b"no database")


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_the_database_of_an_older_build_is_brought_up_to_date_with_its_jobs(tmp_path, version):
    path = tmp_path / "jobs.sqlite"
    database = sqlite3.connect(path)
    for statements in MIGRATIONS[:version]:
        database.executescript(statements)
    database.execute(f"PRAGMA user_version={version}")
    if version:
        insert = (
            "INSERT INTO job (id, state, created, batch, cue, deliver, outcome) VALUES (?, ?, 0, '', ?, ?, ?)"
        )
        outcome = encode(Outcome(takes=[{"path": "/take.wav"}]))
        database.execute(insert, ("old", "done", encode(CUE), encode(DELIVER), outcome))
        database.execute(insert, ("waiting", "queued", encode(CUE), encode(DELIVER), None))
        database.commit()
    database.close()
    jobs = JobStore(path)
    if version:
        assert (jobs.find("old").outcome.takes, jobs.find("old").cost) == ([{"path": "/take.wav"}], None)
    else:
        jobs.add("waiting", CUE, DELIVER)
    cost = Cost(worker=7, seconds=1.5, memory=1 << 27)
    jobs.end(jobs.claim().id, "done", Outcome(), cost)
    jobs.close()
    again = JobStore(path)
    assert (again.find("waiting").cost, again.newest()[0].cost) == (cost, cost)
    again.close()


def test_a_database_of_a_newer_build_is_left_alone(tmp_path):
    path = tmp_path / "jobs.sqlite"
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version=99")
    database.close()
    with pytest.raises(StateUnusable, match="newer"):
        JobStore(path)


class JobsMachine(RuleBasedStateMachine):
    """Whatever happens in whatever order, no job is lost, forgotten half-way, or begun too often."""

    known = Bundle("known")

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "jobs.sqlite"
        self.jobs = JobStore(self.path)
        self.states: dict[str, str] = {}
        self.attempts: dict[str, int] = {}
        self.seqs: dict[str, int] = {}

    def teardown(self):
        self.jobs.close()
        self.folder.cleanup()

    @rule(target=known)
    def add(self):
        name = f"job-{len(self.states)}"
        self.jobs.add(name, CUE, DELIVER)
        self.states[name], self.attempts[name], self.seqs[name] = "queued", 0, 0
        return name

    @rule(name=known)
    def add_again(self, name):
        assert self.jobs.add(name, CUE, DELIVER).state == self.states[name]

    @rule()
    def claim(self):
        queued = [name for name, state in self.states.items() if state == "queued"]
        claimed = self.jobs.claim()
        assert (claimed.id if claimed else None) == (queued[0] if queued else None)
        if claimed:
            self.states[claimed.id] = "running"
            self.attempts[claimed.id] += 1
            assert claimed.attempts == self.attempts[claimed.id]

    @rule(name=known, state=st.sampled_from(sorted(ENDED)))
    def end(self, name, state):
        outcome = Outcome(error=Fault(code="x", message="y")) if state == "failed" else Outcome()
        if state in MAY_BECOME[self.states[name]]:
            self._told(name, self.jobs.end(name, state, outcome))
            self.states[name] = state
        else:
            with pytest.raises(IllegalTransition):
                self.jobs.end(name, state, outcome)

    @rule(name=known)
    def requeue(self, name):
        if self.states[name] == "running":
            self.jobs.requeue(name, interrupted=False)
            self.states[name] = "queued"
        else:
            with pytest.raises(IllegalTransition):
                self.jobs.requeue(name, interrupted=False)

    @rule(name=known)
    def push(self, name):
        if self.states[name] not in ENDED:
            self._told(name, self.jobs.next_seq(name))

    @rule()
    def die_and_come_back(self):
        self.jobs.close()
        self.jobs = JobStore(self.path)
        for job in self.jobs.recover():
            assert self.states[job.id] == "running"
            again = job.interruptions < MAX_INTERRUPTIONS
            self.states[job.id] = "queued" if again else "failed"
            self.attempts[job.id] -= 1 if again else 0

    @invariant()
    def nothing_is_lost(self):
        if hasattr(self, "jobs"):
            assert {job.id: job.state for job in self.jobs.newest(limit=-1)} == self.states

    def _told(self, name, seq):
        assert seq > self.seqs[name]
        self.seqs[name] = seq


TestJobsMachine = JobsMachine.TestCase
TestJobsMachine.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)


def test_jobs_with_very_many_hits_are_listed_without_them_and_run_with_them(tmp_path: Path) -> None:
    jobs = JobStore(tmp_path / "jobs.sqlite")
    hits = tuple(Fraction(number, 24) for number in range(500))
    for name, cue in (
        ("times", Cue(media="/film.mp4", prompt="boots", seed=1, hits=hits)),
        ("list", Cue(media="/film.mp4", seed=1, hit_list=tuple(WantedHit(time=time) for time in hits))),
    ):
        jobs.add(name, cue, Deliver(takes=("/take.wav",)))
        assert jobs.find(name).cue == cue
        bare = msgspec.structs.replace(cue, hits=None, hit_list=msgspec.UNSET)
        assert jobs.in_brief(name).cue == jobs.newest(1)[0].cue == bare
    claimed = jobs.claim()
    assert claimed is not None
    assert claimed.cue.hits == hits
    jobs.close()
