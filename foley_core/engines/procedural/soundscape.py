"""The soundscape: what a prompt asks to be played, as voices in a space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from foley_core.cue import Layer
from foley_core.engines.procedural.kind import Bed, HitSound, Kind, Manner

STEPS = "footsteps"
"""The family of what is walked on."""
BLASTS = "breaking and blasts"
"""The family of what bursts."""
PLAIN_SHOE = Manner().shoe


@dataclass(frozen=True)
class Voice:
    """One kind of sound, and how it is to be played."""

    kind: Kind
    manner: Manner = field(default_factory=Manner)
    level: float = 0.0
    """dB above what the kind is played at as a rule."""
    distance: float = 0.0
    """0 near to 1 far."""
    pan: float | None = None
    """0 left to 1 right; None: where the picture says, or all around."""
    said: tuple[str, ...] = ()
    """The prompt's words for how it is to be played."""

    @property
    def name(self) -> str:
        """As shown to the user: "wood", "boots on gravel"."""
        shoe = {"bare": "bare feet"}.get(self.manner.shoe, self.manner.shoe)
        plain = self.kind.family != STEPS or shoe == PLAIN_SHOE
        return self.kind.name if plain else self.kind.name.replace(STEPS, shoe)

    @property
    def description(self) -> str:
        """The name and all that is said about it, for the record: "boots on gravel (heavy, distant)"."""
        return f"{self.name} ({', '.join(self.said)})" if self.said else self.name

    @property
    def layer(self) -> Layer:
        """Which layer it is part of."""
        sound = self.kind.sound
        return "hits" if isinstance(sound, HitSound) else "ambience" if isinstance(sound, Bed) else "movement"


@dataclass(frozen=True)
class Soundscape:
    """All that a prompt asks for."""

    voices: tuple[Voice, ...]
    """In the order in which the prompt names them."""
    space: str | None
    """The name of the space that everything sounds in; None where the prompt names none."""
    unknown: tuple[str, ...]
    """Words that mean nothing to this engine, each once, in order."""
    near: Mapping[str, tuple[str, ...]]
    """For each unknown word the known ones that it may be a slip for; for most there is none."""

    def voices_of(self, layer: Layer) -> tuple[Voice, ...]:
        """Those of one layer."""
        return tuple(voice for voice in self.voices if voice.layer == layer)
