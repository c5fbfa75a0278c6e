"""The history of the last seconds' curves, and what of it tells a moment from those around it.

Every curve is compared with what it is in the seconds around, so that a small, slow or distant thing is told
as a large one is. What is told of a step depends on `REACH` before and after it and on nothing else, to the
last bit: sums are those of whole numbers.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foley_core.picture.curves import CURVES, STEPS, Stretch

REACH = Fraction(430, STEPS)
"""How far before and after a moment one must look, in seconds."""

_NEAR, _FAR = 150, 400
"""Steps before and after, in which a curve is compared with its mean: half of each."""
_OFFSETS = (-28, -14, -9, -5, 0, 5, 9, 14)
"""Steps before and after a moment at which these curves tell of it:"""
_COMPARED = (
    "stir falls 6",
    "stir rises 6",
    "stir rises 16",
    "change falls 6",
    "change rises 10",
    "down lost",
    "lighter",
    "push",
    "reversed",
)
_LEAST = 0.1
"""A curve this share of its mean is as good as none."""
_PLAIN = (
    "stir falls 16",
    "change falls 16",
    "lost",
    "push",
    "turned",
    "up",
    "down",
    "lighter",
    "darker",
)
"""Curves whose own size tells something, too."""
_FALLS, _AT_ONCE = CURVES.index("stir falls 16"), CURVES.index("stir falls 6")
_NEARLY_ALL, _BESIDE, _MUCH = 0.9, 6, 3
"""What falls at once falls by this share of it in less than half the time, so many steps away at most, and by
so many times more than motion does as a rule in the seconds around."""
_SMOOTH = (2, 7, 11, 13, 11, 7, 2)
"""A window by which falls are smoothed (Hann's, in whole numbers)."""
_APART, _LOW, _STILL = 14, 5, 300_000 * sum(_SMOOTH)
"""Of falls closer together than so many steps the largest counts; if it is more than one in so many parts of
the mean around it, and than this."""

NAMES = (
    *(f"{curve} {offset:+d}" for offset in _OFFSETS for curve in _COMPARED),
    *(f"plain {curve}" for curve in _PLAIN),
    "fall in its surroundings",
    "fall",
)
"""What `features` are."""

_COMPARED_AT, _PLAIN_AT = ([CURVES.index(curve) for curve in of] for of in (_COMPARED, _PLAIN))


class History:
    """Curves of the last seconds, and where motion fell off in them."""

    def __init__(self) -> None:
        self._stretches: list[Stretch] = []
        self._whole: Stretch | None = None
        self._sums = np.zeros((1, 1), np.int64), np.zeros(1, np.int64)

    @property
    def end(self) -> int:
        """The step after the last one."""
        last = self._stretches[-1] if self._stretches else None
        return last.first + len(last.known) if last else 0

    @property
    def first(self) -> int:
        """The first step that is kept."""
        return self._stretches[0].first if self._stretches else 0

    def add(self, stretch: Stretch) -> None:
        """What comes next."""
        self._stretches.append(stretch)
        self._whole = None

    def forget(self, step: int) -> None:
        """Nothing will be asked any more of moments before this step."""
        while len(self._stretches) > 1 and self._stretches[1].first <= step - _FAR - max(_OFFSETS) - 1:
            del self._stretches[0]
            self._whole = None

    def falls(self, first: int, past: int) -> list[int]:
        """The moments in [`first`, `past`) at which more motion falls off than in those beside it."""
        whole = self._joined()
        smooth = _smoothed(whole.curves[:, _FALLS])
        total = np.concatenate([[0], np.cumsum(smooth)])
        found = []
        for step in range(max(first, whole.first), min(past, self.end)):
            at = step - whole.first
            here, before = smooth[at], smooth[max(at - _APART, 0) : at]
            after = smooth[at + 1 : at + 1 + _APART]
            if here <= _STILL or (before >= here).any() or (after > here).any():
                continue
            low, high = max(at - _NEAR, 0), min(at + _NEAR + 1, len(smooth))
            if _LOW * int(here) * (high - low) > int(total[high] - total[low]):
                found.append(step)
        return found

    def at_once(self, step: int) -> int | None:
        """Where nearly all of a fall of motion happens at once, if it does and all is known around."""
        whole = self._joined()
        first = max(step - whole.first - _BESIDE, 0)
        near = whole.curves[first : step - whole.first + _BESIDE + 1, _AT_ONCE]
        if not whole.known[first : step - whole.first + _OFFSETS[-1] + 1].all():
            return None
        fall = int(whole.curves[step - whole.first, _FALLS])
        usual = 1e6 * float(self._usual(np.array([step - whole.first]))[0, _FALLS])
        if near.max() < _NEARLY_ALL * fall or fall < _MUCH * usual:
            return None
        return whole.first + first + int(near.argmax())

    def features(self, step: int) -> NDArray[np.float32]:
        """What the curves tell of a moment, (len(NAMES),)."""
        whole = self._joined()
        here = step - whole.first
        at = np.clip(here + np.array(_OFFSETS), 0, len(whole.known) - 1)
        told = np.log(whole.curves[at][:, _COMPARED_AT] / 1e6 / self._usual(at)[:, _COMPARED_AT] + _LEAST)
        plain = np.log(whole.curves[here, _PLAIN_AT] / 1e6 + 1e-6)
        fall = float(whole.curves[here, _FALLS]) / 1e6
        usual = float(self._usual(np.array([here]))[0, _FALLS])
        last = [np.log(fall / usual + _LEAST), np.log(fall + _LEAST)]
        return np.concatenate([told.ravel(), plain, last]).astype(np.float32)

    def places(self, step: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(rows, columns) each: where motion falls off at a moment, and how much is lost there."""
        whole = self._joined()
        return whole.falls[step - whole.first], whole.lost[step - whole.first]

    def _usual(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        """What the curves are around steps, (len(at), len(CURVES))."""
        return (self._mean(at, _NEAR) + self._mean(at, _FAR)) / 2 + 1e-9

    def _mean(self, at: NDArray[np.int64], beside: int) -> NDArray[np.float64]:
        """Over the steps around each that are known."""
        sums, counts = self._sums
        low, high = np.maximum(at - beside, 0), np.minimum(at + beside + 1, len(sums) - 1)
        known = np.maximum(counts[high] - counts[low], 1)
        return np.asarray((sums[high] - sums[low]) / (known[:, None] * 1e6))

    def _joined(self) -> Stretch:
        if self._whole is None:
            parts = self._stretches
            curves, known = (
                np.concatenate([getattr(part, of) for part in parts]) for of in ("curves", "known")
            )
            falls, lost = (np.concatenate([getattr(part, of) for part in parts]) for of in ("falls", "lost"))
            self._whole = Stretch(parts[0].first, curves, known, falls, lost)
            sums = np.zeros((len(known) + 1, len(CURVES)), np.int64)
            np.cumsum(curves, 0, out=sums[1:])
            self._sums = sums, np.concatenate([[0], np.cumsum(known)])
        return self._whole


def _smoothed(curve: NDArray[np.int64]) -> NDArray[np.int64]:
    side = len(_SMOOTH) // 2
    padded = np.pad(curve, side)
    return np.asarray(sum(weight * padded[n : n + len(curve)] for n, weight in enumerate(_SMOOTH)))
