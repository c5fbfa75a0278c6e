"""Weather: rain, hail, wind, thunder, and all of them together.

Rain after Farnell, "Designing Sound" (MIT Press, 2010), and the stochastic models of Cook, "Physically
informed sonic modeling (PhISM)" (Computer Music Journal 21(3), 1997): very many drops at Poisson times, the
far ones no more than noise. Wind after Farnell: turbulence that follows the speed of the air, and the
whistling of edges, whose pitch is in proportion to that speed (Strouhal).
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
    looped,
    panned,
    rings,
    spread,
    stretched,
    strewn,
    wander,
    whistling,
    white,
    wide,
)
from foley_core.engines.procedural.synthesis.thunder import thunder
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_PATCH_SECONDS = PATCH / SAMPLE_RATE


def rain(rng: np.random.Generator, manner: Manner) -> Sound:
    """Steady rain: the wash of far drops, the patter of nearer ones, near drops one by one."""
    heavy = float(np.clip(manner.size * manner.pace, 0.1, 6.0))
    far = wide(rng, PATCH, lambda hertz: _wash(hertz, heavy), 0.8)
    patter = _patter(rng, 2400 * heavy**0.8)
    drops = _drops(rng, heavy, manner.size)
    return np.asarray(0.5 * heavy**0.75 * far + 0.75 * heavy**0.5 * patter + drops / heavy**0.2, np.float32)


def _wash(hertz: NDArray[np.float32], heavy: float) -> NDArray[np.float32]:
    """Of rain: flat over the middle, with more below the heavier it is."""
    low, high = 900 / heavy**0.6, 5600 / heavy**0.25
    below, above = (hertz / low) ** 2, (hertz / high) ** 2
    return np.asarray(np.sqrt(below / ((1 + below) * (1 + above))), np.float32)


def _patter(rng: np.random.Generator, per_second: float) -> Sound:
    """Shot noise, too dense to count and too sparse to be smooth; RMS 1. Right goes backwards."""
    levels = np.minimum(rng.lognormal(0.0, 0.6, rng.poisson(per_second * _PATCH_SECONDS)), 3.5)
    sound = looped(clicks(rng, PATCH, levels), 1800, 7000, 1)
    sound /= np.sqrt(np.mean(sound**2))
    return np.stack([sound, sound[::-1]], axis=1)


def _drops(rng: np.random.Generator, heavy: float, size: float) -> Sound:
    """Near drops, one by one, and here and there a drip from a leaf; levels with a long tail."""
    pitch = np.repeat([5200.0, 1100.0], [30, 4]) / size**0.25 * rng.lognormal(0.0, 0.45, 34)
    decay = np.repeat([0.0016, 0.009], [30, 4]) * rng.lognormal(0.0, 0.4, 34)
    grains = rings(pitch, decay, 1.5)
    count = rng.poisson(100 * heavy**0.7 * _PATCH_SECONDS)
    levels = np.minimum(rng.lognormal(0.4, 0.5, count), 4.0)
    return strewn(rng, PATCH, 8 * grains[:30] + grains[30:], levels)


def hail(rng: np.random.Generator, manner: Manner) -> Sound:
    """Hail: hard grains of ice that click, and ring in what they strike."""
    wash = wide(rng, PATCH, lambda hertz: band(hertz, 1500, 9000, 1), 0.8)
    grains = [_pellet(rng, manner.size) for _ in range(32)]
    levels = np.minimum(rng.lognormal(0.0, 0.6, rng.poisson(150 * manner.pace * _PATCH_SECONDS)), 3.5)
    return np.asarray(0.08 * wash + strewn(rng, PATCH, grains, levels), np.float32)


def _pellet(rng: np.random.Generator, size: float) -> Mono:
    """One grain: the click of the blow, and what it strikes, which hardly rings."""
    pitch = np.array([6000.0, 700.0, 2200.0]) * rng.lognormal(0.0, 0.4, 3) / size**0.4
    click, low, high = rings(pitch, np.array([0.0005, 0.005, 0.002]) * rng.uniform(0.6, 1.6, 3))
    low *= np.float32(0.8)
    low[: len(high)] += 0.7 * high[: len(low)]
    low[: len(click)] += 1.3 * click[: len(low)]
    return low


def wind(rng: np.random.Generator, manner: Manner) -> Sound:
    """Wind without its gusts: turbulence, the air in whatever stands in it, and a little whistling."""
    speed = 1 + 0.15 * wander(rng, PATCH, 0.8 * manner.pace)[:, None]
    rush = wide(rng, PATCH, lambda hertz: _rush(hertz, manner.size), 0.7)
    howls = panned([(_howl(rng, 420, manner), 0.3), (_howl(rng, 610, manner), 0.75)])
    return np.asarray(rush * speed**2.5 + 0.25 * howls, np.float32)


def _rush(hertz: NDArray[np.float32], size: float) -> NDArray[np.float32]:
    """Of wind: the rumble of its turbulence, and above it the air in leaves and corners."""
    rumble = band(hertz, 45, 160 / size**0.5, 1)
    return np.asarray(rumble + 0.8 * band(hertz, 190, 620 / size**0.5, 1), np.float32)


def _howl(rng: np.random.Generator, pitch: float, manner: Manner) -> Mono:
    """An edge that whistles, higher and louder the faster the air goes by."""
    speed = np.exp(0.10 * wander(rng, PATCH, 0.8 * manner.pace))
    return np.asarray(speed**4 * whistling(rng, pitch / manner.size**0.5 * speed, 60), np.float32)


def gust(rng: np.random.Generator, manner: Manner) -> Mono:
    """A gust: it rises, shakes what it meets, and falls off more slowly."""
    steps = int(np.clip(rng.uniform(5.0, 9.0) / manner.pace**0.5, 2.5, 11.5) * SAMPLE_RATE / 64)
    speed = _swell(steps + 1, rng.uniform(0.3, 0.5))
    speed *= np.exp(0.2 * speed * wander(rng, steps + 1, 100))
    low, high = stretched(speed, 64), stretched(speed**2.5, 64)
    noise = white(rng, 64 * steps)
    sound = low * filtered(noise, 45, 240 / manner.size**0.5, 1)
    sound += 1.2 * high * filtered(noise, 250, 750 / manner.size**0.5, 1)
    pitch = rng.uniform(330, 560) / manner.size**0.5 * (0.75 + 0.5 * low)
    return event(sound + 0.12 * high * whistling(rng, pitch, 50))


def _swell(samples: int, peak: float) -> Mono:
    """From 0 to 1 at that share of the way, and back, without a corner."""
    way = np.linspace(0, 1, samples, dtype=np.float32)
    bent = np.where(way < peak, way / peak, (1 - way) / (1 - peak))
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * bent), np.float32)


def storm(rng: np.random.Generator, manner: Manner) -> Sound:
    """Driving rain in a hard wind."""
    pour = rain(rng, Manner(size=1.4 * manner.size, pace=1.8 * manner.pace))
    speed = 1 + 0.2 * wander(rng, PATCH, 1.1 * manner.pace)[:, None]
    rush = wide(rng, PATCH, lambda hertz: band(hertz, 90, 480 / manner.size**0.5, 1), 0.7)
    howl = spread(_howl(rng, 480, manner), rng.uniform(0.2, 0.8))
    return np.asarray(pour + 1.7 * speed**2 * rush + 0.6 * howl, np.float32)


def _kind(name: str, words: str, example: str, bed: Bed) -> Kind:
    return Kind(name, "weather", tuple(words.split(", ")), example, bed)


KINDS: tuple[Kind, ...] = (
    _kind(
        "rain",
        "rain, rains, raining, rained, rainy, rainfall, rainstorm, raindrop, raindrops, drizzle, drizzling, "
        "drizzly, downpour, downpours, cloudburst, pouring rain, rain shower, rain showers, rainwater, "
        "pitter patter, rain storm, monsoon, driving rain, rain patter, rainy weather, wet weather, rain "
        "falling",
        "light rain",
        Bed(rain, -30.0),
    ),
    _kind(
        "hail",
        "hail, hails, hailing, hailstone, hailstones, hailstorm, sleet",
        "heavy hail",
        Bed(hail, -30.0),
    ),
    _kind(
        "wind",
        "wind, winds, windy, breeze, breezes, breezy, gust, gusts, gusty, gale, gales, blizzard, "
        "blizzards, snowstorm, howling wind, wind howling, windswept, sandstorm, sea breeze, sea wind, "
        "wind storm, windstorm, draught, squall, whirlwind, dust storm, gusting, blowing wind",
        "strong wind",
        Bed(wind, -32.0, RandomEvents(gust, 9.0, -27.0)),
    ),
    _kind(
        "thunder",
        "thunder, thunders, thundering, thunderclap, thunderclaps, thunderbolt, lightning, rumble of "
        "thunder, lightning bolt, bolt of lightning, lightning strike, lightning strikes, thunder clap, "
        "thunder crack",
        "distant thunder",
        Bed(None, calls=RandomEvents(thunder, 14.0, -22.0)),
    ),
    _kind(
        "storm",
        "storm, storms, stormy, thunderstorm, thunderstorms, tempest, hurricane, typhoon, thunder storm, "
        "lightning storm, electrical storm, cyclone",
        "a storm at night",
        Bed(storm, -27.0, RandomEvents(thunder, 18.0, -22.0)),
    ),
)
"""Weather, from a drizzle to a storm."""
