# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the strips that share a uid are meant. No Blender here.

Copying and splitting a strip copies its uid. Strips that would begin at the same place, were nothing cut off,
are pieces of one copy: its layers, and the halves into which these were cut. A take is asked for by naming
pieces; until it comes they may be renamed, moved, cut and deleted, and others copied from them.
"""

from typing import Any, List, NamedTuple, Sequence


class Piece(NamedTuple):
    """A sound strip, as far as it can be told from others with its uid."""

    name: str
    owner: str
    """Name of the meta strip that it lies in; empty where it is in none."""
    layer: str
    channel: int
    start: int
    """The timeline's frame on which its file begins."""
    first: int
    """The first frame that is heard, counted from `start`."""
    last: int
    """The one after the last."""


def of_copy(pieces: Sequence[Piece], piece: Piece) -> List[Piece]:
    """All pieces of the same copy, that one too: layers, and halves of a cut."""
    ours = _line(pieces, piece)
    found = [one for one in pieces if one.layer == piece.layer and _line(pieces, one) == ours]
    for layer in {one.layer for one in pieces} - {piece.layer}:
        others = [one for one in pieces if one.layer == layer and _beside(pieces, one, piece)]
        nearest = min(others, key=lambda one: abs(one.start - piece.start), default=None)
        if nearest is None:
            continue
        # Where the layer of another copy is nearer to it, it is that copy's.
        same = [one for one in pieces if one.layer == piece.layer and _beside(pieces, one, nearest)]
        if all(abs(one.start - nearest.start) >= abs(piece.start - nearest.start) for one in same):
            found += [one for one in others if one.start == nearest.start]
    return found


def sounding_with(pieces: Sequence[Piece], piece: Piece) -> List[Piece]:
    """Of the same copy, the piece and those that are heard along with it: its other layers, no other half."""
    copy = of_copy(pieces, piece)
    return [one for one in copy if one == piece or (one.layer != piece.layer and _overlap(one, piece))]


def meant(there: Sequence[Piece], asked: Sequence[Piece], alone: bool) -> List[Piece]:
    """Of the pieces that are there, those that were asked for; `alone`: there were no others then.

    What was renamed is known by its place. What was cut off a piece since then is meant, too; what was copied
    from it is not.
    """
    found: List[Piece] = []
    for wanted in asked:
        found += [one for one in _again(there, wanted, alone) if one not in found]
        found += [one for one in _cut_off(there, wanted, found) if one not in found]
    return found


def _again(there: Sequence[Piece], wanted: Piece, alone: bool) -> List[Piece]:
    named = [one for one in there if one.name == wanted.name]
    same = [one for one in there if one.layer == wanted.layer]
    in_place = [one for one in same if one[1:5] == wanted[1:5] and _plays_of(one, wanted)]
    if named or in_place or not alone:
        return named or in_place
    nearest = min((abs(one.start - wanted.start) for one in same), default=0)
    return [one for one in same if abs(one.start - wanted.start) == nearest]


def _cut_off(there: Sequence[Piece], wanted: Piece, found: Sequence[Piece]) -> List[Piece]:
    """What plays another stretch of a piece that is found."""
    pieces = [one for one in found if one.layer == wanted.layer]
    return [
        one
        for one in there
        if wanted.first <= one.first < wanted.last
        and any(_same_place(one, piece) and not _overlap(one, piece) for piece in pieces)
    ]


def _plays_of(one: Piece, wanted: Piece) -> bool:
    return one.first < wanted.last and wanted.first < one.last


def _same_place(one: Piece, other: Piece) -> bool:
    return (one.owner, one.layer, one.start) == (other.owner, other.layer, other.start)


def _overlap(one: Piece, other: Piece) -> bool:
    return (
        one.start + one.first < other.start + other.last and other.start + other.first < one.start + one.last
    )


def _rank(pieces: Sequence[Piece], piece: Piece) -> int:
    """How many copies of a piece lie right beneath it."""
    beneath = [one for one in pieces if _same_place(one, piece) and _overlap(one, piece)]
    return len({one.channel for one in beneath if one.channel < piece.channel})


def _line(pieces: Sequence[Piece], piece: Piece) -> Any:
    return piece.owner, piece.start, _rank(pieces, piece)


def _beside(pieces: Sequence[Piece], one: Piece, other: Piece) -> bool:
    return one.owner == other.owner and _rank(pieces, one) == _rank(pieces, other)
