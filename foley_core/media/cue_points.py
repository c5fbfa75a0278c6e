"""The hits of a take as cue points of a WAV, which editors show as markers: each with its sound and number.

A cue point counts samples in 32 bits, so of a take of more than a day the hits past 24 h 51 min have none.
Knows nothing of the rest of the file. (Microsoft and IBM, "Multimedia Programming Interface and Data
Specifications 1.0", 1991: `cue ` and `adtl`.)
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from foley_core.cue import Layer
from foley_core.take import SoundedImpact

_FURTHEST = 2**32 - 1
"""The last sample that a cue point can name."""
_POINT = struct.Struct("<II4sIII")


@dataclass(frozen=True)
class CuePoint:
    """A named place in the sound."""

    sample: int
    """From the first one of the file."""
    label: str


def hit_points(impacts: Sequence[SoundedImpact], layer: Layer | None = None) -> list[CuePoint]:
    """The hits that sound, in the order of time: "wood 1", "wood 2", "glass 3".

    Of one layer only those that lie there, with the numbers that they have in the mix (None).
    """
    sounded = [(hit.sample, hit) for hit in impacts if hit.sound and hit.sample is not None]
    ordered = sorted(sounded, key=lambda pair: pair[0])
    return [
        CuePoint(sample, f"{hit.sound} {number}")
        for number, (sample, hit) in enumerate(ordered, 1)
        if sample <= _FURTHEST and layer in (None, hit.layer or "hits")
    ]


def without_point(impacts: Sequence[SoundedImpact]) -> int:
    """How many hits lie too far from the beginning for a cue point."""
    return sum(1 for hit in impacts if hit.sound and (hit.sample or 0) > _FURTHEST)


def cue_bytes(points: Sequence[CuePoint]) -> bytes:
    """The body of the chunk `cue `."""
    listed = (
        _POINT.pack(number, point.sample, b"data", 0, 0, point.sample)
        for number, point in enumerate(points, 1)
    )
    return struct.pack("<I", len(points)) + b"".join(listed)


def label_bytes(points: Sequence[CuePoint]) -> bytes:
    """The body of the chunk `LIST` with the label of each; what is not ASCII is written as "?"."""
    parts = [b"adtl"]
    for number, point in enumerate(points, 1):
        text = point.label.encode("ascii", "replace") + b"\0"
        parts += [struct.pack("<4sII", b"labl", 4 + len(text), number), text, b"\0" * (len(text) % 2)]
    return b"".join(parts)
