# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for other takes of a sound that is there: with changed wishes, with another seed, or of a part of it.

They are made for the stretch of film that the sound was made for, with its handles: so they fit behind the
trims that the user has set, and what the backend knows of the picture is used again. Where the picture has
changed since, they are made for what it shows now.
"""

import os
from fractions import Fraction
from typing import Any, List, NamedTuple, Optional, Tuple

from ..core import history, marks, shown
from ..core.custom_properties import UID
from ..core.job import REGION, REPLACE, Goal
from ..core.picture import Picture
from ..core.problem import Problem
from ..core.wishes import Wishes
from ..timeline import compat, copies, cues, films, pictures, selection, shots, showing, sounds, words
from . import output_folder
from .queue import queue


class Stretch(NamedTuple):
    """The stretch of picture that a sound is made anew for."""

    picture: Picture
    on_timeline: marks.Stretch
    shift: Fraction
    """Seconds by which its times are later than those of the take that is there."""
    same_time: bool
    """Whether what is seen when is the same; else what was known of impacts and hits is worth nothing."""

    def times(self, known: List[Fraction]) -> List[Fraction]:
        """Times of the take that is there, in those of this stretch."""
        return [time + self.shift for time in known] if self.same_time else []


def wishes_of(context: Any) -> Wishes:
    """What the sound that is meant was made with, but for words that were set for its picture since."""
    return _wishes(compat.scene_of(context), selection.sound_strips(context)[0])


def changes(context: Any, wishes: Wishes) -> bool:
    """Whether these wishes give anything but the very takes that the sounds that are meant have in use."""
    scene = compat.scene_of(context)
    strips = [strips[0] for strips in selection.sounds_meant(context)]
    records = [sounds.record_of(strip) for strip in strips]
    asked = [fitting(wishes, record) != history.wishes_of(record)._replace(takes=1) for record in records]
    return wishes.takes > 1 or any(asked) or any(cues.change_of(scene, strip) for strip in strips)


def regenerate(context: Any, wishes: Wishes) -> List[str]:
    """Ask for the sounds that are meant anew, with other wishes; gives their names. Handles stay."""
    scene, meant = compat.scene_of(context), selection.sounds_meant(context)
    names = [again(context, strips, wishes) for strips in meant]
    for strips in meant:
        words.keep(cues.picture_of(scene, strips[0]), wishes.prompt)
    return names


def new_take(context: Any) -> List[str]:
    """Ask for another take of the sounds that are meant, each with its own wishes; gives their names."""
    scene = compat.scene_of(context)
    return [
        again(context, strips, _wishes(scene, strips[0])._replace(seed=None, takes=1))
        for strips in selection.sounds_meant(context)
    ]


def _wishes(scene: Any, strip: Any) -> Wishes:
    wishes = history.wishes_of(sounds.record_of(strip))
    return wishes._replace(prompt=words.wished_for(scene, strip) or wishes.prompt)


def again(context: Any, strips: List[Any], wishes: Wishes, hits: Optional[List[Fraction]] = None) -> str:
    """Ask for one sound anew, with other wishes and perhaps with hits; gives its name."""
    scene, record = compat.scene_of(context), sounds.record_of(strips[0])
    stretch, known = stretch_of(context, strips[0]), history.hits_of(record)
    if hits is None and known is not None and stretch.same_time:
        hits = stretch.times(known)
    goal = copies.goal(scene, REPLACE, strips)
    queue.start(stretch.picture, fitting(wishes, record), goal, hits)
    return str(strips[0].name)


def region(context: Any) -> List[str]:
    """Ask for a part of the sounds anew: that in the preview range, or between two selected markers."""
    found, problem = [], None  # type: List[str], Optional[Problem]
    for strips in selection.sounds_meant(context):
        try:
            found.append(_region(context, strips))
        except Problem as why:
            problem = why
    if problem is not None and not found:
        raise problem
    return found


def _region(context: Any, strips: List[Any]) -> str:
    strip, part = _part(context, strips)
    scene, record = compat.scene_of(context), sounds.record_of(strip)
    if len(getattr(strip, "retiming_keys", ())) > 0:
        raise Problem("sound_retimed", "{!r} is retimed.".format(strip.name), "Clear its retiming first.")
    stretch, known = stretch_of(context, strip, part), history.hits_of(record)
    hits = stretch.times(known) if known is not None and stretch.same_time else None
    wishes = fitting(history.wishes_of(record), record)._replace(seed=None, takes=1)
    queue.start(stretch.picture, wishes, copies.goal(scene, REGION, strips), hits)
    return str(strip.name)


def _part(context: Any, strips: List[Any]) -> Tuple[Any, Tuple[Fraction, Fraction]]:
    """The first half of a sound in which a part is chosen, and that part."""
    problems = []  # type: List[Problem]
    for strip in strips:
        try:
            return strip, selection.part(context, strip, sounds.record_of(strip))
        except Problem as problem:
            if problem.code != "bad_region":
                raise
            problems.append(problem)
    raise problems[0]


def stretch_of(context: Any, strip: Any, part: Optional[Tuple[Fraction, Fraction]] = None) -> Stretch:
    """The stretch of picture that a sound is made anew for: all, or a part of what it was made for."""
    scene, record = compat.scene_of(context), sounds.record_of(strip)
    rate, span = sounds.rate_of(scene), part or history.stretch(record)
    cue = cues.cue_of(scene, strip)
    if cue is not None and cue.changed:
        ends = [time * rate + cue.was.origin for time in span]
        if part is None:
            ends = list(shown.followed((ends[0], ends[1]), cue.was, cue.now))
        return _as_it_is_now(scene, cue, round(ends[0]), round(ends[1]), rate)
    picture = _as_it_was(context, strip, span, rate)
    start = round(sounds.frame_of(strip, span[0], rate))
    return Stretch(picture, marks.Stretch(start, picture.frames, span[0], rate), Fraction(0), True)


def _as_it_is_now(scene: Any, cue: cues.Cue, left: int, right: int, rate: Fraction) -> Stretch:
    """A stretch of what the picture shows now, from one frame of content to another."""
    whole = pictures.picture_of(scene, cue.picture[:1])
    if whole.render is not None or cue.now.names:
        whole = pictures.picture_of(scene, cue.picture)
    begins = round(Fraction(whole.offset) - whole.lead)
    picture = shots.part(whole, left - begins, right - left)._replace(shown=cue.now.plain())
    start = showing.content_start(cue.picture[0]) + left
    shift = (cue.was.origin - (left - picture.first * rate)) / rate
    same_time = shown.RETIMED not in shown.changes(cue.was, cue.now)
    return Stretch(picture, marks.Stretch(start, picture.frames, picture.first, rate), shift, same_time)


def instead_of(scene: Any, strip: Any, wishes: Wishes) -> Tuple[Wishes, Goal, Optional[List[Fraction]]]:
    """Wishes, goal and hits for another take in place of a sound, for what its picture shows now."""
    record, cue = sounds.record_of(strip), cues.cue_of(scene, strip)
    hits = history.hits_of(record) if cue is None or not cue.changed else None
    return fitting(wishes, record), copies.goal(scene, REPLACE, copies.sounding_with(scene, strip)), hits


def fitting(wishes: Wishes, record: history.Record) -> Wishes:
    """Wishes for other takes of a sound, whose strips and handles stay."""
    kept = history.wishes_of(record)
    return wishes._replace(place=kept.place, handles=kept.handles)


def _as_it_was(context: Any, strip: Any, stretch: Tuple[Fraction, Fraction], rate: Fraction) -> Picture:
    """The stretch of film that the sound was made for."""
    scene, record = compat.scene_of(context), sounds.record_of(strip)
    media = _film(scene, strip, record)
    frames = round((stretch[1] - stretch[0]) * rate)
    was = history.shown_of(record)
    picture = Picture(scene.name, record["strip"], strip.name, media, 0.0, frames, *stretch, rate)
    if was is None:
        return picture
    return picture._replace(offset=float(was.origin + stretch[0] * rate), shown=was.plain())


def _film(scene: Any, strip: Any, record: history.Record) -> str:
    """Where the film that a sound was made for is now; with its project it may have been moved elsewhere."""
    path = record["take"]["cue"]["media"]
    name = os.path.basename(path)
    strips = [one for one in compat.all_strips(scene.sequence_editor) if one.type == "MOVIE"]
    shown_now = [films.path_of(one) for one in strips if one.get(UID) == record["strip"]]
    copy = os.path.join(output_folder.of_open_project(), "footage", name)
    known = [film for film in shown_now if os.path.basename(film) == name]
    for there in (path, copy, sounds.found(path), *known):
        if os.path.isfile(there):
            return str(there)
    message = "The film that {!r} was made for is missing: {}.".format(strip.name, path)
    raise Problem("media_missing", message, "Put it back, or generate from the picture again.")
