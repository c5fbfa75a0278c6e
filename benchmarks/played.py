"""Plays prompts on the built-in engine, as `foley_core.generate` does, over pictures that are made up.

What is seen (impacts, movement) is written down instead of watched, so every figure knows the truth exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from foley_core.cue import LAYERS, Layer
from foley_core.engines.engine import Brief, Engine, Hit, find_engine
from foley_core.engines.procedural.kind import Kind
from foley_core.engines.procedural.soundscape import Voice
from foley_core.picture.movement import coded
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
from foley_core.timecode import SAMPLE_RATE


@dataclass(frozen=True)
class Picture:
    """What there is to be seen in `seconds` of film."""

    seconds: float
    impacts: tuple[Impact, ...] = ()
    curve: tuple[float, ...] = ()
    """Energy of what moves, 0 to 1, MOVEMENT_RATE values a second; it moves in the middle of the frame."""

    def spotting(self) -> Spotting:
        """As a watcher would have told it."""
        energy = np.zeros((len(self.curve), MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)
        energy[:, 1, 1:3] = np.array(self.curve, np.float32)[:, None]
        end = Fraction(self.seconds).limit_denominator(1000)
        movement = Movement(first=0, energy=coded(energy))
        return Spotting(start=Fraction(0), end=end, impacts=self.impacts, movement=movement, frames=0)


@dataclass(frozen=True)
class Played:
    """What came out."""

    layers: dict[Layer, Sound]
    hits: tuple[Hit, ...]
    unknown_words: tuple[str, ...]


def impact(time: float, strength: float = 0.7, size: float = 0.25) -> Impact:
    """Something that strikes in the middle of the frame."""
    return Impact(time=Fraction(time).limit_denominator(1000), strength=strength, x=0.5, y=0.5, size=size)


def loaded() -> Engine:
    """The built-in engine."""
    engine = find_engine("procedural")
    engine.load()
    return engine


def play(
    engine: Engine, prompt: str, picture: Picture, seed: int = 1, layers: Sequence[Layer] = LAYERS
) -> Played:
    """Play `prompt` over `picture`."""
    spotting = picture.spotting()
    brief = Brief(
        media=Path("made-up.mp4"),
        prompt=prompt,
        negative="",
        layers=tuple(layers),
        seed=seed,
        first_sample=0,
        samples=int(spotting.end * SAMPLE_RATE),
        picture=SpottingStream.of(spotting),
        tick=lambda share: None,
    )
    performance = engine.perform(brief)
    blocks = list(performance.blocks)
    sounds = {layer: np.concatenate([block[layer] for block in blocks]) for layer in layers}
    return Played(sounds, tuple(performance.hits), tuple(performance.unknown_words))


def layer_of(kind: Kind) -> Layer:
    """The layer that a kind sounds in."""
    return Voice(kind).layer


def curve(seconds: float, seed: int) -> tuple[float, ...]:
    """Movement that comes and goes: smooth, between rest and fast."""
    steps = int(seconds * MOVEMENT_RATE)
    turns = np.random.default_rng(seed).uniform(0, 1, int(seconds) + 2)
    turns[::3] = 0.0
    drawn: NDArray[np.float64] = np.interp(np.arange(steps) / MOVEMENT_RATE, np.arange(len(turns)), turns)
    return tuple((0.6 * drawn**2).tolist())
