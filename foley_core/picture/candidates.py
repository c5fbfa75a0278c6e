"""Candidates: all that might have struck, with what tells whether it did.

A candidate is a moment at which motion falls off all over a place, whatever it was and however blurred, or a
sudden stop of something that can be followed, or both; then its time and place are the stop's, which are
finer. Where a fall and a stop disagree the fall is right (measured: a stick thrown up is followed more easily
than one that comes down), unless the stop is a hard one. Where next to nothing else moves a stop says it all,
and of falls only those count in which the one thing that moves stops dead. Beside a cut, a flash or a fade
there is none. Whether anything strikes is not told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foley_core.picture import history, surroundings
from foley_core.picture.acceleration import Acceleration
from foley_core.picture.curves import LONGEST, STEPS, CurveTracer, Interval, Stretch
from foley_core.picture.history import History
from foley_core.picture.optical_flow import FrameMotion
from foley_core.picture.shots import FrameChange
from foley_core.picture.sudden_stops import Stop, SuddenStopDetector, width_of
from foley_core.picture.surroundings import Surroundings

NAMES = (
    *history.NAMES,
    *surroundings.NAMES,
    "stop",
    "stop at once",
    "stop before the fall",
    "stop beside all that moves",
    "fall beside all that moves",
)
"""What `Candidate.features` are."""

_EARLY, _LATE = Fraction(-3, 100), Fraction(1, 10)
"""A fall that lies so much later than a stop, in seconds, is the same."""
_SWAY_BEFORE, _SWAY_AFTER = Fraction(15, 100), Fraction(3, 10)
"""A stop nearer than this before or after a fall is none, but how what strikes sways or is lifted."""
_HARD, _BEFORE_HARD, _AFTER_HARD = 3e-2, Fraction(16, 100), Fraction(20, 100)
"""Of a stop of at least this size it is the other way round: fast things have left before their motion, held
from frame to frame, is seen to fall."""
_TOGETHER, _LARGE = 0.7, 1e-2
"""What stops less together than this is a stop only if it is of this size and next to nothing else moves."""
_DEAD = 1.9
"""Where a thing stops dead so much is lost, as against all that moves in the second around."""
_BESIDE_CHANGE = Fraction(16, 100)
"""Nearer than this to a cut, a flash or a fade nothing strikes; nor within two frames of it."""
_PAUSE = Fraction(1, 2)
"""A frame that was shown for longer, in seconds, does not tell how long the next ones will be."""
_LOOK = max(history.REACH, surroundings.REACH)
_NEVER = Fraction(2**63)
"""Later than any clock can tell, in seconds."""
_LONG = 4 * _LOOK
"""Of a longer pause the middle changes nothing."""

REACH = _LOOK + Fraction(1, 2)
"""How far before and after a moment one must look, in seconds."""


@dataclass(frozen=True)
class Candidate:
    """Something that might have struck."""

    time: Fraction
    stop: Stop
    """What stops; where it could not be followed, what is seen to fall off."""
    followed: bool
    """It could be followed, so its time is finer than a frame."""
    plain: bool
    """Next to nothing else moves in the seconds around it."""
    free: tuple[Fraction, Fraction]
    """Between these times there is no cut, flash or fade."""
    features: NDArray[np.float32]
    """(len(NAMES),)"""


class CandidateFinder:
    """Takes in what happens from frame to frame, in order; gives out the candidates."""

    def __init__(self) -> None:
        self._stop_detector, self._tracer = SuddenStopDetector(), CurveTracer()
        self._history, self._surroundings = History(), Surroundings()
        self._waiting: deque[tuple[FrameMotion, Acceleration | None]] = deque()
        """Motions whose end is not known yet to be no cut, and what happens at their beginning."""
        self._told: deque[FrameChange] = deque()
        self._stops: deque[Stop] = deque()
        self._falls: deque[Stop] = deque()
        self._changes: deque[tuple[Fraction, Fraction]] = deque()
        """From when to when nothing can strike."""
        self._frames: deque[Fraction] = deque(maxlen=4)
        self._looked_until = Fraction(-1)
        self._ready: list[Candidate] = []
        """Known, and not given out yet."""
        self._searched = 0
        """Up to this step falls were looked for."""
        self.until = Fraction(-1)
        """Up to here all is known, in seconds of media time."""

    def see(
        self, motion: FrameMotion, acceleration: Acceleration | None, changes: Sequence[FrameChange]
    ) -> list[Candidate]:
        """`acceleration` is what happens where the motion begins; gives the candidates that are known now."""
        if acceleration is not None:
            self._stops.extend(self._stop_detector.see(acceleration, motion.since))
        else:
            self._stops.extend(self._stop_detector.miss(motion.since))
        if motion.cut:
            self._changes.append((motion.since - _BESIDE_CHANGE, motion.until + _BESIDE_CHANGE))
        self._waiting.append((motion, acceleration))
        self._note(changes)
        while len(self._waiting) > 1 and self._told and self._told[-1].time >= self._waiting[0][0].until:
            self._trace(self._waiting[1][1])
        return self._known()

    def rest(self, changes: Sequence[FrameChange]) -> list[Candidate]:
        """The film is over: the candidates that are left."""
        self._stops.extend(self._stop_detector.rest())
        self._note(changes)
        while self._waiting:
            self._trace(self._waiting[1][1] if len(self._waiting) > 1 else None)
        self._end_at(_NEVER)
        return self._given([])

    def _note(self, changes: Sequence[FrameChange]) -> None:
        for change in changes:
            self._told.append(change)
            self._frames.append(change.time)
            frame = self._frames[-1] - self._frames[-2] if len(self._frames) > 1 else Fraction(0)
            beside = max(_BESIDE_CHANGE, 3 * frame if frame <= _PAUSE else 0)
            if change.change:
                self._changes.append((change.time - beside, change.time + beside))
            self._looked_until = change.time - beside

    def _trace(self, after: Acceleration | None) -> None:
        """The motion that waits longest is known: its curves, and those of the steps before."""
        motion, before = self._waiting.popleft()
        while self._told and self._told[0].time < motion.until:
            self._told.popleft()
        changed = bool(self._told and self._told[0].time == motion.until and self._told[0].change)
        unknown = motion.cut or changed or motion.until - motion.since > LONGEST
        if motion.until - motion.since <= _LONG:
            self._add(Interval(motion, before, after, unknown))
            return
        self._add(Interval(replace(motion, until=motion.since + _LONG / 2), before, None, unknown))
        self._end_at(motion.until - _LONG / 2)
        self._add(Interval(replace(motion, since=motion.until - _LONG / 2), None, after, unknown))

    def _add(self, interval: Interval) -> None:
        self._surroundings.see(interval.motion, known=not interval.unknown)
        for stretch in self._tracer.see(interval):
            self._keep(stretch)

    def _keep(self, stretch: Stretch) -> None:
        self._history.add(stretch)
        self._surroundings.trace(stretch)

    def _end_at(self, time: Fraction) -> None:
        """All that came before is told, and all begins anew at `time`."""
        for stretch in self._tracer.rest():
            self._keep(stretch)
        self._search(self._history.end)
        self._ready += self._chosen(time)
        self._tracer, self._history, self._surroundings = CurveTracer(), History(), Surroundings()

    def _search(self, past: int) -> None:
        """Look for falls up to this step."""
        first = max(self._searched, self._history.first)
        if past > first:
            found = [self._fall_at(step) for step in self._history.falls(first, past)]
            self._falls.extend(fall for fall in found if fall is not None)
            self._searched = past

    def _fall_at(self, step: int) -> Stop | None:
        """A fall of motion; in plain pictures only where the one thing that moves stops dead."""
        fall = self._fall(step)
        if not self._surroundings.plain(step):
            return fall
        at_once = self._history.at_once(step)
        dead = fall.size >= _DEAD * self._stir(step) and self._surroundings.single(step)
        return self._fall(at_once) if dead and at_once is not None else None

    def _known(self) -> list[Candidate]:
        self._search(self._history.end - int(_LOOK * STEPS))
        known = min(self._stop_detector.until, self._looked_until, Fraction(self._searched, STEPS))
        return self._given(self._chosen(known - _SWAY_AFTER))

    def _given(self, found: list[Candidate]) -> list[Candidate]:
        found, self._ready = self._ready + found, []
        return found

    def _fall(self, step: int) -> Stop:
        places, lost = self._history.places(step)
        row, column = divmod(int(places.argmax()), places.shape[1])
        return Stop(
            time=Fraction(step, STEPS),
            size=max(float(lost[row, column]), 0.0),
            x=_middle(places.sum(0)),
            y=_middle(places.sum(1)),
            width=width_of(places, row, column),
            sure=0.0,
        )

    def _chosen(self, until: Fraction) -> list[Candidate]:
        """Those before `until`; stops and falls are kept for a while longer, for those beside them."""
        if until <= self.until:
            return []
        found = [
            candidate
            for candidate in self._merged(until)
            if not any(since < candidate.time < past for since, past in self._changes)
        ]
        self.until = until
        stale = until - 2 * _SWAY_AFTER
        for stops in (self._stops, self._falls):
            while stops and stops[0].time < stale:
                stops.popleft()
        while self._changes and self._changes[0][1] < stale:
            self._changes.popleft()
        step = int(min(stale, Fraction(self._history.end, STEPS)) * STEPS) - STEPS
        self._history.forget(step)
        self._surroundings.forget(step)
        return found

    def _merged(self, until: Fraction) -> list[Candidate]:
        stops = [stop for stop in self._stops if stop.sure >= _TOGETHER or self._stands_out(stop)]
        falls = [fall for fall in self._falls if not any(_is_hard(stop, fall) for stop in stops)]
        pairs = [(_same(fall, stops), fall) for fall in falls]
        alone = [stop for stop in stops if not any(_sways(stop, fall) for fall in falls)]
        taken = [(stop or fall, stop, fall) for stop, fall in pairs]
        every = [*taken, *((stop, stop, None) for stop in alone)]
        due = [one for one in every if self.until <= one[0].time < until]
        return [self._candidate(*one) for one in sorted(due, key=lambda one: one[0].time)]

    def _stands_out(self, stop: Stop) -> bool:
        return stop.size >= _LARGE and self._surroundings.plain(self._step(stop.time))

    def _step(self, time: Fraction) -> int:
        """Of those that are kept, the one at `time`."""
        return min(max(round(time * STEPS), self._history.first), self._history.end - 1)

    def _candidate(self, told: Stop, stop: Stop | None, fall: Stop | None) -> Candidate:
        step = self._step((fall or told).time)
        apart = float(fall.time - stop.time) if fall and stop else 0.0
        size, lost, moves = (stop.size if stop else 0.0), (fall.size if fall else 0.0), self._stir(step)
        own = [
            np.log(size + 1e-5),
            stop.sure if stop else 0.0,
            apart,
            np.log(size / moves + 1e-3),
            np.log(lost / moves + 1e-3),
        ]
        parts = (self._history.features(step), self._surroundings.at(step), np.array(own))
        features = np.concatenate(parts).astype(np.float32)
        plain = self._surroundings.plain(step)
        return Candidate(told.time, told, stop is not None, plain, self._free(told.time), features)

    def _stir(self, step: int) -> float:
        """How much moves in all around a step, speed by area."""
        return self._surroundings.stir(step) + 1e-5

    def _free(self, time: Fraction) -> tuple[Fraction, Fraction]:
        before = [past for _, past in self._changes if past <= time]
        after = [since for since, _ in self._changes if since >= time]
        return max(before, default=Fraction(0)), min(after, default=_NEVER)


def _same(fall: Stop, stops: Sequence[Stop]) -> Stop | None:
    """The stop that was followed, of the same."""
    near = [stop for stop in stops if _EARLY <= fall.time - stop.time <= _LATE]
    return min(near, key=lambda stop: abs(stop.time - fall.time), default=None)


def _is_hard(stop: Stop, fall: Stop) -> bool:
    """A hard stop beside a fall that is not told as the same: the fall is only what follows."""
    later = fall.time - stop.time
    return stop.size >= _HARD and -_BEFORE_HARD < later < _AFTER_HARD and not _EARLY <= later <= _LATE


def _sways(stop: Stop, fall: Stop) -> bool:
    return -_SWAY_AFTER < fall.time - stop.time < _SWAY_BEFORE


def _middle(places: NDArray[np.float32]) -> float:
    """The centroid, as a share of the length."""
    middle = float(places @ np.arange(len(places))) / max(float(places.sum()), 1e-9)
    return min(max((middle + 0.5) / len(places), 0.0), 1.0)
