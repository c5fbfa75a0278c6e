# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue in the sidebar: what is being made, what failed, what waits for a place, and what is done.

It never draws more than a screenful, however long the queue is.
"""

import os
import textwrap
import time
from typing import Any, Callable, Dict, Iterable, List, Sequence, Tuple, TypeVar

from ..core.clock import clock
from ..core.job import Job, Unplaced
from ..core.news import Made
from ..core.progress import doing
from ..jobs.queue import queue
from . import progress_bar
from .audition_ops import play_icon

T = TypeVar("T")
SHOWN = 10
"""How many of a kind are drawn; the others are counted."""
DONE = 5
"""So many sounds that were made are drawn, the newest first."""


def draw_queue(layout: Any, context: Any) -> None:
    """Draw what is on its way, and what came to no good end."""
    left = [*queue.running.values(), *queue.held.jobs.values()]
    if left or queue.later or queue.held.paused:
        _draw_summary(layout.column(align=True))
    for job in left[:SHOWN]:
        _draw_job(layout.box(), job)
    _draw_rest(layout, len(left), "on the way")
    for reason, takes in _by_reason(queue.unplaced[:SHOWN], lambda take: take.reason):
        _draw_unplaced(layout.box(), context, reason, takes)
    _draw_rest(layout, len(queue.unplaced), "not placed")
    if len(queue.failed) > 1:
        row = layout.row(align=True)
        row.operator("foley.retry", text="Try All {} Again".format(len(queue.failed)), icon="FILE_REFRESH")
        row.operator("foley.drop", text="", icon="X")
    failed = list(queue.failed.values())[: -SHOWN - 1 : -1]
    for reason, jobs in _by_reason(failed, lambda job: str(job.error)):
        _draw_failed(layout.box(), context, reason, jobs)
    _draw_rest(layout, len(queue.failed), "failed")
    if queue.news.made:
        _draw_made(layout.column(align=True), list(queue.news.made)[: -DONE - 1 : -1])


def is_empty() -> bool:
    """Whether there is nothing to draw."""
    on_the_way = queue.running or queue.later or queue.held.jobs or queue.held.paused
    return not (on_the_way or queue.unplaced or queue.failed or queue.news.made)


def sentence(layout: Any, context: Any, text: str, icon: str = "ERROR") -> None:
    """A label shows one line and drops the middle of a longer one, so it is broken to the sidebar's width."""
    scale = context.preferences.system.ui_scale or 1.0  # Without a screen there is none.
    letters = int(context.region.width / (7.5 * scale)) - 8
    lines(layout.column(align=True), text, max(20, letters), icon)


def lines(column: Any, text: str, letters: int, icon: str) -> None:
    """A text in lines of so many letters, the icon before the first."""
    for at, line in enumerate(textwrap.wrap(text, letters)):
        column.label(text=line, icon="BLANK1" if at else icon)


def _draw_summary(column: Any) -> None:
    row = column.row(align=True)
    row.label(text=progress_bar.standing().line(time.time()) or "Paused")
    progress_bar.draw_pause(row)
    row.operator("foley.cancel_all", text="", icon="CANCEL")


def _draw_job(layout: Any, job: Job) -> None:
    layout.label(text=job.title)
    row = layout.row()
    row.progress(factor=job.progress, type="BAR", text=doing(job))
    row.operator("foley.cancel", text="", icon="X").job = job.id


def _by_reason(ones: Sequence[T], reason: Callable[[T], str]) -> Iterable[Tuple[str, List[T]]]:
    """So that what went wrong with several in the same way stands there once."""
    found: Dict[str, List[T]] = {}
    for one in ones:
        found.setdefault(reason(one), []).append(one)
    return found.items()


def _draw_unplaced(box: Any, context: Any, reason: str, unplaced: Sequence[Unplaced]) -> None:
    heard_first = all(one.problem is None for one in unplaced)
    sentence(box, context, reason, icon="SOUND" if heard_first else "ERROR")
    column = box.column(align=True)
    for one in unplaced:
        for path in [take["path"] for take in one.job.takes or ()]:
            row = column.row(align=True)
            row.label(text=os.path.basename(path), icon="FILE_SOUND")
            row.operator("foley.audition", text="", icon=play_icon(path)).path = path
            row.operator("foley.insert", text="", icon="IMPORT").path = path
            if path == one.path:
                row.operator("foley.dismiss", text="", icon="X").path = path


def _draw_failed(box: Any, context: Any, reason: str, jobs: Sequence[Job]) -> None:
    sentence(box, context, reason)
    for job in jobs:
        row = box.row(align=True)
        row.label(text=job.title)
        row.operator("foley.open_log", text="", icon="TEXT")
        row.operator("foley.retry", text="", icon="FILE_REFRESH").job = job.id
        row.operator("foley.drop", text="", icon="X").job = job.id


def _draw_made(column: Any, made: Sequence[Made]) -> None:
    column.label(text="Done:")
    for one in made:
        row = column.row(align=True)
        took = " ({})".format(clock(one.seconds)) if one.seconds is not None else ""
        row.label(text="{} {}{}".format(time.strftime("%H:%M", time.localtime(one.at)), one.title, took))
        row.operator("foley.show_sound", text="", icon="VIEWZOOM").sound = one.sound


def _draw_rest(layout: Any, count: int, what: str) -> None:
    if count > SHOWN:
        layout.label(text="and {} more {}".format(count - SHOWN, what))
