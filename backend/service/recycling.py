"""When a worker is renewed or let go, and how. Pure functions: the supervisor only carries them out.

A worker that has made many cues, lived long, or holds much more memory than at first is tired. Another is
started beside it, and takes over between two jobs once it is warm; where memory does not allow two, the tired
one ends first. A worker that idles is replaced by a fresh one without engines, so that all they held is free
again, on the graphics card too; later it is let go without a successor, and comes back when it is wanted.
Time is in seconds of a monotonic clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from backend.worker.memory import Memory

FIRST_CUES = 3
"""After so many cues with the same engines a worker holds what it will go on holding."""
GROWTH_FACTOR = 1.5
GROWTH_BYTES = 300 << 20
"""Memory has grown where it is beyond both."""
LONGEST_DELAY = 600.0
_NOTHING = Memory()


@dataclass(frozen=True)
class RecycleLimits:
    """How long a worker is kept; `inf`: for ever."""

    cues: float = 200.0
    minutes: float = 120.0
    unload_minutes: float = 5.0
    """Idle minutes until its engines are unloaded."""
    idle_minutes: float = 30.0
    """Idle minutes until it is let go."""


DEFAULTS = RecycleLimits()

SETTINGS: Mapping[str, str] = {
    "cues": "FOLEY_RECYCLE_CUES",
    "minutes": "FOLEY_RECYCLE_MINUTES",
    "unload_minutes": "FOLEY_UNLOAD_MINUTES",
    "idle_minutes": "FOLEY_IDLE_MINUTES",
}
"""Environment variable of each limit."""


class RecycleReason(Enum):
    """Why a worker is to be renewed."""

    CUES = "cues"
    AGE = "age"
    MEMORY = "memory"


class RecycleAction(Enum):
    """What is to be done for a worker."""

    NOTHING = "nothing"
    START_SUCCESSOR = "gets a successor"
    """Start another beside it."""
    HAND_OVER = "hands over"
    """The other takes its place, and it ends."""
    REPLACE = "is replaced"
    """It ends, then another is started."""
    LET_GO = "is let go"
    """It ends; there is another when one is wanted."""


@dataclass(frozen=True)
class WorkerHistory:
    """What a worker has been through."""

    since: float
    """When it was ready."""
    cues: int = 0
    engines: frozenset[str] = frozenset()
    """All that it has loaded."""
    young: int = FIRST_CUES
    """Cues from now on that may still need more memory than those before."""
    usual: Memory = _NOTHING
    """The most held after the first cues with these engines."""
    memory: Memory = _NOTHING
    """After the last cue."""

    def used(self, engine: str) -> WorkerHistory:
        """It uses this engine; one that it did not have before may need more memory, but holds none yet."""
        if engine in self.engines:
            return self
        return replace(self, engines=self.engines | {engine}, young=FIRST_CUES, usual=self.memory)

    def worked(self, memory: Memory) -> WorkerHistory:
        """It is through with a cue."""
        usual = self.usual
        if self.young:
            usual = Memory(
                held=max(usual.held, memory.held), device_held=max(usual.device_held, memory.device_held)
            )
        return replace(self, cues=self.cues + 1, young=max(self.young - 1, 0), usual=usual, memory=memory)


@dataclass(frozen=True)
class RecycleInputs:
    """All that counts for what is done for a worker that is ready or busy."""

    busy: bool
    idle: float
    """Seconds since anybody wanted anything of it."""
    loaded: bool
    """It has engines loaded."""
    reason: RecycleReason | None
    successor: Literal["none", "warming", "ready"]
    may_start_successor: bool
    """No attempt has failed only just now."""
    room: bool
    """There is memory for two."""


def limits(environment: Mapping[str, str]) -> RecycleLimits:
    """The limits that are set; what is no positive number counts as not set."""
    found = {name: _number(environment.get(variable, "")) for name, variable in SETTINGS.items()}
    return RecycleLimits(**{name: number for name, number in found.items() if number is not None})


def recycle_reason(history: WorkerHistory, now: float, limits: RecycleLimits) -> RecycleReason | None:
    """Why this worker is to be renewed, if it is."""
    if not history.cues:
        return None
    if history.cues >= limits.cues:
        return RecycleReason.CUES
    if now - history.since >= limits.minutes * 60:
        return RecycleReason.AGE
    grown = _grown(history.usual.held, history.memory.held)
    grown_there = _grown(history.usual.device_held, history.memory.device_held)
    return RecycleReason.MEMORY if grown or grown_there else None


def recycle_action(at: RecycleInputs, limits: RecycleLimits) -> RecycleAction:
    """What is to be done now."""
    if not at.busy:
        if at.idle >= limits.idle_minutes * 60:
            return RecycleAction.LET_GO
        if at.successor == "ready":
            return RecycleAction.HAND_OVER
        if at.successor == "none" and at.loaded and at.idle >= limits.unload_minutes * 60:
            return RecycleAction.REPLACE
    if at.reason is None or at.successor != "none":
        return RecycleAction.NOTHING
    if at.room:
        return RecycleAction.START_SUCCESSOR if at.may_start_successor else RecycleAction.NOTHING
    return RecycleAction.NOTHING if at.busy else RecycleAction.REPLACE


def fits_two(held: int, available: int) -> bool:
    """Whether a worker that holds so much can have another beside it, which will soon hold as much."""
    return available > 2 * held


def fits_two_on_device(memory: Memory) -> bool:
    """Whether another can load the same engines while this one keeps them."""
    return memory.device_held == 0 or memory.device_free > 2 * memory.device_peak


def successor_delay(failures: int) -> float:
    """Seconds until another successor is tried, after so many in a row that did not get ready."""
    return min(2.0**failures, LONGEST_DELAY) if failures else 0.0


def _grown(usual: int, held: int) -> bool:
    return held > GROWTH_FACTOR * usual and held - usual > GROWTH_BYTES


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number > 0 else None
