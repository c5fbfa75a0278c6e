"""Room tone: the low, even breath of a quiet room.

Noise that falls by about 5 dB an octave from 60 Hz up, as the noise of quiet rooms does (the NC curves of
Beranek, "Noise and Vibration Control", 1971), with left and right half apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.bed import shaped_noise
from foley_core.samples import Sound

LEVEL = 10 ** (-50 / 20)
"""RMS: -50 dBFS."""


def room_tone(rng: np.random.Generator) -> Sound:
    """A patch of room tone."""
    return np.asarray(shaped_noise(rng, _breath, 0.5) * LEVEL, np.float32)


def _breath(frequency: NDArray[np.float32]) -> NDArray[np.float32]:
    rumble = 1 / (1 + (frequency / 60.0) ** 2) ** 0.42
    audible = frequency**2 / (frequency**2 + 25.0**2) / (1 + (frequency / 9000.0) ** 4)
    return np.asarray(rumble * audible, np.float32)
