"""The procedural engine: hits where the picture has impacts, and a bed under them, by synthesis alone.

Same brief, same bits; constant memory for any length; a hit's attack lies on the very sample of its impact.
Levels: a hit peaks at -12 to -6 dBFS by its strength, rain lies at about -30 LUFS, room tone at -50 dBFS.
The movement layer is silent: nothing of what moves without striking is known to it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foley_core.engines.engine import Block, Brief, Hit, Performance
from foley_core.engines.procedural.bed import Bed, Texture
from foley_core.engines.procedural.rain import rain
from foley_core.engines.procedural.room import room_tone
from foley_core.engines.procedural.striking import LONGEST, hits_of, sounded
from foley_core.engines.procedural.words import read
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_BLOCK = SAMPLE_RATE
_TEXTURES: dict[str, Texture] = {"rain": rain, "room tone": room_tone}


class ProceduralEngine:
    """The engine that needs nothing."""

    name = "procedural"
    version = "1"

    def load(self) -> None:
        """Nothing to get ready."""

    def perform(self, brief: Brief) -> Performance:
        """Play the brief."""
        wish = read(brief.prompt, brief.negative)
        hits = hits_of(brief, wish.hits)
        beds = [Bed(name, _TEXTURES[name], brief.seed) for name in wish.beds]
        notes = {"hits": ", ".join(wish.hits) or "none", "ambience": ", ".join(wish.beds) or "none"}
        if "movement" in brief.layers:
            notes["movement"] = "silent: this engine makes no movement sounds"
        return Performance(_blocks(brief, hits, beds), hits, wish.unknown, notes)


def _blocks(brief: Brief, hits: list[Hit], beds: list[Bed]) -> Iterator[Block]:
    ringing = _Ringing(brief, hits)
    for done in range(0, brief.samples, _BLOCK):
        brief.tick(done / brief.samples)
        first, samples = brief.first_sample + done, min(_BLOCK, brief.samples - done)
        struck = ringing.play(first, samples)
        silence = np.zeros((samples, 2), np.float32)
        bed = (
            sum((bed.play(first, samples) for bed in beds), silence)
            if "ambience" in brief.layers
            else silence
        )
        everything = {"hits": struck, "movement": silence, "ambience": bed}
        yield {layer: everything[layer] for layer in brief.layers}
    brief.tick(1.0)


class _Ringing:
    """The hits so far, summed, with what of them has yet to ring out."""

    def __init__(self, brief: Brief, hits: list[Hit]) -> None:
        self._brief, self._hits, self._next = brief, hits, 0
        self._sum = np.zeros((_BLOCK + LONGEST, 2), np.float32)

    def play(self, first: int, samples: int) -> Sound:
        """The next `samples` samples, at most a block."""
        while self._next < len(self._hits) and self._hits[self._next].sample < first + samples:
            hit = self._hits[self._next]
            sound = sounded(hit, self._brief.impacts[hit.impact].x, self._brief.seed)
            self._sum[hit.sample - first :][: len(sound)] += sound
            self._next += 1
            self._brief.tick((hit.sample - self._brief.first_sample) / self._brief.samples)
        played = self._sum[:samples].copy()
        self._sum[:-samples] = self._sum[samples:]
        self._sum[-samples:] = 0
        return played
