"""A database of jobs that is damaged, in whatever way, keeps no backend from starting, and loses nothing."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from backend import paths
from backend.cli import doctor
from backend.errors import JobUnknown
from backend.messages import Deliver
from backend.service.jobs import JobStore, Outcome
from backend.service.schema import DAMAGED
from foley_core.cue import Cue
from tests.backend.support import Service

CUE = Cue(media="/film.mp4", prompt="steps", seed=1)
DELIVER = Deliver(takes=("/take.wav",))
JOBS = 60
PAGE = 4096


def filled(path: Path) -> None:
    """A database with enough jobs for many pages."""
    path.parent.mkdir(exist_ok=True)
    jobs = JobStore(path)
    for number in range(JOBS):
        jobs.add(f"job-{number}", CUE, DELIVER)
        jobs.claim()
        jobs.end(f"job-{number}", "done", Outcome(takes=[{"path": "/take.wav", "notes": ["x" * 500]}]))
    jobs.close()


def statement(*statements: str) -> Callable[[Path], None]:
    """Damage by SQL, which leaves all pages whole."""

    def run(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database, database:
            for each in statements:
                database.execute(each)

    return run


def overwrite(start: float, end: float) -> Callable[[Path], None]:
    """Garbage over a part of the file, in shares of its length."""

    def run(path: Path) -> None:
        content = bytearray(path.read_bytes())
        first, last = int(start * len(content)), int(end * len(content))
        content[first:last] = b"\xa5" * (last - first)
        path.write_bytes(content)

    return run


def each_page_in_turn(path: Path, number: int) -> None:
    """Eight bytes of one page are others."""
    content = bytearray(path.read_bytes())
    rng = random.Random(number)
    for _ in range(8):
        content[number * PAGE + rng.randrange(PAGE)] = rng.randrange(256)
    path.write_bytes(content)


def no_database(path: Path) -> None:
    path.write_bytes(b"These are notes, no database.\n" * 100)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def no_text_in_a_table(path: Path) -> None:
    """Of which SQLite complains in words that are no text, either."""
    content = path.read_bytes()
    assert content.count(b"DEFAULT 0") > 0
    path.write_bytes(content.replace(b"DEFAULT 0", b"DEFAUL\xff\xff\xff", 1))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no database": no_database,
    "cut off": cut_off,
    "its head": overwrite(0.0, 0.01),
    "a page in its middle": overwrite(0.4, 0.6),
    "its end": overwrite(0.8, 1.0),
    "no table": statement("DROP TABLE job"),
    "another table": statement("DROP TABLE job", "CREATE TABLE job (id TEXT)"),
    "another form's number": statement("PRAGMA user_version = 0"),
    "a table's words": no_text_in_a_table,
    "a name that is no text": statement("UPDATE job SET id = CAST(x'ff' AS TEXT) WHERE number = 7"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_set_aside_as_it_was_and_another_begun(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    filled(path)
    DAMAGES[damage](path)
    damaged = path.read_bytes()
    jobs = JobStore(path)
    assert jobs.newest() == []
    jobs.add("new", CUE, DELIVER)
    jobs.close()
    again = JobStore(path)
    assert [job.id for job in again.newest()] == ["new"]
    again.close()
    (aside,) = [found for found in tmp_path.glob(f"*{DAMAGED}*") if found.name[-1].isdigit()]
    assert aside.read_bytes() == damaged


def test_whichever_page_is_damaged_jobs_are_kept_and_made(tmp_path: Path) -> None:
    filled(tmp_path / "whole.sqlite")
    whole = (tmp_path / "whole.sqlite").read_bytes()
    for number in range(len(whole) // PAGE):
        path = tmp_path / f"{number}.sqlite"
        path.write_bytes(whole)
        each_page_in_turn(path, number)
        jobs = JobStore(path)
        jobs.recover()
        assert all(jobs.find(job.id).id == job.id for job in jobs.newest(-1))
        jobs.add("new", CUE, DELIVER)
        while (job := jobs.claim()) is not None:
            jobs.end(job.id, "done", Outcome())
        assert jobs.find("new").state == "done"
        jobs.prune()
        jobs.close()


def test_what_was_set_aside_can_be_read_with_all_that_was_in_its_journal(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as open_still:
        open_still.execute("PRAGMA wal_autocheckpoint = 0")
        open_still.execute("UPDATE job SET cue = 'nonsense' WHERE number = 7")
        open_still.execute("UPDATE job SET id = CAST(x'ff' AS TEXT) WHERE number = 8")
        assert (tmp_path / "jobs.sqlite-wal").stat().st_size
        for name in ("jobs.sqlite", "jobs.sqlite-wal"):
            (tmp_path / f"copy-{name}").write_bytes((tmp_path / name).read_bytes())
    copy = tmp_path / "copy-jobs.sqlite"
    JobStore(copy).close()
    (aside,) = [found for found in tmp_path.glob(f"copy*{DAMAGED}*") if found.name[-1].isdigit()]
    with closing(sqlite3.connect(aside)) as database:
        cues = [cue for (cue,) in database.execute("SELECT cue FROM job ORDER BY number")]
    assert (len(cues), cues[6]) == (JOBS, "nonsense")


def test_who_asks_for_a_job_that_was_set_aside_is_told_where_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    filled(path)
    no_database(path)
    for _ in range(2):  # the next backend knows of it, too
        jobs = JobStore(path)
        with pytest.raises(JobUnknown) as told:
            jobs.find("job-7")
        assert "foley doctor" in told.value.hint
        jobs.close()


def test_a_whole_database_is_left_where_it_is(tmp_path: Path) -> None:
    filled(tmp_path / "jobs.sqlite")
    jobs = JobStore(tmp_path / "jobs.sqlite")
    assert len(jobs.newest()) == JOBS
    with pytest.raises(JobUnknown):
        jobs.find("nobody")
    jobs.close()
    assert list(tmp_path.glob(f"*{DAMAGED}*")) == []


def test_a_backend_starts_beside_it_and_the_doctor_says_so(home: Path, service: Service) -> None:
    home.mkdir(mode=0o700)
    filled(paths.jobs_file())
    DAMAGES["a page in its middle"](paths.jobs_file())
    assert doctor.check_jobs()[0] == "fail"
    with service.start().client() as client:
        assert client.ask("status")["jobs"] == []
        assert '"database damaged"' in service.log()
        state, message, hint = doctor.check_jobs()
    assert (state, DAMAGED in message, "sqlite3" in hint) == ("warn", True, True)


def test_the_doctor_looks_at_jobs_without_touching_them(home: Path) -> None:
    assert doctor.check_jobs()[0] == "ok"
    assert not home.exists()
    filled(paths.jobs_file())
    before = sorted(home.iterdir())
    assert doctor.check_jobs()[0] == "ok"
    assert sorted(home.iterdir()) == before
