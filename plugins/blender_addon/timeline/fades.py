# SPDX-License-Identifier: GPL-3.0-or-later
"""Volume, pan and fades of a sound: all strips that play it side by side get the same, layers too.

Fades are keys of the volume, one a frame, multiplied into what there is. They are noted on the strip, and so
can be changed and taken away again; where the trims have moved, they are set anew with the next change.
"""

import json
from typing import Any

from ..core.custom_properties import FADES
from ..core.fading import Fades
from . import compat, copies, gains

LOUDEST = 100.0
"""Blender's own limit for a volume."""


def set_volume(scene: Any, strip: Any, volume: float) -> None:
    """Let a strip be so loud where it is loudest; the other layers are changed by as much."""
    was = gains.level(scene, strip)
    for one in copies.sounding_with(scene, strip):
        if was > 0:
            gains.multiply(scene, one, lambda _frame: min(volume, LOUDEST) / was)
        else:
            one.volume = volume


def of(strip: Any) -> Fades:
    """The fades that a strip was given."""
    try:
        return Fades(*json.loads(strip.get(FADES, "[]")))
    except (TypeError, ValueError):
        return Fades()


def set_fades(scene: Any, strip: Any, fade_in: int, fade_out: int) -> None:
    """Let a sound come in and go out in so many frames; none for 0."""
    for one in copies.sounding_with(scene, strip):
        place, was = compat.bounds(one), of(one)
        first, longest = round(place.left - place.offset), place.right - place.left
        lengths = [min(max(frames, 0), longest) for frames in (fade_in, fade_out)]
        now = Fades(place.left - first, place.right - first, *lengths)
        _change(scene, one, first, was, now)
        one[FADES] = json.dumps(now)
        if not any(lengths):
            del one[FADES]


def _change(scene: Any, strip: Any, first: int, was: Fades, now: Fades) -> None:
    bends = {first + frame for frame in was.bends() | now.bends()}
    gains.multiply(scene, strip, lambda frame: now.gain_at(frame - first) / was.gain_at(frame - first), bends)
