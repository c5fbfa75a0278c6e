"""Vehicles: cars, engines, traffic, trains, helicopters, aeroplanes.

An engine is a row of firings, no two alike, sounded through its exhaust, with the clatter of its valves in
step (Baldan, Lachambre, Delle Monache and Boussard, "Physically informed car engine sound synthesis for
virtual and augmented environments", IEEE SIVE 2015; Farnell, "Designing Sound", 2010, on cars, helicopters
and jets). The part of it that repeats exactly is kept small; the rest is noise that the turning lets
through.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import PATCH, Bed, Kind, Manner, MovementSound, RandomEvents
from foley_core.engines.procedural.synthesis.noise import (
    Mono,
    band,
    coloured,
    event,
    filtered,
    wander,
    white,
    wide,
)
from foley_core.engines.procedural.synthesis.periodic import (
    FREQUENCY,
    beats,
    body,
    bursts,
    even,
    hum,
    per_half,
    seamless,
    stereo,
    through,
    turns,
)
from foley_core.engines.procedural.synthesis.spectral_noise import by_frame, canvas, painted
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_EXHAUST = ((62.0, 2.5, 1.0), (118.0, 3.0, 0.9), (205.0, 4.0, 0.7), (390.0, 5.0, 0.45), (640.0, 5.0, 0.3))
_CYLINDERS = (1.0, 0.82, 0.94, 0.72)


@lru_cache(maxsize=8)
def _steady(firings: int, size: float) -> Mono:
    """The part of four cylinders' firings that is always the same."""
    train = np.zeros(PATCH, np.float32)
    train[beats(firings)] = np.resize(_CYLINDERS, 2 * firings)
    sound = even(seamless(through((train, body(_EXHAUST, size)))))
    sound.setflags(write=False)
    return sound


def _running(rng: np.random.Generator, firings: int, size: float, valves: float) -> Mono:
    """An engine: what is steady, what differs from firing to firing, and the clatter of the valves."""
    uneven = np.resize(_CYLINDERS, 2 * firings).astype(np.float32)[turns(firings)[0]]
    fired = bursts(rng, firings, 0.3, np.exp(np.float32(-4) * turns(firings)[1])) * uneven
    tapped = bursts(rng, 2 * firings, 0.5, np.exp(np.float32(-7) * turns(2 * firings)[1]))
    noise = white(rng, PATCH)
    exhaust = body(_EXHAUST, size) * band(FREQUENCY, 30, 900 / size, 1)
    clatter = np.float32(valves) * band(FREQUENCY, 1500 / size, 5200 / size)
    sound = through((noise * fired, exhaust), (noise[::-1] * tapped, clatter))
    return np.float32(0.7) * _steady(firings, size) + even(sound)


def _idling(rng: np.random.Generator, manner: Manner) -> Sound:
    size = manner.size**0.5
    sound = _running(rng, per_half(26.4 * manner.pace**0.5 / size, 4), size, 0.05)
    return stereo(sound, np.float32(0.2) * coloured(rng, PATCH, lambda f: band(f, 60, 700, 1)))


def _driving(rng: np.random.Generator, manner: Manner, rate: float, tyres: float) -> Sound:
    """A car that moves: engine, and the tyres' noise about 1 kHz."""
    size = manner.size**0.5
    sound = _running(rng, per_half(rate * manner.pace**0.5 / size, 4), size, 0.04)
    low, high = 420 * tyres**0.3 / size, 1150 * tyres**0.4 / size
    tread = wide(rng, PATCH, lambda f: band(f, low, high, 1) * band(f, 20, 6000), 0.35)
    return sound[:, None] + np.float32(0.3 * tyres) * tread


def _driving_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _driving(rng, manner, 50, 0.6)


def _driving_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _driving(rng, manner, 118, 3.0)


def _traffic(rng: np.random.Generator, manner: Manner) -> Sound:
    """The roar of a road some way off."""
    size = manner.size**0.5
    road = wide(rng, PATCH, lambda f: _road(f * np.float32(size)), 0.7)
    return np.asarray(road * np.exp(np.float32(0.15) * wander(rng, PATCH, 1))[:, None], np.float32)


def _road(frequency: NDArray[np.float32]) -> NDArray[np.float32]:
    """Engines low down, tyres about 1 kHz, and what the distance leaves of both."""
    return (band(frequency, 70, 200) + 0.4 * band(frequency, 600, 1200)) * band(frequency, 20, 2500)


def _passing(rng: np.random.Generator, manner: Manner) -> Mono:
    """One car that goes by: it swells and brightens, and its engine sinks in pitch (Doppler)."""
    away = rng.uniform(0.5, 1.1) / manner.pace**0.5
    past = ((np.arange(2 * PATCH) - PATCH) / SAMPLE_RATE / away).astype(np.float32)
    near = 1 / (1 + past**2)
    top = by_frame(500 + 1700 * near, 512)
    road = painted(rng, band(canvas(512) / top, 0.25, 1.0, 1) * by_frame(near, 512))
    pitch = rng.uniform(70, 120) / manner.size**0.5 * (1 - 0.05 * past / np.sqrt(1 + past**2))
    angle = 2 * np.pi * (np.cumsum(pitch) / SAMPLE_RATE % 1)
    engine = near**1.5 * sum(np.sin(k * angle + k) / k for k in (1, 2, 3, 4))
    return event(even(road) + 0.25 * even(engine.astype(np.float32)), 1.0)


def _train(rng: np.random.Generator, manner: Manner) -> Sound:
    """Wheels on rails, and the two bogies' double knock at each joint."""
    size = manner.size**0.5
    count = per_half(0.73 * manner.pace)
    _, turn = turns(count)
    joints = np.zeros(PATCH, np.float32)
    for at, level in ((0.05, 0.8), (0.17, 1.0), (0.55, 0.75), (0.67, 0.95)):
        past = (turn - np.float32(at)) % 1
        joints += bursts(rng, count, 0.25, np.float32(level) * np.exp(np.float32(-24 / manner.pace) * past))
    knock = through((white(rng, PATCH) * joints, band(FREQUENCY, 90, 420 / size, 1)))
    rumble = wide(rng, PATCH, lambda f: band(f, 45, 280 / size, 1) + 0.12 * band(f, 700, 2600 / size), 0.5)
    sway = np.exp(np.float32(0.25) * wander(rng, PATCH, 3))
    return np.asarray(rumble * sway[:, None] + np.float32(0.7) * even(knock)[:, None], np.float32)


def _helicopter(rng: np.random.Generator, manner: Manner) -> Sound:
    """The slap of the blades, the wash that they drive, and the turbine's whine."""
    size = manner.size**0.5
    count = per_half(11 * manner.pace**0.5 / size)
    _, turn = turns(count)
    blade = bursts(rng, count, 0.3, np.exp(np.float32(-4) * turn) + np.float32(0.1))
    slap = through((white(rng, PATCH) * blade, band(FREQUENCY, 50 / size, 230 / size)))
    wash = wide(rng, PATCH, lambda f: band(f, 300 / size, 2000 / size, 1), 0.7)
    whine = hum(rng, [(k * 1190.0 / size, 0.5 / k) for k in (1, 2, 3)], 0.6, 0.5)
    return (
        even(slap)[:, None] + np.float32(0.8) * wash * (0.7 + 0.3 * blade[:, None]) + np.float32(0.04) * whine
    )


def _aeroplane(rng: np.random.Generator, manner: Manner) -> Sound:
    """Jet roar and the whine of the fans."""
    size = manner.size**0.5
    roar = wide(rng, PATCH, lambda f: _jet(f * np.float32(size)), 0.6)
    lines = ((415.0, 0.6), (2130.0, 0.4), (2930.0, 0.3), (4260.0, 0.15))
    whine = hum(rng, [(hertz / size, level) for hertz, level in lines], 1.0, 0.6)
    surge = np.exp(np.float32(0.12) * wander(rng, PATCH, 2))
    return np.asarray(roar * surge[:, None] + np.float32(0.1) * whine, np.float32)


def _jet(frequency: NDArray[np.float32]) -> NDArray[np.float32]:
    return band(frequency, 55, 420, 1) * (1 + 0.5 * band(frequency, 160, 700))


def _siren(rng: np.random.Generator, manner: Manner) -> Mono:
    """A siren that wails up and down as it comes and goes."""
    seconds = rng.uniform(7.0, 11.0)
    time = np.linspace(0, seconds, int(seconds * SAMPLE_RATE), dtype=np.float32)
    wail = 0.5 - 0.5 * np.cos(2 * np.pi * (0.26 * manner.pace * time + rng.random()))
    passing = np.float32(1.02) - np.float32(0.04) * time / np.float32(seconds)
    pitch = 640 / manner.size**0.5 * np.exp2(1.1 * wail) * passing
    angle = (2 * np.pi * (np.cumsum(pitch, dtype=np.float64) / SAMPLE_RATE % 1)).astype(np.float32)
    horn = filtered(np.tanh(3 * np.sin(angle) + np.float32(0.8)), 450, 3200 / manner.size**0.5, 1)
    return event(horn * np.sin(np.pi * time / np.float32(seconds)) ** 2, 0.05)


def _honk(rng: np.random.Generator, manner: Manner) -> Mono:
    """A car's two horns, a third apart, pressed once or twice."""
    presses = [rng.lognormal(-1.2, 0.5) for _ in range(rng.integers(1, 3))]
    parts = []
    for seconds in np.clip(presses, 0.12, 1.5):
        time = np.arange(int(seconds * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)
        low, high = (
            np.tanh(2.5 * np.sin(2 * np.pi * hertz / manner.size**0.5 * time)) for hertz in (415.0, 521.0)
        )
        parts += [
            event(filtered(low + high, 380, 3500 / manner.size**0.5), 0.015),
            np.zeros(5000, np.float32),
        ]
    return event(np.concatenate(parts))


def _kind(name: str, words: str, example: str, sound: Bed | MovementSound) -> Kind:
    return Kind(name, "vehicles", tuple(words.split(", ")), example, sound)


KINDS: tuple[Kind, ...] = (
    _kind(
        "car",
        "car, cars, driving, drive, drives, drives by, driving by, passing car, car passing, car passing by, "
        "car chase, vehicle, vehicles, taxi, van, truck, trucks, lorry, bus, race car, racing car, "
        "automobile, motorbike, motorbikes, motorcycle, motorcycles, bus pass by, go kart, vroom, "
        "automobiles, pickup, jeep, buses, vans, lorries, coach, monster truck, sedan, suv, limousine, limo, "
        "sports car, minivan, convertible, hatchback, car pass, pickup truck, dump truck, delivery truck, "
        "semi truck, minibus, camper van, moped, mopeds, atv, quad bike, dirt bike, motor bike, motor "
        "scooter, vespa, dune buggy, formula one, garbage truck, drive by",
        "a fast car drives by",
        MovementSound(_driving_slow, _driving_fast),
    ),
    _kind(
        "engine",
        "engine, engines, idling, idle, idles, engine idling, car idling, running engine, engine running, "
        "diesel, diesel engine, generator, tractor, boat engine, outboard, motorboat, lawn mower, lawnmower, "
        "car engine, truck engine, speedboat, boat motor, outboard motor, revving, engine revving, "
        "excavator, forklift, digger, motor boat, combine harvester, engine start, engine starting, engine "
        "rev, engine revs, outboard engine",
        "an engine idling",
        Bed(_idling, -28.0),
    ),
    _kind(
        "traffic",
        "traffic, busy street, street noise, busy road, highway, motorway, freeway, rush hour, city "
        "traffic, traffic noise, road noise, cityscape, intersection, traffic jam, city noise, city "
        "ambience, street ambience, roadside, road traffic, street traffic, autobahn, expressway, interstate",
        "distant traffic",
        Bed(_traffic, -32.0, RandomEvents(_passing, 5.0, -30.0)),
    ),
    _kind(
        "horn",
        "horn, horns, honk, honks, honking, car horn, car horns, hooting cars, beeping cars, tooting, car "
        "honk, foghorn, fog horn, air horn, airhorn, ship horn, boat horn, klaxon",
        "car horns far away",
        Bed(None, calls=RandomEvents(_honk, 5.0, -27.0)),
    ),
    _kind(
        "siren",
        "siren, sirens, police, police car, police cars, ambulance, ambulances, fire engine, fire engines, "
        "fire truck, police siren, emergency vehicle, air raid siren, fire truck siren, cop car, cop cars, "
        "squad car, cops",
        "a distant police siren",
        Bed(None, calls=RandomEvents(_siren, 14.0, -27.0)),
    ),
    _kind(
        "train",
        "train, trains, railway, railroad, metro, tram, trams, locomotive, rails, railway carriage, "
        "underground train, choo choo, subway train, subway ride, subway car, metro train, freight train, "
        "steam train, monorail, tube train, bullet train, express train, streetcar, trolley car, train "
        "tracks, railway tracks",
        "inside a train",
        Bed(_train, -27.0),
    ),
    _kind(
        "helicopter",
        "helicopter, helicopters, chopper, choppers, rotor, rotors, rotor blades, helicopter blades, "
        "helicopter rotor, helicopter rotors, copter, chopper blades, helicopter flyover",
        "a helicopter overhead",
        Bed(_helicopter, -27.0),
    ),
    _kind(
        "aeroplane",
        "aeroplane, aeroplanes, airplane, airplanes, plane, planes, jet, jets, jet engine, jet plane, "
        "aircraft, airliner, aircraft cabin, airplane cabin, cabin noise, flight, fighter jet, jet fighter, "
        "prop plane, propeller plane, biplane, air plane, jumbo jet, boeing, airbus, jetliner, cessna, "
        "bomber, warplane, private jet, seaplane, turboprop",
        "the cabin of an aeroplane",
        Bed(_aeroplane, -28.0),
    ),
)
"""Vehicles, on the ground and in the air."""
