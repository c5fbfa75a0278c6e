# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate, with its dialog, and Set Prompt. Thin: read the context, call, report."""

from typing import Any, Set

import bpy

from ..core.custom_properties import PROMPT
from ..core.problem import Problem
from ..jobs import refusals
from ..jobs.queue import queue
from ..timeline import compat, pictures, selection
from . import prompts, settings
from .operator_bases import DialogOperator, ReportingOperator


class FOLEY_OT_generate(settings.HasWishes, settings.HasMenus, DialogOperator, bpy.types.Operator):
    """Make sound for the selected clip, on a channel above it"""

    bl_idname = "foley.generate"
    bl_label = "Generate Foley…"
    confirm = "Generate"
    needs = staticmethod(refusals.no_picture)

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask for nothing where there is no picture."""
        try:
            selection.picture(context)
        except Problem as problem:
            return self.refuse(problem)
        return super().invoke(context, event)

    def prefill(self, context: Any) -> None:
        """As it was asked last, with the picture's own prompt."""
        settings.prefill(compat.scene_of(context), selection.picture_strip(context), self.properties)

    def draw(self, context: Any) -> None:
        """The dialog."""
        settings.draw(self.layout, self, also=("handles", "place", "own_sound"))

    def run(self, context: Any) -> None:
        """Ask the backend."""
        self.prefill(context)
        picture, wishes = selection.picture(context), settings.read(self)
        queue.start(picture, wishes)
        strip = selection.picture_strip(context)
        if strip is not None:
            strip[PROMPT] = wishes.prompt
        settings.write(wishes, compat.scene_of(context).foley)
        prompts.remember(wishes.prompt)


class FOLEY_OT_set_prompt(prompts.HasPrompt, prompts.HasPromptMenu, ReportingOperator, bpy.types.Operator):
    """Give the selected clips a prompt that stays with them, for Generate and for Score Sequence"""

    bl_idname = "foley.set_prompt"
    bl_label = "Set Prompt…"
    needs = staticmethod(refusals.no_active_picture)

    def invoke(self, context: Any, _event: Any) -> Set[str]:
        """Ask for the words."""
        self.prompt = pictures.prompt_of(selection.picture_strip(context)) or ""
        opened: Set[str] = context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Set")
        return opened

    def draw(self, context: Any) -> None:
        """The dialog."""
        prompts.draw(self.layout, self)

    def run(self, context: Any) -> None:
        """Give it to all that are selected."""
        for strip in compat.all_strips(compat.scene_of(context).sequence_editor):
            if strip.select and strip.type != "SOUND":
                strip[PROMPT] = self.prompt
        prompts.remember(self.prompt)


CLASSES = (FOLEY_OT_generate, FOLEY_OT_set_prompt)
