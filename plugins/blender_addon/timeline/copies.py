# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells copies of a sound apart, and the halves into which it was cut: all of their strips have one uid."""

from typing import Any, List, Sequence

from ..core import pieces
from ..core.custom_properties import UID
from ..core.job import Goal
from ..core.pieces import Piece
from ..core.problem import Problem
from . import compat, sounds


def goal(scene: Any, kind: str, strips: Sequence[Any]) -> Goal:
    """What a take is made for: these strips, all of one uid, and none that was copied from them."""
    uid = sounds.uid_of(strips[0])
    asked = [_piece(scene, strip) for strip in strips]
    alone = len(sounds.carrying(scene, uid)) == len(asked)
    return Goal(kind, uid, pieces=asked, alone=alone)


def meant(scene: Any, asked: Goal) -> List[Any]:
    """The strips that a take was made for, as they are now; a `Problem` where none is left."""
    if not asked.pieces:
        return sounds.carrying(scene, asked.sound)
    ours = {_piece(scene, strip): strip for strip in sounds.all_of(scene)}
    there = [one for one, strip in ours.items() if strip.get(UID) == asked.sound]
    # One that became a sound of its own since then has another uid.
    since = [one for one, strip in ours.items() if sounds.record_of(strip).get("copied") == asked.sound]
    found = pieces.meant(there, asked.pieces, asked.alone) or pieces.meant(since, asked.pieces, False)
    if not found:
        raise Problem("sound_gone", "The sound is not there any more.", "Insert the take from the list.")
    return [ours[one] for one in found]


def of_copy(scene: Any, strip: Any) -> List[Any]:
    """All strips of the same copy of a sound: its layers, and the halves of a cut. The strip comes first."""
    there = {_piece(scene, one): one for one in sounds.carrying(scene, sounds.uid_of(strip))}
    return _first(strip, [there[one] for one in pieces.of_copy(list(there), _piece(scene, strip))])


def sounding_with(scene: Any, strip: Any) -> List[Any]:
    """The strip, and those of the same copy that are heard along with it: its other layers."""
    there = {_piece(scene, one): one for one in sounds.carrying(scene, sounds.uid_of(strip))}
    return _first(strip, [there[one] for one in pieces.sounding_with(list(there), _piece(scene, strip))])


def with_halves(scene: Any, strips: Sequence[Any]) -> List[Any]:
    """All strips of the copies to which these belong, each once."""
    found = []  # type: List[Any]
    for strip in strips:
        found += [one for one in of_copy(scene, strip) if one not in found]
    return found


def others(scene: Any, strips: Sequence[Any]) -> List[Any]:
    """What has the uid of these strips and is of other copies."""
    ours = with_halves(scene, strips)
    return [one for one in sounds.carrying(scene, sounds.uid_of(strips[0])) if one not in ours]


def _piece(scene: Any, strip: Any) -> Piece:
    bounds, meta = compat.bounds(strip), strip.parent_meta()
    start = round(sounds.start_of(strip, sounds.rate_of(scene)))
    layer = sounds.record_of(strip)["layer"]
    owner = meta.name if meta is not None else ""
    return Piece(strip.name, owner, layer, strip.channel, start, bounds.left - start, bounds.right - start)


def _first(strip: Any, strips: List[Any]) -> List[Any]:
    return [strip, *(one for one in strips if one != strip)]
