"""The jobs, and what has become of them: first come, first served, and never lost.

Every change of state goes through `MAY_BECOME` and is one transaction. An attempt is counted before the
worker gets the job, so that a job which kills its worker cannot come back for ever. See `schema` for what
survives what.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from backend.errors import JobUnknown
from backend.messages import ENDED, Cost, Deliver, Fault, JobState
from backend.service.job_row import Job as Job
from backend.service.job_row import Outcome as Outcome
from backend.service.job_row import cannot_be_read, job_in, unreadable
from backend.service.policy import JobFate, fate_of_interrupted
from backend.service.schema import DAMAGED, is_damage, open_database, set_aside
from foley_core.cue import Cue, encode

_logger = logging.getLogger(__name__)

MAY_BECOME: dict[JobState, frozenset[JobState]] = {
    "queued": frozenset({"running", "failed", "cancelled"}),
    "running": frozenset({"queued", "done", "failed", "cancelled"}),
    "done": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}
KEEP_JOBS = 1_000
KEEP_SECONDS = 30 * 24 * 3600.0
SHORTEST_NAME = 6
"""Letters of an id that are shown at least."""
_SEQ_BLOCK = 256
_WITHOUT_TAKES = (
    "id, state, attempts, interruptions, cancelling, seq, created, started, finished, cue, deliver, cost,"
    " client, CASE state WHEN 'failed' THEN outcome END AS outcome"
)


class IllegalTransition(Exception):
    """A job was to become what it cannot become from where it is; an error in this program."""


class JobStore:
    """All jobs of this backend, past ones too. Raises `sqlite3.Error` where the disk does not play along.

    A job whose row cannot be read is never made: it is failed, and shown as far as it can be told. Rows that
    the database itself cannot give are damage, and it is set aside.
    """

    def __init__(self, path: Path) -> None:
        self.changes = 0
        """Counts up whenever a job has come, or has changed its state."""
        self._database = open_database(path)
        self._seq: dict[str, tuple[int, int]] = {}
        try:
            self._fail_unreadable()
        except sqlite3.DatabaseError as error:
            self._database.close()
            if not is_damage(error):
                raise
            set_aside(path, f"a job cannot be read: {error}")
            self._database = open_database(path)
        self._some_were_set_aside = any(path.parent.glob(f"{path.name}{DAMAGED}*"))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def add(self, job: str, cue: Cue, deliver: Deliver, client: str = "") -> Job:
        """Queue it; a job of that id which is there already is left, and answered, as it is."""
        self._database.execute(
            "INSERT INTO job (id, state, created, batch, cue, deliver, client)"
            " VALUES (?, 'queued', ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (job, time.time(), cue.batch, encode(cue), encode(deliver), client),
        )
        self.changes += 1
        return self.find(job)

    def find(self, job: str) -> Job:
        """The job of that id; `JobUnknown`."""
        return self._job(self._row("*", job))

    def in_brief(self, job: str) -> Job:
        """The same without its takes and the hits of its cue, which take long to read where they are many."""
        return self._job(self._row(_WITHOUT_TAKES, job), in_brief=True)

    def newest(
        self,
        limit: int = 100,
        batch: str | None = None,
        states: tuple[JobState, ...] | None = None,
        client: str | None = None,
        before: str | None = None,
    ) -> list[Job]:
        """At most `limit` jobs, newest first, of this batch, in these states, of this client, and older than
        the job `before`; in brief."""
        wanted = states if states is not None else tuple(MAY_BECOME)
        marks = ", ".join("?" * len(wanted))
        rows = self._database.execute(
            f"SELECT {_WITHOUT_TAKES} FROM job WHERE state IN ({marks}) AND (? IS NULL OR batch = ?)"
            " AND (? IS NULL OR client = ?) AND (? IS NULL OR number < (SELECT number FROM job WHERE id = ?))"
            " ORDER BY number DESC LIMIT ?",
            (*wanted, batch, batch, client, client, before, before, limit),
        )
        return [self._job(row, in_brief=True) for row in rows]

    def queued(self) -> list[str]:
        """The ids of those that wait, the next one first."""
        rows = self._database.execute("SELECT id FROM job WHERE state = 'queued' ORDER BY number")
        return [row["id"] for row in rows]

    def called(self, name: str, wanted: Callable[[Job], bool], limit: int = 100) -> list[Job]:
        """At most `limit` jobs, newest first, whose id begins with `name`, if that is not empty, or whose
        files are `wanted`: the one of that very id; else those that are open; else those that have ended."""
        for states in (tuple(MAY_BECOME.keys() - ENDED), tuple(ENDED)):
            jobs = self.newest(-1, states=states)
            found = [job for job in jobs if (name and job.id.startswith(name)) or wanted(job)]
            if found:
                return found[:limit]
        return []

    def short(self, job: str) -> str:
        """The shortest beginning of this id that no other job's has, at least `SHORTEST_NAME` letters."""
        row = self._database.execute(
            "SELECT (SELECT max(id) FROM job WHERE id < :id), (SELECT min(id) FROM job WHERE id > :id)",
            {"id": job},
        ).fetchone()
        shared = max(_alike(job, other or "") for other in row)
        return job[: max(SHORTEST_NAME, shared + 1)]

    def claim(self) -> Job | None:
        """The oldest queued job, now running, its attempt counted; None if there is none."""
        oldest = "SELECT id FROM job WHERE state = 'queued' ORDER BY number LIMIT 1"
        row = self._database.execute(oldest).fetchone()
        if row is None:
            return None
        self._become(row["id"], "running", "attempts = attempts + 1, started = ?", (time.time(),))
        return self.find(row["id"])

    def end(self, job: str, state: JobState, outcome: Outcome, cost: Cost | None = None) -> int:
        """The job is over; gives the number of its last push."""
        seq = self._last_seq(job)[0] + 1
        change = "finished = ?, outcome = ?, cost = ?, seq = ?"
        spent = None if cost is None else encode(cost)
        self._become(job, state, change, (time.time(), encode(outcome), spent, seq))
        self._seq.pop(job, None)
        return seq

    def requeue(self, job: str, *, interrupted: bool) -> None:
        """Back into its place in the queue; where the job was not at fault its attempt is given back."""
        back = int(interrupted)
        change = "attempts = attempts - ?, interruptions = interruptions + ?, started = NULL"
        self._become(job, "queued", change, (back, back))

    def cancel_asked(self, job: str) -> None:
        """Remember that the running job is to be left off, should the backend end before it is."""
        self._database.execute("UPDATE job SET cancelling = 1 WHERE id = ?", (job,))

    def next_seq(self, job: str) -> int:
        """The number of the job's next push: 1 more than the last; after a crash of the backend, more.

        Reserved on disk in blocks, so that a number is never given twice.
        """
        last, reserved = self._last_seq(job)
        if last >= reserved:
            reserved = last + _SEQ_BLOCK
            self._database.execute("UPDATE job SET seq = ? WHERE id = ?", (reserved, job))
        self._seq[job] = (last + 1, reserved)
        return last + 1

    def recover(self) -> list[Job]:
        """Take care of the jobs that a backend before this one left running; gives them as they were."""
        left = self.newest(limit=-1, states=("running",))
        for job in left:
            match fate_of_interrupted(job.interruptions, job.cancelling):
                case JobFate.AGAIN:
                    self.requeue(job.id, interrupted=True)
                case JobFate.CANCELLED:
                    self.end(job.id, "cancelled", Outcome())
                case _:
                    self.end(job.id, "failed", Outcome(error=_too_often(job)))
        return left

    def prune(self) -> None:
        """Forget finished jobs that are too old or too many."""
        ended = ", ".join(f"'{state}'" for state in sorted(ENDED))
        self._database.execute(
            f"DELETE FROM job WHERE state IN ({ended}) AND (finished < ? OR number <="
            f" (SELECT number FROM job WHERE state IN ({ended}) ORDER BY number DESC LIMIT 1 OFFSET ?))",
            (time.time() - KEEP_SECONDS, KEEP_JOBS),
        )

    def _become(self, job: str, state: JobState, change: str, values: tuple[object, ...]) -> None:
        sources = [source for source, targets in MAY_BECOME.items() if state in targets]
        marks = ", ".join("?" * len(sources))
        cursor = self._database.execute(
            f"UPDATE job SET state = ?, {change} WHERE id = ? AND state IN ({marks})",
            (state, *values, job, *sources),
        )
        if cursor.rowcount != 1:
            raise IllegalTransition(f"job {job} cannot become {state}")
        self.changes += 1

    def _last_seq(self, job: str) -> tuple[int, int]:
        if job not in self._seq:
            row = self._database.execute("SELECT seq FROM job WHERE id = ?", (job,)).fetchone()
            self._seq[job] = (row["seq"], row["seq"])
        return self._seq[job]

    def _fail_unreadable(self) -> None:
        """See to it that none of those that cannot be read is ever begun; their cues are left as they are."""
        rows = self._database.execute("SELECT * FROM job")
        bad = [
            (row["id"], row["state"], why)
            for row in rows
            if (why := unreadable(row, in_brief=row["state"] in ENDED))
        ]
        for job, state, why in bad:
            if state not in ENDED:
                outcome = encode(Outcome(error=cannot_be_read(why)))
                change = (
                    "UPDATE job SET state = 'failed', finished = ?, outcome = ?, seq = seq + 1 WHERE id = ?"
                )
                self._database.execute(change, (time.time(), outcome, job))
        if bad:
            about = {"jobs": len(bad), "first": bad[0][0], "why": bad[0][2]}
            _logger.error("jobs cannot be read", extra={"about": about})

    def _row(self, columns: str, job: str) -> sqlite3.Row:
        found = self._database.execute(f"SELECT {columns} FROM job WHERE id = ?", (job,)).fetchone()
        if found is None:
            damaged = ", or in a database that was damaged: see `foley doctor`"
            where = f"It may be too old{damaged if self._some_were_set_aside else '; see `foley status`'}."
            raise JobUnknown(f"There is no job {job[:64]!r}.", where)
        row: sqlite3.Row = found
        return row

    def _job(self, row: sqlite3.Row, *, in_brief: bool = False) -> Job:
        return job_in(row, self._seq.get(row["id"], (row["seq"], 0))[0], in_brief=in_brief)


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _too_often(job: Job) -> Fault:
    return Fault(
        code="worker_crashed",
        message=f"The backend was ended {job.interruptions} times while this job ran.",
        hint="If the machine runs out of memory over it, ask for a shorter stretch.",
    )
