"""Impacts: what of all that moves should be heard, from the blows that can be followed and the falls.

A fall says that something struck, whatever it was and however blurred; a blow says when and where to a few
milliseconds. Where both tell of the same impact it is taken from the blow; where they disagree about the
moment, the fall is right (measured: a stick thrown up is followed more easily than one that comes down). A
cut, a flash or a fade strikes nothing. What is decided about one moment depends on `REACH` before and after
it and on nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from foley_core.picture import blows, falls
from foley_core.picture.blows import Blow, Blows
from foley_core.picture.falls import Falls
from foley_core.picture.motion import Motion
from foley_core.picture.shots import Look
from foley_core.picture.spotting import Impact
from foley_core.picture.turns import Turn

_EARLY, _LATE = Fraction(-3, 100), Fraction(1, 10)
"""A fall that lies so much later than a blow, in seconds, is the same impact."""
_SWAY_BEFORE, _SWAY_AFTER = Fraction(15, 100), Fraction(3, 10)
"""A blow nearer than this before or after a fall is no impact, but how what strikes sways or is lifted."""
_BESIDE_CHANGE = Fraction(16, 100)
"""Nearer than this to a cut, a flash or a fade nothing strikes; nor within two frames of it."""
_HARDEST = 6e-2
"""A blow of this size, or a larger one, has strength 1."""

REACH = max(blows.REACH, falls.REACH) + _SWAY_AFTER + Fraction(1, 10)
"""How far before and after a moment one must look to decide about it, in seconds."""


class Impacts:
    """Takes in what happens from frame to frame, in order; gives out the impacts."""

    def __init__(self) -> None:
        self._blows, self._falls = Blows(), Falls()
        self._found_blows: deque[Blow] = deque()
        self._found_falls: deque[Blow] = deque()
        self._changes: deque[tuple[Fraction, Fraction]] = deque()
        """From when to when nothing can strike."""
        self._frames: deque[Fraction] = deque(maxlen=4)
        self._looked_until = Fraction(-1)
        self.until = Fraction(-1)
        """Up to here all is decided, in seconds of media time."""

    def see(self, motion: Motion, turn: Turn | None, looks: Sequence[Look]) -> list[Impact]:
        """`turn` is what happens where the motion begins; gives the impacts that are decided now."""
        self._found_falls.extend(self._falls.see(motion))
        if motion.cut:
            self._changes.append((motion.since - _BESIDE_CHANGE, motion.until + _BESIDE_CHANGE))
        if turn is not None:
            self._found_blows.extend(self._blows.see(turn, motion.since))
        self._note(looks)
        return self._decided(min(self._blows.until, self._falls.until, self._looked_until) - _SWAY_AFTER)

    def rest(self, looks: Sequence[Look]) -> list[Impact]:
        """The film is over: the impacts that are left."""
        self._found_blows.extend(self._blows.rest())
        self._found_falls.extend(self._falls.rest())
        self._note(looks)
        return self._decided(None)

    def _note(self, looks: Sequence[Look]) -> None:
        for look in looks:
            self._frames.append(look.time)
            frame = self._frames[-1] - self._frames[-2] if len(self._frames) > 1 else Fraction(0)
            beside = max(_BESIDE_CHANGE, 3 * frame)
            if look.change:
                self._changes.append((look.time - beside, look.time + beside))
            self._looked_until = look.time - beside

    def _decided(self, until: Fraction | None) -> list[Impact]:
        """Impacts before `until`; blows and falls are kept for a while longer, for those beside them."""
        past = until if until is not None else Fraction(10**9)
        chosen = [blow for blow in self._merged() if self.until <= blow.time < past]
        self.until = max(past, self.until)
        for found in (self._found_blows, self._found_falls):
            while found and found[0].time < past - 2 * _SWAY_AFTER:
                found.popleft()
        impacts = [impact_of(blow) for blow in chosen if not self._is_change(blow.time)]
        while self._changes and self._changes[0][1] < past - 2 * _SWAY_AFTER:
            self._changes.popleft()
        return impacts

    def _merged(self) -> list[Blow]:
        merged = [self._of_blow(fall) for fall in self._found_falls]
        merged += [blow for blow in self._found_blows if not any(_sways(blow, f) for f in self._found_falls)]
        return sorted(merged, key=lambda blow: blow.time)

    def _of_blow(self, fall: Blow) -> Blow:
        """The same as told by a blow, if one was followed."""
        near = [blow for blow in self._found_blows if _EARLY <= fall.time - blow.time <= _LATE]
        return min(near, key=lambda blow: abs(blow.time - fall.time), default=fall)

    def _is_change(self, time: Fraction) -> bool:
        return any(since < time < until for since, until in self._changes)


def _sways(blow: Blow, fall: Blow) -> bool:
    return -_SWAY_AFTER < fall.time - blow.time < _SWAY_BEFORE


def impact_of(blow: Blow) -> Impact:
    """Its strength goes by the logarithm of its size, 0.2 to 1."""
    share = np.log(max(blow.size, blows.FAINTEST) / blows.FAINTEST) / np.log(_HARDEST / blows.FAINTEST)
    strength = float(np.clip(0.2 + 0.8 * share, 0.2, 1.0))
    return Impact(time=blow.time, strength=strength, x=blow.x, y=blow.y, size=blow.width, sure=blow.sure)
