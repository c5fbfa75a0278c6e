# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user can do: generate, cancel, dismiss. Thin: read the context, call, report."""

from typing import Any, Set

import bpy
from bpy.props import StringProperty

from . import placing, sequencer, timer
from .jobs import jobs
from .problem import Problem


class FOLEY_OT_generate(bpy.types.Operator):
    """Make sound for the selected clip, on a channel above it"""

    bl_idname = "foley.generate"
    bl_label = "Generate Foley…"
    # One undo then takes the take away and leaves the words. Not REGISTER: the "Adjust Last Operation" box
    # would ask for another take with every change.
    bl_options = {"UNDO"}

    prompt: StringProperty(name="Prompt", description="What to hear: boots on gravel, distant thunder")
    negative: StringProperty(name="Without", description="What must not be heard")
    seed: StringProperty(name="Seed", description="Repeats a take; empty: a new one each time")
    engine: StringProperty(default="procedural", options={"HIDDEN"})

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Wherever there is a timeline."""
        return context.scene is not None

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask for the words, while the backend warms up."""
        settings = context.scene.foley
        self.prompt, self.negative, self.seed = settings.prompt, settings.negative, settings.seed
        try:
            sequencer.selected_picture(context)
            jobs.connect()
        except Problem as problem:
            self.report({"ERROR"}, str(problem))
            return {"CANCELLED"}
        timer.start()
        return context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Generate")

    def draw(self, context: Any) -> None:
        """The dialog; one can type the prompt at once."""
        row = self.layout.row()
        row.activate_init = True
        row.prop(self, "prompt")
        self.layout.prop(self, "negative")
        self.layout.prop(self, "seed")

    def execute(self, context: Any) -> Set[str]:
        """Ask the backend. What the dialog or a script did not set is as the panel has it."""
        settings = context.scene.foley
        for name in ("prompt", "negative", "seed"):
            if self.properties.is_property_set(name):
                setattr(settings, name, getattr(self, name))
        asked = {"prompt": settings.prompt, "negative": settings.negative, "engine": self.engine}
        try:
            asked["seed"] = placing.read_seed(settings.seed)
            jobs.start(sequencer.selected_picture(context), asked)
        except Problem as problem:
            self.report({"ERROR"}, str(problem))
            return {"CANCELLED"}
        timer.start()
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


def draw_menu(menu: Any, context: Any) -> None:
    """The entry in the right-click menu and in the Strip menu."""
    menu.layout.separator()
    menu.layout.operator_context = "INVOKE_DEFAULT"
    menu.layout.operator(FOLEY_OT_generate.bl_idname, icon="SOUND")
