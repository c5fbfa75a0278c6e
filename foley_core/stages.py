"""The one way through: watch > sound > master > write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from foley_core.cue import Cue
from foley_core.engines.engine import Engine
from foley_core.picture.spotting import SpottingShelf
from foley_core.take import Take

Stage = Literal["watch", "sound", "master", "write"]
OnProgress: TypeAlias = Callable[[Stage, float], None]


def generate(
    cue: Cue,
    output: Path,
    *,
    engine: Engine | None = None,
    shelf: SpottingShelf | None = None,
    on_progress: OnProgress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Take:
    """Make one take for `cue` at `output`."""
    raise NotImplementedError
