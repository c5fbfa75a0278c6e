# SPDX-License-Identifier: GPL-3.0-or-later
"""Regenerate, with its dialog, New Take and Regenerate Part: another sound in place of one that is there."""

from typing import Any

import bpy

from ..core.problem import Problem
from ..core.wishes import Wishes
from ..jobs import refusals, retake
from . import prompts, settings
from .operator_bases import DialogOperator, ReportingOperator


class FOLEY_OT_regenerate(settings.HasWishes, settings.HasMenus, DialogOperator, bpy.types.Operator):
    """Make this sound anew as you say now, in its place; the take that was there is kept"""

    bl_idname = "foley.regenerate"
    bl_label = "Regenerate with Changed Prompt…"
    confirm = "Regenerate"
    needs = staticmethod(refusals.no_sound)

    def prefill(self, context: Any) -> None:
        """As the sound was made."""
        settings.write(retake.wishes_of(context)._replace(takes=1), self.properties, only_unset=True)

    def draw(self, context: Any) -> None:
        """The dialog. Place and handles are those of the sound that is there."""
        settings.draw(self.layout, self)

    def run(self, context: Any) -> None:
        """Ask the backend."""
        self.prefill(context)
        wishes = settings.read(self)
        _check_changed(wishes, retake.wishes_of(context))
        retake.regenerate(context, wishes)
        prompts.remember(wishes.prompt)


class FOLEY_OT_new_take(ReportingOperator, bpy.types.Operator):
    """Make this sound once more with another seed, in its place; the take that was there is kept"""

    bl_idname = "foley.new_take"
    bl_label = "New Take"
    needs = staticmethod(refusals.no_sound)

    def run(self, context: Any) -> None:
        """Ask the backend."""
        retake.new_take(context)


class FOLEY_OT_region(ReportingOperator, bpy.types.Operator):
    """Make the part in the preview range anew, or that between two selected markers"""

    bl_idname = "foley.region"
    bl_label = "Regenerate Part"
    needs = staticmethod(refusals.no_part)

    def run(self, context: Any) -> None:
        """Ask the backend."""
        retake.region(context)


def _check_changed(wishes: Wishes, kept: Wishes) -> None:
    """A `Problem` where these wishes give the very take that is there; its place and handles stay anyway."""
    if wishes._replace(place=kept.place, handles=kept.handles) == kept._replace(takes=1):
        raise Problem("nothing_changed", "Nothing was changed.", "Use New Take for another take.")


CLASSES = (FOLEY_OT_regenerate, FOLEY_OT_new_take, FOLEY_OT_region)
