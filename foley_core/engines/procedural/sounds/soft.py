"""What is soft and hardly rings: flesh, a drum's skin, water, cardboard, a ball, a body that falls.

A soft thing gives way: the contact is long, so little but its lowest mode is woken, and the pitch falls as
the dent comes back. Farnell, "Designing Sound" (MIT Press, 2010), practicals on impacts and on water; the
drum's modes, and the fall of their pitch, after Fletcher and Rossing, chapter 18.
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.procedural.kind import Blow, HitSound, Kind, Strike
from foley_core.engines.procedural.synthesis.grains import bubbles, grains, rising_bubble
from foley_core.engines.procedural.synthesis.modal import MEMBRANE, Material, burst, finished, strike, thump
from foley_core.engines.procedural.synthesis.noise import Mono, fading

SKIN = Material((90.0, 165.0), MEMBRANE, friction=0.012, decay=0.15, contact=0.0009)
BOX = Material((120.0, 160.0), (1.0, 1.7, 2.2, 3.1, 3.9, 5.2), friction=0.08, decay=0.035, contact=0.0015)
SHELL = Material((420.0, 520.0), (1.0, 1.3, 2.1, 2.9, 4.4), friction=0.016, decay=0.04, contact=0.0008)


def flesh(blow: Blow) -> Mono:
    """A punch: a dull blow into a body, with a short smack on top."""
    body, mass = thump(blow, (70, 100), 0.02, 0.8), burst(blow, 0.016, 60, 320)
    smack = burst(blow, 0.01, 300, 1500)
    return finished((0, 0.9, body), (0, 0.7, mass), (0, 0.6 * (0.3 + 0.7 * blow.strength), smack))


def slap(blow: Blow) -> Mono:
    """An open hand on skin: a sharp crack of air, hardly a body."""
    crack, skin = burst(blow, 0.005, 900, 5200), burst(blow, 0.018, 500, 1800)
    return finished((0, 1.0, crack), (0.0008, 0.5, skin))


def drum(blow: Blow) -> Mono:
    """A tom: a skin that is struck with a stick."""
    skin, stick = strike(SKIN, blow), burst(blow, 0.004, 600, 3500)
    low = thump(blow, (75, 125), 0.08, 0.3)
    return finished((0, 1.0, skin), (0, 0.5, low), (0, 0.5 * blow.strength, stick))


def splash(blow: Blow) -> Mono:
    """Something falls into water: a smack, the hole that closes, bubbles, and spray that falls."""
    chance = blow.chance
    smack, spray = burst(blow, 0.03, 250, 3500), burst(blow, 0.15, 1500, 7500)
    gulp = rising_bubble(0.013 * blow.manner.size * chance.uniform(0.85, 1.2), 0.35)
    under = bubbles(blow, 26, 0.6, (0.0016, 0.006))
    drops = grains(blow, np.sin(np.linspace(0, np.pi, 30_000)) ** 2, 70, (1500, 4500), 0.004)
    return finished(
        (0, 1.0, smack),
        (0.008, 0.5, spray),
        (chance.uniform(0.06, 0.1), 0.5, gulp),
        (0.05, 0.55, under),
        (0.25, 0.14, drops),
    )


def cardboard(blow: Blow) -> Mono:
    """A box of cardboard: its walls flap, its edges crackle."""
    walls, paper = strike(BOX, blow), burst(blow, 0.022, 500, 3000)
    crackle = grains(blow, fading(5000, 0.035), 700, (700, 2600), 0.0012)
    return finished((0, 1.0, walls), (0, 0.55, paper), (0.002, 0.4, crackle))


def ball(blow: Blow) -> Mono:
    """A ball that bounces: the floor's thump, and the air inside that rings."""
    bump, rubber = thump(blow, (130, 165), 0.016, 0.3), burst(blow, 0.006, 250, 1600)
    return finished((0, 0.7, bump), (0, 0.9, strike(SHELL, blow)), (0, 0.5 * blow.strength, rubber))


def thud(blow: Blow) -> Mono:
    """A body falls: a heavy first blow, others after it, and clothes."""
    mass, cloth = burst(blow, 0.05, 40, 180), burst(blow, 0.07, 150, 900)
    later = np.cumsum(blow.chance.uniform(0.05, 0.11, 2))
    limbs = [(float(t), blow.chance.uniform(0.3, 0.6), thump(blow, (60, 85), 0.03, 0.4)) for t in later]
    first = thump(blow, (46, 60), 0.045, 0.6)
    return finished((0, 1.0, first), (0, 0.6, mass), (0, 0.45 * (0.2 + 0.8 * blow.strength), cloth), *limbs)


def _kind(name: str, words: str, example: str, sound: Strike) -> Kind:
    return Kind(name, "soft things", tuple(words.split(", ")), example, HitSound(sound))


KINDS: tuple[Kind, ...] = (
    _kind(
        "flesh",
        "flesh, punch, punches, punching, punched, kick, kicks, kicking, kicked, fist, fists, boxing, boxer, "
        "boxers, fight, fights, fighting, brawl, martial arts, karate, body blow, body blows, meat, steak, "
        "uppercut, headbutt, pow, punch bag, punching bag, fistfight, kickboxing, mma, jab, jabs",
        "hard punches",
        flesh,
    ),
    _kind(
        "slap",
        "slap, slaps, slapping, slapped, spank, spanking, smack, smacks, smacking, whip crack, high five, "
        "high fiving, slap in the face, towel snap, whack, whacks, thwack, fist bump, cracking a whip, crack "
        "of a whip, cracking whip",
        "a slap in the face",
        slap,
    ),
    _kind(
        "drum",
        "drum, drums, drumming, drummer, drummers, tom, toms, bongo, bongos, conga, congas, timpani, kick "
        "drum, bass drum, snare, tambour, percussion, drum roll, drum kit, drum set, snare drum, kettle "
        "drum",
        "drums in a cave",
        drum,
    ),
    _kind(
        "splash",
        "splash, splashes, splashing, splashed, plop, plops, dive, dives, plunge, plunges, cannonball, "
        "into water, into the water, falls into water, jump into water, jumps into the water, belly flop, "
        "splosh, kerplunk, jump in the water, jumping into a pool",
        "a big splash",
        splash,
    ),
    _kind(
        "cardboard",
        "cardboard, carton, cartons, box, boxes, cardboard box, cardboard boxes, parcel, parcels, package, "
        "packages, packet, packets, moving box, moving boxes",
        "a cardboard box dropped",
        cardboard,
    ),
    _kind(
        "ball",
        "ball, balls, bounce, bounces, bouncing, basketball, basketballs, football, footballs, soccer, "
        "volleyball, tennis, tennis ball, rubber, rubber ball, dribble, dribbles, dribbling, ping pong, ping "
        "pong ball, golf ball, soccer ball, beach ball, table tennis, racket, racquet, tennis racket, "
        "baseball, bouncy ball, medicine ball, cricket ball, dodgeball, billiard ball, pool ball, snooker "
        "ball",
        "a basketball bounces in a gym",
        ball,
    ),
    _kind(
        "thud",
        "thud, thuds, thudding, thump, thumps, thumping, body fall, person falling, person falls, body "
        "falls, body drop, falls down, collapse, collapses, sack, sacks, sandbag, sandbags, mattress, "
        "pillow, pillows, sofa, couch, bag, bags, backpack, luggage, tackle, tackles, lands, body hits the "
        "ground, body hits the floor, body hitting the ground, body hitting the floor, body falling, falling "
        "body, bodyfall, whump, body slam, fell down, cushion, cushions, handbag, duffel bag, hay bale, "
        "beanbag",
        "a body falls with a thud",
        thud,
    ),
)
