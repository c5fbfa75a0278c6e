"""Matching: which onset is the sound of which impact.

Pairs keep the order of time, and each impact and each onset has one partner or none. Over all ways to pair
them so, sums by dynamic programming give how likely each pair is (`pair_probabilities.py`): that is its
confidence, and it is low where another onset would do as well, or none. How exactly and how many impacts are
sounded is learnt from the sound itself (expectation maximisation). Only onsets near an impact are looked at,
so ten thousand of both take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from foley_core.align.evidence import Floats, Samples
from foley_core.align.lateness import Lateness, expected_samples
from foley_core.align.onsets import Onset
from foley_core.align.pair_probabilities import Band, pair_probabilities
from foley_core.picture.spotting import Impact
from foley_core.timecode import SAMPLE_RATE

FARTHEST = SAMPLE_RATE * 150 // 1000
"""No pair is further apart than this after lateness, in samples."""
LIKELY = 0.5
"""Pairs that are likelier than this are pairs. No two of them can be at odds."""

_AROUND = 5 * SAMPLE_RATE
"""How dense onsets are is taken so far to both sides."""
_BACKGROUND = 0.2
"""Onsets a second that are reckoned with at least."""
_WIDE = 0.060
"""Standard deviation in seconds of sounds that are placed badly."""
_SPREADS = (0.004, 0.020)
"""Standard deviations that those placed well may have: impacts are not seen more exactly, or less."""
_FAINT = 0.5
"""What an onset of no strength counts for."""
_ROUNDS = 4
_DOUBT = 5.0
"""So many pairs' worth of doubt that this sound is unlike others."""


@dataclass(frozen=True)
class Pair:
    """An impact and the onset that is its sound."""

    impact: int
    """Its number among the impacts."""
    onset: int
    """Its number among the onsets."""
    before: int
    """Samples by which the onset is late, before anything is moved."""
    confidence: float
    """0 to 1."""
    by_itself: bool = True
    """Whether it may be moved by itself. A pair that was only listened for is moved with all of the sound:
    that its hit lies wrong, and not its impact, no other evidence bears out."""


@dataclass(frozen=True)
class _Near:
    """The onsets near an impact."""

    first: int
    """Number of the first of them."""
    off: Floats
    """How much later than the impact each is after lateness, in seconds."""
    weight: Floats
    """What each counts for, against how dense onsets are there."""
    sure: float
    """Of the impact."""


@dataclass(frozen=True)
class _Manner:
    """How a sound follows the picture."""

    sounded: float = 0.6
    """Share of the impacts that are heard."""
    well: float = 0.8
    """Share of those that are placed well."""
    spread: float = 0.015
    """Standard deviation of these, in seconds."""


def match(
    impacts: Sequence[Impact], onsets: Sequence[Onset], lateness: Lateness, first_sample: int = 0
) -> list[Pair]:
    """The pairs, in the order of time; the onsets count from `first_sample` of media time."""
    wanted = expected_samples(impacts, first_sample)
    near = _near(wanted, impacts, onsets, lateness)
    manner, found = _Manner(), list[Floats]()
    for _ in range(_ROUNDS):
        found = pair_probabilities([_band(one, manner) for one in near], len(onsets))
        manner = _learnt(near, found, manner)
    pairs = []
    for impact, (one, likely) in enumerate(zip(near, found, strict=True)):
        for place in np.flatnonzero(likely > LIKELY):
            onset = one.first + int(place)
            before = onsets[onset].sample - int(wanted[impact])
            pairs.append(Pair(impact, onset, before, min(float(likely[place]), 1.0), by_itself=False))
    return pairs


def _near(
    wanted: Samples, impacts: Sequence[Impact], onsets: Sequence[Onset], lateness: Lateness
) -> list[_Near]:
    heard = np.array([onset.sample for onset in onsets], np.int64)
    late = np.array([lateness.at(Fraction(onset.sample, SAMPLE_RATE)) for onset in onsets], np.int64)
    placed = np.maximum.accumulate(heard - late)
    strength = np.array([_FAINT + (1 - _FAINT) * onset.strength for onset in onsets])
    first, past = (np.searchsorted(placed, wanted + far) for far in (-FARTHEST, FARTHEST))
    many = np.subtract(*(np.searchsorted(placed, wanted + far) for far in (_AROUND, -_AROUND)))
    rate = np.maximum(many * SAMPLE_RATE / (2 * _AROUND), _BACKGROUND)
    return [
        _Near(int(a), (placed[a:b] - place) / SAMPLE_RATE, strength[a:b] / density, impact.sure)
        for a, b, place, density, impact in zip(first, past, wanted, rate, impacts, strict=True)
    ]


def _band(near: _Near, manner: _Manner) -> Band:
    """The odds of each onset against that the impact is not heard."""
    well, badly = _placed(near.off, manner)
    heard = near.sure * manner.sounded / (1 - manner.sounded)
    return Band(near.first, heard * (well + badly) * near.weight)


def _placed(off: Floats, manner: _Manner) -> tuple[Floats, Floats]:
    """How likely sounds lie so far off, placed well and placed badly."""
    return manner.well * _normal(off, manner.spread), (1 - manner.well) * _normal(off, _WIDE)


def _normal(off: Floats, spread: float) -> Floats:
    return np.asarray(np.exp(-0.5 * (off / spread) ** 2) / (spread * np.sqrt(2 * np.pi)))


def _learnt(near: Sequence[_Near], found: Sequence[Floats], manner: _Manner) -> _Manner:
    """The manner that the pairs found so far speak for."""
    off = np.concatenate([one.off for one in near]) if near else np.zeros(0)
    likely = np.concatenate(found) if near else np.zeros(0)
    well, badly = _placed(off, manner)
    exact = likely * well / (well + badly)
    usual = _Manner()
    paired, good, weighed = float(likely.sum()), float(exact.sum()), float((exact * off**2).sum())
    return _Manner(
        sounded=min((paired + _DOUBT * usual.sounded) / (len(near) + _DOUBT), 0.99),
        well=(good + _DOUBT * usual.well) / (paired + _DOUBT),
        spread=float(np.clip(np.sqrt((weighed + _DOUBT * usual.spread**2) / (good + _DOUBT)), *_SPREADS)),
    )
