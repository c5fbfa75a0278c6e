"""Watching a stretch of film: one pass over its frames, in constant memory, to a spotting.

What is seen in a stretch is what would be seen there in a longer one, for a little is watched before and
after it.
The sound of the film is never opened.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_core.media.frames import Frame, frames, size_within
from foley_core.media.probe import MediaInfo, probe
from foley_core.picture.impacts import REACH, Blow, blows, impacts
from foley_core.picture.motion import SMALLEST, moments
from foley_core.picture.spotting import Impact, Spotting

MOST_THUMBNAILS = 200
"""Once so many impacts are found, no more thumbnails are made."""

_LUMA_LONGER = 192
"""The longer side of the picture in which motion is looked for, in pixels."""
_THUMBNAIL_LONGER = 128
_BESIDE = REACH + Fraction(1, 5)
"""Watched before and after the stretch, in seconds."""


def watch(media: Path, start: Fraction, end: Fraction, tick: Callable[[float], None]) -> Spotting:
    """The impacts of the film `media` in [`start`, `end`), in seconds of media time.

    `tick` is called with the share that is done at every frame; what it raises passes through. Raises a
    `MediaError` if the film cannot be read.
    """
    info = probe(media)
    first, last = max(start - _BESIDE, Fraction(0)), min(end + _BESIDE, info.duration)
    decoded = count()
    found: list[Impact] = []

    def ticked(film: Iterable[Frame]) -> Iterator[Frame]:
        for frame in film:
            next(decoded)
            tick(min(float((frame.time - first) / (last - first)), 1.0))
            yield frame

    def thumbnail(frame: Frame) -> str:
        return _jpeg(frame.rgb(*size_within(info, _THUMBNAIL_LONGER))) if len(found) < MOST_THUMBNAILS else ""

    film = ticked(frames(info, first, last))
    struck = impacts(blows(moments(film, _luma_size(info)), thumbnail))
    found.extend(_impact(blow) for blow in struck if start <= blow.time < end)
    tick(1.0)
    return Spotting(start=start, end=end, impacts=tuple(found), frames=next(decoded))


def _luma_size(info: MediaInfo) -> tuple[int, int]:
    width, height = size_within(info, _LUMA_LONGER)
    return max(width, SMALLEST), max(height, SMALLEST)


def _impact(blow: Blow) -> Impact:
    return Impact(time=blow.time, strength=blow.strength, x=blow.x, y=blow.y, thumbnail=blow.thumbnail)


def _jpeg(picture: NDArray[np.uint8]) -> str:
    """A small picture as JPEG, in base64."""
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 80])
    return base64.b64encode(coded.tobytes()).decode("ascii")
