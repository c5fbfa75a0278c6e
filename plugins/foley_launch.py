# SPDX-License-Identifier: Apache-2.0
"""Where the backend's files lie, which of two builds is the newer, and how one is started.

Part of the client (`foley_client.py`), and copied with it. A backend that was started outlives the program
that started it; what it says before it can write a log is kept, so that the user can be told why it did not
start.
Knows nothing of sockets. For Python 3.6 and later.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

_pwd = importlib.import_module("pwd") if os.name == "posix" else None  # type: Any
_PLACES = {"win32": ("LOCALAPPDATA", "~/AppData/Local", "Foley")}
_PLACES["darwin"] = ("", "~/Library/Application Support", "Foley")
_OF_THE_HOST = ("PYTHON", "__PYVENV", "LD_", "DYLD_")
_WORDS, _TAIL = 300, 4096
UPDATE = (
    "The backend is older. Update foley: run `python3 installers/bootstrap.py setup` in its newest folder."
)
_Process = type("_Process", (subprocess.Popen,), {"__del__": lambda process: None})  # type: Any  # It outlives us.


class ClientError(Exception):
    """What went wrong: a stable code, what happened, and what to do about it."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__("{} {}".format(message, hint).strip())
        self.code, self.message, self.hint = code, message, hint


def home() -> Path:
    """The backend's state folder; the same rule as `foley_core.state_folder`."""
    variable, default, ours = _PLACES.get(sys.platform, ("XDG_STATE_HOME", "~/.local/state", "foley"))
    stated, chosen = os.environ.get(variable, ""), os.environ.get("FOLEY_HOME")
    return _folder(chosen) if chosen else _folder(stated if os.path.isabs(stated) else default) / ours


def _folder(named: str) -> Path:
    """As named, told from here; `ClientError` where nobody knows whose folder `~` is."""
    path = named
    with suppress(KeyError):
        path = os.path.expanduser(named)
        if _pwd and named[:2] in ("~", "~/") and not os.path.isabs(os.environ.get("HOME", "")):
            path = _pwd.getpwuid(getattr(os, "getuid", int)()).pw_dir + named[1:]
    if path.startswith("~"):
        raise ClientError("state_unusable", named + " is not known.", "Set FOLEY_HOME to a folder for Foley.")
    return Path(path).absolute()


def read(name: str) -> Dict[str, Any]:
    """A file of the state folder; empty where there is none that can be read."""
    with suppress(OSError, TypeError, ValueError):
        return dict(json.loads((home() / name).read_text(encoding="utf-8")))
    return {}


def recorded() -> Dict[str, Any]:
    """How a backend is started, and which build that is."""
    return read("launch.json")


def command_of(launch: Dict[str, Any]) -> List[str]:
    """How the backend is started; a `LookupError` where nothing is recorded."""
    if not launch:
        raise LookupError("it is not installed yet, {} is missing".format(home() / "launch.json"))
    command: List[str] = launch["command"]
    return command


def connection() -> Dict[str, Any]:
    """Where a backend is said to listen: not one of another folder, of which this one is a copy."""
    found = read("connection.json")
    there = found.get("home") or str(home())
    return found if isinstance(there, str) and _real(there) == _real(str(home())) else {}


def _real(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))


def order(build: str) -> List[int]:
    """What builds (`0.2.0+3.20261122104500`) are sorted by: their numbers, newer ones last."""
    return [int(number) for number in str(build).replace("+", ".").split(".") if number.isdigit()]


class Child:
    """A backend that was started with `command`. Raises what `subprocess.Popen` does."""

    def __init__(self, command: Sequence[str]) -> None:
        # No console, nor the libraries that are meant for this program.
        new = {"creationflags": 0x08000200} if os.name == "nt" else {"start_new_session": True}  # type: Dict[str, Any]
        env = {key: value for key, value in os.environ.items() if not key.startswith(_OF_THE_HOST)}
        named = [name for name in ("FOLEY_HOME", "FOLEY_MODELS") if env.get(name)]
        env.update({name: str(_folder(env[name])) for name in named})  # It stands elsewhere.
        there = next(folder for folder in (home(), *home().parents) if os.path.isdir(str(folder)))
        self._said = None  # type: Any
        with suppress(OSError):
            self._said = tempfile.TemporaryFile("a+b")  # noqa: SIM115  # for as long as it may speak
        new["stdout"] = new["stderr"] = self._said or subprocess.DEVNULL
        self._process = _Process(command, env=env, cwd=str(there), stdin=subprocess.DEVNULL, **new)
        self.kill, self.wait = self._process.kill, self._process.wait

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            self._said.close()

    def ended(self) -> Optional[int]:
        """Its exit code; None while it lives."""
        code = self._process.poll()
        return None if code is None else int(code)

    def words(self) -> str:
        """The last that it said, as one line; empty where it said nothing."""
        with suppress(AttributeError, OSError, ValueError):
            size = self._said.seek(0, os.SEEK_END)
            self._said.seek(max(0, size - _TAIL))
            lines = self._said.read().decode("utf-8", "replace").split("\n")
            return next((" ".join(line.split()) for line in lines[::-1] if line.strip()), "")[-_WORDS:]
        return ""
