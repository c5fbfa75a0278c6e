"""Which frames the model looks at, and how large: one pass over the film for both of its encoders.

SigLIP2 looks at the whole picture, squeezed into a square; Synchformer at its middle, and from a little
closer where it tells how late a sound is, as it was taught. Frames are made small as they are decoded, and
none is kept. Before the film's first frame that one stands, and after its last frame that one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_core.engines.hunyuan.config import SAMPLE_RATE
from foley_core.engines.hunyuan.synchformer import SIDE
from foley_core.errors import MediaUnreadable
from foley_core.media.frames import Frame, frames
from foley_core.media.probe import MediaInfo

Rule = Literal["first", "nearest"]
"""`first`: the first frame shown at that time or later, as published, on average half a frame late;
`nearest`: whichever is first shown nearest to it, the earlier of two."""
_HALF_A_SAMPLE = Fraction(1, 2 * SAMPLE_RATE)
"""Windows begin on whole samples, so a frame that is shown so little earlier is shown at that time."""
Encoder = Literal["visual", "sync", "offset"]
Pixels = NDArray[np.uint8]
"""(height, width, 3), red, green, blue."""

VISUAL_SIDE = 512
"""Of the square that SigLIP2 sees, in pixels."""
_SHORTER: dict[Encoder, int] = {"sync": SIDE, "offset": 256}
"""The picture's shorter side, of whose middle Synchformer sees `SIDE`."""


class FrameRequest(NamedTuple):
    """When one encoder wants a frame, in media time, which may lie outside the film. They sort by time."""

    time: Fraction
    encoder: Encoder


def sample_frames(
    info: MediaInfo, requests: Iterable[FrameRequest], rule: Rule, tick: Callable[[], None]
) -> Generator[tuple[FrameRequest, Pixels], None, None]:
    """What is seen at each of `requests`, which are in order, and are taken one by one.

    `tick` is called for each frame that is decoded; what it raises passes through. The film is closed when
    the generator ends or is closed. Raises `MediaUnreadable`.
    """
    due = iter(requests)
    request = next(due, None)
    if request is None:
        return
    with closing(_frames_from(info, request.time, tick)) as shown:
        before: Frame | None = None
        after = next(shown, None)
        seen = _Seen(info)
        while request is not None:
            while after is not None and after.time < request.time - _HALF_A_SAMPLE:
                before, after = after, next(shown, None)
            yield request, seen.by(request.encoder, _chosen(before, after, request.time, rule))
            request = next(due, None)


def _frames_from(info: MediaInfo, time: Fraction, tick: Callable[[], None]) -> Generator[Frame, None, None]:
    """The frames from one at `time` or before it on, or from the film's first."""
    back = Fraction(1)
    while True:
        start = max(min(time, info.duration) - back, Fraction(0))
        with closing(frames(info, start, info.duration, tick)) as shown:
            first = next(shown, None)
            if first is not None and (first.time <= time or start == 0):
                yield first
                yield from shown
                return
        if start == 0:
            raise MediaUnreadable(f"No frame of {info.path} can be decoded.", "Is it whole?")
        back *= 4


def _chosen(before: Frame | None, after: Frame | None, time: Fraction, rule: Rule) -> Frame:
    """Of the last frame before `time`, and the first at it or later."""
    if before is None or after is None:
        only = before or after
        assert only is not None
        return only
    return before if rule == "nearest" and time - before.time <= after.time - time else after


class _Seen:
    """Frames as the encoders see them; the last of each is kept, for it may be asked for again."""

    def __init__(self, info: MediaInfo) -> None:
        self._sizes = {
            encoder: _shorter_side(info.width, info.height, side) for encoder, side in _SHORTER.items()
        }
        self._kept: dict[Encoder, tuple[Fraction, Pixels]] = {}

    def by(self, encoder: Encoder, frame: Frame) -> Pixels:
        if encoder not in self._kept or self._kept[encoder][0] != frame.time:
            self._kept[encoder] = (
                frame.time,
                self._visual(frame) if encoder == "visual" else self._middle(frame, *self._sizes[encoder]),
            )
        return self._kept[encoder][1]

    def _visual(self, frame: Frame) -> Pixels:
        return frame.rgb(VISUAL_SIDE, VISUAL_SIDE, "bilinear")

    def _middle(self, frame: Frame, width: int, height: int) -> Pixels:
        left, top = round((width - SIDE) / 2), round((height - SIDE) / 2)
        whole = frame.rgb(width, height, "bicubic")
        return np.ascontiguousarray(whole[top : top + SIDE, left : left + SIDE])


def _shorter_side(width: int, height: int, side: int) -> tuple[int, int]:
    """Width and height in the same proportions, of which the shorter is `side`."""
    if width <= height:
        return side, side * height // width
    return side * width // height, side
