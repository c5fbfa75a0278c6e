# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a new part between neighbours that stay: cuts the strip there, and fades from one to the other.

The new part is heard alone in all of the stretch that was asked for. The cross-fades lie outside of it, under
the neighbours, about an eighth of a second long, in whole frames, and shorter where handle or neighbour is.
They are of equal power, since two takes are alike in loudness but not in their samples. The gains are keys
of the strips' volume, one a frame. Blender lags behind its keys by up to two frames when it mixes, so what
fades out goes on as long in silence.
"""

import math
from fractions import Fraction
from typing import Any, List, NamedTuple

from ..core import history, placing, shown
from ..core.custom_properties import UID
from ..core.job import Job
from ..core.problem import Problem
from . import compat, copies, crossfades, cues, sounds


class Cut(NamedTuple):
    """Where a strip is cut open, in frames of the timeline."""

    start: int
    """Of the stretch that is heard anew."""
    end: int
    fade_in: int
    """Frames before `start` in which the new part comes in; 0 where no neighbour is left."""
    fade_out: int
    """Frames after `end` in which it goes out."""

    @property
    def span(self) -> range:
        """What the new part takes up."""
        return range(
            self.start - self.fade_in, self.end + self.fade_out + (crossfades.LAG if self.fade_out else 0)
        )


def splice(scene: Any, job: Job) -> List[Any]:
    """Lay the job's first take into each strip that was asked for, where it plays that stretch."""
    known = job.id, job.picture.uid, job.wishes, job.takes or [], job.report, job.hits
    new = history.written(*known, shown=shown.noted(job.picture))
    rate = sounds.rate_of(scene)
    found = [(strip, _cut(strip, job, new, rate)) for strip in copies.meant(scene, job.goal)]
    found = [(strip, cut) for strip, cut in found if _leaves_neighbours(strip, cut)]
    if not found:
        message = "That part of the sound is not there any more."
        raise Problem("region_gone", message, "Insert the take from the list.")
    parts = []  # type: List[Any]
    try:
        for strip, cut in found:
            parts.append(_lay(scene, strip, cut, new))
    except Problem:
        for part in parts:
            compat.strips(part.parent_meta() or scene.sequence_editor).remove(part)
        raise
    for (strip, cut), part in zip(found, parts, strict=True):
        part[UID] = job.id
        _cross(scene, strip, part, cut)
    return parts


def _cut(strip: Any, job: Job, new: history.Record, rate: Fraction) -> Cut:
    bounds, take = compat.bounds(strip), new["take"]
    at = cues.frame_for(strip, new, history.begins(new), rate)
    times = job.picture.first, job.picture.last
    wanted = [round(cues.frame_for(strip, new, time, rate)) for time in times]
    start, end = max(wanted[0], bounds.left), min(wanted[1], bounds.right)
    fade = max(2, round(rate / 8))
    head = math.floor(start - at)
    tail = math.floor(at + take["samples"] * rate / take["sample_rate"] - end) - crossfades.LAG
    fade_in = max(0, min(fade, head, start - bounds.left))
    return Cut(start, end, fade_in, max(0, min(fade, tail, bounds.right - end)))


def _leaves_neighbours(strip: Any, cut: Cut) -> bool:
    bounds = compat.bounds(strip)
    return cut.start < cut.end and (bounds.left < cut.start or cut.end < bounds.right)


def _lay(scene: Any, strip: Any, cut: Cut, new: history.Record) -> Any:
    owner, rate = strip.parent_meta() or scene.sequence_editor, sounds.rate_of(scene)
    record = dict(new, layer=sounds.record_of(strip)["layer"])
    name = placing.layer_channel(record["layer"])
    above = max(strip.channel, sounds.highest_picture(owner, cut.span))
    channel = placing.pick_channel(sounds.channels_of(owner), above, cut.span, name)
    at = cues.frame_for(strip, record, history.begins(record), rate)
    part = sounds.lay(owner, record, channel.number, at, cut.span, rate)
    sounds.call_channel(owner, channel.number, name)
    part.volume, part.pan, part.mute, part.color_tag = strip.volume, strip.pan, strip.mute, strip.color_tag
    return part


def _cross(scene: Any, strip: Any, part: Any, cut: Cut) -> None:
    """Cut the strip open, and fade from its left part to the new one, and from that to its right part."""
    bounds, linked = compat.bounds(strip), compat.connected(scene, strip) or []
    level = crossfades.levels(scene, strip, range(cut.start - cut.fade_in, cut.end + cut.fade_out + 1))
    left = strip if bounds.left < cut.start else None
    right = strip if left is None else compat.split(scene, strip, cut.end) if cut.end < bounds.right else None
    if left is not None:
        compat.trim(left, bounds.offset, cut.start + (crossfades.LAG if cut.fade_in else 0))
    elif right is not None:
        compat.trim(right, bounds.offset + cut.end - bounds.left, bounds.right)
    before, after = range(cut.start - cut.fade_in, cut.start), range(cut.end, cut.end + cut.fade_out)
    if len(level.changes) > 0:
        inside = [frame for frame in level.changes if cut.start < frame < cut.end]
        crossfades.key(part, {frame: level.at[frame] for frame in inside})
    crossfades.fade(left, before, level, crossfades.going)
    crossfades.fade(part, before, level, crossfades.coming)
    crossfades.fade(part, after, level, crossfades.going)
    crossfades.fade(right, after, level, crossfades.coming)
    # The split has taken away what the strip was connected to.
    neighbours = [one for one in (left, right) if one is not None]
    compat.connect(scene, part, [*neighbours, *linked])
