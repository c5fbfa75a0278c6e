"""`launch.json`: how clients start the backend on this machine. `python -m backend.launch` writes it.

The newest build wins: where a newer one is recorded and its Python can still be run, an older one leaves the
record alone, so that two installations side by side do not take turns.
"""

from __future__ import annotations

import re
import shutil
import sys

import msgspec

from backend.atomic import write_atomic
from backend.build import build
from backend.paths import launch_file, make_home


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """The command that serves, and which build it is."""

    command: list[str]
    build: str


def record_launch() -> bool:
    """Make this installation the one that clients start; False where a newer one stays."""
    make_home()
    mine = Launch(command=[sys.executable, "-m", "backend", "serve"], build=build())
    if _stands_above(_recorded(), mine):
        return False
    write_atomic(launch_file(), msgspec.json.encode(mine))
    return True


def _recorded() -> Launch | None:
    try:
        return msgspec.json.decode(launch_file().read_bytes(), type=Launch)
    except (OSError, msgspec.DecodeError):
        return None


def older(build_name: str, other: str) -> bool:
    """Whether the first build is older than the other; their numbers count, 0.10.0 is newer than 0.9.0."""
    return _numbers(build_name) < _numbers(other)


def _stands_above(recorded: Launch | None, mine: Launch) -> bool:
    if recorded is None or not recorded.command or not shutil.which(recorded.command[0]):
        return False
    return older(mine.build, recorded.build)


def _numbers(build_name: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,20}", build_name)]


if __name__ == "__main__":
    record_launch()
