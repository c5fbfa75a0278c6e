"""What is really in the files: where sounds begin, how far that is from what was seen, and where sound lacks.

Only the samples of the WAVs are believed, no record of a take. Files are read a second at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from foley_core.align.onsets import Onset, onsets
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

REACH = Fraction(1, 2)
"""Seconds around an impact in which its sound is looked for."""
LONGEST_SILENCE = SAMPLE_RATE // 100
"""Samples of digital silence that may follow each other in a layer that sounds."""


@dataclass(frozen=True)
class MeasuredImpact:
    """A true impact, and its sound."""

    time: Fraction
    """Media time at which it is seen."""
    offset: Fraction | None
    """How many seconds later it is heard; None if it is not."""


def measured_impacts(
    times: Sequence[Fraction], found: Sequence[Onset], first_sample: int
) -> list[MeasuredImpact]:
    """Each of `times` with the strongest onset within `REACH`; of equal ones, the first.

    `times` is media time in order, and so is what is answered; `first_sample` is where the sound's first
    sample lies in media time.
    """
    samples = [first_sample + onset.sample for onset in found]
    answer = []
    for time in times:
        low = bisect_left(samples, sample_at(time - REACH))
        high = bisect_left(samples, sample_at(time + REACH))
        best = max(range(low, high), key=lambda n: (found[n].strength, -n), default=None)
        late = None if best is None else Fraction(samples[best], SAMPLE_RATE) - time
        answer.append(MeasuredImpact(time, late))
    return answer


def onsets_in(path: Path) -> list[Onset]:
    """Where sounds begin in a WAV."""
    return list(onsets(blocks_of(path)))


def clicks_in(path: Path) -> list[Onset]:
    """Each sample that is not zero: of a sound that has nothing but clicks, and to the very sample."""
    found, before = [], 0
    for block in blocks_of(path):
        loud = np.abs(block).max(axis=1)
        found += [Onset(before + int(at), float(loud[at])) for at in np.flatnonzero(loud)]
        before += len(block)
    return found


def missing_samples(path: Path, samples: int) -> int:
    """How many of the samples asked for the file lacks, or has too many."""
    with soundfile.SoundFile(path) as file:
        return abs(samples - int(file.frames))


def silent_samples(blocks: Iterable[Sound]) -> int:
    """Samples of digital silence, where more than `LONGEST_SILENCE` follow each other.

    0 for a sound that is silent throughout: its layer has nothing to sound.
    """
    silent, waiting, sounded = 0, 0, False
    for block in blocks:
        sounded = sounded or bool(block.any())
        runs = _runs(np.abs(block).max(axis=1) == 0)
        for length, is_silent in runs:
            if is_silent:
                waiting += length
            else:
                silent += _long(waiting)
                waiting = 0
    return silent + _long(waiting) if sounded else 0


def blocks_of(path: Path) -> Iterator[Sound]:
    """A WAV second by second."""
    with soundfile.SoundFile(path) as file:
        yield from file.blocks(SAMPLE_RATE, dtype="float32", always_2d=True)


def _long(run: int) -> int:
    return run if run > LONGEST_SILENCE else 0


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, bool]]:
    """Runs of equal flags: how long each is, and which."""
    edges = np.flatnonzero(np.diff(flags)) + 1
    for part in np.split(flags, edges):
        if len(part):
            yield len(part), bool(part[0])
