"""Alignment: is a sound that is late, drifts or scatters put right, and one that is right left alone?

    python benchmarks/alignment.py [--minutes N] [--only events,engine,right,short,memory]

Prints one JSON line for each figure and ends with 1 where one is missed. `events` and `right` are impacts
and onsets drawn by chance, of which it is known which belong together; `engine` has the engine `drifting`
sound as many, moves its sound, and listens to what comes of it. `short` has many short sounds, of which half
belong to another film. `memory`, which must be asked for, aligns ten
minutes and an hour. Real films are measured by `align_real.py`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from benchmarks.figure import Figure, judged  # noqa: E402
from foley_core.align.alignment import Aligned, align  # noqa: E402
from foley_core.align.sound_analysis import analyze_sound  # noqa: E402
from foley_core.align.splice_rendering import spliced  # noqa: E402
from foley_core.engines.engine import Brief  # noqa: E402
from foley_core.engines.testing.drifting import DriftingEngine  # noqa: E402
from foley_core.picture.spotting import Impact, Spotting  # noqa: E402
from foley_core.picture.spotting_stream import SpottingStream  # noqa: E402
from foley_core.samples import Sound  # noqa: E402
from foley_core.timecode import SAMPLE_RATE  # noqa: E402
from tests.align.events import Flaws, Scene, scene, seen  # noqa: E402

PARTS = ("events", "engine", "right", "short")
"""Those that run if none is asked for."""
P95, SHARE, NEAR = 20.0, 0.95, 50.0
"""Of the drifting engine: milliseconds over confident pairs; share of impacts within so many milliseconds."""
STILL = 3.0
"""Milliseconds by which nothing of a right sound may be moved."""
SHORT = 1000
"""Sounds of each kind."""
MEMORY = 1.05
PER_MINUTE = 25
"""Impacts."""


def drifts(time: float) -> float:
    """How late the known failure is, in seconds, at a time in seconds: 60 ms growing to 270, a clock off."""
    return 0.06 + 0.21 * time / 3600 + 0.001 * time


def put_right(
    name: str, off: NDArray[np.float64], aligned: Aligned, details: dict[str, Any]
) -> Iterator[Figure]:
    """The two figures of a sound whose hits lie `off` milliseconds from their impacts."""
    p95 = aligned.alignment.p95_ms
    met = p95 is not None and p95 <= P95
    yield Figure(f"{name}: p95 over confident pairs, ms", f"<= {P95:g}", p95, met, details)
    share = float(np.mean(np.abs(off) <= NEAR))
    worst = {"p95_ms": float(np.percentile(np.abs(off), 95)), "worst_ms": float(np.abs(off).max())}
    yield Figure(
        f"{name}: impacts within {NEAR:g} ms of their hit", f">= {SHARE}", share, share >= SHARE, worst
    )


def events(minutes: int) -> Iterator[Figure]:
    """The known failure, by what is seen and heard of it; clean, and with much else."""
    seconds = 60 * minutes
    impacts = seen(1, PER_MINUTE * minutes, seconds)
    for name, flaws in (
        ("drifting", Flaws(drifts, lost=0.01, doubled=0.01)),
        ("drifting, half of it lost, more else than it", Flaws(drifts, 0.01, 0.5, 0.01, 2 * len(impacts))),
        ("clock off by 0.5 %", Flaws(lambda time: 0.005 * time, 0.01, 0.1, 0.01, len(impacts) // 2)),
    ):
        heard = scene(2, impacts, seconds, flaws)
        aligned = heard.aligned()
        yield from put_right(f"{minutes} min, {name}", heard.off(aligned), aligned, pairs(aligned, heard))


def pairs(aligned: Aligned, heard: Scene) -> dict[str, Any]:
    """How many pairs were found, and of these wrong ones; and how late the sound was."""
    wrong = sum(heard.owners[pair.onset] != pair.impact for pair in aligned.pairs)
    shift = aligned.alignment.shift_ms
    return {"impacts": len(heard.impacts), "pairs": len(aligned.pairs), "wrong": wrong, "shift_ms": shift}


def engine(minutes: int, scratch: Path) -> Iterator[Figure]:
    """The faulty engine's sound, moved, and listened to again."""
    seconds = 60 * minutes
    impacts = seen(3, PER_MINUTE * minutes, seconds)
    path = scratch / "drifting.f32"
    with path.open("wb") as file:
        before = analyze_sound(_kept(_played(impacts, seconds), file))
    aligned = align(impacts, before)
    tape = np.memmap(path, np.float32, "r").reshape(-1, 2)
    after = analyze_sound(
        spliced(lambda first, count: _part(tape, first, count), before.samples, aligned.splices)
    )
    found = np.array([onset.sample for onset in after.onsets]) / SAMPLE_RATE
    off = np.array(
        [1000 * found[np.abs(found - float(i.time)).argmin()] - 1000 * float(i.time) for i in impacts]
    )
    sounded = off[np.abs(off) < 1000 * 0.1]  # what is further away was lost by the engine
    details = {
        "impacts": len(impacts),
        "sounded": len(sounded),
        "onsets_lost": len(before.onsets) - len(found),
    }
    yield from put_right(f"{minutes} min, engine drifting, listened to", sounded, aligned, details)


def _played(impacts: tuple[Impact, ...], seconds: int) -> Iterator[Sound]:
    spotting = Spotting(start=Fraction(0), end=Fraction(seconds), impacts=impacts, frames=0)
    brief = Brief(
        media=Path(),
        prompt="",
        negative="",
        layers=("hits",),
        seed=1,
        first_sample=0,
        samples=seconds * SAMPLE_RATE,
        picture=SpottingStream.of(spotting),
        tick=lambda share: None,
    )
    for block in DriftingEngine().perform(brief).blocks:
        yield block["hits"]


def _kept(blocks: Iterator[Sound], file: Any) -> Iterator[Sound]:
    for block in blocks:
        file.write(block.tobytes())
        yield block


def _part(tape: Sound, first: int, count: int) -> Sound:
    kept = np.array(tape[max(first, 0) : max(first + count, 0)])
    before = min(max(-first, 0), count)
    return np.pad(kept, ((before, count - before - len(kept)), (0, 0)))


def right(minutes: int) -> Iterator[Figure]:
    """Sounds that are right, impacts being seen exactly, or not: by how much anything is moved."""
    seconds = 60 * minutes
    impacts = seen(4, PER_MINUTE * minutes, seconds)
    for name, flaws in (
        ("exactly", Flaws()),
        ("15 ms too early", Flaws(lambda time: 0.015)),
        ("to 15 ms", Flaws(jitter=0.015, lost=0.1, others=len(impacts) // 2)),
    ):
        heard = scene(5, impacts, seconds, flaws)
        worst = float(np.abs(heard.moves(heard.aligned())).max())
        yield Figure(
            f"right sound, impacts seen {name}: moved by, ms", f"<= {STILL:g}", worst, worst <= STILL
        )
    heard = scene(6, (), seconds, Flaws(others=len(impacts)))
    strange = Scene(impacts, heard.heard, heard.owners)
    worst = float(np.abs(strange.moves(strange.aligned())).max())
    yield Figure("sound of another film: moved by, ms", f"<= {STILL:g}", worst, worst <= STILL)


def short() -> Iterator[Figure]:
    """Short sounds with all flaws: of another film, how many are told; late, how far off once moved; each
    also with a third witness, which says anything of the first, and is right about the second."""
    chance, witness = np.random.default_rng(78), np.random.default_rng(79)
    told, off, with_witness = 0, list[float](), list[float]()
    for seed in range(SHORT):
        seconds, count, others = chance.uniform(5, 40), int(chance.integers(2, 60)), int(chance.integers(60))
        by, jitter, lost = chance.uniform(-0.25, 0.35), chance.uniform(0, 0.02), chance.uniform(0, 0.6)
        impacts = seen(seed, count, seconds)
        strange = scene(seed + SHORT, (), seconds, Flaws(others=others))
        strange = Scene(impacts, strange.heard, strange.owners)
        told += strange.aligned().alignment.told
        told += strange.aligned(strange.stated(float(witness.uniform(-2, 2)), 0.98)).alignment.told
        heard = scene(seed, impacts, seconds, Flaws(lambda time, by=by: by, jitter, lost, others=others))
        for said, found in ((None, off), (heard.stated(by, 0.98), with_witness)):
            if (aligned := heard.aligned(said)).alignment.moved:
                moves = heard.moves(aligned)[np.array(heard.owners) >= 0]
                found.append(float(np.abs(moves + 1000 * by).max()))
    yield Figure(f"{SHORT} short sounds of another film: told", "<= 0", told, told == 0)
    for name, found in (("", off), (", a third witness being right", with_witness)):
        worst = max(found, default=0.0)
        details = {"moved": len(found), "p95_ms": float(np.percentile(found, 95)) if found else None}
        title = f"{SHORT} short late sounds{name}: off once moved, ms"
        yield Figure(title, f"<= {NEAR:g}", worst, worst <= NEAR, details)


_PEAK = """
import sys
sys.path.insert(0, sys.argv[1])
import psutil
from pathlib import Path
from foley_core.align.recording import align_recording

process, peak = psutil.Process(), 0

def look(stage, share):
    global peak
    peak = max(peak, process.memory_info().rss)

align_recording(*map(Path, sys.argv[2:5]), on_progress=look)
print(peak)
"""


def memory(scratch: Path) -> Iterator[Figure]:
    """`foley align` over an hour against ten minutes of it: peak memory."""
    from tests.align.long import long_film, long_sound

    peaks = {}
    for minutes in (10, 60):
        film = long_film(scratch / f"film-{minutes}.mp4", minutes)
        recording = long_sound(scratch / f"sound-{minutes}.wav", minutes)
        command = [sys.executable, "-c", _PEAK, str(ROOT), str(film), str(recording), str(scratch / "o.wav")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks[minutes] = int(done.stdout)
    ratio = peaks[60] / peaks[10]
    yield Figure(
        "memory: an hour to ten minutes",
        f"<= {MEMORY}",
        ratio,
        ratio <= MEMORY,
        {"bytes": list(peaks.values())},
    )


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=int, default=60, help="of film for events, engine and right")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between")
    options = parser.parse_args()
    parts = options.only.split(",")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        return judged(
            chain(
                events(options.minutes) if "events" in parts else (),
                engine(options.minutes, scratch) if "engine" in parts else (),
                right(options.minutes) if "right" in parts else (),
                short() if "short" in parts else (),
                memory(scratch) if "memory" in parts else (),
            )
        )


if __name__ == "__main__":
    sys.exit(main())
