"""From impacts seen to hits heard: which impacts an engine is to sound.

A user's hits take the place of what was detected, all of it: a marker is an order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction

import msgspec
from msgspec import UNSET

from foley_core.cue import WantedHit
from foley_core.cue_range import CueRange
from foley_core.picture.movement import Energy
from foley_core.picture.spotting import Impact
from foley_core.picture.spotting_stream import SpottingStream

REACH = Fraction(1, 10)
"""A user's hit takes strength and place from a detected impact less than this far away, in seconds."""
UNSEEN_STRENGTH = 0.7
"""Strength of a user's hit where nothing was detected."""


class CuePicture:
    """The picture as an engine is shown it: what was seen within the take, or the user's hits instead."""

    def __init__(
        self,
        stream: SpottingStream,
        hits: Sequence[WantedHit] | None,
        cue_range: CueRange,
        *,
        min_sure: float = 0.0,
        min_strength: float = 0.0,
    ) -> None:
        self._stream, self._cue_range = stream, cue_range
        self._min_sure, self._min_strength = min_sure, min_strength
        within = None if hits is None else [hit for hit in dict.fromkeys(hits) if self._within(hit.time)]
        self._hits = None if within is None else sorted(within, key=lambda hit: hit.time)
        self._chosen: list[Impact] = []
        self._taken = 0
        """How many of the impacts seen, or of the user's hits, were looked at."""

    def impacts(self, end: Fraction | None = None) -> Sequence[Impact]:
        """The impacts to be sounded before `end`, and maybe some after it."""
        if self._hits is None:
            seen = self._stream.impacts(end)
            fresh = [impact for impact in seen[self._taken :] if self._counts(impact)]
            self._taken = len(seen)
        else:
            due = len(self._hits) if end is None else bisect_left(self._hits, end, key=lambda hit: hit.time)
            fresh = [self._placed(hit) for hit in self._hits[self._taken : due]]
            self._taken = max(due, self._taken)
        self._chosen.extend(fresh)
        return self._chosen

    def movement(self, start: Fraction, end: Fraction) -> Energy:
        """How much moves where."""
        return self._stream.movement(start, end)

    def _counts(self, impact: Impact) -> bool:
        strong_enough = impact.sure >= self._min_sure and impact.strength >= self._min_strength
        return strong_enough and self._within(impact.time)

    def _within(self, time: Fraction) -> bool:
        return self._cue_range.start <= time < self._cue_range.end

    def _placed(self, hit: WantedHit) -> Impact:
        """A user's hit as an impact, like the one seen nearest to it if that is near."""
        seen = self._stream.impacts(hit.time + REACH)
        at = bisect_left(seen, hit.time, key=lambda impact: impact.time)
        near = min(
            seen[max(at - 1, 0) : at + 1], key=lambda impact: abs(impact.time - hit.time), default=None
        )
        if near is None or abs(near.time - hit.time) >= REACH:
            near = Impact(time=hit.time, strength=UNSEEN_STRENGTH, x=0.5, y=0.5)
        own = {name: getattr(hit, name) for name in ("strength", "x", "y", "size")}
        given = {name: value for name, value in own.items() if value is not None and value is not UNSET}
        return msgspec.structs.replace(near, time=hit.time, sound=hit.sound, layer=hit.layer, **given)
