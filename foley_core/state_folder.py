"""Where Foley keeps its files: one folder, moved as a whole by `FOLEY_HOME`.

A variable that is empty counts as not set, and so does a platform's own (`HOME`, `XDG_STATE_HOME`,
`LOCALAPPDATA`) that is relative, as the XDG Base Directory Specification wants it. `plugins/foley_client.py`
finds the same folder by the same rule; a test holds the two together.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

from foley_core.errors import StateUnusable


def state_folder() -> Path:
    """`FOLEY_HOME`, else the platform's place for an application's local state. `StateUnusable`."""
    if chosen := os.environ.get("FOLEY_HOME"):
        return expanded(chosen)
    if sys.platform == "darwin":
        return expanded("~/Library/Application Support/Foley")
    elif sys.platform == "win32":
        return stated_folder("LOCALAPPDATA", "~/AppData/Local") / "Foley"
    else:
        return stated_folder("XDG_STATE_HOME", "~/.local/state") / "foley"


def models_folder() -> Path:
    """Where weights lie: `FOLEY_MODELS`, else `models` in the state folder. `StateUnusable`."""
    chosen = os.environ.get("FOLEY_MODELS")
    return expanded(chosen) if chosen else state_folder() / "models"


def expanded(named: str) -> Path:
    """A folder as it was named, told from here, or from a user's own folder if it begins with `~`.

    `StateUnusable` where that user, or a folder of theirs, is not known.
    """
    path = named
    if named[:2] in ("~", "~/") and os.name == "posix" and not Path(os.environ.get("HOME", "")).is_absolute():
        path = _recorded_home() + named[1:]
    elif named.startswith("~"):
        path = os.path.expanduser(named)  # noqa: PTH111  # Path's raises, each version its own
    if path.startswith("~"):
        raise StateUnusable(
            f"{named} is no folder: that user, or their own folder, is not known.",
            "Set FOLEY_HOME to a folder for Foley's files.",
        )
    return Path(path).absolute()


def stated_folder(variable: str, default: str) -> Path:
    """The folder that an environment variable names; `default` where it is not set, empty or relative."""
    stated = Path(os.environ.get(variable, ""))
    return stated if stated.is_absolute() else expanded(default)


def _recorded_home() -> str:
    """The user's folder as the system has it on record; `~` where it has none."""
    pwd: Any = importlib.import_module("pwd")  # POSIX only
    try:
        return str(pwd.getpwuid(getattr(os, "getuid", int)()).pw_dir) or "~"
    except KeyError:
        return "~"
