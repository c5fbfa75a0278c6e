# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts takes on the timeline, in sync with their picture."""

from typing import Any, List, Sequence

from ..core import history, placing, shown
from ..core.custom_properties import UID
from ..core.job import INSTEAD, REGION, REPLACE, Job
from ..core.job import NEW as NEW_SOUND
from ..core.picture import Picture
from ..core.problem import Problem
from ..core.waveform import is_silent
from ..core.wishes import LAYERS, LEAVE, NEW, PER_LAYER
from . import compat, copies, crossfades, own_sound, pictures, replacing, sounds, splicing, words

UNCOLOURED = "NONE"


def place(job: Job, colour: str = UNCOLOURED) -> List[str]:
    """Put the takes of a job where they belong, new strips with a colour tag; gives the channels' names.

    `Problem`: nothing was put.
    """
    scene = pictures.scene_of(job.picture)
    if job.goal.kind == REPLACE:
        strips = replacing.renew(scene, job)
        words.heard(scene, strips)
    elif job.goal.kind == REGION:
        strips = splicing.splice(scene, job)
    else:
        strips = _beside_picture(scene, job, colour)
    return [(strip.parent_meta() or scene.sequence_editor).channels[strip.channel].name for strip in strips]


def insert(scene: Any, job: Job, colour: str = UNCOLOURED) -> List[str]:
    """Put takes that wait in the list at the selected picture, else at the playhead in the open meta.

    Those that were only to be heard first belong to their own picture, as long as that is there.
    """
    if job.waits_to_be_heard:
        try:
            return place(job, colour)
        except Problem as problem:
            if problem.code != "clip_gone":
                raise
    editor = scene.sequence_editor_create()
    strip = editor.active_strip
    if strip is not None and strip.select and strip.type != "SOUND":
        job.picture = job.picture._replace(uid=sounds.uid_of(strip), uids=())
        made = _at(scene, job, strip.parent_meta() or editor, strip.channel, compat.bounds(strip).left)
        _change_own_sound(scene, job, [strip], made)
        compat.connect(scene, strip, made)
    else:
        owner = editor.meta_stack[-1] if len(editor.meta_stack) else editor
        made = _at(scene, job, owner, 0, scene.frame_current)
    return _finished(scene, made, colour)


def start_of(scene: Any, job: Job) -> int:
    """The frame in which the picture of a job begins; the playhead where that cannot be told any more."""
    try:
        if job.goal.kind in (NEW_SOUND, INSTEAD):
            return _start_beside(job, pictures.find(job.picture, job.same_file))
        strip = copies.meant(scene, job.goal)[0]
        return round(sounds.frame_of(strip, job.picture.first, sounds.rate_of(scene)))
    except Problem:
        return int(scene.frame_current)


def _start_beside(job: Job, strip: Any) -> int:
    bounds = compat.bounds(strip)
    return int(bounds.left - round(bounds.offset - job.picture.offset) - job.picture.lead)


def _beside_picture(scene: Any, job: Job, colour: str) -> List[Any]:
    strip = pictures.find(job.picture, job.same_file)
    job.picture = picture = _known_again(scene, job.picture, strip)
    start, owner = _start_beside(job, strip), strip.parent_meta() or scene.sequence_editor
    span = range(start, start + picture.frames)
    earlier = sounds.of_pictures(owner, picture.strips, span) if job.goal.kind == INSTEAD else []
    made = _at(scene, job, owner, max(strip.channel, job.goal.above), start, earlier)
    shown = [one for one in compat.level_of(scene, strip) if one.name in picture.shows]
    _change_own_sound(scene, job, shown or [strip], made)
    compat.connect(scene, strip, made)
    _finished(scene, made, colour)
    return made


def _known_again(scene: Any, picture: Picture, strip: Any) -> Picture:
    """The picture with the uids that its strips have now; where an undo took one, it is given back."""
    several = len(picture.shows) > 1
    strips = {one.name: one for one in compat.all_strips(scene.sequence_editor)} if several else {}
    shown = [strip, *(strips.get(name) for name in picture.shows[1:])]
    uids = []
    for one, uid in zip(shown, picture.strips, strict=False):
        if one is not None:
            one[UID] = one.get(UID) or uid
        uids.append(uid if one is None else str(one[UID]))
    return picture._replace(uid=uids[0], uids=tuple(uids) if picture.uids else ())


def _finished(scene: Any, made: List[Any], colour: str) -> List[str]:
    for sound in made:
        sound.color_tag = colour
    crossfades.cross(scene, made)
    words.heard(scene, made)
    return [sound.name for sound in made]


def _at(scene: Any, job: Job, owner: Any, above: int, start: int, earlier: Sequence[Any] = ()) -> List[Any]:
    """Lay the first take down, its in-point at the frame `start`; the others can be chosen instead.

    Those of the earlier sounds too, in whose place it is.
    """
    takes, rate, seen = job.takes or [], sounds.rate_of(scene), job.picture
    known = job.id, seen.uid, job.wishes, takes, job.report, job.hits
    record = history.written(*known, shown=shown.noted(seen), pictures=seen.uids)
    at = start - (seen.first - history.begins(record)) * rate
    span = range(start, start + round((seen.last - seen.first) * rate))
    layers = _layers(job)
    record["left_out"] = [layer for layer in record["take"]["stems"] if layers[0] and layer not in layers]
    if not record["left_out"]:
        del record["left_out"]
    if earlier:
        record = history.instead(sounds.record_of(earlier[0]), record)
    above, without = max(above, sounds.highest_picture(owner, span)), {sound.name for sound in earlier}
    names = [None if job.wishes.place == NEW else placing.layer_channel(layer) for layer in layers]
    there = sounds.channels_of(owner, without)
    numbers = placing.pick_channels(there, above, span, names, job.goal.lane)
    made = []  # type: List[Any]
    try:
        for layer, number in zip(layers, numbers, strict=True):
            made.append(sounds.lay(owner, dict(record, layer=layer), number, at, span, rate))
    except Problem:
        for sound in made:
            compat.strips(owner).remove(sound)
        raise
    for sound in earlier:
        compat.strips(owner).remove(sound)
    for sound, name, number in zip(made, names, numbers, strict=True):
        sound[UID] = job.id
        if earlier:
            sound.channel = number  # Blender has moved it to another while the earlier one lay there.
        if name is not None:
            sounds.call_channel(owner, number, name, job.goal.lane)
    return made


def _change_own_sound(scene: Any, job: Job, shown: List[Any], made: List[Any]) -> None:
    if job.wishes.own_sound != LEAVE:
        bounds = compat.bounds(made[0])
        own_sound.change(scene, shown, range(bounds.left, bounds.right), job.wishes)


def _layers(job: Job) -> List[str]:
    """What the strips play: all, or a layer each that is heard in any of the takes."""
    takes = job.takes or [{}]
    stems = takes[0]["stems"] if job.wishes.place == PER_LAYER else {}
    heard = [
        layer
        for layer in LAYERS
        if layer in stems and not all(is_silent(sounds.found(take["stems"][layer])) for take in takes)
    ]
    return heard or [""]
