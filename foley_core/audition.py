"""Auditions: a sound by itself or a whole prompt, without a film, and the list of all that can be heard.

What sounds for impacts is struck a few times, harder each time; what moves swells twice; a bed is simply
there. It is the built-in engine that plays, just as it would for a film.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle
from pathlib import Path
from typing import TypedDict

import numpy as np

from foley_core.cue import LAYERS, MAX_SEED, Cue, Layer, check, encode
from foley_core.engines.engine import Brief
from foley_core.engines.procedural.engine import ProceduralEngine
from foley_core.engines.procedural.explanation import ExplainedWord, Explanation, explain
from foley_core.engines.procedural.listing import ListedSound, Listing, listing
from foley_core.engines.procedural.prompt.parser import parse_prompt
from foley_core.engines.procedural.prompt.spelling import nearest
from foley_core.engines.procedural.soundscape import STEPS, Soundscape
from foley_core.errors import CueError, SoundUnknown
from foley_core.media.wav import write_wav
from foley_core.media.wav_header import WavHeader
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

__all__ = [
    "LONGEST",
    "SHORTEST",
    "Audition",
    "ExplainedWord",
    "Explanation",
    "Listing",
    "audition",
    "explain",
    "find_sound",
    "listing",
]

SHORTEST, LONGEST = Fraction(1, 2), Fraction(600)
"""Seconds that an audition may last."""
_APART = Fraction(4, 5)
"""Seconds between two hits."""
_SWELL = 0.8
"""Energy of the movement at its height."""
_MIDDLE = ((0.5, 0.5),)
_LOUDEST = 10 ** (-1 / 20)
"""Peak of a whole prompt: all of it is lowered if it would be more."""


class Audition(TypedDict):
    """What was played."""

    sound: str
    """The name of the sound, or the prompt."""
    sounds: list[str]
    """The names of all sounds that are heard."""
    space: str | None
    unknown_words: list[str]
    """Words of a prompt that are not understood."""
    near_words: dict[str, list[str]]
    """For each of them the known ones that it may be a slip for."""


def find_sound(name: str) -> ListedSound:
    """The kind of sound that has this name, or that this word means; `SoundUnknown` names the nearest if
    it may be a slip."""
    wanted = " ".join(name.casefold().split())
    sounds = listing()["sounds"]
    for sound in [*(s for s in sounds if s["name"] == wanted), *(s for s in sounds if wanted in s["words"])]:
        return sound
    near = nearest(wanted, {word: s["name"] for s in sounds for word in (s["name"], *s["words"])})
    raise SoundUnknown(
        f"There is no sound {name[:40]!r}.",
        (f"Nearest: {', '.join(near)}. " if near else "") + "`foley sounds` lists all.",
    )


def audition(sound: str, path: Path, *, seconds: Fraction = Fraction(5), seed: int = 1) -> Audition:
    """Write a WAV of one kind of sound, or of a whole prompt, to `path`, whole or not at all.

    `sound` is a kind's name or one of its words, or else a prompt. The same sound, length and seed give the
    same file. Raises `SoundUnknown` for a prompt that names no sound, `CueError` for a length or a text that
    cannot be, and `OutputError`.
    """
    if not SHORTEST <= seconds <= LONGEST:
        raise CueError(
            f"{float(seconds):g} s is no length for an audition.", f"Give {SHORTEST} to {LONGEST} s."
        )
    if not 0 <= seed <= MAX_SEED:
        raise CueError(f"The seed {seed} is out of range.", f"Give a whole number from 0 to {MAX_SEED}.")
    check(Cue(media="none", prompt=sound))
    played, brief = _asked(sound, seconds, seed)
    engine = ProceduralEngine()
    record = {
        "sound": played["sound"], "seed": seed, "engine": engine.name, "engine_version": engine.version
    }  # fmt: skip
    header = WavHeader(samples=brief.samples, description=played["sound"], record=encode(record))
    write_wav(path, _blocks(engine, brief), header)
    return played


def _asked(sound: str, seconds: Fraction, seed: int) -> tuple[Audition, Brief]:
    """What is to be played: a sound by itself, or a prompt as it would be for a film."""
    try:
        found = find_sound(sound)
    except SoundUnknown:
        soundscape = parse_prompt(sound)
        if not any(each["named"] for each in explain(sound)["sounds"]):
            raise
    else:
        alone: Audition = {
            "sound": found["name"],
            "sounds": [found["name"]],
            "space": None,
            "unknown_words": [],
            "near_words": {},
        }
        return alone, _brief(found["name"], (found["layer"],), seed, _spotting((found["layer"],), seconds))
    layers = tuple(layer for layer in LAYERS if soundscape.voices_of(layer))
    played: Audition = {
        "sound": sound,
        "sounds": [voice.description for voice in soundscape.voices],
        "space": soundscape.space,
        "unknown_words": list(soundscape.unknown),
        "near_words": {word: list(near) for word, near in soundscape.near.items()},
    }
    return played, _brief(sound, layers, seed, _spotting(layers, seconds, _places(soundscape)))


def _blocks(engine: ProceduralEngine, brief: Brief) -> Iterator[Sound]:
    """The sound; several layers are summed, and lowered where they would be too loud together."""
    if len(brief.layers) == 1:
        for block in engine.perform(brief).blocks:
            yield block[brief.layers[0]]
        return
    peak = max(float(np.abs(mixed).max()) for mixed in _mixed(engine, brief))
    gain = np.float32(min(_LOUDEST / peak, 1.0)) if peak else np.float32(1)
    for mixed in _mixed(engine, brief):
        yield mixed * gain


def _mixed(engine: ProceduralEngine, brief: Brief) -> Iterator[Sound]:
    for block in engine.perform(brief).blocks:
        yield np.sum([block[layer] for layer in brief.layers], axis=0, dtype=np.float32)


def _brief(prompt: str, layers: tuple[Layer, ...], seed: int, spotting: Spotting) -> Brief:
    return Brief(
        media=Path(),
        prompt=prompt,
        negative="",
        layers=layers,
        seed=seed,
        first_sample=0,
        samples=sample_at(spotting.end),
        picture=SpottingStream.of(spotting),
        tick=lambda share: None,
    )


def _places(soundscape: Soundscape) -> tuple[tuple[float, float], ...]:
    """Where impacts must be seen for each of the hits to be heard in its turn."""
    hits = soundscape.voices_of("hits")
    steps = [voice for voice in hits if voice.kind.family == STEPS]
    others = [voice for voice in hits if voice.kind.family != STEPS]
    rows = [(others, 0.25), (steps, 0.75)] if steps and others else [(list(hits), 0.5)]
    return (
        tuple(((number + 0.5) / len(voices), y) for voices, y in rows for number in range(len(voices)))
        or _MIDDLE
    )


def _spotting(
    layers: tuple[Layer, ...], seconds: Fraction, places: tuple[tuple[float, float], ...] = _MIDDLE
) -> Spotting:
    """What would have to be seen."""
    count = max(int(seconds / _APART), 1)
    impacts = tuple(
        Impact(time=_APART * number, strength=0.1 + 0.9 * (number + 1) / count, x=x, y=y)
        for number, (x, y) in zip(range(count), cycle(places), strict=False)
    )
    steps = int(seconds * MOVEMENT_RATE) + 1
    energy = np.zeros((steps, MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)
    swell = np.sin(2 * np.pi * np.arange(steps) / steps) ** 2
    energy[:, 1, 1:3] = (_SWELL / 2 * swell)[:, None]
    return Spotting(
        start=Fraction(0),
        end=seconds,
        impacts=impacts if "hits" in layers else (),
        movement=Movement(first=0, energy=coded(energy)),
        frames=0,
    )
