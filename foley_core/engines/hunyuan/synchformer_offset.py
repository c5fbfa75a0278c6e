"""All of Synchformer: both halves, and the transformer that compares them and tells how far they lie apart.

Fourteen segments of picture and sound, 0.64 s each and 0.32 s apart, become one row of tokens: one that asks,
those of the picture, one that divides, those of the sound. What comes of the first is told in 21 classes
(Iashin et al., "Synchformer", 2024). Parameters have the names of the published checkpoint.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from foley_core.engines.hunyuan.config import FEATURE_WIDTH
from foley_core.engines.hunyuan.synchformer import Synchformer
from foley_core.engines.hunyuan.synchformer_audio import SynchformerAudio

SEGMENTS = 14
OFFSETS = tuple(number / 5 for number in range(-10, 11))
"""Of each class: by so many seconds the sound comes too early. It was taught with sound that is taken from so
much later in the film than the picture, so that in it everything is heard earlier than it is seen."""

_TOKENS = 2 + SEGMENTS * (8 + 6)
_HEADS = 8
_SEGMENTS_AT_ONCE = 2


class _Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.key, self.query, self.value, self.proj = (
            nn.Linear(FEATURE_WIDTH, FEATURE_WIDTH) for _ in range(4)
        )

    def forward(self, x: Tensor) -> Tensor:
        asked, keys, values = (
            linear(x).unflatten(-1, (_HEADS, -1)).transpose(1, 2)
            for linear in (self.query, self.key, self.value)
        )
        told = F.scaled_dot_product_attention(asked, keys, values)
        attended: Tensor = self.proj(told.transpose(1, 2).flatten(2))
        return attended


class _Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(FEATURE_WIDTH), nn.LayerNorm(FEATURE_WIDTH)
        self.attn = _Attention()
        wide = 4 * FEATURE_WIDTH
        self.mlp = nn.Sequential(nn.Linear(FEATURE_WIDTH, wide), nn.GELU(), nn.Linear(wide, FEATURE_WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln1(x))
        fed: Tensor = self.mlp(self.ln2(x))
        return x + fed


class _OffsetTransformer(nn.Module):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self.OFF_tok, self.MOD_tok = (nn.Parameter(torch.zeros(1, 1, FEATURE_WIDTH)) for _ in range(2))
        self.vis_in_lnorm, self.aud_in_lnorm = nn.LayerNorm(FEATURE_WIDTH), nn.LayerNorm(FEATURE_WIDTH)
        self.pos_emb_cfg = nn.ParameterDict({"pos_emb": torch.zeros(1, _TOKENS, FEATURE_WIDTH)})
        self.blocks = nn.ModuleList(_Block() for _ in range(depth))
        self.ln_f = nn.LayerNorm(FEATURE_WIDTH)
        self.off_head = nn.Linear(FEATURE_WIDTH, len(OFFSETS))

    def forward(self, seen: Tensor, heard: Tensor) -> Tensor:
        seen, heard = self.vis_in_lnorm(seen), self.aud_in_lnorm(heard)
        x = torch.cat([self.OFF_tok, seen, self.MOD_tok, heard], 1) + self.pos_emb_cfg["pos_emb"]
        for block in self.blocks:
            x = block(x)
        told: Tensor = self.off_head(self.ln_f(x[:, 0]))
        return told[0]


class WholeSynchformer(nn.Module):
    """One window: frames (14, 16, 3, 224, 224), -1 to 1, and spectra (14, 66, 128) to logits (21,)."""

    def __init__(self, seeing: int = 12, hearing: int = 12, comparing: int = 3) -> None:
        """How many blocks each part has."""
        super().__init__()
        self.vfeat_extractor = Synchformer(seeing)
        self.afeat_extractor = SynchformerAudio(hearing)
        self.vproj, self.aproj = (nn.Linear(FEATURE_WIDTH, FEATURE_WIDTH) for _ in range(2))
        self.transformer = _OffsetTransformer(comparing)

    def forward(self, frames: Tensor, spectra: Tensor) -> Tensor:
        """See the class."""
        seen = torch.cat([self.vfeat_extractor(part) for part in frames.split(_SEGMENTS_AT_ONCE)])
        heard = self.afeat_extractor(spectra)
        seen, heard = self.vproj(seen), self.aproj(heard)
        told: Tensor = self.transformer(seen.flatten(0, 1)[None], heard.flatten(0, 1)[None])
        return told
