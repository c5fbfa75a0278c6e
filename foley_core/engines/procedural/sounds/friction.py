"""What rubs and rolls: rolling, scraping, sliding, creaking.

All of it is many small contacts that wake the modes of the things that touch. Rolling and scraping after van
den Doel, Kry and Pai, "FoleyAutomatic: physically-based sound effects for interactive simulation and
animation" (SIGGRAPH 2001), and Rath and Rocchesso, "Continuous sonic feedback from a rolling ball" (IEEE
MultiMedia 12(2), 2005): a surface read off at the speed of the contact, and a wheel that is never quite
round. Creaks after Avanzini, Serafin and Rocchesso, "Interactive simulation of rigid body interaction with
friction-induced sound generation" (IEEE Trans. Speech and Audio Processing 13(5), 2005): the surfaces stick
and slip, each slip is a pulse, and the pulses come faster the harder one is drawn over the other.
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.procedural.kind import PATCH, Kind, Manner, MovementSound
from foley_core.engines.procedural.synthesis.noise import Mono, band, coloured, wander, white
from foley_core.engines.procedural.synthesis.periodic import (
    FREQUENCY,
    body,
    even,
    per_half,
    shower,
    stereo,
    through,
    turns,
)
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_BOARD = ((82.0, 5.0, 0.5), (171.0, 7.0, 1.0), (313.0, 9.0, 0.9), (498.0, 11.0, 0.8), (820.0, 12.0, 0.6))
_WHEEL = ((1340.0, 20.0, 0.5), (2210.0, 24.0, 0.4), (3650.0, 26.0, 0.3))
_SLAB = ((410.0, 6.0, 0.3), (940.0, 9.0, 0.6), (1630.0, 12.0, 0.9), (2480.0, 14.0, 1.0), (3720.0, 14.0, 0.7))
_BOX = ((96.0, 3.0, 0.8), (187.0, 4.0, 1.0), (288.0, 4.0, 0.8), (455.0, 5.0, 0.6), (760.0, 5.0, 0.3))
_HINGE = ((310.0, 9.0, 0.6), (545.0, 15.0, 1.0), (880.0, 18.0, 0.9), (1420.0, 18.0, 0.8), (2350.0, 15.0, 0.4))


def _rolling(rng: np.random.Generator, manner: Manner, speed: float) -> Sound:
    """A wheel on boards: bumps that come with the speed, and the slow swell of its turning."""
    speed *= manner.pace**0.7
    size = manner.size**0.6
    _, turn = turns(per_half(1.8 * speed / size))
    swell = 1 + 0.35 * np.sin(2 * np.pi * turn) + 0.2 * wander(rng, PATCH, 4)
    soft = 1 / (1 + (FREQUENCY / np.float32(950 * speed / size)) ** 2)
    bumps = shower(rng, 90 * speed**1.4, 0.8) * swell
    sound = even(through((bumps, body(_BOARD + _WHEEL, size) * soft)))
    rumble = coloured(rng, PATCH, lambda f: band(f, 50 / size, 210 * speed**0.5 / size)) * swell
    side = coloured(rng, PATCH, lambda f: band(f, 200 / size, 1100 * speed / size))
    return stereo(sound + np.float32(0.5) * rumble, np.float32(0.22) * side)


def _rolling_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _rolling(rng, manner, 1.0)


def _rolling_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _rolling(rng, manner, 2.8)


def _scraping(rng: np.random.Generator, manner: Manner, speed: float) -> Sound:
    """A hard edge over a rough hard surface: grit of every size, and the ring of what is scraped."""
    speed *= manner.pace**0.5
    size = manner.size**0.6
    grit = np.exp(np.float32(0.75) * wander(rng, PATCH, 42 * speed) + np.float32(0.2) * wander(rng, PATCH, 6))
    worn = band(FREQUENCY, 500 / size, 2600 * speed / size, 1)
    response = (body(_SLAB, size) + np.float32(0.2)) * worn
    middle = through((white(rng, PATCH) * grit, response))
    side = through((white(rng, PATCH) * grit, response))
    return stereo(middle, np.float32(0.25) * side)


def _scraping_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _scraping(rng, manner, 0.55)


def _scraping_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _scraping(rng, manner, 1.8)


def _sliding(rng: np.random.Generator, manner: Manner, speed: float) -> Sound:
    """A box pushed over a smooth floor: a soft hiss that falls off early, a hollow body, and a judder."""
    speed *= manner.pace**0.5
    size = manner.size**0.6
    _, turn = turns(per_half(19 * speed**0.5 / size))
    judder = 1 + np.float32(0.4) * np.sin(np.float32(2 * np.pi) * (turn + 0.4 * wander(rng, PATCH, 4)))
    judder *= np.exp(np.float32(0.2) * wander(rng, PATCH, 6))
    response = body(_BOX, size) + np.float32(0.3) * band(FREQUENCY, 250 / size, 850 * speed / size)
    middle = through((white(rng, PATCH) * judder, response))
    side = coloured(rng, PATCH, lambda f: band(f, 250 / size, 850 * speed / size)) * judder
    return stereo(even(middle), np.float32(0.25) * side)


def _sliding_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _sliding(rng, manner, 0.8)


def _sliding_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _sliding(rng, manner, 2.2)


def _slips(rng: np.random.Generator, rate: Mono) -> Mono:
    """A pulse each time that `rate` (a second, for each sample) has gone round once; none quite in time."""
    gone = np.cumsum(rate, dtype=np.float64) / SAMPLE_RATE
    gone *= int(gone[-1]) / gone[-1]
    count = round(gone[-1])
    at = np.searchsorted(gone, np.arange(count) + rng.normal(0, 0.025, count)) % PATCH
    level = rng.lognormal(0, 0.2, count) / np.sqrt(rate[at])
    return np.bincount(at, level, PATCH).astype(np.float32)


def _creaking(rng: np.random.Generator, manner: Manner, rate: float, reach: float) -> Sound:
    """Slips that come faster and slower, through the wood that they shake."""
    size = manner.size**0.5
    pull = np.exp2(np.float32(reach) * wander(rng, PATCH, 3.5))
    slips = _slips(rng, np.float32(rate * manner.pace / size) * pull)
    held = np.clip(0.95 + 0.2 * wander(rng, PATCH, 3), 0.4, 1.5).astype(np.float32)
    scrape = shower(rng, 900, 0.8) * held * np.float32(0.001)
    middle = through((slips * held, body(_HINGE, size)), (scrape, band(FREQUENCY, 1500 / size, 5000 / size)))
    side = through((np.roll(slips, 220) * held, body(_HINGE[::2], 1.13 * size)))
    return stereo(middle, np.float32(0.2) * side)


def _creaking_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _creaking(rng, manner, 24, 0.6)


def _creaking_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _creaking(rng, manner, 230, 0.5)


def _kind(name: str, words: str, example: str, sound: MovementSound) -> Kind:
    return Kind(name, "friction", tuple(words.split(", ")), example, sound)


KINDS: tuple[Kind, ...] = (
    _kind(
        "rolling",
        "rolling, roll, rolls, rolled, wheel, wheels, trolley, trolleys, shopping cart, cart, carts, wagon, "
        "pram, stroller, suitcase, skateboard, skateboards, skateboarder, skateboarders, skateboarding, "
        "skating, roller skates, "
        "rollerblades, marble, marbles, bowling ball, rolling ball, office chair, wheelchair, scooter, "
        "wheelbarrow, roller skating, wheelie bin, gurney, hand cart, longboard, longboarding, "
        "rollerblading, skater, skaters, dolly, pushchair, baby carriage, rolling barrel",
        "a cart rolling over wooden boards",
        MovementSound(_rolling_slow, _rolling_fast, -26.0),
    ),
    _kind(
        "scraping",
        "scraping, scrape, scrapes, scraped, scratch, scratches, scratching, grinding, grind, grinds, "
        "grating, filing, sanding, sandpaper, scuff, scuffs, scuffing, shovelling, shoveling, raking, "
        "sawing, saw, nails on a chalkboard, fingernails on a chalkboard, chalk on a blackboard, hand "
        "saw, hacksaw, buzz saw, snow shovel, ice scraper, sand paper",
        "a shovel scraping over concrete",
        MovementSound(_scraping_slow, _scraping_fast, -26.0),
    ),
    _kind(
        "sliding",
        "sliding, slide, slides, slid, dragging, drag, drags, dragged, pushing, shove, shoving, moving "
        "furniture, sled, sledge, skidding, skid, skids, rubbing, rub, rubs, wiping, wipe, scrubbing, "
        "sliding door, elevator door, elevator doors, lift door, lift doors, tyre screech, tire screech, "
        "tyre squeal, tire squeal, screeching tyres, screeching tires, squealing tyres, squealing tires, "
        "tyres screeching, tires screeching, tyres squealing, tires squealing, skidding tyres, skidding "
        "tires",
        "a heavy box sliding over the floor",
        MovementSound(_sliding_slow, _sliding_fast),
    ),
    _kind(
        "creak",
        "creak, creaks, creaking, creaky, rubber duck squeak, squeaky toy, squeak, squeaks, squeaking, "
        "squeaky, groaning, groan, groans, creaking door, creaky door, door creak, door creaks, door "
        "creaking, rocking chair, creaking floor, creaky floor, floorboard, floorboards, rusty hinge, rusty "
        "hinges, hinge, hinges, creaking rope, floor board, floor boards, bed springs, bed spring, squeaky "
        "floor",
        "a creaking rocking chair",
        MovementSound(_creaking_slow, _creaking_fast, -30.0),
    ),
)
"""What rubs and rolls."""
