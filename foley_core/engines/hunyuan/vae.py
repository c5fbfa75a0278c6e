"""The autoencoder between latents and sound: 128 numbers fifty times a second, and 48 kHz.

The encoder and decoder of the Descript Audio Codec (Kumar et al., "High-Fidelity Audio Compression with
Improved RVQGAN", 2023) with a continuous latent. Parameters have the names of the published checkpoint. The
decoder only convolves, so a piece that is decoded with `CONTEXT` latents on either side is what it is in the
whole, but for rounding: memory need not grow with length.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from diffusers.utils.accelerate_utils import apply_forward_hook
from torch import Tensor, nn
from torch.nn import functional as F

CONTEXT = 12
"""Latents; the decoder reaches 10.4 to either side."""

_KERNEL, _DILATIONS = 7, (1, 3, 9)
_LOG_VARIANCE = (-30.0, 20.0)


class _Normed(nn.Module):
    """A convolution whose weight is a direction and a length (Salimans and Kingma, 2016)."""

    def __init__(self, shape: tuple[int, int, int], out: int) -> None:
        super().__init__()
        self.weight_g = nn.Parameter(torch.ones(shape[0], 1, 1))
        self.weight_v = nn.Parameter(torch.empty(shape))
        self.bias = nn.Parameter(torch.zeros(out))
        nn.init.kaiming_uniform_(self.weight_v, a=math.sqrt(5))

    @property
    def weight(self) -> Tensor:
        """Both together; the norm is over all dimensions but the first."""
        return torch._weight_norm(self.weight_v, self.weight_g, 0)


class _Conv(_Normed):
    """A convolution that keeps the length, divided by `stride`."""

    def __init__(self, width: int, out: int, kernel: int, *, dilation: int = 1, stride: int = 1) -> None:
        super().__init__((out, width, kernel), out)
        self.dilation, self.stride = dilation, stride
        self.padding = (kernel - 1) * dilation // 2 if stride == 1 else math.ceil(stride / 2)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv1d(x, self.weight, self.bias, self.stride, self.padding, self.dilation)


class _Longer(_Normed):
    """A transposed convolution that makes the length `stride` times as much."""

    def __init__(self, width: int, out: int, stride: int) -> None:
        super().__init__((width, out, 2 * stride), out)
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        stride = self.stride
        padding, more = math.ceil(stride / 2), stride % 2
        return F.conv_transpose1d(x, self.weight, self.bias, stride, padding, more)


class _Snake(nn.Module):
    """x + sin(a x)^2 / a, a for each channel (Ziyin et al., 2020)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1, width, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x + (self.alpha + 1e-9).reciprocal() * torch.sin(self.alpha * x).pow(2)


class _Residual(nn.Module):
    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            _Snake(width),
            _Conv(width, width, _KERNEL, dilation=dilation),
            _Snake(width),
            _Conv(width, width, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.block(x)


def _residuals(width: int) -> list[_Residual]:
    return [_Residual(width, dilation) for dilation in _DILATIONS]


class _Shorten(nn.Module):
    def __init__(self, width: int, stride: int) -> None:
        super().__init__()
        shorter = _Conv(width, 2 * width, 2 * stride, stride=stride)
        self.block = nn.Sequential(*_residuals(width), _Snake(width), shorter)

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.block(x)
        return found


class _Lengthen(nn.Module):
    def __init__(self, width: int, stride: int) -> None:
        super().__init__()
        longer = _Longer(width, width // 2, stride)
        self.block = nn.Sequential(_Snake(width), longer, *_residuals(width // 2))

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.block(x)
        return found


class _Encoder(nn.Module):
    def __init__(self, width: int, rates: Sequence[int], latent: int) -> None:
        super().__init__()
        widths = [width * 2**depth for depth in range(len(rates) + 1)]
        self.block = nn.Sequential(
            _Conv(1, width, _KERNEL),
            *(_Shorten(wide, rate) for wide, rate in zip(widths, rates, strict=False)),
            _Snake(widths[-1]),
            _Conv(widths[-1], latent, 3),
        )


class _Decoder(nn.Module):
    def __init__(self, width: int, rates: Sequence[int], latent: int) -> None:
        super().__init__()
        widths = [width // 2**depth for depth in range(len(rates) + 1)]
        self.model = nn.Sequential(
            _Conv(latent, width, _KERNEL),
            *(_Lengthen(wide, rate) for wide, rate in zip(widths, rates, strict=False)),
            _Snake(widths[-1]),
            _Conv(widths[-1], 1, _KERNEL),
            nn.Tanh(),
        )


class FoleyVAE(ModelMixin, ConfigMixin):
    """Latents (batch, 128, latents) to sound (batch, 1, 960 * latents), and back."""

    @register_to_config
    def __init__(
        self,
        encoder_dim: int = 128,
        encoder_rates: Sequence[int] = (2, 3, 4, 5, 8),
        latent_dim: int = 128,
        decoder_dim: int = 2048,
        decoder_rates: Sequence[int] = (8, 5, 4, 3, 2),
    ) -> None:
        super().__init__()
        self.samples = math.prod(decoder_rates)
        self.encoder = _Encoder(encoder_dim, encoder_rates, latent_dim)
        self.quant_conv = nn.Conv1d(latent_dim, 2 * latent_dim, 1)
        self.post_quant_conv = nn.Conv1d(latent_dim, latent_dim, 1)
        self.decoder = _Decoder(decoder_dim, decoder_rates, latent_dim)

    def encode(self, sound: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and logarithm of the variance, each (batch, 128, latents), of whole latents of sound."""
        mean, log_variance = self.quant_conv(self.encoder.block(sound)).chunk(2, 1)
        return mean, log_variance.clamp(*_LOG_VARIANCE)

    @apply_forward_hook
    def decode(self, latents: Tensor) -> Tensor:
        """All of it at once."""
        sound: Tensor = self.decoder.model(self.post_quant_conv(latents))
        return sound

    def decode_pieces(self, latents: Tensor, length: int) -> Iterator[Tensor]:
        """The same in pieces of `length` latents, so that memory does not grow; the last may be shorter."""
        whole = latents.shape[-1]
        for start in range(0, whole, length):
            end = min(start + length, whole)
            first, last = max(start - CONTEXT, 0), min(end + CONTEXT, whole)
            sound = self.decode(latents[..., first:last])
            yield sound[..., (start - first) * self.samples : (end - first) * self.samples]
