# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture strips of a timeline as `scoring` plans with them, and the picture of a shot that was planned.

Opaque is a strip that replaces what is under it, or a film laid over it in full: neither faded nor animated,
rotated, moved nor cropped, and not smaller than the frame. A film with an alpha channel counts as opaque:
Blender does not tell. The strips are those of the meta that is open, or those that are in none; a meta strip
among them is one shot. A muted text strip is read too: notes are muted so that nobody sees them.
"""

import uuid
from collections import Counter
from typing import Any, Collection, Dict, List, Sequence, Tuple

import bpy

from ..core import history, marks, placing, scoring
from ..core.custom_properties import UID
from ..core.picture import Part, Picture
from ..core.problem import Problem
from ..core.wishes import LAYERS, PER_LAYER
from . import compat, cues, effects, films, pictures, sounds, words

PICTURES = {"MOVIE", "IMAGE", "META", "SCENE", "MOVIECLIP"}
TRANSITIONS = {"CROSS", "GAMMA_CROSS", "WIPE"}

Placed = Tuple[Any, compat.Bounds]
"""A sound's strip, and where it lies."""
Heard = Tuple[Tuple[int, int, str], ...]
"""As in `scoring.Strip`."""


def read(scene: Any) -> List[scoring.Strip]:
    """The picture strips of the open level that are not muted. Each gets its uid, to be found again."""
    level = compat.open_level(scene.sequence_editor) if scene.sequence_editor else []
    seen = [strip for strip in level if not compat.is_muted(scene, strip)]
    for strip in seen:
        strip[UID] = strip.get(UID) or uuid.uuid4().hex
    shown = [strip for strip in seen if _is_picture(strip)]
    crossed, heard = _crossed(seen), _heard(scene, shown)
    return [_strip(scene, strip, crossed.get(strip.name, ()), heard[strip.name]) for strip in shown]


def selected(scene: Any) -> int:
    """How many of them are selected."""
    level = compat.open_level(scene.sequence_editor) if scene.sequence_editor else []
    chosen = [strip for strip in level if strip.select and _is_picture(strip)]
    return sum(not compat.is_muted(scene, strip) for strip in chosen)


def markers(scene: Any) -> List[Tuple[int, str]]:
    """The timeline's markers; those that stand for hits are no prompts."""
    return [(marker.frame, marker.name) for marker in scene.timeline_markers if not marks.is_hit(marker.name)]


def texts(scene: Any) -> List[Tuple[int, int, str]]:
    """The text strips of the open level: where they lie, and what they say."""
    level = compat.open_level(scene.sequence_editor) if scene.sequence_editor else []
    return [(*compat.bounds(strip)[:2], strip.text) for strip in level if strip.type == "TEXT"]


def sounds_of(scene: Any, planned: Sequence[scoring.Shot]) -> List[List[Any]]:
    """For each shot the Foley strips that it has, the nearest to its strip's beginning first.

    Of copies of a strip each has its own.
    """
    by_picture = _by_picture(scene)
    return [_over(scene, shot, by_picture.get(shot.strip.uid, ())) for shot in planned]


def keep_words(scene: Any, written: Sequence[Tuple[scoring.Shot, str]]) -> None:
    """Let the strips of these shots have these words for their next sound; of several parts, the first's."""
    for shot, prompt in reversed(written):
        strip = _find(scene, shot)
        words.wish([strip] if strip is not None else [], prompt)


def _by_picture(scene: Any) -> Dict[str, List[Placed]]:
    by_picture = {}  # type: Dict[str, List[Placed]]
    for sound in sounds.all_of(scene):
        for uid in history.pictures(sounds.record_of(sound)):
            by_picture.setdefault(uid, []).append((sound, compat.bounds(sound)))
    return by_picture


def _over(scene: Any, shot: scoring.Shot, there: Sequence[Placed]) -> List[Any]:
    found = [one for one in there if one[1].left < shot.right and shot.left < one[1].right]
    nearest = sorted(found, key=lambda one: abs(one[1].left - shot.strip.left))
    strip = _find(scene, shot) if nearest else None
    return [sound for sound, _place in nearest if strip in cues.picture_of(scene, sound)]


def _heard(scene: Any, strips: Sequence[Any]) -> Dict[str, Heard]:
    """By a strip's name: where its sounds lie, and their words."""
    everything = compat.all_strips(scene.sequence_editor) if strips else ()
    by_picture, numbers = _by_picture(scene), Counter(one.get(UID) for one in everything)
    return {
        strip.name: _heard_in(scene, strip, by_picture.get(strip[UID], ()), numbers[strip[UID]] == 1)
        for strip in strips
    }


def _heard_in(scene: Any, strip: Any, there: Sequence[Placed], alone: bool) -> Heard:
    """`alone`: there is no copy of the strip for which they could be."""
    place = compat.bounds(strip)
    over = [one for one in there if one[1].left < place.right and place.left < one[1].right]
    nearest = sorted(over, key=lambda one: abs(one[1].left - place.left))
    records = [(sound, at, sounds.record_of(sound)) for sound, at in nearest]
    return tuple(
        (at.left, at.right, record["prompt"])
        for sound, at, record in records
        if (alone and record["strip"] == strip[UID]) or strip in cues.picture_of(scene, sound)
    )


def whole(scene: Any, strip: Any) -> scoring.Shot:
    """All of a strip as one shot."""
    strip[UID] = strip.get(UID) or uuid.uuid4().hex
    read_strip = _strip(scene, strip, ())
    return scoring.Shot(read_strip, read_strip.left, read_strip.right, "")


def part_of(scene: Any, shot: scoring.Shot) -> Part:
    """The part of its strip that a shot is."""
    strip = shot.strip
    first = strip.offset + shot.left - strip.left
    return Part(scene.name, strip.uid, strip.name, strip.film, first, shot.right - shot.left)


def seats(
    scene: Any, planned: Sequence[scoring.Shot], place: str, gone: Collection[str]
) -> Tuple[int, List[int]]:
    """The channel that the sounds of these shots go above, and the lane of each.

    `gone` are names of strips that will not be there any more.
    """
    editor = scene.sequence_editor
    owner = editor.meta_stack[-1] if len(editor.meta_stack) else editor
    spans = [range(shot.left, shot.right) for shot in planned]
    whole = range(min(span.start for span in spans), max(span.stop for span in spans))
    names = [placing.layer_channel(layer) for layer in (LAYERS if place == PER_LAYER else ("",))]
    above = sounds.highest_picture(owner, whole)
    return above, placing.lanes(spans, sounds.channels_of(owner, gone), above, names)


def picture(scene_name: str, shot: scoring.Shot) -> Picture:
    """The picture of a shot. `Problem`: its strip is gone, or cannot be used."""
    scene = bpy.data.scenes.get(scene_name)
    strip = _find(scene, shot)
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


def _find(scene: Any, shot: scoring.Shot) -> Any:
    editor = scene.sequence_editor if scene else None
    same = [one for one in (compat.all_strips(editor) if editor else ()) if one.name == shot.strip.name]
    return next((strip for strip in same if strip.get(UID) == shot.strip.uid), None)


def _crossed(level: Sequence[Any]) -> Dict[str, Tuple[Tuple[str, int, int], ...]]:
    """By a strip's name: the strips that an effect crosses it with, and where."""
    found = {}  # type: Dict[str, Tuple[Tuple[str, int, int], ...]]
    for effect in (strip for strip in level if strip.type in TRANSITIONS):
        shown, span = effects.inputs(effect), compat.bounds(effect)[:2]
        for one in shown:
            found[one.name] = found.get(one.name, ()) + tuple(
                (str(other.get(UID, "")), *span) for other in shown if other != one
            )
    return found


def _strip(
    scene: Any, strip: Any, crosses: Tuple[Tuple[str, int, int], ...], heard: Heard = ()
) -> scoring.Strip:
    place = compat.bounds(strip)
    return scoring.Strip(
        strip[UID],
        strip.name,
        strip.channel,
        place.left,
        place.right,
        _is_opaque(scene, strip),
        words.own(strip) or "",
        strip.select,
        films.path_of(strip),
        place.offset,
        crosses,
        bool(words.wished(strip)),
        heard,
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
