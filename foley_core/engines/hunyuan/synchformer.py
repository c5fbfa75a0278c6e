"""Synchformer's visual half: what moves, and when, in segments of sixteen frames.

A vision transformer whose blocks attend along time first and then along space (Iashin et al., "Synchformer",
2024; Bertasius et al., "Is Space-Time Attention All You Need?", 2021; Patrick et al., "Motionformer", 2021).
Parameters have the names of the published checkpoint, less their prefix `vfeat_extractor.`. Segments know
nothing of each other, so those that windows share need to be looked at once only.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn

from foley_core.engines.hunyuan.config import FEATURE_WIDTH, SEGMENT_FRAMES

SIDE = 224
"""Of a frame, in pixels."""

_PATCH, _DEEP = 16, 2
_PLACES = (SIDE // _PATCH) ** 2
_TIMES = SEGMENT_FRAMES // _DEEP
_HEADS, _EPS = 12, 1e-6


class _Patches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        size = (_DEEP, _PATCH, _PATCH)
        self.proj = nn.Conv3d(3, FEATURE_WIDTH, size, stride=size)


class _Attention(nn.Module):
    """Attention among groups of tokens, each of which sees the class token, too; that one sees all."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(FEATURE_WIDTH, 3 * FEATURE_WIDTH)
        self.proj = nn.Linear(FEATURE_WIDTH, FEATURE_WIDTH)

    def forward(self, x: Tensor, *, along_time: bool) -> Tensor:
        """`x` (segments, 1 + times * places, 768), the class token first."""
        told = self.qkv(x).unflatten(-1, (3, _HEADS, -1)).permute(2, 0, 3, 1, 4)
        of_class = F.scaled_dot_product_attention(told[0][:, :, :1], told[1], told[2])

        groups = [_grouped(part[:, :, 1:], along_time) for part in told]
        count = groups[0].shape[2]
        shared = (part[:, :, None, :1].expand(-1, -1, count, -1, -1) for part in told[1:])
        keys, values = (torch.cat([one, part], 3) for one, part in zip(shared, groups[1:], strict=True))
        # groups count as heads, for what is fast takes four dimensions only
        asked = (part.flatten(1, 2) for part in (groups[0], keys, values))
        of_groups = F.scaled_dot_product_attention(*asked)

        both = torch.cat([of_class, _ungrouped(of_groups.unflatten(1, (_HEADS, -1)), along_time)], 2)
        attended: Tensor = self.proj(both.transpose(1, 2).flatten(2))
        return attended


def _grouped(x: Tensor, along_time: bool) -> Tensor:
    """(segments, heads, times * places, width) as (segments, heads, groups, tokens, width)."""
    x = x.unflatten(2, (_TIMES, _PLACES))
    return x.transpose(2, 3) if along_time else x


def _ungrouped(x: Tensor, along_time: bool) -> Tensor:
    return (x.transpose(2, 3) if along_time else x).flatten(2, 3)


class _FeedForward(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(FEATURE_WIDTH, 4 * FEATURE_WIDTH)
        self.fc2 = nn.Linear(4 * FEATURE_WIDTH, FEATURE_WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        fed: Tensor = self.fc2(F.gelu(self.fc1(x)))
        return fed


class _Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(FEATURE_WIDTH, eps=_EPS) for _ in range(3))
        self.attn, self.timeattn, self.mlp = _Attention(), _Attention(), _FeedForward()

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.timeattn(self.norm3(x), along_time=True)
        x = x + self.attn(self.norm1(x), along_time=False)
        x = x + self.mlp(self.norm2(x))
        return x


class Summary(nn.TransformerEncoderLayer):
    """Several tokens in one: all places of a time, or all bands."""

    def __init__(self) -> None:
        super().__init__(
            FEATURE_WIDTH,
            _HEADS,
            4 * FEATURE_WIDTH,
            dropout=0.0,
            activation=F.gelu,
            layer_norm_eps=_EPS,
            batch_first=True,
            norm_first=True,
        )
        self.cls_token = nn.Parameter(torch.zeros(1, 1, FEATURE_WIDTH))

    def summed(self, x: Tensor) -> Tensor:
        """Each of (times, tokens, 768) in one, (times, 768)."""
        summed: Tensor = self(torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1))
        return summed[:, 0]


class Synchformer(ModelMixin, ConfigMixin):
    """Segments (segments, 16, 3, 224, 224) of frames, -1 to 1, to (segments, 8, 768)."""

    @register_to_config
    def __init__(self, depth: int = 12) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, FEATURE_WIDTH))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + _PLACES, FEATURE_WIDTH))
        self.temp_embed = nn.Parameter(torch.zeros(1, _TIMES, FEATURE_WIDTH))
        self.patch_embed_3d = _Patches()
        self.blocks = nn.ModuleList(_Block() for _ in range(depth))
        self.norm = nn.LayerNorm(FEATURE_WIDTH, eps=_EPS)
        self.spatial_attn_agg = Summary()

    def forward(self, frames: Tensor) -> Tensor:
        """See the class."""
        patches = self.patch_embed_3d.proj(frames.transpose(1, 2)).flatten(2).transpose(1, 2)
        places = self.pos_embed[:, 1:].repeat(1, _TIMES, 1)
        times = self.temp_embed.repeat_interleave(_PLACES, 1)
        first = (self.cls_token + self.pos_embed[:, :1]).expand(len(frames), -1, -1)
        x = torch.cat([first, patches + places + times], 1)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)[:, 1:].reshape(-1, _PLACES, FEATURE_WIDTH)
        summed: Tensor = self.spatial_attn_agg.summed(x)
        return summed.unflatten(0, (-1, _TIMES))
