# SPDX-License-Identifier: GPL-3.0-or-later
"""Work done a little at a time, so that nobody waits for it. No Blender here."""

import time
from typing import Callable, Deque, TypeVar

T = TypeVar("T")


def some(waiting: Deque[T], do: Callable[[T], object], seconds: float) -> bool:
    """Do what waits, the oldest first, for about so long, one at least; whether there was anything."""
    there, deadline = bool(waiting), time.perf_counter() + seconds
    while waiting:
        do(waiting.popleft())
        if time.perf_counter() > deadline:
            break
    return there
