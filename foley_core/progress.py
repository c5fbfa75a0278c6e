"""Progress: how far a take is, told stage by stage, and how a cancel comes through.

The film is watched while sound is made of what was seen, so these two stages share one progress: its first
part is told as watching, the rest as making sound. What is told never goes back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from foley_core.errors import Cancelled

Stage = Literal["watch", "sound", "master", "write"]
STAGES: dict[Stage, float] = {"watch": 0.5, "sound": 0.4, "master": 0.02, "write": 0.08}
"""The stages in their order, each with its share of the time as far as progress goes."""

OnProgress: TypeAlias = Callable[[Stage, float], None]
"""Called with the stage and how much of it is done (0 to 1)."""


class Progress:
    """Told from one thread, which hears of a cancel thereby; the thread that watches only calls `watched`."""

    def __init__(self, on_progress: OnProgress, cancelled: Callable[[], bool]) -> None:
        self._on_progress, self._cancelled = on_progress, cancelled
        self._watched, self._sounded = 0.0, 0.0
        self._left = False

    def watched(self, share: float) -> None:
        """So much of the stretch has been watched; told with the next thing told. `Cancelled` if left."""
        if self._left:
            raise Cancelled
        self._watched = share

    def leave(self) -> None:
        """Nobody wants to know any more."""
        self._left = True

    def sounded(self, share: float) -> None:
        """So much of the sound has been made."""
        self._sounded = max(self._sounded, min(share, 1.0))
        self.both()

    def both(self) -> None:
        """Tell how far watching and making sound are together. Raises `Cancelled` where that is asked for."""
        done = STAGES["watch"] * self._watched + STAGES["sound"] * self._sounded
        if done < STAGES["watch"]:
            self.tell("watch", done / STAGES["watch"])
        else:
            self.tell("sound", (done - STAGES["watch"]) / STAGES["sound"])

    def tell(self, stage: Stage, share: float) -> None:
        """`share` of `stage` is done. Raises `Cancelled` where that is asked for."""
        if self._cancelled():
            self.leave()
            raise Cancelled
        self._on_progress(stage, min(max(share, 0.0), 1.0))
