"""An engine that goes astray as the known failure of its kind does: in time at first, not an hour later.

It knocks for every impact that is seen, but:

late      by 60 ms at the start of the film, growing steadily to 270 ms after an hour
stretched its clock is off by +0.1 %, counted from the start of the cue
lossy     one hit in a hundred is lost, one in a hundred sounds twice

The seed decides which. It does not say where its hits lie, so only listening tells. Words in the prompt:

crash N   the process ends itself over every N-th cue that it gets
slow N    each cue takes N ms longer, for each second of it, than the cue before
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from foley_core.cue import Layer
from foley_core.engines.engine import Block, Brief, Performance
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings
from foley_core.picture.spotting import Impact
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

LATE_AT_FIRST, LATE_AT_LAST = Fraction(60, 1000), Fraction(270, 1000)
HOUR = 3600
CLOCK = Fraction(1001, 1000)
ODDS = 0.01
"""Of a hit that it is lost, and of one that it sounds twice."""
ECHO = Fraction(120, 1000)
"""How much later it sounds for the second time."""

_RINGS = SAMPLE_RATE // 4
"""Samples until a knock has died away."""
_BED = np.float32(0.005)
_CRASH = re.compile(r"crash ([1-9]\d{0,3})\b", re.ASCII)
_SLOW = re.compile(r"slow (\d{1,4})\b", re.ASCII)
_LONGEST_SLEEP = 0.25


@dataclass(frozen=True)
class Knock:
    """One sound of a hit."""

    sample: int
    """Of its attack, in samples of media time."""
    wave: Sound


class DriftingEngine:
    """Satisfies `Engine`."""

    name = "drifting"
    version = "1"
    device = "CPU"

    def __init__(self) -> None:
        self._cues = 0

    def load(self, neural: NeuralSettings = NEURAL_DEFAULTS) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """Knocks for what is seen, later and later; soft noise as a bed."""
        self._cues += 1
        crash, slow = _CRASH.search(brief.prompt), _SLOW.search(brief.prompt)
        if crash and self._cues % int(crash[1]) == 0:
            os._exit(137)
        dawdling = int(slow[1]) * (self._cues - 1) / 1000 if slow else 0.0
        return Performance(blocks=_blocks(brief, dawdling))


def sounded_at(brief: Brief, time: Fraction) -> Fraction:
    """When this engine sounds what is seen at `time`, both in seconds of media time."""
    start = Fraction(brief.first_sample, SAMPLE_RATE)
    share = min(max(time / HOUR, Fraction(0)), Fraction(1))
    late = LATE_AT_FIRST + (LATE_AT_LAST - LATE_AT_FIRST) * share
    return start + (time - start) * CLOCK + late


def _blocks(brief: Brief, dawdling: float) -> Iterator[Block]:
    seen, ringing = 0, list[Knock]()
    for first in range(0, brief.samples, SAMPLE_RATE):
        count = min(SAMPLE_RATE, brief.samples - first)
        start = brief.first_sample + first
        end = Fraction(start + count, SAMPLE_RATE)
        impacts = brief.picture.impacts(end)
        while seen < len(impacts) and sounded_at(brief, impacts[seen].time) < end:
            ringing += _knocks(brief, impacts[seen])
            seen += 1
        ringing = [knock for knock in ringing if knock.sample + _RINGS > start]
        yield {layer: _layer(layer, brief, ringing, start, count) for layer in brief.layers}
        _dawdle(brief, dawdling, first / brief.samples)
        brief.tick((first + count) / brief.samples)


def _layer(layer: Layer, brief: Brief, knocks: list[Knock], start: int, count: int) -> Sound:
    if layer == "hits":
        return _mixed(knocks, start, count)
    return _bed(brief, start, count) if layer == "ambience" else _silence(count)


def _knocks(brief: Brief, impact: Impact) -> Iterator[Knock]:
    at = sounded_at(brief, impact.time)
    rng = np.random.default_rng([brief.seed, abs(sample_at(impact.time))])
    fate = rng.random()
    wave = _knock(rng, impact.strength)
    if fate >= ODDS:
        yield Knock(sample_at(at), wave)
    if fate >= 1 - ODDS:
        yield Knock(sample_at(at + ECHO), wave)


def _knock(rng: np.random.Generator, strength: float) -> Sound:
    """A wooden knock: a burst of noise, and two modes that ring on a little."""
    time = np.arange(_RINGS, dtype=np.float32) / SAMPLE_RATE
    pitch = rng.uniform(300, 600)
    ring = np.cos(2 * np.pi * pitch * time) + 0.5 * np.cos(2 * np.pi * 2.76 * pitch * time)
    burst = rng.standard_normal(_RINGS, dtype=np.float32) * np.exp(-time / np.float32(0.004))
    wave = (0.25 * ring * np.exp(-time / np.float32(0.03)) + 0.2 * burst) * (0.3 + 0.7 * strength)
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


def _mixed(knocks: list[Knock], start: int, count: int) -> Sound:
    sound = _silence(count)
    for knock in knocks:
        at = knock.sample - start
        begin, end = max(at, 0), min(at + _RINGS, count)
        if begin < end:
            sound[begin:end] += knock.wave[begin - at : end - at]
    return sound


def _bed(brief: Brief, start: int, count: int) -> Sound:
    rng = np.random.default_rng([brief.seed, 1, start - brief.first_sample])
    return _BED * rng.standard_normal((count, 2), dtype=np.float32)


def _silence(count: int) -> Sound:
    return np.zeros((count, 2), np.float32)


def _dawdle(brief: Brief, seconds: float, share: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        brief.tick(share)
        time.sleep(min(left, _LONGEST_SLEEP))
