"""The transformer's two kinds of blocks. Names of parameters are those of the published checkpoints."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from foley_core.engines.hunyuan.conditions import KeysAndValues, RotaryTables
from foley_core.engines.hunyuan.layers import Conv1d, ConvSwiGLU, FeedForward, Modulation
from foley_core.engines.hunyuan.math import (
    Rotation,
    attention,
    by_heads,
    modulated,
    normed,
    rotated,
    rotation,
)

_EPS, _SINGLE_EPS = 1e-6, 1e-5


class TripleBlock(nn.Module):
    """Sound and picture attend to each other, then each to the words, and each is fed forward."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        width = hidden // heads
        self.heads = heads
        self.audio_mod, self.v_cond_mod = Modulation(hidden, 9), Modulation(hidden, 9)
        self.audio_self_attn_qkv = nn.Linear(hidden, 3 * hidden)
        self.audio_self_q_norm = nn.RMSNorm(width, eps=_EPS)
        self.audio_self_k_norm = nn.RMSNorm(width, eps=_EPS)
        self.audio_self_proj = nn.Linear(hidden, hidden)
        self.v_cond_attn_qkv = nn.Linear(hidden, 3 * hidden)
        self.v_cond_attn_q_norm = nn.RMSNorm(width, eps=_EPS)
        self.v_cond_attn_k_norm = nn.RMSNorm(width, eps=_EPS)
        self.v_cond_self_proj = nn.Linear(hidden, hidden)
        self.audio_cross_q, self.v_cond_cross_q = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.audio_cross_q_norm = nn.RMSNorm(width, eps=_EPS)
        self.v_cond_cross_q_norm = nn.RMSNorm(width, eps=_EPS)
        self.text_cross_kv = nn.Linear(hidden, 2 * hidden)
        self.text_cross_k_norm = nn.RMSNorm(width, eps=_EPS)
        self.audio_cross_proj, self.v_cond_cross_proj = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.audio_mlp, self.v_cond_mlp = FeedForward(hidden), FeedForward(hidden)

    def words(self, text: Tensor) -> KeysAndValues:
        """What the words (batch, tokens, hidden) are attended to by; the same at every step."""
        keys, values = by_heads(self.text_cross_kv(text), self.heads, 2)
        by = rotation(torch.arange(text.shape[1], device=text.device), keys.shape[-1])
        return rotated(self.text_cross_k_norm(keys), by), values

    def forward(
        self,
        audio: Tensor,
        visual: Tensor,
        time: Tensor,
        words: KeysAndValues,
        there: Tensor | None,
        tables: RotaryTables,
    ) -> tuple[Tensor, Tensor]:
        """`audio` (batch, latents, hidden), `visual` (batch, tokens, hidden), `time` (batch, 1, hidden).

        Of `words` those are attended to that are `there`, or all.
        """
        of_audio, of_visual = self.audio_mod(time), self.v_cond_mod(time)

        heard, seen = self._joint_attention(audio, visual, of_audio[:2], of_visual[:2], tables.joint)
        audio = audio + of_audio[2] * self.audio_self_proj(heard)
        visual = visual + of_visual[2] * self.v_cond_self_proj(seen)

        query = self._asking(audio, visual, of_audio[3:5], of_visual[3:5], tables.apart)
        seen, heard = attention(query, *words, there).split([visual.shape[1], audio.shape[1]], 1)
        audio = audio + of_audio[5] * self.audio_cross_proj(heard)
        visual = visual + of_visual[5] * self.v_cond_cross_proj(seen)

        audio = audio + of_audio[8] * self.audio_mlp(modulated(normed(audio, _EPS), *of_audio[6:8]))
        visual = visual + of_visual[8] * self.v_cond_mlp(modulated(normed(visual, _EPS), *of_visual[6:8]))
        return audio, visual

    def _joint_attention(
        self,
        audio: Tensor,
        visual: Tensor,
        of_audio: tuple[Tensor, ...],
        of_visual: tuple[Tensor, ...],
        joint: Rotation,
    ) -> tuple[Tensor, Tensor]:
        audio_in = modulated(normed(audio, _EPS), *of_audio)
        visual_in = modulated(normed(visual, _EPS), *of_visual)
        query, key, value = by_heads(self.audio_self_attn_qkv(audio_in), self.heads, 3)
        query, key = self.audio_self_q_norm(query), self.audio_self_k_norm(key)
        visual_query, visual_key, visual_value = by_heads(self.v_cond_attn_qkv(visual_in), self.heads, 3)
        query = torch.cat([self.v_cond_attn_q_norm(visual_query), query], 2)
        key = torch.cat([self.v_cond_attn_k_norm(visual_key), key], 2)
        value = torch.cat([visual_value, value], 2)
        both = attention(rotated(query, joint), rotated(key, joint), value)
        return both[:, visual.shape[1] :], both[:, : visual.shape[1]]

    def _asking(
        self,
        audio: Tensor,
        visual: Tensor,
        of_audio: tuple[Tensor, ...],
        of_visual: tuple[Tensor, ...],
        apart: Rotation,
    ) -> Tensor:
        """What both ask of the words."""
        (query,) = by_heads(self.audio_cross_q(modulated(normed(audio, _EPS), *of_audio)), self.heads, 1)
        (visual_query,) = by_heads(
            self.v_cond_cross_q(modulated(normed(visual, _EPS), *of_visual)), self.heads, 1
        )
        both = torch.cat([self.v_cond_cross_q_norm(visual_query), self.audio_cross_q_norm(query)], 2)
        return rotated(both, apart)


class SingleBlock(nn.Module):
    """The sound attends to itself, and to its neighbours by convolution, told at each latent what moves."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        width = hidden // heads
        self.heads = heads
        self.modulation = Modulation(hidden, 6)
        self.linear_qkv = nn.Linear(hidden, 3 * hidden)
        self.q_norm, self.k_norm = nn.RMSNorm(width), nn.RMSNorm(width)
        self.linear1 = Conv1d(hidden, hidden, 3)
        self.linear2 = ConvSwiGLU(hidden, 3)

    def forward(self, audio: Tensor, rows: Tensor, row_of: Tensor, alone: Rotation) -> Tensor:
        """`audio` (batch, latents, hidden), each latent told the one of `rows` (rows, hidden) that it has."""
        return self.told(audio, [part[row_of] for part in self.modulation(rows)], alone)

    def told(self, audio: Tensor, of_latent: Sequence[Tensor], alone: Rotation) -> Tensor:
        """`of_latent` are shift, scale and gate, twice, (batch, latents, hidden) each."""
        shift, scale, gate, shift_fed, scale_fed, gate_fed = of_latent
        asked = self.linear_qkv(modulated(normed(audio, _SINGLE_EPS), shift, scale))
        parts = asked.unflatten(-1, (self.heads, -1, 3)).permute(4, 0, 2, 1, 3)
        query, key, value = parts.contiguous()  # strewn numbers are refused by all but the slow kernel
        heard = attention(rotated(self.q_norm(query), alone), rotated(self.k_norm(key), alone), value)
        audio = audio + gate * self.linear1(heard)
        return audio + gate_fed * self.linear2(modulated(normed(audio, _SINGLE_EPS), shift_fed, scale_fed))
