# SPDX-License-Identifier: GPL-3.0-or-later
"""Impacts as timeline markers, and markers as hits. No Blender here.

A marker stands on the frame nearest to its impact. One that still stands there means that very impact, to the
exact time; one that was moved or added means the beginning of its frame.

Hits are the markers called Hit, and those that nobody has named: Blender calls a marker that is added with M
after its frame, F_30, and leaves it that name when it is moved. Markers with names of their own are not ours.
"""

import re
from fractions import Fraction
from typing import Any, Dict, Iterable, List, NamedTuple, Sequence, Tuple

PREFIX = "Hit"
MOST_NAMES = 6
"""So many markers that are no hits are named, before the others are counted."""
_NAME = re.compile(re.escape(PREFIX) + r"\b.*")
_DEFAULT_NAME = re.compile(r"F_-?\d+")


class Stretch(NamedTuple):
    """A stretch of picture on the timeline."""

    start: int
    """Its first frame on the timeline."""
    frames: int
    first: Fraction
    """Media time of its beginning, in seconds."""
    rate: Fraction
    """The scene's."""

    def frame_of(self, time: Fraction) -> int:
        """The timeline's frame nearest to a media time, of two as near the later one.

        What is in the stretch stays in it, so at its very end it is the last frame.
        """
        frames = (time - self.first) * self.rate
        nearest = int((frames + Fraction(1, 2)) // 1)
        return self.start + (self.frames - 1 if nearest == self.frames > frames else nearest)

    def time_of(self, frame: int) -> Fraction:
        """The media time at which a frame of the timeline begins."""
        return self.first + Fraction(frame - self.start) / self.rate

    def holds(self, frame: int) -> bool:
        """Whether a frame of the timeline is in it."""
        return self.start <= frame < self.start + self.frames


class Mark(NamedTuple):
    """A marker to be set."""

    frame: int
    name: str


def impacts_of(take: Dict[str, Any]) -> List[Tuple[Fraction, float]]:
    """The impacts in the record of a take: exact media times and strengths."""
    return [(Fraction(str(one["time_exact"])), float(one["strength"])) for one in take["impacts"]]


def marks(impacts: Iterable[Tuple[Fraction, float]], stretch: Stretch) -> List[Mark]:
    """A marker for each impact within the stretch, in their order."""
    placed = [(stretch.frame_of(time), strength) for time, strength in sorted(impacts)]
    return [
        Mark(frame, "{} {:.1f}".format(PREFIX, strength))
        for frame, strength in placed
        if stretch.holds(frame)
    ]


def is_hit(name: str) -> bool:
    """Whether a marker is called a hit."""
    return _NAME.fullmatch(name) is not None


def has_default_name(name: str) -> bool:
    """Whether nobody has named the marker."""
    return not name or _DEFAULT_NAME.fullmatch(name) is not None


class Markers(NamedTuple):
    """The markers within a stretch, told apart by their names; each list in order of time."""

    called: List[int]
    """Frames of those called Hit."""
    unnamed: List[int]
    """Frames of those that nobody has named."""
    others: List[str]
    """Names of those that are no hits."""

    @property
    def frames(self) -> List[int]:
        """Where hits are wanted."""
        return sorted(self.called + self.unnamed)

    def said(self) -> List[str]:
        """In words, a line each: how many hits, what they are, and what is left out."""
        lines = ["{}.".format(counted(len(self.frames), "hit"))]
        if self.unnamed:
            called = "{} called {}, ".format(len(self.called), PREFIX) if self.called else ""
            whose = "its" if len(self.unnamed) == 1 else "their"
            kinds = "{}: {}{} without a name of {} own."
            lines = [kinds.format(lines[0][:-1], called, len(self.unnamed), whose)]
        names = ["'{}'".format(name) for name in self.others]
        if len(names) > MOST_NAMES:
            names = [*names[:MOST_NAMES], "{} more".format(len(names) - MOST_NAMES)]
        return [*lines, "Left out: {}.".format(", ".join(names))] if names else lines


def told_apart(markers: Iterable[Tuple[int, str]], stretch: Stretch) -> Markers:
    """Which of these markers, frame and name of each, are hits of the stretch, and which are not."""
    inside = sorted((frame, name) for frame, name in markers if stretch.holds(frame))
    called = [frame for frame, name in inside if is_hit(name)]
    unnamed = [frame for frame, name in inside if has_default_name(name)]
    others = [name for _frame, name in inside if not (is_hit(name) or has_default_name(name))]
    return Markers(called, unnamed, others)


def counted(number: int, thing: str) -> str:
    """So many of a thing, in words."""
    return "{} {}{}".format(number, thing, "" if number == 1 else "s")


def hits(
    frames: Iterable[int], impacts: Sequence[Tuple[Fraction, float]], stretch: Stretch
) -> List[Fraction]:
    """Media times of the markers within the stretch, in order, each once.

    Of several impacts on a frame the strongest are kept, as many as there are markers on it. Those beyond the
    stretch, in the handles, had no markers and stay.
    """
    near: Dict[int, List[Tuple[Fraction, float]]] = {}
    for time, strength in sorted(impacts, key=lambda one: (-one[1], one[0])):
        near.setdefault(stretch.frame_of(time), []).append((time, strength))
    times = {time for time, _ in impacts if not stretch.holds(stretch.frame_of(time))}
    for frame in filter(stretch.holds, frames):
        left = near.get(frame, [])
        times.add(left.pop(0)[0] if left else stretch.time_of(frame))
    return sorted(times)
