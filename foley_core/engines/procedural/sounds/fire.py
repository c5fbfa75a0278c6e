"""Fire: it laps, it hisses, it crackles.

After Farnell, "Designing Sound" (MIT Press, 2010), chapter "Fire": lapping is low noise, pushed by the
flames' turbulence; hissing is high noise that comes and goes in spurts; crackling is clicks of all sizes at
Poisson times, each the crack of a splinter, short and coloured by the wood around it. Crackles come in
bursts, and their sizes follow a power law, as those of acoustic emission from wood do.
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.procedural.kind import PATCH, Bed, Kind, Manner, RandomEvents
from foley_core.engines.procedural.synthesis.noise import (
    Mono,
    band,
    event,
    fading,
    filtered,
    rings,
    strewn,
    wander,
    white,
    wide,
)
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_PATCH_SECONDS = PATCH / SAMPLE_RATE


def fire(rng: np.random.Generator, manner: Manner) -> Sound:
    """A wood fire."""
    flicker = np.exp(0.55 * wander(rng, PATCH, 5 * manner.pace))[:, None]
    lapping = flicker * wide(rng, PATCH, lambda hertz: band(hertz, 45, 190 / manner.size**0.5, 1), 0.6)
    spurts = np.exp(0.9 * wander(rng, PATCH, 7 * manner.pace))[:, None]
    hiss = spurts * wide(rng, PATCH, lambda hertz: band(hertz, 2500, 9000, 1), 0.7)
    crackle = _crackle(rng, 34 * manner.pace * manner.size**0.3)
    sound = 0.32 * manner.size**0.5 * lapping + 0.05 * hiss + crackle
    return np.asarray(sound - sound.mean(0), np.float32)


def _crackle(rng: np.random.Generator, per_second: float) -> Sound:
    """Cracks in bursts, most of them tiny."""
    grains = [_crack(rng) for _ in range(40)]
    bursts = rng.integers(PATCH, size=max(rng.poisson(per_second / 4 * _PATCH_SECONDS), 1))
    count = rng.poisson(per_second * _PATCH_SECONDS)
    starts = rng.choice(bursts, count) + rng.exponential(0.05 * SAMPLE_RATE, count).astype(np.int64)
    levels = np.minimum(0.5 * rng.pareto(1.6, count) + 0.2, 5.0)
    return strewn(rng, PATCH, grains, levels, starts)


def _crack(rng: np.random.Generator) -> Mono:
    """A splinter: a few rings about one pitch, gone in milliseconds, and the snap that sets them off."""
    middle = np.exp(rng.uniform(np.log(900), np.log(7500)))
    decays = rng.uniform(0.0005, 0.0030) * np.array([1.0, 0.6, 0.4])
    longest, *others = rings(middle * rng.uniform(0.6, 1.6, 3), decays)
    for ring in others:
        longest[: len(ring)] += rng.uniform(-1, 1) * ring
    longest[:24] += rng.uniform(0.2, 1.0) * white(rng, 24)
    return longest


def pop(rng: np.random.Generator, manner: Manner) -> Mono:
    """A log that pops: a crack with body, and splinters after it."""
    samples = int(0.7 * SAMPLE_RATE)
    sound = np.zeros(samples, np.float32)
    body = white(rng, 4800) * fading(4800, 0.006)
    sound[:4800] = 2 * filtered(body, 180 / manner.size**0.5, 900, 1) + filtered(body, 1500, 7000, 1)
    for _ in range(rng.poisson(7)):
        crack, at = _crack(rng), int(min(rng.exponential(0.12), 0.6) * SAMPLE_RATE)
        sound[at : at + len(crack)] += rng.uniform(0.1, 0.6) * crack
    return event(sound, 0.0005)


def _kind(name: str, words: str, example: str, bed: Bed) -> Kind:
    return Kind(name, "fire", tuple(words.split(", ")), example, bed)


KINDS: tuple[Kind, ...] = (
    _kind(
        "fire",
        "fire, fires, campfire, campfires, bonfire, bonfires, fireplace, hearth, flame, flames, burning, "
        "burns, blaze, blazing, crackle, crackles, crackling, embers, torch, torches, log fire, camp fire, "
        "wildfire, forest fire, furnace, inferno, wood fire, open fire, fire pit, firepit, bushfire, house "
        "fire, wood stove, log burner, brazier, pyre",
        "a crackling campfire",
        Bed(fire, -32.0, RandomEvents(pop, 3.5, -33.0)),
    ),
)
"""Fire, from a hearth to a blaze."""
