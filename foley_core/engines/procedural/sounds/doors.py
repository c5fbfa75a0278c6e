"""What shuts: a door, a metal door, a car's door, a drawer, a lock, a switch.

A door that shuts is its leaf, a large damped panel, against its frame, and the latch that falls in after it;
Farnell, "Designing Sound" (MIT Press, 2010). Locks and switches are chains of small hard clicks.
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.procedural.kind import Blow, HitSound, Kind, Strike
from foley_core.engines.procedural.synthesis.grains import bounces, grains
from foley_core.engines.procedural.synthesis.modal import (
    PLATE,
    Material,
    burst,
    finished,
    hardness,
    strike,
    thump,
)
from foley_core.engines.procedural.synthesis.noise import Mono, fading

PANEL = Material((74.0, 98.0), PLATE, friction=0.026, decay=0.075, contact=0.0016)
LATCH = Material((1500.0, 2000.0), PLATE, friction=0.007, decay=0.02, contact=0.00015, noise=0.5)
GATE = Material(
    (78.0, 104.0), (*PLATE, 18.9, 22.3, 26.1), friction=0.001, decay=0.42, contact=0.0007, noise=0.4
)
SHEET = Material((130.0, 165.0), PLATE, friction=0.018, decay=0.032, contact=0.0008)
STOP = Material((190.0, 250.0), PLATE, friction=0.03, decay=0.03, contact=0.0008)
BOLT = Material((2100.0, 2700.0), PLATE, friction=0.005, decay=0.018, contact=0.00012, noise=0.6)
SPRING = Material(
    (2700.0, 3500.0), (1.0, 1.6, 2.5, 3.4), friction=0.02, decay=0.004, contact=0.00015, noise=0.7
)


def door(blow: Blow) -> Mono:
    """A door of wood falls shut: its leaf against the frame, twice, and the latch between."""
    when = blow.chance.uniform(0.022, 0.034)
    slam, air = burst(blow, 0.02, 120, 1800), thump(blow, (42, 52), 0.06, 0.3)
    leaf = strike(PANEL, blow, (0, 2.6 * when), (1.0, 0.4))
    return finished((0, 1.0, leaf), (0, 0.55, slam), (0, 0.45, air), (when, 0.4, strike(LATCH, blow)))


def metal_door(blow: Blow) -> Mono:
    """A heavy door or gate of metal slams and booms, and its bolts rattle."""
    times, levels = bounces(blow.chance, 0.07, 0.7, 4), 0.4 * 0.65 ** np.arange(4)
    boom, rattle = thump(blow, (54, 68), 0.06, 0.3), strike(BOLT, blow, times, levels, (1.0, 1.3, 1.0, 1.3))
    return finished((0, 1.0, strike(GATE, blow)), (0, 0.5, boom), (0, 0.4 + 0.6 * blow.strength, rattle))


def car_door(blow: Blow) -> Mono:
    """The door of a car: a damped sheet, air that is shut in, and a lock of two clicks."""
    hard = hardness(blow.strength)
    air, seal = thump(blow, (62, 80), 0.04, 0.4), burst(blow, 0.03, 200, 1400)
    clicks = strike(LATCH, blow, (0, blow.chance.uniform(0.013, 0.02)), (0.7, 1.0), (1.3, 1.0))
    return finished(
        (0, 0.8, strike(SHEET, blow)), (0, 0.8, air), (0, 0.5 * hard, seal), (0, 0.5 * hard, clicks)
    )


def drawer(blow: Blow) -> Mono:
    """A drawer comes to its stop, and what lies in it slides on and rattles."""
    things = grains(blow, fading(15_000, 0.06), 130, (1400, 4600), 0.006)
    slide = burst(blow, 0.03, 250, 1500)
    return finished((0, 1.0, strike(STOP, blow)), (0.025, 0.5, things), (0, 0.3, slide))


def lock(blow: Blow) -> Mono:
    """A key turn, key turns, the bolt falls."""
    late = blow.chance.uniform(0.92, 1.1, 3).cumsum() * (0.045, 0.045, 0.055)
    clicks = strike(BOLT, blow, (0, *late), (0.7, 0.35, 0.35, 1.0), (1.0, 0.8, 0.8, 1.8))
    return finished((0, 1.0, clicks), (float(late[2]), 0.3, burst(blow, 0.012, 250, 1200)))


def switch(blow: Blow) -> Mono:
    """A switch: the spring gives, the contact closes."""
    times = 0.0, blow.chance.uniform(0.009, 0.013), blow.chance.uniform(0.016, 0.02)
    return finished((0, 1.0, strike(SPRING, blow, times, (0.7, 1.0, 0.3), (1.0, 1.15, 0.9))))


def _kind(name: str, words: str, example: str, sound: Strike) -> Kind:
    return Kind(name, "doors", tuple(words.split(", ")), example, HitSound(sound))


KINDS: tuple[Kind, ...] = (
    _kind(
        "door",
        "door, doors, door slam, door slams, door close, door closes, door shut, slam, slams, slamming, "
        "slammed, front door, wooden door, wooden doors, door shuts, cupboard, cupboards, wardrobe, "
        "window shuts, shutters, trapdoor, door opening, door opens, back door, door shutting, closing "
        "door",
        "a door slams in a corridor",
        door,
    ),
    _kind(
        "metal door",
        "metal door, metal doors, steel door, iron door, gate, gates, iron gate, metal gate, prison door, "
        "cell door, vault, vault door, hatch, container, containers, garage door, dumpster, locker, "
        "lockers, manhole",
        "a metal door in a tunnel",
        metal_door,
    ),
    _kind(
        "car door",
        "car door, car doors, car door slam, car door slams, door of a car, car boot, bonnet, car trunk, "
        "taxi door, van door, trunk of a car, trunk of the car, boot of a car, car hood, car bonnet, "
        "truck door, fridge door, refrigerator door",
        "a car door in the street",
        car_door,
    ),
    _kind(
        "drawer",
        "drawer, drawers, cabinet, cabinets, cash register, filing cabinet, toolbox, tray, trays, cutlery "
        "drawer",
        "a drawer is shut",
        drawer,
    ),
    _kind(
        "lock",
        "lock, locks, locking, locked, unlock, unlocks, unlocking, latch, latches, bolt, bolts, padlock, "
        "door lock, door handle, doorknob, key in the lock, key turn, key turns, handcuffs, reload, reloads, "
        "reloading, gun cock, cocking a gun, ratchet, gun cocking, cocking a pistol, cocking, cocked, pump "
        "action, shotgun pump, loading a gun, loading a shotgun, loading a rifle, loading a pistol, key "
        "turning, turning a key, deadbolt, dead bolt, safety catch, clasp, hasp, handcuff, cuffs, "
        "combination lock, lockpick, lock picking, revolver cock, pistol cock, cocks a gun, cocks the gun",
        "a key turns in the lock",
        lock,
    ),
    _kind(
        "switch",
        "switch, switches, light switch, click, clicks, clicking, button, buttons, mouse click, mouse "
        "clicks, ballpoint, pen click, toggle, snap shut, buckle, buckles, push button, seat belt click, "
        "lever, levers, seatbelt click, seat belt buckle, circuit breaker, pen clicking",
        "a light switch clicks",
        switch,
    ),
)
