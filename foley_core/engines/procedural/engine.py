"""The procedural engine: what the prompt names, played to what the picture shows, by synthesis alone.

Same brief, same bits; constant memory for any length; a hit's attack lies on the very sample of its impact.
The film is watched only as far as the sound has got. A prompt becomes voices (`prompt/`); `rendering/` plays
them as hits, movement and beds, in a space.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from foley_core.cue import Layer
from foley_core.engines.engine import Block, Brief, Hit, Performance
from foley_core.engines.procedural.prompt.parser import MOST_UNKNOWN, parse_prompt
from foley_core.engines.procedural.rendering.bed import BedRenderer
from foley_core.engines.procedural.rendering.hits import HitRenderer
from foley_core.engines.procedural.rendering.movement import MovementRenderer
from foley_core.engines.procedural.rendering.space import Reverb, space_of
from foley_core.engines.procedural.rendering.tail_mixing import Played
from foley_core.engines.procedural.soundscape import Soundscape, Voice
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_BLOCK = SAMPLE_RATE


class ProceduralEngine:
    """The engine that needs nothing."""

    name = "procedural"
    version = "4"
    device = "CPU"

    def load(self, neural: NeuralSettings = NEURAL_DEFAULTS) -> None:
        """Nothing to get ready."""

    def perform(self, brief: Brief) -> Performance:
        """Play the brief."""
        soundscape = parse_prompt(brief.prompt, brief.negative)
        hits: list[Hit] = []
        words = _HitWords(soundscape)
        buses = {layer: _buses(layer, soundscape, brief, hits, words) for layer in brief.layers}
        return Performance(
            blocks=_blocks(brief, buses),
            hits=hits,
            unknown_words=words.unknown,
            near_words=words.near,
            notes=_notes(soundscape, brief.layers),
        )


class _Renderer(Protocol):
    def play(self, first: int, samples: int) -> Played: ...


class _Bus:
    """The renderers of one layer, summed, in their space."""

    def __init__(self, renderers: Sequence[_Renderer], reverb: Reverb | None) -> None:
        self._renderers, self._reverb = renderers, reverb

    def play(self, first: int, samples: int) -> Sound:
        """The next `samples` samples, from `first` on."""
        played = np.zeros((3, samples), np.float32)
        for renderer in self._renderers:
            played += renderer.play(first, samples)
        if self._reverb:
            played[:2] += self._reverb.play(played[2])
        return np.ascontiguousarray(played[:2].T)


class _HitWords:
    """What the words mean that single hits have of their own; which of these and the prompt's are unknown."""

    def __init__(self, soundscape: Soundscape) -> None:
        self._usual = soundscape.voices_of("hits")
        self._known: dict[str, tuple[Voice, ...]] = {}
        self.unknown, self.near = list(soundscape.unknown), dict(soundscape.near)

    def voices(self, words: str) -> tuple[Voice, ...]:
        """Those that play a hit with these words; the prompt's where they ask for nothing that is struck."""
        if words not in self._known:
            meant = parse_prompt(words)
            self._known[words] = meant.voices_of("hits") or self._usual
            fresh = [word for word in meant.unknown if word not in self.near]
            fresh = fresh[: max(MOST_UNKNOWN - len(self.unknown), 0)]
            self.unknown += fresh
            self.near.update({word: meant.near[word] for word in fresh})
        return self._known[words]


def _buses(
    layer: Layer, soundscape: Soundscape, brief: Brief, hits: list[Hit], words: _HitWords
) -> list[_Bus]:
    """What sounds in a layer: its own voices, and the hits that the user wants in it."""
    voices, struck = soundscape.voices_of(layer), soundscape.voices_of("hits")
    buses = []
    if layer == "movement":
        buses.append(
            _bus([MovementRenderer(voice, brief.picture, brief.seed) for voice in voices], voices, soundscape)
        )
    elif layer == "ambience":
        buses.append(_bus([BedRenderer(voice, brief) for voice in voices], voices, soundscape))
    if layer in brief.hit_layers:
        buses.append(_bus([HitRenderer(brief, struck, hits, words.voices, layer)], struck, soundscape))
    return buses


def _bus(renderers: Sequence[_Renderer], voices: Sequence[Voice], soundscape: Soundscape) -> _Bus:
    space = space_of(soundscape.space, max((voice.distance for voice in voices), default=0.0))
    return _Bus(renderers, Reverb(space, _BLOCK) if space and voices else None)


def _blocks(brief: Brief, buses: dict[Layer, list[_Bus]]) -> Iterator[Block]:
    for done in range(0, brief.samples, _BLOCK):
        brief.tick(done / brief.samples)
        first, samples = brief.first_sample + done, min(_BLOCK, brief.samples - done)
        yield {layer: _played(all_of_it, first, samples) for layer, all_of_it in buses.items()}
    brief.tick(1.0)


def _played(buses: Sequence[_Bus], first: int, samples: int) -> Sound:
    sounds = [bus.play(first, samples) for bus in buses]
    return sounds[0] if len(sounds) == 1 else np.sum(sounds, axis=0, dtype=np.float32)


def _notes(soundscape: Soundscape, layers: Sequence[Layer]) -> dict[str, str]:
    """Which voices play, layer by layer."""
    notes: dict[str, str] = {
        layer: ", ".join(voice.description for voice in soundscape.voices_of(layer)) or "none"
        for layer in layers
    }
    return notes | ({"space": soundscape.space} if soundscape.space else {})
