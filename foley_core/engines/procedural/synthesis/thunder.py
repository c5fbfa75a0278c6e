"""Thunder: the waves of a long crooked channel, the near ones first.

After Few, "Power spectrum of thunder" (J. Geophys. Res. 74, 1969), and Ribner and Roy, "Acoustics of thunder:
a quasilinear model for tortuous lightning" (J. Acoust. Soc. Am. 72, 1982): each piece of a tortuous channel
sends off a short N-shaped wave, and those of near pieces come first. Echoes from land and clouds follow. How
far away it is, is the engine's business; here the channel is half a kilometre off.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import Manner
from foley_core.engines.procedural.synthesis.noise import Mono, event, filtered, stretched
from foley_core.timecode import SAMPLE_RATE

_ECHOES = 6
_STEP = 8
_SLOW = SAMPLE_RATE // _STEP
"""Samples a second for what has nothing high in it."""
_SOUND = 340.0
"""Metres a second."""


class Waves(NamedTuple):
    """N-shaped waves: when each begins (s), how loud it is, how long it lasts (s)."""

    delay: NDArray[np.float64]
    level: NDArray[np.float64]
    length: NDArray[np.float64]


def thunder(rng: np.random.Generator, manner: Manner) -> Mono:
    """A clap: a crack if a piece of the channel is near, claps where it lies across, and a long rumble."""
    seconds = float(np.clip(rng.uniform(7.5, 10.0) * manner.size**0.2, 5.0, 12.0))
    steps = int(seconds * _SLOW)
    waves = _channel(rng, manner.size)
    rumble = stretched(_n_waves(steps + 1, _SLOW, _echoed(rng, waves)), _STEP)
    clap = _n_waves(min(int(4.5 * SAMPLE_RATE), len(rumble)), SAMPLE_RATE, waves)
    time = np.arange(len(rumble), dtype=np.float32) / SAMPLE_RATE
    sound = 1.2 * filtered(rumble, 28, 240, 1)
    sound[: len(clap)] += filtered(clap, 35, 4500, 1) * np.exp(-time[: len(clap)] / 1.1)
    return event(sound * np.minimum(1, 3 - 3 * time / time[-1]))


def _channel(rng: np.random.Generator, size: float) -> Waves:
    """When each piece of a channel is heard (s), how loud, and how long its wave is (s).

    The channel climbs for 5 km in pieces of 6 m whose direction strays about the upright and comes back to
    it; several strokes run through it. A piece seen from the side is louder than one seen from its end.
    """
    pieces, stray = 900, np.zeros((900, 2))
    kicks = rng.normal(0.0, 0.28, (pieces, 2))
    for axis in range(2):
        stray[:, axis] = np.cumsum(kicks[:, axis] - np.mean(kicks[:, axis]))
        stray[:, axis] = np.clip(stray[:, axis] - np.median(stray[:, axis]), -1.3, 1.3)
    along = np.stack([np.sin(stray[:, 0]), np.sin(stray[:, 1]), np.cos(stray).prod(1)], axis=1)
    place = np.cumsum(6.0 * along, axis=0)
    near = rng.uniform(350, 700)
    place[:, 0] += near
    distance = np.linalg.norm(place, axis=1)
    sideways = 1 - np.abs((along * place).sum(1) / distance)
    level = rng.uniform(0.4, 1.0, pieces) * (0.15 + sideways) / distance
    strokes = np.concatenate([[0.0], np.cumsum(rng.uniform(0.04, 0.09, rng.integers(1, 4)))])
    fall = 0.7 ** np.arange(len(strokes))
    delay = ((distance - distance.min()) / _SOUND + strokes[:, None]).ravel()
    length = np.tile(rng.uniform(0.004, 0.011, pieces) * size**0.4, len(strokes))
    return Waves(delay + 0.01, (level * fall[:, None]).ravel(), length)


def _echoed(rng: np.random.Generator, waves: Waves) -> Waves:
    """The same pieces heard again from land and clouds, ever later, fainter and duller."""
    wall = np.concatenate([[0.0], rng.uniform(0.3, 5.0, _ECHOES - 1)])
    later = wall[:, None] + rng.exponential(0.12, (_ECHOES, len(waves.delay)))
    echo = waves.level * np.exp(-later / 2.0) * rng.choice([-1.0, 1.0], later.shape)
    return Waves((waves.delay + later).ravel(), echo.ravel(), np.tile(1.3 * waves.length, _ECHOES))


def _n_waves(samples: int, rate: int, waves: Waves) -> Mono:
    """N-shaped waves (a jump up, a straight fall to as much below, a jump back), summed exactly.

    An N is the running sum of two jumps and, between them, of a running sum that makes the slope.
    """
    length = np.maximum(waves.length * rate, 2).astype(np.int64)
    first = np.minimum((waves.delay * rate).astype(np.int64), samples)
    last, slope = np.minimum(first + length, samples), 2 * waves.level / length
    bend = np.bincount(first, -slope, samples + 1) + np.bincount(last, slope, samples + 1)
    jump = np.bincount(first, waves.level, samples + 1) + np.bincount(last, waves.level, samples + 1)
    return np.cumsum(np.cumsum(bend) + jump)[:samples].astype(np.float32)
