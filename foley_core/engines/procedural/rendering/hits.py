"""Hits: each impact turned into one sound, at its level, its place, and exactly its sample.

A hit depends on the seed, its own position and its own impact, and on nothing else. Where several voices are
wanted they are dealt over the picture, so that what is struck again in the same place sounds the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from foley_core.cue import Layer
from foley_core.engines.engine import Brief, Hit
from foley_core.engines.procedural.kind import Blow, HitSound, Manner
from foley_core.engines.procedural.rendering.levels import amplitude, distance_filtered, reverb_send
from foley_core.engines.procedural.rendering.rng import rng
from foley_core.engines.procedural.rendering.tail_mixing import Played, TailMixer, pan_with_send
from foley_core.engines.procedural.soundscape import BLASTS, STEPS, Voice
from foley_core.picture.spotting import Impact, ImpactKind
from foley_core.timecode import SAMPLE_RATE, sample_at

HARDEST_DB = -6.0
"""Peak in dBFS of a hit of strength 1; a quarter of the strength is 6 dB less."""
SOFTEST_DB = -20.0
"""No hit is played softer than this, but for what the prompt and its distance take away."""
LOUDEST_DB = -1.0
USUAL_SIZE = 0.25
"""What is seen to be so wide, as a share of the picture, has the size that its kind has of itself."""
MOST_AT_ONCE = 6
"""No more than so many walk at once."""
_SIZES = 0.25, 4.0
_WIDTH = 0.7
"""How far apart left and right are laid: 1 would put the picture's edge into one loudspeaker."""
_APART = 0.02, 0.11
"""The next of several comes so much later than the one before, in seconds."""


class HitRenderer:
    """Plays the hits of one layer, block by block, as the picture is watched."""

    def __init__(
        self,
        brief: Brief,
        voices: Sequence[Voice],
        hits: list[Hit],
        voices_for: Callable[[str], Sequence[Voice]],
        layer: Layer = "hits",
    ) -> None:
        """`voices_for` gives those that play what the user's own words for one hit say."""
        self._brief, self._voices, self._hits, self._voices_for = brief, voices, hits, voices_for
        self._layer = layer
        self._ringing = TailMixer(brief.first_sample)
        self._next = 0

    def play(self, first: int, samples: int) -> Played:
        """The next `samples` samples, from `first` on; what was struck is added to the hits."""
        impacts = self._brief.picture.impacts(Fraction(first + samples, SAMPLE_RATE))
        while self._next < len(impacts) and sample_at(impacts[self._next].time) < first + samples:
            impact = impacts[self._next]
            here = (impact.layer or "hits") == self._layer
            if here and (sample := sample_at(impact.time)) >= first:
                self._strike(impact, sample)
                self._brief.tick((sample - self._brief.first_sample) / self._brief.samples)
            self._next += 1
        return self._ringing.play(samples)

    def _strike(self, impact: Impact, sample: int) -> None:
        voices = self._voices_for(impact.sound) if impact.sound else self._voices
        if not voices:
            return
        voice = voice_at(voices, impact.x, impact.y, impact.kind)
        self._hits.append(Hit(sample, voice.name, impact.strength, self._next))
        for late, sound in struck(voice, impact, sample, self._brief.seed):
            self._ringing.add(sound, sample + late)


def voice_at(voices: Sequence[Voice], x: float, y: float, kind: ImpactKind = "unknown") -> Voice:
    """Which of the voices sounds for what strikes at `x` (0 left, 1 right) and `y` (0 top, 1 bottom).

    Where blasts are wanted, what is seen to burst is one. Where steps and other things are wanted, what is
    seen to be a step is one, and so is what strikes in the lower half and does not burst. Voices share the
    width in the order in which they were named, those that the prompt puts to one side on their side.
    """
    blasts = [voice for voice in voices if voice.kind.family == BLASTS]
    steps = [voice for voice in voices if voice.kind.family == STEPS]
    others = [voice for voice in voices if voice.kind.family != STEPS]
    dealt: Sequence[Voice] = voices
    if kind == "burst" and blasts:
        dealt = blasts
    elif steps and others:
        dealt = steps if kind == "step" or (y >= 0.5 and kind != "burst") else others
    row = sorted(dealt, key=lambda voice: 0.5 if voice.pan is None else voice.pan)
    return row[min(int(max(x, 0.0) * len(row)), len(row) - 1)]


def struck(voice: Voice, impact: Impact, sample: int, seed: int) -> list[tuple[int, Played]]:
    """The hit as sound, loud from its first sample, and how many samples later it begins.

    Of steps there is one for each of those who walk, the first of them at once. Of other things there is one
    for an impact, however many the prompt says: the picture shows how often they are struck.
    """
    made, late = [], 0
    where = rng(seed, "hits", f"{voice.name}: several", sample)
    strength, pan = min(max(impact.strength, 0.0), 1.0), _place(voice, impact.x)
    count = min(voice.manner.count, MOST_AT_ONCE) if voice.kind.family == STEPS else 1
    for number in range(count):
        if number:
            late += int(where.uniform(*_APART) * SAMPLE_RATE)
            strength *= where.uniform(0.5, 0.9)
            pan = min(max(pan + where.uniform(-0.15, 0.15), 0.0), 1.0)
        purpose = f"{voice.name}: {number}"
        blow = Blow(
            strength=strength,
            manner=seen_manner(voice.manner, impact.size),
            thing=rng(seed, "hits", f"{purpose}: thing"),
            chance=rng(seed, "hits", f"{purpose}: blow", sample),
        )
        made.append((late, _sounded(voice, blow, pan)))
    return made


def seen_manner(manner: Manner, size: float) -> Manner:
    """With the size of what was seen to move: by the square root, so twice as wide is 1.4 times as large."""
    larger = (max(size, 1e-3) / USUAL_SIZE) ** 0.5
    return replace(manner, size=float(np.clip(manner.size * larger, *_SIZES)))


def peak_db(strength: float) -> float:
    """The peak of a hit, in dBFS, before the prompt and the distance take from it."""
    return max(HARDEST_DB + 10 * float(np.log10(max(strength, 1e-6))), SOFTEST_DB)


def _place(voice: Voice, x: float) -> float:
    return 0.5 + _WIDTH * (min(max(x if voice.pan is None else voice.pan, 0.0), 1.0) - 0.5)


def _sounded(voice: Voice, blow: Blow, pan: float) -> Played:
    assert isinstance(voice.kind.sound, HitSound)
    mono = np.asarray(voice.kind.sound.strike(blow), np.float32)
    peak = amplitude(min(peak_db(blow.strength) + voice.level, LOUDEST_DB))
    mono = mono * np.float32(peak / max(float(np.abs(mono).max()), 1e-9))
    left, right = np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)
    louder = max(left, right)
    return pan_with_send(
        distance_filtered(mono, voice.distance), left / louder, right / louder, reverb_send(voice.distance)
    )
