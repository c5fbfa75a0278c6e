"""`connection.json`: where the running backend listens, and the keys that it lets in.

Whoever can read the file may give the backend work, so it is for its owner alone (0600). It is written anew,
with new keys, by every backend, and taken away when that one ends; after a crash it is left behind, and names
an endpoint where nothing answers.
"""

from __future__ import annotations

import msgspec

from backend.atomic import write_atomic
from backend.paths import connection_file


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


def publish(connection: Connection) -> None:
    """Tell clients where we are."""
    write_atomic(connection_file(), msgspec.json.encode(connection))


def published() -> Connection | None:
    """What the newest backend published; None where there is nothing, or nothing that can be read."""
    try:
        return msgspec.json.decode(connection_file().read_bytes(), type=Connection)
    except (OSError, msgspec.DecodeError):
        return None


def withdraw(instance: str) -> None:
    """Take our own connection away; one that a newer backend published stays."""
    current = published()
    if current is not None and current.instance == instance:
        connection_file().unlink(missing_ok=True)
