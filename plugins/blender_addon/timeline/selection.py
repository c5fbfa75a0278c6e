# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user means: the picture, the sound, or the part of a sound that is selected."""

from fractions import Fraction
from typing import Any, List, Optional, Tuple

from ..core import history
from ..core.custom_properties import UID
from ..core.picture import Picture
from ..core.problem import Problem
from . import compat, pictures, sounds


def picture(context: Any) -> Picture:
    """The picture that is selected; a `Problem` says why what is selected cannot be used."""
    return pictures.picture_of(compat.scene_of(context), picture_strips(context))


def picture_strip(context: Any) -> Optional[Any]:
    """The selected, active strip, where it is no sound."""
    editor = compat.scene_of(context).sequence_editor
    strip = editor.active_strip if editor else None
    return strip if strip is not None and strip.select and strip.type != "SOUND" else None


def sound_strips(context: Any) -> List[Any]:
    """The Foley strips that are meant, all of one uid: the active one, those selected, or the picture's."""
    scene = compat.scene_of(context)
    ours = sounds.all_of(scene)
    active = scene.sequence_editor.active_strip if scene.sequence_editor else None
    chosen = [strip for strip in ours if strip.select]
    if active in chosen:
        chosen = [active]
    shown = {strip.get(UID) for strip in _selected(scene)}
    chosen = chosen or [strip for strip in ours if shown & set(history.pictures(sounds.record_of(strip)))]
    uids = {sounds.uid_of(strip) for strip in chosen}
    if not uids:
        raise Problem("no_take", "No sound of Foley is selected.", "Select one, or its picture.")
    if len(uids) > 1:
        raise Problem("many_takes", "{} sounds are meant.".format(len(uids)), "Select one of them.")
    return chosen[:1] + [strip for strip in sounds.carrying(scene, uids.pop()) if strip != chosen[0]]


def part(context: Any, strip: Any, record: history.Record) -> Tuple[Fraction, Fraction]:
    """In and out of the part, in media time, where the sound has a picture."""
    scene, bounds = compat.scene_of(context), compat.bounds(strip)
    chosen = _chosen_frames(scene)
    rate = sounds.rate_of(scene)
    spoken = [round(sounds.frame_of(strip, time, rate)) for time in history.stretch(record)]
    start, end = max(chosen[0], bounds.left, spoken[0]), min(chosen[1], bounds.right, spoken[1])
    if start >= end:
        message = "{!r} has nothing between the frames {} and {}.".format(strip.name, *chosen)
        raise Problem("bad_region", message, "Choose a part of the sound.")
    if (start, end) == (bounds.left, bounds.right):
        message = "All of {!r} is chosen.".format(strip.name)
        raise Problem("whole_region", message, "Choose a part of it, or use New Take.")
    return sounds.media_time(strip, start, rate), sounds.media_time(strip, end, rate)


def _chosen_frames(scene: Any) -> Tuple[int, int]:
    """First frame, and the one after the last. The last frame of a preview range is played, too."""
    marked = sorted(marker.frame for marker in scene.timeline_markers if marker.select)
    if scene.use_preview_range:
        return scene.frame_preview_start, scene.frame_preview_end + 1
    if len(marked) != 2:
        message = "No part is chosen: there is no preview range, and {} markers are selected.".format(
            len(marked)
        )
        raise Problem("no_region", message, "Press P and drag over the part, or select two markers.")
    return marked[0], marked[1]


def picture_strips(context: Any) -> List[Any]:
    """The selected strips that have a picture, on the level that is open; the one to be found again first.

    A `Problem` says why what is selected cannot be used.
    """
    editor = compat.scene_of(context).sequence_editor
    level = compat.open_level(editor) if editor else []
    chosen = [strip for strip in level if strip.select]
    if not chosen:
        raise Problem("no_selection", "No strip is selected.", "Select one film strip.")
    seen = [strip for strip in chosen if _has_picture(strip)]
    if not seen:
        what = chosen[0].type.replace("_", " ").lower()
        message = "{!r} is a {} strip.".format(chosen[0].name, what)
        raise Problem("not_a_film", message, "Select a film strip.")
    heard = [strip for strip in seen if not compat.is_muted(compat.scene_of(context), strip)]
    if not heard:
        raise pictures.muted(seen[0])
    active = editor.active_strip
    return sorted(
        heard, key=lambda strip: (strip != active, compat.bounds(strip).left, strip.channel, strip.name)
    )


def _has_picture(strip: Any) -> bool:
    if strip.type == "META":
        return any(_has_picture(inner) for inner in compat.strips(strip))
    return bool(strip.type != "SOUND")


def _selected(scene: Any) -> List[Any]:
    strips = compat.all_strips(scene.sequence_editor) if scene.sequence_editor else []
    return [strip for strip in strips if strip.select and strip.type != "SOUND" and strip.get(UID)]
