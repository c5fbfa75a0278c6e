"""Speed: how long a take takes against decoding its film alone, and what it takes of memory.

    python benchmarks/speed.py [--short] [--keep FOLDER]

Prints one JSON line for each figure and ends with 1 where one is missed. Everything is measured in processes
of its own that have loaded their modules already, decoding (with as many threads as FFmpeg sees fit) and
generating by turns; ratios are of medians, and their spread is that of the pairs. Times tell something only
on a machine that does nothing else; that of the processor, whose ratio is given too, suffers less. FOLDER
keeps the films for the next time. Takes about half an hour, `--short` about ten minutes: it is content with
one pair, and with 180 seconds where 600 are asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import av  # noqa: E402

import foley_core  # noqa: E402
from backend.service.worker_process import ONE_THREAD  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402
from benchmarks.footage import FAST_H264, H264, HEVC, PRORES, Kind, lengthen, make_round  # noqa: E402
from foley_core.cue import Cue  # noqa: E402
from foley_core.engines.procedural.engine import ProceduralEngine  # noqa: E402
from foley_core.media.streams import picture_stream  # noqa: E402
from foley_core.picture.spotting import Spotting  # noqa: E402

SLOWER = {H264: 1.35, PRORES: 1.5, FAST_H264: 1.5, HEVC: 1.15}
OTHER_PROMPT, MORE_MEMORY = 0.3, 1.05
"""What is asked."""
ASTRAY = 0.2
"""A film's bit rate may differ by this share."""
FIRST, OTHER = "boots on gravel, light rain", "metal door, wind"
PAIRS, LONG, SHORT_LONG = 3, 600, 180
SECONDS = 60


@dataclass
class Spottings:
    """Keeps spottings in memory."""

    kept: dict[tuple[Path, Fraction, Fraction], Spotting] = field(default_factory=dict)

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting | None:
        """What was kept."""
        return self.kept.get((media, start, end))

    def keep(self, media: Path, spotting: Spotting) -> None:
        """Keep it."""
        self.kept[media, spotting.start, spotting.end] = spotting


@dataclass(frozen=True)
class Run:
    """What one process measured."""

    wall: float
    cpu: float
    peak_mb: float
    frames: int
    other_wall: float = 0.0
    """Of the same cue with another prompt."""
    threads: int = 0
    """Of the decoder."""


def decode(film: Path) -> Run:
    """Decode it with all threads, and do nothing else."""
    wall, cpu, frames = time.perf_counter(), time.process_time(), 0
    with av.open(str(film)) as container:
        stream = picture_stream(container, film)
        stream.codec_context.thread_count = 0
        for _ in container.decode(stream):
            frames += 1
        threads = stream.codec_context.thread_count
    return Run(time.perf_counter() - wall, time.process_time() - cpu, peak_memory(), frames, threads=threads)


def generate(film: Path) -> Run:
    """Make a take, then another with other words."""
    engine, store = ProceduralEngine(), Spottings()
    engine.load()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "take.wav")
        cpu = time.process_time()
        times = [time.perf_counter()]
        for prompt in (FIRST, OTHER):
            cue = Cue(media=str(film), prompt=prompt, seed=1)
            take = foley_core.generate(cue, output, engine=engine, store=store)
            times.append(time.perf_counter())
            if prompt == FIRST:
                cpu, frames, peak = time.process_time() - cpu, take.decoded_frames, peak_memory()
    return Run(times[1] - times[0], cpu, peak, frames, times[2] - times[1])


def peak_memory() -> float:
    """Of this process, in MB. Where Linux tells it, not by `getrusage`, which counts the parent's in."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / (1 << 20)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def in_a_process(what: str, film: Path) -> Run:
    """Have it measured there, with as many threads as in the worker."""
    command = [sys.executable, __file__, "--measure", what, str(film)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, **ONE_THREAD})
    return Run(**json.loads(done.stdout))


def spread(values: list[float]) -> dict[str, float]:
    """The middle one, and how far they go."""
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


def speed_figures(kind: Kind, film: Path, pairs: int) -> tuple[list[Figure], float]:
    """How much slower generating is; and its peak memory."""
    runs = [(in_a_process("decode", film), in_a_process("generate", film)) for _ in range(pairs)]
    decoding, making = [pair[0] for pair in runs], [pair[1] for pair in runs]
    ratio = statistics.median(r.wall for r in making) / statistics.median(r.wall for r in decoding)
    looked_at = SECONDS * min(kind.rate, 30)
    whole = all(r.frames == SECONDS * kind.rate for r in decoding) and all(
        looked_at <= r.frames <= SECONDS * kind.rate for r in making
    )
    slower = Figure(
        f"{kind.name}: a take of {SECONDS} s against decoding alone, wall time",
        f"<= {SLOWER[kind]}",
        ratio,
        ratio <= SLOWER[kind] and whole,
        {
            "pairs": [made.wall / alone.wall for alone, made in runs],
            "cpu_ratio": statistics.median(r.cpu for r in making)
            / statistics.median(r.cpu for r in decoding),
            "decoding_wall_s": spread([r.wall for r in decoding]),
            "decoding_cpu_s": spread([r.cpu for r in decoding]),
            "take_wall_s": spread([r.wall for r in making]),
            "take_cpu_s": spread([r.cpu for r in making]),
            "decoder_threads": decoding[0].threads,
            "cores": os.cpu_count(),
        },
    )
    shares = [r.other_wall / r.wall for r in making]
    again = Figure(
        f"{kind.name}: the same cue with another prompt, wall time against the first",
        f"<= {OTHER_PROMPT}",
        statistics.median(shares),
        statistics.median(shares) <= OTHER_PROMPT,
        {"shares": spread(shares), "seconds": spread([r.other_wall for r in making])},
    )
    return [slower, again], max(r.peak_mb for r in making)


def memory_figure(film: Path, seconds: int, short: float) -> Figure:
    """`short` is the peak for the film of `SECONDS`, in MB."""
    run = in_a_process("generate", film)
    details = {f"peak_mb_{SECONDS}_s": short, f"peak_mb_{seconds}_s": run.peak_mb, "wall_s": run.wall}
    ratio = run.peak_mb / short
    name = f"peak memory of {seconds} s against {SECONDS} s"
    return Figure(name, f"<= {MORE_MEMORY}", ratio, ratio <= MORE_MEMORY, details)


def film_of(kind: Kind, folder: Path, seconds: int) -> tuple[Path, Figure]:
    """A film of so many seconds, made where it is missing, and its bit rate."""
    stem = kind.name.replace(" ", "-")
    first, film = folder / f"{stem}-round{kind.suffix}", folder / f"{stem}-{seconds}{kind.suffix}"
    if not first.exists():
        make_round(kind, first)
    rate = lengthen(first, seconds, film)
    asked = kind.bitrate or rate
    met = abs(rate - asked) <= ASTRAY * asked
    return film, Figure(f"{kind.name}: bit rate, Mbit/s", f"{asked / 1e6:.3g}", rate / 1e6, met)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        what, film = asked.measure
        print(json.dumps(vars({"decode": decode, "generate": generate}[what](Path(film)))))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        return judged(figures(asked.keep or Path(scratch), short=asked.short))


def figures(folder: Path, *, short: bool) -> Iterator[Figure]:
    """All of them, as they come."""
    peak = 0.0
    for kind in SLOWER:
        film, bit_rate = film_of(kind, folder, SECONDS)
        yield bit_rate
        speeds, used = speed_figures(kind, film, 1 if short else PAIRS)
        yield from speeds
        peak = used if kind is H264 else peak
    long = SHORT_LONG if short else LONG
    yield memory_figure(film_of(H264, folder, long)[0], long, peak)


if __name__ == "__main__":
    sys.exit(main())
