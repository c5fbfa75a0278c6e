"""An engine that clicks: one sample at the exact time of each white frame, and nothing else.

With it a film of white flashes shows where picture and sound really lie to each other, through the decoder,
the service, the file and the editor. It decodes the picture itself, frame by frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from foley_core.engines.engine import Block, Brief, Performance
from foley_core.media.frames import frames
from foley_core.media.probe import probe
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

WHITE = 128
"""Mean luma above which a frame is a flash."""
CLICK = np.float32(0.5)


class ImpulseEngine:
    """Satisfies `Engine`; the prompt does nothing, and the seed only says which polarity comes first."""

    name = "impulse"
    version = "1"
    device = "CPU"

    def load(self, neural: NeuralSettings = NEURAL_DEFAULTS) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """A click for each flash that begins within the brief."""
        clicks = [sample_at(time) for time in _flashes(brief)]
        return Performance(blocks=_blocks(brief, clicks), notes={"flashes": str(len(clicks))})


def _flashes(brief: Brief) -> Iterator[Fraction]:
    info = probe(brief.media)
    start = Fraction(brief.first_sample, SAMPLE_RATE)
    end = Fraction(brief.first_sample + brief.samples, SAMPLE_RATE)
    before = False
    for frame in frames(info, max(start - 1, Fraction(0)), end):
        white = bool(frame.luma(16, 16).mean() > WHITE)
        if white and not before and frame.time >= start:
            yield frame.time
        before = white
        brief.tick(0.0)


def _blocks(brief: Brief, clicks: list[int]) -> Iterator[Block]:
    polarity = CLICK if brief.seed % 2 else -CLICK
    for first in range(0, brief.samples, SAMPLE_RATE):
        count = min(SAMPLE_RATE, brief.samples - first)
        sound: Sound = np.zeros((count, 2), dtype=np.float32)
        for number, sample in enumerate(clicks):
            at = sample - brief.first_sample - first
            if 0 <= at < count:
                sound[at] = polarity * (-1) ** number
        loudest = brief.layers[0]
        yield {layer: sound if layer == loudest else np.zeros_like(sound) for layer in brief.layers}
        brief.tick((first + count) / brief.samples)
