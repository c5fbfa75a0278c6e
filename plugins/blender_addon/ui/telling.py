# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells, by a timer of its own, how far the queue is, what ended, and what the installer says.

Reports open by the mouse (`report_ops`).
"""

import bpy

from ..jobs.installing import installer
from ..jobs.queue import queue
from . import progress_bar

SECONDS = 0.2


def tell() -> float:
    """Say what was not said yet; gives when to look again."""
    if queue.news.lines:
        bpy.ops.foley.tell("INVOKE_DEFAULT", text=queue.news.lines.popleft())
    progress_bar.refresh()
    if installer.running:
        installer.poll()
        _redraw_preferences()
    return SECONDS


def start() -> None:
    """Begin, unless it runs."""
    if not bpy.app.timers.is_registered(tell):
        bpy.app.timers.register(tell, first_interval=SECONDS, persistent=True)


def stop() -> None:
    """End it."""
    if bpy.app.timers.is_registered(tell):
        bpy.app.timers.unregister(tell)


def _redraw_preferences() -> None:
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "PREFERENCES":
                area.tag_redraw()
