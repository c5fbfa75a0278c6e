"""Common words: English words that name no sound here and are near to one that does.

They are words and no typing errors, so that nobody who types "pepper" is asked whether paper was meant. Words
that the other tables know, and what is no slip of any known word (`spelling.py`), need not stand here.
"""

from __future__ import annotations

from foley_core.engines.procedural.prompt.modifiers import phrases

_WORDS = (
    "ajar, arctic, arm, arms, axis, backing, baker, ballet, bank, bar, barber, barley, baron, bars, bash, "
    "bass, beam, bearing, beef, been, beer, biking, bill, bind, blackboard, blinds, blinker, bloom, "
    "blower, boiler, bonus, booth, bowling, bubble, bugs, bulk, bunch, cage, can, cannonballs, cap, card, "
    "cards, carrots, cash, casing, castle, chance, chapter, chat, cheese, cherry, chips, clan, claws, "
    "cliffs, coarse, coaster, cock, coffin, collar, concert, cone, cop, corpse, cost, cousin, cracker, "
    "crane, crew, crinkly, crown, crunchy, cutter, dead, dessert, diet, dinner, disk, doctor, doing, "
    "doll, done, doo, dressed, driver, drug, drying, duct, dying, electrical, engineer, fail, fame, "
    "fighter, fired, firefighter, flash, flopping, fog, fool, freight, fright, fun, gang, garbage, gear, "
    "gore, grave, grease, greeting, grid, grinder, gum, gut, ham, hanger, hell, hiking, hill, hooves, "
    "houses, hull, jackpot, job, jug, lamp, lead, leather, leg, limb, lime, line, lip, litter, liver, "
    "loaf, locket, luck, marker, mass, master, mat, mate, math, meal, member, mess, meteor, metre, mews, "
    "minister, minute, monitor, monkeys, moon, mortar, mother, mountain, officer, oxygen, paddle, palace, "
    "pan, panel, part, pastry, pepper, pet, phones, pie, pile, pin, pinch, pins, pit, pitter, plague, "
    "plan, planet, plants, plaster, plot, plow, pocket, pod, poet, polish, polite, poppy, pork, port, "
    "post, prince, puppet, racing, rack, rage, rail, ramp, reading, revolving, rib, robbery, roller, "
    "root, rotary, rowboat, ruin, runner, sander, sauce, scar, scared, scrap, scraper, screen, seat, "
    "seed, selfies, serve, shaker, share, sheet, shorts, should, sick, sister, skateboarder, skates, "
    "slash, sledding, smoking, snack, snail, sneaky, soon, soul, sparks, speaking, speaks, spirit, "
    "sports, springs, stain, stair, stamp, stampede, staple, stapling, stars, stealing, steam, sticking, "
    "stiletto, stock, stories, story, stripe, stuck, suck, sulk, swatter, tale, tax, team, thank, think, "
    "throne, ticket, tiled, time, tip, title, tock, tomato, tomb, towels, tracks, transformers, trap, "
    "travel, treads, trial, trick, tricks, tube, twin, tying, type, types, urn, volley, waiter, walkie, "
    "wallet, wand, warden, watcher, wedding, whom, winder, windows, wipers, yaps"
)

COMMON_WORDS = frozenset(phrases(_WORDS))
