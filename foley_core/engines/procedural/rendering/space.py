"""Spaces: where the voices sound, as early echoes and a late reverberation.

The early part of a room are the images of its walls (Allen and Berkley, "Image method for efficiently
simulating small-room acoustics", JASA 65(4), 1979), up to the third; the late part is noise that dies away
with its own reverberation time in each octave, as Moorer proposes ("About this reverberation business",
Computer Music Journal 3(2), 1979). In the open there are single echoes only. The response of a space is
always the same. It is folded with what is sent into it block by block (Oppenheim and Schafer, overlap-add),
each part of the response as long as a block, so that a tail of any length costs little and rings on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from foley_core.engines.procedural.rendering.levels import amplitude
from foley_core.engines.procedural.rendering.rng import rng
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

SPEED_OF_SOUND = 343.0
"""Metres in a second."""


@dataclass(frozen=True)
class Space:
    """A place to sound in."""

    name: str
    words: tuple[str, ...]
    """Words and phrases of a prompt that mean it, in small letters."""
    reverberation: float
    """RT60 at middle frequencies: seconds until it has died away by 60 dB."""
    level: float
    """Of all that the space gives back, in dB against what comes straight from near by."""
    sides: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Length, width and height in metres; none in the open."""
    echoes: tuple[tuple[float, float, float], ...] = ()
    """In the open: seconds, dB and place (0 left to 1 right) of each."""
    dark: float = 1.0
    """How much faster high frequencies die away; stone 1, cloth and leaves 3."""


SPACES = (
    Space("cathedral", ("cathedral", "minster", "basilica"), 6.0, -3.0, (70, 28, 24), dark=1.2),
    Space("church", ("church", "chapel", "abbey", "temple", "crypt"), 3.2, -4.0, (32, 14, 11), dark=1.2),
    Space("hall", ("hall", "large hall", "concert hall", "theatre", "theater", "auditorium", "ballroom",
                   "lobby", "museum", "train station", "station"), 1.9, -6.0, (34, 20, 12), dark=1.5),
    Space("warehouse", ("warehouse", "factory hall", "hangar", "gymnasium", "gym", "swimming pool",
                        "large room", "big room", "huge room", "empty room"), 2.6, -5.0, (40, 25, 9)),
    Space("cave", ("cave", "cavern", "grotto", "mine", "dungeon", "catacombs"), 3.4, -3.0, (22, 11, 8)),
    Space("tunnel", ("tunnel", "underpass", "subway", "sewer", "parking garage", "underground garage",
                     "car park"), 2.8, -4.0, (60, 6, 4)),
    Space("stairwell", ("stairwell", "staircase", "stairway", "stairs"), 2.2, -5.0, (5, 3.5, 14)),
    Space("corridor", ("corridor", "hallway", "passage", "passageway"), 1.1, -7.0, (18, 2.2, 2.8)),
    Space("bathroom", ("bathroom", "shower room", "toilet", "restroom", "tiled room", "kitchen"),
          0.75, -6.0, (3.4, 2.3, 2.5), dark=0.9),
    Space("room", ("room", "living room", "classroom", "indoors", "indoor", "interior", "house", "apartment",
                   "flat", "garage", "basement", "cellar", "attic", "shop", "restaurant", "quiet room",
                   "empty office", "quiet house"),
          0.45, -9.0, (6.2, 4.6, 2.7), dark=1.6),
    Space("small room", ("small room", "bedroom", "office", "study", "closet", "hut", "cabin", "tent"),
          0.3, -10.0, (3.6, 2.9, 2.4), dark=1.8),
    Space("car interior", ("car interior", "inside a car", "vehicle interior", "cockpit"),
          0.08, -9.0, (2.4, 1.5, 1.2), dark=3.0),
    Space("street", ("street", "alley", "alleyway", "courtyard", "city", "square", "town"), 1.0, -12.0,
          echoes=((0.031, -4, 0.2), (0.047, -6, 0.85), (0.092, -9, 0.3), (0.141, -13, 0.7)), dark=1.6),
    Space("forest", ("forest", "woods", "woodland", "jungle"), 1.4, -15.0,
          echoes=((0.052, -8, 0.15), (0.077, -9, 0.8), (0.118, -11, 0.4), (0.165, -13, 0.6)), dark=3.0),
    Space("canyon", ("canyon", "gorge", "ravine", "mountains", "valley"), 2.6, -10.0,
          echoes=((0.42, -4, 0.2), (0.71, -8, 0.8), (1.13, -12, 0.35)), dark=2.0),
    Space("outdoors", ("outdoors", "outdoor", "outside", "exterior", "open air", "field", "meadow", "park",
                       "garden", "desert", "beach", "beaches", "countryside"), 0.6, -19.0,
          echoes=((0.038, -9, 0.25), (0.113, -12, 0.75), (0.207, -16, 0.4)), dark=2.5),
)  # fmt: skip
"""In the order in which they are listed."""
_BY_NAME = {space.name: space for space in SPACES}
_DISTANT = "outdoors"
"""What is distant sounds there, where the prompt names no space."""
_BANDS = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
_REFLECTED = 0.82
"""Amplitude that one wall gives back."""
_FADED = 6.908
"""ln 1000: 60 dB."""


def space_of(name: str | None, distance: float) -> Space | None:
    """The space that a layer sounds in, whose furthest voice is so far away; None: it stays dry."""
    return _BY_NAME[name or _DISTANT] if name or distance > 0 else None


class Reverb:
    """Folds what is sent into a space with the space's response, in blocks of one size."""

    def __init__(self, space: Space, block: int) -> None:
        heard = response(space)
        parts = -(-len(heard) // block)
        padded = np.zeros((parts * block, 2), np.float32)
        padded[: len(heard)] = heard
        self._block = block
        cut = np.ascontiguousarray(padded.reshape(parts, block, 2).transpose(0, 2, 1))
        self._response = scipy.fft.rfft(cut, 2 * block)
        self._sent: list[NDArray[np.complex64]] = []
        self._tail = np.zeros((2, block), np.float32)

    def play(self, sent: NDArray[np.float32]) -> NDArray[np.float32]:
        """What comes back left and right (2, samples); only the last block may be shorter than the others."""
        fresh = scipy.fft.rfft(sent, 2 * self._block)
        self._sent = [fresh, *self._sent[: len(self._response) - 1]]
        summed = self._response[0] * fresh
        for part, earlier in zip(self._response[1:], self._sent[1:], strict=False):
            summed += part * earlier
        folded = scipy.fft.irfft(summed, 2 * self._block)
        heard = folded[:, : self._block] + self._tail
        self._tail = folded[:, self._block :]
        return np.asarray(heard[:, : len(sent)], np.float32)


@lru_cache(maxsize=4)
def response(space: Space) -> Sound:
    """What a space gives back of one click, from the click on; its power is that of its level."""
    samples = int((space.reverberation + 0.1) * SAMPLE_RATE)
    early = _images(space.sides) if any(space.sides) else _echoes(space.echoes)
    early = early[early[:, 0] < samples]
    if any(space.sides):
        early[:, 1] *= np.exp(-_FADED / space.reverberation * early[:, 0] / SAMPLE_RATE)
    sound = np.zeros((samples, 2))
    for at, level, left, right in early:
        sound[int(at)] += level * left, level * right
    sound /= np.sqrt(np.sum(sound**2))
    late = _late(space, samples, int(early[:, 0].min()))
    sound = (0.6 * sound + 0.8 * late / np.sqrt(np.sum(late**2))) * np.sqrt(2)
    return np.asarray(sound * amplitude(space.level), np.float32)


def _images(sides: tuple[float, float, float]) -> NDArray[np.float64]:
    """Rows of sample, level, left and right: the walls' images of a source, seen from a listener."""
    size = np.array(sides)
    source, listener = size * (0.38, 0.55, 0.45), size * (0.62, 0.44, 0.52)
    straight = float(np.linalg.norm(source - listener))
    rows = []
    for order in product(range(-3, 4), repeat=3):
        walls = sum(map(abs, order))
        if not 1 <= walls <= 3:
            continue
        mirrored = np.where(np.array(order) % 2, size - source, source)
        way = np.array(order) * size + mirrored - listener
        length = float(np.linalg.norm(way))
        angle = (0.5 + 0.5 * way[1] / length) * np.pi / 2
        late = (length - straight) / SPEED_OF_SOUND * SAMPLE_RATE
        rows.append((round(late), _REFLECTED**walls * straight / length, np.cos(angle), np.sin(angle)))
    return np.array(rows)


def _echoes(echoes: tuple[tuple[float, float, float], ...]) -> NDArray[np.float64]:
    return np.array(
        [
            (round(at * SAMPLE_RATE), amplitude(db), np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2))
            for at, db, pan in echoes
        ]
    )


def _late(space: Space, samples: int, begin: int) -> NDArray[np.float64]:
    """Noise that dies away in each octave with a time of its own; it sets in where the echoes do."""
    chance = rng(0, "space", space.name)
    spectrum = scipy.fft.rfft(chance.standard_normal((samples, 2)), axis=0)
    frequency = np.maximum(np.linspace(0, SAMPLE_RATE / 2, len(spectrum)), 1.0)
    time = np.arange(samples) / SAMPLE_RATE
    sound = np.zeros((samples, 2))
    for band in _BANDS:
        octaves = np.log2(frequency / band)
        weight = np.clip(1 - np.abs(octaves), 0, 1)
        noise = scipy.fft.irfft(spectrum * np.sqrt(weight)[:, None], samples, axis=0)
        sound += noise * np.exp(-_FADED / reverberation(space, band) * time)[:, None] * (band / 1000) ** -0.3
    attack = np.clip((np.arange(samples) - begin) / (0.02 * SAMPLE_RATE), 0, 1)
    return np.asarray(sound * (attack * np.clip((samples - np.arange(samples)) / 4800, 0, 1))[:, None])


def reverberation(space: Space, frequency: float) -> float:
    """RT60 at a frequency, in seconds: longer in the deep, shorter above 1 kHz (air, and what is soft)."""
    octaves = float(np.log2(frequency / 1000))
    return space.reverberation * float(1.06**-octaves if octaves < 0 else 1.25 ** (-octaves * space.dark))
