"""Evidence: how much what is seen in a stretch of film speaks for each lateness of the sound.

Two witnesses, and a third where there is one (`witness.py`). Each impact meets an onset or does not, and so
does each onset an impact: that is weighed against meeting one by chance where they are so many, the strong
and the sure counting for more. And where what moves is slowed down, the sound should grow loud, whether or
not anything was taken for an impact: that is weighed by correlation. All evidence is in natural logarithms of
odds against chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from foley_core.align.sound_analysis import STEP, SoundAnalysis
from foley_core.align.witness import Statement
from foley_core.picture.movement import Energy, first_step
from foley_core.picture.spotting import MOVEMENT_RATE, Impact
from foley_core.timecode import SAMPLE_RATE

Samples: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
MovementIn: TypeAlias = Callable[[Fraction, Fraction], Energy]
"""The movement between two media times, as `Picture.movement` gives it."""

_HEARD = 0.5
"""Share of impacts that are heard, and of onsets that are seen, as far as can be known before."""
_ELSEWHERE = 0.2
"""Share of the stretches whose sound has nothing to do with the picture."""
_FAINT = 0.3
"""What one of no strength counts for."""
_SPREAD = 0.015
"""Standard deviation of impacts against their onsets in seconds: about half a frame."""
_BACKGROUND = 0.2
"""A second has so many impacts and onsets at least, by chance."""
_BANDWIDTH = 5
"""Changes of movement a second that are independent of each other."""
_RANGE = 50.0
"""Decibels below the loudest place of a stretch under which no rise is heard."""
_SLUR = 4
"""Steps of level over which a rise is smoothed."""
_BLUR = 0.030
"""Standard deviation in seconds of when sound grows loud against when what moves is slowed down."""


@dataclass(frozen=True)
class WeightedEvents:
    """Impacts or onsets: where in the sound they are, and what each counts for, 0 to 1."""

    samples: Samples
    weights: Floats

    def between(self, first: int, past: int) -> WeightedEvents:
        """Those from sample `first` up to `past`."""
        a, b = np.searchsorted(self.samples, (first, past))
        return WeightedEvents(self.samples[a:b], self.weights[a:b])

    def stretched(self, slope: Fraction, middle: int) -> WeightedEvents:
        """The same with each mark later by `slope` times how far it lies behind `middle`."""
        later = (self.samples - middle) * slope.numerator // slope.denominator
        return WeightedEvents(self.samples + later, self.weights)


def weighted_events(samples: Samples, strengths: Floats, sure: Floats | float = 1.0) -> WeightedEvents:
    """Impacts or onsets with their strengths, 0 to 1."""
    return WeightedEvents(samples, np.asarray(sure * (_FAINT + (1 - _FAINT) * strengths), np.float64))


class LatenessEvidence:
    """What was seen and heard, ready to be asked."""

    def __init__(
        self,
        due: Samples,
        impacts: Sequence[Impact],
        heard: SoundAnalysis,
        movement: MovementIn | None,
        first_sample: int,
        statement: Statement | None = None,
    ) -> None:
        """`due` are the samples in which the impacts should be heard."""
        strengths, sure = (np.array([getattr(i, of) for i in impacts]) for of in ("strength", "sure"))
        self._seen = weighted_events(due, strengths, sure)
        onsets = np.array([onset.sample for onset in heard.onsets], np.int64)
        self._onsets = weighted_events(onsets, np.array([onset.strength for onset in heard.onsets]))
        self._heard, self._movement, self._first_sample = heard, movement, first_sample
        self._statement = statement

    def evidence(self, stretch: tuple[int, int], latenesses: Samples, slope: Fraction) -> Floats:
        """What they say about a stretch of picture, given by samples, for each lateness in its middle.

        Lateness grows by `slope` from sample to sample.
        """
        seen = self._seen.between(*stretch).stretched(slope, sum(stretch) // 2)
        onsets = self._onsets.between(stretch[0] + int(latenesses[0]), stretch[1] + int(latenesses[-1]))
        told = event_evidence(seen, onsets, latenesses, stretch)
        if self._movement is not None:
            told = told + movement_evidence(
                self._movement, self._heard, latenesses, stretch, self._first_sample
            )
        if self._statement is not None:
            told = told + self._statement.evidence(stretch, latenesses)
        return np.asarray(np.logaddexp(told + np.log(1 - _ELSEWHERE), np.log(_ELSEWHERE)))


def event_evidence(
    seen: WeightedEvents, heard: WeightedEvents, latenesses: Samples, stretch: tuple[int, int]
) -> Floats:
    """What the impacts of a stretch say, for each lateness; the onsets reach beyond it."""
    if not len(seen.samples) or not len(heard.samples):
        return np.zeros(len(latenesses))
    samples = stretch[1] - stretch[0]
    span = samples + int(latenesses[-1] - latenesses[0])
    odds = _met(seen, heard, latenesses, len(heard.samples) / span)
    there = heard.samples[:, None] - latenesses  # where in the picture each onset would be
    inside = (there >= stretch[0]) & (there < stretch[1])
    back = _met(heard, seen, -latenesses, len(seen.samples) / samples, inside)
    return np.asarray((odds + back) / 2)


def _met(
    those: WeightedEvents,
    others: WeightedEvents,
    later: Samples,
    rate: float,
    counted: NDArray[np.bool_] | bool = True,
) -> Floats:
    """Log odds that each of `those`, so much later, meets one of the others, which are so many a sample."""
    places = those.samples[:, None] + later
    right = np.clip(np.searchsorted(others.samples, places), 1, max(len(others.samples) - 1, 1))
    best = np.zeros(places.shape)
    for near in (right - 1, np.minimum(right, len(others.samples) - 1)):
        away = (places - others.samples[near]) / SAMPLE_RATE
        meeting = np.exp(-0.5 * (away / _SPREAD) ** 2) / (_SPREAD * np.sqrt(2 * np.pi))
        best = np.maximum(best, others.weights[near] * meeting)
    chance = max(rate * SAMPLE_RATE, _BACKGROUND)
    share = _HEARD * those.weights[:, None]
    odds = np.log(1 - share + share * best / chance)
    return np.asarray(np.where(counted, odds, 0.0).sum(axis=0))


def movement_evidence(
    movement: MovementIn,
    heard: SoundAnalysis,
    latenesses: Samples,
    stretch: tuple[int, int],
    first_sample: int,
) -> Floats:
    """What movement says about the samples `stretch` of a sound that begins at `first_sample`."""
    start, end = (Fraction(first_sample + sample, SAMPLE_RATE) for sample in stretch)
    speed = np.sqrt(movement(start, end).sum(axis=(1, 2), dtype=np.float64))
    slowed = np.maximum(-np.gradient(speed), 0.0) if len(speed) > 2 else np.zeros(0)
    if not slowed.any():
        return np.zeros(len(latenesses))
    steps = (first_step(start) + np.arange(len(slowed)) + 0.5) / MOVEMENT_RATE * SAMPLE_RATE - first_sample
    places = ((steps[:, None] + latenesses) // STEP).astype(np.int64)
    rises = _rises(heard, int(places.min()), int(places.max()) + 1)
    loud = rises[places - int(places.min())]
    loud -= loud.mean(axis=0)
    slowed -= slowed.mean()
    power = np.sqrt((slowed**2).sum() * (loud**2).sum(axis=0))
    alike = np.divide(slowed @ loud, power, out=np.zeros(len(latenesses)), where=power > 0)
    independent = _BANDWIDTH * (stretch[1] - stretch[0]) / SAMPLE_RATE
    odds = (1 - np.clip(alike, 0.0, 0.99) ** 2) ** (-0.5 * independent)
    grain = float(latenesses[1] - latenesses[0]) / SAMPLE_RATE
    return np.asarray(np.log(gaussian_filter1d(odds, _BLUR / grain)))


def _rises(heard: SoundAnalysis, first: int, past: int) -> Floats:
    """How much louder it grows in each step of level, in decibels; silence beyond both ends."""
    level = np.zeros(past - first)
    begin, end = max(first, 0), min(past, len(heard.level))
    if end > begin:
        level[begin - first : end - first] = heard.level[begin:end]
    decibels = 10 * np.log10(level + 1e-7)
    decibels = np.maximum(decibels, decibels.max() - _RANGE)
    rises = np.maximum(np.diff(decibels, prepend=decibels[:1]), 0.0)
    return np.asarray(gaussian_filter1d(rises, _SLUR))
