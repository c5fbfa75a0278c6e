"""The layers that the transformer is built of. Names of parameters are those of the published checkpoints."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from foley_core.engines.hunyuan.math import neighbours, sinusoid


class TimeIn(nn.Module):
    """A step's time (batch,), 1000 sigma, as (batch, hidden)."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(256, hidden), nn.SiLU(), nn.Linear(hidden, hidden))

    def forward(self, times: Tensor) -> Tensor:
        """See the class."""
        embedded: Tensor = self.mlp(sinusoid(times).to(self.mlp[0].weight.dtype))
        return embedded


class TextIn(nn.Module):
    """CLAP's features (batch, tokens, 768) as (batch, tokens, hidden)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(width, hidden), nn.Linear(hidden, hidden)

    def forward(self, features: Tensor) -> Tensor:
        """See the class."""
        projected: Tensor = self.linear_2(F.silu(self.linear_1(features)))
        return projected


class SwiGLU(nn.Module):
    """w2(silu(w1 x) * w3 x), of linear layers without biases (Shazeer, "GLU Variants", 2020)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.w1 = nn.Linear(width, hidden, bias=False)
        self.w2 = nn.Linear(hidden, hidden, bias=False)
        self.w3 = nn.Linear(width, hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """`x` (..., width) to (..., hidden)."""
        gated: Tensor = self.w2(F.silu(self.w1(x)) * self.w3(x))
        return gated


class Conv1d(nn.Conv1d):
    """A convolution along time of (batch, time, channels) that keeps the length.

    As one product of matrices, which is quicker than convolving on processors, and can be in 8 bits on cards.
    """

    def __init__(self, width: int, hidden: int, kernel: int, *, bias: bool = True) -> None:
        super().__init__(width, hidden, kernel, padding=kernel // 2, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return self.of(neighbours(x, self.kernel_size[0]))

    def of(self, near: Tensor) -> Tensor:
        """Of what `neighbours` gives. In 8 bits the weight is a matrix already."""
        weight = self.weight.flatten(1) if self.weight.ndim == 3 else self.weight
        return F.linear(near, weight, self.bias)


class ConvSwiGLU(nn.Module):
    """`SwiGLU` of convolutions along time; length and width stay."""

    def __init__(self, hidden: int, kernel: int) -> None:
        super().__init__()
        inner = 256 * -(-(8 * hidden // 3) // 256)
        self.kernel = kernel
        self.w1 = Conv1d(hidden, inner, kernel, bias=False)
        self.w2 = Conv1d(inner, hidden, kernel, bias=False)
        self.w3 = Conv1d(hidden, inner, kernel, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """`x` (batch, time, hidden)."""
        near = neighbours(x, self.kernel)
        gated: Tensor = self.w2(F.silu(self.w1.of(near)) * self.w3.of(near))
        return gated


class FeedForward(nn.Module):
    """Two linear layers, tanh-GELU between."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(hidden, 4 * hidden), nn.Linear(4 * hidden, hidden)

    def forward(self, x: Tensor) -> Tensor:
        """`x` (..., hidden)."""
        fed: Tensor = self.fc2(F.gelu(self.fc1(x), approximate="tanh"))
        return fed


class Modulation(nn.Module):
    """A condition (..., hidden) as `parts` shifts, scales and gates, each (..., hidden)."""

    def __init__(self, hidden: int, parts: int) -> None:
        super().__init__()
        self.parts = parts
        self.linear = nn.Linear(hidden, parts * hidden)

    def forward(self, condition: Tensor) -> tuple[Tensor, ...]:
        """See the class."""
        return torch.chunk(self.linear(F.silu(condition)), self.parts, -1)
