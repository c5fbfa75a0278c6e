"""Leaving out most of the model at steps where it would say nearly the same again.

The first block is always computed. Where it changes the sound nearly as at the last step that was computed
whole, all other blocks are taken to change it as they did then. (The first block cache of ParaAttention and
WaveSpeed, 2024, after Liu et al., "Timestep Embedding Tells: It's Time to Cache", 2025.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor


@dataclass
class BlockCache:
    """Of one run from noise to latents; another run needs another one.

    All of a batch is left out or nothing is: the window that changes most decides. So what becomes of a
    window depends a little on those that are beside it.
    """

    threshold: float
    """How much the first block's change may differ, as a share of it; at 0 nothing is left out."""
    steps: int = field(default=0, init=False)
    """So many were asked for."""
    left_out: int = field(default=0, init=False)
    """In so many of them all but the first block was left out."""
    _change: Tensor | None = field(default=None, init=False)
    _of_the_rest: Tensor | None = field(default=None, init=False)

    def rest(self, audio: Tensor, change: Tensor, compute: Callable[[], Tensor]) -> Tensor:
        """The sound after all blocks; `audio` is it after the first, `change` what that one did to it."""
        self.steps += 1
        if self._of_the_rest is not None and self._is_alike(change):
            self.left_out += 1
            return audio + self._of_the_rest
        done = compute()
        self._change, self._of_the_rest = change.clone(), done - audio
        return done

    def _is_alike(self, change: Tensor) -> bool:
        before = self._change
        if before is None or before.shape != change.shape:
            return False
        differs = (change - before).abs().mean((1, 2)) / before.abs().mean((1, 2))
        return float(differs.max()) < self.threshold
