"""A spotting as it comes: what is seen, asked for bit by bit while the film is still being watched.

So sound can be made for the first second while the next is looked at. It goes only as far as it is asked to;
once it has reached the end, or if the stretch was known already, it has the whole spotting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from foley_core.picture.movement import Energy, between, first_step, last_step, steps_in
from foley_core.picture.spotting import MOVEMENT_RATE, Hold, Impact, Movement, Spotting, SpottingChunk


class SpottingStream:
    """What has been seen so far; asking for more watches on."""

    def __init__(self, start: Fraction, end: Fraction, chunks: Iterator[SpottingChunk]) -> None:
        self._start, self._end, self._chunks = start, end, chunks
        self._until, self._frames = start, 0
        self._impacts: list[Impact] = []
        self._cuts: list[Fraction] = []
        self._energy = bytearray()
        self._holds: list[Hold] = []
        self._steps = 0
        """Of the film, that the energy is of."""

    @classmethod
    def of(cls, spotting: Spotting) -> SpottingStream:
        """Of a stretch that was watched before; no frame is decoded for it."""
        whole = SpottingChunk(
            until=spotting.end,
            impacts=spotting.impacts,
            cuts=spotting.cuts,
            energy=spotting.movement.energy,
            holds=spotting.movement.holds,
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
        return between(first_step(self._start), self._energy, self._holds, start, end)

    def spotting(self) -> Spotting:
        """All of it."""
        self._watch(self._end)
        return Spotting(
            start=self._start,
            end=self._end,
            impacts=tuple(self._impacts),
            cuts=tuple(self._cuts),
            movement=Movement(
                first=first_step(self._start), energy=bytes(self._energy), holds=tuple(self._holds)
            ),
            frames=self._frames,
        )

    def _watch(self, end: Fraction) -> None:
        while self._until < min(end, self._end):
            chunk = next(self._chunks)
            self._until, self._frames = chunk.until, chunk.frames
            self._impacts.extend(chunk.impacts)
            self._cuts.extend(chunk.cuts)
            self._energy.extend(chunk.energy)
            self._holds += (Hold(self._steps + hold.at, hold.steps) for hold in chunk.holds)
            self._steps += steps_in(chunk.energy, chunk.holds)
