"""How far ways of computing lie apart: bf16 from float32, compiled from eager, pieces from the whole.

    python benchmarks/precision.py [--size tiny|middle|xl|xxl]

One guided step of a window of 8 s in a transformer whose weights are drawn, and 10 s of latents decoded in
pieces of 1 s by a small autoencoder of the published form. Compiling is tried with the tiny transformer and
takes a minute or more. Prints a line of JSON for each figure and ends with 1 where one is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402

from benchmarks.drawn_models import ALL_SIZES, TINY, drawn, transformer  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402
from benchmarks.measures import apart  # noqa: E402
from benchmarks.plain import Step  # noqa: E402
from benchmarks.seeded import seeded  # noqa: E402
from foley_core.engines.hunyuan.conditions import joined  # noqa: E402
from foley_core.engines.hunyuan.config import LATENT_CHANNELS, LATENT_RATE, Size  # noqa: E402
from foley_core.engines.hunyuan.optimization import CompiledTransformer  # noqa: E402
from foley_core.engines.hunyuan.vae import FoleyVAE  # noqa: E402

HALF, COMPILED, PIECES = 2e-2, 1e-3, 1e-6
"""What is asked."""
SECONDS = 10


def half_figure(size: Size) -> Figure:
    """A step in bf16, of weights in bf16."""
    step = Step.drawn()
    exact = step.quickly(transformer(size))
    half = transformer(size, dtype=torch.bfloat16)
    far = apart(step.on(half).quickly(half), exact)
    return Figure("one step in bf16 against float32", f"<= {HALF:g}", far, far <= HALF, vars(size))


def compiled_figure() -> Figure:
    """A step, compiled, the words made longer; the second run, which compiles nothing."""
    step, model = Step.drawn(words=12), transformer(TINY)
    asked, unasked = step.conditions(model)
    both = joined([unasked, asked])
    expected = model(step.doubled, step.times, both)
    compiled = CompiledTransformer(model)
    compiled(step.doubled, step.times, both)
    far = apart(compiled(step.doubled, step.times, both), expected)
    return Figure("a step compiled against eager", f"<= {COMPILED:g}", far, far <= COMPILED, vars(TINY))


def pieces_figure() -> Figure:
    """Decoding in pieces."""
    vae = drawn(lambda: FoleyVAE(encoder_dim=8, decoder_dim=64))
    latents = seeded("precision.latents", (1, LATENT_CHANNELS, SECONDS * LATENT_RATE))
    pieces = torch.cat(list(vae.decode_pieces(latents, LATENT_RATE)), -1)
    far = apart(pieces, vae.decode(latents))
    return Figure("decoded in pieces against whole", f"<= {PIECES:g}", far, far <= PIECES)


@torch.inference_mode()
def figures(size: Size) -> Iterator[Figure]:
    """One after the other."""
    yield pieces_figure()
    yield half_figure(size)
    yield compiled_figure()


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=list(ALL_SIZES), default="middle")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    return judged(figures(ALL_SIZES[asked.size]))


if __name__ == "__main__":
    sys.exit(main())
