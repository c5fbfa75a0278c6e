"""What is hard and rings: wood, metal, glass, stone, plastic, dishes, coins, a bell, a knock, a hammer.

Each is a material of `modal.py`. A listener tells them by how fast they die away (metal slower than glass,
glass than ceramic, ceramic than wood, wood than plastic and stone; Klatzky, Pai and Krotkov 2000) and by how
high they lie. Coins and dishes are several pieces that come to rest by bouncing; Warren and Verbrugge,
"Auditory perception of breaking and bouncing events" (J. Exp. Psych.: HPP 10(5), 1984).
"""

from __future__ import annotations

import numpy as np

from foley_core.engines.procedural.kind import Blow, HitSound, Kind, Strike
from foley_core.engines.procedural.synthesis.grains import bounces, grains
from foley_core.engines.procedural.synthesis.modal import (
    BAR,
    BOARD,
    DISC,
    PLATE,
    RIM,
    Material,
    burst,
    finished,
    strike,
    thump,
)
from foley_core.engines.procedural.synthesis.noise import Mono, fading

WOOD = Material((200.0, 340.0), BOARD, friction=0.019, decay=0.1, contact=0.00018)
METAL = Material((360.0, 740.0), PLATE, friction=0.0003, decay=0.62, contact=0.00012)
GLASS = Material((1500.0, 2500.0), RIM, friction=0.0005, decay=0.22, contact=0.00008, noise=0.2)
STONE = Material((1150.0, 2000.0), PLATE, friction=0.02, decay=0.012, contact=0.00015, noise=0.8)
PLASTIC = Material(
    (500.0, 820.0), (1.0, 1.45, 2.2, 3.1, 4.4, 6.2), 0.045, decay=0.022, contact=0.0002, noise=0.4
)
CERAMIC = Material((850.0, 1350.0), PLATE, friction=0.0035, decay=0.07, contact=0.00015)
COIN = Material((3400.0, 5200.0), DISC, friction=0.0006, decay=0.07, contact=0.00006)
KNOCK = Material((140.0, 190.0), (1.0, 1.6, 2.3, 3.1, 4.2, 5.8), friction=0.045, decay=0.05, contact=0.0011)
NAIL = Material((2500.0, 3100.0), BAR, friction=0.0012, decay=0.08, contact=0.00006, noise=0.5)
BLOCK = Material((150.0, 190.0), BAR, friction=0.03, decay=0.07, contact=0.0005)
BELL = Material(
    (240.0, 420.0),
    (1.0, 1.0012, 2.0, 2.003, 2.4, 2.404, 3.0, 4.0, 4.006, 5.0, 5.33, 6.0, 8.0, 10.7, 13.2),
    friction=0.00022,
    decay=1.0,
    contact=0.0003,
    noise=0.15,
)
"""Hum, prime, minor third, fifth, nominal and so on, some twice; Fletcher and Rossing, chapter 21."""


def wood(blow: Blow) -> Mono:
    """A board or bar of wood."""
    return finished((0, 1.0, strike(WOOD, blow)))


def metal(blow: Blow) -> Mono:
    """A plate of metal that rings for seconds."""
    return finished((0, 1.0, strike(METAL, blow)))


def glass(blow: Blow) -> Mono:
    """A glass or bottle that stays whole: few modes, pure and high."""
    return finished((0, 1.0, strike(GLASS, blow)))


def stone(blow: Blow) -> Mono:
    """Two stones: a clack without pitch, and the grit that comes off."""
    grit = grains(blow, fading(4800, 0.022), 900, (2500, 7000), 0.0006)
    low = burst(blow, 0.01, 150, 500)
    return finished((0, 1.0, strike(STONE, blow)), (0.003, 0.3, grit), (0, 0.3, low))


def plastic(blow: Blow) -> Mono:
    """A hollow shell of plastic: a short, pitched tock."""
    air = thump(blow, (270, 350), 0.014, 0.05)
    return finished((0, 1.0, strike(PLASTIC, blow)), (0.0005, 0.2, air))


def dishes(blow: Blow) -> Mono:
    """Plates and cups that strike and settle against each other."""
    times = np.concatenate([[0], bounces(blow.chance, 0.07, 0.75, 5)])
    levels = np.concatenate([[1.0], 0.6 * 0.8 ** np.arange(5)])
    return finished((0, 1.0, strike(CERAMIC, blow, times, levels, (1.0, 0.72, 1.0, 0.72, 0.85, 1.0))))


def coins(blow: Blow) -> Mono:
    """A few coins: discs that ring high, bounce and jingle to rest."""
    falls = [bounces(blow.chance, blow.chance.uniform(0.08, 0.14), 0.62, 4) for _ in range(3)]
    sizes = np.repeat(blow.chance.uniform(0.85, 1.2, 3), 4)
    levels = np.tile(0.8 * 0.72 ** np.arange(4), 3)
    times = np.concatenate([[0], *falls])
    return finished((0, 1.0, strike(COIN, blow, times, np.append(1, levels), np.append(1, sizes))))


def bell(blow: Blow) -> Mono:
    """A bell: its low hum outlives the strike."""
    return finished((0, 1.0, strike(BELL, blow)))


def knock(blow: Blow) -> Mono:
    """A dull knock on something solid, of no special material."""
    return finished((0, 1.0, strike(KNOCK, blow)), (0, 0.25, burst(blow, 0.012, 120, 900)))


def hammer(blow: Blow) -> Mono:
    """A hammer on a nail: its ring over the block that it is driven into."""
    blunt = burst(blow, 0.006, 300, 2500)
    return finished((0, 0.9, strike(NAIL, blow)), (0, 1.0, strike(BLOCK, blow)), (0, 0.4, blunt))


def _kind(name: str, words: str, example: str, sound: Strike) -> Kind:
    return Kind(name, "hard things", tuple(words.split(", ")), example, HitSound(sound))


KINDS: tuple[Kind, ...] = (
    _kind(
        "wood",
        "wood, wooden, plank, planks, timber, log, logs, lumber, crate, crates, bench, benches, table, "
        "tables, desk, desks, chair, chairs, stick, sticks, oak, pine, plywood, bamboo, barrel, barrels, "
        "baseball bat, chop, chops, chopping, axe, axes, furniture, pallet, pallets, block, blocks, baton, "
        "broom, bookshelf, bookcase, cricket bat, hockey stick, walking stick, pool cue, gavel, wooden "
        "spoon, firewood, cutting board, chopping board, butcher block, kitchen knife, vegetable knife, "
        "chef knife, bread knife, carving knife, butcher knife, meat cleaver, cleaver, kindling, stool, "
        "stools, bar stool, wooden box, wooden chest, wooden bowl, cane, "
        "two by four, ladder rungs",
        "a wooden crate set down hard",
        wood,
    ),
    _kind(
        "metal",
        "metal, metallic, metals, knife, knives, steel, iron, brass, copper, aluminium, aluminum, tin, "
        "tins, pipe, pipes, "
        "clang, clangs, clanging, clank, clanks, clanking, railing, railings, frying pan, pans, saucepan, "
        "pot, pots, tin can, cans, girder, girders, wrench, wrenches, spanner, spanners, rod, rods, sheet "
        "metal, scrap metal, barbell, dumbbell, dumbbells, pole, poles, shovel, shovels, spade, spades, "
        "crowbar, radiator, trash can, garbage can, wok, metal tray, metal sheet, oil drum, oil drums, iron "
        "bar, metal bar, prison bars, steel beam, lead pipe, hubcap, manhole cover, scaffolding, gears, "
        "cogs, barbed wire, chain link fence, exhaust pipe, metal plate, metal fence, pan "
        "drop, metal pan, pots and pans",
        "a metal pipe in a large hall",
        metal,
    ),
    _kind(
        "glass",
        "glass, glasses, bottle, bottles, jar, jars, wineglass, wine glass, wine glasses, drinking glass, "
        "vase, clink, clinks, clinking, toast, toasting, crystal, window pane, pane, panes, chandelier, "
        "vial, vials, glass on a table, glass on the table, bottle on the table, glassware, beaker, test "
        "tube, test tubes, tumbler, decanter, champagne glass, windowpane, windowpanes, beer bottle, wine "
        "bottle",
        "glasses clink softly",
        glass,
    ),
    _kind(
        "stone",
        "stone, stones, rock, rocks, rocky, boulder, boulders, brick, bricks, granite, slate, cobble, "
        "cobbles, flint, masonry, rubble, paving stone, tombstone, gravestone, paving slab, cinder block, "
        "concrete block, concrete slab, stone slab, rubble pile",
        "a stone falls",
        stone,
    ),
    _kind(
        "plastic",
        "plastic, plastics, tupperware, bucket, buckets, bin, bins, lid, lids, toy, toys, lego, bottle cap, "
        "plastic bottle, plastic bottles, plastic box, plastic cup, plastic cups, domino, dice roll, rolling "
        "dice, dominoes, dice, helmet, remote control, water bottle, plastic lid, tub, game controller, lego "
        "bricks, pvc pipe, roll of dice",
        "a plastic bucket",
        plastic,
    ),
    _kind(
        "dishes",
        "dishes, dish, plate, plates, bowl, bowls, ceramic, ceramics, porcelain, china, crockery, pottery, "
        "clay pot, saucer, saucers, tableware, cutlery, fork, forks, spoon, spoons, knife and fork, "
        "fork and knife, washing "
        "up, plate on the table",
        "dishes in a kitchen",
        dishes,
    ),
    _kind(
        "coins",
        "coin, coins, money, loose change, small change, penny, pennies, cents, token, tokens, purse, "
        "treasure, coins on a table, coins on the table, coin on a table, coin toss",
        "coins dropped on a table",
        coins,
    ),
    _kind(
        "bell",
        "bell, bells, church bell, church bells, gong, gongs, toll, tolls, tolling, ring the bell, bronze, "
        "school bell, hand bell, bicycle bell, bike bell, cow bell, cowbell, desk bell, ding, dong, ding "
        "dong, bell tower, clock tower, ship bell, shop bell, boxing bell, reception bell, service bell, "
        "temple bell, hotel bell, jingle bell, bell chime",
        "a church bell, far away",
        bell,
    ),
    _kind(
        "knock",
        "knock, knocks, knocking, knocked, knocking over, knocks over, knocked over, hit, hits, hitting, "
        "impact, impacts, strike, strikes, striking, bump, bumps, bumping, tap, taps, tapping, bang, bangs, "
        "banging, blow, blows, clatter, clatters, dropping, dropped, something falls, pound, pounds, "
        "pounding, rap, rapping, raps, knock knock, bonk, clunk, clonk, bam, wham, thunk, someone at the "
        "door",
        "a soft knock",
        knock,
    ),
    _kind(
        "hammer",
        "hammer, hammers, hammering, hammered, nail, nails, nailing, anvil, anvils, mallet, sledgehammer, "
        "carpenter, carpentry, chisel, chisels, blacksmith",
        "hammering nails outdoors",
        hammer,
    ),
)
