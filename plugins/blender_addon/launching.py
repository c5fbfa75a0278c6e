# SPDX-License-Identifier: GPL-3.0-or-later
"""How the backend is started, as the preferences have it."""

import os
import shlex
from contextlib import suppress
from typing import Any, Dict, List, Tuple

from . import preferred
from .problem import Problem


def preferred_launch() -> Tuple[bool, Dict[str, Any]]:
    """A client's `start` and `launch`: whether it may start the backend, and what stands for launch.json."""
    kept = preferred.preferences()
    return kept.auto_start, {"command": split(kept.command)} if kept.command else {}


def warm_up() -> None:
    """Load pyzmq ahead, which takes a tenth of a second, so that no click has to wait for it."""
    with suppress(ImportError):
        from . import foley_client  # noqa: F401


def split(command: str) -> List[str]:
    """The parts of a command line; what has blanks stands in quotes. On Windows a backslash is a letter."""
    try:
        if os.name != "nt":
            return shlex.split(command)
        return [part.strip('"') for part in shlex.split(command, posix=False)]
    except ValueError as error:
        message = "The backend command {!r} cannot be read: {}.".format(command, error)
        raise Problem("bad_command", message, "Correct it in Foley's preferences.") from error
