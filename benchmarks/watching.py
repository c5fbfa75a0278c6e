"""Watching: are the impacts there, at their times, and none where nothing can be heard?

    python benchmarks/watching.py [--clips FOLDER]... [--only clips,quiet,struck,fast,calibration,long]

Prints one JSON line for each figure and ends with 1 where one is missed. Each FOLDER holds real clips with a
`manifest.json` (see `real_clips.py`), each of which is first copied without its sound, so that nothing but
the picture can be seen; without FOLDER there are no figures about clips. How times are matched is told in
`matching.py`. `calibration` draws films that nothing was learnt from. Takes about ten minutes; `long`, which
watches a film of ten hours and must be asked for, some more.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import soundfile  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from scipy.signal import find_peaks  # noqa: E402

import foley_core  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402
from benchmarks.matching import nearest, pairs  # noqa: E402
from benchmarks.real_clips import known, nothing_strikes, striking  # noqa: E402
from benchmarks.training.examples import KINDS as EVENTS  # noqa: E402
from benchmarks.training.examples import candidates, labelled  # noqa: E402
from benchmarks.training.films import KEPT_APART  # noqa: E402
from benchmarks.training.films import film as drawn_film  # noqa: E402
from benchmarks.training.kinds import KINDS  # noqa: E402
from foley_core.cue import Cue  # noqa: E402
from foley_core.picture.impacts import is_impact  # noqa: E402
from foley_core.picture.scorer import knowledge  # noqa: E402
from foley_core.picture.spotting import Spotting  # noqa: E402
from foley_core.timecode import SAMPLE_RATE, exact  # noqa: E402
from tests.picture.drawn import film  # noqa: E402
from tests.picture.fast import fast_film  # noqa: E402
from tests.picture.fast import strikes as fast_strikes  # noqa: E402
from tests.picture.long import MINUTE, lengthened, minute, peak  # noqa: E402
from tests.picture.quiet import SHOT, SILENT, frame  # noqa: E402
from tests.picture.seeing import see  # noqa: E402
from tests.picture.strikes import strikes, struck_film  # noqa: E402

PARTS = ("clips", "quiet", "struck", "fast", "calibration")
"""Those that run if none is asked for."""
QUIET_SECONDS = {
    "still": 6,
    "pan": 8,
    "zoom": 8,
    "grain": 6,
    "shake": 8,
    "flicker": 6,
    "fades": 8,
    "cuts": 10,
}
"""60 in all."""
QUIET_RATE = Fraction(25)
RATES = (Fraction(24), Fraction(30000, 1001), Fraction(60000, 1001))
FAST = (
    (Fraction(24000, 1001), 50),
    (Fraction(24), 35),
    (Fraction(25), 70),
    (Fraction(30), 50),
    (Fraction(60), 30),
)
"""Frames a second, and pixels a frame."""
BINS, OFF = 5, 0.1
"""Of certainty, and by how much the share of what is real may differ from what is told in each."""
FEWEST = 20
"""Impacts in a bin, or it tells nothing."""
APART = 3
"""Films of each kind that nothing was learnt from."""
WORST = 0.020
"""Seconds that an impact, or its sound, may lie from the truth."""
DEMO = ROOT / "installers" / "demo"
LONG = 36_000
"""Seconds."""
MEMORY_ASKED = 1.05


def times(spotting: Spotting) -> list[float]:
    """Of the impacts, in seconds."""
    return [float(impact.time) for impact in spotting.impacts]


def clips(folders: Sequence[Path], scratch: Path) -> Iterator[Figure]:
    """Real clips."""
    for folder in folders:
        if any("onsets_auto" in about for about in known(folder).values()):
            yield from striking(folder, scratch)
        yield from nothing_strikes(folder, scratch)


def quiet(scratch: Path) -> Iterator[Figure]:
    """Footage with nothing to hear: how many impacts are seen in it."""
    for kind, seconds in QUIET_SECONDS.items():
        seen = see(film(scratch / f"{kind}.mp4", QUIET_RATE, seconds, frame(kind)))
        found = times(seen)
        asked = "0" if kind in SILENT else "any"
        details = {"seconds": seconds, "impacts": found, "cuts": [float(cut) for cut in seen.cuts]}
        met = not found or kind not in SILENT
        yield Figure(f"quiet footage, {kind}: impacts", asked, len(found), met, details)
        if kind == "cuts":
            yield from beside_cuts(seen, seconds)


def beside_cuts(seen: Spotting, seconds: int) -> Iterator[Figure]:
    """Impacts within two frames of a cut, and whether the cuts were found at their frames."""
    cuts = [round(n * SHOT * QUIET_RATE) / QUIET_RATE for n in range(1, int(seconds / SHOT) + 1)]
    cuts = [cut for cut in cuts if cut < seconds]
    near = [time for time in times(seen) if any(abs(time - cut) <= 2 / QUIET_RATE for cut in cuts)]
    yield Figure("quiet footage, cuts: impacts within 2 frames of one", "0", len(near), not near)
    right = len(set(seen.cuts) & set(cuts))
    details = {"precision": right / max(len(seen.cuts), 1), "recall": right / len(cuts)}
    yield Figure("quiet footage, cuts: found, of all", "any", right / len(cuts), True, details)


def struck(scratch: Path) -> Iterator[Figure]:
    """Films whose strikes are known: the impacts seen, and what is heard of them."""
    impacts = json.loads((DEMO / "demo.json").read_text(encoding="utf-8"))["impacts"]
    yield from seen_and_heard(
        "demo clip", DEMO / "demo.mp4", [exact(i["time_exact"]) for i in impacts], scratch
    )
    for rate in RATES:
        path = struck_film(scratch / f"struck-{float(rate):.0f}.mp4", rate)
        truth = [strike.time for strike in strikes()]
        yield from seen_and_heard(f"drawn film at {float(rate):.4g}", path, truth, scratch)


def seen_and_heard(name: str, path: Path, truth: Sequence[Fraction], scratch: Path) -> Iterator[Figure]:
    """One film: impacts seen, hits in the take, attacks in its sound."""
    true = [float(time) for time in truth]
    yield against(f"{name}: impacts", times(see(path)), true)
    output = scratch / f"{path.stem}.wav"
    cue = Cue(media=str(path), prompt="wood", layers=("hits",), seed=1)
    take = foley_core.generate(cue, output)
    start = take.start_time
    hits = [float(start + Fraction(i.sample, SAMPLE_RATE)) for i in take.impacts if i.sample is not None]
    yield against(f"{name}: hits of the take", hits, true)
    sound, _ = soundfile.read(output, dtype="float32")
    heard = [float(start + Fraction(sample, SAMPLE_RATE)) for sample in attacks(sound)]
    yield against(f"{name}: attacks in its sound", heard, true)


def fast(scratch: Path) -> Iterator[Figure]:
    """A ball that bounces so fast that it moves by a tenth of the picture from frame to frame."""
    for rate, speed in FAST:
        path = fast_film(scratch / f"fast-{float(rate):.2f}-{speed}.mp4", rate, speed)
        name = f"a ball at {speed} pixels a frame, {float(rate):.4g} frames a second: impacts"
        yield against(name, times(see(path)), fast_strikes(rate, speed))


def calibration(scratch: Path) -> Iterator[Figure]:
    """Of impacts that are told so sure, the share that is real, in films that nothing was learnt from."""
    told: list[tuple[float, bool, bool]] = []
    for kind in sorted(KINDS):
        for number in range(KEPT_APART, KEPT_APART + APART):
            drawn = drawn_film(kind, number, scratch)
            found = list(candidates(drawn.path))
            truth = labelled(found, drawn.events).kinds
            drawn.path.unlink()
            for one, real in zip(found, truth, strict=True):
                verdict = knowledge().verdict(one)
                right = verdict.kind == "unknown" or (real >= 0 and verdict.kind == EVENTS[real])
                if is_impact(one, verdict):
                    told.append((verdict.sure, bool(real >= 0), right))
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        inside = [one for one in told if low <= one[0] < high or one[0] == high == 1]
        sure, real = (float(np.mean([one[at] for one in inside] or [0])) for at in (0, 1))
        met = len(inside) < FEWEST or abs(sure - real) <= OFF
        details = {"told": sure, "impacts": len(inside)}
        yield Figure(f"told {low:.1f} to {high:.1f}: share that is real", f"within {OFF}", real, met, details)
    kinds = [one[2] for one in told if one[1]]
    yield Figure("kind right or unknown, of what is real", "any", float(np.mean(kinds)), True)


def against(name: str, found: Sequence[float], true: Sequence[float]) -> Figure:
    """The worst distance of a true time from the nearest found; missed where one is missing or too much."""
    worst = max(abs(nearest(found, time) - time) for time in true) if found else None
    missing = len(true) - pairs(found, true, 0.1)
    extra = [time for time in found if abs(nearest(true, time) - time) > WORST]
    met = worst is not None and worst <= WORST and len(found) == len(true)
    details = {"true": len(true), "found": len(found), "missing": missing, "extra": extra}
    return Figure(f"{name}, worst in s", f"<= {WORST}, each once", worst, met, details)


def attacks(sound: NDArray[np.float32]) -> list[int]:
    """Samples, to a millisecond, at which a sound begins: its level rises at once by 9 dB at least.

    Over the mean of the 10 ms before, or 40 dB below the loudest of all. Attacks lie 100 ms apart at least.
    """
    step = SAMPLE_RATE // 1000
    power = np.square(sound.astype(np.float64)).sum(axis=1)
    level = power[: len(power) // step * step].reshape(-1, step).mean(axis=1)
    total = np.cumsum(np.concatenate([np.zeros(11), level]))
    before = (total[10:-1] - total[:-11]) / 10
    rise = level / (before + 1e-4 * level.max(initial=1e-12))
    peaks, _ = find_peaks(np.concatenate([[0.0], rise, [0.0]]), height=8.0, distance=100)
    return [int(peak - 1) * step for peak in peaks]


def long(scratch: Path) -> Iterator[Figure]:
    """A film of ten hours, all of it: is every impact found, and is memory what ten minutes of it take?"""
    path = lengthened(minute(scratch / "minute.mp4"), scratch / "long.mp4", LONG // MINUTE)
    part, _ = peak(path, 0, 10 * MINUTE)
    whole, found = peak(path, 0, LONG)
    name, asked = "ten hours: peak memory against that of ten minutes of it", f"<= {MEMORY_ASKED}"
    yield Figure(name, asked, whole / part, whole <= MEMORY_ASKED * part, {"megabytes": whole / 1e6})
    yield Figure("ten hours: impacts", str(LONG // MINUTE), found, found == LONG // MINUTE)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=Path, action="append", default=[], help="folder of real clips")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between")
    options = parser.parse_args()
    parts = options.only.split(",")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        return judged(
            chain(
                clips(options.clips, scratch) if "clips" in parts else (),
                quiet(scratch) if "quiet" in parts else (),
                struck(scratch) if "struck" in parts else (),
                fast(scratch) if "fast" in parts else (),
                calibration(scratch) if "calibration" in parts else (),
                long(scratch) if "long" in parts else (),
            )
        )


if __name__ == "__main__":
    sys.exit(main())
