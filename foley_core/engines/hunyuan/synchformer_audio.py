"""Synchformer's audio half: what is heard, and when, in segments of 0.64 s.

A transformer over patches of a mel spectrogram, which overlap (Gong et al., "AST: Audio Spectrogram
Transformer", 2021); then all bands of a time become one token, as all places do in the half that sees.
Parameters have the names of the published checkpoint, less their prefix `afeat_extractor.`; what goes in is
made by `spectra.py`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from foley_core.engines.hunyuan.config import FEATURE_WIDTH
from foley_core.engines.hunyuan.spectra import BANDS, STEPS
from foley_core.engines.hunyuan.synchformer import Summary

_PATCH, _STRIDE = 16, 10
_TONES, _TIMES = ((length - _PATCH) // _STRIDE + 1 for length in (BANDS, STEPS))
_HEADS, _EPS = 12, 1e-12
_FIRST = 2
"""Tokens before those of the patches."""


class _Embeddings(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, FEATURE_WIDTH))
        self.distillation_token = nn.Parameter(torch.zeros(1, 1, FEATURE_WIDTH))
        self.position_embeddings = nn.Parameter(torch.zeros(1, _FIRST + _TONES * _TIMES, FEATURE_WIDTH))
        projection = nn.Conv2d(1, FEATURE_WIDTH, _PATCH, stride=_STRIDE)
        self.patch_embeddings = nn.ModuleDict({"projection": projection})

    def forward(self, spectra: Tensor) -> Tensor:
        patches = self.patch_embeddings["projection"](spectra.transpose(1, 2)[:, None])
        first = (token.expand(len(spectra), -1, -1) for token in (self.cls_token, self.distillation_token))
        return torch.cat([*first, patches.flatten(2).transpose(1, 2)], 1) + self.position_embeddings


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        asking = {name: nn.Linear(FEATURE_WIDTH, FEATURE_WIDTH) for name in ("query", "key", "value")}
        self.attention = nn.ModuleDict(
            {"attention": nn.ModuleDict(asking), "output": _dense(FEATURE_WIDTH, FEATURE_WIDTH)}
        )
        self.intermediate = _dense(FEATURE_WIDTH, 4 * FEATURE_WIDTH)
        self.output = _dense(4 * FEATURE_WIDTH, FEATURE_WIDTH)
        self.layernorm_before, self.layernorm_after = (
            nn.LayerNorm(FEATURE_WIDTH, eps=_EPS) for _ in range(2)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = x + self._attended(self.layernorm_before(x))
        fed: Tensor = self.output["dense"](F.gelu(self.intermediate["dense"](self.layernorm_after(x))))
        return x + fed

    def _attended(self, x: Tensor) -> Tensor:
        told = self.attention["attention"]
        asked, keys, values = (
            told[name](x).unflatten(-1, (_HEADS, -1)).transpose(1, 2) for name in ("query", "key", "value")
        )
        heard = F.scaled_dot_product_attention(asked, keys, values)
        attended: Tensor = self.attention["output"]["dense"](heard.transpose(1, 2).flatten(2))
        return attended


def _dense(width: int, out: int) -> nn.ModuleDict:
    return nn.ModuleDict({"dense": nn.Linear(width, out)})


class _SpectrogramTransformer(nn.Module):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self.embeddings = _Embeddings()
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(_Layer() for _ in range(depth))})
        self.layernorm = nn.LayerNorm(FEATURE_WIDTH, eps=_EPS)

    def forward(self, spectra: Tensor) -> Tensor:
        x = self.embeddings(spectra)
        for layer in self.encoder["layer"]:
            x = layer(x)
        patches: Tensor = self.layernorm(x)[:, _FIRST:]
        return patches.unflatten(1, (_TONES, _TIMES))


class SynchformerAudio(nn.Module):
    """Spectra of segments (segments, 66, 128) to (segments, 6, 768)."""

    def __init__(self, depth: int = 12) -> None:
        super().__init__()
        self.ast = _SpectrogramTransformer(depth)
        self.freq_attn_agg = Summary()

    def forward(self, spectra: Tensor) -> Tensor:
        """See the class."""
        bands = self.ast(spectra).transpose(1, 2)
        return self.freq_attn_agg.summed(bands.flatten(0, 1)).unflatten(0, (-1, _TIMES))
