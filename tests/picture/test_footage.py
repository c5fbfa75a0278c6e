"""Footage of every sort: impacts where things strike, and next to none where all only moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.training.films import KEPT_APART, SECONDS, film
from foley_core.picture.spotting import Spotting
from tests.picture.seeing import see

MOVES = ("traffic", "driving", "water", "leaves", "crowd", "weather", "screens", "camera_work")
STRIKES = ("hammer", "dribble", "dropped", "feet_close", "clap", "racket")


def watched(folder: Path, kind: str) -> tuple[Spotting, list[float]]:
    """A film that nothing was learnt from, and when something strikes in it."""
    drawn = film(kind, KEPT_APART + 1, folder)
    return see(drawn.path), [event.time for event in drawn.events]


@pytest.mark.slow
def test_there_are_next_to_no_impacts_where_nothing_strikes(tmp_path: Path) -> None:
    counts = {kind: len(watched(tmp_path, kind)[0].impacts) for kind in MOVES}
    assert sum(counts.values()) <= len(MOVES) * SECONDS / 10, counts


@pytest.mark.slow
def test_there_are_impacts_where_things_strike(tmp_path: Path) -> None:
    found = heard = 0
    for kind in STRIKES:
        seen, events = watched(tmp_path, kind)
        times = [float(impact.time) for impact in seen.impacts]
        heard += len(events)
        found += sum(any(abs(time - event) <= 0.12 for time in times) for event in events)
    assert found >= 0.5 * heard > 0
