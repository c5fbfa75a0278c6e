"""Plain words: verbs and adjectives that name no sound, and words that are now a verb and now a thing."""

from __future__ import annotations

from foley_core.engines.procedural.prompt.inflection import forms_of
from foley_core.engines.procedural.prompt.modifiers import phrases

VERBS = (
    "pass, approach, go, come, play, move, open, close, shut, start, stop, ring, rattle, rumble, roar, rev, "
    "hover, fly, land, take, fall, set, put, turn, lift, pick, place, throw, toss, catch, hang, sit, stand, "
    "lean, wait, stay, depart, arrive, leave, drift, float, steer, pull, press, use, handle, stack, shake, "
    "wave, chase, splatter, patter, pelt, lap, crest, swirl, whirl, shift, settle, echo, hear, watch, see, "
    "look, work, operate, switch, wind, pack, unpack, load, unload, carry, hold, touch, wear, tear, rip, "
    "wash, clean, flow, rush, pour down, rise, grow, fade, begin, end, happen, head, cross, jump, hop, skip, "
    "ride, speed, accelerate, slow down, back up, reverse, park, spin, swim, flick, flip, ring out, bend, "
    "twist, spill, spread, gather, wake, burst, escape, trip, stumble, scurry, scamper, fumble, get, give, "
    "let, keep, try, sound, rock, sway, circle, moor, dock, sink, loom, whip up, beat down, fill, leap, "
    "drop, clash, fold, flyover, passby, takeoff, startup, shutdown, scuffle, shuffle, thrash, jolt, wobble, "
    "tumble, crumble, topple, release, grab, grip, tug, yank, slip, churn, gush, spurt, slosh, sputter, "
    "stall, zoom, chug, clack, jiggle, throb, thrum, wail, blare, warble, trill, peep, cheep, flicker, "
    "tinkle, descend, ascend, swell, surge, cruise, glide, launch, crawl, ooze, seep, splutter, strain, "
    "wriggle, ruffle, swat, sprinkle, scatter, draw, beat, shot, unfold, rummage, unroll, unwrap, wrap, "
    "swipe, scroll, crank, hoist, heave, lower, raise, insert, eject, stow, smooth, scrunch, fire up, power "
    "up, power down, boot, charge, dim, light, follow, meet, join, reach, enter, exit, return, bring, send, "
    "show, tell, say, ask, want, need, find, lose, win, play along, build, fix, repair, change, add, swish, "
    "dangle, bob, trail, dash, rush, hurry, march, wander, stroll, stagger, limp, creep, sneak, stalk, "
    "prowl, peck, scuttle, slither, nod, point, lie, kneel, bow, squat, crouch, roam, adjust, attach, "
    "detach, splinter, twitch, crush, bore, stitch, oscillate, assemble, sort, count, clear, clean up, tidy, "
    "empty, remove, replace, undo, tighten, loosen, screw, bolt, strap, tie, untie, button up, buckle, "
    "fasten, unfasten, check, test, try on, warm up, cool, heat, age, settle, subside, build up, die down, "
    "die, intensify, continue, repeat, vary, last"
)
"""They add nothing to what sounds; where nothing does, they are told to the user."""

ADJECTIVES = frozenset(
    phrases(
        "tropical, urban, rural, suburban, natural, wet, dry, hot, cold, warm, cool, male, female, open, "
        "closed, outside, inside, far, away, nearby, alone, together, again, forever, afar, above, below, "
        "behind, beyond, downstairs, upstairs, outdoors, indoors, underneath, ahead, nonstop, live, real, "
        "realistic, unit, device, appliance, equipment, flock, colony, medium, mini, mega, extra, "
        "nice, beautiful, weird, strange, funny, silly, crazy, evil, smooth, wide, narrow, thick, rusty, "
        "dusty, dirty, empty, cheap, classic, digital, electronic, mechanical, public, private, local, "
        "human, basic, simple, main, final, second, upper, lower, inner, outer, frozen, young, elderly, "
        "tall, drunk, nervous, excited, aggressive, peaceful, relaxing, desolate, haunted, deserted, "
        "magical, mysterious, epic, heroic, romantic, red, blue, green, black, white, yellow, brown, grey, "
        "gray,  western, thriller, comedy, cartoon, anime, noir, early, late, first, last, short, long, big, "
        "wild, calm, rough, steady, random, various, multiple, "
        "double, triple, winter, spring, summer, autumn, morning, afternoon, midnight, dusk, underfoot, "
        "today, tonight, hard, happy, sad, angry, creepy, scary, spooky, cozy, cosy, mild, harsh, bright, "
        "sharp, dull, hollow, solid, per, through, via, during, after, before, until, between, "
        "near, since, till, past, back, forward, forth, upward, downward, always, often, here, "
        "everywhere, nowhere, somewhere, indoor, outdoor, german, american, british, french, italian, "
        "japanese, chinese, russian, european, african, asian, naval, military, medieval, modern, ancient, "
        "vintage, moody, restless, resonant, airy, punchy, crisp, royal, sudden, brief, sustained, "
        "intermittent, rhythmic, isolated, abandoned, nearest, road, path, track, lane, yard, surface, "
        "floor, bed, terrain, patch, trail, stairs, only, too, also, even, still, yet, ever, almost"
    )
)
"""Words that may follow a thing without making another thing of it."""

QUALITIES = frozenset(
    phrases(
        "crowded, rainy, windy, windswept, stormy, breezy, gusty, drizzly, snowy, muddy, ominous, eerie, "
        "tense, menacing"
    )
)
"""Known adjectives, which make no compound with a thing: in a "crowded bar" is a crowd."""

HAPPENINGS = frozenset(
    phrases(
        "touchdown, penalty, call, calls, cries, combo, malfunction, breakdown, mission, hike, "
        "workout, race, races, tour, ride, rides, practice, battle, attack, parade, festival, performance, "
        "trip, journey, stunt, wheelie, session, training, lesson, moment, event, arrival, departure, "
        "landing, takeoff, launch, start, startup, shutdown, failure, burst, bursts, surge, buildup, "
        "release, decay, tail, drop, crush, shake, twist, turn, turns, pull, push, lift, wobble, flicker, "
        "resonance, vibration, activity, rumble, roar, return, pass, passes, passby, handling, movement, "
        "movements, flatline, debris, disaster, havoc, mayhem, chaos, panic, riot, invasion, ambush, duel, "
        "raid, patrol, rescue, escape, pursuit, migration, feeding, mating, season, weather, conditions, "
        "day, week, sunday, christmas, vibes, vibe, mood, feeling, overnight, outro, intro, drop, prank, "
        "challenge, compilation, tutorial, reaction, vlog, edit, gameplay"
    )
)
"""What happens rather than what is: after a thing they make no other thing of it, a "car race" is cars."""

DOUBLE = frozenset(
    phrases(
        "leaves, flies, rocks, waves, pans, trains, bolts, lands, drives, rolls, slides, trails, saw, fires, "
        "rings, winds, shoots, wheels, storms, streams, horns, ships, bats, ducks, bears, crows, toasts, "
        "pants, pages, engines, parks, files, drones, drums"
    )
)
"""Things, or what somebody does: a verb after a person, an animal or a vehicle, and before "the"."""

NO_SINGULARS = frozenset(
    phrases(
        # one person is no crowd and no siren
        "bystander, commuter, guest, onlooker, shopper, spectator, cop, "
        # what one may do, what a camera does, and what breaks is new
        "can, pan, breaking new, "
        # of paper or metal; in a circuit; of wrap, gum or soap; of a shirt; beside a staircase; equipment
        "sheet, breaker, bubble, cuff, rail, gear, "
        # a person; a building of steel; a stone that rolls
        "trainer, steelwork, rolling stone"
    )
)
"""What is no singular of the plural that is known, but another thing."""

SUBJECTS = frozenset(
    phrases("i, you, he, she, it, they, we, then, who, that, which, camera, bird, boat, ship, time")
)
"""Besides people, animals and vehicles, what such a verb may follow."""

DETERMINERS = frozenset(
    phrases("the, a, an, his, her, its, their, my, your, our, him, them, me, us, away, over, off, past, home")
)


def verbs() -> tuple[str, ...]:
    """Every form of the plain verbs."""
    return forms_of(VERBS.split(", "))


NOUNS_TOO = frozenset(
    phrases(
        "wash, watch, work, works, head, park, house, lights, plug, stand, spill, case, cage, tower, top, "
        "exit, show, test, check, charge, change, screw, strap, tie, repair, point, return, count, heat"
    )
)
"""Forms of verbs that after a thing are a noun."""

SURFACES = frozenset(phrases("window, wall, walls, windows, roof, roofs, side, board, boards"))
"""What may be made of the thing named before it; it is told to the user only where nothing else sounds."""

FIGURES = frozenset(
    phrases(
        "sea, ocean, wave, waves, rain, hail, storm, shower, river, stream, torrent, flood, thunder, roll, "
        "flight, train, deck, school, heart, string, chain, blanket, sheet, carpet, mountain"
    )
)
"""A "sea of people" is people, and no sea."""
