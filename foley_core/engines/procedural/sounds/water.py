"""Water: drops, streams, falls and the sea.

Water sounds by its bubbles. A bubble of radius r metres rings at about 3 / r Hz (Minnaert, "On musical
air-bubbles and the sounds of running water", Phil. Mag. 16, 1933), dies away at 0.13 / r + 0.0072 r^-1.5 a
second, and rises in pitch as it nears the surface (van den Doel, "Physically based models for liquid sounds",
ACM Trans. Applied Perception 2(4), 2005). A stream is very many of them at Poisson times; falls and surf are
so many that noise is left, and the foam after a wave is many small ones that burst.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import PATCH, Bed, Kind, Manner, RandomEvents
from foley_core.engines.procedural.synthesis.noise import (
    Mono,
    band,
    clicks,
    event,
    filtered,
    rings,
    stretched,
    strewn,
    wander,
    white,
    wide,
)
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_PATCH_SECONDS = PATCH / SAMPLE_RATE


def bubbles(rng: np.random.Generator, pitch: NDArray[np.float64], rising: float) -> list[Mono]:
    """A bubble for each pitch in Hz; `rising`: what share of them rise, and how much."""
    damping = 0.043 * pitch + 0.0014 * pitch**1.5
    rises = rng.random(len(pitch)) < rising
    glide = rises * rng.uniform(0.02, 0.12, len(pitch)) * rising * damping
    return rings(pitch, 1 / damping, glide)


def _gurgling(rng: np.random.Generator, pitch: NDArray[np.float64], per_second: float, rate: float) -> Sound:
    """Bubbles of those pitches, the small ones fainter, which crowd about `rate` times a second."""
    pairs = zip(bubbles(rng, pitch, 0.8), pitch, strict=True)
    grains = [bubble * np.float32((700 / hertz) ** 0.35) for bubble, hertz in pairs]
    count = rng.poisson(per_second * _PATCH_SECONDS)
    crowd = np.cumsum(np.exp(0.8 * wander(rng, PATCH, rate)[::64]))
    starts = 64 * np.searchsorted(crowd, rng.random(count) * crowd[-1]) + rng.integers(64, size=count)
    return strewn(rng, PATCH, 2 * grains, rng.lognormal(0.0, 0.6, count), starts)


def stream(rng: np.random.Generator, manner: Manner) -> Sound:
    """A brook over stones: bubbles of all sizes, in clusters, over a little rushing."""
    pitch = np.clip(1050 * rng.lognormal(0.0, 0.62, 72), 230, 7000) / manner.size**0.3
    bubbling = _gurgling(rng, pitch, 170 * manner.pace * manner.size**0.3, 3.0)
    rush = wide(rng, PATCH, lambda hertz: band(hertz, 330 / manner.size**0.5, 3200, 1), 0.8)
    return np.asarray(bubbling + 0.22 * manner.size**0.7 * rush, np.float32)


def waterfall(rng: np.random.Generator, manner: Manner) -> Sound:
    """Falling water: the thunder of its foot, the roar, and spray that never stands still."""
    roar = wide(rng, PATCH, lambda hertz: _roar(hertz, manner.size), 0.9)
    spray = wide(rng, PATCH, lambda hertz: band(hertz, 1600, 6500, 1), 0.9)
    tumble = 1 + 0.16 * wander(rng, PATCH, 7 * manner.pace)[:, None]
    gusts = 1 + 0.20 * wander(rng, PATCH, 4 * manner.pace)[:, None]
    return np.asarray(roar * tumble + 0.32 / manner.size**0.3 * spray * gusts, np.float32)


def _roar(hertz: NDArray[np.float32], size: float) -> NDArray[np.float32]:
    low, high = 90 / size**0.5, 650 / size**0.4
    return np.asarray((hertz / np.hypot(hertz, low)) ** 2 / (1 + (hertz / high) ** 2) ** 0.45, np.float32)


def surf(rng: np.random.Generator, manner: Manner) -> Sound:
    """The sea where no wave breaks just now: far breakers, and water that laps."""
    far = wide(rng, PATCH, lambda hertz: band(hertz, 110, 420 / manner.size**0.5, 1), 0.9)
    foam = wide(rng, PATCH, lambda hertz: band(hertz, 900, 3200, 1), 0.9)
    heave = np.exp(0.3 * wander(rng, PATCH, 0.8 * manner.pace))[:, None]
    return np.asarray(far + 0.2 * heave * foam, np.float32)


def wave(rng: np.random.Generator, manner: Manner) -> Mono:
    """A wave: it swells, breaks, runs up the shore and hisses back as foam."""
    seconds = float(np.clip(rng.uniform(7.0, 10.5) * manner.size**0.2 / manner.pace**0.3, 4.0, 12.0))
    steps = int(seconds * SAMPLE_RATE / 64)
    breaks, time = rng.uniform(0.26, 0.36), np.linspace(0, 1, steps + 1, dtype=np.float32)
    swell = _bell(time, breaks, 0.14, 0.13)
    crash = _bell(time, breaks + 0.03, 0.06, 0.14)
    hiss = _bell(time, breaks + 0.12, 0.07, 0.26) * np.minimum(1, (1 - time) * 5)
    foam = _bell(time, breaks + 0.25, 0.10, 0.22) * np.minimum(1, (1 - time) * 5)
    noise = white(rng, 64 * steps)
    bursts = clicks(rng, 64 * steps, np.minimum(rng.lognormal(0, 0.7, int(4000 * seconds)), 4))
    sound = 2.6 * stretched(swell, 64) * filtered(noise, 50, 260 / manner.size**0.5, 1)
    sound += stretched(crash, 64) * filtered(noise, 250, 1500, 1)
    spray = 0.45 * stretched(hiss, 64) * noise[::-1] + 1.6 * stretched(foam, 64) * bursts
    return event(sound + filtered(spray, 2300, 14_000, 1), 0.3)


def _bell(time: NDArray[np.float32], peak: float, rise: float, fall: float) -> Mono:
    """1 at `peak`; before and after it the two halves of a bell."""
    away = np.where(time < peak, (peak - time) / rise, (time - peak) / fall)
    return np.asarray(np.exp(-0.5 * away**2), np.float32)


def drip(rng: np.random.Generator, manner: Manner) -> Mono:
    """A drop that falls into still water: a small click, and then the bubble that it leaves."""
    pitch = np.array([rng.uniform(620, 1900)]) / manner.size**0.6
    late = int(rng.uniform(0.012, 0.030) * SAMPLE_RATE)
    bubble = bubbles(rng, pitch, 1.0)[0]
    sound = np.zeros(late + len(bubble) + 2400, np.float32)
    sound[late : late + len(bubble)] = bubble
    second = bubbles(rng, pitch * rng.uniform(1.3, 2.2), 1.0)[0][: len(bubble)]
    later = late + int(rng.uniform(0.01, 0.05) * SAMPLE_RATE)
    sound[later : later + len(second)] += (rng.random() < 0.5) * 0.4 * second[: len(sound) - later]
    tick = rings(np.array([rng.uniform(3500, 6500)]), np.array([0.0012]))[0]
    sound[: len(tick)] += rng.uniform(0.1, 0.3) * tick
    return event(sound, 0.0005)


def underwater(rng: np.random.Generator, manner: Manner) -> Sound:
    """Under the surface: a dull rumble, and air that goes up past the ear."""
    rumble = wide(rng, PATCH, lambda hertz: band(hertz, 70, 190), 0.7)
    pitch = np.clip(380 * rng.lognormal(0.0, 0.5, 40), 140, 1500) / manner.size**0.5
    return np.asarray(0.6 * rumble + _gurgling(rng, pitch, 16 * manner.pace, 1.5), np.float32)


def boiling(rng: np.random.Generator, manner: Manner) -> Sound:
    """A pot on the boil: big bubbles that burst, small ones that simmer, and steam."""
    pitch = np.clip(430 * rng.lognormal(0.0, 0.5, 40), 180, 2500) / manner.size**0.5
    boil = _gurgling(rng, pitch, 75 * manner.pace, 7.0)
    simmer = wide(rng, PATCH, lambda hertz: band(hertz, 80, 240, 1) + 0.04 * band(hertz, 3000, 9000, 1), 0.6)
    return np.asarray(boil + 0.26 * simmer, np.float32)


def _kind(name: str, words: str, example: str, bed: Bed) -> Kind:
    return Kind(name, "water", tuple(words.split(", ")), example, bed)


KINDS: tuple[Kind, ...] = (
    _kind(
        "stream",
        "stream, streams, brook, brooks, creek, creeks, river, rivers, rivulet, babbling, trickle, trickles, "
        "trickling, flowing water, running water, water flowing, fountain, fountains, rapids, tap running, "
        "running tap, faucet running, running faucet, water running, water runs, gurgling, gurgle, gurgles, "
        "canal, water fountain, rushing water, rushing river, trickling water, aqueduct, waterway, flowing "
        "river",
        "a small stream",
        Bed(stream, -30.0),
    ),
    _kind(
        "sea",
        "sea, seas, seaside, ocean, oceans, wave, waves, surf, beach, beaches, shore, seashore, coast, "
        "shoreline, tide, tides, swell, breakers, lapping water, ocean waves, sea shore, sea waves, "
        "coastline, seafront, bay, lagoon, tidal wave, tsunami, breaking waves, lapping waves, seawater, "
        "coastal, lake waves",
        "waves on a beach",
        Bed(surf, -34.0, RandomEvents(wave, 7.5, -25.0)),
    ),
    _kind(
        "waterfall",
        "waterfall, waterfalls, cascade, cascades, cataract, weir, torrent, white water, water fall, "
        "water falls",
        "a huge waterfall",
        Bed(waterfall, -27.0),
    ),
    _kind(
        "drip",
        "drip, drips, dripping, dripped, droplet, droplets, leaky tap, leaking tap, dripping tap, dripping "
        "water, water drops, water drop, dripping faucet, leaky faucet, leaking faucet, leaky pipe, leaking "
        "pipe, leaky roof, drip drop, water dripping, drop of water, drops of water, water leak, leaky "
        "ceiling, leaking roof, leaking ceiling",
        "water dripping in a cave",
        Bed(None, calls=RandomEvents(drip, 1.1, -32.0)),
    ),
    _kind(
        "underwater",
        "underwater, under water, submerged, diver, divers, scuba, aquarium, under the sea, deep sea, "
        "snorkel, snorkeling, snorkelling, scuba diving",
        "underwater",
        Bed(underwater, -30.0),
    ),
    _kind(
        "boiling",
        "boiling, boil, boils, boiling water, simmer, simmers, simmering, bubbling, bubbles, kettle, "
        "cauldron, tea kettle, hot spring",
        "a pot of boiling water",
        Bed(boiling, -31.0),
    ),
)
"""Water, from a drop to the sea."""
