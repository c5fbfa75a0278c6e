# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and restart the backend, and open its log."""

import os
from typing import Any

import bpy

from ..core.problem import Problem
from ..jobs import backend_status
from .operator_bases import NoUndoOperator


def logs() -> str:
    """The folder of the backend's logs; empty where pyzmq cannot be loaded."""
    try:
        from .. import foley_client
    except ImportError:
        return ""
    return str(foley_client.home() / "logs")


class FOLEY_OT_start_backend(NoUndoOperator, bpy.types.Operator):
    """Start Foley's backend, or find the one that runs"""

    bl_idname = "foley.start_backend"
    bl_label = "Start"

    def run(self, context: Any) -> None:
        """Begin; the panel tells how it goes on."""
        backend_status.start()


class FOLEY_OT_restart_backend(NoUndoOperator, bpy.types.Operator):
    """End Foley's backend and start it anew; what it was working on is begun again"""

    bl_idname = "foley.restart_backend"
    bl_label = "Restart"

    def run(self, context: Any) -> None:
        """Begin; the panel tells how it goes on."""
        backend_status.restart()


class FOLEY_OT_open_log(NoUndoOperator, bpy.types.Operator):
    """Open the newest log of Foley's backend"""

    bl_idname = "foley.open_log"
    bl_label = "Open Log"

    def run(self, context: Any) -> None:
        """Open it with the system's own program."""
        bpy.ops.wm.path_open(filepath=newest_log())


def newest_log() -> str:
    """Path of the log that was written to last; a `Problem` where there is none yet."""
    try:
        found = [entry.path for entry in os.scandir(logs()) if entry.name.endswith(".log")]
    except OSError:
        found = []
    if not found:
        raise Problem("no_log", "There is no log in {} yet.".format(logs()), "Start the backend first.")
    return max(found, key=os.path.getmtime)


CLASSES = (FOLEY_OT_start_backend, FOLEY_OT_restart_backend, FOLEY_OT_open_log)
