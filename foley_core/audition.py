"""Auditions: one kind of sound by itself, without a film, and the list of all that can be heard so.

What sounds for impacts is struck a few times, harder each time; what moves swells twice; a bed is simply
there. It is the built-in engine that plays, just as it would for a film.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from foley_core.cue import MAX_SEED, Layer, encode
from foley_core.engines.engine import Brief
from foley_core.engines.procedural.engine import ProceduralEngine
from foley_core.engines.procedural.listing import ListedSound, Listing, listing
from foley_core.engines.procedural.prompt.spelling import nearest
from foley_core.errors import CueError, SoundUnknown
from foley_core.media.wav import write_wav
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
from foley_core.timecode import sample_at

__all__ = ["LONGEST", "SHORTEST", "Listing", "audition", "find_sound", "listing"]

SHORTEST, LONGEST = Fraction(1, 2), Fraction(600)
"""Seconds that an audition may last."""
_APART = Fraction(4, 5)
"""Seconds between two hits."""
_SWELL = 0.8
"""Energy of the movement at its height."""


def find_sound(name: str) -> ListedSound:
    """The kind of sound that has this name, or that this word means; `SoundUnknown` names the nearest."""
    wanted = " ".join(name.casefold().split())
    sounds = listing()["sounds"]
    for sound in [*(s for s in sounds if s["name"] == wanted), *(s for s in sounds if wanted in s["words"])]:
        return sound
    near = nearest(wanted, {word: s["name"] for s in sounds for word in (s["name"], *s["words"])})
    raise SoundUnknown(
        f"There is no sound {name[:40]!r}.", f"Nearest: {', '.join(near)}. `foley sounds` lists all."
    )


def audition(name: str, path: Path, *, seconds: Fraction = Fraction(5), seed: int = 1) -> ListedSound:
    """Write a WAV of one kind of sound to `path`, whole or not at all.

    The same name, length and seed give the same file. Raises `SoundUnknown`, `CueError` for a length that
    cannot be, and `OutputError`.
    """
    sound = find_sound(name)
    if not SHORTEST <= seconds <= LONGEST:
        raise CueError(
            f"{float(seconds):g} s is no length for an audition.", f"Give {SHORTEST} to {LONGEST} s."
        )
    if not 0 <= seed <= MAX_SEED:
        raise CueError(f"The seed {seed} is out of range.", f"Give a whole number from 0 to {MAX_SEED}.")
    engine, brief = ProceduralEngine(), _brief(sound, seconds, seed)
    record = {
        "sound": sound["name"], "seed": seed, "engine": engine.name, "engine_version": engine.version
    }  # fmt: skip
    write_wav(
        path,
        _blocks(engine, brief),
        samples=brief.samples,
        bits=24,
        time_reference=0,
        description=sound["name"],
        record=encode(record),
    )
    return sound


def _blocks(engine: ProceduralEngine, brief: Brief) -> Iterator[Sound]:
    for block in engine.perform(brief).blocks:
        yield block[brief.layers[0]]


def _brief(sound: ListedSound, seconds: Fraction, seed: int) -> Brief:
    return Brief(
        media=Path(),
        prompt=sound["name"],
        negative="",
        layers=(sound["layer"],),
        seed=seed,
        first_sample=0,
        samples=sample_at(seconds),
        picture=SpottingStream.of(_spotting(sound["layer"], seconds)),
        tick=lambda share: None,
    )


def _spotting(layer: Layer, seconds: Fraction) -> Spotting:
    """What would have to be seen."""
    count = max(int(seconds / _APART), 1)
    impacts = tuple(
        Impact(time=_APART * number, strength=0.1 + 0.9 * (number + 1) / count, x=0.5, y=0.5)
        for number in range(count)
    )
    steps = int(seconds * MOVEMENT_RATE) + 1
    energy = np.zeros((steps, MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)
    swell = np.sin(2 * np.pi * np.arange(steps) / steps) ** 2
    energy[:, 1, 1:3] = (_SWELL / 2 * swell)[:, None]
    return Spotting(
        start=Fraction(0),
        end=seconds,
        impacts=impacts if layer == "hits" else (),
        movement=Movement(first=0, energy=coded(energy)),
        frames=0,
    )
