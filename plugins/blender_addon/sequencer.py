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

from . import compat, footage, placing, preferred, rates
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
        raise Problem("clip_muted", "{!r} is muted.".format(seen[0].name), "Unmute it, or its channel.")
    active = editor.active_strip
    return sorted(
        heard, key=lambda strip: (strip != active, compat.bounds(strip).left, strip.channel, strip.name)
    )


def _has_picture(strip: Any) -> bool:
    if strip.type == "META":
        return any(_has_picture(inner) for inner in compat.strips(strip))
    return bool(strip.type != "SOUND")


def _files(strip: Any) -> Iterator[str]:
    """The files that a strip shows; of an image sequence, the first."""
    if strip.type == "MOVIE":
        yield film_of(strip)
    elif strip.type == "IMAGE":
        yield _absolute(os.path.join(strip.directory, strip.elements[0].filename))
    elif strip.type == "META":
        for inner in compat.strips(strip):
            yield from _files(inner)


def film_of(strip: Any) -> str:
    """Path of the film that a strip plays; empty where it is no film strip."""
    return _absolute(strip.filepath) if strip.type == "MOVIE" else ""


def _absolute(path: str) -> str:
    return os.path.abspath(bpy.path.abspath(path))


def folder() -> str:
    """Where takes are written: as preferred, else beside the project, or unsaved in the extension's place."""
    if preferred.preferences().folder:
        place = bpy.path.abspath(preferred.preferences().folder)
    elif bpy.data.is_saved:
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


def find(picture: Picture, same_file: bool) -> Any:
    """The strip that a picture was read from, wherever it is now."""
    scene = bpy.data.scenes.get(picture.scene)
    strips = compat.all_strips(scene.sequence_editor) if scene and scene.sequence_editor else []
    seen = [strip for strip in strips if strip.type != "SOUND"]
    sightings = [placing.Sighting(strip.get(UID, ""), strip.name, film_of(strip)) for strip in seen]
    wanted = placing.Sighting(picture.uid, picture.name, picture.film)
    found = placing.find_picture(sightings, wanted, same_file)
    if found is None:
        raise Problem("clip_gone", "{!r} is not there any more.".format(picture.name))
    return seen[found]
