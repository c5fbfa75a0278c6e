"""Models whose weights are drawn by the rule in `seeded.py`, where there are no published ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch
from torch import nn

from benchmarks.seeded import parameter
from foley_core.engines.hunyuan.config import SIZES, Size
from foley_core.engines.hunyuan.transformer import FoleyTransformer

TINY = Size(hidden=128, heads=4, triples=2, singles=3)
MIDDLE = Size(hidden=512, heads=8, triples=6, singles=12)
ALL_SIZES = {"tiny": TINY, "middle": MIDDLE, **SIZES}

Module = TypeVar("Module", bound=nn.Module)


def transformer(
    size: Size, seed: int = 0, dtype: torch.dtype = torch.float32, device: str = "cpu"
) -> FoleyTransformer:
    """Of that size."""
    return drawn(lambda: FoleyTransformer(**vars(size)), seed, dtype=dtype, device=device)


def drawn(
    build: Callable[[], Module],
    seed: int = 0,
    prefix: str = "",
    *,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
) -> Module:
    """What `build` makes, ready to compute; its tensors are named `prefix` and their own name.

    They are drawn by all processors at once, and no more is held than the model has.
    """
    with torch.device("meta"):
        model = build()

    def fill(key: str) -> None:
        shape = tuple(model.get_parameter(key).shape)
        given = parameter(prefix + key, shape, seed).to(device, dtype)
        owner, _, name = key.rpartition(".")
        setattr(model.get_submodule(owner), name, nn.Parameter(given, requires_grad=False))

    with ThreadPoolExecutor() as threads:
        list(threads.map(fill, [key for key, _ in model.named_parameters()]))
    return model.eval()
