"""The neural engine's step on a processor, against the plain way.

    python benchmarks/hunyuan.py [--pairs N] [--threads N]

One guided step of a window of 8 s and 77 tokens of words, in a transformer of middle size (hidden 512, 8
heads, 6 triple and 12 single blocks) whose weights are drawn. The plain way stands in benchmarks/plain.py.
Operations are those that torch counts, which leaves out attention on processors; with it they are told too.
Times are taken by turns, and the ratio is the median of those of the pairs. Shares are of the rate of a
product of two matrices of 1024 by 1024. Prints a line of JSON for each figure and ends with 1 where one is
missed. Takes two minutes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402
from torch import Tensor  # noqa: E402

from benchmarks.drawn_models import MIDDLE, transformer  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402
from benchmarks.measures import apart, matmul_rate, operations, seconds  # noqa: E402
from benchmarks.plain import Step  # noqa: E402
from foley_core.engines.hunyuan.conditions import joined  # noqa: E402

OPERATIONS, TIME, SAME = 0.88, 0.93, 1e-5
"""What is asked."""
PAIRS = 15


@torch.inference_mode()
def figures(pairs: int) -> Iterator[Figure]:
    """One after the other."""
    model, step = transformer(MIDDLE), Step.drawn()
    asked, unasked = step.conditions(model)
    both = joined([unasked, asked])

    def ours() -> Tensor:
        return model(step.doubled, step.times, both)

    def plain() -> Tensor:
        return step.plainly(model)

    far = apart(ours(), plain())
    yield Figure("our step against the plain one, difference", f"<= {SAME:g}", far, far <= SAME)

    counts = operations(ours), operations(plain)
    counted = operations(ours, attention=False), operations(plain, attention=False)
    ratio = counted[0] / counted[1]
    details: dict[str, Any] = {"gflop": [count / 1e9 for count in counted]}
    details |= {"with_attention": counts[0] / counts[1], "gflop_with_attention": [c / 1e9 for c in counts]}
    yield Figure("operations against the plain way", f"<= {OPERATIONS}", ratio, ratio <= OPERATIONS, details)

    rates = [matmul_rate()]
    times = [(seconds(ours), seconds(plain)) for _ in range(pairs)]
    rates.append(matmul_rate())
    ratios = [quick / slow for quick, slow in times]
    medians = [statistics.median(column) for column in zip(*times, strict=True)]
    details = {
        "lowest": min(ratios),
        "highest": max(ratios),
        "seconds": medians,
        "share_of_matmul_rate": [c / m / max(rates) for c, m in zip(counts, medians, strict=True)],
        "matmul_gflop_s": [rate / 1e9 for rate in rates],
        "pairs": pairs,
        "threads": torch.get_num_threads(),
    }
    ratio = statistics.median(ratios)
    yield Figure("time against the plain way", f"<= {TIME}", ratio, ratio <= TIME, details)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    return judged(figures(asked.pairs))


if __name__ == "__main__":
    sys.exit(main())
