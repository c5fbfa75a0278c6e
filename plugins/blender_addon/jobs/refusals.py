# SPDX-License-Identifier: GPL-3.0-or-later
"""Why something cannot be done with what is selected, told before it is tried: a menu's entry is grey then.

Blender asks with every redraw of every menu, so only the selection is looked at: no file and no record is
read. What shows itself only when it is tried is a `Problem` then.
"""

from typing import Any, List

from ..core.custom_properties import META, UID
from ..core.problem import Problem
from ..timeline import compat, selection
from .queue import queue


def no_picture(context: Any) -> None:
    """A `Problem` where no picture is selected that can be seen."""
    selection.check_picture(context)


def no_active_picture(context: Any) -> None:
    """A `Problem` where the strip that was clicked last has no picture."""
    if selection.picture_strip(context) is None:
        raise Problem("no_selection", "No film strip is active.", "Click one.")


def no_sound(context: Any) -> None:
    """A `Problem` where neither a sound of ours is selected nor the picture of one."""
    strips = _strips(context)
    chosen = [strip for strip in strips if strip.select]
    if any(META in strip for strip in chosen):
        return
    pictures = [strip for strip in chosen if strip.type != "SOUND"]
    if any(_lies_over(sound, strip) for sound in strips if META in sound for strip in pictures):
        return
    uids = {str(strip.get(UID, "")) for strip in pictures}
    for job in queue.running.values():
        if uids.intersection(job.picture.strips):
            message = "The sound of {!r} is still being made.".format(job.picture.name)
            raise Problem("not_made_yet", message, "It comes by itself.")
    raise selection.no_sound_yet(pictures[0]) if pictures else selection.no_sound()


def _lies_over(sound: Any, picture: Any) -> bool:
    """Whether a sound of ours, which was made for a picture or a copy of it, is heard while that is seen."""
    if not picture.get(UID) or str(picture[UID]) not in str(sound[META]):
        return False
    heard, seen = compat.bounds(sound), compat.bounds(picture)
    return heard.left < seen.right and seen.left < heard.right


def no_sound_nor_picture(context: Any) -> None:
    """A `Problem` where nothing is selected that has a sound or can get one."""
    try:
        no_sound(context)
    except Problem:
        no_picture(context)


def no_part(context: Any) -> None:
    """A `Problem` where no sound is selected, or no part of the timeline."""
    no_sound(context)
    selection.chosen_frames(compat.scene_of(context))


def nothing_to_score(context: Any) -> None:
    """A `Problem` where the timeline has no picture."""
    if all(strip.type == "SOUND" for strip in _strips(context)):
        raise Problem("nothing_to_score", "There is no picture on the timeline.", "Add a film first.")


def _strips(context: Any) -> List[Any]:
    editor = compat.scene_of(context).sequence_editor
    return compat.all_strips(editor) if editor else []
