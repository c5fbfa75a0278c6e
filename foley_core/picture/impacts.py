"""Impacts: what of all that moves should be heard, from the stops that can be followed and the drops.

A drop says that something struck, whatever it was and however blurred; a stop says when and where to a few
milliseconds. Where both tell of the same impact it is taken from the stop; where they disagree about the
moment, the drop is right (measured: a stick thrown up is followed more easily than one that comes down),
unless the stop is a hard one: what is fast has left its place before its motion, held from frame to frame, is
seen to drop (measured: 60 to 170 ms late, of a ball at 50 pixels a frame). A cut, a flash or a fade strikes
nothing. What is decided about one moment depends on `REACH` before and after it and on nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from foley_core.picture import motion_drops, sudden_stops
from foley_core.picture.acceleration import Acceleration
from foley_core.picture.motion_drops import MotionDropDetector
from foley_core.picture.optical_flow import FrameMotion
from foley_core.picture.shots import FrameChange
from foley_core.picture.spotting import Impact
from foley_core.picture.sudden_stops import Stop, SuddenStopDetector

_EARLY, _LATE = Fraction(-3, 100), Fraction(1, 10)
"""A drop that lies so much later than a stop, in seconds, is the same impact."""
_SWAY_BEFORE, _SWAY_AFTER = Fraction(15, 100), Fraction(3, 10)
"""A stop nearer than this before or after a drop is no impact, but how what strikes sways or is lifted."""
_HARD, _BEFORE_HARD, _AFTER_HARD = 3e-2, Fraction(16, 100), Fraction(20, 100)
"""A drop nearer than this before or after a stop of at least this size is how its motion is seen to end."""
_BESIDE_CHANGE = Fraction(16, 100)
"""Nearer than this to a cut, a flash or a fade nothing strikes; nor within two frames of it."""
_PAUSE = Fraction(1, 2)
"""A frame that was shown for longer, in seconds, does not tell how long the next ones will be."""
_HARDEST = 6e-2
"""A stop of this size, or a larger one, has strength 1."""
_NEVER = Fraction(2**63)
"""Later than any clock can tell, in seconds."""

REACH = max(sudden_stops.REACH, motion_drops.REACH) + _SWAY_AFTER + Fraction(1, 10)
"""How far before and after a moment one must look to decide about it, in seconds."""


class ImpactDetector:
    """Takes in what happens from frame to frame, in order; gives out the impacts."""

    def __init__(self) -> None:
        self._stops, self._drops = SuddenStopDetector(), MotionDropDetector()
        self._found_stops: deque[Stop] = deque()
        self._found_drops: deque[Stop] = deque()
        self._changes: deque[tuple[Fraction, Fraction]] = deque()
        """From when to when nothing can strike."""
        self._frames: deque[Fraction] = deque(maxlen=4)
        self._looked_until = Fraction(-1)
        self.until = Fraction(-1)
        """Up to here all is decided, in seconds of media time."""

    def see(
        self, motion: FrameMotion, acceleration: Acceleration | None, changes: Sequence[FrameChange]
    ) -> list[Impact]:
        """`acceleration` is what happens where the motion begins; gives the impacts that are decided now."""
        self._found_drops.extend(self._drops.see(motion))
        if motion.cut:
            self._changes.append((motion.since - _BESIDE_CHANGE, motion.until + _BESIDE_CHANGE))
        if acceleration is not None:
            self._found_stops.extend(self._stops.see(acceleration, motion.since))
        else:
            self._found_stops.extend(self._stops.miss(motion.since))
        self._note(changes)
        return self._decided(min(self._stops.until, self._drops.until, self._looked_until) - _SWAY_AFTER)

    def rest(self, changes: Sequence[FrameChange]) -> list[Impact]:
        """The film is over: the impacts that are left."""
        self._found_stops.extend(self._stops.rest())
        self._found_drops.extend(self._drops.rest())
        self._note(changes)
        return self._decided(None)

    def _note(self, changes: Sequence[FrameChange]) -> None:
        for change in changes:
            self._frames.append(change.time)
            frame = self._frames[-1] - self._frames[-2] if len(self._frames) > 1 else Fraction(0)
            beside = max(_BESIDE_CHANGE, 3 * frame if frame <= _PAUSE else 0)
            if change.change:
                self._changes.append((change.time - beside, change.time + beside))
            self._looked_until = change.time - beside

    def _decided(self, until: Fraction | None) -> list[Impact]:
        """Impacts before `until`; stops and drops are kept for a while longer, for those beside them."""
        past = _NEVER if until is None else until
        chosen = [stop for stop in self._merged() if self.until <= stop.time < past]
        self.until = max(past, self.until)
        for found in (self._found_stops, self._found_drops):
            while found and found[0].time < past - 2 * _SWAY_AFTER:
                found.popleft()
        impacts = [impact_of(stop) for stop in chosen if not self._is_change(stop.time)]
        while self._changes and self._changes[0][1] < past - 2 * _SWAY_AFTER:
            self._changes.popleft()
        return impacts

    def _merged(self) -> list[Stop]:
        hard = [stop for stop in self._found_stops if stop.size >= _HARD]
        drops = [drop for drop in self._found_drops if not any(_ends(stop, drop) for stop in hard)]
        merged = [self._as_stop(drop) for drop in drops]
        merged += [stop for stop in self._found_stops if not any(_sways(stop, drop) for drop in drops)]
        return sorted(merged, key=lambda stop: stop.time)

    def _as_stop(self, drop: Stop) -> Stop:
        """The same as told by a stop, if one was followed."""
        near = [stop for stop in self._found_stops if _EARLY <= drop.time - stop.time <= _LATE]
        return min(near, key=lambda stop: abs(stop.time - drop.time), default=drop)

    def _is_change(self, time: Fraction) -> bool:
        return any(since < time < until for since, until in self._changes)


def _ends(hard: Stop, drop: Stop) -> bool:
    return -_BEFORE_HARD < drop.time - hard.time < _AFTER_HARD


def _sways(stop: Stop, drop: Stop) -> bool:
    return -_SWAY_AFTER < drop.time - stop.time < _SWAY_BEFORE


def impact_of(stop: Stop) -> Impact:
    """Its strength goes by the logarithm of its size, 0.2 to 1."""
    share = np.log(max(stop.size, sudden_stops.FAINTEST) / sudden_stops.FAINTEST) / np.log(
        _HARDEST / sudden_stops.FAINTEST
    )
    strength = float(np.clip(0.2 + 0.8 * share, 0.2, 1.0))
    return Impact(time=stop.time, strength=strength, x=stop.x, y=stop.y, size=stop.width, sure=stop.sure)
