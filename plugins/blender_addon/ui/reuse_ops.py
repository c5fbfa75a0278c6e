# SPDX-License-Identifier: GPL-3.0-or-later
"""What a take was asked for with, taken over for the next sound."""

from typing import Any

import bpy
from bpy.props import IntProperty

from ..core import history
from ..jobs import refusals
from ..timeline import compat, cues, selection, sounds, words
from . import settings
from .operator_bases import ReportingOperator


class FOLEY_OT_use_settings(ReportingOperator, bpy.types.Operator):
    """Begin the next sound with the words and choices of this take; its seed is left out"""

    bl_idname = "foley.use_settings"
    bl_label = "Use These Settings"
    needs = staticmethod(refusals.no_sound)

    index: IntProperty(
        name="Take", description="Which of the other takes, from 0; -1 is the one in use", default=-1, min=-1
    )

    def run(self, context: Any) -> str:
        """Keep them with the scene, where Generate finds them, and the words with the sound's picture."""
        scene, sound = compat.scene_of(context), selection.sound_strips(context)[0]
        record = sounds.record_of(sound)
        entry = record if self.index < 0 else history.other(record, self.index)
        settings.write(history.wishes_of(entry)._replace(seed=None, takes=scene.foley.takes), scene.foley)
        words.wish(cues.picture_of(scene, sound), entry["prompt"])
        return "The next sound begins with the settings of take {}.".format(entry["number"])


CLASSES = (FOLEY_OT_use_settings,)
