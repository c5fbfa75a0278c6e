"""The interface between `foley_core.generate` and whatever makes the sound.

An engine gets a `Brief` and gives back a `Performance`: a lazy run of blocks of stereo sound, layer by layer,
that together last exactly as long as the brief says. It calls `brief.tick` often, which is how progress is
reported and how a cancel reaches it (it raises `Cancelled`; let it pass).

Contract (checked by the contract tests over every engine):
- same brief, same bits; another seed, other bits;
- memory does not grow with the length of the cue;
- every layer asked for, and no other, is in every block; all arrays of a block have the same length;
- the samples of all blocks add up to `brief.samples`.

An engine knows nothing of files, loudness, handles or editors: a handle is simply more of the stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import invalidate_caches
from pathlib import Path
from typing import Protocol, TypeAlias

from foley_core.cue import Layer
from foley_core.engines.installed import installed
from foley_core.errors import EngineFailed, no_engine
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings
from foley_core.picture.movement import Energy
from foley_core.picture.spotting import Impact
from foley_core.samples import Sound as Sound

Block: TypeAlias = Mapping[Layer, Sound]
"""The next stretch of sound, layer by layer; at most a few seconds."""


class Picture(Protocol):
    """What the film shows. It is watched while the sound is made, and only as far as it is asked for.

    So an engine that works from start to end and asks block by block need not wait for the whole film.
    """

    def impacts(self, end: Fraction | None = None) -> Sequence[Impact]:
        """What should be heard as a hit before `end` (None: all of it), in media time and in order.

        The user's own hits are already in here. The sequence may hold some after `end`, too; asked for more,
        it only grows at its end, so an impact keeps its index.
        """

    def movement(self, start: Fraction, end: Fraction) -> Energy:
        """How much moves where in each step that touches [`start`, `end`): see `picture/movement.py`."""


class FeatureStore(Protocol):
    """Where an engine keeps what it has found out about a film, so that it need not be found out again."""

    def recall(self, media: Path, key: str) -> bytes | None:
        """What was kept of this film (by content) under `key`; None where nothing is, or it is damaged."""

    def keep(self, media: Path, key: str, content: bytes) -> None:
        """Keep it for later. That it cannot be kept is no error."""


@dataclass(frozen=True)
class Brief:
    """What the engine is to play."""

    media: Path
    prompt: str
    negative: str
    layers: tuple[Layer, ...]
    seed: int
    first_sample: int
    """Where the sound starts, in samples of media time (sample 0 is the first frame shown)."""
    samples: int
    """How long it is."""
    picture: Picture
    """What there is to be seen."""
    tick: Callable[[float], None]
    """Call with the share of the work that is done (0 to 1), at least every half second."""
    neural: NeuralSettings = NEURAL_DEFAULTS
    """Settings of the neural engine."""
    hit_layers: tuple[Layer, ...] = ("hits",)
    """Layers that hits are to be part of; which of them, the impacts say. Not every engine can heed it."""
    further_seeds: tuple[int, ...] = ()
    """Of takes of the same cue that will be asked for next: an engine may make several at once."""
    store: FeatureStore | None = None
    """Where the engine may keep what does not depend on prompt and seed."""


@dataclass(frozen=True)
class Hit:
    """One hit as it was sounded."""

    sample: int
    """Where its attack lies, in samples of media time."""
    sound: str
    """What it is, as shown to the user: "wood", "boots on gravel"."""
    strength: float
    impact: int
    """Which of the picture's impacts it belongs to."""


@dataclass(frozen=True)
class Performance:
    """The sound, block by block, and what can be told about it beforehand."""

    blocks: Iterator[Block]
    hits: Sequence[Hit] | None = None
    """Whole once the last block has been played; None if it cannot be told, and must be listened for."""
    unknown_words: Sequence[str] = ()
    """Words of the prompt that the engine does not know; never an error."""
    near_words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For each unknown word the known ones that it may be a slip for, best first; for most there is none."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Settings worth showing in the report."""
    decoded: Callable[[], int] = lambda: 0
    """How many frames the engine has decoded by itself so far."""


class Engine(Protocol):
    """What turns pictures and words into sound. Made once per worker, with no arguments."""

    name: str
    version: str
    """Part of the cache's key; raised whenever the same brief would sound different."""
    device: str
    """Where it works, as shown to the user: `CPU`, or what the card is called. Known once it is loaded."""

    def load(self, neural: NeuralSettings = NEURAL_DEFAULTS) -> None:
        """Get ready (weights, tables) for cues with these settings; may take long.

        Called before the first `perform`, and again before one with other settings.
        """

    def perform(self, brief: Brief) -> Performance:
        """Play the brief."""


def find_engine(name: str) -> Engine:
    """The engine of that name, made but not loaded; `EngineUnknown` if there is none."""
    found = installed()
    if name not in found:
        raise no_engine(name, list(found))
    invalidate_caches()  # It may have been installed a moment ago.
    try:
        engine: Engine = found[name].load()()
    except ImportError as error:
        raise EngineFailed(
            f"The engine {name!r} cannot be imported: {error}.", "Run `foley doctor`."
        ) from error
    return engine
