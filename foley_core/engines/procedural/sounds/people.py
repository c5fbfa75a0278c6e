"""People: a crowd that murmurs, claps or cheers, and a heart.

Applause is many clappers, each with a rate and a pair of hands of its own (Peltola, Erkut, Cook and
Valimaki, "Synthesis of hand clapping sounds", IEEE Trans. Audio, Speech and Language Processing 15(3),
2007). A crowd is many voices that nobody can follow: buzz through the formants of changing vowels (Klatt,
"Software for a cascade/parallel formant synthesizer", JASA 67(3), 1980; vowels of Peterson and Barney, JASA
24(2), 1952), in syllables of four or five a second.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import PATCH, Bed, Kind, Manner
from foley_core.engines.procedural.synthesis.noise import (
    Mono,
    band,
    filtered,
    panned,
    strewn,
    wander,
    white,
    wide,
)
from foley_core.engines.procedural.synthesis.periodic import (
    FREQUENCY,
    SECONDS,
    bursts,
    even,
    per_half,
    through,
    turns,
)
from foley_core.engines.procedural.synthesis.spectral_noise import by_frame, canvas, painted_wide, weighted
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

_STEP = 1024
_VOWELS = np.array(
    [
        (730, 1090, 2440),
        (530, 1840, 2480),
        (270, 2290, 3010),
        (570, 840, 2410),
        (300, 870, 2240),
        (490, 1350, 1690),
    ],
    np.float32,
)
"""The first three formants of a man's vowels, in Hz."""
_WIDTHS = (80.0, 110.0, 150.0)
_TALKERS = 3


def _talking(rng: np.random.Generator, manner: Manner) -> Mono:
    """Somebody who talks, with pauses."""
    high = rng.random() < 0.5
    base = (200.0 if high else 112.0) * rng.lognormal(0, 0.12) / manner.size**0.5
    gone = np.cumsum(base * np.exp2(0.2 * wander(rng, PATCH, 3)), dtype=np.float64) / SAMPLE_RATE
    gone *= round(gone[-1]) / gone[-1]
    closing = (1 - gone + np.floor(gone)).astype(np.float32)
    buzz = closing * closing * closing + np.float32(0.04) * white(rng, PATCH)
    throat = manner.size**0.3 / (1.15 if high else 1.0)
    voice = weighted(buzz, _syllables(rng, manner, throat))
    return even(voice - voice.mean())


def _syllables(rng: np.random.Generator, manner: Manner, throat: float) -> NDArray[np.float32]:
    """Vowel after vowel, (frames, _STEP + 1); some are left out."""
    frequency = canvas(_STEP) * np.float32(throat)
    vowels = np.zeros((len(_VOWELS), _STEP + 1), np.float32)
    for number, width in enumerate(_WIDTHS):
        off = (frequency - _VOWELS[:, number, None]) / np.float32(width)
        vowels += np.float32(0.6**number) / np.sqrt(1 + off * off)
    vowels *= band(frequency, 160, 4200) * (1 + frequency / 900)
    ends = np.cumsum(rng.uniform(0.12, 0.32, 40) / manner.pace**0.3)
    spoken = np.searchsorted(ends, np.arange(PATCH // _STEP) * SECONDS * _STEP / PATCH)
    loud = (rng.lognormal(0, 0.4, 41) * (rng.random(41) > 0.2))[spoken]
    level = 0.25 * np.roll(loud, 1) + 0.5 * loud + 0.25 * np.roll(loud, -1)
    vowel = rng.integers(len(_VOWELS), size=41)[spoken]
    return np.asarray(vowels[vowel] * level[:, None], np.float32)


def _crowd(rng: np.random.Generator, manner: Manner) -> Sound:
    """A few voices, each heard in many places at other times, over the murmur of the rest."""
    far = 2 + int(np.clip(manner.count, 1, 8)) // 2
    voices = []
    for _ in range(_TALKERS):
        voice = _talking(rng, manner)
        for _ in range(far):
            moved = np.roll(voice, rng.integers(PATCH)) * np.float32(rng.lognormal(0, 0.5))
            voices.append((moved, float(rng.uniform(0.1, 0.9))))
    size = manner.size**0.4
    murmur = wide(
        rng, PATCH, lambda f: band(f, 220 / size, 700 / size) + 0.06 * band(f, 2500, 6000 / size), 0.8
    )
    return panned(voices) + np.float32(0.3 * far**0.5) * murmur


def _clap(rng: np.random.Generator, size: float) -> Mono:
    """One pair of hands: a puff of noise through the hollow between them."""
    time = np.arange(1200, dtype=np.float32) / np.float32(SAMPLE_RATE)
    hollow = float(np.exp(rng.uniform(np.log(600), np.log(2600)))) / size
    puff = white(rng, 1200) * np.exp(time * np.float32(-1 / 0.002))
    ring = np.sin(np.float32(2 * np.pi * hollow) * time) * np.exp(
        time * np.float32(-1 / rng.uniform(0.001, 0.003))
    )
    clap = scipy.fft.irfft(scipy.fft.rfft(puff, 2400) * scipy.fft.rfft(ring, 2400))[:1200]
    clap[-200:] *= np.linspace(1, 0, 200, dtype=np.float32)
    return np.asarray(clap / np.abs(clap).max(), np.float32)


def _applause(rng: np.random.Generator, manner: Manner) -> Sound:
    """Many pairs of hands, each at a rate of its own; the far ones run together."""
    people = int(70 * np.clip(manner.count, 1, 8) ** 0.3)
    period = SAMPLE_RATE / (rng.uniform(2.6, 4.6, people) * manner.pace**0.5)
    claps = np.maximum(np.rint(PATCH / period), 1).astype(int)
    who = np.repeat(np.arange(people), claps)
    number = np.arange(len(who)) - np.repeat(np.cumsum(claps) - claps, claps)
    late = rng.normal(0, 0.06, len(who)) + rng.random(people)[who]
    starts = ((number + late) * PATCH / claps[who]).astype(int)
    levels = rng.lognormal(0, 0.6, people)[who] * rng.uniform(0.6, 1.0, len(who))
    size = manner.size**0.5
    sound = strewn(rng, PATCH, [_clap(rng, size) for _ in range(32)], levels, starts)
    return sound + np.float32(0.1) * wide(rng, PATCH, lambda f: band(f, 700 / size, 3000 / size), 0.8)


_AH = ((700.0, 260.0, 1.0), (1180.0, 320.0, 0.7), (2600.0, 500.0, 0.25))
"""Hz, width and level of the formants of many mouths that are wide open."""


def _cheering(rng: np.random.Generator, manner: Manner) -> Sound:
    """A stadium: the roar of all together, and single whoops out of it."""
    size = manner.size**0.4
    frequency = canvas(_STEP) * np.float32(size)
    roar = sum(level * np.exp(-(((frequency - middle) / width) ** 2)) for middle, width, level in _AH)
    swell = np.exp(np.float32(0.25) * by_frame(wander(rng, PATCH, 2), _STEP))
    level = (roar + 0.12 * band(frequency, 250, 3500, 1)) * swell
    whoops = [(_whoop(rng, size), float(rng.uniform(0.1, 0.9))) for _ in range(3 + min(manner.count, 8))]
    together = painted_wide(rng, level, 0.7)
    return np.asarray(together / together.std() + np.float32(1.6) * panned(whoops), np.float32)


def _whoop(rng: np.random.Generator, size: float) -> Mono:
    """Somebody who shouts, once in a patch: the voice rises and falls."""
    seconds = rng.uniform(0.4, 0.9)
    time = np.arange(int(seconds * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)
    arch = np.sin(np.pi * time / np.float32(seconds))
    pitch = rng.uniform(330, 700) / size * np.exp2(rng.uniform(0.2, 0.7) * arch)
    angle = (2 * np.pi * (np.cumsum(pitch) / SAMPLE_RATE % 1)).astype(np.float32)
    voice = np.exp(4 * (np.cos(angle) - 1)) - np.exp(-4.0) + 0.05 * white(rng, len(time))
    whoop = np.zeros(PATCH, np.float32)
    whoop[: len(time)] = filtered(voice, 600 / size, 1500 / size, 1) * arch * rng.lognormal(0, 0.4)
    return np.roll(whoop, rng.integers(PATCH))


def _heart(rng: np.random.Generator, manner: Manner) -> Sound:
    """Lub and dub: the valves that close, two soft thumps, in the rush of the blood."""
    size = manner.size**0.5
    count = per_half(1.4 * manner.pace)
    _, turn = turns(count)
    gate = np.zeros(PATCH, np.float32)
    for at, level, short in ((0.1, 1.0, 16.0), (0.52, 0.7, 22.0)):
        past = (turn - np.float32(at)) % 1
        gate += bursts(rng, count, 0.3, np.float32(level) * 30 * past * np.exp(np.float32(-short) * past))
    noise = white(rng, PATCH)
    chest = band(FREQUENCY, 32 / size, 85 / size, 4) + np.float32(0.12) * band(FREQUENCY, 130, 260 / size, 4)
    thumps = even(through((noise * gate, chest)))
    rush = wide(rng, PATCH, lambda f: band(f, 60 / size, 160 / size, 1), 0.6)
    air = wide(rng, PATCH, lambda f: band(f, 350 / size, 2500 / size, 1), 0.6)
    breath = np.exp(np.float32(1.1) * wander(rng, PATCH, 1))
    calm = np.float32(0.16) * rush + np.float32(0.04) * air * breath[:, None]
    return np.asarray(thumps[:, None] + calm, np.float32)


def _kind(name: str, words: str, example: str, sound: Bed) -> Kind:
    return Kind(name, "people", tuple(words.split(", ")), example, sound)


KINDS: tuple[Kind, ...] = (
    _kind(
        "crowd",
        "crowd, crowds, murmur, murmurs, murmuring, walla, chatter, chattering, talking, voices, voice, "
        "conversation, conversations, babble, restaurant, cafe, café, pub, party, market, audience, guests, "
        "crowded, people talking, crowd noise, cafeteria, diner, bystanders, sea of people, mob, throng, "
        "coffee shop, canteen, hubbub, chit chat, chatting, bazaar, marketplace, spectators, onlookers, "
        "tavern, food court, bistro, shoppers, commuters, banter, people speaking, dinner party, cocktail "
        "party",
        "a crowd murmuring",
        Bed(_crowd, -30.0),
    ),
    _kind(
        "applause",
        "applause, applauding, applaud, applauds, clapping, clap, claps, clapping hands, hand claps, "
        "ovation, standing ovation, slow clap",
        "applause in a large hall",
        Bed(_applause, -28.0),
    ),
    _kind(
        "cheering",
        "cheering, cheer, cheers, cheering crowd, crowd cheering, stadium, sports crowd, arena, football "
        "match, soccer match, fans cheering, hooray, celebration, stadium crowd, football fans, soccer fans, "
        "sports fans, screaming fans, fans chanting, hurray, woohoo, roaring crowd, crowd roar, crowd roars, "
        "crowd going wild, crowd goes wild",
        "a cheering crowd in a stadium",
        Bed(_cheering, -27.0),
    ),
    _kind(
        "heartbeat",
        "heartbeat, heartbeats, heart beat, heart, hearts, beating heart, heart beating, pulse, lub dub, "
        "heart pounding, heart racing",
        "a slow heartbeat",
        Bed(_heart, -32.0),
    ),
)
"""People, many of them."""
