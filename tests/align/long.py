"""A film and a sound of any number of minutes, small enough to be made at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from foley_core.timecode import SAMPLE_RATE
from tests.picture.long import BURST, MINUTE, STRIKE, lengthened, minute

LATE = 0.18
"""Seconds by which the sound's clicks are late."""


def long_film(path: Path, minutes: int) -> Path:
    """Something is thrown back once a minute."""
    return lengthened(minute(path.with_name(f"minute-{path.name}")), path, minutes)


def long_sound(path: Path, minutes: int) -> Path:
    """Soft noise, and a click for each time, late."""
    noise = np.random.default_rng(1).normal(0, 1e-3, (MINUTE * SAMPLE_RATE, 1)).astype(np.float32)
    at = round((float(STRIKE) + LATE) * SAMPLE_RATE)
    noise[at : at + 200] += np.float32(0.5) * np.exp(-np.arange(200) / 40)[:, None].astype(np.float32)
    assert at > BURST * SAMPLE_RATE
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 1, "PCM_16") as file:
        for _ in range(minutes):
            file.write(noise)
    return path
