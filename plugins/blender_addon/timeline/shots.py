# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture strips of a timeline as `scoring` plans with them, and the picture of a shot that was planned.

Opaque is a strip that replaces what is under it, or a film laid over it in full: neither faded nor animated,
rotated, moved nor cropped, and not smaller than the frame. A film with an alpha channel counts as opaque:
Blender does not tell. Strips inside a meta strip are not shots of their own; the meta strip is one.
"""

import uuid
from typing import Any, List, Tuple

import bpy

from ..core import marks, scoring
from ..core.custom_properties import UID
from ..core.picture import Picture
from ..core.problem import Problem
from . import compat, effects, pictures

PICTURES = {"MOVIE", "IMAGE", "META", "SCENE", "MOVIECLIP"}


def read(scene: Any) -> List[scoring.Strip]:
    """The picture strips that are not muted. Each gets its uid, by which it is found again."""
    editor = scene.sequence_editor
    strips = list(compat.strips(editor)) if editor else []
    return [
        _strip(scene, strip) for strip in strips if _is_picture(strip) and not compat.is_muted(scene, strip)
    ]


def markers(scene: Any) -> List[Tuple[int, str]]:
    """The timeline's markers; those that stand for hits are no prompts."""
    return [(marker.frame, marker.name) for marker in scene.timeline_markers if not marks.is_hit(marker.name)]


def picture(scene_name: str, shot: scoring.Shot) -> Picture:
    """The picture of a shot. `Problem`: its strip is gone, or cannot be used."""
    scene = bpy.data.scenes.get(scene_name)
    editor = scene.sequence_editor if scene else None
    same = [strip for strip in (compat.strips(editor) if editor else ()) if strip.get(UID) == shot.strip.uid]
    strip = next((strip for strip in same if strip.name == shot.strip.name), None)
    if strip is None:
        raise Problem("clip_gone", "{!r} is not there any more.".format(shot.strip.name))
    whole = pictures.picture_of(scene, [strip])
    return part(whole, shot.left - shot.strip.left, shot.right - shot.left)


def part(whole: Picture, skipped: int, frames: int) -> Picture:
    """The stretch of a picture that begins so many frames into it, and is so many frames long."""
    if whole.render is not None:
        left = whole.render[0] + skipped
        span = (whole.first, whole.first + frames / whole.rate)
        render = (left, left + frames - 1)  # type: Any
    else:
        first = whole.first + skipped / whole.rate
        span, render = (first, first + frames / whole.rate), None
    return whole._replace(
        frames=frames, first=span[0], last=span[1], lead=whole.lead - skipped, render=render
    )


def _strip(scene: Any, strip: Any) -> scoring.Strip:
    strip[UID] = strip.get(UID) or uuid.uuid4().hex
    place = compat.bounds(strip)
    return scoring.Strip(
        strip[UID],
        strip.name,
        strip.channel,
        place.left,
        place.right,
        _is_opaque(scene, strip),
        pictures.prompt_of(strip) or "",
    )


def _is_picture(strip: Any) -> bool:
    if strip.type == "META":
        return any(_is_picture(inner) for inner in compat.strips(strip))
    return strip.type in PICTURES


def _is_opaque(scene: Any, strip: Any) -> bool:
    if strip.blend_type == "REPLACE":
        return True
    if strip.type != "MOVIE" or strip.blend_type not in effects.NORMAL or strip.blend_alpha < 1.0:
        return False
    crop, place = strip.crop, strip.transform
    changes = (crop.min_x, crop.max_x, crop.min_y, crop.max_y, place.rotation, place.offset_x, place.offset_y)
    return not any(changes) and _fills(scene, strip) and not effects.is_animated(scene, strip)


def _fills(scene: Any, strip: Any) -> bool:
    """Whether the film is as large as the frame; one whose size is not known yet is taken to be."""
    frame = scene.render
    element = strip.elements[0]
    width, height = element.orig_width, element.orig_height
    if not (width and height):
        return bool(strip.transform.scale_x >= 1.0 and strip.transform.scale_y >= 1.0)
    wide = width * strip.transform.scale_x >= frame.resolution_x - 1
    return bool(wide and height * strip.transform.scale_y >= frame.resolution_y - 1)
