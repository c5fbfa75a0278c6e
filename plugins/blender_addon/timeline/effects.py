# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a film strip simply plays its film, so that the film itself can be sent.

How a strip is mixed with what lies beneath it, and what covers it, make no difference; whatever changes its
own picture or its time does.
"""

from fractions import Fraction
from typing import Any, List, Set

import bpy

from ..core import rates
from . import compat, films

NORMAL = {"REPLACE", "CROSS", "ALPHA_OVER"}
"""The ways of blending that show a strip as it is."""


def plays_plainly(scene: Any, strip: Any, rate: Fraction, media: str) -> bool:
    """Whether the timeline shows just the frames of the film `media`, in real time, whole and unchanged."""
    return not (
        is_retimed(strip)
        or _goes_beyond(strip)
        or not is_unchanged(scene, strip)
        or effects_on(strip, compat.level_of(scene, strip))
        or adjustments_above(strip, compat.level_of(scene, strip))
        or not _runs_in_real_time(strip, rate, media)
    )


def is_unchanged(scene: Any, strip: Any) -> bool:
    """Whether the pictures of a film strip are those of its film, whole, in their own colours."""
    return not (_is_graded(strip) or not _is_whole(scene, strip) or is_animated(scene, strip))


def effects_on(strip: Any, level: List[Any]) -> List[Any]:
    """Of the strips of a level, the unmuted effects that show this one."""
    return [other for other in level if not other.mute and strip in inputs(other)]


def inputs(effect: Any) -> List[Any]:
    """The strips that an effect shows; none for other strips."""
    known = (getattr(effect, name, None) for name in ("input_1", "input_2"))
    return [strip for strip in known if strip is not None]


def adjustments_above(strip: Any, level: List[Any]) -> List[Any]:
    """Of the strips of a level, the unmuted adjustment layers that change the picture of this one."""
    place = compat.bounds(strip)
    layers = [other for other in level if other.type == "ADJUSTMENT" and not other.mute]
    return [
        layer
        for layer in layers
        if layer.channel > strip.channel
        and compat.bounds(layer).left < place.right
        and place.left < compat.bounds(layer).right
    ]


def is_animated(scene: Any, strip: Any) -> bool:
    """Whether anything of the strip changes over time."""
    of_strip = '["{}"]'.format(bpy.utils.escape_identifier(strip.name))
    paths = (curve.data_path for curve in compat.curves(scene))  # type: Any
    return any(path.startswith("sequence_editor.") and of_strip in path for path in paths)


def is_retimed(strip: Any) -> bool:
    """Whether it plays its film at another pace, or backwards."""
    return len(getattr(strip, "retiming_keys", ())) > 0 or strip.use_reverse_frames or strip.strobe > 1


def _goes_beyond(strip: Any) -> bool:
    """Whether its first or last frame is held, or others than the film's first pictures are shown."""
    place = compat.bounds(strip)
    return place.offset < 0 or place.offset_right < 0 or strip.stream_index > 0


def _is_graded(strip: Any) -> bool:
    changed = {strip.color_multiply, strip.color_saturation, strip.blend_alpha} != {1.0}
    shaded = any(not modifier.mute for modifier in strip.modifiers)
    return changed or shaded or strip.blend_type not in NORMAL or strip.use_deinterlace


def _is_whole(scene: Any, strip: Any) -> bool:
    """Whether all of the picture is seen, upright; it may be smaller or larger than it was."""
    place, crop = strip.transform, strip.crop
    if place.rotation or strip.use_flip_x or strip.use_flip_y or place.offset_x or place.offset_y:
        return False
    if any((crop.min_x, crop.max_x, crop.min_y, crop.max_y)):
        return False
    return abs(place.scale_x - place.scale_y) < 1e-4 and _fits(scene, strip)


def _fits(scene: Any, strip: Any) -> bool:
    """Blender rounds the scale with which it fits a film into the scene, so a pixel over is none."""
    element = strip.elements[0]
    wide, high = element.orig_width * strip.transform.scale_x, element.orig_height * strip.transform.scale_y
    return bool(wide <= scene.render.resolution_x + 1 and high <= scene.render.resolution_y + 1)


def _runs_in_real_time(strip: Any, rate: Fraction, media: str) -> bool:
    film, content = films.rate_of(media), compat.bounds(strip).content
    return film in (None, rate) or rates.runs_in_real_time(rate, film, content, films.frames_of(media))


def kept(level: List[Any], chosen: List[Any]) -> Set[str]:
    """Names of the strips of a level that make the picture of the chosen ones.

    These, the effects on them and what these show, and adjustment layers above. Adjustment layers and
    multicam strips that were chosen show what lies beneath them.
    """
    effects = [(strip.name, {shown.name for shown in inputs(strip)}) for strip in level if not strip.mute]
    names, before = {strip.name for strip in chosen}, set()  # type: Set[str], Set[str]
    while names != before:
        before = set(names)
        for name, shown in effects:
            if shown & before or name in before:
                names |= shown | {name}
    for strip in chosen:
        names |= {layer.name for layer in adjustments_above(strip, level)}
        if strip.type in {"ADJUSTMENT", "MULTICAM"}:
            names |= {other.name for other in level if other.channel < strip.channel}
    return names
