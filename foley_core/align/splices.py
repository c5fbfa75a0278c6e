"""Splices: where a sound is cut, and by how much each piece is moved, so that its events lie on the picture.

Every onset wants to be moved by some number of samples: back by the lateness of the sound, or, where an
engine says which impact it sounds for, right onto that. The plan guarantees: each onset's attack is heard
once and whole, at its own place moved by the shift of its piece; the order stays; a piece begins in the
quietest place between two attacks; what is wanted is reached as far as that allows, the surest pairs first;
what is right within the dead band stays where it is. Only onsets that leave the stretch altogether are lost.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from foley_core.align.onsets import Onset
from foley_core.align.sound_analysis import STEP, Level
from foley_core.timecode import SAMPLE_RATE

if TYPE_CHECKING:
    from foley_core.align.matching import Pair

FADE = SAMPLE_RATE // 100
"""Samples over which one piece goes over into the next: 10 ms."""
AHEAD = SAMPLE_RATE * 5 // 1000
"""Samples before an onset that are part of its attack: what was found may be a little late."""
ATTACK = SAMPLE_RATE * 15 // 1000
"""Samples from an onset on that are part of its attack."""
DEAD_BAND = SAMPLE_RATE * 15 // 1000
"""After lateness, an onset this near its impact is right: a third of what is noticed (ITU-R BT.1359)."""
CALM = SAMPLE_RATE * 5 // 1000
"""The shift stays what it was where it would change by no more than this."""
REACH = SAMPLE_RATE * 150 // 1000
"""Samples by which an onset is moved onto its impact at most, after lateness."""
CERTAIN = 0.8
"""Confidence from which a pair is moved by itself, not just with all of the sound."""

_FOLLOWS = SAMPLE_RATE * 3 // 10
"""What begins so soon behind a moved onset is of the same event (a toe behind a heel) and goes with it."""
_WAYPOINTS = 2 * SAMPLE_RATE
"""Where nothing begins for twice as long, lateness is followed at this pace."""
_APART = AHEAD + ATTACK + FADE


class HasLateness(Protocol):
    """How late a sound is: see `lateness.py`."""

    def at(self, time: Fraction) -> int | Fraction:
        """Samples by which what sounds at `time` (seconds of the sound) is late."""


@dataclass(frozen=True)
class Splice:
    """From output sample `at` on, output sample n plays input sample n - `shift`."""

    at: int
    shift: int


@dataclass(frozen=True)
class _Event:
    """What must stay whole, and by how much it wants to be moved."""

    sample: int
    shift: int
    sure: float


def plan(
    pairs: Sequence[Pair], onsets: Sequence[Onset], lateness: HasLateness, level: Level, samples: int
) -> list[Splice]:
    """Cut a sound with these `onsets` and this `level` so that its `pairs` meet in an output of `samples`."""
    events = _with_waypoints(_wanted(pairs, onsets, lateness), lateness, len(level) * STEP)
    staying = _staying(events, samples)
    return _splices(staying, _calm(staying, _feasible(staying, samples)), level)


def output_positions(splices: Sequence[Splice], samples: Sequence[int]) -> list[int]:
    """The output samples that play these input samples (an attack's is the only one)."""
    pieces = splices if splices and not splices[0].at else [Splice(0, 0), *splices]
    starts = [piece.at - piece.shift for piece in pieces]
    return [sample + pieces[max(bisect_right(starts, sample) - 1, 0)].shift for sample in samples]


def _wanted(pairs: Sequence[Pair], onsets: Sequence[Onset], lateness: HasLateness) -> list[_Event]:
    """By how much each onset wants to be moved."""
    paired = {pair.onset: pair for pair in pairs}
    events: list[_Event] = []
    moved, residue = -_FOLLOWS, 0
    for index, onset in enumerate(onsets):
        late = round(lateness.at(Fraction(onset.sample, SAMPLE_RATE)))
        pair = paired.get(index)
        if pair is not None:
            moved, residue = onset.sample, _residue(pair, late)
        elif onset.sample - moved >= _FOLLOWS:
            residue = 0
        events.append(_Event(onset.sample, -late - residue, pair.confidence if pair else 0.0))
    return events


def _residue(pair: Pair, late: int) -> int:
    """By how much a pair is moved besides the lateness of all of the sound."""
    away = pair.before - late
    right = not pair.by_itself or pair.confidence < CERTAIN or abs(away) <= DEAD_BAND
    return 0 if right or abs(away) > REACH else away


def _with_waypoints(events: Sequence[_Event], lateness: HasLateness, samples: int) -> list[_Event]:
    """The events, and places in long gaps between them (and at both ends) where lateness is followed."""
    found: list[_Event] = []
    before = 0
    for event in [*events, None]:
        until = samples if event is None else event.sample
        found.extend(
            _Event(at, -round(lateness.at(Fraction(at, SAMPLE_RATE))), -1.0)
            for at in range(before + _WAYPOINTS, until - _WAYPOINTS + 1, _WAYPOINTS)
        )
        if event is not None:
            found.append(event)
        before = until
    return found


def _staying(events: Sequence[_Event], samples: int) -> Sequence[_Event]:
    """The events without those that leave the output at its ends; between two that stay, all stay."""
    inside = [index for index, e in enumerate(events) if -REACH <= e.sample + e.shift < samples]
    return events[inside[0] : inside[-1] + 1] if inside else []


def _feasible(events: Sequence[_Event], samples: int) -> list[int]:
    """Shifts as near to those wanted as leave every attack whole, the surest events first.

    Two neighbours' shifts may differ by as much as there is room between their attacks; so two events'
    shifts by the sum of the room between them.
    """
    room = [0]
    for one, other in pairwise(events):
        room.append(room[-1] + max(0, other.sample - one.sample - _APART))
    earliest, latest = _bounds(events, room[-1], samples)
    shifts = [event.shift for event in events]
    settled: list[int] = []
    for index in sorted(range(len(events)), key=lambda index: (-events[index].sure, index)):
        low = [earliest - room[index]]
        high = [latest + room[-1] - room[index]]
        at = bisect_left(settled, index)
        for beside in settled[max(at - 1, 0) : at + 1]:
            between = abs(room[index] - room[beside])
            low.append(shifts[beside] - between)
            high.append(shifts[beside] + between)
        shifts[index] = min(max(shifts[index], *low), *high)
        insort(settled, index)
    return shifts


def _bounds(events: Sequence[_Event], room: int, samples: int) -> tuple[int, int]:
    """The least shift of the first event, and the greatest of the last, that keep them in the output."""
    if not events:
        return 0, 0
    first, last = events[0].sample, events[-1].sample
    earliest = min(0, AHEAD - first)
    return earliest, max(samples - ATTACK - last, min(0, samples - 1 - last), earliest - room)


def _calm(events: Sequence[_Event], shifts: Sequence[int]) -> list[int]:
    """The same shifts but for small changes: none differs by more than CALM, and all are still feasible."""
    calm: list[int] = []
    current = 0
    for index, shift in enumerate(shifts):
        if abs(shift - current) > CALM:
            room = events[index].sample - events[index - 1].sample - _APART if index else abs(shift - current)
            step = min(abs(shift - current), max(room, 0))
            current += step if shift > current else -step
        calm.append(current)
    return calm


def _splices(events: Sequence[_Event], shifts: Sequence[int], level: Level) -> list[Splice]:
    """A splice for each change of the shift, in the quietest place between the two attacks."""
    splices: list[Splice] = []
    for index, (event, shift) in enumerate(zip(events, shifts, strict=True)):
        if index == 0:
            if shift:
                splices.append(Splice(0, shift))
        elif shift != (old := shifts[index - 1]):
            first = events[index - 1].sample + ATTACK + max(old, shift)
            last = event.sample - AHEAD + min(old, shift) - FADE
            splices.append(Splice(_quietest(level, first, last, old, shift), shift))
    return splices


def _quietest(level: Level, first: int, last: int, old: int, new: int) -> int:
    """Where in [first, last] of the output what both pieces play during a crossfade is quietest; late rather
    than early."""
    places = np.arange(last, first - 1, -STEP)
    heard = np.zeros(len(places))
    for shift in (old, new):
        for within in range(0, FADE + 1, STEP):
            heard += _power(level, places + (within - shift))
    return int(places[int(np.argmin(heard))])


def _power(level: Level, samples: NDArray[np.intp]) -> Level:
    """The level at these input samples; silence beyond both ends."""
    steps = samples // STEP
    there = (steps >= 0) & (steps < len(level))
    return (
        np.where(there, np.take(level, steps, mode="clip"), np.float32(0))
        if len(level)
        else np.zeros_like(steps, np.float32)
    )
