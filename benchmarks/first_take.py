"""How soon the first take is there for somebody else's client: the example in Node.js, from start to end.

    python benchmarks/first_take.py [--runs N]

Each run has a state folder of its own, as set-up leaves it. First the backend is off: Node.js starts, starts
it, and gets a take of the demo clip's first 4 s (720p), which nobody has watched before. Then it is on:
another take of that clip, which is known by now, and one of a drawn film of 4 s that is new. Beside them
stand the same for the example in Python, and how long each stage took.

Prints one JSON line for each figure, medians over the runs; ends with 1 where one is missed. Needs Node.js,
and npm's zeromq as the tests have it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import av  # noqa: E402

from benchmarks.figure import Figure, judged  # noqa: E402
from tests.films import flash_film  # noqa: E402

EXAMPLES = ROOT / "docs" / "examples"
DEMO = ROOT / "installers" / "demo" / "demo.mp4"
SECONDS = 4
OFF_S, KNOWN_S, NEW_S = 3.0, 0.5, 1.0
"""A film that is new is watched first."""
CASES = {"off": OFF_S, "on, a clip that is known": KNOWN_S, "on, a film that is new": NEW_S}


class Editor:
    """Somebody else's client, with a state folder of its own. A context manager; it ends the backend."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self.folder, self.command = folder, command
        self.env = {**os.environ, "FOLEY_HOME": str(folder / "home")}
        self.made = 0

    def __enter__(self) -> Editor:
        self.folder.mkdir()
        subprocess.run([sys.executable, "-m", "backend.launch"], cwd=ROOT, env=self.env, check=True)
        return self

    def __exit__(self, *problem: object) -> None:
        command = [sys.executable, "-m", "backend", "shutdown", "--now"]
        subprocess.run(command, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, check=True)
        while (self.folder / "home" / "connection.json").exists():
            time.sleep(0.05)

    def seconds(self, film: Path) -> tuple[float, dict[str, float]]:
        """From its start until it has told of the take and ended; and for how long each stage was told."""
        self.made += 1
        words = [str(film), f"knocks on wood, take {self.made}", str(self.folder / f"{self.made}.wav")]
        begun = time.perf_counter()
        at, stages, stage = begun, dict[str, float](), "until it is accepted"
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        command = [*self.command, *words]
        with subprocess.Popen(command, env=self.env, stderr=pipe, stdout=quiet, text=True) as process:
            for line in process.stderr or ():
                now = time.perf_counter()
                stages[stage] = stages.get(stage, 0.0) + now - at
                at, stage = now, line.split(" ")[0] or "waiting"
        took = time.perf_counter() - begun
        if process.returncode:
            raise SystemExit(f"{self.command[-1]} ended with {process.returncode}: {stage}")
        stages[stage] = stages.get(stage, 0.0) + begun + took - at
        return took, stages


def beginning(path: Path) -> Path:
    """The first seconds of the demo clip."""
    with av.open(str(DEMO)) as source, av.open(str(path), "w") as target:
        (picture,) = source.streams.video
        copied = target.add_stream_from_template(picture)
        for packet in source.demux(picture):
            if packet.pts is not None and packet.pts * packet.time_base < SECONDS:
                packet.stream = copied
                target.mux(packet)
    return path


def run(folder: Path, command: list[str], number: int) -> dict[str, tuple[float, dict[str, float]]]:
    """Each case once."""
    clip = beginning(folder / "clip.mp4")
    new = flash_film(folder / f"{number}-new.mp4", seconds=SECONDS, flashes=[12 + number, 60]).path
    with Editor(folder / f"{number}-{Path(command[-1]).suffix[1:]}", command) as editor:
        return dict(zip(CASES, map(editor.seconds, (clip, clip, new)), strict=True))


def measured(runs: int, node: str) -> Iterator[Figure]:
    """The figures."""
    clients = {
        "node": [node, str(EXAMPLES / "make_take.mjs")],
        "python": [sys.executable, str(EXAMPLES / "make_take.py")],
    }
    with tempfile.TemporaryDirectory() as folder:
        made = {
            name: [run(Path(folder), command, number) for number in range(runs)]
            for name, command in clients.items()
        }
    for case, asked in CASES.items():
        seconds = {name: [one[case][0] for one in of] for name, of in made.items()}
        reached = statistics.median(seconds["node"])
        stages = [one[case][1] for one in made["node"]]
        names = dict.fromkeys(name for one in stages for name in one)
        details = {
            "worst": max(seconds["node"]),
            "python": statistics.median(seconds["python"]),
            "stages": {name: statistics.median(one.get(name, 0.0) for one in stages) for name in names},
        }
        name = f"seconds to the first take, backend {case}"
        yield Figure(name, f"at most {asked:g}", reached, reached <= asked, details)


def main() -> int:
    """Measure, print, and say by the exit code whether all figures were reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    node = shutil.which("node")
    if node is None or not (EXAMPLES / "node_modules" / "zeromq").is_dir():
        sys.stderr.write("Needs Node.js, and `npm ci --ignore-scripts` in docs/examples.\n")
        return 1
    return judged(measured(asked.runs, node))


if __name__ == "__main__":
    sys.exit(main())
