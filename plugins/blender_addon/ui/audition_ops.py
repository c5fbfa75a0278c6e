# SPDX-License-Identifier: GPL-3.0-or-later
"""Hear takes with the picture, before they are chosen or inserted, and two of them against each other."""

from typing import Any, Optional

import bpy
from bpy.props import IntProperty, StringProperty

from ..core import history
from ..core.problem import Problem
from ..jobs.queue import queue
from ..timeline import compat, hearing, selection, sounds
from .operator_bases import NoUndoOperator

SILENT = "Blender plays no sound: it has no sound device (Preferences, System) [no_device]"


class FOLEY_OT_audition(NoUndoOperator, bpy.types.Operator):
    """Hear this take alone, with the picture, from the playhead or from its beginning; press again to stop"""

    bl_idname = "foley.audition"
    bl_label = "Hear Take"

    index: IntProperty(
        name="Take", description="Which of the other takes, from 0; -1: the one in use", default=-1, min=-1
    )
    path: StringProperty(name="File", description="Of a take that waits to be inserted", options={"HIDDEN"})

    def run(self, context: Any) -> Optional[str]:
        """Play it, change over to it, or stop it."""
        scene = compat.scene_of(context)
        if self.path:
            return _press(scene, hearing.waiting(scene, *queue.waiting(self.path)))
        strip = selection.sound_strips(context)[0]
        record = sounds.record_of(strip)
        entry = record if self.index < 0 else history.other(record, self.index)
        return _press(scene, hearing.listed(scene, strip, entry))


class FOLEY_OT_compare(NoUndoOperator, bpy.types.Operator):
    """Change over between two takes while the picture runs: the one in use, and the one heard before it"""

    bl_idname = "foley.compare"
    bl_label = "Compare Takes"

    def run(self, context: Any) -> Optional[str]:
        """Begin with the take in use; with every further press the other one is heard."""
        scene, strip = compat.scene_of(context), selection.sound_strips(context)[0]
        record, heard = sounds.record_of(strip), hearing.hearing.heard
        if not record["others"]:
            raise Problem("one_take", "{!r} has but one take.".format(strip.name), "Make a New Take first.")
        now = heard.path if heard is not None else ""
        entry = history.against(record, now, hearing.hearing.lately) if now else record
        return _press(scene, hearing.listed(scene, strip, entry))


def play_icon(path: str) -> str:
    """What stands on the button by which a take is heard, and silenced again."""
    heard = hearing.hearing.heard
    return "PAUSE" if heard is not None and heard.path == path else "PLAY"


def _press(scene: Any, take: hearing.Take) -> Optional[str]:
    hearing.hearing.press(scene, take)
    silent = hearing.hearing.heard is not None and hearing.CAN_PLAY and hearing.open_device() is None
    return SILENT if silent else None


CLASSES = (FOLEY_OT_audition, FOLEY_OT_compare)
