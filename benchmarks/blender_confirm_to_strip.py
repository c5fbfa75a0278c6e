"""How long an editor waits in Blender from the dialog's button until the sound lies on the timeline.

    python benchmarks/blender_confirm_to_strip.py [--bpy PYTHON]... [--runs 5]

The clip is 10 s of 1920 by 1080 at 30 frames a second, the demonstration film made larger; the engine is the
built-in one; the add-on's timer ticks as it does in a window. Warm: the backend runs and has made a take of
another film. Known: the same clip again, with other words. Cold: no backend runs; it is started by the button
alone, not ahead by the dialog.

Prints one line of JSON for each figure, medians over the runs; ends with 1 where one is missed. Runs in state
folders of its own.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import av  # noqa: E402

from benchmarks import bpys  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402

DEMO = ROOT / "installers" / "demo" / "demo.mp4"
SIZE = 1920, 1080
QUALITIES = (20, 21)
"""Of two films that show the same; to the backend they are different ones."""
LIMITS = {"warm, a clip that is new": 2.5, "warm, a clip that is known": 0.6, "cold": 4.0}


def enlarged(path: Path, quality: int) -> Path:
    """The demonstration film in the size of a clip from a camera, every picture at its own time."""
    with av.open(str(DEMO)) as source, av.open(str(path), "w") as target:
        (picture,) = source.streams.video
        stream = target.add_stream("libx264", rate=picture.average_rate)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"crf": str(quality)}
        stream.time_base = picture.time_base
        for frame in source.decode(picture):
            larger = frame.reformat(*SIZE, format="yuv420p")
            larger.pts, larger.time_base = frame.pts, frame.time_base
            target.mux(stream.encode(larger))
        target.mux(stream.encode())
    return path


def measured(python: str, runs: int, films: list[Path]) -> Iterator[Figure]:
    """The figures of one Blender."""
    found = []
    for _ in range(runs):
        with bpys.workplace() as folder:
            found.append(bpys.half(python, "blender_confirm_to_strip_in_blender.py", folder, *films))
    for name, limit in LIMITS.items():
        seconds = [one["seconds"][name] for one in found]
        reached = statistics.median(seconds)
        details: dict[str, Any] = {"blender": found[0]["blender"], "worst": max(seconds)}
        yield Figure(
            f"seconds from confirm to strip, {name}", f"{limit:g} s", reached, reached <= limit, details
        )


def main() -> int:
    """Run it."""
    parser = bpys.parser(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        films = [enlarged(Path(folder) / f"{quality}.mp4", quality) for quality in QUALITIES]
        return judged(
            figure for python in bpys.chosen(options) for figure in measured(python, options.runs, films)
        )


if __name__ == "__main__":
    sys.exit(main())
