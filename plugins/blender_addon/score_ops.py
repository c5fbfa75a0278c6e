# SPDX-License-Identifier: GPL-3.0-or-later
"""Scoring the whole sequence, and what can be done about the queue: cancel all, try again, drop."""

import uuid
from functools import partial
from typing import Any, List, Set

import bpy
from bpy.props import EnumProperty, StringProperty

from . import compat, scoring, sequencer, settings, shots, timer
from .jobs import jobs
from .problem import Problem
from .queue_panel import draw_queue
from .wishes import Wishes

__all__ = ["CLASSES", "draw_queue"]

SOURCES = (
    (scoring.OWN, "Each strip's own", "The prompt that each strip keeps, or else the one given here"),
    (scoring.ONE, "One for all", "The prompt given here"),
    (scoring.MARKERS, "Markers", "The last marker at or before each shot, or else the prompt given here"),
    (scoring.NAMES, "Strip names", "What each strip is called"),
)


class FOLEY_OT_score(settings.Wished, bpy.types.Operator):
    """Make sound for every shot on the chosen channels"""

    bl_idname = "foley.score"
    bl_label = "Score Sequence…"
    # Not REGISTER: the "Adjust Last Operation" box would ask for everything again with every change.
    bl_options = {"UNDO"}

    channels: StringProperty(name="Channels", description="Such as 1-3, 5; or all", default="all")
    source: EnumProperty(name="Prompts From", items=SOURCES, default=scoring.OWN)

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Wherever there is a timeline."""
        return context.scene is not None

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask, while the backend warms up."""
        settings.prefill(compat.scene_of(context), None, self.properties)
        try:
            jobs.connect()
        except Problem as problem:
            self.report({"ERROR"}, str(problem))
            return {"CANCELLED"}
        timer.start()
        return context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Score")

    def draw(self, context: Any) -> None:
        """The dialog."""
        for name in ("channels", "source", "prompt", "negative", "layers", "engine", "place"):
            self.layout.prop(self, name)

    def execute(self, context: Any) -> Set[str]:
        """Plan, and leave the asking to the timer: Blender stays usable."""
        scene = compat.scene_of(context)
        settings.prefill(scene, None, self.properties)
        try:
            wishes = settings.read(self)
            planned = _plan(scene, self.channels, self.source, wishes.prompt)
            sequencer.folder()
            jobs.connect()
        except Problem as problem:
            self.report({"ERROR"}, str(problem))
            return {"CANCELLED"}
        batch = uuid.uuid4().hex
        jobs.start_later(partial(_ask, scene.name, shot, wishes, batch) for shot in planned)
        timer.start()
        self.report({"INFO"}, "{} shots are being scored.".format(len(planned)))
        return {"FINISHED"}


def _plan(scene: Any, channels: str, source: str, common: str) -> List[scoring.Shot]:
    markers = shots.markers(scene)
    planned = scoring.plan(shots.read(scene), scoring.read_channels(channels), source, common, markers)
    if not planned:
        message = "There is no picture to score on the channels {}.".format(channels.strip() or "all")
        raise Problem("nothing_to_score", message, "Choose channels that hold film strips.")
    return planned


def _ask(scene: str, shot: scoring.Shot, wishes: Wishes, batch: str) -> None:
    jobs.start(shots.picture(scene, shot), wishes._replace(prompt=shot.prompt), batch=batch)


class FOLEY_OT_cancel_all(bpy.types.Operator):
    """Stop making all of these sounds"""

    bl_idname = "foley.cancel_all"
    bl_label = "Cancel All"
    bl_options = {"INTERNAL"}

    def execute(self, context: Any) -> Set[str]:
        """Ask the backend to end the jobs."""
        jobs.cancel_all()
        return {"FINISHED"}


class FOLEY_OT_retry(bpy.types.Operator):
    """Try again what failed"""

    bl_idname = "foley.retry"
    bl_label = "Try Again"
    bl_options = {"INTERNAL"}

    job: StringProperty(options={"HIDDEN"})

    def execute(self, context: Any) -> Set[str]:
        """Ask again for one, or for all where none is named."""
        chosen = [self.job] if self.job else list(jobs.failed)
        jobs.start_later(partial(jobs.retry, job) for job in chosen)
        timer.start()
        return {"FINISHED"}


class FOLEY_OT_drop(bpy.types.Operator):
    """Take this off the list"""

    bl_idname = "foley.drop"
    bl_label = "Drop"
    bl_options = {"INTERNAL"}

    job: StringProperty(options={"HIDDEN"})

    def execute(self, context: Any) -> Set[str]:
        """Forget the job that failed."""
        jobs.drop(self.job)
        return {"FINISHED"}


CLASSES = (FOLEY_OT_score, FOLEY_OT_cancel_all, FOLEY_OT_retry, FOLEY_OT_drop)
