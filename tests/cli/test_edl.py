"""Impacts as markers: an EDL as DaVinci Resolve writes it for its own."""

from __future__ import annotations

import re
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from backend.cli.edl import markers_edl
from foley_core.timecode import TimecodeFormat

NTSC = Fraction(30000, 1001)
EVENT = re.compile(r"(\d{3,})  001      V     C        (\S+) (\S+) (\S+) (\S+)  ")
MARKER = re.compile(r"([^|]*) \|C:ResolveColor(\w+) \|M:([^|]+) \|D:1")


def impact(timecode: str) -> dict[str, object]:
    return {"timecode": timecode, "strength": 0.5, "sure": 0.987}


def test_each_impact_is_an_event_of_one_frame_with_a_marker() -> None:
    text = markers_edl("a film", [impact("01:00:59;29"), impact("01:01:10;00")], TimecodeFormat(NTSC, True))
    assert text == (
        "TITLE: a film\n"
        "FCM: DROP FRAME\n"
        "\n"
        "001  001      V     C        01:00:59;29 01:01:00;02 01:00:59;29 01:01:00;02  \n"
        "strength 0.50, sure 0.99 |C:ResolveColorBlue |M:Impact 1 |D:1\n"
        "\n"
        "002  001      V     C        01:01:10;00 01:01:10;01 01:01:10;00 01:01:10;01  \n"
        "strength 0.50, sure 0.99 |C:ResolveColorBlue |M:Impact 2 |D:1\n"
    )


def test_a_rate_without_drop_frame_says_so_and_nothing_seen_is_no_event() -> None:
    assert markers_edl("x\ny", [], TimecodeFormat(Fraction(25), True)) == "TITLE: x y\nFCM: NON-DROP FRAME\n"


@given(
    frames=st.lists(st.integers(0, 30), max_size=20).map(sorted),
    first=st.sampled_from([0, 107_891, 17_981, 2_589_400]),
    drop=st.booleans(),
)
def test_every_impact_is_in_one_marker_at_its_frame(frames: list[int], first: int, drop: bool) -> None:
    counting = TimecodeFormat(NTSC, drop)
    text = markers_edl("x", [impact(counting.text(first + frame)) for frame in frames], counting)
    events, markers = EVENT.findall(text), MARKER.findall(text)
    assert [int(event[0]) for event in events] == list(range(1, len(set(frames)) + 1))
    for (_number, begin, end, *again), frame in zip(events, sorted(set(frames)), strict=True):
        assert ([begin, end], counting.number(begin)) == (again, (first + frame) % counting.frames_per_day)
        assert end == counting.text(first + frame + 1)
    numbers = [int(number) for _note, _colour, name in markers for number in re.findall(r"\d+", name)]
    assert numbers == list(range(1, len(frames) + 1))
