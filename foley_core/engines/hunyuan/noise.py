"""The noise that a take begins as: for each latent its own, wherever a window begins.

Counted from the take's first latent, so windows that overlap share it, a window made again is the same, and
its neighbours stay. The bits are Philox's (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3",
2011), whose stream numpy freezes; they are made normal by Box and Muller's transform.
"""

from __future__ import annotations

import zlib

import numpy as np
import torch
from torch import Tensor

from foley_core.engines.hunyuan.config import LATENT_CHANNELS

_A_COUNT = 4
"""Numbers that Philox gives for each count of its counter."""


def noise(seed: int, layer: str, first: int, latents: int) -> Tensor:
    """Standard normal, float32, (128, latents), from the take's latent `first` on, which may be negative."""
    counter = first * LATENT_CHANNELS // _A_COUNT % 2**256
    bits = np.random.Philox(key=[seed, zlib.crc32(layer.encode())], counter=counter)
    raw = bits.random_raw(latents * LATENT_CHANNELS).reshape(latents, LATENT_CHANNELS // 2, 2)
    even = (raw >> np.uint64(11)) / 2.0**53
    radius = np.sqrt(-2 * np.log1p(-even[..., 0]))
    angle = 2 * np.pi * even[..., 1]
    normal = np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1)
    return torch.from_numpy(normal.reshape(latents, LATENT_CHANNELS).T.astype(np.float32))
