"""The jobs' database on disk: its tables, and how older ones are brought up to date.

SQLite in WAL mode with `synchronous=NORMAL`: what was committed survives the death of any process, however
sudden, since it then lies with the operating system; a power cut may take the last moments with it, but never
leaves a broken database (https://www.sqlite.org/pragma.html#pragma_synchronous). FULL would make every submit
wait for the disk, and buy nothing against kill -9.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from backend.build import FORM, UPDATE
from backend.errors import StateUnusable

_logger = logging.getLogger(__name__)

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE job (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        interruptions INTEGER NOT NULL DEFAULT 0,
        cancelling INTEGER NOT NULL DEFAULT 0,
        seq INTEGER NOT NULL DEFAULT 0,
        created REAL NOT NULL,
        started REAL,
        finished REAL,
        batch TEXT NOT NULL,
        cue BLOB NOT NULL,
        deliver BLOB NOT NULL,
        outcome BLOB
    );
    CREATE INDEX job_by_state ON job (state, number);
    CREATE INDEX job_by_batch ON job (batch, number);
    """,
    """
    ALTER TABLE job ADD COLUMN cost BLOB;
    """,
    """
    ALTER TABLE job ADD COLUMN client TEXT NOT NULL DEFAULT '';
    """,
)
"""In order; `PRAGMA user_version` counts those that were applied. Never edited, only added to: an empty one
where a row may hold what the version before cannot read, so that it leaves the file alone.
`tests/backend/test_form.py` tells when."""

COLUMNS = (
    "number, id, state, attempts, interruptions, cancelling, seq, created, started, finished, batch,"
    " cue, deliver, outcome, cost, client"
)
"""What the migrations come to."""

DAMAGED = ".damaged-"
"""Stands in the name of one that was set aside."""

_CACHE_KB = 256
"""Of pages kept in memory; by itself it would be 2 MB, into which the broker would grow with every job."""


def open_database(path: Path) -> sqlite3.Connection:
    """The database at `path`, made or brought up to date; a damaged one is set aside, never deleted.

    `StateUnusable` where a newer build has changed its form; `sqlite3.OperationalError` where it cannot be
    opened or written.
    """
    try:
        with _told_as_damage():
            return _open(path)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        set_aside(path, str(error))
        return _open(path)


@contextmanager
def _told_as_damage() -> Iterator[None]:
    """Where what SQLite says of a damaged file is itself no text, since it cites what is in there."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError(f"it cannot be read: {error.object!r}"[:200]) from error


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether it tells of what is in the file, and not of a disk or lock that does not play along.

    A logic error (`SQLITE_ERROR`) is one too: tables are not as their own number says that they are. So is
    one of Python's own, without a code: text that is no UTF-8.
    """
    code = getattr(error, "sqlite_errorcode", None)
    return not isinstance(error, sqlite3.OperationalError) or code in (None, sqlite3.SQLITE_ERROR)


def set_aside(path: Path, why: str) -> Path:
    """Give the database another name, with its journal, so that what is in it can still be read."""
    aside = path.with_name(f"{path.name}{DAMAGED}{time.time_ns()}")
    _logger.error("database damaged", extra={"about": {"why": why, "kept_as": str(aside)}})
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).replace(aside.with_name(aside.name + suffix))
    return aside


def check(database: sqlite3.Connection) -> None:
    """Raise the `sqlite3.DatabaseError` that says where its pages or tables are not as they must be."""
    with _told_as_damage():
        (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()  # the quick one trusts indices
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        database.execute(f"SELECT {COLUMNS} FROM job LIMIT 1").fetchone()


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    try:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        _migrate(database, path)
        check(database)
    except BaseException:
        database.close()
        raise
    return database


def form_of(database: sqlite3.Connection, path: Path) -> int:
    """The number of its form; `StateUnusable` where that is a newer build's."""
    version: int
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > FORM:
        raise StateUnusable(
            f"The jobs in {path} were written by a newer foley (form {version}, this one knows {FORM}).",
            f"Use the newer one, or update this one: {UPDATE}",
        )
    return version


def _migrate(database: sqlite3.Connection, path: Path) -> None:
    version = form_of(database, path)
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        database.executescript(f"BEGIN IMMEDIATE; {statements} PRAGMA user_version={number}; COMMIT;")
