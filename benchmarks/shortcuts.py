"""What the neural engine's shortcuts bring and cost: fewer steps, blocks left out, guidance left out, 8 bits.

    python benchmarks/shortcuts.py [--size tiny|middle|xl|xxl] [--seconds N]

From noise to latents by a transformer whose weights are drawn, once for each way. Errors are those of the
latents, norm of the difference over norm: where steps are fewer, against the truth, which is 400 steps of the
second order; else against the published way, 50 steps of Euler's. Work is the share of the operations of the
published way. The weights that embed time are drawn so that the path is smooth, as that of a trained model
is. Still this tells what the arithmetic does and not what is heard. Prints a line of JSON for each way; all
that is judged is that what leaves nothing out changes nothing.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402
from torch import Tensor  # noqa: E402

from benchmarks.drawn_models import ALL_SIZES, transformer  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402
from benchmarks.measures import apart, operations  # noqa: E402
from benchmarks.plain import Step  # noqa: E402
from foley_core.engines.hunyuan.block_cache import BlockCache  # noqa: E402
from foley_core.engines.hunyuan.conditions import joined  # noqa: E402
from foley_core.engines.hunyuan.config import Size  # noqa: E402
from foley_core.engines.hunyuan.optimization import in_fp8  # noqa: E402
from foley_core.engines.hunyuan.sampling import Model, Sampling, denoise  # noqa: E402
from foley_core.engines.hunyuan.transformer import FoleyTransformer  # noqa: E402

TRUTH = Sampling(steps=400, solver="multistep")
FEWER = [
    Sampling(),
    Sampling(steps=25),
    Sampling(steps=25, solver="heun"),
    *(Sampling(steps=steps, solver="multistep") for steps in (50, 35, 30, 25, 20, 15)),
]
THRESHOLDS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
UNGUIDED_FROM = (0.9, 0.8, 0.7)


def smooth(model: FoleyTransformer) -> FoleyTransformer:
    """The same, blind to what of the time's embedding turns more than once along the path."""
    weight = model.time_in.mlp[0].weight
    turns = 1000 * torch.exp(-math.log(10_000) * torch.arange(128) / 128) / (2 * math.pi)
    slow = (turns <= 1).repeat(2)
    weight *= slow * (256 / slow.sum()) ** 0.5
    return model


class Runs:
    """From noise to latents, as often as wanted."""

    def __init__(self, size: Size, seconds: int) -> None:
        self.model, self.step = smooth(transformer(size)), Step.drawn(seconds=seconds, words=12)
        self.asked, self.unasked = self.step.conditions(self.model)
        self.guided = operations(self._look(joined([self.unasked, self.asked]), 2))
        self.unguided = operations(self._look(self.asked, 1))
        self.published = self.run(Sampling())

    def _look(self, conditions: Any, halves: int) -> Any:
        latents, times = self.step.doubled[:halves], self.step.times[:halves]
        return lambda: self.model(latents, times, conditions)

    def run(self, sampling: Sampling, model: Model | None = None) -> Tensor:
        """Latents."""
        return denoise(model or self.model, self.step.noise, self.asked, self.unasked, sampling)

    def first_block(self) -> int:
        """Operations of what is always computed of a guided step."""
        both = joined([self.unasked, self.asked])

        def some() -> Tensor:
            return self.model.last(self.model.first(self.step.doubled, self.step.times, both)[0])

        return operations(some)


def fewer_steps(runs: Runs) -> Iterator[Figure]:
    """Solvers."""
    truth = runs.run(TRUTH)
    for sampling in FEWER:
        looks = 2 * sampling.steps - 1 if sampling.solver == "heun" else sampling.steps
        far = apart(runs.run(sampling), truth)
        details = {"work": looks / Sampling().steps}
        yield _told(f"{sampling.steps} steps, {sampling.solver}, against the truth", far, details)


def less_guidance(runs: Runs) -> Iterator[Figure]:
    """Guidance up to a share of the steps."""
    for past in UNGUIDED_FROM:
        far = apart(runs.run(Sampling(guided=(0.0, past))), runs.published)
        work = past + (1 - past) * runs.unguided / runs.guided
        yield _told(f"guidance on the first {past:.0%} of the steps", far, {"work": work})


def left_out_blocks(runs: Runs) -> Iterator[Figure]:
    """Of rising thresholds; at the first nothing may change."""
    least = runs.first_block() / runs.guided
    for threshold in THRESHOLDS:
        cache = BlockCache(threshold)
        far = apart(runs.run(Sampling(), partial(runs.model, cache=cache)), runs.published)
        left_out = cache.left_out / cache.steps
        details = {"left_out": left_out, "work": 1 - left_out * (1 - least)}
        name = f"first-block cache, threshold {threshold}"
        if threshold:
            yield _told(name, far, details)
        else:
            yield Figure(name, "0", far, far == 0 and cache.left_out == 0, details)


def eight_bits(runs: Runs, size: Size) -> Iterator[Figure]:
    """Of weights alone, as on processors and older cards, against bf16 alone."""
    for name, in_eight in (("bf16", False), ("bf16, large weights in fp8", True)):
        model = smooth(transformer(size, dtype=torch.bfloat16))
        if in_eight:
            in_fp8(model, torch.device("cpu"))
        step = runs.step.on(model)
        asked, unasked = step.conditions(model)
        found = denoise(model, runs.step.noise, asked, unasked, Sampling())
        weights = sum(_held(parameter) for parameter in model.parameters())
        yield _told(name, apart(found, runs.published), {"weights_mb": weights / 1e6})


def _held(weight: Tensor) -> int:
    """Bytes; torchao's tensors tell those of what they stand for."""
    parts = [weight.qdata, weight.scale] if hasattr(weight, "qdata") else [weight]
    return sum(part.nbytes for part in parts)


def _told(name: str, reached: float, details: dict[str, Any]) -> Figure:
    return Figure(name, "told", reached, True, details)


@torch.inference_mode()
def figures(size: Size, seconds: int) -> Iterator[Figure]:
    """One after the other."""
    runs = Runs(size, seconds)
    yield from left_out_blocks(runs)
    yield from less_guidance(runs)
    yield from fewer_steps(runs)
    yield from eight_bits(runs, size)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=list(ALL_SIZES), default="tiny")
    parser.add_argument("--seconds", type=int, default=8)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    return judged(figures(ALL_SIZES[asked.size], asked.seconds))


if __name__ == "__main__":
    sys.exit(main())
