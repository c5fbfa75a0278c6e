"""The transformer the plain way: what does not change over the steps is computed at each of them, row by row.

What `FoleyTransformer` computes, without what it saves: the words' projection, keys and values, the picture's
and the sync tokens' projections, and the tables of rotary embedding are computed anew, and the single blocks
are modulated by one row for each latent. The layers and their parameters are the model's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.seeded import seeded
from foley_core.engines.hunyuan.conditions import Conditions, joined, rotary_tables
from foley_core.engines.hunyuan.config import (
    FEATURE_WIDTH,
    LATENT_CHANNELS,
    LATENT_RATE,
    MOST_TEXT,
    SEGMENT_TOKENS,
    SYNC_RATE,
    VISUAL_RATE,
    WINDOW_SECONDS,
    sync_tokens,
)
from foley_core.engines.hunyuan.transformer import FoleyTransformer


@dataclass(frozen=True)
class Step:
    """What a guided step of some windows is given: drawn, the unconditional halves first in a batch."""

    noise: Tensor
    """(windows, 128, latents)."""
    text: Tensor
    unasked_text: Tensor
    visual: Tensor
    sync: Tensor

    @classmethod
    def drawn(
        cls, windows: int = 1, seconds: int = WINDOW_SECONDS, words: int = MOST_TEXT, seed: int = 0
    ) -> Step:
        """Of windows of so many seconds and words."""
        sync = sync_tokens(seconds * SYNC_RATE)
        return cls(
            seeded("step.noise", (windows, LATENT_CHANNELS, seconds * LATENT_RATE), seed),
            seeded("step.text", (windows, words, FEATURE_WIDTH), seed),
            seeded("step.unasked_text", (windows, words, FEATURE_WIDTH), seed),
            seeded("step.visual", (windows, seconds * VISUAL_RATE, FEATURE_WIDTH), seed),
            seeded("step.sync", (windows, sync, FEATURE_WIDTH), seed),
        )

    def on(self, model: FoleyTransformer) -> Step:
        """The same where the model is, as it computes."""
        return Step(*(tensor.to(model.device, model.dtype) for tensor in vars(self).values()))

    def conditions(self, model: FoleyTransformer) -> tuple[Conditions, Conditions]:
        """What is asked for, and what is not."""
        latents = self.noise.shape[2]
        asked = model.conditions(self.text, latents, visual=self.visual, sync=self.sync)
        return asked, model.conditions(self.unasked_text, latents)

    def quickly(self, model: FoleyTransformer) -> Tensor:
        """Velocities of both halves (2 windows, 128, latents) at sigma 0.5, as the engine computes them."""
        asked, unasked = self.conditions(model)
        return model(self.doubled, self.times, joined([unasked, asked]))

    @property
    def doubled(self) -> Tensor:
        """Noise for both halves."""
        return torch.cat([self.noise, self.noise])

    @property
    def times(self) -> Tensor:
        """Of sigma 0.5, (2 windows,)."""
        return torch.full((2 * len(self.noise),), 500.0, device=self.noise.device)

    def features(self, model: FoleyTransformer) -> tuple[Tensor, Tensor, Tensor]:
        """Of words, picture and sync for both halves, (2 windows, tokens, 768) each."""
        return (
            torch.cat([self.unasked_text, self.text]),
            torch.cat([model.empty_clip_feat.expand_as(self.visual), self.visual]),
            torch.cat([model.empty_sync_feat.expand_as(self.sync), self.sync]),
        )

    def plainly(self, model: FoleyTransformer) -> Tensor:
        """The same as `quickly` gives, the plain way."""
        return velocity(model, self.doubled, self.times, *self.features(model))


def velocity(
    model: FoleyTransformer, latents: Tensor, times: Tensor, text: Tensor, visual: Tensor, sync: Tensor
) -> Tensor:
    """Of latents (batch, 128, latents) and the features (batch, tokens, 768) as they come."""
    count = latents.shape[2]
    time, words, seen = model.time_in(times), model.cond_in(text), model.visual_proj(visual)
    segments = sync.unflatten(1, (-1, SEGMENT_TOKENS)) + model.sync_pos_emb
    moving = model.sync_in(segments.flatten(1, 2)).transpose(1, 2)
    moving = F.interpolate(moving, count, mode="nearest-exact").transpose(1, 2).contiguous()
    turns = rotary_tables(count, visual.shape[1], model.width, latents.device)

    audio = model.audio_embedder.proj(latents.transpose(1, 2)) + moving
    for block in model.triple_blocks:
        audio, seen = block(audio, seen, time[:, None], block.words(words), None, turns)
    rows = moving + time[:, None]
    for block in model.single_blocks:
        audio = block.told(audio, block.modulation(rows), turns.alone)
    return model.last(audio)
