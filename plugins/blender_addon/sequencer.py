# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's sequencer: reads the clip that is selected, and puts a take on a channel above it.

No strip is ever kept: an undo frees the memory behind it without a word. What is kept is a uid, and the strip
is looked up again each time.
"""

import os
import uuid
from fractions import Fraction
from typing import Any, Dict, List, NamedTuple

import bpy

from . import compat, placing, rates
from .problem import Problem

UID = "foley_uid"
META = "foley_meta"


class Picture(NamedTuple):
    """The stretch of film that a strip shows, and how to find the strip again."""

    scene: str
    uid: str
    name: str
    media: str
    offset: float
    frames: int
    first: Fraction
    last: Fraction


def selected_picture(context: Any) -> Picture:
    """The film strip that is selected; a `Problem` says why what is selected cannot be used."""
    scene = compat.scene_of(context)
    strip = _selected_strip(scene)
    if strip.type != "MOVIE":
        what = strip.type.replace("_", " ").lower()
        raise Problem(
            "not_a_film", "{!r} is a {} strip.".format(strip.name, what), "Select a film strip on its own."
        )
    rate = rates.exact_rate(scene.render.fps, scene.render.fps_base)
    media = _media(strip)
    _check_plain(scene, strip, rate, media)
    place = compat.bounds(strip)
    first, last = rates.media_range(place.offset, place.right - place.left, rate)
    strip[UID] = strip.get(UID) or uuid.uuid4().hex
    return Picture(
        scene.name, strip[UID], strip.name, media, place.offset, place.right - place.left, first, last
    )


def _selected_strip(scene: Any) -> Any:
    editor = scene.sequence_editor
    chosen = [strip for strip in compat.all_strips(editor) if strip.select] if editor else []
    if editor and editor.active_strip in chosen:
        return editor.active_strip
    if len(chosen) != 1:
        count = "No strip is" if not chosen else "{} strips are".format(len(chosen))
        raise Problem("no_selection", "{} selected.".format(count), "Select one film strip.")
    return chosen[0]


def _media(strip: Any) -> str:
    path = os.path.abspath(bpy.path.abspath(strip.filepath))
    if not os.path.isfile(path):
        raise Problem("media_missing", "The film of {!r} is missing: {}.".format(strip.name, path))
    return path


def _check_plain(scene: Any, strip: Any, rate: Fraction, media: str) -> None:
    place = compat.bounds(strip)
    editor = scene.sequence_editor
    channels = (strip.parent_meta() or editor).channels
    speeds = [other for other in compat.all_strips(editor) if other.type == "SPEED"]
    reasons = (
        (strip.mute or channels[strip.channel].mute, "is muted"),
        (len(getattr(strip, "retiming_keys", ())) > 0, "is retimed"),
        (any(speed.input_1 == strip for speed in speeds), "has a speed effect"),
        (strip.use_reverse_frames, "plays backwards"),
        (strip.strobe > 1, "is strobed"),
        (place.offset < 0, "begins before its film"),
        (place.offset_right < 0, "goes on past the end of its film"),
    )
    for holds, reason in reasons:
        if holds:
            raise Problem("clip_not_plain", "{!r} {}.".format(strip.name, reason), "Use a plain clip.")
    film = rates.exact_rate(strip.fps) if strip.fps > 0 else rate
    if film != rate and not rates.runs_in_real_time(rate, film, place.content, _film_frames(media)):
        message = "{!r} shows {:.3f} fps frame by frame at {:.3f} fps.".format(
            strip.name, float(film), float(rate)
        )
        raise Problem("clip_not_plain", message, "Set the scene to the film's rate, or add the film again.")


def _film_frames(media: str) -> int:
    clip = bpy.data.movieclips.load(media)
    try:
        return int(clip.frame_duration)
    finally:
        bpy.data.movieclips.remove(clip)


def folder() -> str:
    """Where takes are written: beside the project, or in the extension's own place while it is not saved."""
    if bpy.data.is_saved:
        place = bpy.path.abspath("//foley")
    else:
        place = str(bpy.utils.extension_path_user(__package__, path="audio"))
    try:
        os.makedirs(place, exist_ok=True)
    except OSError as error:
        raise Problem(
            "output_denied", "Takes cannot be written: {}.".format(error), "Save the project elsewhere."
        ) from error
    return place


def insert(picture: Picture, job: str, asked: Dict[str, Any], take: Dict[str, Any], same_file: bool) -> str:
    """Put a take on a channel above its picture, wherever that is now, as one undo step; gives its name."""
    scene = bpy.data.scenes.get(picture.scene)
    strip = _find(scene, picture, same_file)
    place = compat.bounds(strip)
    start = place.left - round(place.offset - picture.offset)
    owner = strip.parent_meta() or scene.sequence_editor
    channel = placing.pick_channel(_channels(owner), strip.channel, range(start, start + picture.frames))
    sound = _new_sound(
        owner, take["path"], channel.number, start, placing.strip_name(asked["prompt"]), picture
    )
    sound[META] = placing.metadata(job, picture.uid, asked, take)
    named = any(other.name == placing.CHANNEL_NAME for other in owner.channels)
    if placing.has_default_name(channel.name) and not named:
        owner.channels[channel.number].name = placing.CHANNEL_NAME
    compat.connect(scene, [strip, sound])
    bpy.ops.ed.undo_push(message="Insert Foley")
    return str(sound.name)


def _find(scene: Any, picture: Picture, same_file: bool) -> Any:
    strips = compat.all_strips(scene.sequence_editor) if scene and scene.sequence_editor else []
    films = [strip for strip in strips if strip.type == "MOVIE"]
    sightings = [
        placing.Sighting(strip.get(UID, ""), strip.name, os.path.abspath(bpy.path.abspath(strip.filepath)))
        for strip in films
    ]
    wanted = placing.Sighting(picture.uid, picture.name, picture.media)
    found = placing.find_picture(sightings, wanted, same_file)
    if found is None:
        raise Problem("clip_gone", "{!r} is not there any more.".format(picture.name))
    return films[found]


def _channels(owner: Any) -> List[placing.Channel]:
    spans = [(strip.channel, *compat.bounds(strip)[:2]) for strip in compat.strips(owner)]
    taken = placing.occupied(spans)
    return [
        placing.Channel(number, channel.name, channel.lock, channel.mute, taken.get(number, []))
        for number, channel in enumerate(owner.channels)
    ][1:]


def _new_sound(owner: Any, path: str, channel: int, start: int, name: str, picture: Picture) -> Any:
    if not os.path.isfile(path):
        raise Problem("take_missing", "The take is not there any more: {}.".format(path))
    sound = compat.strips(owner).new_sound(name, path, channel, start)
    if abs(compat.bounds(sound).content - picture.frames) > 1:  # An unreadable file is a strip of one frame.
        compat.strips(owner).remove(sound)
        raise Problem("take_unreadable", "Blender cannot read the take: {}.".format(path))
    if bpy.data.is_saved and bpy.context.preferences.filepaths.use_relative_paths:
        sound.sound.filepath = bpy.path.relpath(path)
    sound.select = False
    return sound
