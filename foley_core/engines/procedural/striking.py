"""Hits: each impact turned into one sound, at its level, its place, and exactly its sample.

A hit depends on the seed, its own position and its own impact, and on nothing else.
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.engine import Brief, Hit
from foley_core.engines.procedural.dice import dice
from foley_core.engines.procedural.modal import IRON, KNOCK, METAL, WOOD, Mono, finished, strike
from foley_core.engines.procedural.steps import step
from foley_core.engines.procedural.words import sound_at
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

LONGEST = 8 * SAMPLE_RATE
"""No hit sounds longer than this, in samples."""
_SOFTEST, _HARDEST = -12.0, -6.0
"""Peak in dBFS of a hit of strength 0 and of strength 1."""
_WIDTH = 0.7
"""How far apart left and right are laid: 1 would put the picture's edge into one loudspeaker."""
_MATERIALS = {"wood": WOOD, "metal": METAL, "knock": KNOCK}


def hits_of(brief: Brief, sounds: tuple[str, ...]) -> list[Hit]:
    """The hits to be played, in order; an impact whose sample lies outside the brief has none."""
    if not sounds or "hits" not in brief.layers:
        return []
    hits = [
        Hit(sample_at(impact.time), sound_at(sounds, impact.x), impact.strength, index)
        for index, impact in enumerate(brief.impacts)
    ]
    end = brief.first_sample + brief.samples
    return sorted((hit for hit in hits if brief.first_sample <= hit.sample < end), key=lambda hit: hit.sample)


def sounded(hit: Hit, x: float, seed: int) -> Sound:
    """The hit as stereo sound, loud from its first sample; `x` is its place, 0 left to 1 right."""
    thing = dice(seed, "hits", f"{hit.sound}: thing")
    blow = dice(seed, "hits", f"{hit.sound}: blow", hit.sample)
    strength = min(max(hit.strength, 0.0), 1.0)
    mono = _sound(hit.sound, strength, thing, blow)[:LONGEST]
    peak = 10 ** ((_SOFTEST + (_HARDEST - _SOFTEST) * strength) / 20)
    angle = (0.5 + _WIDTH * (min(max(x, 0.0), 1.0) - 0.5)) * np.pi / 2
    sides = np.array([np.cos(angle), np.sin(angle)])
    return np.asarray(mono[:, None] * (peak * sides / sides.max()), np.float32)


def _sound(name: str, strength: float, thing: np.random.Generator, blow: np.random.Generator) -> Mono:
    if name == "footsteps":
        return step(strength, thing, blow)
    if name == "hammer":
        return _hammer(strength, thing, blow)
    return strike(_MATERIALS[name], strength, thing, blow)


def _hammer(strength: float, thing: np.random.Generator, blow: np.random.Generator) -> Mono:
    """A nail's ring over the block that it is driven into."""
    ring, block = strike(IRON, strength, thing, blow), strike(WOOD, strength, thing, blow)
    both = np.zeros(max(len(ring), len(block)))
    both[: len(ring)] += ring
    both[: len(block)] += block
    return finished(both)
