"""Weights and inputs for comparing implementations of the model: drawn from their names and shapes alone.

Two programs that draw by this rule have the same tensors and need not exchange any. `RandomState` is used
because numpy has frozen its stream.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

Shape = tuple[int, ...]


def seeded(name: str, shape: Shape, seed: int = 0) -> Tensor:
    """Standard normal, float32."""
    stream = np.random.RandomState((zlib.crc32(name.encode()) + seed) % 2**32)
    return torch.from_numpy(stream.standard_normal(shape).astype(np.float32))


def parameter(key: str, shape: Shape, seed: int = 0) -> Tensor:
    """One that keeps what passes through near unit variance, by the last part of its name.

    Lengths of weight-normalised directions are 0.7 |1 + n / 10|, which keeps a last tanh from saturating, and
    slopes of snakes |1 + n / 10|; weights with one dimension are 1 + n / 10, those with more are n divided by
    the root of what goes into each output; everything else is n / 10.
    """
    drawn, last = seeded(key, shape, seed), key.rpartition(".")[2]
    if last == "weight_g":
        return 0.7 * (1 + 0.1 * drawn).abs()
    if last == "alpha":
        return (1 + 0.1 * drawn).abs()
    if last == "weight" and len(shape) == 1:
        return 1 + 0.1 * drawn
    if last in ("weight", "weight_v", "in_proj_weight"):
        return drawn / math.prod(shape[1:]) ** 0.5
    return 0.1 * drawn


def parameters(shapes: Mapping[str, Shape], seed: int = 0) -> dict[str, Tensor]:
    """A whole state dict."""
    return {key: parameter(key, tuple(shape), seed) for key, shape in shapes.items()}
