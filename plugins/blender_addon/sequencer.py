# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's sequencer: reads what is selected, finds it again, and says where takes are written.

No strip is ever kept: an undo frees the memory behind it without a word. What is kept is a uid, and the strip
is looked up again each time.
"""

import os
import uuid
from fractions import Fraction
from typing import Any, Iterator, List, NamedTuple, Optional, Sequence, Tuple

import bpy

from . import compat, footage, placing, preferred, rates, scene_copy
from .problem import Problem

UID = "foley_uid"


class Picture(NamedTuple):
    """The stretch of picture that a strip shows, or several, and how to find the strip again."""

    scene: str
    uid: str
    name: str
    media: str
    """Path of the film; of the rendered copy, once there is one."""
    offset: float
    """How far the strip's left handle was inside its content when it was asked for."""
    frames: int
    """How long the stretch is on the timeline, at `rate`."""
    first: Fraction
    last: Fraction
    """In and out, in seconds of the film."""
    rate: Fraction
    """The scene's."""
    lead: int = 0
    """Frames from the beginning of the stretch to the strip's left handle."""
    render: Optional[Tuple[int, int]] = None
    """The scene's frames, both inclusive, of which a copy must be rendered first."""
    film: str = ""
    """Path of the film that the strip plays; empty where it is no film strip."""
    shows: Sequence[str] = ()
    """Names of all strips that are to be seen; the strip's own is the first."""


def selected_picture(context: Any) -> Picture:
    """The picture that is selected; a `Problem` says why what is selected cannot be used."""
    scene = compat.scene_of(context)
    return picture_of(scene, _selected_strips(scene))


def picture_of(scene: Any, strips: Sequence[Any]) -> Picture:
    """What these strips show, from where the first of them begins to where the last one ends.

    The first in the list is the one that is found again. A film that is simply played is sent as it is; of
    everything else a copy is rendered first.
    """
    anchor = strips[0]
    for path in (path for strip in strips for path in _files(strip)):
        if not os.path.isfile(path):
            message = "The film of {!r} is missing: {}.".format(anchor.name, path)
            raise Problem("media_missing", message, "Put it back, or use Find Missing Files.")
    rate = rates.exact_rate(scene.render.fps, scene.render.fps_base)
    places = [compat.bounds(strip) for strip in strips]
    left, right = min(place.left for place in places), max(place.right for place in places)
    frames, film, shows = right - left, film_of(anchor), tuple(strip.name for strip in strips)
    plain = len(strips) == 1 and anchor.type == "MOVIE"
    if plain and footage.plays_plainly(scene, anchor, rate, film):
        first, last = rates.media_range(places[0].offset, frames, rate)
        media, lead, render = film, 0, None  # type: str, int, Optional[Tuple[int, int]]
    else:
        first, last = Fraction(0), frames / rate
        media, lead, render = "", places[0].left - left, (left, right - 1)
    if render is not None and left < 0:
        message = "{!r} begins before frame 0, where Blender renders nothing.".format(anchor.name)
        raise Problem("before_zero", message, "Move it to the right.")
    anchor[UID] = anchor.get(UID) or uuid.uuid4().hex
    where = (scene.name, anchor[UID], anchor.name, media, places[0].offset)
    return Picture(*where, frames, first, last, rate, lead, render, film, shows)


def _selected_strips(scene: Any) -> List[Any]:
    """The selected strips that have a picture, on the level that is open; the one to be found again first."""
    editor = scene.sequence_editor
    level = compat.open_level(editor) if editor else []
    chosen = [strip for strip in level if strip.select]
    if not chosen:
        raise Problem("no_selection", "No strip is selected.", "Select one film strip.")
    seen = [strip for strip in chosen if _has_picture(strip)]
    if not seen:
        what = chosen[0].type.replace("_", " ").lower()
        message = "{!r} is a {} strip.".format(chosen[0].name, what)
        raise Problem("not_a_film", message, "Select a film strip.")
    heard = [strip for strip in seen if not compat.is_muted(scene, strip)]
    if not heard:
        raise muted(seen[0])
    active = editor.active_strip
    return sorted(
        heard, key=lambda strip: (strip != active, compat.bounds(strip).left, strip.channel, strip.name)
    )


def muted(strip: Any) -> Problem:
    """Why a strip that cannot be seen is given no sound."""
    return Problem("clip_muted", "{!r} is muted.".format(strip.name), "Unmute it, or its channel.")


def _has_picture(strip: Any) -> bool:
    if strip.type == "META":
        return any(_has_picture(inner) for inner in compat.strips(strip))
    return bool(strip.type != "SOUND")


def _files(strip: Any) -> Iterator[str]:
    """The files that a strip shows."""
    if strip.type == "MOVIE":
        yield film_of(strip)
    elif strip.type == "IMAGE":
        place = _absolute(strip.directory)
        yield from (os.path.join(place, element.filename) for element in strip.elements)
    for inner in compat.strips(strip) if strip.type == "META" else footage.inputs(strip):
        yield from _files(inner)


def film_of(strip: Any) -> str:
    """Path of the film that a strip plays; empty where it is no film strip."""
    return _absolute(strip.filepath) if strip.type == "MOVIE" else ""


def _absolute(path: str) -> str:
    return os.path.abspath(bpy.path.abspath(path))


def folder() -> str:
    """Where the takes of the open project are written."""
    place = folder_of(bpy.data.filepath)
    try:
        os.makedirs(place, exist_ok=True)
    except OSError as error:
        message = "Takes cannot be written: {}.".format(error)
        hint = "Save the project elsewhere, or choose a folder in Foley's preferences."
        raise Problem("output_denied", message, hint) from error
    return place


def folder_of(project: str) -> str:
    """Where takes are written: as preferred, if it can be told from where, else in the usual place."""
    chosen, beside = preferred.preferences().folder, os.path.dirname(project)
    if chosen and (beside or not chosen.startswith("//")):
        return os.path.abspath(bpy.path.abspath(chosen, start=beside or None))
    return usual_folder_of(project)


def usual_folder_of(project: str) -> str:
    """Beside the project; while that is not saved, in the extension's own place."""
    if project:
        return os.path.join(os.path.dirname(os.path.abspath(project)), "foley")
    return str(bpy.utils.extension_path_user(__package__, path="audio"))


def find(picture: Picture, same_file: bool) -> Any:
    """The strip that a picture was read from, wherever it is now in its scene."""
    seen = _pictures(scene_of(picture))
    seen = [strip for strip in seen if strip.get(UID) == picture.uid] or seen
    sightings = [placing.Sighting(strip.get(UID, ""), strip.name, film_of(strip)) for strip in seen]
    wanted = placing.Sighting(picture.uid, picture.name, picture.film)
    found = placing.find_picture(sightings, wanted, same_file)
    if found is None:
        raise Problem("clip_gone", "{!r} is not there any more.".format(picture.name))
    return seen[found]


def scene_of(picture: Picture) -> Any:
    """The scene that a picture was read from; known by the strip if it has another name now, or none."""
    named = bpy.data.scenes.get(picture.scene)
    scenes = [scene for scene in bpy.data.scenes if scene_copy.MARK not in scene]
    known = (scene for scene in scenes if any(strip.get(UID) == picture.uid for strip in _pictures(scene)))
    return named or next(known, None)


def _pictures(scene: Any) -> List[Any]:
    strips = compat.all_strips(scene.sequence_editor) if scene and scene.sequence_editor else []
    return [strip for strip in strips if strip.type != "SOUND"]
