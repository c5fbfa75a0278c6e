# SPDX-License-Identifier: GPL-3.0-or-later
"""The sidebar of the sequencer: what to hear, what is being made, what went wrong."""

import os
import textwrap
from typing import Any

import bpy
from bpy.props import StringProperty

from .jobs import Job, jobs
from .operators import FOLEY_OT_cancel, FOLEY_OT_dismiss, FOLEY_OT_generate

BACKEND = {
    "away": "Backend: starts when needed",
    "starting": "Backend: starting",
    "greeting": "Backend: connecting",
    "ready": "Backend: ready",
    "replacing": "Backend: being updated",
    "broken": "Backend: cannot be reached",
}


class FoleySettings(bpy.types.PropertyGroup):
    """What the panel and the dialog were last told, kept with the scene."""

    prompt: StringProperty(name="Prompt", description="What to hear: boots on gravel, distant thunder")
    negative: StringProperty(name="Without", description="What must not be heard")
    seed: StringProperty(name="Seed", description="Repeats a take; empty: a new one each time")


class FOLEY_PT_panel(bpy.types.Panel):
    """The tab Foley."""

    bl_label = "Foley"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Foley"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Beside a timeline, not beside a preview alone."""
        return context.space_data.view_type in {"SEQUENCER", "SEQUENCER_PREVIEW"}

    def draw(self, context: Any) -> None:
        """Draw the tab."""
        settings = context.scene.foley
        column = self.layout.column()
        column.prop(settings, "prompt")
        column.prop(settings, "negative")
        column.prop(settings, "seed")
        column.operator_context = "EXEC_DEFAULT"
        column.operator(FOLEY_OT_generate.bl_idname, text="Generate", icon="SOUND")
        for job in list(jobs.running.values()):
            _draw_job(self.layout.box(), job)
        for take in jobs.unplaced:
            box = self.layout.box()
            _draw_problem(box, context, take.reason)
            row = box.row()
            row.label(text=os.path.basename(take.path), icon="FILE_SOUND")
            row.operator(FOLEY_OT_dismiss.bl_idname, text="", icon="X").path = take.path
        if jobs.problem and jobs.problem not in [take.reason for take in jobs.unplaced]:
            _draw_problem(self.layout.box(), context, jobs.problem)
        self.layout.label(text=BACKEND.get(jobs.backend, ""))


def _draw_problem(layout: Any, context: Any, sentence: str) -> None:
    """A label shows one line and drops the middle of a longer one, so it is broken to the sidebar's width."""
    scale = context.preferences.system.ui_scale or 1.0  # Without a screen there is none.
    letters = int(context.region.width / (7.5 * scale)) - 8
    column = layout.column(align=True)
    for at, line in enumerate(textwrap.wrap(sentence, max(20, letters))):
        column.label(text=line, icon="BLANK1" if at else "ERROR")


def _draw_job(layout: Any, job: Job) -> None:
    layout.label(text=job.asked["prompt"] or job.picture.name)
    row = layout.row()
    row.progress(factor=job.progress, type="BAR", text=job.stage)
    row.operator(FOLEY_OT_cancel.bl_idname, text="", icon="X").job = job.id
