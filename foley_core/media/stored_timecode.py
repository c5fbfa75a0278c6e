"""A timecode as a container stores it: a frame number, not a text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class StoredTimecode:
    """Where a film's timecode begins."""

    number: int
    """The first frame, counted from midnight; may be negative, or past the day."""
    rate: Fraction | None
    """Frame numbers per second, as well as the container tells it; None if it does not."""
    drop: bool


class UnreadableTimecode(Exception):
    """There is a timecode, and it makes no sense; the message says why."""
