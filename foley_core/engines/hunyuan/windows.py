"""Which windows a take is made of, and how their sounds become one.

A window is 8 s, the length at which the model keeps the time it was trained on. A longer take is made of
windows 7.04 s apart, faded into each other over the 0.96 s that they share; a shorter one is the beginning of
a window, which shows what comes after the cue in the film, or, near its end, what comes before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.hunyuan.config import (
    HOP_SECONDS,
    LATENT_RATE,
    SAMPLES_PER_LATENT,
    SEGMENT_HOP,
    SYNC_RATE,
    WINDOW_SECONDS,
)

WINDOW = WINDOW_SECONDS * LATENT_RATE
HOP = int(HOP_SECONDS * LATENT_RATE)
GRID = SEGMENT_HOP * LATENT_RATE // SYNC_RATE
"""Latents between two segments of Synchformer's; windows that start on it can share them."""

Mono = NDArray[np.float32]


def window_starts(latents: int, after: int, before: int) -> tuple[int, ...]:
    """Where windows begin, in latents from the take's first.

    The take has so many `latents`; the film goes on for so many `after` it, and there are so many `before`.
    """
    if latents > WINDOW:
        return tuple(range(0, latents - (WINDOW - HOP), HOP))
    missing = max(WINDOW - latents - after, 0)
    return (-(min(missing, before) // GRID * GRID),)


def overlap_added(windows: Iterable[Mono], starts: tuple[int, ...], samples: int) -> Iterator[Mono]:
    """So many `samples` from the take's first on, of windows (384 000,) that begin at those latents.

    Given out as soon as nothing more is added to them; holds little more than a window.
    """
    rise = _rise((WINDOW - HOP) * SAMPLES_PER_LATENT)
    given, tail = starts[0] * SAMPLES_PER_LATENT, np.zeros(0, np.float32)
    for number, window in enumerate(windows):
        whole = window.copy()
        if number:
            whole[: len(rise)] = whole[: len(rise)] * rise + tail
        ready = len(whole)
        if number < len(starts) - 1:
            ready = HOP * SAMPLES_PER_LATENT
            tail = whole[ready:] * rise[::-1]
        yield whole[max(-given, 0) : max(min(ready, samples - given), 0)]
        given += ready


def _rise(length: int) -> Mono:
    """Half a Hann window: with its mirror image it adds up to one."""
    return np.asarray(np.sin(np.pi / 2 * (np.arange(length) + 0.5) / length) ** 2, np.float32)
