"""A hidden Markov model of lateness: the most likely one of each stretch, given the evidence of all of them.

A hidden Markov model solved by forward and backward sums (Rabiner, "A tutorial on hidden Markov models and
selected applications in speech recognition", Proc. IEEE 77, 1989). In each stretch 0.6 s to both sides of
where the best lateness was last are tried; so an hour's drift is followed at the cost of a clip's.
"""

from __future__ import annotations

import numpy as np

from foley_core.align.evidence import Floats, Samples
from foley_core.timecode import SAMPLE_RATE

GRAIN = SAMPLE_RATE // 200
"""Samples from one lateness that is tried to the next: 5 ms."""

_BESIDE = 120
"""Latenesses tried to each side: 0.6 s."""
_STEEPEST = 10
"""By so many of them lateness may change from stretch to stretch, besides drifting."""
_STEADY = 0.5
"""What each of them costs, in evidence."""
_USUAL, _MORE_OR_LESS = 0.1, 0.2
"""How late sounds are at their start, in seconds: mean and standard deviation. What makes a sound follows the
picture, so it is late rather than early; known generators are 60 to 270 ms late."""
_LEAST = 1e-30


class LatenessHMM:
    """Give it the evidence of stretch after stretch."""

    def __init__(self, drift: int) -> None:
        """Lateness is expected to grow by `drift` grains from stretch to stretch."""
        self._drift = drift
        self.evidence = 0.0
        """That there is any lateness at which what is seen and what is heard belong together."""
        self._centres: list[int] = []
        self._before: list[Floats] = []
        """Of each stretch: how likely each lateness is, given all stretches up to it."""
        self._centre = 0

    def latenesses(self) -> Samples:
        """Those for which the next stretch's evidence is wanted, in samples."""
        return (self._centre + np.arange(-_BESIDE, _BESIDE + 1, dtype=np.int64)) * GRAIN

    def add(self, evidence: Floats) -> None:
        """The evidence of the next stretch, for each of `latenesses`."""
        best = float(evidence.max())
        likely = np.exp(evidence - best)
        expected = self._expected() * likely
        total = float(expected.sum())
        self.evidence += best + float(np.log(total))
        self._centres.append(self._centre)
        self._before.append(expected / total)
        move = int(np.argmax(expected)) - _BESIDE
        self._centre += min(max(move, -_STEEPEST), _STEEPEST) + self._drift

    def _expected(self) -> Floats:
        if not self._before:
            seconds = self.latenesses() / SAMPLE_RATE
            usual = np.exp(-0.5 * ((seconds - _USUAL) / _MORE_OR_LESS) ** 2)
            return np.asarray(usual / usual.sum())
        return _spread(self._before[-1], self._centre - self._centres[-1] - self._drift)

    def most_likely(self) -> Samples:
        """The lateness of each stretch, in samples: the last one's likeliest, and back from there."""
        found = np.zeros(len(self._centres), np.int64)
        chances = self._before[-1]
        for index in range(len(found) - 1, -1, -1):
            state = int(np.argmax(chances))
            found[index] = (self._centres[index] + state - _BESIDE) * GRAIN
            if index:
                arrived = np.zeros(len(chances))
                arrived[state] = 1.0
                move = self._centres[index - 1] - self._centres[index] + self._drift
                chances = self._before[index - 1] * _spread(arrived, move)
        return found


def _spread(chances: Floats, move: int) -> Floats:
    """The chances a stretch further (or back), on a grid whose centre has moved so far."""
    change = np.exp(-_STEADY * np.abs(np.arange(-_STEEPEST, _STEEPEST + 1)))
    wide = np.convolve(np.pad(chances, _STEEPEST), change / change.sum())
    return np.asarray(wide[2 * _STEEPEST + move :][: len(chances)] + _LEAST)
