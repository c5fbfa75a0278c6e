"""From impacts seen to hits heard: which impacts an engine is to sound, and what came of each.

Pure functions. A user's hits take the place of what was detected, all of it: a marker is an order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from foley_core.engines.engine import Brief, Hit
from foley_core.picture.spotting import Impact
from foley_core.stretch import Stretch
from foley_core.take import SoundedImpact
from foley_core.timecode import SAMPLE_RATE, exact_text, sample_at

REACH = Fraction(1, 10)
"""A user's hit takes strength and place from a detected impact at most this far away, in seconds."""
UNSEEN_STRENGTH = 0.7
"""Strength of a user's hit where nothing was detected."""


def chosen_impacts(
    hits: Sequence[Fraction] | None, seen: Sequence[Impact], stretch: Stretch
) -> tuple[Impact, ...]:
    """The impacts to be sounded within the take: what was seen, or the user's hits instead."""
    wanted = seen if hits is None else [_placed(time, seen) for time in sorted(set(hits))]
    return tuple(impact for impact in wanted if stretch.start <= impact.time < stretch.end)


def _placed(time: Fraction, seen: Sequence[Impact]) -> Impact:
    """A user's hit as an impact, like the one seen nearest to it if that is near."""
    at = bisect_left(seen, time, key=lambda impact: impact.time)
    nearest = min(seen[max(at - 1, 0) : at + 1], key=lambda impact: abs(impact.time - time), default=None)
    if nearest is None or abs(nearest.time - time) > REACH:
        return Impact(time=time, strength=UNSEEN_STRENGTH, x=0.5, y=0.5)
    return msgspec.structs.replace(nearest, time=time)


def sounded_impacts(
    brief: Brief, hits: Sequence[Hit], alignment: Literal["off", "report", "snap"]
) -> tuple[SoundedImpact, ...]:
    """Each impact of the brief with the hit that sounds for it; offsets are left out with alignment off."""
    heard = {hit.impact: hit for hit in hits}
    return tuple(
        _sounded(impact, heard.get(index), brief.first_sample, alignment != "off")
        for index, impact in enumerate(brief.impacts)
    )


def _sounded(impact: Impact, hit: Hit | None, first_sample: int, offsets: bool) -> SoundedImpact:
    late = None if hit is None else (hit.sample - sample_at(impact.time)) * 1000 / SAMPLE_RATE
    return SoundedImpact(
        time=float(impact.time),
        time_exact=exact_text(impact.time),
        strength=round(impact.strength, 4),
        x=round(impact.x, 4),
        y=round(impact.y, 4),
        sound="" if hit is None else hit.sound,
        sample=None if hit is None else hit.sample - first_sample,
        offset_ms=late if offsets else None,
    )
