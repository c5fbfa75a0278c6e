"""Watching a stretch of film: one pass over its frames, in constant memory, to what is seen in it.

What is seen in a stretch is what would be seen there in a longer one, for a little is watched before and
after it. Frames are decoded and made small in one thread (beside those of the decoder), their motion is found
in another, while a third decides and gives out what it has. More than some forty frames a second are not
looked at, large ones are decoded roughly. The sound of the film is never opened.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from foley_core.media.frames import Frame, frames, size_within
from foley_core.media.probe import MediaInfo, probe
from foley_core.picture.acceleration import Acceleration, acceleration_at
from foley_core.picture.impacts import REACH, ImpactDetector
from foley_core.picture.motion_drops import LONGEST
from foley_core.picture.movement import Energy, MovementResampler, last_step
from foley_core.picture.optical_flow import SMALLEST, FrameMotion, Picture, flow_estimator
from foley_core.picture.shots import FrameChange, ShotDetector
from foley_core.picture.spotting import MOVEMENT_COLUMNS, MOVEMENT_RATE, MOVEMENT_ROWS, Impact, SpottingChunk
from foley_core.prefetch import prefetch

MOST_THUMBNAILS = 200
"""Once so many impacts are found, no more thumbnails are made."""

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
_BESIDE = REACH + Fraction(1, 4)
"""Watched before and after the stretch, in seconds."""
_PIECE = Fraction(1, 4)
"""A chunk is given out for every so many seconds, at most."""
_TURNS_KEPT = 256
_TOGETHER = 4
"""So many frames are handed from thread to thread at once."""


@dataclass
class _Tally:
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
class _Moment:
    """What is found when a frame is seen."""

    time: Fraction
    motion: FrameMotion | None
    """From the frame before; none at the first."""
    acceleration: Acceleration | None
    """At the frame before; none at the first two."""
    changes: list[FrameChange]
    picture: NDArray[np.uint8] | None
    """The frame in colour, small; none when the film is over."""


def watch(
    media: Path, start: Fraction, end: Fraction, tick: Callable[[float], None]
) -> Generator[SpottingChunk, None, None]:
    """What is seen of the film `media` in [`start`, `end`), in seconds of media time, piece by piece.

    The last chunk reaches to `end`. `tick` is called with the share that is done at every frame that is
    looked at; what it raises passes through. Closing the generator ends its threads. Raises a `MediaError`
    if the film cannot be read, and a `MemoryError` where OpenCV, too, has too little.
    """
    info = probe(media)
    first, last = max(start - _BESIDE, Fraction(0)), min(end + _BESIDE, info.duration)
    tally = _Tally()
    piece = _Piece(start, end, tally)
    small = prefetch(_shrunk(_shown(info, first, last, tally), info), 1, together=_TOGETHER)
    with _memory_errors(), closing(prefetch(_moments(small), 1, together=_TOGETHER)) as found:
        for moment in found:
            tick(min(float((moment.time - first) / max(last - first, Fraction(1, 1000))), 1.0))
            piece.see(moment)
            if piece.is_due():
                yield piece.take()
    tick(1.0)
    yield piece.rest()


@contextmanager
def _memory_errors() -> Iterator[None]:
    """OpenCV has an error of its own for too little memory."""
    try:
        yield
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError(str(error)) from error
        raise


def _shown(info: MediaInfo, first: Fraction, last: Fraction, tally: _Tally) -> Iterator[Frame]:
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


def _moments(shown: Iterable[_Small]) -> Iterator[_Moment]:
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
        yield _Moment(frame.time, motion, acceleration, changes, frame.picture)
        arriving = motion
    yield _Moment(times[-1] if times else Fraction(0), None, None, shots.rest(), None)


def _are_close(arriving: FrameMotion, leaving: FrameMotion) -> bool:
    """Whether the frames follow each other fast enough for a thing to be followed through them."""
    return arriving.until - arriving.since <= LONGEST and leaving.until - leaving.since <= LONGEST


class _Piece:
    """Gathers what is seen, until there is enough for a chunk."""

    def __init__(self, start: Fraction, end: Fraction, tally: _Tally) -> None:
        self._given, self._end, self._start = start, end, start
        self._tally = tally
        self._pace, self._impacts = MovementResampler(start, end), ImpactDetector()
        self._found: list[Impact] = []
        self._changes: list[FrameChange] = []
        self._new_shots: list[Fraction] = []
        self._pictures: deque[tuple[Fraction, NDArray[np.uint8]]] = deque()
        self._thumbnails = 0
        self._until = start

    def see(self, moment: _Moment) -> None:
        """Take in the next moment."""
        self._new_shots += [change.time for change in moment.changes if change.new_shot]
        if moment.picture is not None:
            self._pictures.append((moment.time, moment.picture))
        if moment.motion is None:
            self._changes += moment.changes
            return
        self._pace.add(moment.motion.since, moment.motion.until, _energy(moment.motion))
        acceleration = moment.acceleration
        self._keep(self._impacts.see(moment.motion, acceleration, self._changes + moment.changes))
        self._changes = []
        known = min(self._impacts.until, moment.time, self._end)
        self._until = max(self._until, known)

    def _keep(self, impacts: list[Impact]) -> None:
        for impact in impacts:
            if self._start <= impact.time < self._end:
                self._found.append(msgspec.structs.replace(impact, thumbnail=self._thumbnail(impact.time)))
        while len(self._pictures) > 1 and self._pictures[0][0] < self._impacts.until - 1:
            self._pictures.popleft()

    def _thumbnail(self, time: Fraction) -> str:
        if self._thumbnails >= MOST_THUMBNAILS or not self._pictures:
            return ""
        self._thumbnails += 1
        return _jpeg(min(self._pictures, key=lambda picture: abs(picture[0] - time))[1])

    def is_due(self) -> bool:
        """Whether there is enough."""
        return self._given + _PIECE <= self._until < self._end

    def take(self) -> SpottingChunk:
        """What was seen since the last time."""
        self._given = self._until
        return self._chunk(self._until)

    def rest(self) -> SpottingChunk:
        """The film is over: all that is left."""
        self._keep(self._impacts.rest(self._changes))
        return self._chunk(self._end)

    def _chunk(self, until: Fraction) -> SpottingChunk:
        whole = Fraction(last_step(until), MOVEMENT_RATE) if until == self._end else until
        cuts = tuple(cut for cut in self._new_shots if self._start <= cut < until)
        chunk = SpottingChunk(
            until=until,
            impacts=tuple(impact for impact in self._found if impact.time < until),
            cuts=cuts,
            energy=self._pace.take(whole),
            holds=self._pace.holds,
            frames=self._tally.decoded,
        )
        self._found = [impact for impact in self._found if impact.time >= until]
        self._new_shots = [cut for cut in self._new_shots if cut >= until]
        return chunk


def _energy(motion: FrameMotion) -> Energy:
    """How much moves where, in the blocks of `Movement`."""
    if motion.cut:
        return np.zeros((MOVEMENT_ROWS, MOVEMENT_COLUMNS), np.float32)
    mean = cv2.resize(motion.stir, (MOVEMENT_COLUMNS, MOVEMENT_ROWS), interpolation=cv2.INTER_AREA)
    return np.asarray(mean * np.float32(motion.stir.size), np.float32)


def _jpeg(picture: NDArray[np.uint8]) -> str:
    """A small picture as JPEG, in base64."""
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 80])
    return base64.b64encode(coded.tobytes()).decode("ascii")
