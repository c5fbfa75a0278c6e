"""Vocal tracts: what beasts call with.

A throat is pulses of air through the resonances of a vocal tract: Fant, "Acoustic Theory of Speech
Production" (1960); for dogs Riede and Fitch, "Vocal tract length and acoustics of vocalization in the
domestic dog" (J. Exp. Biology 202, 1999). A mouth that opens fades from one set of resonances to another.
A larger animal has slower pulses and a longer tract.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from foley_core.engines.procedural.kind import Manner
from foley_core.engines.procedural.synthesis.noise import (
    Mono,
    event,
    filtered,
    stretched,
    turned,
    wander,
    white,
)
from foley_core.timecode import SAMPLE_RATE

Points = tuple[tuple[float, float], ...]
"""(share of the way, value): a curve runs through them without corners."""
Formants = tuple[tuple[float, float, float], ...]
"""Resonances: frequency and bandwidth in Hz, and level."""
Between = tuple[float, float]
_STEP = 64
"""Samples between two points of a curve; a cry is a whole number of them long."""


@dataclass(frozen=True)
class Voice:
    """How an animal calls: a bout is a few cries, all of one animal."""

    height: Between
    """Of the voice, in Hz: the 1 of `pitch`."""
    pitch: Points
    seconds: Between
    """Of one cry."""
    loud: Points
    formants: Formants
    opened: Formants = ()
    """With the mouth open; none: it stays as it is."""
    mouth: Points = ((0, 0), (0.4, 1), (1, 0))
    """How far it is open, 0 to 1."""
    sharp: float = 20.0
    """How short each pulse of air is: 4 is soft, 40 pressed."""
    rough: float = 0.1
    """How unlike each pulse is to the next."""
    breath: float = 0.5
    """How much noise goes with them."""
    tremor: Between = (0.0, 0.0)
    """How often a second the voice shakes, and how deep (0 to 1)."""
    cries: tuple[int, int] = (1, 1)
    """At least, at most, in a bout."""
    rest: Between = (0.15, 0.4)
    """Seconds between them."""


def calls(voice: Voice, rng: np.random.Generator, manner: Manner) -> Mono:
    """A few cries of one animal: peak 1, silent at both ends."""
    height = rng.uniform(*voice.height) / manner.size**0.5
    tract = rng.uniform(0.92, 1.08) / manner.size**0.4
    parts: list[Mono] = []
    for _ in range(int(rng.integers(voice.cries[0], voice.cries[1] + 1))):
        pitch = height * rng.uniform(0.95, 1.05) * curve(rng.uniform(*voice.seconds), voice.pitch)
        parts.append(np.float32(rng.uniform(0.75, 1.0)) * _cry(rng, voice, pitch.astype(np.float32), tract))
        parts.append(np.zeros(int(rng.uniform(*voice.rest) / manner.pace**0.5 * SAMPLE_RATE), np.float32))
    return event(filtered(np.concatenate(parts), max(0.5 * height, 60.0), None), 0.003)


def _cry(rng: np.random.Generator, voice: Voice, pitch: Mono, tract: float) -> Mono:
    seconds = len(pitch) / SAMPLE_RATE
    shake, depth = voice.tremor
    beats = np.arange(len(pitch)) * (shake / SAMPLE_RATE)
    trembling = np.float32(depth) * np.sin(turned(beats) + wander(rng, len(pitch), 3))
    air = _air(rng, voice, pitch * (1 + np.float32(0.07) * trembling))
    sound = _through(air, voice.formants, tract)
    if voice.opened:
        mouth = curve(seconds, voice.mouth)
        sound = (1 - mouth) * sound + mouth * _through(air, voice.opened, tract)
    sound = sound * curve(seconds, voice.loud) * (1 + trembling)
    return np.asarray(sound / (np.abs(sound).max() + 1e-9), np.float32)


def _air(rng: np.random.Generator, voice: Voice, pitch: Mono) -> Mono:
    """Pulses of air at `pitch` (Hz, for each sample), and the noise that goes with them."""
    unsteady = 1 + 0.02 * (0.3 + voice.rough) * wander(rng, len(pitch), 45)
    cycles = np.cumsum(pitch * unsteady, dtype=np.float64) / SAMPLE_RATE
    pulses = np.exp(np.float32(voice.sharp) * (np.cos(turned(cycles)) - 1))
    pulses *= 1 + np.float32(0.5 * voice.rough) * np.cos(turned(cycles / 2))
    pulses *= 1 + np.float32(voice.rough) * wander(rng, len(pitch), 120)
    noise = np.float32(0.05 * voice.breath) * white(rng, len(pitch)) * (np.float32(0.3) + pulses)
    jet = np.diff(pulses, prepend=pulses[:1]) * np.float32(SAMPLE_RATE / 2000)
    return np.asarray(jet + noise, np.float32)


def _through(air: Mono, formants: Formants, tract: float) -> Mono:
    parts = [level * resonated(air, tract * hertz, width) for hertz, width, level in formants]
    return np.asarray(sum(parts), np.float32)


def resonated(sound: NDArray[np.floating], hertz: float, width: float) -> Mono:
    """Through one resonance, level 1 at its middle (a zero at 0 Hz and at the top)."""
    radius = np.exp(-np.pi * width / SAMPLE_RATE)
    back = [1.0, -2 * radius * np.cos(2 * np.pi * hertz / SAMPLE_RATE), radius**2]
    gain = (1 - radius**2) / 2
    return np.asarray(lfilter([gain, 0.0, -gain], back, sound), np.float32)


def curve(seconds: float, points: Points) -> Mono:
    """The curve through `points`, as many seconds long."""
    at, values = np.array(points).T
    way = np.linspace(0, 1, round(seconds * SAMPLE_RATE / _STEP) + 1)
    part = np.clip(np.searchsorted(at, way, side="right") - 1, 0, len(at) - 2)
    share = np.clip((way - at[part]) / (at[part + 1] - at[part]), 0, 1)
    smooth = share * share * (3 - 2 * share)
    return stretched(values[part] + (values[part + 1] - values[part]) * smooth, _STEP)
