"""Moments: what is found as each frame of a film is seen, in order.

Frames are decoded and made small in a thread of their own, beside those of the decoder. More than some forty
frames a second are not looked at, nor repeated ones, and large ones are decoded roughly. Holds the small
pictures of a second at most; the sound of the film is never opened. What strikes is not told here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foley_core.media.frames import Frame, frames, size_within
from foley_core.media.probe import MediaInfo
from foley_core.picture.acceleration import Acceleration, acceleration_at
from foley_core.picture.curves import LONGEST
from foley_core.picture.optical_flow import SMALLEST, FrameMotion, Picture, flow_estimator
from foley_core.picture.repeats import without_repeats
from foley_core.picture.shots import FrameChange, ShotDetector
from foley_core.prefetch import prefetch

TOGETHER = 4
"""So many frames are handed from thread to thread at once."""

_LUMA_LONGER = 160
"""The longer side of the picture in which motion is looked for, in pixels."""
_THUMBNAIL_LONGER = 128
_ROUGH_FROM = 8 * _LUMA_LONGER
"""From this longer side on, films are decoded roughly: a block of theirs is no more than a pixel here."""
_FASTEST = 30
"""Of a film with twice as many frames a second, every other one is looked at; and so on."""
_GLANCE = Fraction(1, 500)
"""A frame that is shown for less than this, in seconds, and for less than a quarter of its due, is not looked
at: what moves until the next would seem to move in no time."""
_TURNS_KEPT = 256


@dataclass
class Tally:
    """Counted by the thread that decodes."""

    decoded: int = 0


@dataclass(frozen=True)
class _Small:
    """A frame that is looked at, made small."""

    time: Fraction
    luma: Picture
    picture: NDArray[np.uint8]
    """In colour."""


@dataclass(frozen=True)
class Moment:
    """What is found when a frame is seen."""

    time: Fraction
    motion: FrameMotion | None
    """From the frame before; none at the first."""
    acceleration: Acceleration | None
    """At the frame before; none at the first two."""
    changes: list[FrameChange]
    picture: NDArray[np.uint8] | None
    """The frame in colour, small; none when the film is over."""


def moments(info: MediaInfo, first: Fraction, last: Fraction, tally: Tally) -> Iterator[Moment]:
    """What is found in [`first`, `last`), in seconds of media time; the last moment says that it is over."""
    small = prefetch(_shrunk(_shown(info, first, last, tally), info), 1, together=TOGETHER)
    return _moments(without_repeats(small, lambda frame: frame.luma))


def _shown(info: MediaInfo, first: Fraction, last: Fraction, tally: Tally) -> Iterator[Frame]:
    """The frames that are looked at."""
    rough = max(info.width, info.height) >= _ROUGH_FROM
    every = max(round(info.rate / _FASTEST), 1)
    decimator = _FrameDecimator(info.rate, every) if every > 1 else None
    shortest, spare = min(_GLANCE, 1 / (4 * info.rate)), decimator.is_spare if decimator else None
    for frame in frames(info, first, last, rough=rough, spare=spare, shortest=shortest):
        tally.decoded += 1
        if decimator is None or decimator.is_next(frame.time):
            yield frame


class _FrameDecimator:
    """Which frames of a fast film are looked at: the first of each so many."""

    def __init__(self, rate: Fraction, every: int) -> None:
        self._rate, self._every = rate, every
        self._last: int | None = None
        self._sent: dict[int, Fraction] = {}

    def _of(self, time: Fraction) -> int:
        return (time * self._rate + Fraction(1, 2)) // self._every

    def is_next(self, time: Fraction) -> bool:
        """Whether the frame shown at `time`, asked in the order of showing, is the first of its group."""
        before, self._last = self._last, self._of(time)
        return self._last != before

    def is_spare(self, time: Fraction) -> bool:
        """Whether, asked in the order of decoding, an earlier one of its group is decoded already."""
        if len(self._sent) > _TURNS_KEPT:
            self._sent.clear()
        return self._sent.setdefault(self._of(time), time) < time


def _luma_size(info: MediaInfo) -> tuple[int, int]:
    width, height = size_within(info, _LUMA_LONGER)
    return max(width, SMALLEST), max(height, SMALLEST)


def _shrunk(shown: Iterable[Frame], info: MediaInfo) -> Iterator[_Small]:
    """What is left of each frame; the frame itself is let go at once."""
    luma_size, picture_size = _luma_size(info), size_within(info, _THUMBNAIL_LONGER)
    for frame in shown:
        yield _Small(frame.time, frame.luma(*luma_size), frame.rgb(*picture_size))


def _moments(shown: Iterable[_Small]) -> Iterator[Moment]:
    """What is found as each frame is seen; holds the lumas of three of them."""
    between, shots = flow_estimator(), ShotDetector()
    times: deque[Fraction] = deque(maxlen=2)
    lumas: deque[Picture] = deque(maxlen=3)
    arriving: FrameMotion | None = None
    for frame in shown:
        times.append(frame.time)
        lumas.append(frame.luma)
        motion = between(times[0], lumas[-2], times[1], lumas[-1]) if len(lumas) > 1 else None
        acceleration = None
        if arriving and motion and _are_close(arriving, motion):
            acceleration = acceleration_at(lumas[0], lumas[1], lumas[2], arriving, motion)
        changes = shots.see(frame.time, lumas[-1])
        yield Moment(frame.time, motion, acceleration, changes, frame.picture)
        arriving = motion
    yield Moment(times[-1] if times else Fraction(0), None, None, shots.rest(), None)


def _are_close(arriving: FrameMotion, leaving: FrameMotion) -> bool:
    """Whether the frames follow each other fast enough for a thing to be followed through them."""
    return arriving.until - arriving.since <= LONGEST and leaving.until - leaving.since <= LONGEST
