"""Things that ring when struck: a bank of decaying modes, whose material lies in how fast they decay.

After van den Doel and Pai, "The sounds of physical shapes" (Presence 7(4), 1998): a struck body sounds as a
sum of modes, the place of the strike sets their levels, and the material sets one internal friction by which
a mode of frequency f dies away in 1 / (pi f tan phi) seconds. Modes are those of a free bar (wood) or spread
as a plate's are (metal); Fletcher and Rossing, "The Physics of Musical Instruments" (1998), chapters 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foley_core.timecode import SAMPLE_RATE

Mono = NDArray[np.float32]

_BAR = (1.0, 2.757, 5.404, 8.933, 13.34, 18.64)
_PLATE = (1.0, 1.52, 1.94, 2.71, 3.14, 3.98, 4.63, 5.37, 6.12, 7.30, 8.11, 9.46, 10.9, 12.4, 14.2, 16.3)
_QUIET = 1e-4
"""A mode is played until it has died away this far: -80 dB."""
_CONTACT = 288
"""Samples of the contact's noise, 6 ms."""


@dataclass(frozen=True)
class Material:
    """What a thing is made of, and about how large it is."""

    lowest: tuple[float, float]
    """The lowest mode lies between these, in Hz."""
    ratios: tuple[float, ...]
    friction: float
    """tan phi."""
    decay: float
    """No mode rings longer than this, in seconds (what holds the thing takes the sound away)."""
    brightness: float
    """Above this frequency in Hz the modes of a strike at full strength grow quiet."""
    contact: float
    """Level of the contact itself, a noise of about a millisecond, against that of the modes together."""


WOOD = Material((210.0, 420.0), _BAR, 0.024, 0.14, 2600.0, 0.26)
METAL = Material((780.0, 1500.0), _PLATE, 0.00055, 0.85, 7500.0, 0.22)
IRON = Material((1500.0, 2300.0), _PLATE, 0.0022, 0.22, 8000.0, 0.28)
KNOCK = Material((150.0, 280.0), _BAR, 0.034, 0.09, 1800.0, 0.26)


def strike(
    material: Material, strength: float, thing: np.random.Generator, blow: np.random.Generator
) -> Mono:
    """One strike, mono, peak 1, loud from its first sample on.

    `thing` decides what is struck and is the same for each strike of one thing; `blow` decides where and how.
    A harder blow (`strength`, 0 to 1) wakes higher modes.
    """
    lowest = np.exp(thing.uniform(*np.log(material.lowest)))
    ratios = np.array(material.ratios) * thing.uniform(0.97, 1.03, len(material.ratios))
    frequencies = lowest * ratios * blow.uniform(0.96, 1.04)
    frequencies = frequencies[frequencies < 0.42 * SAMPLE_RATE]
    place = blow.uniform(0.10, 0.5)
    edge = material.brightness * (0.30 + 0.70 * strength) * blow.uniform(0.85, 1.15)
    levels = np.abs(np.sin(np.pi * place * (np.arange(len(frequencies)) + 1))) + 0.05
    levels *= np.exp(-frequencies / edge) * blow.uniform(0.5, 1.5, len(frequencies))
    decays = np.minimum(1 / (np.pi * frequencies * material.friction), material.decay)
    sound = np.zeros(int(decays.max() * -np.log(_QUIET) * SAMPLE_RATE) + _CONTACT)
    for frequency, level, decay in zip(frequencies, levels / levels.sum(), decays, strict=True):
        mode = _mode(frequency, decay)
        sound[: len(mode)] += level * mode
    sound[:_CONTACT] += material.contact * _contact(blow)
    return finished(sound)


def _mode(frequency: float, decay: float) -> NDArray[np.float64]:
    """A decaying sine that sets off from rest, until it has died away.

    Its samples are powers of one complex number, and each is the product of a coarse and a fine one.
    """
    length = int(decay * -np.log(_QUIET) * SAMPLE_RATE)
    pole = (-1 / decay + 2j * np.pi * frequency) / SAMPLE_RATE
    fine, coarse = np.exp(pole * np.arange(256)), np.exp(pole * np.arange(0, length, 256))
    return np.asarray(np.outer(coarse, fine).imag.ravel()[:length], np.float64)


def _contact(blow: np.random.Generator) -> NDArray[np.float64]:
    """The noise of two things meeting. Modes set off from rest, so this is what marks the very sample."""
    time = np.arange(_CONTACT) / SAMPLE_RATE
    noise = 0.5 * blow.standard_normal(_CONTACT) * np.exp(-time / 0.0010)
    noise[0] = 1.0
    return np.asarray(noise, np.float64)


def finished(sound: NDArray[np.float64]) -> Mono:
    """Peak 1, and no step at the very end."""
    fade = min(len(sound), 480)
    sound[-fade:] *= np.linspace(1, 0, fade)
    return np.asarray(sound / np.abs(sound).max(), np.float32)
