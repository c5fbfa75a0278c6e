"""Starts the backend that goes on, where one leaves because its own files were changed under it: an update in
place must not stop a batch that was left for the night.

Guarantees that two never serve, since whoever does not get the lock ends at once; that none is started while
the files are still being changed; and that there is an end to it: what does not start is tried a few times,
and where one backend after the other leaves before it has made a job, the last one starts no other. Then the
jobs wait for the next client. Knows nothing of jobs.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import time
from collections.abc import Mapping

from backend.build import sources
from backend.client import foley_launch
from backend.connection import published
from backend.launch import recorded

_logger = logging.getLogger(__name__)

SUCCESSION = "FOLEY_SUCCESSION"
"""Environment variable: how many backends in a row were started so, and have made no job."""
MOST_IN_A_ROW = 5
QUIET_SECONDS = 5.0
"""So long the files must have been left alone."""
LONGEST_CHANGE = 300.0
PAUSES = (0.0, 5.0, 10.0, 20.0, 40.0, 80.0)
"""Seconds before each try: a half of an update may be there, and the rest on its way."""
START_SECONDS = 60.0
_LOOK_SECONDS = 0.1


def next_in_row(environment: Mapping[str, str], made: int) -> int:
    """The number of the successor of a backend that has made so many jobs; 0: it gets none."""
    before = environment.get(SUCCESSION, "0")
    number = 1 if made or not before.isdecimal() else int(before[:6]) + 1
    return number if number <= MOST_IN_A_ROW else 0


def start_successor(made: int) -> None:
    """Start the backend that clients would start, once ours has let go of everything; waits until it serves.

    `made` is how many jobs ours has made.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    number = next_in_row(os.environ, made)
    if not number:
        _logger.error("no successor", extra={"about": {"why": "the files change again and again"}})
        return
    os.environ[SUCCESSION] = str(number)
    _wait_until_quiet()
    for pause in PAUSES:
        time.sleep(pause)
        launch = recorded()
        if launch is None or not launch.command or not shutil.which(launch.command[0]):
            _logger.warning("no successor", extra={"about": {"why": "what starts it is not there"}})
            return
        if published() is not None or not (why := _failed(launch.command)):
            return
        _logger.warning("the successor does not start", extra={"about": {"why": why}})


def _failed(command: list[str]) -> str:
    """Start it; why none serves then, empty where one does, be it another that a client has started."""
    try:
        child = foley_launch.Child(command)
    except (OSError, ValueError) as error:
        return str(error)
    _logger.info("successor started", extra={"about": {"command": command}})
    deadline = time.monotonic() + START_SECONDS
    while published() is None and time.monotonic() < deadline:
        if code := child.ended():
            return child.words() or f"exit code {code}"
        time.sleep(_LOOK_SECONDS)
    return ""


def _wait_until_quiet() -> None:
    deadline = time.monotonic() + LONGEST_CHANGE
    seen = ""
    while (now := sources()) != seen and time.monotonic() < deadline:
        seen = now
        time.sleep(QUIET_SECONDS)
