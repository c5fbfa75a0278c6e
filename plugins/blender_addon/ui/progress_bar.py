# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the queue is, in Blender's status bar, whatever else is open.

Where that bar is hidden, it is in the sequencer's header.

It stands at the end of the bar, beside Blender's own hints, and only while something is to be made.
"""

import time
from typing import Any

import bpy

from ..core.progress import Standing
from ..jobs.queue import queue
from ..timeline import compat

WIDTH = 20
"""Of the bar, in Blender's units of about a button's height."""
_shown = ""


def standing() -> Standing:
    """How far the queue is."""
    running, held = list(queue.running.values()), list(queue.held.jobs.values())
    return Standing(running, held, len(queue.later), queue.batches)


def draw_status(bar: Any, context: Any) -> None:
    """In the status bar."""
    _draw(bar.layout)


def draw_header(header: Any, context: Any) -> None:
    """In the sequencer's header, where there is no status bar."""
    if not context.screen.show_statusbar:
        _draw(header.layout)


def draw_pause(row: Any) -> None:
    """The button with which the queue stops, or goes on."""
    if queue.held.paused:
        row.operator("foley.resume", text="", icon="PLAY")
    else:
        row.operator("foley.pause", text="", icon="PAUSE")


def refresh() -> None:
    """Draw it anew where it says something else now. A timer calls it."""
    global _shown
    if not (_shown or queue.running or queue.later or queue.held.jobs):
        return  # So it is nearly always, five times a second.
    line = standing().line(time.time())
    if line == _shown:
        return
    _shown = line
    _be_there()
    for window in bpy.context.window_manager.windows:
        if not window.modal_operators:  # One that runs may have put a hint of its own there.
            window.workspace.status_text_set_internal(None)
    compat.redraw()


def register() -> None:
    """Put it into the bar and the header."""
    _be_there()
    bpy.types.SEQUENCER_HT_header.append(draw_header)


def unregister() -> None:
    """Take it away."""
    bpy.types.STATUSBAR_HT_header.remove(draw_status)
    bpy.types.SEQUENCER_HT_header.remove(draw_header)


def _be_there() -> None:
    """Another add-on's `status_text_set` may have put back a bar as it was before."""
    drawn = getattr(bpy.types.STATUSBAR_HT_header.draw, "_draw_funcs", ())
    if draw_status not in drawn:
        bpy.types.STATUSBAR_HT_header.append(draw_status)


def _draw(layout: Any) -> None:
    left = standing()
    line = left.line(time.time())
    if not line:
        return
    row = layout.row(align=True)
    bar = row.row(align=True)
    bar.ui_units_x = WIDTH
    bar.progress(factor=left.share(), type="BAR", text="Foley: {}".format(line))
    if left.left > 1 or queue.held.paused:
        draw_pause(row)
    row.operator("foley.cancel_all", text="", icon="X")
