# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for other takes of a sound that is there: with changed wishes, with another seed, or of a part of it.

They are made for the stretch of film that the sound was made for, with its handles: so they fit behind the
trims that the user has set, and what the backend knows of the picture is used again.
"""

import os
from fractions import Fraction
from typing import Any, List, Optional, Tuple

from . import compat, history, sequencer, sounds
from .job import REGION, REPLACE, Goal
from .jobs import jobs
from .problem import Problem
from .wishes import Wishes


def sounds_of(context: Any) -> List[Any]:
    """The Foley strips that are meant, all of one uid: the active one, those selected, or the picture's."""
    scene = compat.scene_of(context)
    ours = sounds.all_of(scene)
    active = scene.sequence_editor.active_strip if scene.sequence_editor else None
    chosen = [strip for strip in ours if strip.select]
    if active in chosen:
        chosen = [active]
    pictures = {strip.get(sequencer.UID) for strip in _selected(scene)}
    chosen = chosen or [strip for strip in ours if sounds.record_of(strip)["strip"] in pictures]
    uids = {sounds.uid_of(strip) for strip in chosen}
    if not uids:
        raise Problem("no_take", "No sound of Foley is selected.", "Select one, or its picture.")
    if len(uids) > 1:
        raise Problem("many_takes", "{} sounds are meant.".format(len(uids)), "Select one of them.")
    return chosen[:1] + [strip for strip in sounds.carrying(scene, uids.pop()) if strip != chosen[0]]


def wishes_of(context: Any) -> Wishes:
    """What the sound that is meant was made with."""
    return Wishes.of(sounds.record_of(sounds_of(context)[0]))


def regenerate(context: Any, wishes: Wishes, hits: Optional[List[Fraction]] = None) -> str:
    """Ask for the sound anew, with other wishes; gives the job's id. Handles and layers' strips stay."""
    strip = sounds_of(context)[0]
    record = sounds.record_of(strip)
    picture = _picture(context, strip, history.stretch(record))
    known = history.hits_of(record) if hits is None else hits
    return jobs.start(picture, _fitting(wishes, record), Goal(REPLACE, sounds.uid_of(strip)), known)


def new_take(context: Any) -> str:
    """Ask for another take with the same wishes; gives the job's id."""
    return regenerate(context, wishes_of(context)._replace(seed=None, takes=1))


def region(context: Any) -> str:
    """Ask for a part of the sound anew: that in the preview range, or between two selected markers."""
    strip = sounds_of(context)[0]
    record = sounds.record_of(strip)
    if len(getattr(strip, "retiming_keys", ())) > 0:
        raise Problem("sound_retimed", "{!r} is retimed.".format(strip.name), "Clear its retiming first.")
    first, last = _chosen_stretch(context, strip, record)
    wishes = _fitting(Wishes.of(record), record)._replace(seed=None, takes=1)
    picture = _picture(context, strip, (first, last))
    return jobs.start(picture, wishes, Goal(REGION, sounds.uid_of(strip)), history.hits_of(record))


def _selected(scene: Any) -> List[Any]:
    strips = compat.all_strips(scene.sequence_editor) if scene.sequence_editor else []
    return [strip for strip in strips if strip.select and strip.type != "SOUND" and strip.get(sequencer.UID)]


def _fitting(wishes: Wishes, record: history.Record) -> Wishes:
    kept = Wishes.of(record)
    return wishes._replace(place=kept.place, handles=kept.handles)


def _picture(context: Any, strip: Any, stretch: Tuple[Fraction, Fraction]) -> sequencer.Picture:
    scene, record = compat.scene_of(context), sounds.record_of(strip)
    media = _film(scene, strip, record)
    rate = sounds.rate_of(scene)
    frames = round((stretch[1] - stretch[0]) * rate)
    return sequencer.Picture(scene.name, record["strip"], strip.name, media, 0.0, frames, *stretch, rate)


def _film(scene: Any, strip: Any, record: history.Record) -> str:
    """Where the film that a sound was made for is now; with its project it may have been moved elsewhere."""
    path = record["take"]["cue"]["media"]
    name = os.path.basename(path)
    pictures = [one for one in compat.all_strips(scene.sequence_editor) if one.type == "MOVIE"]
    shown = [sequencer.film_of(one) for one in pictures if one.get(sequencer.UID) == record["strip"]]
    copy = os.path.join(sequencer.folder(), "footage", name)
    for there in (path, copy, *(film for film in shown if os.path.basename(film) == name)):
        if os.path.isfile(there):
            return str(there)
    message = "The film that {!r} was made for is missing: {}.".format(strip.name, path)
    raise Problem("media_missing", message, "Put it back, or generate from the picture again.")


def _chosen_stretch(context: Any, strip: Any, record: history.Record) -> Tuple[Fraction, Fraction]:
    """In and out of the part, in media time, where the sound has a picture."""
    scene, bounds = compat.scene_of(context), compat.bounds(strip)
    chosen = _chosen_frames(scene)
    rate = sounds.rate_of(scene)
    spoken = [round(sounds.frame_of(strip, time, rate)) for time in history.stretch(record)]
    start, end = max(chosen[0], bounds.left, spoken[0]), min(chosen[1], bounds.right, spoken[1])
    if start >= end:
        message = "{!r} has nothing between the frames {} and {}.".format(strip.name, *chosen)
        raise Problem("bad_region", message, "Choose a part of the sound.")
    if (start, end) == (bounds.left, bounds.right):
        message = "All of {!r} is chosen.".format(strip.name)
        raise Problem("whole_region", message, "Choose a part of it, or use New Take.")
    return sounds.media_time(strip, start, rate), sounds.media_time(strip, end, rate)


def _chosen_frames(scene: Any) -> Tuple[int, int]:
    """First frame, and the one after the last. The last frame of a preview range is played, too."""
    marked = sorted(marker.frame for marker in scene.timeline_markers if marker.select)
    if scene.use_preview_range:
        return scene.frame_preview_start, scene.frame_preview_end + 1
    if len(marked) != 2:
        message = "No part is chosen: there is no preview range, and {} markers are selected.".format(
            len(marked)
        )
        raise Problem("no_region", message, "Press P and drag over the part, or select two markers.")
    return marked[0], marked[1]
