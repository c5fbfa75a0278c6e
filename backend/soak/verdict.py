"""The verdict: figures from what the run has noted, and which of them miss what they should reach.

A figure is judged only where the run was long enough to tell: a ratio between two short stretches says more
about what else the machine did. What was not judged is named.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import msgspec

from backend.soak.run import CueResult, MemoryReading, RunLog
from foley_core.progress import STAGES

WORST_MS, P95_MS, APART_MS = 40.0, 25.0, 2.0
HEARD = 0.99
"""Share of the true impacts that must have a sound at all."""
LATENCY, MEMORY = 1.03, 1.02
LONG_ENOUGH = Fraction(20)
"""Minutes of film from which on ratios between its start and its end are judged."""
_ENDS = Fraction(10)
"""Minutes at either end whose offsets are compared; of a shorter run, a half."""
_SOUNDED = STAGES["watch"] + STAGES["sound"]


class Offsets(msgspec.Struct, frozen=True, kw_only=True):
    """How far sounds are from what is seen, in milliseconds; None where no true impact is known."""

    worst: float | None = None
    p95: float | None = None
    first: float | None = None
    """Median of the first ten minutes; later is above 0."""
    last: float | None = None
    """Median of the last."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The run in figures. Ratios are of the last tenth of the film over the first."""

    offset_ms: Offsets
    latency_ratio: float | None
    memory_ratio: dict[str, float]
    gap_samples: int
    faults: dict[str, Any]
    failed: list[str]
    """What misses what it should reach, and clips without a take."""
    not_judged: list[str]
    impacts: dict[str, int]
    """True impacts, and how many of them are heard."""
    speed: float | None
    """How much faster than it plays the film was made."""
    minutes: float
    clips: int
    engine: str


def verdict(log: RunLog) -> Verdict:
    """The run judged."""
    made = [one for one in log.made if not one.error]
    minutes = sum((one.clip.seconds for one in log.made), Fraction(0)) / 60
    found = Verdict(
        offset_ms=offsets(made, minutes),
        latency_ratio=_ratio(latencies(made), minutes),
        memory_ratio=memory_ratios(log.readings, minutes),
        gap_samples=sum(one.missing + one.silent for one in made),
        faults=_faults(log),
        failed=[],
        not_judged=[],
        impacts=_impacts(made),
        speed=_speed(made),
        minutes=round(float(minutes), 3),
        clips=len(log.made),
        engine=log.plan.engine,
    )
    lost = [f"clip {one.clip.number + 1}: {one.error}" for one in log.made if one.error]
    lost += [f"lost after a fault, {said}" for said in (log.results.failures if log.results else ())]
    return msgspec.structs.replace(found, failed=lost + _missed(found), not_judged=_unjudged(found))


def offsets(made: Sequence[CueResult], minutes: Fraction) -> Offsets:
    """Of all impacts that are heard."""
    told = [
        (one.clip.at + heard.time - one.clip.start, float(heard.offset * 1000))
        for one in made
        for heard in one.heard
        if heard.offset is not None
    ]
    if not told:
        return Offsets()
    ends, length = min(_ENDS, minutes / 2) * 60, minutes * 60
    sizes = sorted(abs(offset) for _, offset in told)
    return Offsets(
        worst=round(sizes[-1], 3),
        p95=round(sizes[(len(sizes) * 95 + 99) // 100 - 1], 3),
        first=_median(offset for at, offset in told if at < ends),
        last=_median(offset for at, offset in told if at >= length - ends),
    )


def latencies(made: Sequence[CueResult]) -> list[tuple[float, float]]:
    """Where in the run, in seconds of film, and the seconds that a minute of film took there.

    A point for each cue; of a single cue, for each tenth of it as its progress tells.
    """
    if len(made) == 1:
        return _within(made[0])
    return [
        (float(one.clip.at + one.clip.seconds / 2), one.seconds * 60 / float(one.clip.seconds))
        for one in made
    ]


def memory_ratios(readings: Sequence[MemoryReading], minutes: Fraction) -> dict[str, float]:
    """Of each process that was there at both ends, medians."""
    by_process: dict[str, list[tuple[float, float]]] = {}
    for reading in readings:
        by_process.setdefault(reading.process, []).append((reading.at, float(reading.bytes)))
    ratios = {name: _ratio(points, minutes) for name, points in by_process.items()}
    return {name: ratio for name, ratio in ratios.items() if ratio is not None}


def _within(made: CueResult) -> list[tuple[float, float]]:
    """The tenths of a cue; progress of watching and making sound goes by media time."""
    shares = [(at, progress) for at, progress in made.progress if progress <= made.progress[-1][1] * _SOUNDED]
    if not shares or shares[-1][1] <= 0:
        return []
    whole, length = shares[-1][1], float(made.clip.seconds)
    reached = [next(at for at, share in shares if share >= whole * tenth / 10 - 1e-9) for tenth in range(11)]
    minute = length / 600
    return [
        (float(made.clip.at) + (number + 0.5) * length / 10, (after - before) / minute)
        for number, (before, after) in enumerate(pairwise(reached))
    ]


def _ratio(points: Sequence[tuple[float, float]], minutes: Fraction) -> float | None:
    """Medians of the last tenth of the run over the first; of fewer points, the last over the first."""
    if len(points) < 2:
        return None
    length = float(minutes) * 60
    last = [value for at, value in points if at >= length * 0.9] or [points[-1][1]]
    return round(statistics.median(last) / at_first(points, length), 4)


def at_first(points: Sequence[tuple[float, float]], length: float) -> float:
    """The median over the first tenth of `length`; of fewer points, the first."""
    return statistics.median([value for at, value in points if at <= length / 10] or [points[0][1]])


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(statistics.median(found), 3) if found else None


def _impacts(made: Sequence[CueResult]) -> dict[str, int]:
    everything = [heard for one in made for heard in one.heard]
    return {"true": len(everything), "heard": sum(heard.offset is not None for heard in everything)}


def _speed(made: Sequence[CueResult]) -> float | None:
    spent = sum(one.seconds for one in made)
    return round(float(sum(one.clip.seconds for one in made)) / spent, 2) if spent else None


def _faults(log: RunLog) -> dict[str, Any]:
    results = log.results
    if results is None:
        return {"given": 0, "survived": 0, "lost": 0, "different": 0}
    return {
        "given": sum(results.given.values()),
        "survived": results.survived,
        "lost": results.lost,
        "different": results.different,
        "kinds": dict(results.given),
    }


def _missed(found: Verdict) -> list[str]:
    offset, judged = found.offset_ms, found.minutes >= LONG_ENOUGH
    apart = None if offset.first is None or offset.last is None else abs(offset.last - offset.first)
    checks: list[tuple[str, float | None, float]] = [
        ("offset_ms.worst", offset.worst, WORST_MS),
        ("offset_ms.p95", offset.p95, P95_MS),
        ("offset_ms.last - offset_ms.first", apart if judged else None, APART_MS),
        ("latency_ratio", found.latency_ratio if judged else None, LATENCY),
        *((f"memory_ratio.{name}", ratio, MEMORY) for name, ratio in found.memory_ratio.items() if judged),
        ("gap_samples", found.gap_samples, 0),
        ("faults.lost", found.faults["lost"], 0),
        ("faults.different", found.faults["different"], 0),
    ]
    missed = [f"{name} is {value:g}, above {most:g}" for name, value, most in checks if _above(value, most)]
    if found.impacts["heard"] < HEARD * found.impacts["true"]:
        missed.append(f"only {found.impacts['heard']} of {found.impacts['true']} impacts are heard")
    return missed


def _above(value: float | None, most: float) -> bool:
    return value is not None and value > most


def _unjudged(found: Verdict) -> list[str]:
    """What this run cannot tell, and why."""
    told = []
    if found.offset_ms.worst is None:
        told.append("offset_ms: no true impact of these films is known")
    if found.minutes < LONG_ENOUGH:
        why = f"{found.minutes:g} min of film are too few to tell, {LONG_ENOUGH} would do"
        told += [f"{name}: {why}" for name in ("first against last offset", "latency_ratio", "memory_ratio")]
    return told
