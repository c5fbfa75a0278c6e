# SPDX-License-Identifier: GPL-3.0-or-later
"""Foley for Blender's video sequencer.

Right-click a film strip, say what to hear, and a take appears on a channel above it. The sound is made by
Foley's backend, a process of its own; this add-on only asks for it and puts it in its place, to the sample.

Four rooms, each knowing those below it alone: `ui`, `jobs`, `timeline`, `core`. Here they are only wired.
"""

import atexit

import bpy

from .jobs import backend_client, moving, sounds, timer
from .jobs.queue import queue
from .timeline.hearing import hearing
from .ui import (
    audition_ops,
    backend_ops,
    engines,
    fit_ops,
    generate_ops,
    hit_ops,
    install_ops,
    menus,
    mixing,
    own_sound_ops,
    preferences,
    presets,
    progress_bar,
    queue_ops,
    report_ops,
    retake_ops,
    reuse_ops,
    score_ops,
    settings,
    shortcuts,
    sidebar,
    sounds_ops,
    take_ops,
    takes_panel,
    telling,
    waveform_icon,
)

_CLASSES = (
    settings.FoleySettings,
    mixing.FoleyMix,
    preferences.FoleyPreferences,
    *generate_ops.CLASSES,
    *retake_ops.CLASSES,
    *take_ops.CLASSES,
    *audition_ops.CLASSES,
    *own_sound_ops.CLASSES,
    *reuse_ops.CLASSES,
    *hit_ops.CLASSES,
    *fit_ops.CLASSES,
    *score_ops.CLASSES,
    *queue_ops.CLASSES,
    *sounds_ops.CLASSES,
    *backend_ops.CLASSES,
    *install_ops.CLASSES,
    *report_ops.CLASSES,
    *engines.CLASSES,
    *presets.CLASSES,
    *takes_panel.CLASSES,
    *menus.CLASSES,
    *sidebar.CLASSES,
)


def register() -> None:
    """Called by Blender when the add-on is switched on."""
    for kind in _CLASSES:
        bpy.utils.register_class(kind)
    bpy.types.Scene.foley = bpy.props.PointerProperty(type=settings.FoleySettings)
    bpy.types.Scene.foley_mix = bpy.props.PointerProperty(type=mixing.FoleyMix)
    menus.register()
    shortcuts.register()
    progress_bar.register()
    report_ops.register()
    timer.watch_files()
    timer.start()
    telling.start()
    bpy.app.timers.register(backend_client.warm_up, first_interval=1.0, persistent=True)
    atexit.register(_let_go)
    # This stays: before it ends Blender switches every add-on off.
    atexit.register(moving.after_quit)


def unregister() -> None:
    """Called by Blender when the add-on is switched off."""
    _let_go()
    atexit.unregister(_let_go)
    timer.unwatch_files()
    shortcuts.unregister()
    report_ops.unregister()
    progress_bar.unregister()
    menus.unregister()
    del bpy.types.Scene.foley, bpy.types.Scene.foley_mix
    for kind in reversed(_CLASSES):
        bpy.utils.unregister_class(kind)


def _let_go() -> None:
    timer.stop()
    telling.stop()
    if bpy.app.timers.is_registered(backend_client.warm_up):
        bpy.app.timers.unregister(backend_client.warm_up)
    waveform_icon.waveform.close()
    hearing.stop()
    sounds.stop()
    queue.close()
