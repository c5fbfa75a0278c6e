"""Lateness: how much later than the picture a sound is, as it changes from start to end.

The film is taken in stretches of five seconds. In each, many latenesses are weighed (`evidence.py`), and the
likeliest way through all of them is found (`lateness_hmm.py`), for clocks that run alike and for clocks that
do not. What is so known to 5 ms is then fitted to the pairs around (`fitting.py`). Time and memory grow with
the length and no faster.

Lateness is zero where there is too little evidence that picture and sound have anything to do with each
other. It is a measurement against the impacts that were seen, and as right as these are: whether it may be
acted upon is told by `held_out.py`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from foley_core.align.evidence import LatenessEvidence, MovementIn, Samples
from foley_core.align.fitting import fitted
from foley_core.align.lateness_hmm import GRAIN, LatenessHMM
from foley_core.align.sound_analysis import SoundAnalysis
from foley_core.align.witness import Statement
from foley_core.picture.spotting import Impact
from foley_core.timecode import SAMPLE_RATE, sample_at

CLOSE = SAMPLE_RATE * 20 // 1000
"""Samples: a sound that is nowhere later or earlier than this is right."""

_STRETCH = 5 * SAMPLE_RATE
_ENOUGH = 0.7
"""Evidence from which anything is told: odds of two to one."""
_DRIFTS = {0: 0.0, 1: 2.0, -1: 2.0, 5: 2.0, -5: 2.0}
"""By how many grains clocks drift apart in a stretch (0, 0.1, 0.5 %), and the evidence it takes to believe
that; they may drift by more or less by and by."""


@dataclass(frozen=True)
class Lateness:
    """Knots in samples of the sound, and how many samples it is late there; straight lines between."""

    samples: tuple[int, ...] = (0,)
    late: tuple[int, ...] = (0,)
    told: bool = False
    """Whether there was enough to tell it."""
    evidence: float = 0.0
    """Log odds that picture and sound have to do with each other."""

    @property
    def right(self) -> bool:
        """Whether the sound is nowhere later or earlier than `CLOSE`."""
        return self.within(CLOSE)

    def within(self, samples: int) -> bool:
        """Whether the sound is nowhere later or earlier than so many samples."""
        return max(map(abs, self.late)) <= samples

    def sounding(self, due: Samples) -> Samples:
        """Where in the sound is heard what is due at these samples of it."""
        late = np.array(self.late, np.int64)
        return due + np.rint(np.interp(due, np.array(self.samples) - late, late)).astype(np.int64)

    def at(self, time: Fraction) -> int:
        """Samples by which what sounds at `time` (seconds from the sound's first sample) is late."""
        sample = time * SAMPLE_RATE
        index = bisect_right(self.samples, sample)
        if index == 0 or index == len(self.samples):
            return self.late[min(index, len(self.samples) - 1)]
        first, last = self.samples[index - 1 : index + 1]
        begin, end = self.late[index - 1 : index + 1]
        return round(begin + (end - begin) * (sample - first) / (last - first))


def expected_samples(impacts: Sequence[Impact], first_sample: int = 0) -> Samples:
    """In which samples of a sound that begins at `first_sample` of media time impacts should be heard."""
    return np.array([sample_at(impact.time) - first_sample for impact in impacts], np.int64)


def estimate(
    impacts: Sequence[Impact],
    heard: SoundAnalysis,
    movement: MovementIn | None = None,
    first_sample: int = 0,
    statement: Statement | None = None,
) -> Lateness:
    """How late what was `heard`, from `first_sample` of media time on, is against what was seen."""
    seen = expected_samples(impacts, first_sample)
    if not len(seen) or not heard.onsets:
        return Lateness()
    parts = stretches(heard.samples)
    seen_and_heard = LatenessEvidence(seen, impacts, heard, movement, first_sample, statement)
    models = [_model(seen_and_heard, parts, drift) for drift in _DRIFTS]
    evidence = [hmm.evidence - cost for hmm, cost in zip(models, _DRIFTS.values(), strict=True)]
    hmm, best = models[int(np.argmax(evidence))], max(evidence)
    if best < _ENOUGH:
        return Lateness(evidence=best)
    onsets = np.array([onset.sample for onset in heard.onsets], np.int64)
    knots, late = _to_the_ends(parts, hmm.most_likely())
    late = fitted(seen, onsets, knots, late)
    return Lateness(tuple((knots + late).tolist()), tuple(late.tolist()), True, best)


def _model(seen_and_heard: LatenessEvidence, parts: Sequence[tuple[int, int]], drift: int) -> LatenessHMM:
    hmm = LatenessHMM(drift)
    slope = Fraction(drift * GRAIN, _STRETCH)
    for stretch in parts:
        hmm.add(seen_and_heard.evidence(stretch, hmm.latenesses(), slope))
    return hmm


def stretches(samples: int) -> list[tuple[int, int]]:
    """The first sample of each stretch of the picture, and the one behind its last."""
    return [(first, min(first + _STRETCH, samples)) for first in range(0, samples, _STRETCH)]


def _to_the_ends(parts: Sequence[tuple[int, int]], late: Samples) -> tuple[Samples, Samples]:
    """Knots in the middle of each stretch and at both ends, where lateness goes on as it did beside them."""
    middles = np.array([(first + past) // 2 for first, past in parts], np.int64)
    knots = np.array([parts[0][0], *middles, parts[-1][1]], np.int64)
    if len(late) < 2:
        return knots, np.repeat(late, 3)
    ends = [
        late[one] + (late[one] - late[two]) * (end - middles[one]) // (middles[one] - middles[two])
        for end, one, two in ((knots[0], 0, 1), (knots[-1], -1, -2))
    ]
    return knots, np.array([ends[0], *late, ends[1]], np.int64)
