"""Takes' records as clients want them: whole, or without impacts where there are very many.

Knows a record as what a worker told, and no more of it than `impacts`.
"""

from __future__ import annotations

from typing import Any

LEFT_OUT = "impacts_left_out"
"""In a record without its impacts: how many there are."""


def without_many_impacts(takes: list[dict[str, Any]], most: int | None) -> list[dict[str, Any]]:
    """The records, those with more than `most` impacts without them; None: as they are."""
    return [_shortened(take, most) for take in takes]


def _shortened(take: dict[str, Any], most: int | None) -> dict[str, Any]:
    there = len(take.get("impacts", ()))
    return take if most is None or there <= most else {**take, "impacts": [], LEFT_OUT: there}
