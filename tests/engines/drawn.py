"""Pictures made up for engines, written down instead of watched, and what is played to them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from foley_core.cue import LAYERS, Layer
from foley_core.engines.engine import Brief, Performance
from foley_core.engines.procedural.engine import ProceduralEngine
from foley_core.picture.movement import Energy, coded
from foley_core.picture.spotting import (
    MOVEMENT_COLUMNS,
    MOVEMENT_RATE,
    MOVEMENT_ROWS,
    Impact,
    Movement,
    Spotting,
)
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at


def impact(time: Fraction | float, strength: float = 0.7, x: float = 0.5, y: float = 0.5) -> Impact:
    return Impact(time=Fraction(time), strength=strength, x=x, y=y)


def still(seconds: int) -> Energy:
    """Movement of nothing."""
    return np.zeros((seconds * MOVEMENT_RATE, MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)


def stream(*impacts: Impact, energy: Energy | None = None, end: Fraction = Fraction(3600)) -> SpottingStream:
    """A film with these impacts and this movement from its first step on."""
    movement = Movement(first=0, energy=b"" if energy is None else coded(energy))
    start = min(Fraction(0), end - 1)
    return SpottingStream.of(Spotting(start=start, end=end, impacts=impacts, movement=movement, frames=0))


def brief(
    prompt: str,
    *impacts: Impact,
    seconds: Fraction | int = 4,
    layers: tuple[Layer, ...] = LAYERS,
    energy: Energy | None = None,
) -> Brief:
    return Brief(
        media=Path("film.mp4"),
        prompt=prompt,
        negative="",
        layers=layers,
        seed=5,
        first_sample=0,
        samples=sample_at(Fraction(seconds)),
        picture=stream(*impacts, energy=energy),
        tick=lambda share: None,
    )


def perform(asked: Brief) -> tuple[Performance, dict[Layer, Sound]]:
    performance = ProceduralEngine().perform(asked)
    blocks = list(performance.blocks)
    return performance, {layer: np.concatenate([b[layer] for b in blocks]) for layer in asked.layers}


def hits(prompt: str, *impacts: Impact, seconds: Fraction | int = 4) -> Sound:
    """The hits that are played to these impacts."""
    return perform(brief(prompt, *impacts, seconds=seconds, layers=("hits",)))[1]["hits"]


def movement(prompt: str, energy: Energy) -> Sound:
    """The movement layer that is played to this energy."""
    seconds = Fraction(len(energy), MOVEMENT_RATE)
    return perform(brief(prompt, seconds=seconds, layers=("movement",), energy=energy))[1]["movement"]


def ambience(prompt: str, seconds: Fraction | int = 4, seed: int = 5) -> Sound:
    """The bed."""
    asked = replace(brief(prompt, seconds=seconds, layers=("ambience",)), seed=seed)
    return perform(asked)[1]["ambience"]


def decibels(value: float) -> float:
    return 20 * float(np.log10(max(value, 1e-12)))


def brightness(sound: Sound) -> float:
    """The centre of the spectrum's power, in Hz."""
    power = np.abs(np.fft.rfft(sound.sum(1))) ** 2
    return float(power @ np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) / power.sum())


def ringing(sound: Sound) -> float:
    """Seconds until it stays 40 dB below its peak."""
    level = np.abs(sound).max(1)
    return float(np.flatnonzero(level > level.max() / 100).max()) / SAMPLE_RATE
