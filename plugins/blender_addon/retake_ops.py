# SPDX-License-Identifier: GPL-3.0-or-later
"""Regenerate, with its dialog, and New Take: another sound in the place of one that is there."""

from typing import Any, Set

import bpy

from . import compat, retake, settings, timer
from .jobs import jobs
from .operators import refused
from .problem import Problem


class FOLEY_OT_regenerate(settings.Wished, bpy.types.Operator):
    """Make this sound anew as you say now, in its place; the take that was there is kept"""

    bl_idname = "foley.regenerate"
    bl_label = "Regenerate with Changed Prompt…"
    bl_options = {"UNDO"}  # Not REGISTER, for the same reason as Generate.

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Wherever there are strips."""
        return compat.scene_of(context).sequence_editor is not None

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask for what is to be different, while the backend warms up."""
        try:
            self._prefill(context)
            jobs.connect()
        except Problem as problem:
            return refused(self, problem)
        timer.start()
        return context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Regenerate")

    def draw(self, context: Any) -> None:
        """The dialog. Place and handles are those of the sound that is there."""
        settings.draw(self.layout, self)

    def execute(self, context: Any) -> Set[str]:
        """Ask the backend. What the dialog or a script did not set is as the sound was made."""
        try:
            self._prefill(context)
            wishes = settings.read(self)
            retake.regenerate(context, wishes)
        except Problem as problem:
            return refused(self, problem)
        settings.remember(wishes.prompt)
        timer.start()
        return {"FINISHED"}

    def _prefill(self, context: Any) -> None:
        settings.write(retake.wishes_of(context)._replace(takes=1), self.properties, only_unset=True)


class FOLEY_OT_new_take(bpy.types.Operator):
    """Make this sound once more with another seed, in its place; the take that was there is kept"""

    bl_idname = "foley.new_take"
    bl_label = "New Take"
    bl_options = {"UNDO"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Wherever there are strips."""
        return compat.scene_of(context).sequence_editor is not None

    def execute(self, context: Any) -> Set[str]:
        """Ask the backend."""
        try:
            retake.new_take(context)
        except Problem as problem:
            return refused(self, problem)
        timer.start()
        return {"FINISHED"}


CLASSES = (FOLEY_OT_regenerate, FOLEY_OT_new_take)
