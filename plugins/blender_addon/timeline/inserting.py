# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts takes on the timeline, in sync with their picture."""

from typing import Any, List

from ..core import history, placing, shown
from ..core.custom_properties import UID
from ..core.job import NEW as NEW_SOUND
from ..core.job import REGION, REPLACE, Job
from ..core.problem import Problem
from ..core.wishes import LAYERS, LEAVE, NEW, PER_LAYER
from . import compat, own_sound, pictures, replacing, sounds, splicing


def place(job: Job) -> List[str]:
    """Put the takes of a job where they belong; gives the names of the strips. `Problem`: nothing was put."""
    scene = pictures.scene_of(job.picture)
    if job.goal.kind == REPLACE:
        strips = replacing.renew(scene, job)
    elif job.goal.kind == REGION:
        strips = splicing.splice(scene, job)
    else:
        strips = _beside_picture(scene, job)
    return [strip.name for strip in strips]


def insert(scene: Any, job: Job) -> List[str]:
    """Put takes that wait in the list at the selected picture, else at the playhead in the open meta.

    Those that were only to be heard first belong to their own picture, as long as that is there.
    """
    if job.waits_to_be_heard:
        try:
            return place(job)
        except Problem as problem:
            if problem.code != "clip_gone":
                raise
    editor = scene.sequence_editor_create()
    strip = editor.active_strip
    if strip is not None and strip.select and strip.type != "SOUND":
        job.picture = job.picture._replace(uid=sounds.uid_of(strip))
        made = _at(scene, job, strip.parent_meta() or editor, strip.channel, compat.bounds(strip).left)
        _change_own_sound(scene, job, [strip], made)
        compat.connect(scene, strip, made)
    else:
        owner = editor.meta_stack[-1] if len(editor.meta_stack) else editor
        made = _at(scene, job, owner, 0, scene.frame_current)
    return [sound.name for sound in made]


def start_of(scene: Any, job: Job) -> int:
    """The frame in which the picture of a job begins; the playhead where that cannot be told any more."""
    try:
        if job.goal.kind == NEW_SOUND:
            return _start_beside(job, pictures.find(job.picture, job.same_file))
        strip = sounds.carrying(scene, job.goal.sound)[0]
        return round(sounds.frame_of(strip, job.picture.first, sounds.rate_of(scene)))
    except Problem:
        return int(scene.frame_current)


def _start_beside(job: Job, strip: Any) -> int:
    bounds = compat.bounds(strip)
    return int(bounds.left - round(bounds.offset - job.picture.offset) - job.picture.lead)


def _beside_picture(scene: Any, job: Job) -> List[Any]:
    strip = pictures.find(job.picture, job.same_file)
    owner = strip.parent_meta() or scene.sequence_editor
    made = _at(scene, job, owner, strip.channel, _start_beside(job, strip))
    shown = [one for one in compat.level_of(scene, strip) if one.name in job.picture.shows]
    _change_own_sound(scene, job, shown or [strip], made)
    compat.connect(scene, strip, made)
    return made


def _at(scene: Any, job: Job, owner: Any, above: int, start: int) -> List[Any]:
    """Lay the first take down, its in-point at the frame `start`; the others can be chosen instead."""
    takes, rate = job.takes or [], sounds.rate_of(scene)
    known = job.id, job.picture.uid, job.wishes, takes, job.report, job.hits
    record = history.written(*known, shown=shown.noted(job.picture))
    at = start - (job.picture.first - history.begins(record)) * rate
    span = range(start, start + round((job.picture.last - job.picture.first) * rate))
    made = []  # type: List[Any]
    try:
        for layer in _layers(job):
            name = None if job.wishes.place == NEW else placing.layer_channel(layer)
            channel = placing.pick_channel(sounds.channels_of(owner), above, span, name)
            made.append(sounds.lay(owner, dict(record, layer=layer), channel.number, at, span, rate))
    except Problem:
        for sound in made:
            compat.strips(owner).remove(sound)
        raise
    for sound, layer in zip(made, _layers(job), strict=True):
        sound[UID] = job.id
        if job.wishes.place != NEW:
            _name(owner, sound.channel, placing.layer_channel(layer))
    return made


def _change_own_sound(scene: Any, job: Job, shown: List[Any], made: List[Any]) -> None:
    if job.wishes.own_sound != LEAVE:
        bounds = compat.bounds(made[0])
        own_sound.change(scene, shown, range(bounds.left, bounds.right), job.wishes)


def _layers(job: Job) -> List[str]:
    """What the strips play: all, or a layer each."""
    stems = (job.takes or [{}])[0]["stems"] if job.wishes.place == PER_LAYER else {}
    return [layer for layer in LAYERS if layer in stems] or [""]


def _name(owner: Any, number: int, name: str) -> None:
    """Call a channel what it is for, so that later takes go there too."""
    named = any(channel.name == name for channel in owner.channels)
    if not named and placing.has_default_name(owner.channels[number].name):
        owner.channels[number].name = name
