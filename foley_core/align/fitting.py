"""Fitting: lateness that is roughly known, made exact by the impacts and onsets that meet.

Around each knot a line is laid through how much each impact's onset is still off, those far off counting for
nothing (Tukey's biweight), clocks that run alike being more likely than others. Done twice, the second time
with what the first has found.
"""

from __future__ import annotations

import numpy as np

from foley_core.align.evidence import Floats, Samples
from foley_core.timecode import SAMPLE_RATE

_AROUND = 30.0
"""Seconds to both sides of a knot whose pairs are looked at."""
_FAR = (0.060, 0.045)
"""Seconds from which a pair counts for nothing, the first time and the second."""
_STIFF = (0.025 / 0.002) ** 2
"""Square of how exactly impacts are seen (seconds) over how much clocks differ: weighs against slopes."""
_TURNS = 4


def fitted(seen: Samples, onsets: Samples, knots: Samples, late: Samples) -> Samples:
    """`late` at each of `knots` (samples of picture), made exact; all positions in samples, in order."""
    for far in _FAR:
        expected = seen + np.interp(seen, knots, late)
        off = nearest(onsets, expected) / SAMPLE_RATE
        near = np.abs(off) < far
        times, off = seen[near] / SAMPLE_RATE, off[near]
        late = late + np.array([_off(times, off, knot / SAMPLE_RATE, far) for knot in knots])
    return np.rint(late).astype(np.int64)


def nearest(onsets: Samples, places: Floats) -> Floats:
    """How much later than each place the onset is that is nearest to it."""
    right = np.clip(np.searchsorted(onsets, places), 1, max(len(onsets) - 1, 1))
    before, behind = onsets[right - 1] - places, onsets[np.minimum(right, len(onsets) - 1)] - places
    return np.where(np.abs(before) < np.abs(behind), before, behind)


def _off(times: Floats, off: Floats, knot: float, far: float) -> float:
    """Samples by which the pairs around a knot are off there."""
    a, b = np.searchsorted(times, (knot - _AROUND, knot + _AROUND))
    if b - a < 2:
        return 0.0
    at, values = times[a:b] - knot, off[a:b]
    level, slope = float(np.median(values)), 0.0
    for _ in range(_TURNS):
        weights = np.maximum(1 - ((values - level - slope * at) / far) ** 2, 0.0) ** 2
        total = weights.sum()
        if total <= 0:
            break
        middle = (weights * at).sum() / total
        mean = (weights * values).sum() / total
        slope = (weights * (at - middle) * (values - mean)).sum() / (
            (weights * (at - middle) ** 2).sum() + _STIFF
        )
        level = mean - slope * middle
    return level * SAMPLE_RATE
