"""Rendering splices: a sound played piece by piece, each piece earlier or later by its own shift.

One piece goes over into the next within 10 ms at constant power, whether both sound alike there or not (Fink,
Holters, Zölzer, "Signal-matched power-complementary cross-fading and dry-wet mixing", DAFx 2016). Where
nothing is moved the samples are the same, bit for bit. Memory does not grow with the length; the quiet places
were chosen before (`splices.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from foley_core.align.splices import FADE, Splice
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

Read: TypeAlias = Callable[[int, int], Sound]
"""`read(first, count)`: so many samples from `first` on, which may be negative; silence beyond both ends."""


def spliced(read: Read, samples: int, splices: Sequence[Splice]) -> Iterator[Sound]:
    """The `samples` of output that `splices` make of what is read, in blocks of one second."""
    for first in range(0, samples, SAMPLE_RATE):
        yield spliced_part(read, splices, first, min(SAMPLE_RATE, samples - first))


def spliced_part(read: Read, splices: Sequence[Splice], first: int, count: int) -> Sound:
    """Output samples from `first` on: the pieces that lie in them, then the crossfades between these."""
    pieces = [Splice(0, 0), *splices]
    one = bisect_right(pieces, first, key=_begin) - 1
    behind = bisect_left(pieces, first + count, key=_begin)
    starts = [max(piece.at, first) for piece in pieces[one:behind]]
    ends = [*starts[1:], first + count]
    block = np.concatenate(
        [
            read(start - piece.shift, end - start)
            for piece, start, end in zip(pieces[one:behind], starts, ends, strict=True)
        ]
    )
    for index in range(max(one, 1), behind):
        at = pieces[index].at
        start, end = max(at, first), min(at + FADE, first + count)
        if at and start < end:
            block[start - first : end - first] = _faded(read, pieces, index)[start - at : end - at]
    return block


def _begin(piece: Splice) -> int:
    return piece.at


def _faded(read: Read, pieces: Sequence[Splice], index: int) -> Sound:
    """The crossfade that a piece begins with."""
    at = pieces[index].at
    old, new = (read(at - piece.shift, FADE) for piece in pieces[index - 1 : index + 1])
    turn = np.linspace(0, np.pi / 2, FADE)[:, None]
    fading, rising = np.cos(turn), np.sin(turn)
    power = np.sqrt(1 + 2 * _likeness(old, new) * fading * rising)
    return np.asarray((old * fading + new * rising) / power, np.float32)


def _likeness(old: Sound, new: Sound) -> float:
    """How alike two sounds are: 1 if they are the same, 0 if they have nothing in common, or less."""
    together = float(np.vdot(old, new))
    apart = float(np.sqrt(np.vdot(old, old) * np.vdot(new, new)))
    return min(max(together / apart, 0.0), 1.0) if apart else 0.0
