# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue in the sidebar: what is being made, what failed, and what waits for a place.

It never draws more than a screenful, however long the queue is.
"""

import os
import textwrap
import time
from itertools import islice
from typing import Any

from ..core.batches import clock
from ..core.job import Job, Unplaced
from ..jobs.queue import queue
from .audition_ops import play_icon

SHOWN = 10
"""How many of a kind are drawn; the others are counted."""
STAGES = {
    "waiting": "Waiting",
    "rendering": "Rendering the picture",
    "cancelling": "Cancelling",
    "start": "Starting",
    "load": "Loading the engine",
    "watch": "Watching the picture",
    "sound": "Making the sound",
    "master": "Mastering",
    "write": "Writing",
    "preview": "Making the preview",
    "report": "Making the report",
}


def draw_queue(layout: Any, context: Any) -> None:
    """Draw what is on its way, and what came to no good end."""
    if queue.running or queue.later:
        _draw_summary(layout.column(align=True))
    for job in islice(list(queue.running.values()), SHOWN):
        _draw_job(layout.box(), job)
    _draw_rest(layout, len(queue.running), "on the way")
    for take in queue.unplaced[:SHOWN]:
        _draw_unplaced(layout.box(), context, take)
    _draw_rest(layout, len(queue.unplaced), "not placed")
    if len(queue.failed) > 1:
        layout.operator("foley.retry", text="Try All {} Again".format(len(queue.failed)), icon="FILE_REFRESH")
    for job in islice(reversed(list(queue.failed.values())), SHOWN):
        _draw_failed(layout.box(), context, job)
    _draw_rest(layout, len(queue.failed), "failed")


def sentence(layout: Any, context: Any, text: str, icon: str = "ERROR") -> None:
    """A label shows one line and drops the middle of a longer one, so it is broken to the sidebar's width."""
    scale = context.preferences.system.ui_scale or 1.0  # Without a screen there is none.
    letters = int(context.region.width / (7.5 * scale)) - 8
    column = layout.column(align=True)
    for at, line in enumerate(textwrap.wrap(text, max(20, letters))):
        column.label(text=line, icon="BLANK1" if at else icon)


def summary(now: float) -> str:
    """How many jobs are left, of how many, and how long they will take."""
    left = len(queue.running) + len(queue.later)
    ended = sum(batch.ended for batch in queue.batches.values())
    words = "{} of {} to make".format(left, left + ended) if ended else "{} to make".format(left)
    for name, batch in queue.batches.items():
        began = [job.began_at for job in queue.running.values() if job.batch == name and job.began_at]
        seconds = batch.time_left(queue.left(name), now - min(began) if began else 0.0)
        if seconds is not None:
            return "{}, about {} left".format(words, clock(seconds))
    return words


def _draw_summary(column: Any) -> None:
    if len(queue.running) + len(queue.later) > 1:
        row = column.row()
        row.label(text=summary(time.time()))
        row.operator("foley.cancel_all", text="", icon="CANCEL")


def _draw_job(layout: Any, job: Job) -> None:
    layout.label(text=_title(job))
    row = layout.row()
    row.progress(factor=job.progress, type="BAR", text=_stage(job))
    row.operator("foley.cancel", text="", icon="X").job = job.id


def _stage(job: Job) -> str:
    words = STAGES.get(job.stage, job.stage)
    return "{}, {}".format(words, job.place) if job.stage == "waiting" and job.place else words


def _title(job: Job) -> str:
    words, name = job.wishes.prompt, job.picture.name
    return "{}: {}".format(name, words) if words else name


def _draw_unplaced(layout: Any, context: Any, take: Unplaced) -> None:
    sentence(layout, context, take.reason, icon="SOUND" if take.job.waits_to_be_heard else "ERROR")
    column = layout.column(align=True)
    for path in [one["path"] for one in take.job.takes or ()]:
        row = column.row(align=True)
        row.label(text=os.path.basename(path), icon="FILE_SOUND")
        row.operator("foley.audition", text="", icon=play_icon(path)).path = path
        row.operator("foley.insert", text="", icon="IMPORT").path = path
        if path == take.path:
            row.operator("foley.dismiss", text="", icon="X").path = path


def _draw_failed(layout: Any, context: Any, job: Job) -> None:
    sentence(layout, context, job.error)
    row = layout.row()
    row.label(text=_title(job))
    row.operator("foley.retry", text="", icon="FILE_REFRESH").job = job.id
    row.operator("foley.drop", text="", icon="X").job = job.id


def _draw_rest(layout: Any, count: int, what: str) -> None:
    if count > SHOWN:
        layout.label(text="and {} more {}".format(count - SHOWN, what))
