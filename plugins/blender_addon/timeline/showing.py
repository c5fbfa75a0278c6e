# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes what picture strips show, so that it can be told later whether they still do. Opens no file.

A film that is plainly played is noted by its path and its trims alone; what can be done to it without another
picture being sent, as making it smaller, is no change. Neither is a transition to its neighbour.
"""

import hashlib
from fractions import Fraction
from typing import Any, Iterable, List, Sequence

import bpy

from ..core import rates
from ..core.shown import Shown
from . import compat, effects, films

_COLOURS = (
    "color_multiply",
    "color_saturation",
    "blend_alpha",
    "use_deinterlace",
    "use_flip_x",
    "use_flip_y",
)
_PLACE = ("offset_x", "offset_y", "scale_x", "scale_y", "rotation")
_CROP = ("min_x", "max_x", "min_y", "max_y")
_TRANSITIONS = ("CROSS", "GAMMA_CROSS", "WIPE")
_TIME = ("use_reverse_frames", "strobe", "stream_index")


def read(scene: Any, strips: Sequence[Any]) -> Shown:
    """What these strips show now, from where the first of them begins to where the last one ends.

    The first in the list is the one from whose content is counted.
    """
    anchor, place = strips[0], compat.bounds(strips[0])
    start = place.left - Fraction(place.offset)
    left, right = _ends(strips)
    others = [strip for strip in strips[1:] if not _is_piece(strip, anchor)]
    return Shown(
        films.path_of(anchor),
        _digest([*_time(anchor), *(part for strip in others for part in _position(strip, start))]),
        _digest([part for strip in [anchor, *others] for part in _look(scene, strip)]),
        left - start,
        right - start,
        rates.exact_rate(scene.render.fps, scene.render.fps_base),
        names=tuple(strip.name for strip in [anchor, *others]) if others else (),
    )


def _ends(strips: Sequence[Any]) -> List[int]:
    places = [compat.bounds(strip) for strip in strips]
    return [min(place.left for place in places), max(place.right for place in places)]


def content_start(strip: Any) -> int:
    """The timeline's frame on which a strip's content would begin, if nothing were trimmed off."""
    place = compat.bounds(strip)
    return round(place.left - place.offset)


def _is_piece(strip: Any, anchor: Any) -> bool:
    """Whether it was cut off that strip, and stayed where it was."""
    same = films.path_of(strip) == films.path_of(anchor) and strip.type == anchor.type
    return same and content_start(strip) == content_start(anchor)


def _time(strip: Any) -> List[Any]:
    """All that decides when which frame of a strip is seen; nothing where it plays as it is."""
    found = []  # type: List[Any]
    if strip.type == "META":
        start = content_start(strip)
        for inner in sorted(compat.strips(strip), key=lambda one: (compat.bounds(one).left, one.channel)):
            if inner.type != "SOUND" and not inner.mute:
                found += _position(inner, start)
    elif strip.type == "IMAGE":
        found += [strip.directory, len(strip.elements), strip.elements[0].filename]
    elif strip.type == "SCENE":
        found += [strip.scene.name if strip.scene else ""]
    if effects.is_retimed(strip):
        keys = [key.timeline_frame - content_start(strip) for key in getattr(strip, "retiming_keys", ())]
        found += [keys, [getattr(strip, name, 0) for name in _TIME]]
    return found


def _position(strip: Any, start: Any) -> List[Any]:
    place = compat.bounds(strip)
    where = [strip.type, place.left - start, place.right - start, place.offset, films.path_of(strip)]
    return [*map(str, where), *_time(strip)]


def _look(scene: Any, strip: Any) -> List[Any]:
    """All that changes the pictures of a strip; nothing where it is a film that is seen as it is."""
    level = compat.level_of(scene, strip)
    covering = [one for one in effects.effects_on(strip, level) if one.type not in _TRANSITIONS]
    covering += effects.adjustments_above(strip, level)
    if strip.type == "MOVIE" and not covering and effects.is_unchanged(scene, strip):
        return []
    inner = compat.strips(strip) if strip.type == "META" else []
    parts = [part for one in [strip, *covering] for part in _colours(one)]
    return [*parts, *_curves(scene, strip), *(part for one in inner for part in _colours(one))]


def _colours(strip: Any) -> List[Any]:
    values = _values(strip, _COLOURS)
    values += _values(getattr(strip, "transform", None), _PLACE) + _values(
        getattr(strip, "crop", None), _CROP
    )
    shading = [modifier.type for modifier in getattr(strip, "modifiers", ()) if not modifier.mute]
    return [strip.type, strip.blend_type, values, shading]


def _values(owner: Any, names: Iterable[str]) -> List[float]:
    return [round(float(getattr(owner, name)), 4) for name in names if hasattr(owner, name)]


def _curves(scene: Any, strip: Any) -> List[Any]:
    of_strip = '["{}"]'.format(bpy.utils.escape_identifier(strip.name))
    found = [curve for curve in compat.curves(scene) if of_strip in curve.data_path]
    return sorted(
        [curve.data_path.rpartition(".")[2], len(getattr(curve, "keyframe_points", ()))] for curve in found
    )


def _digest(parts: Sequence[Any]) -> str:
    """A short text that stands for these; empty where there are none."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16] if parts else ""
