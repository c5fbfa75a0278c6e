"""Machines: a factory's, clocks, fans, motors.

After the chapters on machines, motors, fans and clocks in Farnell, "Designing Sound" (MIT Press, 2010): what
turns lets noise through in step, what strikes wakes the modes of what it strikes, and no turn is like
another.
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.procedural.kind import PATCH, Bed, Kind, Manner, MovementSound, RandomEvents
from foley_core.engines.procedural.synthesis.noise import (
    Mono,
    band,
    event,
    rings,
    scattered,
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
    shower,
    stereo,
    through,
    turns,
)
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_PRESS = ((176.0, 14.0, 1.0), (318.0, 22.0, 0.9), (547.0, 30.0, 0.7), (905.0, 40.0, 0.6), (1490.0, 50.0, 0.4))
_LATCH = ((620.0, 30.0, 0.7), (1130.0, 45.0, 1.0), (1870.0, 60.0, 0.8), (2950.0, 70.0, 0.6))


def _machine(rng: np.random.Generator, manner: Manner) -> Sound:
    """A press that stamps, a latch that falls, steam, a conveyor that rattles, and a motor under it all."""
    size = manner.size**0.5
    count = per_half(1.46 * manner.pace, 2)
    _, turn = turns(count)
    noise = white(rng, PATCH)
    stamp = bursts(rng, count, 0.35, np.exp(np.float32(-45) * turn))
    latch = bursts(rng, count, 1.0, np.exp(np.float32(-90) * ((turn + np.float32(rng.random())) % 1)))
    hiss = np.float32(rng.uniform(0.25, 0.75))
    puff = bursts(rng, count, 1.0, np.exp(-(((turn - hiss) / np.float32(0.1)) ** 2)))
    working = through(
        (noise * stamp, body(_PRESS, size)),
        (noise[::-1] * latch, body(_LATCH, size)),
        (noise[::-1] * puff, np.float32(0.009) * band(FREQUENCY, 2400 / size, 7000 / size)),
        (shower(rng, 90 * manner.pace, 1.0), body(_LATCH, 0.6 * size)),
    )
    floor = wide(
        rng, PATCH, lambda f: band(f, 60 / size, 420 / size, 1) + 0.06 * band(f, 900, 5000 / size), 0.6
    )
    motor = hum(rng, [(k * 49.07 / size, 1 / k**0.7) for k in range(1, 6)], 0.6, 0.4)
    return np.asarray(
        even(working)[:, None] + np.float32(0.45) * floor + np.float32(0.18) * motor, np.float32
    )


_SPEEDS = (2, 4, 6, 8)
_LATE = ((0, 0.35), (620, 1.0), (1130, 0.25))
"""Samples and level of the three contacts of a tick: the tooth drops, the pallet locks, it recoils."""


def _clock(rng: np.random.Generator, manner: Manner) -> Sound:
    """Tick and tock: the two pallets of an escapement in a wooden case."""
    size = manner.size**0.6
    count = min(_SPEEDS, key=lambda n: abs(float(np.log(n / (2 * manner.pace)))))
    grains = []
    for number, at in enumerate(beats(count).tolist()):
        pitch = np.array([1850.0, 3120.0, 4730.0, 7900.0]) / size * (1.0 if number % 2 else 1.22)
        for late, level in _LATE:
            decay = 0.005 * size * rng.lognormal(0, 0.3, len(pitch))
            levels = level * rng.lognormal(0, 0.8, len(pitch))
            struck = rings(pitch * rng.uniform(0.97, 1.03, len(pitch)), decay)
            start = at + late + int(rng.integers(-60, 60))
            grains += [(start, float(own), mode) for own, mode in zip(levels, struck, strict=True)]
        case = rings(pitch[:2] * rng.uniform(0.12, 0.22, 2), np.full(2, 0.016 * size))
        grains += [(at + 620, 0.5 * rng.lognormal(0, 0.4), mode) for mode in case]
    return stereo(scattered(PATCH, grains)) + np.float32(0.06) * _works(rng, size)


def _works(rng: np.random.Generator, size: float) -> Sound:
    """The room round a clock, and the whirr of its wheels."""
    room = wide(rng, PATCH, lambda f: band(f, 90 / size, 700 / size, 1) + 0.25 * band(f, 2500, 9000), 0.5)
    return np.asarray(room * np.exp(np.float32(0.4) * wander(rng, PATCH, 4))[:, None], np.float32)


def _fan(rng: np.random.Generator, manner: Manner) -> Sound:
    """Air through a grille, the tone of the blades that pass, and the bearing."""
    size, pace = manner.size**0.5, manner.pace**0.5
    top = 620 * pace / size
    air = wide(rng, PATCH, lambda f: band(f, 90 / size, top, 1) + 0.1 * band(f, 1500, 4500 / size, 1), 0.6)
    blades = 187 * pace / size
    tone = hum(rng, [(blades, 1.0), (2 * blades, 0.5), (3 * blades, 0.3), (99.6, 0.5)], 0.7, 0.4)
    flutter = np.exp(np.float32(0.1) * wander(rng, PATCH, 7))
    return np.asarray(air * flutter[:, None] + np.float32(0.16) * tone, np.float32)


def _turning(rng: np.random.Generator, manner: Manner, rate: float) -> Sound:
    """An electric motor with its gears: brushes, teeth, and the slots of the armature."""
    pitch = rate * manner.pace**0.5 / manner.size
    partials = [(k * pitch, 1 / k) for k in (1, 2, 3, 4)]
    partials += [(k * pitch, level) for k, level in ((10, 0.3), (11, 0.9), (12, 0.3), (22, 0.5), (33, 0.2))]
    gate = np.float32(0.6) + np.float32(0.4) * np.cos(np.float32(2 * np.pi) * turns(per_half(pitch / 2))[1])
    hiss = band(FREQUENCY, 2200 / manner.size**0.5, 6500 / manner.size**0.5)
    brushes = even(through((white(rng, PATCH) * gate, hiss)))
    return hum(rng, partials, 0.8, 0.3) + np.float32(0.3) * stereo(brushes)


def _turning_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _turning(rng, manner, 62)


def _turning_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _turning(rng, manner, 168)


def _alarm(rng: np.random.Generator, manner: Manner) -> Mono:
    """Four beeps of a piezo."""
    time = np.arange(int(0.085 * SAMPLE_RATE / manner.pace**0.5), dtype=np.float32) / np.float32(SAMPLE_RATE)
    pitch = 2050 * rng.uniform(0.998, 1.002) / manner.size**0.5
    beep = event(np.tanh(2 * np.sin(np.float32(2 * np.pi * pitch) * time)), 0.003)
    return event(np.tile(np.concatenate([beep, np.zeros_like(beep)]), 4))


def _bell_ring(rng: np.random.Generator, manner: Manner) -> Mono:
    """A telephone's two gongs, struck in turn by a clapper, about 22 times a second."""
    gongs = [np.array([1.0, 2.71, 4.9, 7.6]) * hertz / manner.size**0.5 for hertz in (985.0, 1180.0)]
    struck = [rings(gong, np.array([0.35, 0.2, 0.12, 0.06])) for gong in gongs]
    when = np.cumsum(rng.normal(0.045, 0.0015, 44)) * SAMPLE_RATE
    grains = []
    for number, at in enumerate(when.astype(int).tolist()):
        levels = rng.lognormal(0, 0.2, 4) * np.array([1.0, 0.6, 0.4, 0.2])
        grains += [(at, float(level), mode) for level, mode in zip(levels, struck[number % 2], strict=True)]
    return event(scattered(int(4.2 * SAMPLE_RATE), grains))


def _kind(name: str, words: str, example: str, sound: Bed | MovementSound) -> Kind:
    return Kind(name, "machines", tuple(words.split(", ")), example, sound)


KINDS: tuple[Kind, ...] = (
    _kind(
        "machine",
        "machine, machines, machinery, factory, factories, factory floor, industrial, conveyor, conveyor "
        "belt, assembly line, production line, printing press, steam engine, pistons, loom, washing "
        "machine, tumble dryer, clothes dryer, sawmill, steelworks, machine shop",
        "a factory full of machines",
        Bed(_machine, -30.0),
    ),
    _kind(
        "clock",
        "clock, clocks, ticking, tick, ticks, tick tock, ticking clock, clock ticking, clockwork, "
        "wristwatch, pocket watch, metronome, timer, time bomb, grandfather clock, cuckoo clock, wrist "
        "watch, stop watch, stopwatch, watch ticking, tick tack, pendulum, wall clock, ticking bomb",
        "a ticking clock",
        Bed(_clock, -48.0),
    ),
    _kind(
        "alarm",
        "alarm, alarms, alarm clock, beep, beeps, beeping, bleep, bleeps, smoke alarm, fire alarm, smoke "
        "detector, microwave, burglar alarm, car alarm, heart monitor, backup beeper, egg timer, oven "
        "timer, beeper, pager, security alarm, intruder alarm, metal detector, reverse beeper, ecg, ekg",
        "an alarm clock",
        Bed(None, calls=RandomEvents(_alarm, 2.2, -29.0)),
    ),
    _kind(
        "telephone",
        "telephone, telephones, phone ringing, telephone ringing, ringing phone, ringing telephone, "
        "ringtone, phone ring, phone rings, ring ring, cell phone ringing, mobile phone ringing, "
        "cellphone ringing, mobile ringing, cell phone ring, telephone bell, incoming call, ring tone, "
        "ring tones, payphone, pay phone, landline, phones ringing",
        "a telephone in the next room",
        Bed(None, calls=RandomEvents(_bell_ring, 6.5, -30.0)),
    ),
    _kind(
        "fan",
        "fan, fans, air conditioning, air conditioner, aircon, ventilation, ventilator, air vent, vent, "
        "vents, computer, computers, laptop, server, servers, server room, data centre, data center, hvac, "
        "extractor, air duct, ducts, ceiling fan, desk fan, extractor fan, ac unit, air con, exhaust fan, "
        "cooling fan, pc fan, space heater, air purifier, ventilation shaft",
        "a computer fan",
        Bed(_fan, -36.0),
    ),
    _kind(
        "motor",
        "motor, motors, electric motor, drill, drills, drilling, servo, servos, robot, robots, robotic, "
        "robot arm, power tool, power tools, blender, mixer, vacuum cleaner, hoover, quadcopter, sewing "
        "machine, shaver, winch, hair dryer, toy car, whirr, whirring, camera drone, drone flying, flying "
        "drone, drones flying, drone flies, drone hovering, drone overhead, food processor, electric razor, "
        "electric drill, electric toothbrush, hand dryer, blow dryer, hand mixer, vacuum, vacuuming, "
        "hoovering, power drill, cordless drill, electric screwdriver, power saw, circular saw, table saw, "
        "jigsaw, band saw, angle grinder, belt sander, hair clippers, electric shaver, stand "
        "mixer, roomba, rc car, lathe, treadmill, leaf blower, hair trimmer",
        "a robot arm with a whirring motor",
        MovementSound(_turning_slow, _turning_fast, -27.0),
    ),
)
"""Machines, from a clock to a factory."""
