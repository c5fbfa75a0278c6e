# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the picture that strips show, and finds its strip again.

No strip is ever kept: an undo frees the memory behind it without a word. What is kept is a uid, and the strip
is looked up again each time.
"""

import os
import uuid
from fractions import Fraction
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import bpy

from ..core import placing, rates
from ..core.custom_properties import COPY, UID
from ..core.picture import Picture
from ..core.problem import Problem
from . import compat, effects, films, showing


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
    frames, film, shows = right - left, films.path_of(anchor), tuple(strip.name for strip in strips)
    plain = len(strips) == 1 and anchor.type == "MOVIE"
    render: Optional[Tuple[int, int]] = None
    if plain and effects.plays_plainly(scene, anchor, rate, film):
        first, last = rates.media_range(places[0].offset, frames, rate)
        media, lead = film, 0
    else:
        first, last = Fraction(0), frames / rate
        media, lead, render = "", places[0].left - left, (left, right - 1)
    if render is not None and left < 0:
        message = "{!r} begins before frame 0, where Blender renders nothing.".format(anchor.name)
        raise Problem("before_zero", message, "Move it to the right.")
    for strip in strips:
        strip[UID] = strip.get(UID) or uuid.uuid4().hex
    return Picture(
        scene=scene.name,
        uid=anchor[UID],
        name=anchor.name,
        media=media,
        offset=places[0].offset,
        frames=frames,
        first=first,
        last=last,
        rate=rate,
        lead=lead,
        render=render,
        film=film,
        shows=shows,
        shown=showing.read(scene, strips).plain(),
        uids=tuple(str(strip[UID]) for strip in strips),
    )


def muted(strip: Any) -> Problem:
    """Why a strip that cannot be seen is given no sound."""
    return Problem("clip_muted", "{!r} is muted.".format(strip.name), "Unmute it, or its channel.")


def _files(strip: Any) -> Iterator[str]:
    """The files that a strip shows."""
    if strip.type == "MOVIE":
        yield films.path_of(strip)
    elif strip.type == "IMAGE":
        place = _absolute(strip.directory)
        yield from (os.path.join(place, element.filename) for element in strip.elements)
    for inner in compat.strips(strip) if strip.type == "META" else effects.inputs(strip):
        yield from _files(inner)


def find(picture: Picture, same_file: bool) -> Any:
    """The strip that a picture was read from, wherever it is now in its scene."""
    seen = _pictures(scene_of(picture))
    seen = [strip for strip in seen if strip.get(UID) == picture.uid] or seen
    known = [placing.StripIdentity(strip.get(UID, ""), strip.name, films.path_of(strip)) for strip in seen]
    wanted = placing.StripIdentity(picture.uid, picture.name, picture.film)
    found = placing.find_picture(known, wanted, same_file)
    if found is None:
        raise Problem("clip_gone", "{!r} is not there any more.".format(picture.name))
    return seen[found]


def scene_of(picture: Picture) -> Any:
    """The scene that a picture was read from; known by the strip if it has another name now, or none."""
    named = bpy.data.scenes.get(picture.scene)
    scenes = [scene for scene in bpy.data.scenes if COPY not in scene]
    known = (scene for scene in scenes if any(strip.get(UID) == picture.uid for strip in _pictures(scene)))
    return named or next(known, None)


def _absolute(path: str) -> str:
    return os.path.abspath(bpy.path.abspath(path))


def _pictures(scene: Any) -> List[Any]:
    strips = compat.all_strips(scene.sequence_editor) if scene and scene.sequence_editor else []
    return [strip for strip in strips if strip.type != "SOUND"]
