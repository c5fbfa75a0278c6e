"""The neural engine on a card: seconds for a window, how much of the card is used, memory.

    python benchmarks/hunyuan_gpu.py [--size xxl] [--batches 1 4 8] [--published FOLDER] [--steps N]

A transformer whose weights are drawn, in bf16: noise to latents for so many windows of 8 s at once, with
guidance and 77 tokens of words, eager, compiled, and compiled with fp8; then the decoding of one window. The
share is that of the card's measured rate of bf16 matrix products, for fp8 too. Memory is the most that torch
has held, weights included. FOLDER is where the published code is: its model runs on the same card with the
same weights, eager. Prints a line of JSON for each figure and ends with 1 where one is missed; most of the
time goes into compiling. `--tiny` tries the program itself, on a processor.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402
from torch import Tensor  # noqa: E402

from benchmarks.drawn_models import ALL_SIZES, drawn, transformer  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402
from benchmarks.measures import apart, matmul_rate, operations, seconds  # noqa: E402
from benchmarks.plain import Step  # noqa: E402
from benchmarks.published import Published  # noqa: E402
from foley_core.engines.hunyuan.conditions import joined  # noqa: E402
from foley_core.engines.hunyuan.config import LATENT_CHANNELS, LATENT_RATE, SIZES, WINDOW_SECONDS  # noqa: E402
from foley_core.engines.hunyuan.optimization import CompiledTransformer, in_fp8  # noqa: E402
from foley_core.engines.hunyuan.sampling import Model, Sampling, denoise  # noqa: E402
from foley_core.engines.hunyuan.transformer import FoleyTransformer  # noqa: E402
from foley_core.engines.hunyuan.vae import FoleyVAE  # noqa: E402
from foley_core.engines.hunyuan.windows import WINDOW  # noqa: E402

SHARE, MEMORY_GB, QUICKER, SAME = 0.6, 12.5, 2.0, 2e-2
"""What is asked: the share at the largest batch; memory at batch 1; how much quicker compiled is at batch 1,
and how far it may lie from eager in bf16."""
REPEATS = 3


@dataclass(frozen=True)
class Setting:
    """What is run, and where."""

    size: str
    batches: Sequence[int]
    steps: int
    device: str = "cuda"
    backend: str = "inductor"
    published: Path | None = None

    def model(self) -> FoleyTransformer:
        """In bf16."""
        return transformer(ALL_SIZES[self.size], dtype=torch.bfloat16, device=self.device)

    def compiled(self, weights: FoleyTransformer) -> CompiledTransformer:
        """Anew for each batch: what was compiled before is let go of, and its memory is not counted."""
        return CompiledTransformer(weights, self.backend)

    @property
    def rate(self) -> float:
        """Of matrix products in bf16, measured."""
        return matmul_rate(torch.bfloat16, 8192 if self.device == "cuda" else 256, self.device)


TINY = Setting("tiny", (1, 2), 1, "cpu", "eager")


@dataclass(frozen=True)
class Timed:
    """One way at one batch."""

    seconds: float
    """For a window."""
    gigabytes: float
    velocity: Tensor
    """Of the step."""


def timed(
    run: Callable[[], Any], velocity: Callable[[], Tensor], setting: Setting, batch: int, beside: int = 0
) -> Timed:
    """The median of some runs, after one that compiles what is to be compiled.

    `beside` are bytes on the card that have nothing to do with it.
    """
    on_card = setting.device == "cuda"
    if on_card:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    told = velocity().clone()
    velocity()
    taken = statistics.median(seconds(run, setting.device) for _ in range(REPEATS))
    held = torch.cuda.max_memory_reserved() - beside if on_card else 0
    return Timed(taken / batch, held / 1e9, told)


def ours(model: Model, weights: FoleyTransformer, setting: Setting, batch: int) -> Timed:
    """`model` may be compiled."""
    step = Step.drawn(batch).on(weights)
    asked, unasked = step.conditions(weights)
    both = joined([unasked, asked])
    sampling = Sampling(steps=setting.steps)
    return timed(
        lambda: denoise(model, step.noise, asked, unasked, sampling),
        lambda: model(step.doubled, step.times, both),
        setting,
        batch,
    )


def theirs(model: Published, weights: FoleyTransformer, setting: Setting, batch: int) -> Timed:
    """The published code."""
    step = Step.drawn(batch).on(weights)
    text, visual, sync = step.features(weights)

    def velocity() -> Tensor:
        return model(step.doubled, step.times, text, visual, sync)

    def run() -> None:
        for _ in range(setting.steps):
            velocity()

    beside = sum(tensor.nbytes for tensor in weights.parameters())
    return timed(run, velocity, setting, batch, beside)


def work(weights: FoleyTransformer, batch: int) -> int:
    """Operations of a guided step."""
    step = Step.drawn(batch).on(weights)
    return operations(lambda: step.quickly(weights)) - operations(lambda: step.conditions(weights))


def figures_of(
    way: str, found: dict[int, Timed], expected: dict[int, Timed], done: Report
) -> Iterator[Figure]:
    """Of one way at all batches; `expected` are those of the eager way."""
    for batch, one in found.items():
        share = done.work[batch] * done.steps / batch / one.seconds / done.rate
        far = apart(one.velocity, expected[batch].velocity)
        details = {
            "share_of_matmul_rate": share,
            "gigabytes": one.gigabytes,
            "from_eager": far,
            "times_eager": expected[batch].seconds / one.seconds,
            "tera_operations": done.work[batch] * done.steps / batch / 1e12,
        }
        yield Figure(f"{way}, batch {batch}: seconds for a window", "told", one.seconds, True, details)


@dataclass
class Report:
    """What figures are judged by."""

    steps: int
    rate: float
    work: dict[int, int]


def aims(eager: dict[int, Timed], compiled: dict[int, Timed], done: Report) -> Iterator[Figure]:
    """What the ways must reach."""
    one, most = min(eager), max(eager)
    share = done.work[most] * done.steps / most / compiled[most].seconds / done.rate
    yield Figure(f"compiled, batch {most}: share of the matmul rate", f">= {SHARE}", share, share >= SHARE)
    memory = min(eager[one].gigabytes, compiled[one].gigabytes)
    yield Figure("memory at batch 1, GB", f"<= {MEMORY_GB}", memory, memory <= MEMORY_GB)
    quicker = eager[one].seconds / compiled[one].seconds
    yield Figure("compiled against eager at batch 1", f">= {QUICKER}", quicker, quicker >= QUICKER)
    far = max(apart(compiled[batch].velocity, eager[batch].velocity) for batch in eager)
    yield Figure("compiled against eager, difference", f"<= {SAME:g}", far, far <= SAME)


@torch.inference_mode()
def figures(setting: Setting) -> Iterator[Figure]:
    """One after the other."""
    weights = setting.model()
    done = Report(setting.steps, setting.rate, {batch: work(weights, batch) for batch in setting.batches})
    card = torch.cuda.get_device_name() if setting.device == "cuda" else "processor"
    yield Figure("rate of matrix products in bf16, T/s", "told", done.rate / 1e12, True, {"card": card})

    eager = {batch: ours(weights, weights, setting, batch) for batch in setting.batches}
    yield from figures_of("eager", eager, eager, done)
    if setting.published:
        model = Published(setting.published, setting.size, weights)
        found = {batch: theirs(model, weights, setting, batch) for batch in setting.batches}
        yield from figures_of("published code", found, eager, done)
        del model
    compiled = {batch: ours(setting.compiled(weights), weights, setting, batch) for batch in setting.batches}
    yield from figures_of("compiled", compiled, eager, done)
    if setting.device == "cuda":
        yield from aims(eager, compiled, done)

    in_fp8(weights, torch.device(setting.device))
    found = {batch: ours(setting.compiled(weights), weights, setting, batch) for batch in setting.batches}
    yield from figures_of("compiled, fp8", found, eager, done)
    yield decoding(setting)


def decoding(setting: Setting) -> Figure:
    """Of one window, a second at a time, by the published autoencoder or a small one."""
    widths = (128, 2048) if setting.size in SIZES else (8, 64)
    vae = drawn(lambda: FoleyVAE(encoder_dim=widths[0], decoder_dim=widths[1]), device=setting.device)
    latents = torch.randn(1, LATENT_CHANNELS, WINDOW, device=setting.device)

    def decode() -> None:
        for _piece in vae.decode_pieces(latents, LATENT_RATE):
            pass

    decode()
    taken = min(seconds(decode, setting.device) for _ in range(REPEATS))
    return Figure(f"decoding {WINDOW_SECONDS} s in float32, seconds", "told", taken, True)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=list(SIZES), default="xxl")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 4, 8])
    parser.add_argument("--steps", type=int, default=Sampling().steps)
    parser.add_argument("--published", type=Path, metavar="FOLDER")
    parser.add_argument("--tiny", action="store_true", help="a tiny model on the processor, two steps")
    asked = parser.parse_args()
    if asked.tiny:
        return judged(figures(TINY))
    if not torch.cuda.is_available():
        parser.error("there is no card that torch can use; --tiny tries the program on the processor")
    return judged(figures(Setting(asked.size, asked.batches, asked.steps, published=asked.published)))


if __name__ == "__main__":
    sys.exit(main())
