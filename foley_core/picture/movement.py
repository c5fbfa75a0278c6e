"""Movement: how much moves where in the picture, coded in a byte per block.

The energy of a block is the speed of what moves in it (widths of the picture a second, camera motion taken
out) times the share of the block's area that moves. The code is by the square root, so that little movement
keeps its steps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foley_core.picture.spotting import MOVEMENT_COLUMNS, MOVEMENT_RATE, MOVEMENT_ROWS, Hold

MOST = 1.0
"""The largest energy that is told apart: the whole block moves by a width a second."""

LONGEST = 10 * MOVEMENT_RATE
"""Where more steps than this are alike, because one frame is shown all the time, they are coded as one."""

_STEP = MOVEMENT_ROWS * MOVEMENT_COLUMNS
"""Bytes in a step."""

Energy = NDArray[np.float32]
"""(steps, MOVEMENT_ROWS, MOVEMENT_COLUMNS), 0 to MOST."""


def coded(energy: Energy) -> bytes:
    """Energy as bytes, step by step and row by row."""
    return bytes(np.rint(255 * np.sqrt(np.clip(energy / MOST, 0, 1))).astype(np.uint8).data)


def decoded(energy: bytes) -> Energy:
    """What `coded` coded."""
    steps = np.frombuffer(energy, np.uint8).reshape(-1, MOVEMENT_ROWS, MOVEMENT_COLUMNS)
    return np.asarray((steps / 255) ** 2 * MOST, np.float32)


def between(
    first: int, energy: bytes | bytearray, holds: Sequence[Hold], start: Fraction, end: Fraction
) -> Energy:
    """The steps that touch [`start`, `end`), in seconds of media time; zero where nothing was watched.

    `energy` is coded, and its first step has the number `first`; `holds` are as in `Movement`.
    """
    begin, past = first_step(start), last_step(end)
    found = np.zeros((past - begin, MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)
    into, out_of = max(first - begin, 0), max(begin - first, 0)
    count = min(steps_in(energy, holds) - out_of, len(found) - into)
    if count > 0:
        places = _places(out_of, count, holds)
        kept = decoded(bytes(energy[places[0] * _STEP : (places[-1] + 1) * _STEP]))
        found[into : into + count] = kept[places - places[0]]
    return found


def steps_in(energy: bytes | bytearray, holds: Sequence[Hold]) -> int:
    """How many steps of the film these are."""
    return len(energy) // _STEP + sum(hold.steps - 1 for hold in holds)


def _places(first: int, count: int, holds: Sequence[Hold]) -> NDArray[np.int64]:
    """Where each of so many steps from `first` on lies in the coded energy."""
    steps = first + np.arange(count)
    if not holds:
        return steps
    at, long = np.array(holds, np.int64).T
    left_out = np.cumsum(long - 1)
    before = np.searchsorted(at, steps, side="right") - 1
    places = steps - np.where(before < 0, 0, left_out[before])
    within = np.where(before < 0, 0, at[before] - (left_out - (long - 1))[before])
    return np.asarray(np.maximum(places, within))


def first_step(start: Fraction) -> int:
    """The step that `start` lies in."""
    return start * MOVEMENT_RATE // 1


def last_step(end: Fraction) -> int:
    """The first step that begins at `end` or later."""
    return -(-end * MOVEMENT_RATE // 1)


@dataclass
class _Run:
    """Steps that are all alike."""

    steps: int
    energy: Energy


class MovementResampler:
    """Takes in the energy of a film between each two frames, gives it out in steps of a steady pace."""

    def __init__(self, start: Fraction, end: Fraction) -> None:
        self._first, self._past = first_step(start), last_step(end)
        self._runs: deque[_Run] = deque()
        """From the first step that was not taken yet on."""
        self._added = self._first
        """The step after them."""
        self.holds: tuple[Hold, ...] = ()
        """Where the steps that were taken last are long alike, counted from the first of them."""

    def add(self, since: Fraction, until: Fraction, energy: Energy) -> None:
        """`energy` (MOVEMENT_ROWS, MOVEMENT_COLUMNS) is that of the film in [`since`, `until`)."""
        first, past = max(first_step(since), self._first), min(last_step(until), self._past)
        if past <= first:
            return

        def part(step: int) -> Energy:
            begin, end = Fraction(step, MOVEMENT_RATE), Fraction(step + 1, MOVEMENT_RATE)
            return np.asarray(float((min(until, end) - max(since, begin)) * MOVEMENT_RATE) * energy)

        self._extend(first - self._added, np.zeros_like(energy))
        if first < self._added:
            self._runs[-1].energy += part(first)
        else:
            self._extend(1, part(first))
        self._extend(past - 1 - self._added, energy)
        if past > self._added:
            self._extend(1, part(past - 1))

    def _extend(self, steps: int, energy: Energy) -> None:
        if steps > 0:
            self._runs.append(_Run(steps, energy))
            self._added += steps

    def take(self, until: Fraction) -> bytes:
        """The steps that end by `until` and were not taken yet, coded; zero where nothing was added."""
        past = max(min(until * MOVEMENT_RATE // 1, self._past), self._first)
        self._extend(past - self._added, np.zeros((MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32))
        taken, holds = bytearray(), list[Hold]()
        at, first = self._first, self._first
        while at < past:
            run = self._runs[0]
            steps = min(run.steps, past - at)
            if steps > LONGEST:
                holds.append(Hold(at - first, steps))
            taken += coded(run.energy) * (1 if steps > LONGEST else steps)
            at, run.steps = at + steps, run.steps - steps
            if not run.steps:
                self._runs.popleft()
        self._first, self.holds = past, tuple(holds)
        return bytes(taken)
