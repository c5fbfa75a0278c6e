"""One short run that several tests look at."""

from __future__ import annotations

from fractions import Fraction

import pytest

from backend.soak.plan import Plan
from backend.soak.run import RunLog, run

SMALL = (320, 180)


@pytest.fixture(scope="session")
def two_minutes() -> RunLog:
    """Two minutes of a small film in four cues."""
    return run(Plan(minutes=Fraction(2), clips=4, size=SMALL), lambda line: None)
