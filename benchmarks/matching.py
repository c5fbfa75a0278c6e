"""How well times that were found fit the true ones; and how well they would by chance.

Every clip from the web has a constant offset of its own between picture and sound, which is taken out first:
the median, over the true times that have a found one within `NEAR`, of how much later the nearest found one
is. It is measured once and not searched for, so it flatters no one; whatever is compared gets the same.
Pairs are then made one to one, in the order of time, as many as there can be.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NEAR = 0.25
"""Seconds."""
TOLERANCES = (0.05, 0.10)
PERIODS = tuple(n / 100 for n in range(10, 151))
"""Of the metronomes tried, in seconds."""
_PHASES = 20


@dataclass(frozen=True)
class Clip:
    """What is true of a clip; times in seconds."""

    name: str
    onsets: tuple[float, ...]
    duration: float


@dataclass(frozen=True)
class Score:
    """Pairs made within each of `TOLERANCES`, out of so many found and true times."""

    pairs: tuple[int, ...]
    found: int
    true: int
    offset: float
    """Seconds that were taken out."""

    def f1(self) -> tuple[float, ...]:
        """For each of `TOLERANCES`."""
        return tuple(2 * pairs / max(self.found + self.true, 1) for pairs in self.pairs)


def score(found: Sequence[float], onsets: Sequence[float]) -> Score:
    """Fit what was found to the onsets, less its median offset."""
    late = offset(found, onsets)
    moved = [time - late for time in found]
    return Score(tuple(pairs(moved, onsets, near) for near in TOLERANCES), len(found), len(onsets), late)


def offset(found: Sequence[float], onsets: Sequence[float]) -> float:
    """How much later than the onsets the nearest of `found` are: the median."""
    away = [nearest(found, onset) - onset for onset in onsets] if found else []
    near = [seconds for seconds in away if abs(seconds) <= NEAR]
    return float(np.median(near)) if near else 0.0


def nearest(found: Sequence[float], time: float) -> float:
    """Of `found`, in order, the one nearest to `time`."""
    at = bisect_left(found, time)
    return min(found[max(at - 1, 0) : at + 1], key=lambda other: abs(other - time))


def pairs(found: Sequence[float], onsets: Sequence[float], near: float) -> int:
    """The most pairs within `near` seconds that can be made one to one: the earliest with the earliest."""
    one = other = made = 0
    while one < len(found) and other < len(onsets):
        away = found[one] - onsets[other]
        if abs(away) <= near:
            made, one, other = made + 1, one + 1, other + 1
        elif away < 0:
            one += 1
        else:
            other += 1
    return made


def mean_f1(scores: Sequence[Score]) -> tuple[float, ...]:
    """The mean over clips, for each of `TOLERANCES`."""
    return tuple(float(np.mean(f1)) for f1 in zip(*(one.f1() for one in scores), strict=True))


def pooled_f1(scores: Sequence[Score]) -> tuple[float, ...]:
    """All clips taken as one, for each of `TOLERANCES`."""
    times = sum(one.found + one.true for one in scores)
    return tuple(2 * sum(made) / times for made in zip(*(one.pairs for one in scores), strict=True))


def ticks(period: float, start: float, duration: float) -> list[float]:
    """A metronome's, up to `duration`."""
    return [float(time) for time in np.arange(start, duration, period)]


def blind_metronome(clips: Sequence[Clip]) -> list[float]:
    """One metronome for all clips, which sees none: the mean F1 of the best period, for each of `TOLERANCES`.

    Which period is best is judged by the onsets; so this is more than one who has not heard them could do.
    """
    runs = (mean_f1([score(ticks(period, 0, c.duration), c.onsets) for c in clips]) for period in PERIODS)
    return [max(f1) for f1 in zip(*runs, strict=True)]


def told_metronome(clips: Sequence[Clip]) -> list[float]:
    """A metronome for each clip that was told the onsets and has the best period and phase for them."""
    best = [
        [
            max(f1)
            for f1 in zip(
                *(
                    score(ticks(period, period * phase / _PHASES, clip.duration), clip.onsets).f1()
                    for period in PERIODS
                    for phase in range(_PHASES)
                ),
                strict=True,
            )
        ]
        for clip in clips
    ]
    return [float(np.mean(f1)) for f1 in zip(*best, strict=True)]


def chance(clips: Sequence[Clip], runs: int = 100) -> list[float]:
    """As many times as there are onsets, anywhere: the mean F1, for each of `TOLERANCES`."""
    rng = np.random.default_rng(0)
    found = [
        mean_f1([score(sorted(rng.uniform(0, c.duration, len(c.onsets))), c.onsets) for c in clips])
        for _ in range(runs)
    ]
    return [float(f1) for f1 in np.mean(found, axis=0)]
