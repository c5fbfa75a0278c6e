# SPDX-License-Identifier: GPL-3.0-or-later
"""All sounds and words as a dialog of their own, and the button that plays one."""

from typing import Any, Set

import bpy
from bpy.props import StringProperty

from ..jobs import sounds
from ..jobs.queue import queue
from ..timeline import compat, selection, words
from . import prompts
from .operator_bases import DialogOperator, NoUndoOperator


class FOLEY_OT_sounds(prompts.HasPrompt, prompts.HasPromptMenu, DialogOperator, bpy.types.Operator):
    """All sounds and words that Foley knows: search them, hear them, and put them into the prompt"""

    bl_idname = "foley.sounds"
    bl_label = "Sounds…"
    confirm = "Set Prompt"
    width = 600

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Open it with the list."""
        self.show_sounds = True
        return super().invoke(context, event)

    def prefill(self, context: Any) -> None:
        """With the prompt of the selected picture, or else the one that was asked last."""
        if not self.properties.is_property_set("prompt"):
            scene, strip = compat.scene_of(context), selection.picture_strip(context)
            own = words.of(scene, strip) if strip is not None else None
            self.prompt = scene.foley.prompt if own is None else own

    def draw(self, context: Any) -> None:
        """The prompt, and the list."""
        prompts.draw(self.layout, self, at_once=False)

    def run(self, context: Any) -> None:
        """Keep the prompt: with the selected picture, or else as the one that is asked next."""
        self.prefill(context)
        strip = selection.picture_strip(context)
        if strip is not None:
            words.wish([strip], self.prompt)
        else:
            compat.scene_of(context).foley.prompt = self.prompt
        prompts.remember(self.prompt)


class FOLEY_OT_hear(NoUndoOperator, bpy.types.Operator):
    """Play this sound once, without any picture"""

    bl_idname = "foley.hear"
    bl_label = "Hear"

    sound: StringProperty(name="Sound", description="A sound's name, or a prompt", options={"SKIP_SAVE"})

    def run(self, context: Any) -> None:
        """Play it as soon as it is there."""
        queue.connect()
        sounds.hear(self.sound)


CLASSES = (FOLEY_OT_sounds, FOLEY_OT_hear)
