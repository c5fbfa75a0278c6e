"""Tones: the room itself, and what hums in it.

Room tone falls by about 5 dB an octave from 60 Hz up, as the noise of quiet rooms does (the NC curves of
Beranek, "Noise and Vibration Control", 1971). What hums is a row of partials whose phases drift; a
transformer's are the even multiples of the mains above all (its core shortens twice a cycle).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import PATCH, Bed, Kind, Manner
from foley_core.engines.procedural.synthesis.noise import band, wander, wide
from foley_core.engines.procedural.synthesis.periodic import hum
from foley_core.engines.procedural.synthesis.spectral_noise import by_frame, canvas, painted_wide
from foley_core.samples import Sound


def _room_tone(rng: np.random.Generator, manner: Manner) -> Sound:
    """The low, even breath of a quiet room."""
    return wide(rng, PATCH, lambda f: _breath(f * np.float32(manner.size**0.3)), 0.5)


def _breath(frequency: NDArray[np.float32]) -> NDArray[np.float32]:
    rumble = 1 / (1 + (frequency / 60.0) ** 2) ** 0.42
    audible = frequency**2 / (frequency**2 + 25.0**2) / (1 + (frequency / 9000.0) ** 4)
    return np.asarray(rumble * audible, np.float32)


_MAINS = (
    (1, 0.2),
    (2, 1.0),
    (3, 0.25),
    (4, 0.75),
    (6, 0.6),
    (8, 0.45),
    (10, 0.35),
    (12, 0.25),
    (14, 0.18),
    (18, 0.1),
)


def _mains(rng: np.random.Generator, manner: Manner) -> Sound:
    """A transformer or a tube of neon: multiples of 50 Hz, and a buzz that comes with each half wave."""
    base = 50.0 / manner.size**0.5
    tone = hum(rng, [(k * base, level) for k, level in _MAINS], 0.5, 0.3)
    fizz = wide(rng, PATCH, lambda f: band(f, 1800, 6000 / manner.size**0.5), 0.5)
    return tone + np.float32(0.06) * fizz


_SHIP = (
    (1, 1.0),
    (1.01, 0.8),
    (1.5, 0.7),
    (2, 0.6),
    (3, 0.4),
    (4.02, 0.3),
    (6, 0.2),
    (16.1, 0.06),
    (24.3, 0.05),
)


def _sci_fi(rng: np.random.Generator, manner: Manner) -> Sound:
    """The deep hum of a ship: a fifth low down, a shimmer far above, slow breathing."""
    size = manner.size**0.5
    tone = hum(rng, [(58.6 / size * ratio, level) for ratio, level in _SHIP], 0.8, 0.6)
    air = wide(rng, PATCH, lambda f: band(f, 150 / size, 700 / size), 0.9)
    breath = np.exp(np.float32(0.2) * wander(rng, PATCH, 1.5))
    return np.asarray(tone * breath[:, None] + np.float32(0.3) * air, np.float32)


_DARK = ((1, 1.0), (1.5, 0.8), (2.02, 0.8), (2.98, 0.6), (4.5, 0.4), (7.1, 0.2))


def _drone(rng: np.random.Generator, manner: Manner) -> Sound:
    """A dark bed for tension: low noise in narrow bands that slowly open and close."""
    frequency = canvas(2048)
    level = 0.015 * band(frequency, 60, 900, 1)
    for ratio, weight in _DARK:
        middle = 58.0 * ratio / manner.size**0.5
        swell = np.exp(0.5 * by_frame(wander(rng, PATCH, 2), 2048))
        level = level + weight * swell * np.exp(-(((frequency - middle) / 14) ** 2))
    return painted_wide(rng, level, 0.7)


def _kind(name: str, words: str, example: str, sound: Bed) -> Kind:
    return Kind(name, "tones", tuple(words.split(", ")), example, sound)


KINDS: tuple[Kind, ...] = (
    _kind(
        "room tone",
        "room tone, roomtone, room noise, interior, indoor, quiet room, empty office, air tone, dead air, "
        "quiet house",
        "room tone",
        Bed(_room_tone, -48.0),
    ),
    _kind(
        "electric hum",
        "electric hum, electrical hum, electricity, electric, mains hum, hum, hums, humming, buzz, buzzes, "
        "buzzing, transformer, neon, neon light, neon lights, neon sign, fluorescent, fluorescent light, "
        "fluorescent lights, strip light, fridge, refrigerator, freezer, power line, power lines, amplifier, "
        "light bulb, street lamp, power station, substation, tube light, street light, "
        "street lights, streetlight",
        "the electric hum of a neon light",
        Bed(_mains, -36.0),
    ),
    _kind(
        "sci-fi hum",
        "sci-fi hum, sci-fi, sci fi, sci fi hum, scifi, science fiction, spaceship, spaceships, space "
        "ship, space station, starship, force field, reactor, spacecraft, futuristic, alien ship, warp "
        "drive, flying saucer, mothership, hyperspace, warp speed",
        "the sci-fi hum of a spaceship",
        Bed(_sci_fi, -32.0),
    ),
    _kind(
        "drone",
        "drone, drones, dark drone, tension, tense, ominous, suspense, eerie, horror, dread, menacing, "
        "suspenseful, foreboding, sinister, dark ambient",
        "a dark, ominous drone",
        Bed(_drone, -32.0),
    ),
)
"""The room, and what hums in it."""
