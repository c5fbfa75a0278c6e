"""Footsteps: a shoe's heel and then its toe, on one of eight grounds.

A step is a heel that strikes and a sole that rolls after it until the toe comes down, 60 to 110 ms later:
Farnell, "Designing Sound" (MIT Press, 2010), footsteps; Nordahl, Serafin and Turchetti, "Sound synthesis and
evaluation of interactive footsteps for virtual reality applications" (IEEE VR 2010). Solid grounds are a
board, a plate or a slab; loose ones are grains (Cook 1997) as many as the sole presses; water is bubbles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import Blow, HitSound, Kind
from foley_core.engines.procedural.synthesis.grains import bubbles, grains
from foley_core.engines.procedural.synthesis.modal import (
    BAR,
    PLATE,
    Material,
    burst,
    finished,
    overlaid,
    strike,
    thump,
)
from foley_core.engines.procedural.synthesis.noise import Mono
from foley_core.timecode import SAMPLE_RATE

_GRAINS = int(0.34 * SAMPLE_RATE)
"""Samples in which grains sound."""
_BEFORE = 0.02
"""How long before it comes down the toe begins to press, in seconds."""


@dataclass(frozen=True)
class Shoe:
    """What treads."""

    contact: float
    """How long its heel touches at full strength, in seconds: the harder it is, the shorter."""
    toe: float
    """Level of the toe against the heel."""
    roll: float
    """From heel to toe, in seconds."""
    weight: float
    """Level of the low thump."""
    tap: float
    """Level of the heel's own sound."""


SHOES = {
    "boots": Shoe(0.0012, 0.55, 0.105, 1.0, 0.8),
    "sneakers": Shoe(0.0028, 0.5, 0.085, 0.6, 0.45),
    "heels": Shoe(0.00015, 0.3, 0.062, 0.15, 1.3),
    "bare": Shoe(0.0045, 0.75, 0.07, 0.7, 0.35),
    "shoes": Shoe(0.0006, 0.45, 0.09, 0.5, 1.0),
}


@dataclass(frozen=True)
class Ground:
    """What is trodden on."""

    body: Material | None
    """Its board, plate or slab; none is heard where it is loose."""
    weight: float
    """How much of the thump it lets be heard."""
    tap: float
    """How much of the heel's own sound."""
    grit: float = 0.0
    """Level of its grains."""
    rate: float = 0.0
    """Grains a second."""
    band: tuple[float, float] = (1000.0, 5000.0)
    """Between which they ring, in Hz."""
    ringing: float = 0.001
    """For how long, in seconds."""
    slow: float = 0.03
    """How long the sole presses on after heel and toe came down, in seconds."""


_BOARD = Material((90.0, 120.0), BAR, friction=0.028, decay=0.07, contact=0.0006)
_SHEET = Material((180.0, 260.0), PLATE, friction=0.0012, decay=0.16, contact=0.0003)
_SLAB = Material((170.0, 220.0), (1.0, 1.6, 2.7, 4.3), friction=0.1, decay=0.01, contact=0.0004)
GROUNDS = {
    "wood": Ground(_BOARD, 0.4, 0.3),
    "gravel": Ground(None, 0.25, 0.15, 1.0, 1500.0, (1200.0, 7000.0), 0.0009, 0.035),
    "snow": Ground(None, 0.3, 0.03, 0.9, 5000.0, (320.0, 1300.0), 0.0018, 0.042),
    "earth": Ground(None, 0.8, 0.4, 0.35, 1500.0, (500.0, 2200.0), 0.0008, 0.02),
    "grass": Ground(None, 0.35, 0.05, 0.45, 9000.0, (3500.0, 10000.0), 0.0002, 0.04),
    "concrete": Ground(_SLAB, 0.5, 0.9, 0.12, 400.0, (2500.0, 7000.0), 0.0005, 0.02),
    "metal": Ground(_SHEET, 0.3, 0.3),
    "water": Ground(None, 0.2, 0.1),
}


def step(ground: str, blow: Blow) -> Mono:
    """One step on that ground."""
    shoe, on = SHOES[blow.manner.shoe], GROUNDS[ground]
    roll = shoe.roll * blow.manner.size**0.3 * blow.thing.uniform(0.9, 1.1) * blow.chance.uniform(0.9, 1.12)
    times, levels = np.array([0, roll]), np.array([1, shoe.toe * blow.chance.uniform(0.7, 1.3)])
    parts = [
        (float(t), float(level) * heard, sound)
        for t, level in zip(times, levels, strict=True)
        for heard, sound in _tread(on, shoe, blow)
    ]
    if on.body:
        body = replace(on.body, contact=on.body.contact + shoe.contact)
        parts.append((0.0, 1.0, strike(body, blow, times, levels, (1.0, 0.9))))
    if on.grit:
        pressed = _pressure(times, levels, on.slow)
        parts.append(
            (0.0, on.grit * (0.5 + 0.5 * blow.strength), grains(blow, pressed, on.rate, on.band, on.ringing))
        )
    if ground == "water":
        parts.append((0.0, 1.0, _puddle(blow)))
    return finished(*parts)


def _tread(on: Ground, shoe: Shoe, blow: Blow) -> list[tuple[float, Mono]]:
    """Heel or toe comes down: the weight on it, and the tap of the one on the other."""
    weight = thump(blow, (72, 92), 0.02, 0.4)
    tap = burst(blow, 0.002 + 2 * shoe.contact, 120, 1.4 / (shoe.contact + 0.00015))
    return [(shoe.weight * on.weight, weight), (shoe.tap * on.tap * (0.4 + 0.6 * blow.strength), tap)]


def _pressure(times: NDArray[np.float64], levels: NDArray[np.float64], slow: float) -> NDArray[np.float64]:
    """How hard the sole presses: at once and falling, swelling again to the toe."""
    since = np.arange(_GRAINS, dtype=np.float32) / SAMPLE_RATE - times[:, None].astype(np.float32)
    return np.asarray(levels @ np.exp(np.where(since < 0, since / _BEFORE, -since / slow)))


def _puddle(blow: Blow) -> Mono:
    """The sole slaps the water, throws some up, and leaves bubbles."""
    slap, spray = burst(blow, 0.018, 400, 4000), burst(blow, 0.06, 2000, 9000)
    air = bubbles(blow, 14, 0.25, (0.0011, 0.0035), rising=3)
    return overlaid((0, 1.0, slap), (0.03, 0.35, spray), (0.03, 0.7, air))


def _kind(ground: str, words: str, example: str) -> Kind:
    walked = [f"{walk} {on} {ground}" for walk in _WALKS for on in ("on", "in", "through")]
    words_of = (*walked, *(word for word in words.split(", ") if word))
    return Kind(f"footsteps on {ground}", "footsteps", words_of, example, HitSound(partial(step, ground)))


_WALKS = ("footsteps", "steps", "walking", "running")
KINDS: tuple[Kind, ...] = (
    _kind(
        "wood",
        "parquet, wooden floor, wood floor, hardwood, deck, decking, boardwalk, laminate, wooden stairs, "
        "jetty, pier, wooden deck, stage",
        "boots on wood",
    ),
    _kind(
        "gravel",
        "gravel, gravelly, pebble, pebbles, shingle, scree, cinders, grit, driveway, railway ballast, "
        "broken stones, gravel path, gravel road",
        "heavy boots on gravel",
    ),
    _kind("snow", "snow, snowy, powder snow, fresh snow, slush, frozen ground", "boots in snow, light wind"),
    _kind(
        "grass",
        "grass, grassy, lawn, turf, fallen leaves, forest floor, moss, weeds, leaf litter",
        "bare feet on grass",
    ),
    _kind(
        "earth",
        "earth, dirt, dirt road, soil, sand, sandy, clay, trail, carpet, rug, carpeted floor, dust",
        "sneakers on a dirt road",
    ),
    _kind(
        "concrete",
        "concrete, pavement, sidewalk, asphalt, tarmac, cement, tile, tiles, tiled floor, road surface, "
        "linoleum, marble floor, stone floor, footstep, footsteps, step, steps, walk, walks, walking, "
        "footfall, footfalls, cobblestone, cobblestones, paving stones",
        "heels on concrete",
    ),
    _kind(
        "metal",
        "catwalk, gangway, metal stairs, fire escape, metal grating, metal floor, metal ramp",
        "sneakers on metal",
    ),
    _kind(
        "water",
        "puddle, puddles, wading, wade, wades, shallow water, mud, muddy, wet ground",
        "boots through puddles",
    ),
)
