# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate, with its dialog, and Set Prompt. Thin: read the context, call, report."""

from typing import Any, Set

import bpy

from . import compat, prompts, sequencer, settings
from .jobs import jobs
from .operators import Dialog, Told
from .problem import Problem


class FOLEY_OT_generate(settings.Wished, settings.Offered, Dialog, bpy.types.Operator):
    """Make sound for the selected clip, on a channel above it"""

    bl_idname = "foley.generate"
    bl_label = "Generate Foley…"
    confirm = "Generate"

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask for nothing where there is no picture."""
        try:
            sequencer.selected_picture(context)
        except Problem as problem:
            return self.refuse(problem)
        return super().invoke(context, event)

    def prefill(self, context: Any) -> None:
        """As it was asked last, with the picture's own prompt."""
        settings.prefill(compat.scene_of(context), settings.picture_strip(context), self.properties)

    def draw(self, context: Any) -> None:
        """The dialog."""
        settings.draw(self.layout, self)
        self.layout.prop(self, "handles")
        self.layout.prop(self, "place")

    def run(self, context: Any) -> None:
        """Ask the backend."""
        self.prefill(context)
        picture, wishes = sequencer.selected_picture(context), settings.read(self)
        jobs.start(picture, wishes)
        strip = settings.picture_strip(context)
        if strip is not None:
            strip[prompts.PROMPT] = wishes.prompt
        settings.write(wishes, compat.scene_of(context).foley)
        prompts.remember(wishes.prompt)


class FOLEY_OT_set_prompt(prompts.Prompted, prompts.Offered, Told, bpy.types.Operator):
    """Give the selected clips a prompt that stays with them, for Generate and for Score Sequence"""

    bl_idname = "foley.set_prompt"
    bl_label = "Set Prompt…"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """With a picture strip selected."""
        return settings.picture_strip(context) is not None

    def invoke(self, context: Any, _event: Any) -> Set[str]:
        """Ask for the words."""
        self.prompt = prompts.prompt_of(settings.picture_strip(context)) or ""
        opened: Set[str] = context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Set")
        return opened

    def draw(self, context: Any) -> None:
        """The dialog."""
        prompts.draw(self.layout, self)

    def run(self, context: Any) -> None:
        """Give it to all that are selected."""
        for strip in compat.all_strips(compat.scene_of(context).sequence_editor):
            if strip.select and strip.type != "SOUND":
                strip[prompts.PROMPT] = self.prompt
        prompts.remember(self.prompt)


CLASSES = (FOLEY_OT_generate, FOLEY_OT_set_prompt)
