"""Examples: what the product's watcher finds in drawn films that might have struck, and whether it did.

Each film's are kept in a file, for drawing and watching it takes seconds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.training.films import film
from benchmarks.training.scene import Event
from foley_core.media.probe import probe
from foley_core.picture.candidates import NAMES, Candidate, CandidateFinder
from foley_core.picture.moments import Tally, moments
from foley_core.picture.shots import FrameChange

KINDS = ("strike", "step", "burst")
EARLIER = {"strike": 0.12, "step": 0.12, "burst": 0.08}
LATER = {"strike": 0.12, "step": 0.12, "burst": 0.30}
"""By so much, in seconds, a candidate may lie before or after what it is. What a burst has thrown about falls
off only when it is over."""


@dataclass(frozen=True)
class Examples:
    """Candidates, and the truth; one to a row."""

    features: NDArray[np.float32]
    """(candidates, len(NAMES))"""
    times: NDArray[np.float64]
    kinds: NDArray[np.int64]
    """Of the events that they are, in `KINDS`; -1 where they are none."""
    late: NDArray[np.float64]
    """By how many seconds the event is later; 0 where there is none."""
    followed: NDArray[np.bool_]
    """Whether it could be followed."""


def examples_of(films: Sequence[tuple[str, int]], folder: Path, processes: int) -> list[Examples]:
    """Those of films by kind and number, in this order, whichever process draws which."""
    folder.mkdir(parents=True, exist_ok=True)
    with get_context("spawn").Pool(processes) as pool:
        return pool.starmap(_kept, [(kind, number, folder) for kind, number in films], chunksize=1)


def candidates(path: Path) -> Iterator[Candidate]:
    """All that might have struck in a film, in order."""
    finder, info, changes = CandidateFinder(), probe(path), list[FrameChange]()
    for moment in moments(info, Fraction(0), info.duration, Tally()):
        changes += moment.changes
        if moment.motion is not None:
            yield from finder.see(moment.motion, moment.acceleration, changes)
            changes = []
    yield from finder.rest(changes)


def labelled(found: Sequence[Candidate], events: Sequence[Event]) -> Examples:
    """Each candidate is the event nearest to it, each event but one candidate; the nearest go first."""
    times = np.array([float(one.time) for one in found])
    which = _matched(times, events)
    return Examples(
        features=np.array([one.features for one in found], np.float32).reshape(len(found), len(NAMES)),
        times=times,
        kinds=np.array([KINDS.index(events[at].kind) if at >= 0 else -1 for at in which], np.int64),
        late=np.array([events[at].time - t if at >= 0 else 0.0 for at, t in zip(which, times, strict=True)]),
        followed=np.array([one.followed for one in found], np.bool_),
    )


def _matched(times: NDArray[np.float64], events: Sequence[Event]) -> list[int]:
    """Which event each time is, or -1."""
    found = [-1] * len(times)
    pairs = [
        (abs(time - event.time), at, number)
        for at, time in enumerate(times)
        for number, event in enumerate(events)
        if -EARLIER[event.kind] <= time - event.time <= LATER[event.kind]
    ]
    for _, at, number in sorted(pairs):
        if found[at] < 0 and number not in found:
            found[at] = number
    return found


def _kept(kind: str, number: int, folder: Path) -> Examples:
    path = folder / f"{kind}-{number}.npz"
    if not path.exists():
        cv2.setNumThreads(1)
        with tempfile.TemporaryDirectory() as scratch:
            drawn = film(kind, number, Path(scratch))
            made = labelled(list(candidates(drawn.path)), drawn.events)
        part = path.with_suffix(".part.npz")
        np.savez(part, **vars(made))
        part.replace(path)
    with np.load(path) as kept:
        return Examples(**kept)
