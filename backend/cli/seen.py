"""What is seen in a stretch of film: from the cache, or watched now and kept there for the backend."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from backend.cache.cache import Cache
from foley_core.media.probe import probe
from foley_core.picture.spotting import Spotting
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.picture.watch import watch


def seen(media: Path, start: Fraction, end: Fraction, on_progress: Callable[[float], None]) -> Spotting:
    """The spotting of [`start`, `end`) of the film; `on_progress` is told the share that is watched."""
    store = Cache()
    spotting = store.recall(media, start, end)
    if spotting is None:
        spotting = SpottingStream(start, end, watch(probe(media), start, end, on_progress)).spotting()
        store.keep(media, spotting)
    return spotting
