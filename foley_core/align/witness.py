"""A third witness of lateness: a model that was taught to tell how far sound and picture lie apart.

It is handed in, and asked of a window in the middle of each stretch of film in which something is heard to
begin. What it says is counted in natural logarithms of odds against its saying nothing, and for no more than
`_MOST`: less than one sure impact that meets its onset. Its latenesses are 0.2 s from each other, so it can
tell a beat too late from a beat too early and nothing finer. Knows no model, and not whether it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from foley_core.align.sound_analysis import SoundAnalysis
from foley_core.media.probe import MediaInfo
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

Stretch: TypeAlias = tuple[int, int]
"""The first sample of a stretch of film, and the one behind its last."""
ReadSound: TypeAlias = Callable[[int, int], Sound]
"""So many samples from one on, (samples, 2); silence where there is no sound."""

WINDOW = Fraction(24, 5)
"""Seconds of film and sound that a witness is shown at once."""
LATENESSES: NDArray[np.int64] = np.arange(-10, 11, dtype=np.int64) * (SAMPLE_RATE // 5)
"""Those that it tells of, in samples: 2 s early to 2 s late."""

_MOST = 1.5


class Witness(Protocol):
    """What can be asked."""

    name: str
    """As people know it."""

    def __call__(
        self, info: MediaInfo, starts: Sequence[Fraction], sound: ReadSound, tick: Callable[[float], None]
    ) -> NDArray[np.float64]:
        """Logarithms of how likely each of `LATENESSES` is in the windows at `starts`: (windows, 21).

        Windows begin at rising media times and do not overlap; the sound's first sample is at media time 0.
        `tick` is told the share done. May raise a `FoleyError`.
        """
        ...


@dataclass(frozen=True)
class Statement:
    """What a witness said."""

    name: str
    said: Mapping[Stretch, NDArray[np.float64]]
    """Of a stretch the log odds of each of `LATENESSES`; of stretches that are not there it said nothing."""

    def evidence(self, stretch: Stretch, latenesses: NDArray[np.int64]) -> NDArray[np.float64]:
        """What it says of a stretch, for each lateness in samples."""
        if stretch not in self.said:
            return np.zeros(len(latenesses))
        return np.interp(latenesses, LATENESSES, self.said[stretch])

    def against(self, late: Callable[[Fraction], int], aways: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log odds against the sound being later than `late` has it, by each of `aways` in samples."""
        told = np.zeros(len(aways))
        for stretch in self.said:
            here = late(Fraction(sum(stretch), 2 * SAMPLE_RATE))
            odds = self.evidence(stretch, here + np.array([0, *aways], np.int64))
            told += odds[0] - odds[1:]
        return told


def ask(
    witness: Witness,
    info: MediaInfo,
    heard: SoundAnalysis,
    stretches: Sequence[Stretch],
    sound: ReadSound,
    tick: Callable[[float], None],
) -> Statement:
    """What the witness says of the film and a sound that begins with it."""
    onsets = np.array([onset.sample for onset in heard.onsets], np.int64)
    starts: dict[Stretch, Fraction] = {}
    for stretch in stretches:
        start = Fraction(sum(stretch), 2 * SAMPLE_RATE) - WINDOW / 2
        first, past = sample_at(start), sample_at(start + WINDOW)
        shown = stretch[0] <= first and past <= stretch[1] and start + WINDOW <= info.duration
        if shown and ((onsets >= first) & (onsets < past)).any():
            starts[stretch] = start
    if not starts:
        return Statement(witness.name, {})
    likely = witness(info, list(starts.values()), sound, tick)
    return Statement(witness.name, dict(zip(starts, _odds(likely), strict=True)))


def _odds(likely: NDArray[np.float64]) -> NDArray[np.float64]:
    """Against all latenesses being as likely, and no more than `_MOST` of them."""
    return np.asarray(np.clip(likely + np.log(len(LATENESSES)), -_MOST, _MOST))
