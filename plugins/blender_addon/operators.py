# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate, with its dialog, and what ends or forgets a job. Thin: read the context, call, report."""

from typing import Any, Set

import bpy
from bpy.props import StringProperty

from . import compat, sequencer, settings, timer
from .jobs import jobs
from .problem import Problem
from .settings import Wished


def refused(operator: Any, problem: Problem) -> Set[str]:
    """Say why not."""
    operator.report({"ERROR"}, str(problem))
    return {"CANCELLED"}


class FOLEY_OT_generate(Wished, bpy.types.Operator):
    """Make sound for the selected clip, on a channel above it"""

    bl_idname = "foley.generate"
    bl_label = "Generate Foley…"
    # One undo then takes the take away and leaves the words. Not REGISTER: the "Adjust Last Operation" box
    # would ask for another take with every change.
    bl_options = {"UNDO"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Wherever there is a timeline."""
        return context.scene is not None

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask for the words, while the backend warms up."""
        try:
            sequencer.selected_picture(context)
            jobs.connect()
        except Problem as problem:
            return refused(self, problem)
        timer.start()
        self._prefill(context)
        return context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Generate")

    def draw(self, context: Any) -> None:
        """The dialog."""
        settings.draw(self.layout, self)
        self.layout.prop(self, "handles")
        self.layout.prop(self, "place")

    def execute(self, context: Any) -> Set[str]:
        """Ask the backend. What the dialog or a script did not set is as it was asked last."""
        self._prefill(context)
        try:
            picture, wishes = sequencer.selected_picture(context), settings.read(self)
            jobs.start(picture, wishes)
        except Problem as problem:
            return refused(self, problem)
        strip = settings.picture_strip(context)
        if strip is not None:
            strip[settings.PROMPT] = wishes.prompt
        settings.write(wishes, compat.scene_of(context).foley)
        settings.remember(wishes.prompt)
        timer.start()
        return {"FINISHED"}

    def _prefill(self, context: Any) -> None:
        settings.prefill(compat.scene_of(context), settings.picture_strip(context), self.properties)


class FOLEY_OT_set_prompt(bpy.types.Operator):
    """Give the selected clips a prompt that stays with them, for Generate and for Score Sequence"""

    bl_idname = "foley.set_prompt"
    bl_label = "Set Prompt…"
    bl_options = {"REGISTER", "UNDO"}

    prompt: settings.prompt_property()

    @classmethod
    def poll(cls, context: Any) -> bool:
        """With a picture strip selected."""
        return settings.picture_strip(context) is not None

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask for the words."""
        self.prompt = settings.prompt_of(settings.picture_strip(context)) or ""
        return context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Set")

    def execute(self, context: Any) -> Set[str]:
        """Give it to all that are selected."""
        for strip in compat.all_strips(compat.scene_of(context).sequence_editor):
            if strip.select and strip.type != "SOUND":
                strip[settings.PROMPT] = self.prompt
        settings.remember(self.prompt)
        return {"FINISHED"}


class FOLEY_OT_cancel(bpy.types.Operator):
    """Stop making this sound"""

    bl_idname = "foley.cancel"
    bl_label = "Cancel"
    bl_options = {"INTERNAL"}

    job: StringProperty(options={"HIDDEN"})

    def execute(self, context: Any) -> Set[str]:
        """Ask the backend to end the job."""
        jobs.cancel(self.job)
        return {"FINISHED"}


class FOLEY_OT_dismiss(bpy.types.Operator):
    """Take this off the list; the sound file stays"""

    bl_idname = "foley.dismiss"
    bl_label = "Dismiss"
    bl_options = {"INTERNAL"}

    path: StringProperty(options={"HIDDEN"})

    def execute(self, context: Any) -> Set[str]:
        """Forget the take."""
        jobs.dismiss(self.path)
        return {"FINISHED"}


class FOLEY_OT_tell(bpy.types.Operator):
    """Say something in Blender's status bar, which only an operator can"""

    bl_idname = "foley.tell"
    bl_label = "Tell"
    bl_options = {"INTERNAL"}

    text: StringProperty(options={"HIDDEN"})

    def execute(self, context: Any) -> Set[str]:
        """Say it."""
        self.report({"INFO"}, self.text)
        return {"FINISHED"}


CLASSES = (FOLEY_OT_generate, FOLEY_OT_set_prompt, FOLEY_OT_cancel, FOLEY_OT_dismiss, FOLEY_OT_tell)
