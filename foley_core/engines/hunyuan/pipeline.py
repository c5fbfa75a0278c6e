"""All models together: features and words to latents, latents to sound. A diffusers pipeline.

So it can be saved as folders and loaded again, and its models can be kept on a card, moved there one by one,
or block by block. Knows nothing of films, cues or time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from diffusers import DiffusionPipeline
from torch import Tensor
from transformers import ClapTextModelWithProjection, SiglipVisionModel

from foley_core.engines.hunyuan import loading
from foley_core.engines.hunyuan.conditioners import Conditioners
from foley_core.engines.hunyuan.conditions import Conditions, moved
from foley_core.engines.hunyuan.sampling import Model, Sampling, denoise
from foley_core.engines.hunyuan.synchformer import Synchformer
from foley_core.engines.hunyuan.transformer import FoleyTransformer
from foley_core.engines.hunyuan.vae import FoleyVAE
from foley_core.engines.hunyuan.weights import Weights

_PIECE = 50
"""Latents that are decoded at once: a second."""


@dataclass(frozen=True)
class PipelineInputs:
    """What windows are to be made of; all of one length."""

    words: Tensor
    """CLAP's features of the negative prompt and the prompt, (2, tokens, 768)."""
    visual: Tensor | None
    """SigLIP2's, (windows, 64, 768); None where the prompt alone tells what is heard."""
    sync: Tensor
    """Synchformer's, (windows, 192, 768)."""
    noise: Tensor
    """(windows, 128, 400)."""

    def part(self, rows: slice) -> PipelineInputs:
        """Some of the windows."""
        visual = None if self.visual is None else self.visual[rows]
        return replace(self, visual=visual, sync=self.sync[rows], noise=self.noise[rows])


class FoleyPipeline(DiffusionPipeline):
    """HunyuanVideo-Foley whole."""

    model_cpu_offload_seq = "image_encoder->synchformer->text_encoder->transformer->vae"

    def __init__(
        self,
        transformer: FoleyTransformer,
        vae: FoleyVAE,
        synchformer: Synchformer,
        image_encoder: SiglipVisionModel,
        text_encoder: ClapTextModelWithProjection,
        tokenizer: Any,
    ) -> None:
        super().__init__()
        self.register_modules(
            transformer=transformer,
            vae=vae,
            synchformer=synchformer,
            image_encoder=image_encoder,
            text_encoder=text_encoder,
            tokenizer=tokenizer,
        )

    @classmethod
    def of(cls, weights: Weights, dtype: torch.dtype) -> FoleyPipeline:
        """Loaded from files. Sound is made and words are read in float32, which costs little."""
        return cls(
            loading.load_transformer(weights.transformer, dtype),
            loading.load_vae(weights.vae),
            loading.load_synchformer(weights.synchformer, dtype),
            loading.load_image_encoder(weights.siglip, dtype),
            loading.load_text_encoder(weights.clap),
            loading.load_tokenizer(weights.tokenizer),
        )

    @property
    def conditioners(self) -> Conditioners:
        """The three that look and read."""
        return Conditioners(self.image_encoder, self.synchformer, self.text_encoder, self.tokenizer)

    @torch.no_grad()  # under `inference_mode` torchao cannot move weights in 8 bits to another device
    def __call__(
        self,
        asked: PipelineInputs,
        sampling: Sampling,
        tick: Callable[[float], None] = lambda share: None,
        model: Model | None = None,
    ) -> Tensor:
        """Latents (windows, 128, 400), float32. `model` may take the transformer's place, if it is its equal.

        `tick` is told the share done before each step; what it raises passes through.
        """
        place = self._execution_device
        count, latents = len(asked.noise), asked.noise.shape[-1]
        negative, prompt = (text.expand(count, -1, -1) for text in asked.words.split(1))
        away = self._conditions(negative, latents, None, None)
        toward = self._conditions(prompt, latents, asked.visual, asked.sync)
        return denoise(model or self.transformer, asked.noise.to(place), toward, away, sampling, tick)

    @torch.no_grad()
    def sound(self, latents: Tensor) -> Iterator[Tensor]:
        """One window's latents (128, latents) as sound, a second at a time."""
        given = latents[None].to(self._execution_device, self.vae.dtype)
        for piece in self.vae.decode_pieces(given, _PIECE):
            yield piece[0, 0].float().cpu()

    def _conditions(
        self, text: Tensor, latents: int, visual: Tensor | None, sync: Tensor | None
    ) -> Conditions:
        """Made where the weights lie: those that are moved block by block are not moved for this."""
        place = self._execution_device
        weights = self.transformer.cond_in.linear_1.weight
        near = "cpu" if getattr(self.transformer, "_diffusers_hook", None) else place

        def given(features: Tensor | None) -> Tensor | None:
            return None if features is None else features.to(near, weights.dtype)

        made = self.transformer.conditions(given(text), latents, given(visual), given(sync))
        return moved(made, place)
