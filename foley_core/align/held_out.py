"""The held-out check: is a lateness borne out by impacts that it was not measured from?

Every other impact is one half, those between are the other; each half's lateness is measured alone, from
impacts and onsets, and tried on the half that was held out (cross-validation; Stone, "Cross-validatory choice
and assessment of statistical predictions", J. R. Stat. Soc. B 36, 1974). What it guarantees: a lateness is
told only where by either half the other's impacts meet onsets, far more than at any other lateness nearby,
where both halves say the same, and where no part of the film says another thing. So nothing is told of sound
and picture that meet by chance, of few impacts, of work so even that a beat more or less would do as well,
and of sound of which a part is late and the rest is not. A third witness (`witness.py`), where one was asked,
counts in both halves, and what it clearly doubts counts for less: then even work may be told as well.

What it cannot see: whether all impacts are seen too early or too late together. How exactly they are seen is
therefore told by how much the held-out ones scatter, times `ALL_TOGETHER`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from foley_core.align.evidence import Floats, Samples
from foley_core.align.fitting import nearest
from foley_core.align.lateness import CLOSE, Lateness, estimate, expected_samples
from foley_core.align.sound_analysis import SoundAnalysis
from foley_core.align.witness import Statement
from foley_core.picture.spotting import Impact
from foley_core.timecode import SAMPLE_RATE

ALL_TOGETHER = 4
"""By so many times their scatter may impacts lie wrong all together (measured: in three real films with their
own sound 3.0, 4.0 and 4.3 times; in a fourth, of whose impacts five are heard, 4 to 7 times)."""

_EXACTLY = SAMPLE_RATE * 15 // 1000
"""Samples that are counted as met: the standard deviation of impacts against onsets, about half a frame."""
_ELSEWHERE = 5 * _EXACTLY
"""From so many samples on another lateness is another one."""
_NEARBY = SAMPLE_RATE * 5 // 2
"""As far away others are tried, in samples."""
_STEP = SAMPLE_RATE // 200
_RIVAL = 0.75
"""Where another lateness meets so much of what this one meets, neither is told."""
_CLEARLY = 2.3
"""Log odds from which a third witness speaks clearly against another lateness: ten to one."""
_DOUBTED = 0.5
"""What another lateness meets counts for so much where it does."""
_LEAST = 2.5
"""So many impacts of each half must meet an onset: fewer do so anywhere by chance, and have no scatter."""
_MORE, _EACH = 3.0, 0.2
"""Where impacts on end meet so many more at another lateness, that part is not heard with the rest; each
counts for so much less there."""
_BESIDE = SAMPLE_RATE * 6 // 10
"""So far away others are tried for that, in samples: as far as lateness is looked for."""
_FAR = SAMPLE_RATE * 60 // 1000
"""An impact further away than this from any onset, in samples, is not heard: it does not count as scatter."""
_MAD = 1.4826
"""Standard deviation over the median distance from the median, of a normal distribution."""


@dataclass(frozen=True)
class HeldOutCheck:
    """What came of it."""

    holds: bool
    """Whether the lateness is borne out."""
    within: int = 0
    """Samples by which all impacts together may be seen too early or too late; never less than `CLOSE`."""


def check(
    lateness: Lateness,
    impacts: Sequence[Impact],
    heard: SoundAnalysis,
    first_sample: int = 0,
    statement: Statement | None = None,
) -> HeldOutCheck:
    """Check a `lateness` that was measured from all of these impacts, and by a witness where there is one."""
    halves = impacts[::2], impacts[1::2]
    alone = [estimate(half, heard, None, first_sample, statement) for half in halves]
    if not lateness.told or not all(half.told for half in alone):
        return HeldOutCheck(False)
    due = expected_samples(impacts, first_sample)
    sounding = np.zeros_like(due)
    sounding[::2], sounding[1::2] = alone[1].sounding(due[::2]), alone[0].sounding(due[1::2])
    met = _Meetings(sounding, heard)
    alike = _alike([one.sounding(due) for one in (lateness, *alone)])
    holds = alike and met.stand_out(lambda aways: _weights(statement, lateness, aways)) and met.throughout()
    return HeldOutCheck(holds, max(CLOSE, round(ALL_TOGETHER * met.scatter())) if holds else 0)


def _alike(told: Sequence[Samples]) -> bool:
    """Whether all of them say the same of when impacts are heard, by and large."""
    return all(np.median(np.abs(one - other)) <= CLOSE for one in told for other in told)


def _weights(statement: Statement | None, lateness: Lateness, aways: Samples) -> Floats:
    """What counts where the sound were so much later than this `lateness`, by what a third witness says."""
    if statement is None:
        return np.ones(len(aways))
    return np.where(statement.against(lateness.at, aways) >= _CLEARLY, _DOUBTED, 1.0)


class _Meetings:
    """How held-out impacts meet onsets where the other half has them sound."""

    def __init__(self, sounding: Samples, heard: SoundAnalysis) -> None:
        """`sounding`: where each impact should sound, in samples; those beyond its ends do not count."""
        self._samples = heard.samples
        self._even = np.arange(len(sounding)) % 2 == 0
        there = (sounding >= 0) & (sounding < heard.samples)
        self._sounding, self._even = sounding[there], self._even[there]
        onsets = np.array([onset.sample for onset in heard.onsets], np.int64)
        self._around = np.concatenate([onsets[-1:] - heard.samples, onsets, onsets[:1] + heard.samples])

    def stand_out(self, weights: Callable[[Samples], Floats]) -> bool:
        """Whether each half meets far more onsets here than at any other lateness nearby, as these weigh."""
        here = self._by_half(0)
        if here.min() < _LEAST:
            return False
        aways = _others(min(_NEARBY, self._samples // 2))
        others = np.array([self._by_half(away) for away in aways]).reshape(-1, 2)
        others *= weights(np.array(aways, np.int64))[:, None]
        return bool(len(others)) and bool((others.max(axis=0) < _RIVAL * here).all())

    def throughout(self) -> bool:
        """Whether there are nowhere impacts on end that meet far more at another lateness.

        By cumulative sums (Page, "Continuous inspection schemes", Biometrika 41, 1954).
        """
        here = self._met(0) + _EACH
        sums = (np.cumsum([0.0, *(self._met(away) - here)]) for away in _others(_BESIDE))
        return all((gained - np.minimum.accumulate(gained)).max() < _MORE for gained in sums)

    def scatter(self) -> float:
        """Standard deviation of the onsets from where impacts sound, in samples, by the median deviation."""
        off = self._off(0)
        off = off[np.abs(off) < _FAR]
        return _MAD * float(np.median(np.abs(off - np.median(off))))

    def _by_half(self, away: int) -> Floats:
        met = self._met(away)
        return np.array([met[self._even].sum(), met[~self._even].sum()])

    def _met(self, away: int) -> Floats:
        """Whether each impact, so many samples later, meets an onset: 1, less if it misses a little."""
        return np.asarray(np.exp(-0.5 * (self._off(away) / _EXACTLY) ** 2))

    def _off(self, away: int) -> Floats:
        """How much later the nearest onset is; the sound goes round at its ends."""
        places = (self._sounding + away) % self._samples
        return nearest(self._around, np.asarray(places, np.float64))


def _others(farthest: int) -> list[int]:
    """Other latenesses, in samples from this one, up to so far away."""
    return [side * away for away in range(_ELSEWHERE, farthest, _STEP) for side in (-1, 1)]
