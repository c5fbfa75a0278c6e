"""What the model's layers compute, as functions of tensors alone."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

Rotation = tuple[Tensor, Tensor]
"""Cosines and sines, (positions, width / 2)."""


def sinusoid(times: Tensor, width: int = 256) -> Tensor:
    """Times (batch,) as (batch, width): cosines first, then sines.

    In float32, and the frequencies as an exponential, as published: as a power they differ in the last
    digits.
    """
    half = width // 2
    steps = torch.arange(half, dtype=torch.float32, device=times.device)
    angles = times.float()[:, None] * torch.exp(-math.log(10_000) * steps / half)
    return torch.cat([angles.cos(), angles.sin()], -1)


def rotation(positions: Tensor, width: int) -> Rotation:
    """How far rotary embedding turns each pair of `width` numbers at `positions` (Su et al., "RoFormer")."""
    pairs = torch.arange(0, width, 2, dtype=torch.float32, device=positions.device)
    angles = positions.float()[:, None] / 10_000 ** (pairs / width)
    return angles.cos(), angles.sin()


def rotated(x: Tensor, by: Rotation) -> Tensor:
    """`x` (batch, heads, positions, width), each pair of neighbours turned; computed in float32."""
    cos, sin = by
    even, odd = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    turned = torch.stack([even * cos - odd * sin, odd * cos + even * sin], -1)
    return turned.flatten(-2).to(x.dtype)


def attention(query: Tensor, key: Tensor, value: Tensor, there: Tensor | None = None) -> Tensor:
    """Heads (batch, heads, tokens, width) attend; gives (batch, tokens, heads * width).

    To all of `key`, or to those that are `there` (batch, 1, 1, tokens).
    """
    return F.scaled_dot_product_attention(query, key, value, there).transpose(1, 2).flatten(2)


def by_heads(x: Tensor, heads: int, parts: int) -> tuple[Tensor, ...]:
    """`x` (batch, tokens, parts * heads * width) as so many tensors (batch, heads, tokens, width)."""
    return x.unflatten(-1, (parts, heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)


def modulated(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """`x` scaled by 1 + `scale`, and shifted."""
    return x * (1 + scale) + shift


def normed(x: Tensor, eps: float) -> Tensor:
    """Layer norm without weights."""
    return F.layer_norm(x, x.shape[-1:], eps=eps)


def neighbours(x: Tensor, count: int) -> Tensor:
    """`x` (batch, time, width) with those around each time beside it: (batch, time, width * count).

    Those of one channel lie side by side, as in a convolution's weight; beyond the ends they are zero.
    """
    if count == 1:
        return x
    return F.pad(x, (0, 0, count // 2, count // 2)).unfold(1, count, 1).flatten(2)


def nearest(count: int, of: int, device: torch.device | None = None) -> Tensor:
    """For each of `count` places, which of `of` tokens lies there: the middle of the place decides."""
    return (2 * torch.arange(count, device=device) + 1) * of // (2 * count)
