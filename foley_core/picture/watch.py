"""Watching a stretch of film: one pass over its frames, in constant memory, to what is seen in it.

What is seen in a stretch is what would be seen there in a longer one, for a little is watched before and
after it. What is found in it frame by frame (`moments.py`) comes from a thread of its own, while another
decides and gives out what it has.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from fractions import Fraction

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from foley_core.media.probe import MediaInfo
from foley_core.picture.impacts import REACH, ImpactDetector
from foley_core.picture.moments import TOGETHER, Moment, Tally, moments
from foley_core.picture.movement import Energy, MovementResampler, last_step
from foley_core.picture.optical_flow import FrameMotion
from foley_core.picture.shots import FrameChange
from foley_core.picture.spotting import MOVEMENT_COLUMNS, MOVEMENT_RATE, MOVEMENT_ROWS, Impact, SpottingChunk
from foley_core.prefetch import prefetch

MOST_THUMBNAILS = 200
"""Once so many impacts are found, no more thumbnails are made."""

_BESIDE = REACH + Fraction(1, 4)
"""Watched before and after the stretch, in seconds."""
_PIECE = Fraction(1, 4)
"""A chunk is given out for every so many seconds, at most."""


def watch(
    info: MediaInfo, start: Fraction, end: Fraction, tick: Callable[[float], None]
) -> Generator[SpottingChunk, None, None]:
    """What is seen of the film `info` in [`start`, `end`), in seconds of media time, piece by piece.

    The last chunk reaches to `end`. `tick` is called with the share that is done at every frame that is
    looked at; what it raises passes through. Closing the generator ends its threads. Raises a `MediaError`
    if the film cannot be read, and a `MemoryError` where OpenCV, too, has too little.
    """
    first, last = max(start - _BESIDE, Fraction(0)), min(end + _BESIDE, info.duration)
    tally = Tally()
    piece = _Piece(start, end, tally)
    with (
        _memory_errors(),
        closing(prefetch(moments(info, first, last, tally), 1, together=TOGETHER)) as found,
    ):
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


class _Piece:
    """Gathers what is seen, until there is enough for a chunk."""

    def __init__(self, start: Fraction, end: Fraction, tally: Tally) -> None:
        self._given, self._end, self._start = start, end, start
        self._tally = tally
        self._pace, self._impacts = MovementResampler(start, end), ImpactDetector()
        self._found: list[Impact] = []
        self._changes: list[FrameChange] = []
        self._new_shots: list[Fraction] = []
        self._pictures: deque[tuple[Fraction, NDArray[np.uint8]]] = deque()
        self._thumbnails = 0
        self._until = start

    def see(self, moment: Moment) -> None:
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
