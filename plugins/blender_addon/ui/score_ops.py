# SPDX-License-Identifier: GPL-3.0-or-later
"""Score Sequence, with its dialog."""

import uuid
from functools import partial
from typing import Any, List

import bpy
from bpy.props import EnumProperty, StringProperty

from ..core import scoring
from ..core.problem import Problem
from ..core.wishes import Wishes
from ..jobs import output_folder, refusals
from ..jobs.queue import queue
from ..timeline import compat, shots
from . import engines, prompts, settings
from .operator_bases import DialogOperator

SOURCES = (
    (scoring.OWN, "Each strip's own", "The prompt that each strip keeps, or else the one given here"),
    (scoring.ONE, "One for all", "The prompt given here"),
    (scoring.MARKERS, "Markers", "The last marker at or before each shot, or else the prompt given here"),
    (scoring.NAMES, "Strip names", "What each strip is called"),
)


class FOLEY_OT_score(settings.HasWishes, settings.HasMenus, DialogOperator, bpy.types.Operator):
    """Make sound for every shot on the chosen channels"""

    bl_idname = "foley.score"
    bl_label = "Score Sequence…"
    confirm = "Score"
    needs = staticmethod(refusals.nothing_to_score)

    channels: StringProperty(name="Channels", description="Such as 1-3, 5; or all", default="all")
    source: EnumProperty(name="Prompts From", items=SOURCES, default=scoring.OWN)

    def prefill(self, context: Any) -> None:
        """As it was asked last."""
        settings.prefill(compat.scene_of(context), None, self.properties)

    def draw(self, context: Any) -> None:
        """The dialog."""
        self.layout.prop(self, "channels")
        self.layout.prop(self, "source")
        prompts.draw(self.layout, self)
        self.layout.prop(self, "negative")
        self.layout.row().prop(self, "layers")
        engines.draw(self.layout, self)
        self.layout.prop(self, "place")
        settings.draw_own_sound(self.layout, self)

    def run(self, context: Any) -> str:
        """Plan, and leave the asking to the timer: Blender stays usable."""
        self.prefill(context)
        scene, wishes = compat.scene_of(context), settings.read(self)._replace(hear_first=False)
        planned = _plan(scene, self.channels, self.source, wishes.prompt)
        output_folder.of_open_project()
        queue.connect()
        batch = uuid.uuid4().hex
        queue.start_later(partial(_ask, scene.name, shot, wishes, batch) for shot in planned)
        return "{} shots are being scored.".format(len(planned))


def _plan(scene: Any, channels: str, source: str, common: str) -> List[scoring.Shot]:
    markers = shots.markers(scene)
    planned = scoring.plan(shots.read(scene), scoring.read_channels(channels), source, common, markers)
    if not planned:
        message = "There is no picture to score on the channels {}.".format(channels.strip() or "all")
        raise Problem("nothing_to_score", message, "Choose channels that hold film strips.")
    return planned


def _ask(scene: str, shot: scoring.Shot, wishes: Wishes, batch: str) -> None:
    queue.start(shots.picture(scene, shot), wishes._replace(prompt=shot.prompt), batch=batch)


CLASSES = (FOLEY_OT_score,)
