# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for other takes of a sound that is there: with changed wishes, with another seed, or of a part of it.

They are made for the stretch of film that the sound was made for, with its handles: so they fit behind the
trims that the user has set, and what the backend knows of the picture is used again.
"""

import os
from fractions import Fraction
from typing import Any, List, Optional, Tuple

from ..core import history
from ..core.custom_properties import UID
from ..core.job import REGION, REPLACE, Goal
from ..core.picture import Picture
from ..core.problem import Problem
from ..core.wishes import Wishes
from ..timeline import compat, pictures, selection, sounds
from . import output_folder
from .queue import queue


def wishes_of(context: Any) -> Wishes:
    """What the sound that is meant was made with."""
    return Wishes.of(sounds.record_of(selection.sound_strips(context)[0]))


def regenerate(context: Any, wishes: Wishes, hits: Optional[List[Fraction]] = None) -> str:
    """Ask for the sound anew, with other wishes; gives the job's id. Handles and layers' strips stay."""
    strip = selection.sound_strips(context)[0]
    record = sounds.record_of(strip)
    picture = _picture(context, strip, history.stretch(record))
    known = history.hits_of(record) if hits is None else hits
    return queue.start(picture, fitting(wishes, record), Goal(REPLACE, sounds.uid_of(strip)), known)


def new_take(context: Any) -> str:
    """Ask for another take with the same wishes; gives the job's id."""
    return regenerate(context, wishes_of(context)._replace(seed=None, takes=1))


def region(context: Any) -> str:
    """Ask for a part of the sound anew: that in the preview range, or between two selected markers."""
    strip = selection.sound_strips(context)[0]
    record = sounds.record_of(strip)
    if len(getattr(strip, "retiming_keys", ())) > 0:
        raise Problem("sound_retimed", "{!r} is retimed.".format(strip.name), "Clear its retiming first.")
    first, last = selection.part(context, strip, record)
    wishes = fitting(Wishes.of(record), record)._replace(seed=None, takes=1)
    picture = _picture(context, strip, (first, last))
    return queue.start(picture, wishes, Goal(REGION, sounds.uid_of(strip)), history.hits_of(record))


def fitting(wishes: Wishes, record: history.Record) -> Wishes:
    """Wishes for other takes of a sound, whose strips and handles stay."""
    kept = Wishes.of(record)
    return wishes._replace(place=kept.place, handles=kept.handles)


def _picture(context: Any, strip: Any, stretch: Tuple[Fraction, Fraction]) -> Picture:
    scene, record = compat.scene_of(context), sounds.record_of(strip)
    media = _film(scene, strip, record)
    rate = sounds.rate_of(scene)
    frames = round((stretch[1] - stretch[0]) * rate)
    return Picture(scene.name, record["strip"], strip.name, media, 0.0, frames, *stretch, rate)


def _film(scene: Any, strip: Any, record: history.Record) -> str:
    """Where the film that a sound was made for is now; with its project it may have been moved elsewhere."""
    path = record["take"]["cue"]["media"]
    name = os.path.basename(path)
    strips = [one for one in compat.all_strips(scene.sequence_editor) if one.type == "MOVIE"]
    shown = [pictures.film_of(one) for one in strips if one.get(UID) == record["strip"]]
    copy = os.path.join(output_folder.of_open_project(), "footage", name)
    for there in (path, copy, *(film for film in shown if os.path.basename(film) == name)):
        if os.path.isfile(there):
            return str(there)
    message = "The film that {!r} was made for is missing: {}.".format(strip.name, path)
    raise Problem("media_missing", message, "Put it back, or generate from the picture again.")
