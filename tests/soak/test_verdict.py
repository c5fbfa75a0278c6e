"""What the verdict makes of a run that is written down here."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from backend.soak.faults import FaultResults
from backend.soak.film import Footage
from backend.soak.plan import Clip, Plan
from backend.soak.run import CueResult, MemoryReading, RunLog
from backend.soak.take_check import MeasuredImpact
from backend.soak.verdict import latencies, verdict

FILM = Footage(Path("film.mp4"), "25", Fraction(3600), (), ())
MINUTE = Fraction(60)


def an_hour(
    *, drift_ms: float = 0.0, slower: float = 0.0, swells: float = 0.0, minutes: int = 60, clips: int = 12
) -> RunLog:
    """A run in which all goes well, but for what grows by so much over its length."""
    log = RunLog(Plan(minutes=Fraction(minutes), clips=clips))
    length = MINUTE * minutes / clips
    for number in range(clips):
        share = number / max(clips - 1, 1)
        clip = Clip(number, FILM, number * length, (number + 1) * length, number * length)
        late = Fraction(1 + drift_ms * share) / 1000
        heard = [MeasuredImpact(clip.start + second, late) for second in range(0, int(length), 5)]
        log.made.append(CueResult(clip, seconds=float(length) / 8 * (1 + slower * share), heard=heard))
        log.readings += [
            MemoryReading(float(clip.at) + at, "worker", round(2e8 * (1 + swells * share))) for at in (1, 20)
        ]
        log.readings.append(MemoryReading(float(clip.at), "broker", 15_000_000))
    return log


def test_a_steady_hour_misses_nothing() -> None:
    found = verdict(an_hour())
    assert (found.failed, found.not_judged) == ([], [])
    assert (found.latency_ratio, found.memory_ratio) == (1.0, {"broker": 1.0, "worker": 1.0})
    assert (found.speed, found.minutes) == (8.0, 60.0)
    assert found.offset_ms.first == found.offset_ms.last == 1.0


@pytest.mark.parametrize(
    ("grown", "missed"),
    [
        ({"drift_ms": 3.0}, "offset_ms.last - offset_ms.first"),
        ({"drift_ms": 210.0}, "offset_ms.worst"),
        ({"slower": 0.05}, "latency_ratio"),
        ({"swells": 0.03}, "memory_ratio.worker"),
    ],
    ids=str,
)
def test_what_grows_over_an_hour_is_missed(grown: dict[str, float], missed: str) -> None:
    assert any(line.startswith(missed) for line in verdict(an_hour(**grown)).failed)


def test_what_grows_in_a_run_that_is_too_short_is_not_judged() -> None:
    found = verdict(an_hour(drift_ms=3.0, slower=0.5, swells=0.5, minutes=2, clips=4))
    assert found.failed == []
    assert len(found.not_judged) == 3


def test_a_gap_a_cue_without_a_take_and_a_fault_that_told_are_failures() -> None:
    log = an_hour()
    log.made[3].missing, log.made[4].silent = 1, 500
    log.made[5].error = "The worker died. [worker_crashed]"
    log.results = FaultResults(Counter(worker=3, broker=1), survived=2, lost=1, different=1)
    log.results.failures.append("broker: [worker_hung]")
    found = verdict(log)
    assert found.gap_samples == 501
    assert found.faults == {
        "given": 4,
        "survived": 2,
        "lost": 1,
        "different": 1,
        "kinds": {"worker": 3, "broker": 1},
    }
    told = " ".join(found.failed)
    assert all(word in told for word in ("gap_samples", "clip 6", "faults.lost", "faults.different"))
    assert "lost after a fault, broker: [worker_hung]" in found.failed


def test_impacts_that_are_not_heard_are_a_failure() -> None:
    log = an_hour()
    log.made[0].heard = [replace(one, offset=None) for one in log.made[0].heard]
    assert any("impacts are heard" in line for line in verdict(log).failed)


def test_a_single_cue_is_timed_by_its_progress() -> None:
    log = an_hour(minutes=60, clips=1)
    made = log.made[0]
    made.progress = [(tenth * 10.0 + (60 if tenth == 100 else 0), 0.87 * tenth / 100) for tenth in range(101)]
    made.progress.append((1100.0, 0.97))
    points = latencies([made])
    assert len(points) == 10
    assert points[0][1] == pytest.approx(100 / 6)
    assert points[-1][1] == pytest.approx(160 / 6)
    assert verdict(log).latency_ratio == pytest.approx(1.6)
