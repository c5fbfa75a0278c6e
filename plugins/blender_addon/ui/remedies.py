# SPDX-License-Identifier: GPL-3.0-or-later
"""What helps against which problem, as buttons. The first that is given is what most users want."""

import os
from typing import Any, Dict, List, NamedTuple, Sequence

from ..core.news import Report
from ..jobs.queue import queue
from . import backend_ops


class Remedy(NamedTuple):
    """A button: the name of one of our operators, what stands on it, and what the operator is told."""

    name: str
    text: str
    values: Dict[str, Any] = {}


PREFERENCES = Remedy("show_preferences", "Open Preferences")
INSTALL = Remedy("install_backend", "Install or Repair the Backend…")
LOG = Remedy("open_log", "Open Log")
START = Remedy("start_backend", "Start the Backend")
QUEUE = Remedy("show_queue", "Show the Queue")
WEIGHTS = Remedy("copy_command", "Copy the Command that Gets Them", {"words": "models pull xxl"})
BY_CODE = {
    "backend_unreachable": (INSTALL, PREFERENCES, LOG),
    "backend_refused": (LOG, PREFERENCES),
    "backend_absent": (START, PREFERENCES),
    "protocol_mismatch": (INSTALL, PREFERENCES),
    "launch_failed": (INSTALL, LOG),
    "bad_command": (PREFERENCES,),
    "no_pyzmq": (PREFERENCES,),
    "install_failed": (INSTALL, LOG),
    "state_unusable": (PREFERENCES,),
    "output_denied": (PREFERENCES,),
    "model_missing": (WEIGHTS,),
    "model_unreadable": (WEIGHTS, LOG),
    "engine_failed": (LOG,),
    "internal": (LOG,),
}


def remedies(reports: Sequence[Report]) -> List[Remedy]:
    """What helps, none twice."""
    found: List[Remedy] = []
    for report in reports:
        found += BY_CODE.get(report.problem.code, ())
        found += _for_jobs(report)
    nothing_ran = not os.path.isdir(backend_ops.logs())
    return [one for at, one in enumerate(found) if one not in found[:at] and not (nothing_ran and one == LOG)]


def _for_jobs(report: Report) -> List[Remedy]:
    """What can be done about jobs that failed, or found no place."""
    ids = [job.id for job in report.jobs]
    found = [
        Remedy("insert", "Insert at the Playhead or the Selected Picture", {"path": take.path})
        for take in queue.unplaced
        if take.job.id in ids
    ][:1]
    failed = [job for job in ids if job in queue.failed]
    if failed:
        again = {"job": failed[0] if len(failed) == 1 else ""}
        found.append(Remedy("retry", "Try Again" if len(failed) == 1 else "Try All Again", again))
    return [*found, QUEUE] if ids else found
