"""What clients are told of jobs, where that is much: takes' records without long lists, no more jobs than a
reply may hold.

Knows a record as what a worker told, and no more of it than `impacts` and the hits of its cue.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.messages import JobInfo
from foley_core.cue import encode

LEFT_OUT = "impacts_left_out"
"""In a record without its impacts: how many there are."""
HITS_LEFT_OUT = "hits_left_out"
"""In a record whose cue comes without its hits: how many it has."""
LISTED_BYTES = 1 << 20
"""Of the jobs in one reply; what one job takes is the least."""


def without_long_lists(takes: list[dict[str, Any]], most: int | None) -> list[dict[str, Any]]:
    """The records, those with more than `most` impacts without them, and a cue with more hits without these;
    None: as they are."""
    return [take if most is None else _without_hits(_without_impacts(take, most), most) for take in takes]


def as_many_as_fit(jobs: Iterable[JobInfo]) -> tuple[list[JobInfo], bool]:
    """The first of these jobs, at least one and at most `LISTED_BYTES`, and whether any are left."""
    fitting: list[JobInfo] = []
    size = 0
    for job in jobs:
        size += len(encode(job))
        if fitting and size > LISTED_BYTES:
            return fitting, True
        fitting.append(job)
    return fitting, False


def _without_impacts(take: dict[str, Any], most: int) -> dict[str, Any]:
    there = len(take.get("impacts", ()))
    return take if there <= most else {**take, "impacts": [], LEFT_OUT: there}


def _without_hits(take: dict[str, Any], most: int) -> dict[str, Any]:
    cue = take.get("cue", {})
    there = max(len(cue.get(name) or ()) for name in ("hits", "hit_list"))
    if there <= most:
        return take
    rest = {name: value for name, value in cue.items() if name not in ("hits", "hit_list")}
    return {**take, "cue": rest, HITS_LEFT_OUT: there}
