"""What rustles, swishes and jingles: cloth, paper, leaves, whooshes, keys.

Cloth is noise in bursts whose colour follows how fast it moves (An, James and Marschner, "Motion-driven
concatenative synthesis of cloth sounds", ACM Trans. Graphics 31(4), 2012). Paper and leaves crackle: grains
at random times (Farnell, "Designing Sound", 2010). A whoosh is an aeolian tone, f = 0.2 speed / thickness
with Strouhal's number 0.2, blurred as both change along what is swung (Selfridge, Moffat and Reiss, "Sound
synthesis of objects swinging through air using physical models", Applied Sciences 7(11), 2017). Keys are
Cook's shakers: many small rings at random ("Physically informed sonic modeling (PhISM)", Computer Music
Journal 21(3), 1997).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import PATCH, Kind, Manner, MovementSound
from foley_core.engines.procedural.synthesis.noise import Mono, band, clicks, rings, strewn, wander
from foley_core.engines.procedural.synthesis.periodic import FREQUENCY, SECONDS, even, shower, stereo, through
from foley_core.engines.procedural.synthesis.spectral_noise import by_frame, canvas, painted_wide
from foley_core.samples import Sound

_STEP = 512
_FRAMES = PATCH // _STEP


def _swells(rng: np.random.Generator, rate: float, seconds: float, floor: float) -> NDArray[np.float32]:
    """A level by frame, (frames,), mean 1: swells at random times that rise fast and fall slowly."""
    time = np.arange(_FRAMES) * SECONDS / _FRAMES
    count = max(rng.poisson(rate * SECONDS), 2)
    starts, levels = rng.uniform(0, SECONDS, (count, 1)), rng.lognormal(0, 0.4, (count, 1))
    past = (time - starts) % SECONDS / (seconds * rng.lognormal(0, 0.3, (count, 1)))
    level = np.sum(levels * past * np.exp(-3 * past), axis=0)
    return np.asarray(floor + (1 - floor) * level / level.mean(), np.float32)


def _cloth(rng: np.random.Generator, manner: Manner, speed: float) -> Sound:
    """Folds that rub (noise in bursts) and the soft flap of the whole."""
    size = manner.size**0.5
    rub = _swells(rng, 12 * speed * manner.pace, 0.16 / speed**0.5, 0.4)[:, None]
    flap = _swells(rng, 8 * speed * manner.pace, 0.12, 0.35)[:, None]
    centre = 1150 * speed**0.6 / size * np.exp2(0.35 * by_frame(wander(rng, PATCH, 6), _STEP))
    frequency = canvas(_STEP)
    level = rub * band(frequency / centre, 0.45, 1.5) + 0.45 * flap * band(frequency, 120 / size, 340 / size)
    return painted_wide(rng, level, 0.35)


def _cloth_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _cloth(rng, manner, 0.6)


def _cloth_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _cloth(rng, manner, 2.0)


def _paper(rng: np.random.Generator, manner: Manner, speed: float) -> Sound:
    """Crackle in handfuls, each crack short and bright, over a little rub."""
    size = manner.size**0.5
    held = np.repeat(_swells(rng, 10 * speed, 0.14, 0.2), _STEP)
    sheet = band(FREQUENCY, 1500 / size, 7000 * speed**0.25 / size)
    sheet += np.float32(0.4) * band(FREQUENCY, 480 / size, 800 / size)
    rate = 400 * speed * manner.pace
    middle, side = (
        even(through(((shower(rng, rate, 0.7) + 0.3 * shower(rng, 25 * rate, 0.3)) * held, sheet)))
        for _ in range(2)
    )
    return stereo(middle, np.float32(0.35) * side)


def _paper_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _paper(rng, manner, 0.5)


def _paper_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _paper(rng, manner, 1.8)


def _leaves(rng: np.random.Generator, manner: Manner, speed: float) -> Sound:
    """Very many small dry grains that come in slow swells from all sides."""
    size = manner.size**0.5
    swell = np.exp(np.float32(0.3) * wander(rng, PATCH, 3 * speed))
    leaf = band(FREQUENCY, 2300 * speed**0.4 / size, 6000 * speed**0.4 / size)
    rate = 1500 * speed * manner.pace
    left, right = (through((shower(rng, rate, 0.8) * swell, leaf)) for _ in range(2))
    return stereo(left + right, np.float32(0.5) * (left - right))


def _leaves_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _leaves(rng, manner, 0.6)


def _leaves_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _leaves(rng, manner, 2.0)


def _whoosh(rng: np.random.Generator, manner: Manner, speed: float) -> Sound:
    """Air parted by something swung: a band of noise whose middle follows the speed."""
    pitch = 430 * speed * manner.pace**0.5 / manner.size
    swing = by_frame(wander(rng, PATCH, 3 * speed**0.5), _STEP)
    ratio = canvas(_STEP) / (pitch * np.exp2(0.5 * swing))
    level = (band(ratio, 0.75, 1.3, 3) + 0.12 * band(ratio, 0.5, 3.0)) * np.exp2(0.3 * swing)
    return painted_wide(rng, level, 0.4)


def _whoosh_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _whoosh(rng, manner, 0.7)


def _whoosh_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _whoosh(rng, manner, 2.2)


_KEYS = np.array([2350.0, 3480.0, 4910.0, 6830.0, 9200.0])
_BUNCH = 7


def _jingling(rng: np.random.Generator, manner: Manner, speed: float) -> Sound:
    """A bunch of keys: each rings in a few high modes, and they strike one another at random."""
    size = manner.size**0.5
    cut = np.linspace(0.8, 1.25, _BUNCH)[:, None] / size
    pitch = _KEYS * cut * rng.uniform(0.99, 1.01, (_BUNCH, len(_KEYS)))
    keys = _joined(rings(pitch, 0.045 * size * rng.uniform(0.4, 1.4, pitch.shape)))
    held = _swells(rng, 9 * speed, 0.12, 0.3)
    count = rng.poisson(32 * speed * manner.pace**0.7 * SECONDS)
    starts = rng.choice(_FRAMES, count, p=held / held.sum()) * _STEP + rng.integers(_STEP, size=count)
    sound = strewn(rng, PATCH, keys, rng.lognormal(0, 0.7, count), starts)
    levels = rng.lognormal(0, 0.6, rng.poisson(700 * speed * SECONDS))
    tinkle = through((clicks(rng, PATCH, levels), band(FREQUENCY, 3800 / size, 9000 / size)))
    tinkle = np.float32(0.15) * even(tinkle) * np.repeat(held, _STEP) * sound.std()
    return np.asarray(sound + tinkle[:, None], np.float32)


def _joined(modes: list[Mono]) -> list[Mono]:
    """The modes of each key, added up."""
    keys = []
    for first in range(0, len(modes), len(_KEYS)):
        key = np.zeros(max(len(mode) for mode in modes[first : first + len(_KEYS)]), np.float32)
        for number, mode in enumerate(modes[first : first + len(_KEYS)]):
            key[: len(mode)] += mode / np.float32(1 + 0.3 * number)
        keys.append(key)
    return keys


def _jingling_slow(rng: np.random.Generator, manner: Manner) -> Sound:
    return _jingling(rng, manner, 0.6)


def _jingling_fast(rng: np.random.Generator, manner: Manner) -> Sound:
    return _jingling(rng, manner, 2.0)


def _kind(name: str, words: str, example: str, sound: MovementSound) -> Kind:
    return Kind(name, "cloth and air", tuple(words.split(", ")), example, sound)


KINDS: tuple[Kind, ...] = (
    _kind(
        "cloth",
        "cloth, cloths, clothes, clothing, fabric, fabrics, rustle, rustles, rustling, jacket, coat, dress, "
        "shirt, skirt, trousers, jeans, leather jacket, silk, linen, curtain, curtains, blanket, blankets, "
        "bedding, sleeve, sleeves, cape, cloak, flag, flags, flapping, towel, parachute, sail, sails, scarf, "
        "sweater, apron, uniform, robe, gown, sheets, bed sheets, hoodie, pants, tarp, tarpaulin, duvet, "
        "tshirt, t shirt, pajamas, pyjamas, bathrobe, napkin, tablecloth, canvas, cardigan, tuxedo, "
        "kimono, cotton, wool, denim, velvet, satin, raincoat, overcoat, trench coat, parka, veil, shawl, "
        "banner, banners, handkerchief, rag, rags, drapes, quilt, garment, garments, poncho, nylon",
        "the rustle of a coat",
        MovementSound(_cloth_slow, _cloth_fast, -30.0),
    ),
    _kind(
        "paper",
        "paper, papers, newspaper, newspapers, page, pages, turning pages, page turn, crumple, crumples, "
        "crumpling, crinkle, crinkling, wrapper, wrappers, wrapping paper, plastic bag, plastic bags, "
        "crisps, letter, letters, map, envelope, envelopes, tearing paper, foil, paper bag, paper bags, "
        "paper plane, paper aeroplane, paper airplane, pages of a book, book pages, page turning, flipping "
        "pages, gift wrap, tin foil, toilet paper, tissue paper, banknotes, paper tearing, notebook, "
        "notebooks, receipt, brochure, leaflet, document, documents, comic book, parchment, paperwork, "
        "poster, posters, tissue, chip bag, chip packet, crisp packet, candy wrapper, sweet wrapper, "
        "cellophane, notepad, banknote, aluminium foil, aluminum foil",
        "crumpling a newspaper",
        MovementSound(_paper_slow, _paper_fast, -29.0),
    ),
    _kind(
        "leaves",
        "leaves, leaf, foliage, bush, bushes, branches, branch, twigs, undergrowth, hedge, straw, hay, "
        "reeds, shrub, shrubs, dry leaves, rustling leaves, leaves rustling, vegetation, autumn leaves, tall "
        "grass, shrubbery, pushing through, ivy, fern, ferns, palm leaves, dead leaves, pile of "
        "leaves",
        "pushing through dry leaves and bushes",
        MovementSound(_leaves_slow, _leaves_fast, -27.0),
    ),
    _kind(
        "whoosh",
        "whoosh, whooshes, whooshing, swish, swishes, swishing, swoosh, swooshes, swooshing, swing, "
        "swings, swinging, sword swing, sword swings, sword swish, whip, whips, fly by, flyby, golf "
        "swing, fly past, swoop, swoops, swooping, air whoosh",
        "a stick swishing through the air",
        MovementSound(_whoosh_slow, _whoosh_fast),
    ),
    _kind(
        "keys",
        "keys, key, keyring, key ring, bunch of keys, jingle, jingles, jingling, jangle, jangling, chain, "
        "chains, chain mail, chainmail, armour, armor, spurs, tambourine, sleigh bells, dog tags, "
        "bracelets, car keys, house keys, bike chain",
        "a jingling bunch of keys",
        MovementSound(_jingling_slow, _jingling_fast, -27.0),
    ),
)
"""What rustles, swishes and jingles."""
