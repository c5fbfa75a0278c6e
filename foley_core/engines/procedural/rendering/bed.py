"""Beds: what lies under everything, as a texture without end, events at random times, or both.

Of the events one falls into each stretch of the same length, at any time in it; where and what it is depends
on the seed and on that stretch alone. So a take of a part has the same events as that part of a longer take,
but for one case: a take that is too short to have any is given one, because the prompt asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

from foley_core.engines.engine import Brief
from foley_core.engines.procedural.kind import Bed, RandomEvents
from foley_core.engines.procedural.rendering.endless_texture import EndlessTexture
from foley_core.engines.procedural.rendering.levels import (
    amplitude,
    distance_filtered,
    loudest,
    reverb_send,
    soft_limited,
)
from foley_core.engines.procedural.rendering.rng import rng
from foley_core.engines.procedural.rendering.tail_mixing import (
    LONGEST,
    Played,
    TailMixer,
    pan_with_send,
    with_send,
)
from foley_core.engines.procedural.soundscape import Voice
from foley_core.timecode import SAMPLE_RATE

_SOFTER_DB = 5.0
"""An event is played at most this much below its loudness."""
_FURTHER = 0.2
"""And at most so much further away than its voice."""
_CLOSEST = SAMPLE_RATE // 20
"""Events follow each other at least so many samples apart, on average."""


class BedRenderer:
    """Plays one bed, block by block."""

    def __init__(self, voice: Voice, brief: Brief) -> None:
        assert isinstance(voice.kind.sound, Bed)
        kind = voice.kind.sound
        self._send = reverb_send(voice.distance)
        self._texture = EndlessTexture(voice, kind.texture, kind.lufs, brief.seed) if kind.texture else None
        self._calling = BedEventRenderer(voice, kind.calls, brief) if kind.calls else None

    def play(self, first: int, samples: int) -> Played:
        """The next `samples` samples, from `first` on."""
        played = np.zeros((3, samples), np.float32)
        if self._texture:
            played += with_send(self._texture.play(first, samples), self._send)
        if self._calling:
            played += self._calling.play(first, samples)
        return played


class BedEventRenderer:
    """Plays a bed's events, block by block."""

    def __init__(self, voice: Voice, calls: RandomEvents, brief: Brief) -> None:
        self._voice, self._calls, self._brief = voice, calls, brief
        every = calls.every / (voice.manner.pace * voice.manner.count)
        self._every = max(int(every * SAMPLE_RATE), _CLOSEST)
        self._ringing = TailMixer(brief.first_sample)
        self._events = self._all_events()
        self._next = next(self._events)

    def play(self, first: int, samples: int) -> Played:
        """The next `samples` samples, from `first` on."""
        while self._next[0] < first + samples:
            self._set_off(*self._next)
            self._next = next(self._events)
        return self._ringing.play(samples)

    def _all_events(self) -> Iterator[tuple[int, np.random.Generator]]:
        """When each begins, with its chance; from those on that may still sound when the brief begins."""
        first, samples = self._brief.first_sample, self._brief.samples
        earliest = (first - LONGEST) // self._every
        for number in count(earliest):
            at, chance = self._event(number)
            if at >= first:
                break
            yield at, chance
        if at >= first + samples * 3 // 4:
            chance = rng(self._brief.seed, "ambience", f"{self._voice.name}: the only call", first)
            yield first + int(chance.uniform(0.05, 0.4) * samples), chance
        yield from (self._event(later) for later in count(number))

    def _event(self, number: int) -> tuple[int, np.random.Generator]:
        chance = rng(self._brief.seed, "ambience", f"{self._voice.name}: call", number)
        return number * self._every + int(chance.uniform(0, self._every)), chance

    def _set_off(self, at: int, chance: np.random.Generator) -> None:
        voice = self._voice
        distance = min(voice.distance + chance.uniform(0, _FURTHER), 1.0)
        angle = (chance.uniform(0.1, 0.9) if voice.pan is None else voice.pan) * np.pi / 2
        quieter = chance.uniform(0, _SOFTER_DB)
        mono = np.asarray(self._calls.call(chance, voice.manner), np.float32)
        lufs = self._calls.lufs + voice.level - quieter
        if np.isfinite(gain := lufs - loudest(mono)):
            heard = distance_filtered(soft_limited(mono * np.float32(amplitude(gain)), lufs), distance)
            left, right = (2**0.5 * side for side in (np.cos(angle), np.sin(angle)))
            self._ringing.add(pan_with_send(heard, left, right, reverb_send(distance)), at)
