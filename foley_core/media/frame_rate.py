"""The nominal frame rate: the one by which people count frames, found from when frames are shown.

A frame that is missing makes a gap of two steps and changes the average, not the count. The step is the
longest of which all gaps are multiples, as exactly as the times are written; a rate that people use (a whole
number, or its NTSC partner) is taken where it lies within that. Opens nothing.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from foley_core.timecode import snap_rate

Run = Sequence[int]
"""Times of frames that follow each other, in ticks and in order."""

_FASTEST = 300
"""A time base no finer than this counts frames; so do times that are all multiples of so much."""
_ROUNDING = Fraction(99_999, 100_000)
"""What rounding to a tick may do to the distance of two times, in ticks: less than one."""
_MILLISECOND = Fraction(1, 1000)
_CERTAIN = 8
"""Where times are rounded to more than a tick, a step is seen only if it is so much longer."""
_PAUSE = 8
"""A gap of more than a second and so many of the shortest is a pause, and says nothing about the rate."""
_SPARSE = 4
"""No two frames may lie less than so many steps apart."""
_DOUBT = 0.1
"""How likely it may be that gaps are multiples by chance."""
_CUSTOMARY = (24, 25, 30, 48, 50, 60, 72, 90, 96, 100, 120, 144, 240)
_LIKENESS = Fraction(1, 500_000)
"""As near as a rate must come to one that it stands for."""


@dataclass(frozen=True)
class FrameRate:
    """Frames per second."""

    rate: Fraction
    """Nominal; the average where `variable`."""
    variable: bool
    """Whether no rate counts the frames."""


@dataclass(frozen=True)
class _Step:
    """The seconds from frame to frame lie between these."""

    least: Fraction
    most: Fraction

    def within(self, least: Fraction, most: Fraction) -> _Step:
        return _Step(max(self.least, least), min(self.most, most))

    def holds(self, rate: Fraction) -> bool:
        """Whether frames at this rate would lie so."""
        return self.least * (1 - _LIKENESS) <= 1 / rate <= self.most * (1 + _LIKENESS)


def frame_rate(
    runs: Sequence[Run], tick: Fraction, stated: Sequence[Fraction], *, counting: bool = True
) -> FrameRate:
    """The frame rate of a film of which these runs of frames were seen, `tick` seconds being a tick.

    `stated` are rates that the file names, the likeliest first; they decide where what is seen leaves a
    choice. Without `counting` the container's ticks are no frames, however long they are (GIF).
    """
    runs = [sorted(set(run)) for run in runs]
    gaps = [later - time for run in runs for time, later in itertools.pairwise(run)]
    if not gaps:
        return FrameRate(snap_rate(next(iter(stated), Fraction(25))), variable=False)
    average = len(gaps) / (sum(gaps) * tick)
    runs = list(_between_pauses(runs, min(gaps), tick))
    for slack in _slacks(gaps, tick, counting):
        for parts in range(1, _SPARSE + 1):
            step = _step(runs, slack, parts)
            if step is None:
                continue
            seconds = _Step(step.least * tick, step.most * tick)
            if parts == 1 or (_customary(seconds) and not _is_pulldown(runs, slack)):
                return FrameRate(_named(seconds, stated), variable=False)
    return FrameRate(snap_rate(next(iter(stated), average)), variable=True)


def _between_pauses(runs: Sequence[Run], shortest: int, tick: Fraction) -> Iterator[Run]:
    longest = max(_PAUSE * shortest, math.floor(1 / tick))
    for run in runs:
        first = 0
        for place in range(1, len(run)):
            if run[place] - run[place - 1] > longest:
                yield run[first:place]
                first = place
        yield run[first:]


def _slacks(gaps: Sequence[int], tick: Fraction, counting: bool) -> Iterator[Fraction]:
    """How much a distance of two times may be off, in ticks: if they are counted, rounded, rounded twice."""
    common = math.gcd(*gaps)
    if counting and tick * _FASTEST >= 1:
        yield Fraction(0)
        return
    rounded = common if common * tick * _FASTEST < 1 else 1
    yield rounded * _ROUNDING
    for more in (Fraction(2 * rounded), _MILLISECOND / tick):
        if more > rounded and min(gaps) >= _CERTAIN * more:
            yield more


def _step(runs: Sequence[Run], slack: Fraction, parts: int) -> _Step | None:
    """The step, in ticks, if the shortest gap has so many of them; None if not all gaps are multiples."""
    gaps = sorted(later - time for run in runs for time, later in itertools.pairwise(run))
    if gaps[-1] - gaps[0] <= slack and parts == 1:
        return _over_runs(runs, _Step(Fraction(0), Fraction(gaps[-1] + 1)), slack, steady=True)
    step, chance = _Step((gaps[0] - slack) / parts, (gaps[0] + slack) / parts), 1.0
    if gaps[0] < _SPARSE * slack * parts:
        return None
    for gap, times in Counter(gaps[1:]).items():
        count = _count(gap, step, slack)
        if count == 0:
            return None
        if count:
            step = step.within((gap - slack) / count, (gap + slack) / count)
            chance *= float(2 * slack / step.most) ** times
    return _over_runs(runs, step, slack) if chance < (_DOUBT if parts == 1 else _DOUBT**4) else None


def _count(gap: int, step: _Step, slack: Fraction) -> int | None:
    """How many steps a gap has; 0 if it is no multiple, None if it can be several."""
    fewest, most = math.ceil((gap - slack) / step.most), math.floor((gap + slack) / step.least)
    if fewest > most:
        return 0
    return fewest if fewest == most else None


def _over_runs(runs: Sequence[Run], step: _Step, slack: Fraction, *, steady: bool = False) -> _Step | None:
    """The step as the length of whole runs shows it; None if times drift away from it."""
    for run in runs:
        first, passed = run[0] if run else 0, 0
        for time, later in itertools.pairwise(run):
            count = 1 if steady else _count(later - time, step, slack)
            if not count:  # a gap that can be several numbers of steps: begin anew
                first, passed = later, 0
                continue
            passed += count
            step = step.within((later - first - slack) / passed, (later - first + slack) / passed)
            if step.least > step.most:
                return None
    return step


def _customary(step: _Step) -> list[Fraction]:
    both = itertools.chain.from_iterable((Fraction(n), Fraction(n * 1000, 1001)) for n in _CUSTOMARY)
    return [rate for rate in both if step.holds(rate)]


def _is_pulldown(runs: Sequence[Run], slack: Fraction) -> bool:
    """Whether gaps alternate, as 2, 3, 2, 3 or 2, 3, 3, 2: then people count by the average."""
    for cycle in (2, 4):
        spans = [later - time for run in runs for time, later in zip(run, run[cycle:], strict=False)]
        if spans and max(spans) - min(spans) <= slack:
            return True
    return False


def _named(step: _Step, stated: Sequence[Fraction]) -> Fraction:
    """The rate that lies within what was seen: customary, else whole, else stated, else as seen."""
    seen = 2 / (step.least + step.most)
    whole = range(max(math.floor(seen) - 3, 1), math.ceil(seen) + 4)
    wholes = [rate for n in whole for rate in (Fraction(n), Fraction(n * 1000, 1001)) if step.holds(rate)]
    told = [snap_rate(rate) for rate in stated]
    told += [rate * multiple for rate in told for multiple in (Fraction(1, 2), Fraction(2))]
    for rates in (_customary(step), wholes):
        if known := [rate for rate in told if rate in rates]:
            return known[0]
        if rates:
            return min(rates, key=lambda rate: abs(rate - seen))
    return next((rate for rate in told if step.holds(rate)), snap_rate(seen))
