"""What editors ask for besides: keys, a camera, a match, cups, what breaks or snaps, swords, shots, blasts.

Breaking glass is a burst and then many pieces, each with its own pitch at its own time, which is what tells
breaking from bouncing; Warren and Verbrugge, "Auditory perception of breaking and bouncing events"
(J. Exp. Psych.: HPP 10(5), 1984). A shot is the wave of a blast, after Friedlander, and an echo that grows
duller; Maher, "Acoustical characterization of gunshots" (IEEE SAFE 2007).
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.procedural.kind import Blow, HitSound, Kind, Strike
from foley_core.engines.procedural.synthesis.grains import grains
from foley_core.engines.procedural.synthesis.modal import (
    BAR,
    PLATE,
    RIM,
    Material,
    burst,
    finished,
    hardness,
    peaked,
    strike,
    thump,
)
from foley_core.engines.procedural.synthesis.noise import Mono, fading
from foley_core.timecode import SAMPLE_RATE

KEY = Material((950.0, 1250.0), (1.0, 1.9, 2.7, 4.1), friction=0.03, decay=0.006, contact=0.0002, noise=0.6)
SHUTTER = Material(
    (1700.0, 2200.0), (1.0, 1.5, 2.2, 2.9, 3.8), friction=0.02, decay=0.008, contact=0.0002, noise=0.7
)
BLADE = Material((1050.0, 1450.0), (*BAR, 1.7, 4.1), friction=0.0002, decay=0.3, contact=0.00005, noise=0.4)
PIECE = Material(
    (3800.0, 4800.0), (1.0, 1.55, 2.32), friction=0.0007, decay=0.045, contact=0.00005, noise=0.5
)
CUP = Material((1600.0, 2000.0), RIM, friction=0.003, decay=0.05, contact=0.00012)
TABLE = Material((135.0, 185.0), BAR, friction=0.03, decay=0.06, contact=0.0006)
SHEETS = Material((150.0, 210.0), PLATE, friction=0.006, decay=0.16, contact=0.0003, noise=0.6)
TWIG = Material(
    (1500.0, 2100.0), (1.0, 1.7, 2.6, 3.3), friction=0.03, decay=0.006, contact=0.00008, noise=1.2
)


def typing(blow: Blow) -> Mono:
    """A key goes down to its stop and comes up again."""
    up = blow.chance.uniform(0.065, 0.095)
    stop, plate = thump(blow, (220, 290), 0.007, 0.1), burst(blow, 0.008, 300, 1500)
    keys = strike(KEY, blow, (0, up), (1.0, 0.35), (1.0, 0.85))
    return finished((0, 1.0, keys), (0.001, 0.4, stop), (0.0005, 0.4, plate))


def camera(blow: Blow) -> Mono:
    """A camera's shutter: the mirror goes up, the mirror comes down."""
    later = blow.chance.uniform(0.085, 0.1)
    times = 0.0, 0.012, later, later + 0.017
    box = burst(blow, 0.007, 250, 900)
    clicks = strike(SHUTTER, blow, times, (0.8, 0.5, 1.0, 0.5), (1.0, 0.85, 1.1, 0.9))
    return finished((0, 1.0, clicks), (0, 0.35, box), (later, 0.35, box))


def match(blow: Blow) -> Mono:
    """A match: the scratch, and the flare of the head."""
    scratch = grains(blow, fading(9600, 0.06), 5000, (3000, 9000), 0.0003)
    flare = burst(blow, 0.17, 700, 6000)
    return finished((0, 0.8, scratch), (0.04, 0.9, peaked(flare * (1 - fading(len(flare), 0.08)))))


def cup(blow: Blow) -> Mono:
    """A cup is set down on a table."""
    return finished((0, 0.8, strike(CUP, blow)), (0, 0.8, strike(TABLE, blow)))


def breaking_glass(blow: Blow) -> Mono:
    """Glass breaks: a crack, and the pieces as they fall and break again."""
    times = blow.chance.exponential(0.2, 36).clip(0, 1.3)
    levels = blow.chance.exponential(0.4, 36) * np.exp(-times / 0.5)
    pieces = strike(PIECE, blow, times, levels, np.exp(blow.chance.uniform(np.log(0.5), np.log(1.9), 36)))
    splinters = grains(blow, fading(24_000, 0.14), 900, (4000, 13_000), 0.0015)
    crack = burst(blow, 0.035, 1500, 11_000)
    return finished((0, 1.0, crack), (0, 0.45, pieces), (0.01, 0.8, splinters))


def crash(blow: Blow) -> Mono:
    """A car runs into something: its sheets crumple and spring, its windows go."""
    chance = blow.chance
    times = np.append(0, np.sort(chance.uniform(0.02, 0.45, 5)))
    sheets = strike(
        SHEETS, blow, times, np.append(1, 0.7 * np.exp(-times[1:] / 0.3)), chance.uniform(0.6, 1.3, 6)
    )
    pieces = grains(blow, fading(30_000, 0.18), 300, (2500, 9000), 0.004)
    mass, crumple = thump(blow, (50, 65), 0.06, 0.5), burst(blow, 0.12, 200, 3500)
    return finished((0, 1.0, sheets), (0, 0.8, mass), (0, 0.8, crumple), (0.05, 0.5, pieces))


def snap(blow: Blow) -> Mono:
    """A twig or bone snaps: a few sharp cracks that run into each other."""
    times = np.append(0, np.cumsum(blow.chance.exponential(0.008, 6)))
    levels = np.append(1, blow.chance.uniform(0.2, 0.8, 6))
    cracks = strike(TWIG, blow, times, levels, np.append(1, blow.chance.uniform(0.7, 1.5, 6)))
    return finished((0, 1.0, cracks), (0, 0.25, burst(blow, 0.008, 300, 1200)))


def sword(blow: Blow) -> Mono:
    """Two blades meet and slide along each other."""
    slide = burst(blow, 0.12, 4000, 12_000)
    return finished((0, 1.0, strike(BLADE, blow)), (0.01, 0.35, slide))


def gunshot(blow: Blow) -> Mono:
    """A shot in the open: the blast, its reflection from the ground, and an echo."""
    wave, crack = blast(blow, 0.0009), burst(blow, 0.012, 300, 9000)
    body, echo = burst(blow, 0.05, 100, 1800), burst(blow, 0.26, 120, 800)
    ground = blow.thing.uniform(0.004, 0.007)
    return finished(
        (0, 1.0, wave), (0, 0.9, crack), (ground, -0.4, wave), (0.001, 0.6, body), (0.03, 0.2, echo)
    )


def explosion(blow: Blow) -> Mono:
    """A blast far larger than a shot: long, low and rolling."""
    fire, rumble = burst(blow, 0.11, 60, 1500), burst(blow, 0.42, 28, 200)
    debris = grains(blow, fading(30_000, 0.2), 120, (600, 3000), 0.003)
    return finished((0, 0.7, blast(blow, 0.011)), (0, 0.8, fire), (0.01, 1.0, rumble), (0.12, 0.12, debris))


def blast(blow: Blow, seconds: float) -> Mono:
    """The wave of a blast after Friedlander: (1 - t / T) exp(-t / T), whose sum is none."""
    late = seconds * blow.manner.size / hardness(blow.strength) * blow.chance.uniform(0.9, 1.1) * SAMPLE_RATE
    time = np.arange(int(9 * late) + 8, dtype=np.float32) / np.float32(late)
    return np.asarray((1 - time) * np.exp(-time), np.float32)


def _kind(name: str, family: str, words: str, example: str, sound: Strike) -> Kind:
    return Kind(name, family, tuple(words.split(", ")), example, HitSound(sound))


KINDS: tuple[Kind, ...] = (
    _kind(
        "typing",
        "small things",
        "typing, typed, typewriter, typist, keyboard, keyboards, keystroke, keystrokes, key press, key "
        "presses, computer keyboard, stapler, mechanical keyboard, word processor, keyboard clicks, keyboard "
        "type",
        "fast typing in an office",
        typing,
    ),
    _kind(
        "camera",
        "small things",
        "camera, cameras, shutter, camera shutter, photo, photos, photograph, photographs, photographer, "
        "snapshot, paparazzi, camera click, selfie, taking a photo, taking photos, taking a picture, "
        "camera flash, flash bulb, polaroid, dslr, camera snap, shutter click",
        "a camera shutter",
        camera,
    ),
    _kind(
        "match",
        "small things",
        "match, matches, match strike, striking a match, lighter, lighters, lighting a cigarette, "
        "cigarette, cigarettes, ignite, ignites, fuse, strikes a match, lighting a match, matchbox, match "
        "box, box of matches, zippo, lighting a candle",
        "a match is lit",
        match,
    ),
    _kind(
        "cup",
        "small things",
        "cup, cups, mug, mugs, teacup, teacups, coffee cup, cup on a table, cup on the table, mug on the "
        "table, cup of tea, cup of coffee, coffee, tea, ashtray, set down, putting down, chess, chess piece",
        "a cup is set down",
        cup,
    ),
    _kind(
        "breaking glass",
        "breaking and blasts",
        "breaking glass, glass breaking, glass breaks, glass break, glass shatters, broken glass, "
        "shatter, shatters, shattering, shattered, shards, smash, smashes, smashing, smashed, smashing "
        "glass, smashed glass, window breaks, breaking window, breaks, breaking, breaking a window, glass "
        "shatter, crash of glass",
        "breaking glass",
        breaking_glass,
    ),
    _kind(
        "crash",
        "breaking and blasts",
        "crash, crashes, crashing, crashed, car crash, car crashes, car accident, accident, wreck, wreckage, "
        "collision, collisions, collide, collides, pile up, car wreck, plane crash, fender bender, head on "
        "collision, train wreck",
        "a car crash",
        crash,
    ),
    _kind(
        "snap",
        "breaking and blasts",
        "snap, snaps, snapping, snapped, crack, cracks, cracking, twig, breaking twig, breaking branch, "
        "branch breaks, branch snaps, bone, bones, bone break, breaking bone, breaking bones, bone crack, "
        "crunch, crunches, crunching, nutcracker, celery, finger snap, snap fingers, knuckle crack, cracking "
        "knuckles, knuckles cracking, knuckles, broken bone, neck snap, bones breaking, snapping fingers, "
        "snaps fingers, snapping twig",
        "a twig snaps",
        snap,
    ),
    _kind(
        "sword",
        "breaking and blasts",
        "sword, swords, sword fight, swordfight, shield block, blade, blades, fencing, knife fight, "
        "knife stab, knife drawn, knife throw, throwing knife, combat knife, "
        "dagger, daggers, rapier, sabre, katana, machete, knight, knights, shield, shields, cutlass, "
        "scimitar, broadsword, longsword, samurai, gladiator, gladiators",
        "swords in a church",
        sword,
    ),
    _kind(
        "gunshot",
        "breaking and blasts",
        "gunshot, gunshots, gun shot, gun shots, shots fired, shoot, shoots, gun, guns, gunfire, pistol, "
        "pistols, rifle, rifles, revolver, shotgun, machine gun, bullet, bullets, sniper, shooting a gun, "
        "firing a gun, gun fire, rifle shot, rifle shots, sniper shot, rifle fire, pistol shot, pistol "
        "shots, pistol fire, shotgun blast, shotgun shot, machine gun fire, automatic fire, enemy fire, "
        "crossfire, warning shot, single shot, shots, shot rings out, shots ring out, shot fired, firing, "
        "cap gun, submachine gun, firing squad, musket, muskets, musket shot, handgun, handguns, firearm, "
        "firearms, uzi, carbine, glock, blunderbuss, shootout, gunfight, gun fight, gun battle, firefight, "
        "sniper rifle, assault rifle, tommy gun, handgun shot, bang bang, machine guns",
        "a gunshot outdoors",
        gunshot,
    ),
    _kind(
        "explosion",
        "breaking and blasts",
        "explosion, explosions, explode, explodes, exploding, blast, blasts, bomb, bombs, bombing, grenade, "
        "grenades, detonation, dynamite, cannon, cannons, artillery, boom, booms, firework, fireworks, "
        "kaboom, ka boom, firecracker, firecrackers, blows up, blowing up, blow up, landmine, land mine, "
        "tnt, cannon fire, cherry bomb, cannon shot, cannon shots, detonate, detonates, detonating, mortar "
        "fire, howitzer, airstrike, air strike, explosive, explosives, pyrotechnics",
        "a distant explosion",
        explosion,
    ),
)
