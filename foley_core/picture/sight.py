"""Sight: what is seen in a stretch of film, asked for bit by bit while the film is still being watched.

So sound can be made for the first second while the next is looked at. It goes only as far as it is asked to;
once it has reached the end, or if the stretch was known already, it has the whole spotting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from foley_core.picture.movement import Energy, between, first_step, last_step
from foley_core.picture.spotting import MOVEMENT_RATE, Glimpse, Impact, Movement, Spotting


class Sight:
    """What has been seen so far; asking for more watches on."""

    def __init__(self, start: Fraction, end: Fraction, glimpses: Iterator[Glimpse]) -> None:
        self._start, self._end, self._glimpses = start, end, glimpses
        self._until, self._frames = start, 0
        self._impacts: list[Impact] = []
        self._cuts: list[Fraction] = []
        self._energy = bytearray()

    @classmethod
    def of(cls, spotting: Spotting) -> Sight:
        """Of a stretch that was watched before; no frame is decoded for it."""
        whole = Glimpse(
            until=spotting.end,
            impacts=spotting.impacts,
            cuts=spotting.cuts,
            energy=spotting.movement.energy,
            frames=0,
        )
        return cls(spotting.start, spotting.end, iter([whole]))

    @property
    def frames(self) -> int:
        """Decoded so far."""
        return self._frames

    def impacts(self, end: Fraction | None = None) -> Sequence[Impact]:
        """The impacts before `end` (None: all of them), and maybe some after it, in the order of time."""
        self._watch(self._end if end is None else end)
        return self._impacts

    def movement(self, start: Fraction, end: Fraction) -> Energy:
        """The steps of movement that touch [`start`, `end`); zero outside of the stretch."""
        self._watch(Fraction(last_step(end), MOVEMENT_RATE))
        return between(first_step(self._start), self._energy, start, end)

    def spotting(self) -> Spotting:
        """All of it."""
        self._watch(self._end)
        return Spotting(
            start=self._start,
            end=self._end,
            impacts=tuple(self._impacts),
            cuts=tuple(self._cuts),
            movement=Movement(first=first_step(self._start), energy=bytes(self._energy)),
            frames=self._frames,
        )

    def _watch(self, end: Fraction) -> None:
        while self._until < min(end, self._end):
            glimpse = next(self._glimpses)
            self._until, self._frames = glimpse.until, glimpse.frames
            self._impacts.extend(glimpse.impacts)
            self._cuts.extend(glimpse.cuts)
            self._energy.extend(glimpse.energy)
