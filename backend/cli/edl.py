"""Impacts as an EDL: markers for a timeline of DaVinci Resolve that begins with the film's timecode.

The form is that of its own "Timeline Markers to EDL": CMX 3600 with an event of one frame for each marker,
and behind it note, colour, name and length. A frame holds one marker, so impacts in the same frame share one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from foley_core.timecode import TimecodeFormat

_COLOUR = "ResolveColorBlue"


def markers_edl(title: str, impacts: Sequence[Mapping[str, Any]], counting: TimecodeFormat) -> str:
    """The text of the EDL; `impacts` as `foley detect --json` tells them, in order."""
    drop = counting.drop and counting.can_drop
    lines = [f"TITLE: {' '.join(title.split())}", f"FCM: {'DROP FRAME' if drop else 'NON-DROP FRAME'}"]
    numbered = enumerate(impacts, 1)
    for event, (timecode, group) in enumerate(groupby(numbered, lambda pair: str(pair[1]["timecode"])), 1):
        together = list(group)
        frame = f"{timecode} {counting.text(counting.number(timecode) + 1)}"
        name = "Impact " + " + ".join(str(number) for number, _impact in together)
        note = "; ".join(
            f"strength {one['strength']:.2f}, sure {one['sure']:.2f}" for _number, one in together
        )
        lines += ["", f"{event:03}  001      V     C        {frame} {frame}  "]
        lines += [f"{note} |C:{_COLOUR} |M:{name} |D:1"]
    return "\n".join(lines) + "\n"
