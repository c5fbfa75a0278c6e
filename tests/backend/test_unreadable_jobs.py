"""A job that cannot be read is failed and told: it ends no backend, and takes no other with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backend import paths
from backend.cli import doctor
from backend.messages import Deliver
from backend.service.jobs import JobStore, Outcome
from backend.service.schema import DAMAGED
from foley_core.cue import Cue
from tests.backend.support import Service

CUE = Cue(media="/film.mp4", prompt="steps", batch="reel 1", seed=1)
DELIVER = Deliver(takes=("/take.wav",))

SPOILT = {
    "a cue that is no cue": "cue = 'nonsense'",
    "a layer of a newer version": "cue = replace(cue, '\"hits\"', '\"smells\"')",
    "a cue without a seed": "cue = replace(cue, '\"seed\":1', '\"seed\":null')",
    "a cue nested without end": "cue = replace(hex(zeroblob(50000)), '00', '[')",
    "a number as a cue": "cue = 7",
    "no cue": "cue = x''",
    "a place that is none": "deliver = '[]'",
    "an outcome cut off": "outcome = '{\"takes\": ['",
    "a cost of a newer version": "cost = '{\"euros\": 3}'",
    "an unknown state": "state = 'dreaming'",
    "a time in words": "created = 'yesterday'",
    "attempts in words": "attempts = 'a few'",
}


def spoil(path: Path, job: str, how: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE job SET {SPOILT[how]} WHERE id = ?", (job,))


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_it_is_failed_and_told_and_the_others_are_as_they_were(tmp_path: Path, how: str, state: str) -> None:
    path = tmp_path / "jobs.sqlite"
    jobs = JobStore(path)
    jobs.add("spoilt", CUE, DELIVER)
    if state != "queued":
        jobs.claim()
    if state == "done":
        jobs.end("spoilt", "done", Outcome(takes=[{"path": "/take.wav"}]))
    jobs.add("whole", CUE, DELIVER)
    jobs.close()
    spoil(path, "spoilt", how)
    for _ in range(2):
        jobs = JobStore(path)
        assert jobs.recover() == []
        found = jobs.find("spoilt")
        assert found.state == "failed"
        assert found.outcome.error is not None
        assert found.outcome.error.code == "job_unreadable"
        assert [job.id for job in jobs.newest()][:1] == ["whole"]
        assert jobs.queued() == ["whole"]
        jobs.close()
    assert list(tmp_path.glob(f"*{DAMAGED}*")) == []


def test_what_can_still_be_told_of_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    jobs = JobStore(path)
    jobs.add("spoilt", CUE, DELIVER)
    jobs.close()
    spoil(path, "spoilt", "a layer of a newer version")
    jobs = JobStore(path)
    (job,) = jobs.newest()
    jobs.close()
    assert (job.cue.media, job.cue.prompt, job.cue.batch) == ("/film.mp4", "steps", "reel 1")
    assert job.deliver == DELIVER
    assert job.outcome.error is not None
    assert "smells" in job.outcome.error.message


def test_a_newer_version_finds_the_cue_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    jobs = JobStore(path)
    jobs.add("spoilt", CUE, DELIVER)
    jobs.close()
    spoil(path, "spoilt", "a layer of a newer version")
    JobStore(path).close()
    with closing(sqlite3.connect(path)) as database:
        ((cue,),) = database.execute("SELECT cue FROM job")
    assert '"smells"' in (cue if isinstance(cue, str) else cue.decode())


def test_a_backend_serves_beside_it_and_status_list_and_doctor_tell_it(
    home: Path, service: Service, film: Path, tmp_path: Path
) -> None:
    home.mkdir(mode=0o700)
    jobs = JobStore(paths.jobs_file())
    for number in range(len(SPOILT)):
        jobs.add(f"spoilt-{number}", CUE, DELIVER)
    jobs.close()
    for number, how in enumerate(SPOILT):
        spoil(paths.jobs_file(), f"spoilt-{number}", how)
    with service.start().client() as client:
        told = {job["id"]: job for job in client.ask("status")["jobs"]}
        assert {job["state"] for job in told.values()} == {"failed"}
        assert {job["error"]["code"] for job in told.values()} == {"job_unreadable"}
        assert len(client.ask("list", states=["failed"])["jobs"]) == len(SPOILT)
        assert client.status("spoilt-0")["error"]["code"] == "job_unreadable"
        assert client.end_of(client.submit(film, tmp_path / "take.wav"))["type"] == "done"
    assert '"jobs cannot be read","jobs":12' in service.log()
    state, message, _hint = doctor.check_jobs()
    assert (state, message.split()[:2]) == ("warn", ["10", "jobs"])  # two can be read now
