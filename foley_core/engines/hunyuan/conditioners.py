"""The models that tell the transformer what is seen and what is asked for: SigLIP2, Synchformer and CLAP.

What they tell of a picture does not depend on what is asked for, and can be kept; words are read for each
prompt anew. Always as many pictures are looked at at once, so that what is told of one does not depend on the
others, not even by rounding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from transformers import ClapTextModelWithProjection, SiglipVisionModel

from foley_core.engines.hunyuan.config import MOST_TEXT
from foley_core.engines.hunyuan.synchformer import Synchformer

_FRAMES_AT_ONCE, _SEGMENTS_AT_ONCE = 4, 2
"""Few: a processor works on so many for seconds, and even a fast card is busy with them. A window that begins
where the one before has two segments left has 22 of its own."""


_MARKS = 64
"""So many numbers of each tensor; another training changes them all."""


class Conditioners:
    """All three, each where and in what it computes."""

    def __init__(
        self, visual: SiglipVisionModel, sync: Synchformer, text: ClapTextModelWithProjection, tokens: Any
    ) -> None:
        self.visual, self.sync, self.text, self.tokens = visual, sync, text, tokens
        self.at_work: Callable[[Callable[[], Tensor]], Tensor] = lambda work: work()
        """Does what they are asked for; `ModelRunner` takes care of memory there."""

    @property
    def fingerprint(self) -> str:
        """What tells of the picture, and in what it computes: where it is the same, what is told is, too."""
        return f"siglip2 {_marks(self.visual)}, synchformer {_marks(self.sync)}"

    def encode_frames(self, frames: Tensor, meanwhile: Callable[[], None] = lambda: None) -> Tensor:
        """SigLIP2's features of frames (frames, 512, 512, 3) of bytes: (frames, 768), on the CPU.

        `meanwhile` is called before each layer, for on a processor they take long; what it raises passes
        through.
        """
        with _between_layers(self.visual, meanwhile):
            return self.at_work(lambda: _told(frames, self._seen, _FRAMES_AT_ONCE))

    def encode_motion(self, segments: Tensor, meanwhile: Callable[[], None] = lambda: None) -> Tensor:
        """Synchformer's of segments (segments, 16, 224, 224, 3) of bytes: (segments, 8, 768), on the CPU."""
        with _between_layers(self.sync, meanwhile):
            return self.at_work(lambda: _told(segments, self._followed, _SEGMENTS_AT_ONCE))

    def encode_text(self, texts: Sequence[str]) -> Tensor:
        """CLAP's features of texts, padded to the longest of them: (texts, tokens, 768).

        CLAP itself does not look at padding; but as published, what it tells of padding is told, and what is
        longer than 77 tokens is cut after it was read. Of a text longer than CLAP can read only the
        beginning is read.
        """
        longest = self.text.config.max_position_embeddings - self.text.config.pad_token_id - 1
        given = self.tokens(
            list(texts), padding=True, truncation=True, max_length=longest, return_tensors="pt"
        )
        return self.at_work(lambda: self._read(given))

    @torch.no_grad()
    def _read(self, given: Any) -> Tensor:
        told: Tensor = self.text(**given.to(self.text.device)).last_hidden_state
        return told[:, :MOST_TEXT]

    def _seen(self, frames: Tensor) -> Tensor:
        return self.visual(pixel_values=_lit(frames, self.visual)).pooler_output

    def _followed(self, segments: Tensor) -> Tensor:
        return self.sync(_lit(segments, self.sync))


@torch.no_grad()
def _told(seen: Tensor, tell: Callable[[Tensor], Tensor], at_once: int) -> Tensor:
    """What is told of all that is seen, so many at once; the last are told twice where they are too few."""
    told = []
    for part in seen.split(at_once):
        missing = part[-1:].expand(at_once - len(part), *part.shape[1:])
        told.append(tell(torch.cat([part, missing]))[: len(part)].cpu())
    return torch.cat(told)


@contextmanager
def _between_layers(model: nn.Module, meanwhile: Callable[[], None]) -> Iterator[None]:
    """Call `meanwhile` before each layer of the model."""
    layers = (layer for stack in model.modules() if isinstance(stack, nn.ModuleList) for layer in stack)
    hooks = [layer.register_forward_pre_hook(lambda *given: meanwhile()) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _lit(pixels: Tensor, model: nn.Module) -> Tensor:
    """Bytes (..., height, width, 3) as (..., 3, height, width), from -1 to 1, where the model is."""
    place = next(model.parameters())
    lit = pixels.to(place.device).movedim(-1, -3).float() / 127.5 - 1
    return lit.to(place.dtype)


def _marks(model: nn.Module) -> str:
    """What tells a model from others: of each of its tensors some numbers, and what they are written in."""
    marks = hashlib.sha256()
    for tensor in model.state_dict().values():
        some = tensor.flatten()[:: -(-tensor.numel() // _MARKS)]
        marks.update(some.float().cpu().numpy().tobytes())
    return f"{marks.hexdigest()[:16]} {str(next(model.parameters()).dtype).removeprefix('torch.')}"
