"""Drift of placement: an hour of film at each rate, a click for every white frame, through a real service.

    python benchmarks/drift.py [--minutes M] [--kind KIND]...

Each kind of film is one cue of the whole length, of a very small picture. The clicks are found in the WAV
that was delivered, and held against the times of the frames as they were written.

Prints one JSON line for each kind: the farthest click from its frame, in samples (1 is asked for), and where
clicks lie at the start and at the end. Ends with 1 where one is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from backend.soak.film import RATES  # noqa: E402
from backend.soak.plan import Plan  # noqa: E402
from backend.soak.run import CLICKS, run  # noqa: E402
from backend.soak.verdict import verdict  # noqa: E402
from benchmarks.figure import Figure, judged  # noqa: E402
from foley_core.engines.installed import TEST_ENGINES  # noqa: E402
from foley_core.timecode import SAMPLE_RATE  # noqa: E402

MOST = 1.0
"""Sample."""
SIZE = (64, 36)


def drift(kind: str, minutes: Fraction) -> Figure:
    """Of one kind of film."""
    plan = Plan(minutes=minutes, clips=1, engine=CLICKS, size=SIZE, kinds=(kind,))
    found = verdict(run(plan, lambda line: None))
    name = f"drift of placement, {kind}, samples"
    offset, clicks = found.offset_ms, found.impacts
    if offset.worst is None or clicks["heard"] < clicks["true"]:
        return Figure(name, f"<= {MOST}", None, False, {"clicks": clicks, "failed": found.failed})
    worst, first, last = (_samples(value) for value in (offset.worst, offset.first, offset.last))
    gaps = found.gap_samples
    details = {"first": first, "last": last, "clicks": clicks["heard"], "gaps": gaps}
    return Figure(name, f"<= {MOST}", worst, worst <= MOST and not gaps, details)


def _samples(milliseconds: float | None) -> float:
    return (milliseconds or 0.0) * SAMPLE_RATE / 1000


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=Fraction, default=Fraction(60))
    parser.add_argument("--kind", action="append", choices=RATES, help="without, every kind there is")
    asked = parser.parse_args()
    os.environ[TEST_ENGINES] = "1"
    return judged(drift(kind, asked.minutes) for kind in asked.kind or RATES)


if __name__ == "__main__":
    sys.exit(main())
