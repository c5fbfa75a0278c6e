# SPDX-License-Identifier: GPL-3.0-or-later
"""Regenerate, with its dialog, New Take and Regenerate Part: another sound in place of one that is there."""

from typing import Any, List

import bpy

from ..core.problem import Problem
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

    def run(self, context: Any) -> str:
        """Ask the backend."""
        self.prefill(context)
        wishes = settings.read(self)
        if not retake.changes(context, wishes):
            raise Problem("nothing_changed", "Nothing was changed.", "Use New Take for another take.")
        names = retake.regenerate(context, wishes)
        prompts.remember(wishes.prompt)
        return _said(names)


class FOLEY_OT_new_take(ReportingOperator, bpy.types.Operator):
    """Make this sound once more with another seed, in its place; the take that was there is kept"""

    bl_idname = "foley.new_take"
    bl_label = "New Take"
    needs = staticmethod(refusals.no_sound)

    def run(self, context: Any) -> str:
        """Ask the backend."""
        return _said(retake.new_take(context))


class FOLEY_OT_region(ReportingOperator, bpy.types.Operator):
    """Make the part in the preview range anew, or that between two selected markers"""

    bl_idname = "foley.region"
    bl_label = "Regenerate Part"
    needs = staticmethod(refusals.no_part)

    def run(self, context: Any) -> str:
        """Ask the backend."""
        return _said(retake.region(context), "New part")


def _said(names: List[str], what: str = "New take") -> str:
    """For which sounds something was asked."""
    return "{}{} for {}.".format(what, "" if len(names) == 1 else "s", ", ".join(map("'{}'".format, names)))


CLASSES = (FOLEY_OT_regenerate, FOLEY_OT_new_take, FOLEY_OT_region)
