"""Watching a film to its end, as tests want it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from foley_core.media.probe import probe
from foley_core.picture.spotting import Spotting
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.picture.watch import watch


def see(path: Path, start: Fraction | int = 0, end: Fraction | int | None = None) -> Spotting:
    """What is seen of a film from `start` to `end`, or to the film's end."""
    info = probe(path)
    first, last = Fraction(start), info.duration if end is None else Fraction(end)
    return SpottingStream(first, last, watch(info, first, last, lambda share: None)).spotting()
