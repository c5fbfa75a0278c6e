# SPDX-License-Identifier: GPL-3.0-or-later
"""Impacts shown as timeline markers, and markers sent as hits that overrule what is detected."""

from typing import Any, List, Optional

import bpy

from ..core import history, marks
from ..core.problem import Problem
from ..jobs import refusals, retake
from ..jobs.queue import queue
from ..timeline import compat, pictures, selection, sounds
from . import settings
from .operator_bases import ReportingOperator


class FOLEY_OT_show_impacts(ReportingOperator, bpy.types.Operator):
    """Set a timeline marker on each impact that was detected; move, delete and add them as you like"""

    bl_idname = "foley.show_impacts"
    bl_label = "Show Impacts"
    needs = staticmethod(refusals.no_sound)

    def run(self, context: Any) -> str:
        """Set the markers anew, in the range of the picture alone."""
        scene, sound = compat.scene_of(context), selection.sound_strips(context)[0]
        stretch = _heard(scene, sound)
        found = marks.marks(marks.impacts_of(sounds.record_of(sound)["take"]), stretch)
        for marker in _hit_markers(scene, stretch):
            scene.timeline_markers.remove(marker)
        for mark in found:
            scene.timeline_markers.new(mark.name, frame=mark.frame)
        return "{} impacts.".format(len(found))


class FOLEY_OT_hits_from_markers(settings.HasWishes, ReportingOperator, bpy.types.Operator):
    """Make the sound anew with a hit at each marker called Hit, whatever is detected"""

    bl_idname = "foley.hits_from_markers"
    bl_label = "Hits from Markers"
    needs = staticmethod(refusals.no_sound_nor_picture)

    def run(self, context: Any) -> str:
        """In place of the take that is there, or else as a new one."""
        sound = _take(context)
        hits = self._generate(context) if sound is None else _regenerate(context, sound)
        return "{} hits.".format(hits)

    def _generate(self, context: Any) -> int:
        scene, picture = compat.scene_of(context), selection.picture(context)
        left = compat.bounds(pictures.find(picture, same_file=True)).left
        stretch = marks.Stretch(left - picture.lead, picture.frames, picture.first, picture.rate)
        settings.prefill(scene, selection.picture_strip(context), self.properties)
        hits = marks.hits(_frames(scene, stretch), [], stretch)
        queue.start(picture, settings.read(self)._replace(hear_first=False), hits=hits)
        return len(hits)


def _regenerate(context: Any, sound: Any) -> int:
    scene, take = compat.scene_of(context), sounds.record_of(sound)["take"]
    stretch = _heard(scene, sound)
    hits = marks.hits(_frames(scene, stretch), marks.impacts_of(take), stretch)
    retake.regenerate(context, retake.wishes_of(context)._replace(takes=1), hits)
    return len(hits)


def _take(context: Any) -> Optional[Any]:
    """The sound that is meant, if there is one."""
    try:
        return selection.sound_strips(context)[0]
    except Problem as problem:
        if problem.code != "no_take":
            raise
        return None


def _heard(scene: Any, sound: Any) -> marks.Stretch:
    """The stretch of picture that a sound was made for, where the sound lies now."""
    first, last = history.stretch(sounds.record_of(sound))
    rate = sounds.rate_of(scene)
    return marks.Stretch(
        round(sounds.frame_of(sound, first, rate)), round((last - first) * rate), first, rate
    )


def _hit_markers(scene: Any, stretch: marks.Stretch) -> List[Any]:
    return [
        marker
        for marker in scene.timeline_markers
        if marks.is_hit(marker.name) and stretch.holds(marker.frame)
    ]


def _frames(scene: Any, stretch: marks.Stretch) -> List[int]:
    return [marker.frame for marker in _hit_markers(scene, stretch)]


CLASSES = (FOLEY_OT_show_impacts, FOLEY_OT_hits_from_markers)
