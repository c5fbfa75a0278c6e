"""Footsteps: a heel that strikes, a sole that rolls after it, and the grit between.

A step is a heel's thump in a damped floor and a click of the heel itself, then a softer, noisier toe; after
the footsteps in Farnell, "Designing Sound" (MIT Press, 2010). The grit is many small grains with random times
and falling energy, after Cook, "Physically informed sonic modeling (PhISM)" (Computer Music Journal 21(3),
1997).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from foley_core.engines.procedural.modal import Mono, finished
from foley_core.timecode import SAMPLE_RATE

_LENGTH = 0.34


def step(strength: float, shoe: np.random.Generator, footfall: np.random.Generator) -> Mono:
    """One step, mono, peak 1, loud from its first sample.

    `shoe` decides shoe and floor and is the same for each step of a walk; `footfall` makes each step its own.
    """
    time = np.arange(int(_LENGTH * SAMPLE_RATE)) / SAMPLE_RATE
    pitch = shoe.uniform(85, 125) * footfall.uniform(0.93, 1.07)
    toe_late = shoe.uniform(0.065, 0.095) * footfall.uniform(0.85, 1.2)
    hardness = shoe.uniform(1100, 1900) * (0.7 + 0.5 * strength)
    heel = _thump(time, pitch, hardness, footfall)
    toe = 0.34 * footfall.uniform(0.7, 1.3) * _thump(time, pitch * 1.6, hardness * 0.6, footfall)
    late = int(toe_late * SAMPLE_RATE)
    sound = heel + 0.16 * _grit(time, late, footfall)
    sound[late:] += toe[: len(toe) - late]
    return finished(sound)


def _thump(
    time: NDArray[np.float64], pitch: float, hardness: float, footfall: np.random.Generator
) -> NDArray[np.float64]:
    """The floor's two lowest modes, and the click of what strikes it."""
    body = np.exp(-time / 0.028) * np.cos(2 * np.pi * pitch * time)
    body += 0.45 * np.exp(-time / 0.017) * np.cos(2 * np.pi * pitch * 2.3 * time)
    click = footfall.standard_normal(len(time)) * np.exp(-time / 0.0035)
    click[0] = 2.0  # so that the step begins on its very sample
    smooth = sosfilt(butter(1, hardness, fs=SAMPLE_RATE, output="sos"), click)
    return np.asarray(body + 0.9 * smooth + 0.35 * click * np.exp(-time / 0.0015))


def _grit(time: NDArray[np.float64], late: int, footfall: np.random.Generator) -> NDArray[np.float64]:
    grains = np.where(footfall.random(len(time)) < 0.02, footfall.standard_normal(len(time)), 0.0)
    falling = np.exp(-time / 0.05) + 0.5 * np.exp(-np.abs(time - late / SAMPLE_RATE) / 0.03)
    band = butter(2, (1400, 5200), "bandpass", fs=SAMPLE_RATE, output="sos")
    return np.asarray(sosfilt(band, grains * falling) * 4)
