# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a batch has got, and how long it, or one not yet begun, will take. No Blender here."""

from dataclasses import dataclass, field
from typing import Dict, Optional, Tuple


@dataclass
class Batch:
    """The jobs asked for together, counted."""

    ended: int = 0
    """Placed, failed or cancelled."""
    timed: int = 0
    """How many of them are known to have taken `seconds` together."""
    seconds: float = 0.0
    placed: int = 0
    """How many of its takes lie on the timeline."""

    def end(self, seconds: Optional[float]) -> None:
        """One more has ended, after so many seconds of work, if known."""
        self.ended += 1
        if seconds is not None:
            self.timed += 1
            self.seconds += max(seconds, 0.0)

    def time_left(self, left: int, worked: float) -> Optional[float]:
        """Seconds for `left` jobs, on the first of which `worked` seconds were spent; none before one ends.

        The backend makes one at a time; each is expected to take as long as those that ended, on average.
        """
        if not self.timed:
            return None
        mean = self.seconds / self.timed
        return max(mean * left - min(worked, mean), 0.0) if left else 0.0


PLAIN_PACE, LEAST = 0.25, 0.5
"""Seconds of work for a second of sound, and for any sound, where nothing was made yet: a plain guess."""


@dataclass
class Pace:
    """How fast sounds were made in this session."""

    worked: Dict[str, Tuple[float, float]] = field(default_factory=dict)
    """Seconds of work, and of sound, by the engine that was asked for."""

    def end(self, engine: str, work: float, sound: float) -> None:
        """So many seconds of sound were made, in so many seconds."""
        before = self.worked.get(engine, (0.0, 0.0))
        self.worked[engine] = before[0] + max(work, 0.0), before[1] + sound

    def seconds(self, engine: str, sound: float) -> float:
        """How long it will take about to make so many seconds of sound."""
        work, made = self.worked.get(engine, (0.0, 0.0))
        return sound * work / made if made else max(sound * PLAIN_PACE, LEAST)


def clock(seconds: float) -> str:
    """A length of time as people say it, never less than what is left: 40 s, 3 min, 1 h 05 min."""
    whole = int(-(-seconds // 1))
    if whole < 60:
        return "{} s".format(whole)
    minutes = -(-whole // 60)
    return "{} min".format(minutes) if minutes < 60 else "{} h {:02} min".format(*divmod(minutes, 60))
