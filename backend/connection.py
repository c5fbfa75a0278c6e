"""`connection.json`: where the running backend listens, and the keys that it lets in.

Whoever can read the file may give the backend work, so it is for its owner alone (0600). It is written anew,
with new keys, by every backend, and taken away when that one ends; after a crash it is left behind, and names
an endpoint where nothing answers.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from backend.atomic import write_atomic
from backend.paths import connection_file, home


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """What a client needs to reach the backend. Keys are in Z85."""

    endpoint: str
    server_key: str
    client_key: str
    client_secret: str
    pid: int
    instance: str
    build: str
    protocol: tuple[int, int]
    home: str = ""
    """The state folder that it is for: in a copy of that, it names another folder's backend. Empty in what
    older versions published."""


def publish(connection: Connection) -> None:
    """Tell clients where we are."""
    write_atomic(connection_file(), msgspec.json.encode(connection))


def published() -> Connection | None:
    """What the newest backend of this folder published; None where there is nothing that can be read."""
    try:
        found = msgspec.json.decode(connection_file().read_bytes(), type=Connection)
    except (OSError, msgspec.DecodeError):
        return None
    return found if not found.home or _same(found.home, home()) else None


def _same(one: str, other: Path) -> bool:
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def withdraw(instance: str) -> None:
    """Take our own connection away; one that a newer backend published stays."""
    current = published()
    if current is not None and current.instance == instance:
        connection_file().unlink(missing_ok=True)
