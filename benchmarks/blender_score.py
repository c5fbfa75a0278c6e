"""A long sequence scored in Blender in one batch: nothing lost, and Blender stays usable meanwhile.

    python benchmarks/blender_score.py [--bpy PYTHON]... [--shots 200]

Shots of one small film lie one after the other; `foley.score` asks for a click for each, through a real
backend. What the add-on's timer does is done ten times a second until all takes are placed; then twice more,
with a look at the memory that the add-on holds after each batch.

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
from tests.films import flash_film  # noqa: E402

ASKED = {
    "running_ms": ("timer tick with the whole batch in the queue", 0.5, "0.5 ms mean"),
    "worst_ms": ("longest tick, with takes being placed", 50.0, "50 ms"),
    "idle_ms": ("timer tick when idle", 0.2, "0.2 ms mean"),
    "redraw_ms": ("panel redraw with the batch in the queue", 10.0, "10 ms mean"),
    "block_ms": ("time that Score Sequence blocks the window", 50.0, "50 ms"),
    "grown_kb": ("memory of the add-on after another batch", 64.0, "flat: 64 KB more at most"),
}
"""Name, limit and the same in words."""


def figures(found: dict[str, Any]) -> list[Figure]:
    """What was reached in one Blender."""
    blender = {"blender": found["blender"]}
    missed = found["shots"] - found["in_place"] + found["others"]
    words = f"all {found['shots']} takes at their frames, no others"
    placed = Figure(
        "takes missing or misplaced", words, missed, missed == 0, blender | {"seconds": found["seconds"]}
    )
    details = {
        "worst_ms": {"mean": found["placing_ms"], "ticks": found["ticks"]},
        "block_ms": {"first_connection_ms": found["connect_ms"]},
        **{name: {"worst": found["worst_" + name]} for name in ("running_ms", "idle_ms", "redraw_ms")},
    }
    return [
        placed,
        *(
            Figure(name, words, found[key], found[key] <= limit, blender | details.get(key, {}))
            for key, (name, limit, words) in ASKED.items()
        ),
    ]


def main() -> int:
    """Run it."""
    parser = bpys.parser(__doc__)
    parser.add_argument("--shots", type=int, default=200)
    options = parser.parse_args()
    measured = (measure(python, options.shots) for python in bpys.chosen(options))
    return judged(figure for found in measured for figure in figures(found))


def measure(python: str, shots: int) -> dict[str, Any]:
    """Let a Blender run its half."""
    with bpys.workplace() as folder:
        film = flash_film(folder / "film", rate=24, seconds=2, flashes=[30])
        return bpys.half(python, "blender_score_in_blender.py", folder, film.path, shots)


if __name__ == "__main__":
    sys.exit(main())
