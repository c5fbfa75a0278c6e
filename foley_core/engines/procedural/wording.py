"""Wording: what modifiers, walkers and spaces do, in an editor's words.

The figures behind them stand in the listing (`listing.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from foley_core.engines.procedural.prompt.modifiers import Modifier
from foley_core.engines.procedural.soundscape import STEPS, Voice

_SPACES = {
    "outdoors": "outdoors",
    "room": "in a living room",
    "bathroom": "in a small room with hard walls",
    "car interior": "inside a car",
    "stairwell": "in a stairwell",
    "street": "in a street between houses",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def worded(modifier: Modifier, *, walked: bool = False) -> str:
    """What a modifier does: "larger, a little louder"; `walked`: to footsteps."""
    said = (
        _size(modifier),
        _pace(modifier.pace),
        _level(modifier.level),
        _distance(modifier.distance),
        _place(modifier.pan),
        _count(modifier.count, walked=walked),
    )
    return ", ".join(filter(None, said))


def _size(modifier: Modifier) -> str:
    size = modifier.size
    if size == 1:
        return ""
    larger = ("much " if size >= 2 or size <= 0.4 else "") + ("larger" if size > 1 else "smaller")
    pitch = " and deeper" if size > 1 else " and higher"
    return larger + (pitch if not modifier.level else "")


def _pace(pace: float) -> str:
    if pace == 1:
        return ""
    if pace < 0.5 or pace > 1.7:
        return "less often" if pace < 1 else "more often"
    return "slower" if pace < 1 else "faster"


def _level(level: float) -> str:
    if not level:
        return ""
    much = "a little " if abs(level) < 4 else "much " if abs(level) > 6 else ""
    return much + ("louder" if level > 0 else "quieter")


def _distance(distance: float | None) -> str:
    if distance is None:
        return ""
    if distance == 0:
        return "close by"
    return (
        "very far away" if distance == 1 else "far away" if distance >= 0.6 else "dull, as from behind a wall"
    )


def _place(pan: float | None) -> str:
    return (
        ""
        if pan is None
        else "on the left"
        if pan < 0.4
        else "on the right"
        if pan > 0.6
        else "in the middle"
    )


def _count(count: int | None, *, walked: bool) -> str:
    if count is None:
        return ""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {'person' if count == 1 else 'people'}" if walked else f"{number} of it"


def as_in(space: str) -> str:
    """How everything sounds in a space: "sounds as in a cathedral"."""
    return f"sounds as {_SPACES.get(space, f'in a {space}')}"


def dealt(hits: Sequence[Voice]) -> str:
    """How several kinds of hits are dealt out among the impacts; empty where there is only one."""
    if len(hits) < 2:
        return ""
    steps = [voice for voice in hits if voice.kind.family == STEPS]
    others = [voice for voice in hits if voice.kind.family != STEPS]
    if steps and others:
        return (
            "each impact sounds as one of these: "
            f"{_across(steps)} in the lower half of the picture, {_across(others)} in the upper"
        )
    return f"each impact sounds as one of these, by where in the picture it is: {_across(hits)}"


def _across(voices: Sequence[Voice]) -> str:
    row = sorted(voices, key=lambda voice: 0.5 if voice.pan is None else voice.pan)
    names = ", ".join(voice.name for voice in row)
    return f"from left to right {names}" if len(row) > 1 else names
