"""Clicks through the whole path: a white frame in a film becomes a click in the WAV and in Blender's mixdown.

    python benchmarks/mixdown.py [--bpy PYTHON]...

For each kind of film: it is drawn, placed in Blender and trimmed, the add-on generates with the engine that
clicks at each white frame, through a real backend, and Blender mixes down.

Prints one JSON line: for each Blender and each kind the worst error in samples in the WAV (1 is asked for),
without its handles, and in the mixdown (3); ends with 1 where one is missed. Runs in a state folder of its
own.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import bpys  # noqa: E402
from tests.films import flash_film  # noqa: E402

IN_WAV, IN_MIXDOWN = 1.0, 3.0
SECONDS = 6
FLASHES = (31, 50, 77, 101)
TRIM, FRAMES = 17, 110
KINDS = {
    "24": ("cfr", "24"),
    "25": ("cfr", "25"),
    "23.976": ("cfr", "24000/1001"),
    "29.97": ("cfr", "30000/1001"),
    "30": ("cfr", "30"),
    "59.94": ("cfr", "60000/1001"),
    "3/0.1001": ("cfr", "30000/1001"),
    "vfr": ("vfr", "30"),
    "edit list": ("edit_list", "24"),
    "late start": ("late_start", "24"),
}
"""Each with its variant of film, and the rate of the film and of Blender's scene."""


def draw(folder: Path) -> list[dict[str, Any]]:
    """Draw the films; gives what Blender has to know of each, and the truth."""
    films = []
    for number, (kind, (variant, rate)) in enumerate(KINDS.items()):
        exact = Fraction(rate)
        film = flash_film(folder / f"{number}", rate=exact, seconds=SECONDS, flashes=FLASHES, variant=variant)
        whole = -(-exact.numerator // exact.denominator)
        fps, base = (3, 0.1001) if kind == "3/0.1001" else (whole, float(whole / exact))
        scene = {"fps": fps, "fps_base": base, "trim": TRIM, "frames": FRAMES}
        flashes = [str(time) for time in film.flashes]
        films.append({"kind": kind, "path": str(film.path), "rate": rate, "flashes": flashes, **scene})
    return films


def errors(film: dict[str, Any], heard: dict[str, Any]) -> dict[str, float]:
    """The worst error of the clicks in the WAV and in the mixdown, in samples; infinite if one is missing."""
    first = TRIM / Fraction(film["rate"])
    last = first + FRAMES / Fraction(film["rate"])
    flashes = [Fraction(time) for time in film["flashes"]]
    wanted = [(time - first) * 48_000 for time in flashes if first <= time < last]
    placed = (heard["strip_start"] - heard["scene_start"]) / Fraction(film["rate"]) * 48_000
    return {
        "wav": worst(heard["wav"], wanted),
        "mixdown": worst(heard["mixdown"], [placed + at for at in wanted]),
        "clicks": len(wanted),
    }


def worst(heard: list[int], wanted: list[Fraction]) -> float:
    """How far the click farthest from its place is off."""
    if len(heard) != len(wanted) or not wanted:
        return float("inf")
    return round(max(abs(float(at - place)) for at, place in zip(heard, wanted, strict=True)), 2)


def main() -> int:
    """Run it."""
    pythons = bpys.chosen(bpys.parser(__doc__).parse_args())
    with bpys.workplace() as folder:
        films = draw(folder)
        heard = [listen(python, films, folder / str(at)) for at, python in enumerate(pythons)]
    result = {
        found.pop("blender"): {film["kind"]: errors(film, found[film["kind"]]) for film in films}
        for found in heard
    }
    everything = [error for kinds in result.values() for error in kinds.values()]
    figures = {name: max(error[name] for error in everything) for name in ("wav", "mixdown")}
    met = bool(result) and figures["wav"] <= IN_WAV and figures["mixdown"] <= IN_MIXDOWN
    print(json.dumps({"benchmark": "mixdown", "met": met, "worst_samples": figures, "blenders": result}))
    return 0 if met else 1


def listen(python: str, films: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Let a Blender do all films; gives its version, and where it has heard what."""
    folder.mkdir()
    return bpys.half(python, "mixdown_in_blender.py", folder, said=films)


if __name__ == "__main__":
    sys.exit(main())
