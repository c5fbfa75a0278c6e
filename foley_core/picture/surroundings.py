"""The surroundings of a moment: how the picture moves in the seconds around it, whatever strikes or does not.

What strikes goes back and forth in one place of the picture; water, traffic and pans go on and on, and all
over it. Told in halves of a second, from those within `HALVES` before and after that belong to the same shot.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_core.picture.curves import CURVES, STEPS, Stretch, step_at
from foley_core.picture.optical_flow import FrameMotion

HALVES = 8
"""Halves of a second before and after."""
REACH = Fraction(HALVES + 2, 2)
"""How far before and after a moment one must look, in seconds."""
NAMES = (
    "gone on",
    "gone on where most moves",
    "camera",
    "zoom",
    "most",
    "reversed",
    "rhythm",
    "gathered",
)
"""What is told; `Half` and `_told` say how."""

_HALF = STEPS // 2
_MOVES = 1e-5
"""Stir of a block, speed by area, from which it moves."""
_SINGLE, _FEW, _MOST = 20, 0.115, 0.77
"""A picture is plain if, in the mean, this share of the blocks moves, at most, and one block of so many has
this share of all that moves, at least; or if there are no more pieces that move than this, however large, up
to that share of the blocks. Drawn pictures are; real ones hardly ever are."""
_ONE, _LARGE = 1.1, 0.25
_TOP = 10
"""One place of so many is one where most moves."""
_BEAT = 20, 120
"""Steps from one beat of a rhythm to the next."""
_FEWEST = 20
"""Steps known, or nothing can be told."""
_UNTOLD = (1.0, 1.0, -6.9, -6.9, -11.5, 0.0, 0.0, 0.1)
_REVERSED, _UP, _DOWN = (CURVES.index(name) for name in ("reversed", "up", "down"))

Floats = NDArray[np.float64]


@dataclass
class Half:
    """Sums over the steps of half a second in which something is known."""

    drift: Floats
    """(places, 2): of velocities by area, as vectors, in three by three blocks."""
    lengths: Floats
    """(places,): of their lengths."""
    stir: Floats
    """(places,): of speed by area, in five by five blocks."""
    steps: int = 0
    shift: float = 0.0
    """Of the camera's shift, in widths a second."""
    scale: float = 0.0
    """Of its zoom, as a share a second."""
    most: float = 0.0
    """The largest stir of all."""
    moving: float = 0.0
    """Of the share of blocks that move."""
    pieces: float = 0.0
    """Of how many pieces hang together of those."""
    top: float = 0.0
    total: float = 0.0
    """Of what the blocks have that move most, and of what all have."""
    reversed: float = 0.0
    moved: float = 0.0
    """Of the curves `reversed`, and `up` and `down`."""
    broken: bool = False
    """Something in it is not known."""


class Surroundings:
    """Takes in motions and their curves, in order; tells of a moment."""

    def __init__(self) -> None:
        self._halves: dict[int, Half] = {}
        self._totals: dict[int, list[float]] = {}
        """Of each half, how much moves in all, step by step."""

    def see(self, motion: FrameMotion, *, known: bool) -> None:
        """Take in what happens between two frames that follow each other closely."""
        first, past = step_at(motion.since), step_at(motion.until)
        if past <= first:
            return
        stir, drift = _box(motion.stir, 5).ravel(), _box(motion.drift, 3).reshape(-1, 2)
        sums = (drift, np.hypot(drift[:, 0], drift[:, 1]), stir)
        shift, scale, total = *_camera(motion), float(motion.stir.sum())
        moves, top = (motion.stir > _MOVES).astype(np.uint8), _top(motion.stir)
        moving, pieces = float(moves.mean()), cv2.connectedComponents(moves)[0] - 1
        for number in range(first // _HALF, (past - 1) // _HALF + 1):
            steps = min(past, (number + 1) * _HALF) - max(first, number * _HALF)
            half = self._half(number, len(stir))
            self._totals[number] += [total * known] * steps
            if not known:
                half.broken = True
                continue
            half.steps += steps
            half.drift += steps * sums[0]
            half.lengths += steps * sums[1]
            half.stir += steps * sums[2]
            half.shift, half.scale = half.shift + steps * shift, half.scale + steps * scale
            half.most = max(half.most, float(stir.max()))
            half.moving, half.pieces = half.moving + steps * moving, half.pieces + steps * pieces
            half.top, half.total = half.top + steps * top, half.total + steps * total

    def trace(self, stretch: Stretch) -> None:
        """Take in curves of steps whose motions were taken in."""
        numbers = (stretch.first + np.arange(len(stretch.known))) // _HALF
        for number in np.unique(numbers):
            half, steps = self._halves.get(int(number)), numbers == number
            if half is not None:
                half.reversed += float(stretch.curves[steps, _REVERSED].sum()) / 1e6
                half.moved += float(stretch.curves[steps][:, (_UP, _DOWN)].sum()) / 1e6

    def at(self, step: int) -> NDArray[np.float32]:
        """Of the moment before a step: between what is told of the two halves around it."""
        place = step / _HALF - 0.5
        number = int(np.floor(place))
        late = place - number
        return np.asarray((1 - late) * self._of(number) + late * self._of(number + 1), np.float32)

    def plain(self, step: int) -> bool:
        """Whether next to nothing but one or a few things moves around a step, all else being still."""
        halves = [self._halves[at] for at in self._range(step // _HALF)]
        steps, moving = sum(half.steps for half in halves), sum(half.moving for half in halves)
        gathered = sum(half.top for half in halves) >= _MOST * sum(half.total for half in halves)
        few = steps >= _FEWEST and 0 < moving <= _FEW * steps and gathered
        return few or self.single(step)

    def single(self, step: int) -> bool:
        """Whether nothing but one thing moves around a step."""
        halves = [self._halves[at] for at in self._range(step // _HALF)]
        steps, moving = sum(half.steps for half in halves), sum(half.moving for half in halves)
        one = sum(half.pieces for half in halves) <= _ONE * steps
        return steps >= _FEWEST and 0 < moving <= _LARGE * steps and one

    def stir(self, step: int) -> float:
        """How much moves in all, speed by area, in a step's half of a second and those beside it."""
        number = step // _HALF
        totals = [total for at in range(number - 1, number + 2) for total in self._totals.get(at, [])]
        return float(np.mean(totals)) if totals else 0.0

    def forget(self, step: int) -> None:
        """Nothing will be asked any more of moments before this step."""
        oldest = step // _HALF - HALVES - 2
        for number in [number for number in self._halves if number < oldest]:
            del self._halves[number], self._totals[number]

    def _half(self, number: int, places: int) -> Half:
        if number not in self._halves:
            self._halves[number] = Half(np.zeros((places, 2)), np.zeros(places), np.zeros(places))
            self._totals[number] = []
        return self._halves[number]

    def _of(self, number: int) -> Floats:
        """Of one half, and those around it in the same shot."""
        numbers = self._range(number)
        totals = [total for at in numbers for total in self._totals[at]]
        return _told([self._halves[at] for at in numbers], np.array(totals))

    def _range(self, number: int) -> range:
        """The halves around one that belong to the same shot."""
        if number not in self._halves:
            near = [other for other in (number - 1, number + 1) if other in self._halves]
            if not near:
                return range(0)
            number = near[0]
        first, last = number, number
        while number - first < HALVES and self._goes_on(first - 1):
            first -= 1
        while last - number < HALVES and self._goes_on(last + 1):
            last += 1
        return range(first, last + 1)

    def _goes_on(self, number: int) -> bool:
        return number in self._halves and not self._halves[number].broken


def _told(halves: list[Half], totals: Floats) -> Floats:
    steps = sum(half.steps for half in halves)
    if steps < _FEWEST:
        return np.array(_UNTOLD)
    drift = np.sum([half.drift for half in halves], axis=0)
    gone, lengths = np.hypot(drift[:, 0], drift[:, 1]), np.sum([half.lengths for half in halves], axis=0)
    stir = np.sum([half.stir for half in halves], axis=0) / steps
    top = np.argsort(stir, kind="stable")[-max(len(stir) // _TOP, 1) :]
    return np.array(
        [
            gone.sum() / max(lengths.sum(), 1e-9),
            gone[top].sum() / max(lengths[top].sum(), 1e-9),
            np.log(sum(half.shift for half in halves) / steps + 1e-3),
            np.log(sum(half.scale for half in halves) / steps + 1e-3),
            np.log(np.mean([half.most for half in halves]) + 1e-5),
            sum(half.reversed for half in halves) / (sum(half.moved for half in halves) + 1e-6 * steps),
            _rhythm(totals),
            stir[top].sum() / max(stir.sum(), 1e-9),
        ]
    )


def _top(stir: NDArray[np.float32]) -> float:
    """What the blocks have that move most."""
    count = max(stir.size // _SINGLE, 1)
    return float(np.partition(stir.ravel(), -count)[-count:].sum())


def _rhythm(totals: Floats) -> float:
    """The highest peak of the autocorrelation of how much moves, 0 to 1."""
    smooth = np.convolve(totals, np.full(3, 1 / 3), "same")
    level = np.log(smooth + 1e-4)
    level -= level.mean()
    power = np.square(np.abs(np.fft.rfft(level, 2 * len(level))))
    alike = np.fft.irfft(power)[: len(level)]
    shortest, longest = _BEAT
    part = alike[shortest : longest + 1] / max(float(alike[0]), 1e-9)
    peaks = part[1:-1][(part[1:-1] >= part[:-2]) & (part[1:-1] >= part[2:])]
    return float(peaks.max(initial=0.0))


def _camera(motion: FrameMotion) -> tuple[float, float]:
    """How far it shifts the picture's middle, in widths a second, and how much it zooms, a second."""
    height, width = motion.pixels.shape[:2]
    middle = np.array([width / 2, height / 2])
    turn = motion.camera[:, :2].astype(np.float64)
    moved = turn @ middle + motion.camera[:, 2] - middle
    size = float(np.sqrt(abs(turn[0, 0] * turn[1, 1] - turn[0, 1] * turn[1, 0])))
    return float(np.hypot(*moved)) / (width * motion.seconds), abs(size - 1) / motion.seconds


def _box(grid: NDArray[np.float32], side: int) -> Floats:
    summed = cv2.boxFilter(grid, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(summed, np.float64)
