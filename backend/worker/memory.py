"""How much memory this process holds, on the graphics card too, how much is left, and giving some back.

Nothing is imported for the card: where no engine has brought torch along, nothing is held there.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import msgspec
import psutil


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker holds after a cue, and the most that it held during it; bytes."""

    held: int = 0
    peak: int = 0
    """As seen a few times a second, not in between."""
    device_held: int = 0
    """By tensors on the graphics card; what torch keeps in reserve is not counted."""
    device_peak: int = 0
    device_free: int = 0
    """What the card has left for everyone."""


def available() -> int:
    """Bytes that could be had on this machine without swapping."""
    return int(psutil.virtual_memory().available)


def release_free_memory() -> None:
    """Give the system what is free but kept for later by the C library; where that is glibc (Linux)."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)


class PeakMemory:
    """Watches the memory of this process over a cue: `begin`, `look` now and then, `read` at its end."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._peak = 0

    def begin(self) -> None:
        """A cue begins; what was before does not count."""
        self._peak = 0
        if (card := _card()) is not None:
            card.reset_peak_memory_stats()

    def look(self) -> None:
        """Take notice of what is held now; takes microseconds."""
        self._peak = max(self._peak, self._held())

    def read(self) -> Memory:
        """What is held now, and the peak since `begin`."""
        held = self._held()
        memory = Memory(held=held, peak=max(self._peak, held))
        if (card := _card()) is None:
            return memory
        return msgspec.structs.replace(
            memory,
            device_held=card.memory_allocated(),
            device_peak=card.max_memory_allocated(),
            device_free=card.mem_get_info()[0],
        )

    def _held(self) -> int:
        return int(self._process.memory_info().rss)


def _card() -> Any:
    """`torch.cuda`, if it is in use."""
    torch = sys.modules.get("torch")
    return torch.cuda if torch is not None and torch.cuda.is_initialized() else None
