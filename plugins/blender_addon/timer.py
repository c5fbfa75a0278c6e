# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls `jobs.pump` ten times a second while there is a connection."""

import bpy
from bpy.app.handlers import persistent

from .jobs import jobs

SECONDS = 0.1


def start() -> None:
    """Begin, unless it runs."""
    if not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=SECONDS, persistent=True)


def stop() -> None:
    """End it. Blender 4.5 as a module hangs at its exit where a timer is left."""
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)


@persistent
def on_load(*_file: object) -> None:
    """Blender has opened another file."""
    jobs.file_opened()


def _tick() -> float:
    jobs.pump()
    return SECONDS
