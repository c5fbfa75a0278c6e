"""The report as JSON: the record of the first take, and beside it all takes with what the page tells.

Whoever reads a `Take` out of it reads the first one; the fields that are told in addition are left unread.
"""

from __future__ import annotations

from typing import Any

import msgspec

from foley_core.cue import encode
from foley_core.report.made import MadeTakes
from foley_core.report.markers import Marker, markers_of
from foley_core.report.offsets import is_placed, measured_against
from foley_core.timecode import exact, exact_text


def record_of(made: MadeTakes) -> bytes:
    """JSON, indented."""
    takes = [_take(made, number) for number in range(1, len(made.takes) + 1)]
    clock = made.clock
    told = {
        "takes": takes,
        "film": {
            "rate": exact_text(clock.rate),
            "timecode": clock.timecode(exact("0")),
            "timecode_rate": exact_text(clock.counting.rate),
            "drop_frame": clock.counting.dropped > 0,
        },
        "preview": str(made.preview) if made.preview else None,
    }
    return msgspec.json.format(msgspec.json.encode({**takes[0], **told}, order="sorted"), indent=2)


def _take(made: MadeTakes, number: int) -> dict[str, Any]:
    take, clock = made.takes[number - 1], made.clock
    record: dict[str, Any] = msgspec.json.decode(encode(take))
    pairs = zip(record["impacts"], markers_of(made, number), strict=True)
    return {
        **record,
        "impacts": [{**impact, **_told(marker)} for impact, marker in pairs],
        "start_timecode": clock.timecode(take.start_time),
        "in_timecode": clock.timecode(exact(str(take.cue["in"]))),
        "out_timecode": clock.timecode(exact(str(take.cue["out"]))),
        "placed": is_placed(take),
        "measured": measured_against(take),
    }


def _told(marker: Marker) -> dict[str, Any]:
    return {
        "timecode": marker.timecode,
        "frame": marker.frame,
        "sure": None if marker.sure is None else round(marker.sure, 4),
        "kind": marker.kind,
        "source": marker.source,
        "strength_from": marker.strength_from,
    }
