"""`launch.json`: how clients start the backend on this machine. `python -m backend.launch` writes it.

The newest build wins: where a newer one is recorded and can be started, an older one leaves the record alone,
so that two installations side by side do not take turns. One that is broken, or gone, keeps nobody out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

import msgspec

from backend.atomic import write_atomic
from backend.build import build, older
from backend.paths import launch_file, make_home

SERVING = ("-m", "backend", "serve")
_PROBE = ("-P", "-c", "import backend.service.serve")
_PROBE_SECONDS = 30.0
_OF_THE_HOST = ("PYTHON", "__PYVENV", "LD_", "DYLD_")
_LAST_WORDS = 300


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """The command that serves, and which build it is."""

    command: list[str]
    build: str


def own_launch() -> Launch:
    """How this installation is started."""
    return Launch(command=[sys.executable, *SERVING], build=build())


def record_launch(say: Callable[[str], None] = lambda sentence: None) -> bool:
    """Make this installation the one that clients start; False where a newer one stays.

    `say` is told where a newer one is broken, and loses its place.
    """
    make_home()
    mine = own_launch()
    found = recorded()
    if found is not None and older(mine.build, found.build) and found.command != mine.command:
        if not (why := why_not(found.command)):
            return False
        say(
            f"Foley {found.build}, which is newer, does not start: {why}. Foley {mine.build} is used instead."
        )
    write_atomic(launch_file(), msgspec.json.encode(mine))
    return True


def recorded() -> Launch | None:
    """What clients start; None where nothing is recorded that can be read."""
    try:
        return msgspec.json.decode(launch_file().read_bytes(), type=Launch)
    except (OSError, msgspec.DecodeError):
        return None


def why_not(command: list[str]) -> str:
    """Why a recorded command cannot start a backend; empty where it can.

    Nothing is started: its Python is asked to load what serves. A command of another kind is only looked for.
    """
    if not command or not shutil.which(command[0]):
        return f"{command[0] if command else 'the command'} is not there, or may not be run"
    if tuple(command[1:]) != SERVING:
        return ""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_HOST)}
    try:
        told = subprocess.run(
            [command[0], *_PROBE],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    words = told.stderr.decode(errors="replace").strip().splitlines()
    return (words[-1][:_LAST_WORDS] if words else f"exit code {told.returncode}") if told.returncode else ""


if __name__ == "__main__":
    record_launch()
