# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with the clip's own sound under a take that is there: changed at any time, and put back."""

from typing import Any

import bpy
from bpy.props import EnumProperty, FloatProperty

from ..core.problem import Problem
from ..core.wishes import DUCK, LEAVE, Wishes
from ..timeline import compat, own_sound, selection
from . import settings
from .operator_bases import ReportingOperator


class FOLEY_OT_own_sound(ReportingOperator, bpy.types.Operator):
    """Leave, turn down or mute the clip's own sound where this take lies"""

    bl_idname = "foley.own_sound"
    bl_label = "Clip's Sound"

    own_sound: EnumProperty(name="Clip's Sound", items=settings.OWN_SOUNDS, default=LEAVE)
    duck: FloatProperty(name="dB", default=Wishes().duck, min=-60.0, max=0.0)

    def run(self, context: Any) -> None:
        """Do so in the frames of the sound that is meant."""
        scene, sound = compat.scene_of(context), selection.sound_strips(context)[0]
        place, shown = compat.bounds(sound), own_sound.shown_under(scene, sound)
        wishes = Wishes(own_sound=self.own_sound, duck=self.duck)
        if not own_sound.change(scene, shown, range(place.left, place.right), wishes):
            message = "The clip under {!r} has no sound of its own here.".format(sound.name)
            raise Problem("no_own_sound", message, "It must play the same file, or be connected.")


def draw(layout: Any, context: Any) -> None:
    """A button for each choice."""
    row = layout.row(align=True)
    row.label(text="Clip's Sound:")
    duck = compat.scene_of(context).foley.duck
    for choice, name, _description in settings.OWN_SOUNDS:
        label = "{} {:.0f} dB".format(name, duck) if choice == DUCK else name
        button = row.operator("foley.own_sound", text=label)
        button.own_sound, button.duck = choice, duck


CLASSES = (FOLEY_OT_own_sound,)
