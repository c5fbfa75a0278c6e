# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate, with its dialog, and Set Prompt. Thin: read the context, call, report."""

from typing import Any, Optional, Set

import bpy
from bpy.props import EnumProperty, IntProperty

from ..core import plan
from ..core.problem import Problem
from ..jobs import asking, refusals
from ..timeline import compat, selection, words
from . import prompts, settings
from .operator_bases import DialogOperator, ReportingOperator

EACH, ALL = "each", "all"
SEVERAL = (
    (EACH, "One for each", "A sound for each of the selected strips"),
    (ALL, "One over all", "One sound from where the first of them begins to where the last one ends"),
)
EXISTING = (
    (plan.REGENERATE, "Another take in its place", "The take that is there can be chosen again"),
    (
        plan.REPLACE,
        "Another sound instead",
        "As the picture is cut now; all sounds that it has are taken away",
    ),
    (plan.BESIDE, "Another sound beside it", "Both are heard"),
)


class FOLEY_OT_generate(settings.HasWishes, settings.HasMenus, DialogOperator, bpy.types.Operator):
    """Make sound for the selected clip, on a channel above it"""

    bl_idname = "foley.generate"
    bl_label = "Generate Foley…"
    confirm = "Generate"
    needs = staticmethod(refusals.no_picture)

    several: EnumProperty(name="Several Strips", items=SEVERAL, options={"SKIP_SAVE"})
    existing: EnumProperty(
        name="It Has a Sound", description="What is done", items=EXISTING, options={"SKIP_SAVE"}
    )
    chosen: IntProperty(options={"HIDDEN", "SKIP_SAVE"})
    having: IntProperty(options={"HIDDEN", "SKIP_SAVE"})
    making: IntProperty(options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask for nothing where there is no picture."""
        try:
            strips = selection.picture_strips(context)
            selection.picture(context)
        except Problem as problem:
            return self.refuse(problem)
        there = asking.states(compat.scene_of(context), strips)
        self.chosen, self.having = len(strips), sum(bool(sounds) for sounds, _making in there)
        self.making = sum(making for _sounds, making in there)
        return super().invoke(context, event)

    def prefill(self, context: Any) -> None:
        """As it was asked last, with the picture's own words."""
        settings.prefill(compat.scene_of(context), selection.picture_strip(context), self.properties)
        if not self.properties.is_property_set("several"):
            self.several = ALL if asking.touch(selection.picture_strips(context)) else EACH

    def draw(self, context: Any) -> None:
        """The dialog."""
        if self.chosen > 1:
            self.layout.row().prop(self, "several", expand=True)
        if self.having:
            said = (
                "It has a sound"
                if self.chosen == 1
                else "{} of {} have a sound".format(self.having, self.chosen)
            )
            self.layout.prop(self, "existing", text=said)
        if self.making:
            said = (
                "A sound for it is on its way"
                if self.chosen == 1
                else "For {} of {} one is on its way".format(self.making, self.chosen)
            )
            self.layout.label(text=said, icon="INFO")
        settings.draw(self.layout, self, also=("handles", "place", "own_sound"))

    def run(self, context: Any) -> Optional[str]:
        """Ask the backend."""
        self.prefill(context)
        scene, strips, wishes = (
            compat.scene_of(context),
            selection.picture_strips(context),
            settings.read(self),
        )
        if self.several == EACH and len(strips) > 1:
            said = asking.each(scene, strips, wishes, self.existing)  # type: Optional[str]
        else:
            said = asking.over(scene, strips, wishes, self.existing)
        words.keep(strips, wishes.prompt)
        settings.write(wishes, scene.foley)
        prompts.remember(wishes.prompt)
        return said


class FOLEY_OT_set_prompt(prompts.HasPrompt, prompts.HasPromptMenu, ReportingOperator, bpy.types.Operator):
    """Give the selected clips a prompt that stays with them, for their next sound, however it is asked for"""

    bl_idname = "foley.set_prompt"
    bl_label = "Set Prompt…"
    needs = staticmethod(refusals.no_active_picture)

    def invoke(self, context: Any, _event: Any) -> Set[str]:
        """Ask for the words."""
        self.prompt = words.of(compat.scene_of(context), selection.picture_strip(context)) or ""
        opened: Set[str] = context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Set")
        return opened

    def draw(self, context: Any) -> None:
        """The dialog."""
        prompts.draw(self.layout, self)

    def run(self, context: Any) -> None:
        """Give it to all that are selected."""
        everything = compat.all_strips(compat.scene_of(context).sequence_editor)
        words.wish([strip for strip in everything if strip.select and strip.type != "SOUND"], self.prompt)
        prompts.remember(self.prompt)


CLASSES = (FOLEY_OT_generate, FOLEY_OT_set_prompt)
