"""The built-in engine's sounds: can they be told apart, and do they do what strength, size and movement say?

    python benchmarks/sounds.py [--seeds 20] [--kinds wood,metal] [--only neighbours,blows,layers,written]

Prints one JSON line for each figure: what is asked, what is reached, the worst kinds; ends with 1 where one
is missed. All sound is made by `perform` with a prompt, as for a user. Takes about
ten minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import blows, layers, neighbours
from benchmarks.figure import Figure, judged
from benchmarks.played import loaded
from foley_core.engines.procedural.catalogue import catalogue

PARTS = ("neighbours", "blows", "layers", "written")


def figures(parts: list[str], names: list[str], seeds: int) -> Iterator[Figure]:
    """Those asked for."""
    engine = loaded()
    kinds = [kind for name, kind in catalogue().items() if not names or name in names]
    if "neighbours" in parts:
        yield from neighbours.figures(engine, kinds, seeds)
    if "blows" in parts:
        yield from blows.figures(engine, kinds, seeds)
    if "layers" in parts:
        yield layers.movements(engine, kinds)
        yield from layers.beds(engine, kinds)
        yield layers.spaces(engine)
    if "written" in parts:
        yield from layers.written()


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--kinds", default="", help="names, with commas between; all of them if left out")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between")
    options = parser.parse_args()
    parts, names = options.only.split(","), [name for name in options.kinds.split(",") if name]
    if unknown := {*parts} - {*PARTS} | {*names} - {*catalogue()}:
        parser.error(f"There is no {', '.join(sorted(unknown))}.")
    return judged(figures(parts, names, options.seeds))


if __name__ == "__main__":
    sys.exit(main())
