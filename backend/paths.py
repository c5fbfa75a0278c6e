"""The files of the service, all in the one folder that `foley_core.state_folder` finds."""

from __future__ import annotations

import os
from pathlib import Path

from foley_core.errors import StateUnusable
from foley_core.state_folder import state_folder

_OTHER_HOME = "Set FOLEY_HOME to a folder of its own."


def home() -> Path:
    """The state folder; `StateUnusable` where there can be none."""
    return state_folder()


def make_home() -> Path:
    """The state folder, made if need be, for its owner alone (0700).

    `StateUnusable` where it cannot be made, or holds other things and is open to other users: it is not made
    private under the feet of whoever uses it.
    """
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            _check_ours(folder)
            folder.chmod(0o700)
    except OSError as error:
        raise StateUnusable(f"{folder} cannot be used: {error.strerror or error}.", _OTHER_HOME) from error
    return folder


def _check_ours(folder: Path) -> None:
    ours = (lock_file(), launch_file(), jobs_file(), cache_folder(), log_folder())
    if any(folder.iterdir()) and not any(path.exists() for path in ours):
        raise StateUnusable(f"{folder} holds other things, and other users can open it.", _OTHER_HOME)


def connection_file() -> Path:
    """Endpoint and keys of the running backend."""
    return home() / "connection.json"


def launch_file() -> Path:
    """How clients start the backend."""
    return home() / "launch.json"


def lock_file() -> Path:
    """Held by the one running backend."""
    return home() / "backend.lock"


def jobs_file() -> Path:
    """The jobs' database."""
    return home() / "jobs.sqlite"


def cache_folder() -> Path:
    """Takes, spottings and features, by content."""
    return home() / "cache"


def log_folder() -> Path:
    """Logs of broker and worker."""
    return home() / "logs"
