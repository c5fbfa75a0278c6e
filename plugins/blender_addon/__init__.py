# SPDX-License-Identifier: GPL-3.0-or-later
"""Foley for Blender's video sequencer.

Right-click a film strip, say what to hear, and a take appears on a channel above it, in sync. The sound is
made by Foley's backend, a process of its own; this add-on only asks for it and puts it in place.
"""

import atexit

import bpy

from . import (
    backend_ops,
    generate_ops,
    hit_ops,
    launching,
    menus,
    panel,
    preferences,
    queue_ops,
    retake_ops,
    score_ops,
    settings,
    take_ops,
    take_picture,
    takes_panel,
    timer,
)
from .jobs import jobs

_CLASSES = (
    settings.FoleySettings,
    preferences.FoleyPreferences,
    *generate_ops.CLASSES,
    *retake_ops.CLASSES,
    *take_ops.CLASSES,
    *hit_ops.CLASSES,
    *score_ops.CLASSES,
    *queue_ops.CLASSES,
    *backend_ops.CLASSES,
    *takes_panel.CLASSES,
    *panel.CLASSES,
)


def register() -> None:
    """Called by Blender when the add-on is switched on."""
    for kind in _CLASSES:
        bpy.utils.register_class(kind)
    bpy.types.Scene.foley = bpy.props.PointerProperty(type=settings.FoleySettings)
    menus.register()
    timer.watch_files()
    timer.start()
    bpy.app.timers.register(launching.warm_up, first_interval=1.0, persistent=True)
    atexit.register(_let_go)


def unregister() -> None:
    """Called by Blender when the add-on is switched off."""
    _let_go()
    atexit.unregister(_let_go)
    timer.unwatch_files()
    menus.unregister()
    del bpy.types.Scene.foley
    for kind in reversed(_CLASSES):
        bpy.utils.unregister_class(kind)


def _let_go() -> None:
    timer.stop()
    if bpy.app.timers.is_registered(launching.warm_up):
        bpy.app.timers.unregister(launching.warm_up)
    take_picture.picture.close()
    jobs.close()
