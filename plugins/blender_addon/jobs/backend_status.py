# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what the backend says of itself fresh while the sidebar can be seen, and starts it anew.

It wakes no backend: it asks only one that is there; where no sidebar is open, only until it was told once.
"""

import time

from ..timeline import compat
from .queue import queue

EVERY_SECONDS = 5.0
_asked_at = 0.0
_restarting = False


def keep_fresh() -> None:
    """Ask for worker, engines and the jobs of others now and then; the timer calls it after each pump."""
    global _asked_at, _restarting
    if _restarting and queue.backend != "ready":
        _restarting = False
        queue.connect()
    elif queue.backend != "ready":
        return
    elif time.monotonic() - _asked_at > EVERY_SECONDS and (_something_is_unknown() or _sidebar_is_open()):
        _asked_at = time.monotonic()
        queue.told.asked = queue.client.ask("list", states=["queued", "running"])
        if not queue.told.known:
            ask_for_engines()


def ask_for_engines() -> None:
    """Ask which engines there are now: weights may have come, or gone."""
    if queue.backend == "ready" and not queue.client.older:
        queue.client.ask("capabilities")


def start() -> None:
    """Look for the backend, and start it if it is not there, whatever the preferences say."""
    queue.client.start = True
    queue.connect()


def restart() -> None:
    """End the backend and start it anew. Its jobs go back into the queue and are made after that."""
    global _restarting
    start()
    if queue.backend == "ready":
        queue.client.ask("shutdown", mode="now")
        _restarting = True


def _something_is_unknown() -> bool:
    return not queue.told.workers or not (queue.told.known or queue.client.older)


def _sidebar_is_open() -> bool:
    return any(area.spaces.active.show_region_ui for _window, area in compat.sequencers())
