# SPDX-License-Identifier: GPL-3.0-or-later
"""Pumps the queue ten times a second, and tells it when a file is opened or saved."""

import traceback
from typing import Any, Callable, List, Tuple

import bpy
from bpy.app.handlers import persistent

from ..core.problem import Problem
from ..timeline import hearing
from . import backend_status, rendering, saving, sounds
from .queue import queue

SECONDS = 0.1


def start() -> None:
    """Begin, unless it runs."""
    if not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=SECONDS, persistent=True)


def stop() -> None:
    """End it. Blender 4.5 as a module hangs at its exit where a timer is left."""
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)


def watch_files() -> None:
    """Take part when files are opened and saved."""
    for handlers, react in _reactions():
        handlers.append(react)


def unwatch_files() -> None:
    """No more."""
    for handlers, react in _reactions():
        handlers.remove(react)


@persistent
def _before_load(*_file: object) -> None:
    queue.start_now()


@persistent
def on_load(*_file: object) -> None:
    """Another file is open."""
    saving.opened()


@persistent
def _before_save(path: str, *_none: object) -> None:
    saving.before(path)


@persistent
def _after_save(path: str, *_none: object) -> None:
    saving.after(path)


@persistent
def _not_saved(path: str, *_none: object) -> None:
    saving.failed(path)


@persistent
def _undone(*_scene: object) -> None:
    saving.undone()


def _reactions() -> List[Tuple[Any, Callable[..., None]]]:
    at = bpy.app.handlers
    reactions = [(when, hearing.end) for when in (at.load_pre, at.save_pre, at.undo_pre, at.redo_pre)]
    reactions += [(at.load_pre, _before_load), (at.load_post, on_load), (at.save_pre, _before_save)]
    reactions += [(at.save_post, _after_save), (at.save_post_fail, _not_saved)]
    reactions += [(at.undo_post, _undone), (at.redo_post, _undone)]
    afters = (at.load_post, at.undo_post, at.redo_post)
    return reactions + [(when, tidy) for when in afters for tidy in (rendering.tidy, hearing.tidy)]


def _tick() -> float:
    try:
        queue.pump()
        backend_status.keep_fresh()
        sounds.keep_fresh()
    except Problem as problem:
        queue.news.report(problem)
    except Exception as error:  # Blender ends a timer that raises, and every job would wait for ever.
        traceback.print_exc()
        message = "Something in Foley broke: {!r}.".format(error)
        queue.news.report(Problem("internal", message, "See the console; save, and restart Blender."))
    return SECONDS
