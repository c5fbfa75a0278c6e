"""Mastering: the gain for a whole take, the limiter where a wanted loudness needs it, and the files.

The engine's sound lies in a `WorkingSound`, measured. One constant gain is chosen: so a take is never
clipped, and its inner balance is the engine's. Only where a loudness is wanted that the ceiling does not
allow, peaks are limited, and the gain is sought with which the sound behind the limiter has that loudness: in
steps of the secant method, each of which measures the whole take. Memory does not grow with the length.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from foley_core.errors import no_room, writing
from foley_core.mastering.limiter import MOST_DB
from foley_core.mastering.loudness import SHORTEST, Loudness
from foley_core.mastering.working_sound import WorkingSound

CEILING = -1.0
"""dBTP that no take exceeds (EBU R 128 s1: -1 dBTP for programme at 48 kHz)."""
_AIM = CEILING - 0.05
"""dBTP to which too loud a take is lowered: another meter's filter may read a little more than ours."""
SHORT_PEAK = -6.0
"""dBTP given to a sound too short to have a loudness, where one is asked for."""
_MARGIN = 0.04
"""dB by which the limiter stands lower than that: so it is seldom done over for its own last hundredth."""
_NEAR = 0.1
"""LU to which a wanted loudness is sought."""
_STEPS = 10
"""Limited sounds that are measured at most to find the gain; mostly it takes three."""
_FLATTEST = 0.2
"""LU that a decibel more of gain is taken to add behind the limiter at the least, so that no step is wild."""


@dataclass(frozen=True, kw_only=True)
class Mastering:
    """What mastering does to a take, and what it measures afterwards."""

    gain_db: float
    ceiling_db: float | None = None
    """dBTP at which the limiter stands; None where there is none."""
    lufs: float | None
    true_peak: float | None
    """dBTP; None for silence."""
    limited_db: float = 0.0
    """The most that the limiter takes away."""
    limited_share: float = 0.0
    """Of the time, in which it takes anything away: 0 to 1."""

    @property
    def gain(self) -> float:
        """Linear."""
        return _linear(self.gain_db)

    @property
    def ceiling(self) -> float | None:
        """Linear."""
        return None if self.ceiling_db is None else _linear(self.ceiling_db)


def master(
    working: WorkingSound,
    wanted: float | None,
    tick: Callable[[float], None] = lambda share: None,
    *,
    ceiling: bool = True,
) -> Mastering:
    """Choose gain and limiter for a take, to be asked once; `tick` is told the share of the time.

    A wanted loudness is reached to 0.1 LU, unless more than `MOST_DB` would have to be taken from a peak:
    then as far as that goes. Without a `ceiling` peaks may go as high as they do: nothing is limited.
    """
    measured = working.loudness()
    gain = choose_gain(measured, wanted, working.samples, _AIM if ceiling else math.inf)
    unlimited = _unlimited(measured, gain)
    if wanted is None or unlimited.lufs is None or wanted - unlimited.lufs < _NEAR:
        return unlimited
    return _limited(working, wanted, unlimited, tick) or unlimited


def choose_gain(measured: Loudness, wanted: float | None, samples: int, aim: float = _AIM) -> float:
    """The one gain, in dB, for a take measured so, and not limited; no peak passes `aim` dBTP.

    Without a wanted loudness the engine's own level stays, lowered only where it would pass the ceiling. A
    wanted loudness that the ceiling does not allow is reached as far as it does.
    """
    peak = measured.true_peak_db
    if peak is None:
        return 0.0
    room = aim - peak
    if wanted is None:
        return min(0.0, room)
    if samples < SHORTEST:
        return min(SHORT_PEAK - peak, room)
    if measured.lufs is None:
        return min(0.0, room)
    return min(wanted - measured.lufs, room)


def _unlimited(measured: Loudness, gain: float) -> Mastering:
    """Both figures move by just the gain."""
    peak = measured.true_peak_db
    return Mastering(
        gain_db=round(gain, 3),
        lufs=None if measured.lufs is None else measured.lufs + gain,
        true_peak=None if peak is None else peak + gain,
    )


def _limited(
    working: WorkingSound, wanted: float, highest: Mastering, tick: Callable[[float], None]
) -> Mastering | None:
    """The nearest that gain and limiter come to the wanted loudness; None where they come no nearer.

    `highest` is the loudest without a limiter, from which the search sets out.
    """
    assert highest.lufs is not None
    known = (highest.gain_db, highest.lufs)
    gain, ceiling = highest.gain_db + wanted - highest.lufs, _AIM - _MARGIN
    best, least = None, wanted - highest.lufs - _NEAR
    for step in range(_STEPS):
        bound = highest.gain_db + MOST_DB - (_AIM - ceiling)
        gain = round(min(gain, bound), 3)
        found = _tried(working, gain, ceiling, partial(_step_told, tick, step))
        if found.lufs is None or found.true_peak is None:
            break
        over, missing = found.true_peak - _AIM, wanted - found.lufs
        if over <= 0 and abs(missing) < least:
            best, least = found, abs(missing)
            if least <= _NEAR or (missing > 0 and gain >= bound - 0.001):
                break
        rise = (found.lufs - known[1]) / (gain - known[0]) if gain != known[0] else 1.0
        known = (gain, found.lufs)
        gain += missing / min(max(rise, _FLATTEST), 1.0)
        ceiling -= max(over, 0.0)
    return best


def _step_told(tick: Callable[[float], None], step: int, share: float) -> None:
    tick((step + share) / _STEPS)


def _tried(working: WorkingSound, gain: float, ceiling: float, tick: Callable[[float], None]) -> Mastering:
    """What comes out of one gain and a limiter at one ceiling, both in dB."""
    limited = working.limited(_linear(gain), _linear(ceiling), tick)
    return Mastering(
        gain_db=gain,
        ceiling_db=ceiling,
        lufs=limited.loudness.lufs,
        true_peak=limited.loudness.true_peak_db,
        limited_db=limited.most_db,
        limited_share=limited.share,
    )


def _linear(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def require_disk_space(folder: Path, needed: int, free: Callable[[Path], int]) -> None:
    """Raise `DiskFull` before anything is made, where `needed` bytes will not fit."""
    with writing(folder):
        there = free(folder)
    if there < needed:
        needs = f"The take needs {needed / 1e6:.0f} MB in {folder}, and {there / 1e6:.0f} MB are free."
        raise no_room(folder, needs)


def bytes_needed(samples: int, bits: int, files: int, working: int) -> int:
    """Bytes that a take of so many files, and so many working files, take up at most."""
    return samples * 2 * (files * (bits // 8) + working * 4)
