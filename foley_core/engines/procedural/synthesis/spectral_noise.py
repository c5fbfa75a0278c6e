"""Noise that is painted: its level over time and frequency is laid down like a picture.

It is made of short frames of noise, each with its own spectrum, faded into one another with constant power;
so it changes as fast as the frames go, costs the same whatever is painted, and its end joins its beginning:
the stochastic part of Serra and Smith, "Spectral modeling synthesis" (Computer Music Journal 14(4), 1990).
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from foley_core.engines.procedural.synthesis.noise import Mono, white
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE


def canvas(step: int) -> NDArray[np.float32]:
    """The frequencies in Hz of a picture with a frame every `step` samples: (1, step + 1)."""
    return np.linspace(0, SAMPLE_RATE / 2, step + 1, dtype=np.float32)[None]


def by_frame(curve: Mono, step: int) -> NDArray[np.float32]:
    """A curve (samples,) as a picture takes it: (frames, 1)."""
    return np.asarray(curve[::step, None], np.float32)


def painted(rng: np.random.Generator, level: NDArray[np.floating]) -> Mono:
    """Noise with that `level`: (frames, step + 1) makes frames times step samples."""
    parts = white(rng, 2 * level.size).view(np.complex64).reshape(level.shape) * level.astype(np.float32)
    return _joined(parts)


def painted_wide(rng: np.random.Generator, level: NDArray[np.floating], width: float) -> Sound:
    """The same in stereo; `width`: 0 is mono, 1 is wide."""
    middle, side = painted(rng, level), np.float32(width) * painted(rng, level)
    return np.stack([middle + side, middle - side], axis=1)


def weighted(sound: Mono, level: NDArray[np.floating]) -> Mono:
    """A periodic sound, its spectrum weighted frame by frame: (frames, step + 1)."""
    step = level.shape[1] - 1
    frames = sound.reshape(-1, step)
    frames = np.concatenate([frames, np.roll(frames, -1, axis=0)], axis=1) * _fade(step)
    return _joined(scipy.fft.rfft(frames, axis=1) * level.astype(np.float32))


def _joined(parts: NDArray[np.complex64]) -> Mono:
    """Frames faded into one another, the last one into the first."""
    step = parts.shape[1] - 1
    parts[:, 0] = 0
    noise = scipy.fft.irfft(parts, axis=1) * _fade(step)
    return np.asarray(noise[:, :step] + np.roll(noise[:, step:], 1, axis=0), np.float32).ravel()


def _fade(step: int) -> NDArray[np.float32]:
    return np.sin(np.pi * (np.arange(2 * step) + 0.5) / (2 * step)).astype(np.float32)
