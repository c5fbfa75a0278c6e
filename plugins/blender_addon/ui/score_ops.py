# SPDX-License-Identifier: GPL-3.0-or-later
"""Score Sequence, with its dialog."""

from typing import Any, ClassVar, Dict, Optional, Set

import bpy
from bpy.props import StringProperty

from ..core import plan
from ..core.problem import Problem
from ..jobs import batch, output_folder, refusals, undo_steps
from ..jobs.queue import queue
from ..timeline import compat, shots
from . import plan_list, settings
from .operator_bases import DialogOperator, ReportingOperator

_for_all: Dict[int, str] = {}
"""What the last score of a scene was given for all: an undo of its takes takes the note in the scene back."""


class FOLEY_OT_score(
    settings.HasWishes, plan_list.HasPlan, settings.HasMenus, DialogOperator, bpy.types.Operator
):
    """Make sound for every shot on the chosen channels, or for the selected ones"""

    bl_idname = "foley.score"
    bl_label = "Score Sequence…"
    bl_options: ClassVar[Set[str]] = set()
    confirm = "Score"
    needs = staticmethod(refusals.nothing_to_score)
    width = 700

    prompt: StringProperty(
        name="Prompt",
        description="What to hear where a shot has no words of its own",
        update=plan_list.refill,
    )

    def prefill(self, context: Any) -> None:
        """As it was asked last, with the words of the last score; no seed, so that shots differ."""
        scene = compat.scene_of(context)
        if not self.properties.is_property_set("seed"):
            self.seed = ""
        last = _given_for_all(scene)
        if last is not None and not self.properties.is_property_set("prompt"):
            self.prompt = last
        settings.prefill(scene, None, self.properties)
        if not self.properties.is_property_set("only_selected"):
            self.only_selected = shots.selected(scene) > 1

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Plan, and show the plan."""
        self.prefill(context)
        plan_list.fill(self, context)
        self.planned = True
        return super().invoke(context, event)

    def draw(self, context: Any) -> None:
        """The dialog."""
        row = self.layout.row()
        row.prop(self, "channels")
        row.prop(self, "only_selected")
        self.layout.prop(self, "source")
        self.layout.prop(self, "existing")
        plan_list.draw(self.layout, self, compat.scene_of(context))
        settings.draw(self.layout, self, also=("handles", "place", "own_sound"))

    def run(self, context: Any) -> str:
        """Leave the asking to the timer: Blender stays usable."""
        self.prefill(context)
        scene, wishes = compat.scene_of(context), settings.read(self)._replace(hear_first=False)
        planned = plan_list.plan_of(scene, self)
        usual = plan_list.usual(scene, planned, self.existing)
        chosen = plan_list.chosen(planned, self) if self.plan else usual
        written = plan_list.written(planned, self)
        acts = [act for _shot, act in chosen]
        counted = plan.counted(acts)
        if set(acts) <= {plan.SKIP}:
            raise Problem("nothing_to_score", "{}.".format(counted), "Choose shots that get sound.")
        output_folder.of_open_project()
        queue.connect()
        scene.foley.score_prompt = _for_all[compat.session_of(scene)] = wishes.prompt
        if written:
            shots.keep_words(scene, written)
            undo_steps.push_words()
        batch.ask(scene, chosen, wishes)
        return "{}.".format(counted)


def _given_for_all(scene: Any) -> Optional[str]:
    """What the last score of a scene was given for all; none where it was never scored."""
    noted = scene.foley.score_prompt if scene.foley.is_property_set("score_prompt") else None
    return _for_all.get(compat.session_of(scene), noted)


class FOLEY_OT_same_step(ReportingOperator, bpy.types.Operator):
    """Let what was just placed be undone together with what was placed before it"""

    bl_idname = "foley.same_step"
    bl_label = "Insert Foley Takes"
    bl_options: ClassVar[Set[str]] = {"INTERNAL", "UNDO_GROUPED"}
    bl_undo_group = undo_steps.TAKES

    def run(self, context: Any) -> None:
        """Do nothing but end the step."""


CLASSES = (*plan_list.CLASSES, FOLEY_OT_score, FOLEY_OT_same_step)
