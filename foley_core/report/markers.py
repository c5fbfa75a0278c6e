"""Markers: each impact of a take, told so that a person finds it in the film and in the file.

A marker says where a figure comes from: what the watcher saw, or what the user gave. As CSV they open in a
spreadsheet, which is given no formula whatever a sound is called.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TextIO

import msgspec

from foley_core.cue import WantedHit, decode_hook
from foley_core.picture.spotting import Impact, ImpactKind
from foley_core.report.made import MadeTakes
from foley_core.take import SoundedImpact, Take
from foley_core.timecode import exact

NEAR = Fraction(1, 10)
"""A user's hit is shown by what was seen less than this far from it, in seconds."""

COLUMNS = (
    "take", "hit", "timecode", "seconds", "frame", "sample", "sound", "layer", "strength", "sure", "source",
    "kind",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_MICRO = Decimal("0.000001")

StrengthFrom = Literal["seen", "given", "assumed"]


@dataclass(frozen=True)
class Marker:
    """An impact of a take, numbered from 1."""

    take: int
    number: int
    time: Fraction
    """Media time of the impact."""
    timecode: str
    frame: int
    """The film's, counted from 0."""
    impact: SoundedImpact
    source: Literal["seen", "given"]
    """In the picture, or by the user."""
    sure: float | None
    """How sure the watcher is that something can be heard; None where the user gave the hit."""
    kind: ImpactKind | None
    """What the watcher takes it for; None where the user gave the hit."""
    strength_from: StrengthFrom
    """`assumed` is what a user's hit gets where nothing is seen near it."""
    thumbnail: str
    """The picture of what was seen there or, for a user's hit, near it; base64 JPEG."""


def markers_of(made: MadeTakes, number: int) -> list[Marker]:
    """All markers of the take of that number, counted from 1."""
    take, clock = made.takes[number - 1], made.clock
    seen = made.spotting.impacts if made.spotting else ()
    given = _given(take)
    found = []
    for place, impact in enumerate(take.impacts, 1):
        time = exact(impact.time_exact)
        near = _nearest(time, seen)
        told = near if given is None and near and near.time == time else None
        wanted = given[time].pop(0) if given is not None and given[time] else None
        found.append(
            Marker(
                take=number,
                number=place,
                time=time,
                timecode=clock.timecode(time),
                frame=clock.frame(time),
                impact=impact,
                source="seen" if given is None else "given",
                sure=told.sure if told else None,
                kind=told.kind if told else None,
                strength_from=_strength_from(wanted, near) if given is not None else "seen",
                thumbnail=near.thumbnail if near else "",
            )
        )
    return found


def write_markers(markers: Iterable[Marker], file: TextIO) -> None:
    """The markers as CSV, with a line of names first. `file` must write line ends as they are."""
    table = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")  # RFC 4180
    table.writerow(COLUMNS)
    for marker in markers:
        table.writerow(_row(marker))


def _row(marker: Marker) -> Iterator[object]:
    impact = marker.impact
    yield from (marker.take, marker.number, marker.timecode)
    yield (Decimal(marker.time.numerator) / marker.time.denominator).quantize(_MICRO)
    yield from (marker.frame, "" if impact.sample is None else impact.sample)
    yield from (_harmless(impact.sound), impact.layer or "hits", Decimal(str(impact.strength)))
    yield "given" if marker.source == "given" else _sure(marker.sure)
    yield marker.source
    yield marker.kind or ""


def _sure(sure: float | None) -> object:
    return "" if sure is None else Decimal(str(round(sure, 4)))


def _harmless(text: str) -> str:
    """With a quote before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _given(take: Take) -> defaultdict[Fraction, list[WantedHit]] | None:
    """The user's hits by their times, in the order of the take's impacts; None where what was seen counts."""
    cue = take.cue
    if cue.get("hit_list") is not None:
        hits = msgspec.convert(cue["hit_list"], tuple[WantedHit, ...], dec_hook=decode_hook)
    elif cue.get("hits") is not None:
        hits = tuple(WantedHit(time=exact(time)) for time in cue["hits"])
    else:
        return None
    by_time: defaultdict[Fraction, list[WantedHit]] = defaultdict(list)
    for hit in dict.fromkeys(hits):
        by_time[hit.time].append(hit)
    return by_time


def _strength_from(wanted: WantedHit | None, near: Impact | None) -> StrengthFrom:
    if wanted is not None and wanted.strength is not None:
        return "given"
    return "seen" if near else "assumed"


def _nearest(time: Fraction, seen: Sequence[Impact]) -> Impact | None:
    """What was seen nearest to `time`, if that is near."""
    at = bisect_left(seen, time, key=lambda impact: impact.time)
    near = min(seen[max(at - 1, 0) : at + 1], key=lambda impact: abs(impact.time - time), default=None)
    return near if near and abs(near.time - time) < NEAR else None
