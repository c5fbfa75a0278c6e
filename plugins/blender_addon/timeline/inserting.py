# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts takes on the timeline, in sync with their picture."""

from typing import Any, List

from ..core import history, placing, shown
from ..core.custom_properties import UID
from ..core.job import REGION, REPLACE, Job
from ..core.problem import Problem
from ..core.wishes import LAYERS, NEW, PER_LAYER
from . import compat, pictures, replacing, sounds, splicing


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
    """Put takes that found no place at the selected picture, else at the playhead in the open meta."""
    editor = scene.sequence_editor_create()
    strip = editor.active_strip
    if strip is not None and strip.select and strip.type != "SOUND":
        job.picture = job.picture._replace(uid=sounds.uid_of(strip))
        made = _at(scene, job, strip.parent_meta() or editor, strip.channel, compat.bounds(strip).left)
        compat.connect(scene, strip, made)
    else:
        owner = editor.meta_stack[-1] if len(editor.meta_stack) else editor
        made = _at(scene, job, owner, 0, scene.frame_current)
    return [sound.name for sound in made]


def _beside_picture(scene: Any, job: Job) -> List[Any]:
    picture = job.picture
    strip = pictures.find(picture, job.same_file)
    bounds = compat.bounds(strip)
    start = bounds.left - round(bounds.offset - picture.offset) - picture.lead
    made = _at(scene, job, strip.parent_meta() or scene.sequence_editor, strip.channel, start)
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


def _layers(job: Job) -> List[str]:
    """What the strips play: all, or a layer each."""
    stems = (job.takes or [{}])[0]["stems"] if job.wishes.place == PER_LAYER else {}
    return [layer for layer in LAYERS if layer in stems] or [""]


def _name(owner: Any, number: int, name: str) -> None:
    """Call a channel what it is for, so that later takes go there too."""
    named = any(channel.name == name for channel in owner.channels)
    if not named and placing.has_default_name(owner.channels[number].name):
        owner.channels[number].name = name
