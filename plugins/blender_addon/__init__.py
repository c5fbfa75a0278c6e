# SPDX-License-Identifier: GPL-3.0-or-later
"""Foley for Blender's video sequencer.

Right-click a film strip, say what to hear, and a take appears on a channel above it, in sync. The sound is
made by Foley's backend, a process of its own; this add-on only asks for it and puts it in place.
"""

import atexit

import bpy

from . import operators, panel, preferences, timer
from .jobs import jobs

_CLASSES = (
    panel.FoleySettings,
    preferences.FoleyPreferences,
    operators.FOLEY_OT_generate,
    operators.FOLEY_OT_cancel,
    operators.FOLEY_OT_dismiss,
    panel.FOLEY_PT_panel,
)
_MENUS = ("SEQUENCER_MT_context_menu", "SEQUENCER_MT_strip")


def register() -> None:
    """Called by Blender when the add-on is switched on."""
    for kind in _CLASSES:
        bpy.utils.register_class(kind)
    bpy.types.Scene.foley = bpy.props.PointerProperty(type=panel.FoleySettings)
    for menu in _MENUS:
        getattr(bpy.types, menu).append(operators.draw_menu)
    bpy.app.handlers.load_post.append(timer.on_load)
    atexit.register(_let_go)


def unregister() -> None:
    """Called by Blender when the add-on is switched off."""
    _let_go()
    atexit.unregister(_let_go)
    bpy.app.handlers.load_post.remove(timer.on_load)
    for menu in _MENUS:
        getattr(bpy.types, menu).remove(operators.draw_menu)
    del bpy.types.Scene.foley
    for kind in reversed(_CLASSES):
        bpy.utils.unregister_class(kind)


def _let_go() -> None:
    timer.stop()
    jobs.close()
