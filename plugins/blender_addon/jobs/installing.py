# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Foley's own installer from its folder, beside Blender: to install the backend, or to repair it.

It runs in a process of its own, and its words go to a log; nothing waits for it. It is started only when the
user says so. Where Foley lies is told by the preferences, by what starts the backend now, or by a `foley` on
the PATH.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any, List, Optional

import bpy

from ..core.problem import Problem
from . import backend_client, user_preferences
from .queue import queue

SCRIPT = os.path.join("installers", "bootstrap.py")
LOG = "install.log"
TAIL, SHOWN = 4096, 6
"""Bytes at the end of the log that are read, and lines that are shown."""
_OF_THE_HOST = ("PYTHON", "__PYVENV", "LD_", "DYLD_")


class Installer:
    """The one that runs, or ran last."""

    def __init__(self) -> None:
        self.log = ""
        """Path of what it says; empty while none was started."""
        self.code: Optional[int] = None
        """How it ended."""
        self._process: Any = None

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self._process is not None

    def start(self, folder: str) -> None:
        """Run the set-up of the Foley in this folder."""
        from .. import foley_client

        if self.running:
            raise Problem("installing", "The backend is being installed.", "Wait until that has ended.")
        self.log, self.code = str(foley_client.home() / "logs" / LOG), None
        environment = {key: value for key, value in os.environ.items() if not key.startswith(_OF_THE_HOST)}
        try:
            os.makedirs(os.path.dirname(self.log), exist_ok=True)
            with open(self.log, "wb") as log:
                self._process = subprocess.Popen(
                    command(folder),
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    **({"creationflags": 0x08000000} if os.name == "nt" else {"start_new_session": True}),
                )
        except OSError as error:
            message = "The installer cannot be started: {}.".format(error)
            raise Problem("install_failed", message, "Run it by hand: {}".format(by_hand(folder))) from error

    def stop(self) -> None:
        """End it; the next run takes up where it was."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._process.terminate()
            else:
                os.killpg(self._process.pid, signal.SIGTERM)  # Whatever it has started, too.

    def poll(self) -> bool:
        """Whether it has ended since the last call; then the backend is looked for, or it is told why not."""
        if self._process is None or self._process.poll() is None:
            return False
        self.code, self._process = self._process.returncode, None
        if self.code == 0:
            queue.news.begin()
            queue.news.lines.append("Foley's backend is installed.")
            queue.connect()
        else:
            last = (self.lines() or ["It said nothing"])[-1].rstrip(".")
            message = "The backend could not be installed: {}.".format(last)
            queue.news.report(Problem("install_failed", message, "See the log, then try again."))
        return True

    def lines(self) -> List[str]:
        """The last that it said."""
        with suppress(OSError):
            with open(self.log, "rb") as log:
                log.seek(max(0, os.path.getsize(self.log) - TAIL))
                said = log.read().decode("utf-8", "replace").replace("\r", "\n")
            return [line.rstrip() for line in said.split("\n") if line.strip()][-SHOWN:]
        return []


installer = Installer()


def project() -> str:
    """The folder that Foley lies in; empty where nothing tells."""
    chosen = user_preferences.current().project
    if chosen:
        return chosen_folder(chosen)
    started = _started_with()
    found = shutil.which("foley")
    for program in [*started[:1], *([found] if found else [])]:
        # Not of the real path: a Python in an environment is a link to one elsewhere.
        for start in (os.path.abspath(program), os.path.realpath(program)):
            folder = _above(start)
            if folder:
                return folder
    return ""


def chosen_folder(folder: str) -> str:
    """The folder that was chosen, if Foley is in it."""
    there = os.path.abspath(bpy.path.abspath(folder))
    if not os.path.isfile(os.path.join(there, SCRIPT)):
        message = "There is no Foley in {}.".format(there)
        raise Problem("no_project", message, "Choose the folder with README.md and installers in it.")
    return there


def command(folder: str) -> List[str]:
    """What is run: the set-up, by the system's Python, or by Blender's own where there is none."""
    python = shutil.which("py" if os.name == "nt" else "python3") or sys.executable
    return [python, os.path.join(folder, SCRIPT), "setup"]


def by_hand(folder: str) -> str:
    """The same, to be typed."""
    parts = command(folder)
    return subprocess.list2cmdline(parts) if os.name == "nt" else " ".join(map(shlex.quote, parts))


def _started_with() -> List[str]:
    try:
        from .. import foley_client
    except ImportError:
        return []
    recorded = backend_client.preferred_launch()[1] or foley_client.foley_launch.recorded()
    found = recorded.get("command")
    return [str(part) for part in found] if isinstance(found, list) else []


def _above(path: str) -> str:
    folder = os.path.dirname(path)
    while folder != os.path.dirname(folder):
        if os.path.isfile(os.path.join(folder, SCRIPT)):
            return folder
        folder = os.path.dirname(folder)
    return ""
