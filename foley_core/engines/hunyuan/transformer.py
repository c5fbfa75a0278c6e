"""The transformer of HunyuanVideo-Foley: how noisy latents must change, given picture and words.

Triple blocks let sound and picture attend to each other and both to the words; single blocks go on with the
sound alone, at every latent told by Synchformer what moves there (Shan et al., arXiv 2508.16930, figure 2).
Parameters have the names of the published checkpoints, and give the published numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from diffusers.utils.accelerate_utils import apply_forward_hook
from torch import Tensor, nn

from foley_core.engines.hunyuan.block_cache import BlockCache
from foley_core.engines.hunyuan.blocks import SingleBlock, TripleBlock
from foley_core.engines.hunyuan.conditions import Conditions, rotary_tables
from foley_core.engines.hunyuan.config import (
    FEATURE_WIDTH,
    LATENT_CHANNELS,
    LATENT_RATE,
    SEGMENT_TOKENS,
    SYNC_RATE,
    VISUAL_RATE,
    sync_tokens,
)
from foley_core.engines.hunyuan.layers import Conv1d, ConvSwiGLU, SwiGLU, TextIn, TimeIn
from foley_core.engines.hunyuan.math import nearest, normed

_EPS = 1e-6


class Parts(Protocol):
    """A transformer in three parts, which can be compiled each on its own. See `FoleyTransformer`."""

    first: Callable[[Tensor, Tensor, Conditions], tuple[Tensor, Tensor, Tensor, Tensor]]
    rest: Callable[[Tensor, Tensor, Tensor, Conditions], Tensor]
    last: Callable[[Tensor], Tensor]


def whole(
    parts: Parts, latents: Tensor, times: Tensor, conditions: Conditions, cache: BlockCache | None
) -> Tensor:
    """The velocity; see `FoleyTransformer.forward`."""
    audio, visual, time, change = parts.first(latents, times, conditions)

    def rest() -> Tensor:
        return parts.rest(audio, visual, time, conditions)

    return parts.last(rest() if cache is None else cache.rest(audio, change, rest))


class _AudioIn(nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.proj = Conv1d(LATENT_CHANNELS, hidden, 1)


class _FinalLayer(nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.linear = nn.Linear(hidden, LATENT_CHANNELS)


class FoleyTransformer(ModelMixin, ConfigMixin):
    """Noisy latents to their velocity."""

    @register_to_config
    def __init__(self, hidden: int = 1536, heads: int = 12, triples: int = 18, singles: int = 36) -> None:
        super().__init__()
        self.width = hidden // heads
        self.audio_embedder = _AudioIn(hidden)
        self.time_in = TimeIn(hidden)
        self.cond_in = TextIn(FEATURE_WIDTH, hidden)
        self.visual_proj = SwiGLU(FEATURE_WIDTH, hidden)
        self.sync_in = nn.Sequential(nn.Linear(FEATURE_WIDTH, hidden), nn.SiLU(), ConvSwiGLU(hidden, 1))
        self.sync_pos_emb = nn.Parameter(torch.zeros(1, 1, SEGMENT_TOKENS, FEATURE_WIDTH))
        self.empty_clip_feat = nn.Parameter(torch.zeros(1, FEATURE_WIDTH))
        self.empty_sync_feat = nn.Parameter(torch.zeros(1, FEATURE_WIDTH))
        self.triple_blocks = nn.ModuleList(TripleBlock(hidden, heads) for _ in range(triples))
        self.single_blocks = nn.ModuleList(SingleBlock(hidden, heads) for _ in range(singles))
        self.final_layer = _FinalLayer(hidden)

    @apply_forward_hook
    def conditions(
        self, text: Tensor, latents: int, visual: Tensor | None = None, sync: Tensor | None = None
    ) -> Conditions:
        """What does not change over the steps, for so many `latents`.

        `text` (batch, tokens, 768) is CLAP's, `visual` (batch, tokens, 768) SigLIP2's and `sync` (batch,
        tokens, 768) Synchformer's, a multiple of 8; without one of them the model is told that it is missing.
        """
        batch, device = len(text), text.device
        words = self.cond_in(text)
        if visual is None:
            seen = latents * VISUAL_RATE // LATENT_RATE
            visual = self.empty_clip_feat.expand(batch, seen, -1)
        rows, row_of = self._sync(batch, latents, sync)
        return Conditions(
            visual=self.visual_proj(visual),
            words=tuple(block.words(words) for block in self.triple_blocks),
            sync_rows=rows.flatten(0, 1),
            batch_of_row=torch.arange(batch, device=device).repeat_interleave(rows.shape[1]),
            row_of=row_of + rows.shape[1] * torch.arange(batch, device=device)[:, None],
            tables=rotary_tables(latents, visual.shape[1], self.width, device),
        )

    def _sync(self, batch: int, latents: int, sync: Tensor | None) -> tuple[Tensor, Tensor]:
        """Rows (batch, rows, hidden), and which of them is each latent's, (latents,)."""
        if sync is None:
            count = sync_tokens(latents * SYNC_RATE // LATENT_RATE)
            which = nearest(latents, count, self.empty_sync_feat.device) % SEGMENT_TOKENS
            sync = self.empty_sync_feat.expand(batch, SEGMENT_TOKENS, -1)
        else:
            which = nearest(latents, sync.shape[1], sync.device)
        segments = sync.unflatten(1, (-1, SEGMENT_TOKENS)) + self.sync_pos_emb
        return self.sync_in(segments.flatten(1, 2)), which

    def forward(
        self, latents: Tensor, times: Tensor, conditions: Conditions, cache: BlockCache | None = None
    ) -> Tensor:
        """Of `latents` (batch, 128, latents) at `times` (batch,), 1000 sigma, the velocity.

        `cache` may leave out all but the first block.
        """
        return whole(self, latents, times, conditions, cache)

    def first(
        self, latents: Tensor, times: Tensor, conditions: Conditions
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Sound, picture and time after the first block, and how it has changed the sound."""
        time = self.time_in(times)
        before = self.audio_embedder.proj(latents.transpose(1, 2)) + conditions.sync
        audio, visual = self._triple(0, before, conditions.visual, time, conditions)
        return audio, visual, time, audio - before

    def rest(self, audio: Tensor, visual: Tensor, time: Tensor, conditions: Conditions) -> Tensor:
        """The sound after all other blocks."""
        for number in range(1, len(self.triple_blocks)):
            audio, visual = self._triple(number, audio, visual, time, conditions)
        rows = conditions.sync_rows + time[conditions.batch_of_row]
        for block in self.single_blocks:
            audio = block(audio, rows, conditions.row_of, conditions.tables.alone)
        return audio

    def last(self, audio: Tensor) -> Tensor:
        """The velocity."""
        velocity: Tensor = self.final_layer.linear(normed(audio, _EPS))
        return velocity.transpose(1, 2)

    def _triple(
        self, number: int, audio: Tensor, visual: Tensor, time: Tensor, of: Conditions
    ) -> tuple[Tensor, Tensor]:
        """One triple block."""
        block, words = self.triple_blocks[number], of.words[number]
        return block(audio, visual, time[:, None], words, of.there, of.tables)
