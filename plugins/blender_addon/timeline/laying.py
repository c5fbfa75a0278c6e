# SPDX-License-Identifier: GPL-3.0-or-later
"""Lays a sound strip that is there anew: what it plays begins elsewhere, or its ends do.

Volume, pan and fades stay; a fade at an end goes with that end. The strip stays on its channel, unless
another one lies there now.
"""

from contextlib import suppress
from fractions import Fraction
from typing import Any, List, NamedTuple, Tuple

from ..core import placing
from ..core.problem import Problem
from . import compat, keys, sounds


class Place(NamedTuple):
    """Where a strip shall lie."""

    at: Fraction
    """The timeline's frame with the file's first sample."""
    left: int
    right: int
    """Exclusive."""
    moved: int = 0
    """By how many frames what is heard comes later than it did."""


def lay(scene: Any, places: List[Tuple[Any, Place]]) -> None:
    """Lay each strip where it shall be."""
    # Strips that make room for each other only at the end are pushed onto other channels until then.
    channels = {strip.name: strip.channel for strip, _place in places}
    for strip, place in places:
        _lay(scene, strip, place)
    for strip, _place in places:
        _back(scene, strip, channels[strip.name])


def _lay(scene: Any, strip: Any, place: Place) -> None:
    """A strip keeps the length of the file that it had first; only Reload tells it another one."""
    known, was = keys.of(scene, strip), compat.bounds(strip)
    whole = place.at.numerator // place.at.denominator
    first = whole + compat.cut_away(strip)
    compat.reload(scene, strip)
    compat.move_content(strip, first)
    compat.trim(strip, place.left - first, place.right)
    compat.set_sound_offset(strip, float((place.at - whole) / sounds.rate_of(scene)))
    keys.lay(scene, strip, known, was, place.moved)


def _back(scene: Any, strip: Any, wanted: int) -> None:
    """Back to its channel if that is free there, else to one above that is."""
    if strip.channel == wanted:
        return
    owner, bounds = strip.parent_meta() or scene.sequence_editor, compat.bounds(strip)
    beside = [one for one in compat.level_of(scene, strip) if one != strip]
    taken = placing.occupied([(one.channel, *compat.bounds(one)[:2]) for one in beside])
    channels = [one._replace(taken=taken.get(one.number, [])) for one in sounds.channels_of(owner)]
    span = range(bounds.left, bounds.right)
    if not any(one.start < span.stop and span.start < one.stop for one in taken.get(wanted, [])):
        strip.channel = wanted
        return
    with suppress(Problem):  # It may stay where Blender has pushed it.
        name = placing.layer_channel(sounds.record_of(strip)["layer"])
        strip.channel = placing.pick_channel(channels, wanted, span, name).number
