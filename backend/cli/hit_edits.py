"""What was seen, edited: hits added to it, taken from it, and moved, without a list of all of them.

The cue that is sent holds the outcome, a hit for each with exact time, strength, place and size. So its
record says what was heard, and played again it is the same, whatever is seen then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import click

from backend.cli.arguments import TimeReader
from foley_core.cue import WantedHit
from foley_core.errors import BadTime
from foley_core.picture.spotting import Impact
from foley_core.timecode import exact

REACH = Fraction(1, 4)
"""Seconds: an impact this near to the time that was typed is the one that is meant."""
_NAMED = 3
"""How many of the nearest are named where none is."""
_TIMED = re.compile(r"(\d{1,2}[:;]\d{2}[:;]\d{2}[:;]\d{2,3}|[^:;]*)(?::(.*))?", re.ASCII | re.DOTALL)
_BY = re.compile(r"([+-]?)(\d+)f|([+-]?[\d.]+)(ms|s)", re.ASCII)


@dataclass(frozen=True)
class HitEdits:
    """What is to be done to the hits that are seen; times are media time."""

    add: tuple[WantedHit, ...] = ()
    drop: tuple[Fraction, ...] = ()
    nudge: tuple[tuple[Fraction, Fraction], ...] = ()
    """When each is seen, and how much later it is to sound."""

    def __bool__(self) -> bool:
        return bool(self.add or self.drop or self.nudge)

    def options(self) -> str:
        """Those that put hits somewhere, as they were typed."""
        typed = (("--add", self.add), ("--nudge", self.nudge))
        return ", ".join(name for name, edits in typed if edits) or "--drop"


def edit_options(command: Any) -> Any:
    """Add `--add`, `--drop` and `--nudge`, each as often as it is wanted."""
    for option in (
        click.option(
            "--nudge", multiple=True, metavar="T:BY", help="Move a hit that is seen: 3.2:+2f, 3.2:-40ms."
        ),
        click.option("--drop", multiple=True, metavar="T", help="Leave out the hit that is seen there."),
        click.option(
            "--add", multiple=True, metavar="T[:SOUND]", help="A hit beside those seen: 3.2, 3.2:glass."
        ),
    ):
        command = option(command)
    return command


def read_edits(typed: dict[str, Any], clock: TimeReader) -> HitEdits:
    """What was typed; a time or distance that cannot be read is a usage error."""
    added = [_timed(text) for text in typed["add"]]
    nudged = [_timed(text) for text in typed["nudge"]]
    return HitEdits(
        add=tuple(WantedHit(time=clock.time(time, "--add"), sound=sound.strip()) for time, sound in added),
        drop=tuple(clock.time(time, "--drop") for time in typed["drop"]),
        nudge=tuple((clock.time(time, "--nudge"), _distance(by, clock)) for time, by in nudged),
    )


def edited(edits: HitEdits, impacts: Sequence[Impact]) -> tuple[WantedHit, ...]:
    """The hits that come of the impacts seen, in order. What is meant must be there, and be meant once."""
    moved: dict[int, Fraction | None] = {}
    meant = [(time, None, "--drop") for time in edits.drop] + [
        (time, by, "--nudge") for time, by in edits.nudge
    ]
    for time, by, option in meant:
        index = _meant(time, impacts, option)
        if index in moved:
            raise click.BadParameter(
                f"The impact at {float(impacts[index].time):.3f} s is dropped or nudged twice.",
                param_hint=option,
            )
        moved[index] = by
    hits = [*edits.add]
    for index, impact in enumerate(impacts):
        by = moved.get(index, Fraction(0))
        if by is not None:
            hits.append(_hit(impact, impact.time + by))
    return tuple(sorted(hits, key=lambda hit: hit.time))


def _meant(time: Fraction, impacts: Sequence[Impact], option: str) -> int:
    """Which of the impacts is meant by a time: the nearest; of two, the earlier."""
    nearest = sorted(range(len(impacts)), key=lambda index: abs(impacts[index].time - time))
    if nearest and abs(impacts[nearest[0]].time - time) <= REACH:
        return nearest[0]
    named = ", ".join(f"{float(impacts[index].time):.3f} s" for index in sorted(nearest[:_NAMED]))
    raise click.BadParameter(
        f"No impact is seen within {float(REACH):g} s of {float(time):.3f} s. "
        + (f"The nearest: {named}." if named else "None is seen at all."),
        param_hint=option,
    )


def _hit(impact: Impact, time: Fraction) -> WantedHit:
    return WantedHit(time=time, strength=impact.strength, x=impact.x, y=impact.y, size=impact.size)


def _timed(text: str) -> tuple[str, str]:
    """A time, and what stands behind the colon after it."""
    match = _TIMED.fullmatch(text.strip())
    return (match[1], match[2] or "") if match else (text, "")


def _distance(text: str, clock: TimeReader) -> Fraction:
    """`+2f`, `-40ms` or `+0.1s` in seconds."""
    match = _BY.fullmatch(text.strip())
    try:
        if match and match[2]:
            return Fraction(int(match[1] + match[2])) / clock.info.rate
        if match:
            return exact(match[3].removeprefix("+")) / (1000 if match[4] == "ms" else 1)
    except BadTime:
        pass
    raise click.BadParameter(
        f"Cannot read by how much in {text[:40]!r}: write T:+2f, T:-40ms or T:+0.1s.", param_hint="--nudge"
    )
