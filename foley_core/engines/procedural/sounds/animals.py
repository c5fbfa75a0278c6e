"""Animals: birds, dogs, beasts of the farm, frogs and insects.

How they call is told in `vocal_tract.py`, `birdsong.py` and `swarms.py`; here is who calls how. Pitches and
resonances follow the animals' size: Fitch, "Vocal tract length and formant frequency dispersion correlate
with body size" (J. Acoust. Soc. Am. 102, 1997); Fletcher, "A simple frequency-scaling rule for animal
communication" (J. Acoust. Soc. Am. 115, 2004).
"""

from __future__ import annotations

from functools import partial

from foley_core.engines.procedural.kind import Bed, Kind, RandomEvents
from foley_core.engines.procedural.synthesis.birdsong import birdsong, owl
from foley_core.engines.procedural.synthesis.swarms import bees, cicadas, crickets, fly_past, peepers
from foley_core.engines.procedural.synthesis.vocal_tract import Voice, calls

_GULL = Voice(
    height=(1000, 1250),
    pitch=((0, 0.5), (0.22, 1), (0.6, 0.92), (1, 0.55)),
    seconds=(0.25, 0.45),
    loud=((0, 0), (0.2, 1), (0.7, 0.8), (1, 0)),
    formants=((1500, 500, 1.0), (2900, 700, 0.8), (4600, 900, 0.3)),
    sharp=14,
    rough=0.25,
    cries=(2, 6),
    rest=(0.06, 0.12),
)
_CROW = Voice(
    height=(430, 540),
    pitch=((0, 0.85), (0.3, 1), (1, 0.8)),
    seconds=(0.26, 0.42),
    loud=((0, 0), (0.15, 1), (0.75, 0.8), (1, 0)),
    formants=((1250, 260, 1.0), (1900, 320, 0.9), (3500, 500, 0.35)),
    sharp=24,
    rough=0.6,
    breath=1.5,
    cries=(2, 5),
    rest=(0.15, 0.35),
)
_ROOSTER = Voice(
    height=(760, 880),
    pitch=((0, 0.6), (0.08, 0.75), (0.2, 0.8), (0.33, 0.85), (0.47, 1), (0.75, 0.97), (1, 0.55)),
    seconds=(1.6, 2.1),
    loud=((0, 0), (0.06, 0.8), (0.15, 0.1), (0.22, 1), (0.3, 0.1), (0.36, 1), (0.43, 0.2), (0.5, 1), (1, 0)),
    formants=((1100, 400, 1.0), (2300, 400, 0.8), (3700, 600, 0.3)),
    rough=0.12,
    rest=(0.3, 0.6),
)
_DOG = Voice(
    height=(470, 670),
    pitch=((0, 0.62), (0.3, 1), (0.6, 0.9), (1, 0.45)),
    seconds=(0.14, 0.22),
    loud=((0, 0), (0.12, 1), (0.5, 0.75), (1, 0)),
    formants=((760, 260, 1.0), (1450, 320, 0.7), (2700, 500, 0.28), (4100, 800, 0.1)),
    sharp=22,
    rough=0.25,
    breath=1.2,
    cries=(1, 4),
    rest=(0.16, 0.42),
)
_WOLF = Voice(
    height=(480, 640),
    pitch=((0, 0.55), (0.14, 0.96), (0.3, 1), (0.8, 0.93), (1, 0.68)),
    seconds=(2.6, 4.8),
    loud=((0, 0), (0.15, 0.8), (0.4, 1), (0.8, 0.7), (1, 0)),
    formants=((650, 260, 1.0), (1250, 300, 0.35), (2600, 500, 0.06)),
    sharp=6,
    rough=0.03,
    breath=0.2,
    tremor=(5.5, 0.06),
    rest=(0.5, 1.0),
)
_CAT = Voice(
    height=(520, 700),
    pitch=((0, 0.8), (0.35, 1), (0.7, 0.9), (1, 0.7)),
    seconds=(0.55, 1.0),
    loud=((0, 0), (0.12, 0.45), (0.4, 1), (0.75, 0.6), (1, 0)),
    formants=((650, 200, 1.0), (1900, 300, 0.25), (3600, 500, 0.1)),
    opened=((1250, 300, 1.0), (2400, 350, 0.8), (4200, 600, 0.35)),
    sharp=14,
    rough=0.06,
    cries=(1, 2),
)
_COW = Voice(
    height=(125, 175),
    pitch=((0, 0.75), (0.3, 1), (0.8, 0.95), (1, 0.75)),
    seconds=(1.2, 2.1),
    loud=((0, 0), (0.2, 0.6), (0.5, 1), (0.85, 0.7), (1, 0)),
    formants=((240, 80, 1.0), (1000, 200, 0.08)),
    opened=((420, 120, 1.0), (820, 160, 0.6), (2300, 300, 0.12)),
    mouth=((0, 0), (0.35, 1), (0.85, 0.9), (1, 0.2)),
    sharp=30,
    rough=0.15,
)
_SHEEP = Voice(
    height=(240, 320),
    pitch=((0, 0.9), (0.2, 1), (1, 0.9)),
    seconds=(0.6, 1.1),
    loud=((0, 0), (0.12, 1), (0.7, 0.8), (1, 0)),
    formants=((680, 160, 1.0), (1500, 220, 0.8), (2700, 350, 0.5), (3900, 500, 0.2)),
    sharp=35,
    rough=0.15,
    tremor=(8.5, 0.45),
    cries=(1, 2),
    rest=(0.3, 0.6),
)
_HORSE = Voice(
    height=(950, 1200),
    pitch=((0, 0.65), (0.1, 1), (0.4, 0.85), (1, 0.35)),
    seconds=(1.3, 2.0),
    loud=((0, 0), (0.1, 1), (0.5, 0.7), (1, 0)),
    formants=((900, 400, 1.0), (1700, 500, 0.7), (3200, 700, 0.4)),
    sharp=16,
    rough=0.25,
    breath=1.5,
    tremor=(11, 0.6),
)
_FROG = Voice(
    height=(55, 90),
    pitch=((0, 0.8), (0.7, 1), (1, 1.25)),
    seconds=(0.16, 0.32),
    loud=((0, 0), (0.35, 0.6), (0.8, 1), (1, 0)),
    formants=((1000, 140, 1.0), (2300, 260, 0.45)),
    sharp=60,
    rough=0.15,
    breath=0.2,
    cries=(1, 4),
    rest=(0.12, 0.3),
)


def _kind(name: str, words: str, example: str, bed: Bed) -> Kind:
    return Kind(name, "animals", tuple(words.split(", ")), example, bed)


KINDS: tuple[Kind, ...] = (
    _kind(
        "birds",
        "birds, bird, birdsong, birdcall, songbird, songbirds, chirp, chirps, tweet, tweeting, twitter, "
        "twittering, sparrow, sparrows, robin, blackbird, nightingale, warbler, dawn chorus, finch, thrush, "
        "bird song, bird songs, bird call, bird calls, canary, canaries, wren, lark, skylark, starling, "
        "starlings, chaffinch, bluebird, chickadee, budgie, budgies, bird chatter",
        "three birds in the morning",
        Bed(None, calls=RandomEvents(birdsong, 2.2, -30.0)),
    ),
    _kind(
        "owl",
        "owl, owls, hoot, hoots, hooting",
        "an owl at night",
        Bed(None, calls=RandomEvents(owl, 9.0, -30.0)),
    ),
    _kind(
        "gulls",
        "gulls, gull, seagull, seagulls, seabird, seabirds, sea gull, sea gulls",
        "gulls",
        Bed(None, calls=RandomEvents(partial(calls, _GULL), 5.0, -29.0)),
    ),
    _kind(
        "dogs",
        "dogs, dog, bark, barks, barking, hound, hounds, puppy, puppies, terrier, woof, woof woof, yap, "
        "yapping, bow wow, arf, doggy, doggo, pup, pups, labrador, retriever, german shepherd, chihuahua, "
        "beagle, poodle, husky, dachshund, mutt, spaniel, rottweiler, corgi",
        "a big dog barking far away",
        Bed(None, calls=RandomEvents(partial(calls, _DOG), 2.6, -26.0)),
    ),
    _kind(
        "wolf",
        "wolf, wolves, howling wolf, howling wolves, coyote, coyotes, howl, howls",
        "a distant wolf",
        Bed(None, calls=RandomEvents(partial(calls, _WOLF), 7.0, -28.0)),
    ),
    _kind(
        "cat",
        "cat, cats, kitten, kittens, meow, meows, meowing, miaow, mew, mewing, kitty, tomcat, tabby, feline, "
        "kitties, pussycat",
        "a cat meows",
        Bed(None, calls=RandomEvents(partial(calls, _CAT), 3.5, -30.0)),
    ),
    _kind(
        "cow",
        "cow, cows, cattle, moo, moos, mooing, bull, herd, calf, calves, ox, oxen, heifer, bulls",
        "cows on a meadow",
        Bed(None, calls=RandomEvents(partial(calls, _COW), 6.0, -28.0)),
    ),
    _kind(
        "sheep",
        "sheep, lamb, lambs, goat, goats, bleat, bleats, bleating, baa, ewe, billy goat, ram, rams",
        "two sheep",
        Bed(None, calls=RandomEvents(partial(calls, _SHEEP), 4.0, -30.0)),
    ),
    _kind(
        "horse",
        "horse, horses, pony, ponies, neigh, neighs, neighing, whinny, whinnies, mare, stallion, foal, "
        "steed, racehorse, filly",
        "a horse neighing",
        Bed(None, calls=RandomEvents(partial(calls, _HORSE), 7.0, -28.0)),
    ),
    _kind(
        "rooster",
        "rooster, roosters, cockerel, crowing, cock crow, farmyard, cock a doodle doo, cock crowing, cock "
        "crows, rooster crow, rooster crows",
        "a rooster at dawn",
        Bed(None, calls=RandomEvents(partial(calls, _ROOSTER), 8.0, -28.0)),
    ),
    _kind(
        "crows",
        "crows, crow, raven, ravens, rook, rooks, caw, caws, cawing, jackdaw",
        "crows in the distance",
        Bed(None, calls=RandomEvents(partial(calls, _CROW), 4.0, -30.0)),
    ),
    _kind(
        "frogs",
        "frogs, frog, toad, toads, croak, croaks, croaking, ribbit, pond, ponds, bullfrog, bullfrogs, tree "
        "frog, tree frogs",
        "frogs in a pond",
        Bed(peepers, -36.0, RandomEvents(partial(calls, _FROG), 1.8, -30.0)),
    ),
    _kind(
        "crickets",
        "crickets, cricket, grasshopper, grasshoppers, chirping crickets, insects, insect, summer night, "
        "katydid, katydids, night insects",
        "crickets at night",
        Bed(crickets, -36.0),
    ),
    _kind("cicadas", "cicadas, cicada, locust, locusts", "cicadas at noon", Bed(cicadas, -34.0)),
    _kind(
        "bees",
        "bees, bee, beehive, hive, swarm, wasp, wasps, hornet, bumblebee, mosquito, mosquitoes, flies, "
        "housefly, buzzing insects, fly buzzing, fly buzz, buzzing fly, a fly, the fly, gnat, gnats, "
        "bluebottle, honeybee, honeybees, midges, midge, horsefly, bumblebees",
        "bees round a hive",
        Bed(bees, -34.0, RandomEvents(fly_past, 4.0, -31.0)),
    ),
)
"""Animals, from bees to dogs."""
