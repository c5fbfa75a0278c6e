# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user means: the picture, the sound, or the part of a sound that is selected."""

from fractions import Fraction
from typing import Any, List, Optional, Tuple

from ..core import history
from ..core.picture import Picture
from ..core.problem import Problem
from . import compat, copies, cues, pictures, sounds


def picture(context: Any) -> Picture:
    """The picture that is selected; a `Problem` says why what is selected cannot be used."""
    return pictures.picture_of(compat.scene_of(context), picture_strips(context))


def check_picture(context: Any) -> None:
    """A `Problem` where no strip is selected that has a picture; its files are not looked for."""
    picture_strips(context)


def no_sound() -> Problem:
    """Why nothing can be done to a sound."""
    return Problem("no_take", "No sound of Foley is selected.", "Select one, or its picture.")


def no_sound_yet(picture: Any) -> Problem:
    """Why nothing can be done to the sound of a picture strip."""
    message = "{!r} has no sound yet.".format(picture.name)
    return Problem("no_take", message, "Use Generate, or select a sound of Foley elsewhere.")


def picture_strip(context: Any) -> Optional[Any]:
    """The selected, active strip, where it is no sound."""
    editor = compat.scene_of(context).sequence_editor
    strip = editor.active_strip if editor else None
    return strip if strip is not None and strip.select and strip.type != "SOUND" else None


def sounds_meant(context: Any) -> List[List[Any]]:
    """The sounds that are meant, each as its strips: those selected, the active one first, or the pictures'.

    A layer means the other layers that sound with it; halves of a cut over the same picture are one sound. Of
    several sounds over one picture one is meant: the active one, else the nearest in time. Blender selects
    all that is connected to what is clicked, so that others over the same picture are selected means nothing.
    """
    return _sounds_meant(compat.scene_of(context))


def sound_shown(scene: Any) -> Optional[Any]:
    """The sound that the tab is about: the active strip, or that of the selected picture which is meant."""
    active = scene.sequence_editor.active_strip if scene.sequence_editor else None
    if active is not None and active.type == "SOUND":
        return active if history.of(active) is not None else None
    try:
        return _sounds_meant(scene)[0][0]
    except Problem:
        return None


def _sounds_meant(scene: Any) -> List[List[Any]]:
    active = scene.sequence_editor.active_strip if scene.sequence_editor else None
    active = active if active is not None and active.select else None
    chosen = [strip for strip in sounds.all_of(scene) if strip.select] or _sounds_of_pictures(scene, active)
    near = compat.bounds(active).left if active is not None else 0
    chosen.sort(key=lambda strip: (strip != active, abs(compat.bounds(strip).left - near)))
    clicked = [active] if active not in chosen else cues.picture_of(scene, active)
    found = []  # type: List[List[Any]]
    for strip in chosen:
        beside = any(_is_other_over(strip, sound[0]) for sound in found)
        beside = beside or bool(found and set(cues.picture_of(scene, strip)) & set(clicked))
        if not (beside or any(strip in sound for sound in found)):
            found.append(_with_halves(scene, strip, chosen))
    return found


def sound_strips(context: Any) -> List[Any]:
    """The strips of the sound that is meant; of several, of the active one, or the first."""
    return sounds_meant(context)[0]


def _sounds_of_pictures(scene: Any, active: Any) -> List[Any]:
    """The sound nearest to each of the selected pictures."""
    shown = sorted(_selected(scene), key=lambda strip: strip != active)
    found = [cues.sounds_of(scene, picture)[:1] for picture in shown]
    if not shown:
        raise no_sound()
    if not any(found):
        raise no_sound_yet(shown[0])
    return [strip for nearest in found for strip in nearest]


def _is_other_over(strip: Any, meant: Any) -> bool:
    """Whether a sound is made for the same picture as one that is meant, and heard at the same time."""
    same = sounds.record_of(strip)["strip"] == sounds.record_of(meant)["strip"]
    place, other = compat.bounds(strip), compat.bounds(meant)
    return same and place.left < other.right and other.left < place.right


def _with_halves(scene: Any, strip: Any, chosen: List[Any]) -> List[Any]:
    picture = cues.picture_of(scene, strip)
    halves = [one for one in copies.of_copy(scene, strip) if one in chosen]
    found = [strip]
    for half in [strip, *(one for one in halves if cues.picture_of(scene, one) == picture)]:
        found += [one for one in copies.sounding_with(scene, half) if one not in found]
    return found


def part(context: Any, strip: Any, record: history.Record) -> Tuple[Fraction, Fraction]:
    """In and out of the part, in media time, where the sound has a picture."""
    scene, bounds = compat.scene_of(context), compat.bounds(strip)
    chosen = chosen_frames(scene)
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


def chosen_frames(scene: Any) -> Tuple[int, int]:
    """First frame of the part that is chosen, and the one after the last; a `Problem` where none is.

    The last frame of a preview range is played, too.
    """
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
    return [strip for strip in strips if strip.select and strip.type != "SOUND"]
