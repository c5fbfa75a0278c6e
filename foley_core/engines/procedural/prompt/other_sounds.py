"""Other sounds: words that name what this engine has no sound for, so that no part of them is taken for one.

A "wind chime" is no wind and "piano keys" do not jingle. What stands here is told to the user as not
understood, as any other unknown word is; beside an unknown noun a known one only describes it ("wind
turbine"), so most compounds need not stand here. Add a phrase where its last word is a sound of ours and
means another thing in it.
"""

from __future__ import annotations

from functools import cache

from foley_core.engines.procedural.prompt.inflection import forms_of

THINGS = (
    # music
    "music, song, melody, guitar, piano, violin, cello, double bass, flute, trumpet, trombone, saxophone, "
    "clarinet, organ, harp, harmonica, accordion, banjo, ukulele, bagpipe, cymbal, triangle, xylophone, "
    "marimba, chime, orchestra, choir, synthesizer, gramophone, record player, vinyl record, vinyl, "
    "turntable, jukebox, bugle, maracas, castanets, whistle, kazoo, theremin, "
    # devices and tools
    "radio, tv, television, printer, photocopier, fax, toaster, dishwasher, shower, bath, faucet, sink, "
    "oven, stove, cooker, juicer, pump, valve, compressor, sprinkler, hose, turbine, windmill, chainsaw, "
    "chain saw, trimmer, lift, elevator, escalator, phone, intercom, doorbell, door bell, walkie talkie, "
    "buzzer, scissors, pliers, zipper, zip, velcro, tape, needle, paint, pen, pencil, marker pen, "
    "chalk, crayon, brush, toothbrush, comb, razor, tweezers, syringe, scalpel, stethoscope, laser, phaser, "
    "lightsaber, light saber, spell, magic, magic wand, teleporter, bow and arrow, arrow, crossbow, "
    "catapult, slingshot, spear, boomerang, harpoon, flamethrower, taser, "
    # things
    "book, umbrella, balloon, cork, candle, rope, string, thread, ice, icicle, glacier, snowball, snowman, "
    "avalanche, landslide, rockslide, mudslide, earthquake, volcano, lava, geyser, tornado, whirlpool, tire, "
    "tyre, bicycle, bike, tricycle, boat, ship, yacht, canoe, kayak, ferry, submarine, rocket, missile, "
    "torpedo, carriage, tank, anchor, ladder, hat, glove, gloves, sock, belt, shoelace, jewellery, jewelry, "
    "necklace, watch, egg, apple, carrot, bread, bacon, cereal, popcorn, soda, champagne, lipstick, tree, "
    "plant, flower, cactus, pumpkin, pinata, trampoline, yo yo, frisbee, dart, darts, arcade, pinball, "
    # bodies and voices
    "breath, joint, throat, tongue, fart, burp, hiccup, sneeze, cough, snore, "
    "laughter, scream, whisper, sigh, gasp, prayer, lullaby, "
    # signals
    "static, morse code, dial tone, notification, "
    "hiss, sizzle, squelch, splat, boing, pop, fizz, zap, ping, quack, oink, cluck, growl"
)
"""Things, and sounds as nouns."""

CREATURES = (
    "lion, lioness, tiger, bear, elephant, monkey, ape, gorilla, chimpanzee, chimp, snake, rattlesnake, "
    "lizard, crocodile, alligator, dinosaur, dragon, monster, creature, beast, zombie, ghost, alien, demon, "
    "goblin, orc, troll, vampire, werewolf, pig, piglet, hog, boar, chicken, hen, chick, duck, duckling, "
    "goose, turkey, swan, pigeon, dove, parrot, cockatoo, parakeet, eagle, hawk, falcon, vulture, "
    "woodpecker, cuckoo, peacock, penguin, ostrich, bat, mouse, rat, squirrel, rabbit, hamster, guinea pig, "
    "fox, deer, stag, moose, elk, camel, llama, donkey, mule, zebra, giraffe, rhino, hippo, buffalo, bison, "
    "hyena, panther, leopard, jaguar, cheetah, kangaroo, koala, whale, dolphin, seal, sea lion, walrus, "
    "otter, beaver, fish, shark, worm, spider, ant, beetle, butterfly, moth, dragonfly, scorpion, turtle, "
    "mummy, skeleton, ogre, yeti, bigfoot, witch, wizard, mermaid, fairy, unicorn, phoenix, clown, "
    "baby, infant, toddler, newborn, skunk, raccoon, badger, hedgehog, weasel, ferret, tooth, stomach, "
    "belly, wing, feather, beak, claw, paw, hoof, tail"
)
"""What lives, or is part of what lives; what it does sounds other than our sounds of that name."""

ACTS = (
    "bellow, pant, purr, hiss, growl, snarl, whimper, whine, sniff, sniffle, snort, grunt, oink, squeal, "
    "squawk, screech, coo, cluck, quack, gobble, gallop, trot, canter, clop, lick, chew, munch, bite, eat, "
    "drink, swallow, gulp, slurp, sip, spit, vomit, burp, belch, fart, hiccup, cough, sneeze, snore, "
    "breathe, inhale, exhale, gasp, sigh, yawn, moan, sob, cry, weep, laugh, giggle, chuckle, scream, shout, "
    "yell, shriek, whisper, sing, whistle, kiss, boo, gargle, choke, wheeze, chant, preach, argue, pray, "
    "pour, flush, leak, spray, squirt, sizzle, fry, fizz, pop, zip, unzip, inflate, deflate, vibrate, melt, "
    "erupt, ricochet, whizz, dig, plough, brake, strum, pluck, dance, stir, peel, brush, shave, comb, "
    "sharpen, sew, knit, row, write, paint, dial, text, ski, surf, swim, sail, stretch, squish, squash, "
    "feed, graze, trumpet, thaw, freeze, sweep, mop, pedal, cast, holster, sheathe, unsheathe, drain, print, "
    "scan, whisk, grate, knead, bake, cook, roast, grill, mow, cut, slice, carve, shred, snip, trim, yelp, "
    "ping, climb, milk, shear, saddle, groom, hunt, uncork, weld, solder, rinse, squeeze, tickle, beatbox, "
    "fly away, fly off, take off, take flight, chime"
)
"""Verbs for sounds that are not ours."""

_SPORTS = (
    "tennis, table tennis, ping pong, cricket, chess, boxing, wrestling, rugby, hockey, baseball, "
    "volleyball, badminton, golf, polo, basketball, shooting"
)
_KINDS_OF_MACHINE = (
    "coffee, espresso, vending, slot, fax, time, answering, ice, ice cream, pinball, rowing, copy, bubble, "
    "fog, smoke, atm, claw, gumball, karaoke, ticket, popcorn, drum, x ray, mri, lottery, candy, soda, wave, "
    "wind, rain, snow"
)
_GUNS = "glue, staple, water, spray, heat, radar, laser, ray, toy, tattoo, massage, grease, paintball, nerf"

PHRASES = (
    "marching band, train set, diving board, skate park, rain forest, rainforest, torch light, snow tire, "
    "snow tyre, door stop, coat of arms, letter box, letterbox, piano keyboard, poker table, robot voice, "
    "computer voice, robotic voice, phone buzzing, buzzing phone, kettle whistling, whistling kettle, kettle "
    "whistle, horse racing, cannon ball, nail gun, ship wreck, shipwreck, wind up toy, food chain, broken "
    "heart, camera pans, camera panning, camera moves, camera moving, camera zooms, camera shakes, camera "
    "rolls, camera shot, long shot, drone shot, drone footage, drone view, drone video, drone pilot, camera "
    "tilts, shot glass, shot put, wind chime, wind instrument, wind up, wind down, wind pipe, wind shield, "
    "wind screen, winds of change, rock music, rock band, rock concert, rock star, rock song, rock climbing, "
    "rock and roll, rock n roll, folk rock, hard rock, punk rock, rocking horse, rocking out, train of "
    "thought, trains of thought, train of events, wedding train, bus stop, fire drill, cease fire, hire and "
    "fire, you're fired, got fired, tea leaf, bay leaf, gold leaf, loose leaf, turn over a new leaf, leave "
    "of absence, maternity leave, looking glass, reading glasses, sun glasses, sunglasses, magnifying glass, "
    "hour glass, hourglass, stained glass, eye glasses, spy glass, opera glasses, safety glasses, boxing "
    "ring, boxing glove, boxing gloves, boxing day, piano key, answer key, major key, minor key, low key, "
    "key lime, key note, key signature, key hole, crystal ball, snow ball, meat ball, cotton ball, disco "
    "ball, eye ball, paint ball, masked ball, ball gown, curve ball, wrecking ball, pool table, time table, "
    "periodic table, turn table, table manners, license plate, licence plate, number plate, name plate, "
    "tectonic plate, home plate, sea horse, clothes horse, high horse, horse shoe, horse power, electric "
    "chair, world cup, cup cake, super bowl, singing bowl, suction cup, ear drum, brake drum, drum and bass, "
    "french horn, shoe horn, english horn, powder horn, bell pepper, bell boy, bell bottoms, taco bell, tree "
    "bark, bark of a tree, bark of the tree, birch bark, deck of cards, tape deck, sun "
    "deck, deck chair, bagpipe drone, drone strike, love letter, web page, home page, bag pipe, bag pipes, "
    "pipe organ, pipe dream, pan pipe, pan pipes, smoking a pipe, smoking pipe, melting pot, pot hole, pot "
    "luck, water jet, jet of water, jets of water, jet ski, jet lag, jet black, roll call, drum machine, egg "
    "roll, sausage roll, bread roll, swiss roll, rolling pin, roller coaster, steamroller, rolling eyes, "
    "camera rolling, rolling credits, shooting star, photo shoot, video shoot, film shoot, shooting an "
    "arrow, shooting arrows, shooting hoops, shoot hoops, kidney stone, gall stone, precious stone, stone "
    "age, rolling stones, swing music, swing band, swing dance, mood swing, toast popping, toaster popping, "
    "slice of toast, piece of toast, buttering toast, french toast, bread toasting, toasting bread, radio "
    "wave, heat wave, hand wave, permanent wave, micro wave, sound wave, brain wave, new wave, crime wave, "
    "sine wave, square wave, mexican wave, shock wave, wave goodbye, wave hello, steering wheel, ferris "
    "wheel, wheel of fortune, roulette wheel, spinning wheel, water wheel, water skiing, water polo, cable "
    "car, bumper car, dining car, sleeping car, ice cream truck, food truck, biological clock, early bird, "
    "jail bird, humming bird, hummingbird, bird house, hot dog, corn dog, prairie dog, dog ear, cat fish, "
    "cat nap, cat scan, copy cat, bath bomb, photo bomb, seed bomb, brain storm, rain stick, rain dance, "
    "rain check, rain maker, sea level, search engine, game engine, security camera, web cam, speed camera, "
    "computer mouse, rain bow, crash course, crash test, crash diet, stock market, stock market crash, "
    "market crash, hard drive, flash drive, disk drive, breaking news, breaking point, breaking bad, break "
    "dance, break dancing, break time, coffee break, lunch break, tea break, spring break, day break, heart "
    "break, burning calories, boiling point, hit song, hit man, hit list, greatest hits, cold snap, ginger "
    "snap, snap decision, crack of dawn, crack cocaine, wise crack, big bang, speed bump, goose bumps, pound "
    "cake, ten pounds, strike a pose, labor strike, labour strike, hunger strike, on strike, tap dance, tap "
    "dancing, tap dancer, blow kiss, blow a kiss, blowing a kiss, satellite dish, tuning fork, fork lift, "
    "fork in the road, lip stick, memory stick, joy stick, glue stick, fish stick, selfie stick, block "
    "party, writer's block, city block, pole vault, pole dance, north pole, south pole, made in china, "
    "plastic surgery, flat tyre, flat tire, spare tyre, spare tire, sleeping bag, tea bag, air bag, bean "
    "bag, fishing tackle, kick off, kick start, hole punch, fruit punch, punch line, music box, juke box, "
    "box office, voice box, black box, boom box, gear box, fuse box, ice box, sand box, wall paper, coat of "
    "paint, band wagon, golf cart, slide show, slide whistle, slide guitar, playground slide, water slide, "
    "drag race, drag queen, from scratch, head scratcher, van gogh, idle hands, surface tension, hail a cab, "
    "hail mary, hailing a cab, hailing a taxi, live stream, stream of consciousness, video stream, surf the "
    "web, surf board, surfing the web, iv drip, bubble wrap, bubble gum, bubble bath, bubble tea, soap "
    "bubble, soap bubbles, speech bubble, kettle bell, pit bull, red bull, bull dozer, bulldozer, bull dog, "
    "pork chop, lamb chop, chop sticks, chopsticks, political party, search party, third party, inner voice, "
    "super market, market share, queen bee, spelling bee, toad stool, frog in the throat, jack hammer, "
    "jackhammer, nail polish, finger nail, toe nail, button on a shirt, belly button, buttoning a shirt, "
    "hair lock, lock of hair, dead lock, tape measure, measuring tape, adhesive tape, duct tape, baby "
    "rattle, see saw, seesaw, crow's feet, playing cards, hot rod, fishing rod, trip hammer, ice "
    "pick, knock off, knock out, hit and run, blood pressure, running late, running out of time, running a "
    "business, running for office, in the long run, step brother, step mother, step by step, steps to "
    "success, boot camp, boot up, booting up, reboot, computer booting, heel of bread, walk in closet, dog "
    "walk, sands of time, gravel voice, gravelly voice, grass roots, dirt cheap, mud slide, "
    "running commentary, kick the bucket, bucket list, spill the beans, piece of cake, raining cats and "
    "dogs, storm in a teacup, walk in the park, tip of the iceberg, under the weather, o'clock, clip clop, "
    "clippety clop, snap chat, apple pie, sand castle, sea sick, car pool, blind date, night club, golf "
    "club, book club, fan club, air brake, air brakes, railroad crossing, railway crossing, level crossing, "
    "grade crossing, storm drain, ball bearing, smack talk, trash talk, small talk, pep talk, cigarette "
    "drag, drag of a cigarette, drag on a cigarette, cracking open, crack open, dropping a beat, drop a "
    "beat, box spring, thunder bird, snap dragon, cat flap, crowd funding, rock slide, sport match, typing a "
    "text, fairy dust, snow fight, sound barrier, breaking the sound barrier, break sound barrier, sonic "
    "boom, chain reaction, heart attack, panic attack, snow falling, falling snow, snow falls, snowfall, "
    "snowflake, paper clip, hair clip, boom mic, car stereo"
)
"""Phrases whose known words mean something else in them."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


def other_things() -> tuple[str, ...]:
    """Every word and phrase for a thing without a sound here."""
    return (
        *_listed(THINGS),
        *_listed(PHRASES),
        *(f"{sport} match" for sport in _listed(_SPORTS)),
        *(f"{what} machine" for what in _listed(_KINDS_OF_MACHINE)),
        *(f"{what} gun" for what in _listed(_GUNS)),
    )


def other_creatures() -> tuple[str, ...]:
    """Every word for what lives and is not heard here."""
    return _listed(CREATURES)


@cache
def other_acts() -> tuple[str, ...]:
    """Every form of the verbs for sounds that are not ours."""
    return forms_of(_listed(ACTS))
