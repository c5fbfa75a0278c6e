"""Impacts: which of all candidates should be heard, with time, place, strength, size, kind and certainty.

Where the seconds around a candidate are not like those in which things strike, there are none; but where next
to nothing else moves, all that stops at once is told. A time that was followed is finer than a frame; another
is the most likely one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from foley_core.picture import candidates, sudden_stops
from foley_core.picture.acceleration import Acceleration
from foley_core.picture.candidates import Candidate, CandidateFinder
from foley_core.picture.optical_flow import FrameMotion
from foley_core.picture.scorer import Verdict, knowledge
from foley_core.picture.shots import FrameChange
from foley_core.picture.spotting import Impact

STRIKING = 0.25
"""Footage that is less likely than this to be of things that strike has no impacts."""
PLAIN = 0.8
"""How sure it is at least that what stops struck something where next to nothing else moves, if the stop is
clear."""
UNSURE = 0.05
"""What is less sure than this is none."""

_LEAD = Fraction(3, 100)
"""Real films are heard so much later, in seconds, than motion is seen to fall off: the median of eight."""
_CLEAR = 0.6
"""What is surer than this, and followed, is told at the very time of its stop."""
_HARDEST = 6e-2
"""A stop of this size, or a larger one, has strength 1."""
_TICK = 10_000
"""Times are given in parts of a second, so many."""
_LONGEST_LATE = Fraction(1, 5)

REACH = candidates.REACH + _LONGEST_LATE
"""How far before and after a moment one must look to decide about it, in seconds."""


class ImpactDetector:
    """Takes in what happens from frame to frame, in order; gives out the impacts."""

    def __init__(self) -> None:
        self._finder = CandidateFinder()
        self._found: list[Impact] = []
        self.until = Fraction(-1)
        """Up to here all is decided, in seconds of media time."""

    def see(
        self, motion: FrameMotion, acceleration: Acceleration | None, changes: Sequence[FrameChange]
    ) -> list[Impact]:
        """`acceleration` is what happens where the motion begins; gives the impacts that are decided now."""
        self._take(self._finder.see(motion, acceleration, changes))
        return self._decided(self._finder.until - _LONGEST_LATE)

    def rest(self, changes: Sequence[FrameChange]) -> list[Impact]:
        """The film is over: the impacts that are left."""
        self._take(self._finder.rest(changes))
        return self._decided(None)

    def _take(self, found: Iterable[Candidate]) -> None:
        for candidate in found:
            verdict = knowledge().verdict(candidate)
            if is_impact(candidate, verdict):
                self._found.append(impact_of(candidate, verdict))

    def _decided(self, until: Fraction | None) -> list[Impact]:
        self._found.sort(key=lambda impact: impact.time)
        due = [impact for impact in self._found if until is None or impact.time < until]
        self._found = self._found[len(due) :]
        if until is not None:
            self.until = max(until, self.until)
        return due


def is_impact(candidate: Candidate, verdict: Verdict) -> bool:
    """Whether it is told."""
    if candidate.plain:
        return candidate.followed or verdict.sure >= UNSURE
    return verdict.footage >= STRIKING and verdict.sure >= UNSURE


def impact_of(candidate: Candidate, verdict: Verdict) -> Impact:
    """Its strength goes by the logarithm of its size, 0.2 to 1."""
    stop, faintest = candidate.stop, sudden_stops.FAINTEST
    share = np.log(max(stop.size, faintest) / faintest) / np.log(_HARDEST / faintest)
    return Impact(
        time=_time(candidate, verdict),
        strength=float(np.clip(0.2 + 0.8 * share, 0.2, 1.0)),
        x=stop.x,
        y=stop.y,
        size=stop.width,
        sure=max(verdict.sure, PLAIN * stop.sure) if candidate.plain else verdict.sure,
        kind=verdict.kind,
    )


def _time(candidate: Candidate, verdict: Verdict) -> Fraction:
    if candidate.plain or (candidate.followed and verdict.sure >= _CLEAR):
        return candidate.time
    late = Fraction(round(verdict.late * _TICK), _TICK) + _LEAD
    since, until = candidate.free
    return min(max(candidate.time + min(max(late, -_LONGEST_LATE), _LONGEST_LATE), since), until)
