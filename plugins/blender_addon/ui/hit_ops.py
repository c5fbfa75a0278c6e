# SPDX-License-Identifier: GPL-3.0-or-later
"""Impacts shown as timeline markers, and markers sent as hits that overrule what is detected."""

from typing import Any, List, Sequence, Set, Tuple

import bpy

from ..core import history, marks
from ..core.picture import Picture
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
        """Set the markers anew, in the range of the picture alone, as far as the sound plays."""
        meant = selection.sounds_meant(context)
        count = sum(_show(compat.scene_of(context), strips) for strips in meant)
        names = ", ".join("'{}'".format(strips[0].name) for strips in meant)
        return "{} of {}.".format(marks.counted(count, "impact"), names)


class FOLEY_OT_hits_from_markers(settings.HasWishes, ReportingOperator, bpy.types.Operator):
    """Make the sound anew with a hit at each marker that is called Hit or has no name of its own"""

    bl_idname = "foley.hits_from_markers"
    bl_label = "Hits from Markers"
    needs = staticmethod(refusals.no_sound_nor_picture)

    lines: Sequence[str] = ()
    """What the dialog says."""

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Ask first where it is not plain which markers are hits."""
        try:
            found = _told_apart(context)
        except Problem as problem:
            return self.refuse(problem)
        if not (found.unnamed or found.others):
            return self.execute(context)
        self.lines = found.said()
        asked: Set[str] = context.window_manager.invoke_props_dialog(
            self, width=420, confirm_text="Make the Sound"
        )
        return asked

    def draw(self, _context: Any) -> None:
        """Which markers are hits, and which are not."""
        for line in self.lines:
            self.layout.label(text=line)

    def run(self, context: Any) -> str:
        """In place of the take that is there, or else as a new one."""
        found = _told_apart(context)
        meant = _meant(context)
        if meant:
            for strips in meant:
                _regenerate(context, strips)
        else:
            self._generate(context)
        return " ".join(found.said())

    def _generate(self, context: Any) -> None:
        scene = compat.scene_of(context)
        picture, stretch = _picture(context)
        settings.prefill(scene, selection.picture_strip(context), self.properties)
        hits = marks.hits(_markers(scene, stretch).frames, [], stretch)
        queue.start(picture, settings.read(self), hits=hits)


def _told_apart(context: Any) -> marks.Markers:
    """The markers in the range of what is meant; a `Problem` where none of them is a hit."""
    scene, meant = compat.scene_of(context), _meant(context)
    stretches = [retake.stretch_of(context, strips[0]).on_timeline for strips in meant]
    stretches = stretches or [_picture(context)[1]]
    each = [_markers(scene, stretch) for stretch in stretches]
    found = marks.Markers(*(sum(lists, []) for lists in zip(*each, strict=True)))
    if not found.frames:
        ends = stretches[0].start, stretches[0].start + stretches[0].frames - 1
        message = "No marker between the frames {} and {} stands for a hit.".format(*ends)
        raise Problem("no_markers", message, "Add some with M, or let Show Impacts set them.")
    return found


def _regenerate(context: Any, strips: List[Any]) -> None:
    scene, record = compat.scene_of(context), sounds.record_of(strips[0])
    asked = retake.stretch_of(context, strips[0])
    frames = _markers(scene, asked.on_timeline).frames
    if frames:
        seen = marks.impacts_of(record["take"]) if asked.same_time else []
        impacts = [(time + asked.shift, strength) for time, strength in seen]
        lies = _lies(scene, strips[0])
        hidden = [time + asked.shift for time, _ in seen if not _plays(strips, lies.frame_of(time))]
        hits = sorted({*marks.hits(frames, impacts, asked.on_timeline), *hidden})
        retake.again(context, strips, history.wishes_of(record)._replace(takes=1), hits)


def _meant(context: Any) -> List[List[Any]]:
    """The sounds that are meant; none where only a picture is."""
    try:
        return selection.sounds_meant(context)
    except Problem as problem:
        if problem.code != "no_take":
            raise
        return []


def _picture(context: Any) -> Tuple[Picture, marks.Stretch]:
    """The picture that is selected, and where it lies."""
    picture = selection.picture(context)
    left = compat.bounds(pictures.find(picture, same_file=True)).left
    return picture, marks.Stretch(left - picture.lead, picture.frames, picture.first, picture.rate)


def _markers(scene: Any, stretch: marks.Stretch) -> marks.Markers:
    return marks.told_apart([(one.frame, one.name) for one in scene.timeline_markers], stretch)


def _lies(scene: Any, sound: Any) -> marks.Stretch:
    """The picture that the take in use was made for, where the sound lies."""
    (first, last), rate = history.stretch(sounds.record_of(sound)), sounds.rate_of(scene)
    start = round(sounds.frame_of(sound, first, rate))
    return marks.Stretch(start, round((last - first) * rate), first, rate)


def _plays(strips: List[Any], frame: int) -> bool:
    """Whether any of a sound's strips is heard in a frame of the timeline."""
    return any(place.left <= frame < place.right for place in map(compat.bounds, strips))


def _show(scene: Any, strips: List[Any]) -> int:
    """Mark the impacts of the take in use that the sound plays; how many there are."""
    stretch, impacts = _lies(scene, strips[0]), marks.impacts_of(sounds.record_of(strips[0])["take"])
    found = [mark for mark in marks.marks(impacts, stretch) if _plays(strips, mark.frame)]
    for marker in list(scene.timeline_markers):
        if marks.is_hit(marker.name) and stretch.holds(marker.frame) and _plays(strips, marker.frame):
            scene.timeline_markers.remove(marker)
    for mark in found:
        scene.timeline_markers.new(mark.name, frame=mark.frame)
    return len(found)


CLASSES = (FOLEY_OT_show_impacts, FOLEY_OT_hits_from_markers)
