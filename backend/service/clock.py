"""The time by which the broker watches others: its own rounds, and nothing that lies between them.

A machine sleeps, a process is stopped, a swapping system lets one wait: where the broker itself was away,
nobody had a chance to be heard, so that time is no silence of theirs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST_ROUND = 1.0
"""Seconds; a round waits half a second for messages, and answers what has come in far less."""


def counted(gap: float) -> float:
    """Seconds of a gap between two rounds that count: a round that took longer was no watch."""
    return min(max(gap, 0.0), LONGEST_ROUND)


class RoundClock:
    """Seconds that were watched. `now` stands still between two rounds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.now = 0.0
        self._clock = clock
        self._read = clock()

    def tick(self) -> float:
        """A round begins; gives what `now` is from here on."""
        read = self._clock()
        self.now += counted(read - self._read)
        self._read = read
        return self.now
