"""What is measured of a computation: operations, seconds, the rate of matrix products, distance."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

_ON_PROCESSORS = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu


def operations(compute: Callable[[], Any], *, attention: bool = True) -> int:
    """Floating point operations, by torch's counter, which must be told of `attention` on processors."""
    told = {_ON_PROCESSORS: _attention} if attention else {}
    with FlopCounterMode(display=False, custom_mapping=told) as counter:
        compute()
    return int(counter.get_total_flops())


def _attention(query: Any, key: Any, value: Any, *_: Any, **__: Any) -> int:
    return sdpa_flop_count(query, key, value)


def seconds(compute: Callable[[], Any], device: str = "cpu") -> float:
    """Of one run, and of all that it leaves a card to do."""
    _wait(device)
    start = time.perf_counter()
    compute()
    _wait(device)
    return time.perf_counter() - start


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def matmul_rate(dtype: torch.dtype = torch.float32, size: int = 1024, device: str = "cpu") -> float:
    """Operations a second of a product of two square matrices, the quickest of twenty."""
    a, b = (torch.randn(size, size, dtype=dtype, device=device) for _ in range(2))
    return 2 * size**3 / min(seconds(lambda: a @ b, device) for _ in range(20))


def apart(found: Tensor, expected: Tensor) -> float:
    """Norm of the difference over norm."""
    return float((found.double() - expected.double()).norm() / expected.double().norm())
