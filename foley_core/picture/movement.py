"""Movement: how much moves where in the picture, coded in a byte per block.

The energy of a block is the speed of what moves in it (widths of the picture a second, camera motion taken
out) times the share of the block's area that moves. The code is by the square root, so that little movement
keeps its steps.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foley_core.picture.spotting import MOVEMENT_COLUMNS, MOVEMENT_RATE, MOVEMENT_ROWS

MOST = 1.0
"""The largest energy that is told apart: the whole block moves by a width a second."""

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


def between(first: int, energy: bytes | bytearray, start: Fraction, end: Fraction) -> Energy:
    """The steps that touch [`start`, `end`), in seconds of media time; zero where nothing was watched.

    `energy` is coded, and its first step has the number `first`.
    """
    begin, past = first_step(start), last_step(end)
    found = np.zeros((past - begin, MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)
    into, out_of = max(first - begin, 0), max(begin - first, 0)
    count = min(len(energy) // _STEP - out_of, len(found) - into)
    if count > 0:
        found[into : into + count] = decoded(bytes(energy[out_of * _STEP : (out_of + count) * _STEP]))
    return found


def first_step(start: Fraction) -> int:
    """The step that `start` lies in."""
    return start * MOVEMENT_RATE // 1


def last_step(end: Fraction) -> int:
    """The first step that begins at `end` or later."""
    return -(-end * MOVEMENT_RATE // 1)


class MovementResampler:
    """Takes in the energy of a film between each two frames, gives it out in steps of a steady pace."""

    def __init__(self, start: Fraction, end: Fraction) -> None:
        self._first, self._past = first_step(start), last_step(end)
        self._steps = np.zeros((0, MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)

    def add(self, since: Fraction, until: Fraction, energy: Energy) -> None:
        """`energy` (MOVEMENT_ROWS, MOVEMENT_COLUMNS) is that of the film in [`since`, `until`)."""
        first, past = max(first_step(since), self._first), min(last_step(until), self._past)
        if past <= first:
            return
        missing = past - self._first - len(self._steps)
        if missing > 0:
            self._steps = np.concatenate([self._steps, np.zeros((missing, *energy.shape), np.float32)])
        for step in range(first, past):
            begin, end = Fraction(step, MOVEMENT_RATE), Fraction(step + 1, MOVEMENT_RATE)
            share = (min(until, end) - max(since, begin)) * MOVEMENT_RATE
            self._steps[step - self._first] += float(share) * energy

    def take(self, until: Fraction) -> bytes:
        """The steps that end by `until` and were not taken yet, coded; zero where nothing was added."""
        count = max(min(until * MOVEMENT_RATE // 1, self._past) - self._first, 0)
        taken, self._steps = self._steps[:count], self._steps[count:]
        silent = np.zeros((count - len(taken), MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)
        self._first += count
        return coded(np.concatenate([taken, silent]))
