"""How long the add-on keeps Blender's window waiting: each operator, each timer tick, each take that comes.

    python benchmarks/blender_operators.py [--bpy PYTHON]...

The operators work on a trimmed clip of the demonstration film, 1280 by 720, in a project with 221 more clips,
through a real backend and the built-in engine. Each is run a few times, the first time with nothing warm.

Prints one line of JSON for each figure, and ends with 1 where one is missed. Runs in a state folder of its
own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import bpys  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402

FILM = ROOT / "installers" / "demo" / "demo.mp4"
BLOCK_MS, COPY_MS, RUNNING_MS, IDLE_MS = 30.0, 100.0, 0.5, 0.2


def figures(found: dict[str, Any]) -> list[Figure]:
    """What was reached in one Blender."""
    blender = {"blender": found["blender"]}
    reached = [
        _mean("timer tick with a job running", found["running"], RUNNING_MS, blender),
        _mean("timer tick when idle", found["idle"], IDLE_MS, blender),
    ]
    for name, times in found["took"].items():
        later = times[1:] or times
        details = blender | {"first": times[0], "mean_of_later": sum(later) / len(later)}
        worst, limit = max(times), COPY_MS if name.startswith("a copy") else BLOCK_MS
        reached.append(Figure(name, f"{limit:g} ms at worst", worst, worst <= limit, details))
    return reached


def _mean(name: str, times: list[float], limit: float, details: dict[str, Any]) -> Figure:
    mean = sum(times) / len(times)
    return Figure(name, f"{limit:g} ms mean", mean, mean <= limit, details | {"worst": max(times)})


def main() -> int:
    """Run it."""
    pythons = bpys.chosen(bpys.parser(__doc__).parse_args())
    return judged(figure for python in pythons for figure in figures(measure(python)))


def measure(python: str) -> dict[str, Any]:
    """Let a Blender run its half."""
    with bpys.workplace() as folder:
        return bpys.half(python, "blender_operators_in_blender.py", folder, FILM)


if __name__ == "__main__":
    sys.exit(main())
