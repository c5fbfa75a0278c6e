"""The transformer made faster: compiled, which changes nothing but the last digits; and in 8 bits.

Neither is done unless asked for; what it costs and brings is in docs/performance.md. Both can be had
together: first 8 bits, then compiling. Leaving out blocks stands in `block_cache.py`, and goes with both:
`partial(model, cache=BlockCache(0.1))`, made anew for each run, is a `sampling.Model` too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from foley_core.engines.hunyuan.block_cache import BlockCache
from foley_core.engines.hunyuan.conditions import Conditions, lengthened
from foley_core.engines.hunyuan.config import MOST_TEXT
from foley_core.engines.hunyuan.transformer import FoleyTransformer, whole

_FP8 = re.compile(
    r"triple_blocks\.\d+\.((audio|v_cond)_(self_attn_qkv|attn_qkv|self_proj|mlp\.fc[12]))"
    r"|single_blocks\.\d+\.(linear_qkv|linear1|linear2\.w[123])"
)
"""The layers where nearly all the work is. What tells the conditions, asks the words, modulates, and gives
the velocity is left as it is: little is to be gained there, and users found that it suffers."""
_FP8_CARD = (8, 9)
"""From this compute capability on, cards multiply in 8 bits."""


class CompiledTransformer:
    """A transformer, compiled for the shapes it meets: a `sampling.Model`.

    On a card each part is one CUDA graph for a shape. The words are made 77 tokens, so that windows of one
    length and number are one shape whatever is asked for. The first look at a shape takes a minute or more.
    The transformer must stay where it is: what is moved to and from the card cannot be one graph.
    """

    def __init__(self, transformer: FoleyTransformer, backend: str = "inductor") -> None:
        torch.compiler.reset()  # what was compiled for another model is kept, and counts against a limit
        self._graphs = transformer.device.type == "cuda" and backend == "inductor"
        self.first = self._compiled(transformer.first, backend)
        self.rest = self._compiled(transformer.rest, backend)
        self.last = self._compiled(transformer.last, backend)
        self._given: Conditions | None = None
        self._lengthened: Conditions | None = None

    def _compiled(self, part: Callable[..., Any], backend: str) -> Callable[..., Any]:
        mode = "reduce-overhead" if self._graphs else None
        compiled: Callable[..., Any] = torch.compile(
            part, fullgraph=True, dynamic=False, backend=backend, mode=mode
        )
        return compiled

    def __call__(
        self, latents: Tensor, times: Tensor, conditions: Conditions, cache: BlockCache | None = None
    ) -> Tensor:
        """See `FoleyTransformer.forward`."""
        if conditions is not self._given or self._lengthened is None:
            self._given, self._lengthened = conditions, lengthened(conditions, MOST_TEXT)
        if self._graphs:
            torch.compiler.cudagraph_mark_step_begin()
        told = whole(self, latents, times, self._lengthened, cache)
        return told.clone() if self._graphs else told  # a graph's own memory is written over at the next step


def in_fp8(transformer: FoleyTransformer, on: torch.device) -> None:
    """Put the weights of the large layers into 8 bits (e4m3), for work on that device; there is no way back.

    Where the card multiplies in 8 bits, what goes into these layers is rounded too, row by row, which is
    meant to be faster when compiled; the model must be in bf16 then. Elsewhere only memory is saved.
    """
    from torchao.quantization import quantize_

    large = {name: module for name, module in transformer.named_modules() if _FP8.fullmatch(name)}
    for module in large.values():
        module.weight = nn.Parameter(module.weight.flatten(1), requires_grad=False)
    quantize_(transformer, _fp8_kind(on), lambda module, name: name in large)


def _fp8_kind(on: torch.device) -> Any:
    from torchao.quantization import (
        Float8DynamicActivationFloat8WeightConfig,
        Float8WeightOnlyConfig,
        PerRow,
    )

    if on.type == "cuda" and torch.cuda.get_device_capability(on) >= _FP8_CARD:
        return Float8DynamicActivationFloat8WeightConfig(granularity=PerRow(), set_inductor_config=False)
    return Float8WeightOnlyConfig(set_inductor_config=False)
