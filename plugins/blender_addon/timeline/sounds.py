# SPDX-License-Identifier: GPL-3.0-or-later
"""Foley's sound strips: finds them, says where they lie in their film, lays a file down as one.

Splitting or duplicating a strip copies its uid and its record; `copies` tells such strips apart.
"""

import os
import uuid
from fractions import Fraction
from typing import Any, Collection, Iterable, Iterator, List, Optional, Set

import bpy

from ..core import history, places, placing, rates
from ..core.custom_properties import META, UID
from ..core.problem import Problem
from . import compat

_gone: Set[str] = set()
"""Files, as records name them, that were not there when they were last looked for."""


def rate_of(scene: Any) -> Fraction:
    """The scene's exact rate."""
    return rates.exact_rate(scene.render.fps, scene.render.fps_base)


def uid_of(strip: Any) -> str:
    """By what a strip is found again."""
    if not strip.get(UID):
        strip[UID] = uuid.uuid4().hex
    return str(strip[UID])


def all_of(scene: Any) -> List[Any]:
    """All Foley strips of a scene, in order of time."""
    strips = compat.all_strips(scene.sequence_editor) if scene and scene.sequence_editor else []
    ours = [strip for strip in strips if strip.type == "SOUND" and history.of(strip)]
    return sorted(ours, key=lambda strip: (compat.bounds(strip).left, strip.channel))


def over(scene: Any, picture: Any) -> List[Any]:
    """The Foley strips that were made for a picture strip and lie over it in time, the nearest first.

    A copy of the picture has its uid, too; what lies elsewhere on the timeline belongs to another copy.
    """
    place = compat.bounds(picture)
    found = [
        (abs(bounds.left - place.left), strip)
        for strip in all_of(scene)
        for bounds in (compat.bounds(strip),)
        if picture.get(UID) and picture[UID] in history.pictures(record_of(strip))
        if bounds.left < place.right and place.left < bounds.right
    ]
    return [strip for _distance, strip in sorted(found, key=lambda one: one[0])]


def carrying(scene: Any, uid: str) -> List[Any]:
    """The strips with that uid; a `Problem` where none is left."""
    found = [strip for strip in all_of(scene) if strip.get(UID) == uid]
    if not found:
        raise Problem("sound_gone", "The sound is not there any more.", "Insert the take from the list.")
    return found


def record_of(strip: Any) -> history.Record:
    """The record of a strip that is known to be ours."""
    record = history.of(strip)
    assert record is not None
    return record


def start_of(strip: Any, rate: Fraction) -> Fraction:
    """The frame with the file's first sample; within a frame it is moved by whole samples."""
    bounds, moved = compat.bounds(strip), compat.sound_offset(strip)
    first = round(bounds.left - bounds.offset) - compat.cut_away(strip)
    return first + Fraction(round(moved * 48_000), 48_000) * rate


def frame_of(strip: Any, time: Fraction, rate: Fraction) -> Fraction:
    """The frame of the timeline in which a strip plays what belongs to a media time."""
    return start_of(strip, rate) + (time - history.begins(record_of(strip))) * rate


def media_time(strip: Any, frame: int, rate: Fraction) -> Fraction:
    """The media time that the strip sounds for in a frame of the timeline."""
    return history.begins(record_of(strip)) + (frame - start_of(strip, rate)) / rate


def channels_of(owner: Any, without: Collection[str] = ()) -> List[placing.Channel]:
    """The channels of a sequence editor or a meta strip, as if the strips of these names were not there."""
    there = [strip for strip in compat.strips(owner) if strip.name not in without]
    taken = placing.occupied((strip.channel, *compat.bounds(strip)[:2]) for strip in there)
    seen = {strip.channel for strip in there if not _is_sound(strip)}
    return [
        placing.Channel(
            number, channel.name, channel.lock, channel.mute, taken.get(number, []), number in seen
        )
        for number, channel in enumerate(owner.channels)
    ][1:]


def highest_picture(owner: Any, span: range) -> int:
    """The highest channel with anything but sound in a stretch of a sequence editor or a meta strip, or 0."""
    return max((strip.channel for strip in _over(owner, span) if not _is_sound(strip)), default=0)


def call_channel(owner: Any, number: int, name: str, lane: int = 0) -> None:
    """Call a channel what it is for, so that later takes go there too; not one that the user has named."""
    names = [channel.name for channel in owner.channels]
    if placing.has_default_name(names[number]):
        owner.channels[number].name = placing.free_name(names, name, lane)


def of_pictures(owner: Any, pictures: Collection[str], span: range) -> List[Any]:
    """The Foley strips in a stretch of a sequence editor or a meta strip, made for any of these uids."""
    ours = [strip for strip in _over(owner, span) if strip.type == "SOUND" and history.of(strip)]
    return [strip for strip in ours if set(pictures) & set(history.pictures(record_of(strip)))]


def _over(owner: Any, span: range) -> List[Any]:
    places = [(strip, compat.bounds(strip)) for strip in compat.strips(owner)]
    return [strip for strip, place in places if place.left < span.stop and span.start < place.right]


def _is_sound(strip: Any) -> bool:
    """Whether it has no picture: a sound, or a meta strip of sounds alone."""
    if strip.type == "META":
        return all(_is_sound(inner) for inner in compat.strips(strip))
    return bool(strip.type == "SOUND")


def lay(owner: Any, record: history.Record, channel: int, at: Fraction, span: range, rate: Fraction) -> Any:
    """A new strip for the part of a take that its record names; nothing is left behind where it fails.

    The file's first sample comes at the frame `at`, and what is heard begins and ends with `span`; the rest
    lies behind the trims.
    """
    path, take = _there(history.part(record)), record["take"]
    first = at.numerator // at.denominator
    name = placing.strip_name(record["prompt"], record["layer"])
    sound = compat.strips(owner).new_sound(name, path, channel, first)
    # An unreadable file is a strip of one frame.
    if abs(compat.bounds(sound).content - take["samples"] * rate / take["sample_rate"]) > 1:
        compat.strips(owner).remove(sound)
        raise _unreadable(path)
    compat.trim(sound, span.start - first, span.stop)
    # Blender has moved it to another channel while it was not trimmed and lay on a neighbour. 4.5 hangs where
    # it is put back onto what still lies there.
    if not any(other.channel == channel and other != sound for other in _over(owner, span)):
        sound.channel = channel
    if at != first:
        compat.set_sound_offset(sound, float((at - first) / rate))
    _make_relative(sound.sound)
    sound.select = False
    keep(sound, record)
    return sound


def keep(strip: Any, record: history.Record) -> None:
    """Write the record on the strip."""
    strip[META] = history.text(record)


def loaded(record: history.Record) -> Optional[Any]:
    """What a strip with this record plays, ready to be swapped in; none where it has nothing of its layer."""
    path = history.part(record)
    if not path:
        return None
    if packed(path) is not None:
        return packed(path)
    try:
        sound = bpy.data.sounds.load(_there(path), check_existing=True)
    except RuntimeError as error:
        raise _unreadable(found(path)) from error
    if sound.channels == "INVALID":
        bpy.data.sounds.remove(sound)
        raise _unreadable(found(path))
    _make_relative(sound)
    return sound


def packed(path: str) -> Optional[Any]:
    """The sound that is the take of that path, packed into the project; wherever that was done."""
    return next((one for one in bpy.data.sounds if one.packed_file and is_take(one, path)), None)


def is_take(sound: Any, path: str) -> bool:
    """Whether a sound is that file. Of one that is packed its name tells: no two takes have the same."""
    if sound.packed_file:
        return places.name(sound.filepath) == places.name(path)
    return os.path.realpath(bpy.path.abspath(sound.filepath)) == os.path.realpath(path)


def found(path: str) -> str:
    """Where a file of ours is now: where it was written, or with a project that was moved, or unpacked."""
    moved = (os.path.join(folder, places.name(path)) for folder in _folders())
    there = path if os.path.isfile(path) else next(filter(os.path.isfile, moved), "")
    (_gone.discard if there else _gone.add)(path)
    return there or path


def look_for(paths: Iterable[str]) -> None:
    """Note which of these files are there; what was known of others is forgotten."""
    _gone.clear()
    for path in set(paths):
        found(path)


def is_gone(path: str) -> bool:
    """Whether a file was not there when it was last looked for. Opens nothing, so that a panel can ask."""
    return path in _gone and packed(path) is None


def looked_for(path: str) -> str:
    """Where a file that is gone should be: beside the project where its own folder is gone as well."""
    if not bpy.data.is_saved or os.path.isdir(os.path.dirname(path)):
        return path
    return os.path.join(next(_folders()), places.name(path))


def gone(path: str) -> Problem:
    """What is said of a take that is nowhere."""
    message = "The take is not there any more: {}.".format(looked_for(path))
    return Problem("take_missing", message, "Put it back there, or make a New Take.")


def _folders() -> Iterator[str]:
    """Where Foley writes, where Blender unpacks sounds, and where the sounds of this project are."""
    beside = ["//foley/", "//sounds/"] if bpy.data.is_saved else []
    known = [os.path.dirname(bpy.path.abspath(sound.filepath)) for sound in bpy.data.sounds]
    for folder in dict.fromkeys([*(os.path.normpath(bpy.path.abspath(one)) for one in beside), *known]):
        yield from (folder, os.path.join(folder, "footage"))


def _there(path: str) -> str:
    if not os.path.isfile(found(path)):
        raise gone(path)
    return found(path)


def _unreadable(path: str) -> Problem:
    return Problem("take_unreadable", "Blender cannot read the take: {}.".format(path))


def _make_relative(sound: Any) -> None:
    """As Blender does: but only beneath the project, for another drive has no relative path."""
    path = bpy.path.abspath(sound.filepath)
    wished = bpy.data.is_saved and bpy.context.preferences.filepaths.use_relative_paths
    if wished and bpy.path.is_subdir(path, os.path.dirname(bpy.data.filepath)):
        sound.filepath = bpy.path.relpath(path)
