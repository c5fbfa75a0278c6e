# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a job stands that waits in the backend, in words. No Blender here."""

from typing import Any, Dict

from .clock import clock

REASONS = {
    "start": "the worker is starting",
    "load": "the engine is being loaded",
    "renewal": "the worker is being renewed",
    "restart": "the worker is started again",
    "ending": "the backend is ending",
}
"""What it waits for, where that is more than other jobs."""


def place(event: Dict[str, Any]) -> str:
    """`behind 2 jobs, about 40 s`, as a push or a status tells it; empty where it tells of no place."""
    before, seconds = event.get("place"), event.get("wait_s")
    words = ["behind {} job{}".format(before, "s" if before > 1 else "")] if before else []
    words += [REASONS[event["reason"]]] if event.get("reason") in REASONS else []
    words += ["about {}".format(clock(seconds))] if seconds else []
    return ", ".join(words)
