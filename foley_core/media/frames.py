"""The frames of a film, each with its exact time, one after the other and in constant memory.

A seek is never trusted: the first frame decoded after it must lie at or before the time asked for, else it
goes further back, in the end to the start of the film. So frames found by a seek are the very ones that
decoding from the start would give. Frames that an edit list hides are not given. Which frames are needed,
and at which rate they are looked at, is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from foley_core.errors import MediaUnreadable
from foley_core.media.container import open_film, reading
from foley_core.media.luma import fits, shrunk_luma
from foley_core.media.probe import MediaInfo
from foley_core.media.streams import frame_time, picture_stream, pictures, prime, seek

Kernel = Literal["fast", "bilinear", "bicubic"]
"""How colours are made small. `fast` leaves most pixels out; the others take in all of them, and come nearest
to torch's antialiased interpolation of the same name, within a level of 255 on average."""

_FULL = Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP
"""Without, colours are off by three levels on average."""
_SAME = Fraction(1, 500)
"""Times that go back by less than this, in seconds, and by less than a quarter of a frame, are noise."""
_KERNELS: dict[Kernel, Interpolation] = {
    "fast": Interpolation.FAST_BILINEAR,
    "bilinear": Interpolation.BILINEAR | _FULL,
    "bicubic": Interpolation.BICUBIC | _FULL,
}


@dataclass(frozen=True)
class Frame:
    """One frame, still as the decoder gave it; made small, upright and 8 bits deep when asked for."""

    time: Fraction
    """Media time at which it is first shown."""
    _picture: VideoFrame
    _turns: int
    """Quarter turns counter-clockwise that make it upright."""
    _scaler: VideoReformatter

    def decoded(self) -> VideoFrame:
        """The picture as the decoder gave it: of any format and depth, not turned."""
        return self._picture

    def luma(self, width: int, height: int) -> NDArray[np.uint8]:
        """Its brightness, 0 to 255, as (height, width)."""
        lying = (height, width) if self._turns % 2 else (width, height)
        if fits(self._picture, *lying):
            return _upright(shrunk_luma(self._picture, *lying), self._turns)
        return self._scaled(width, height, "gray", Interpolation.AREA)

    def rgb(self, width: int, height: int, kernel: Kernel = "fast") -> NDArray[np.uint8]:
        """Its colours as (height, width, 3)."""
        return self._scaled(width, height, "rgb24", _KERNELS[kernel])

    def _scaled(
        self, width: int, height: int, pixels: str, interpolation: Interpolation
    ) -> NDArray[np.uint8]:
        lying = self._turns % 2 == 1
        scaled = self._scaler.reformat(
            self._picture,
            height if lying else width,
            width if lying else height,
            pixels,
            interpolation=interpolation,
            dst_color_range=ColorRange.JPEG,
            threads=1,  # so small a picture is made sooner than threads are woken
        )
        return _upright(scaled.to_ndarray(), self._turns)


def frames(
    info: MediaInfo,
    start: Fraction,
    end: Fraction,
    meanwhile: Callable[[], None] = lambda: None,
    *,
    rough: bool = False,
    spare: Callable[[Fraction], bool] | None = None,
    shortest: Fraction = Fraction(0),
) -> Generator[Frame, None, None]:
    """The frames of `info` that are first shown in [`start`, `end`), each later than the one before.

    Of frames that are shown at the same time only the last is given, as only that one stays on the screen; so
    it is with frames that are shown for less than `shortest`, in seconds.

    All at their exact times; `rough` ones are decoded faster, with blocks that show in some of them. Asked in
    the order of decoding, `spare` tells of which times no frame is needed; such may be left out, then.
    `meanwhile` is called for each picture decoded, those on the way to `start` too; what it raises passes
    through. The film is closed when the generator ends or is closed. Raises `MediaUnreadable`, also where
    times go back, which they do where a container does not say when frames are shown (H.264 with B-frames in
    AVI).
    """
    scaler = VideoReformatter()
    with open_film(info.path) as film, reading(info.path):
        decoded = _from(film, info, max(start, Fraction(0)), rough, spare)
        for time, picture in _lasting(_timed(decoded, info, meanwhile), shortest):
            if time >= end:
                return
            if time >= start:
                yield Frame(time, picture, info.rotation // 90, scaler)


_Timed: TypeAlias = tuple[Fraction, VideoFrame]


def _timed(decoded: Iterator[VideoFrame], info: MediaInfo, meanwhile: Callable[[], None]) -> Iterator[_Timed]:
    """The frames that are shown, each with its media time; none lies before the one before it."""
    noise, before = min(_SAME, 1 / (4 * info.rate)), Fraction(0)
    for picture in decoded:
        meanwhile()
        time = frame_time(picture, info.path) - info.origin
        if time < 0:
            continue
        if time <= before - noise:
            raise MediaUnreadable(
                f"The times in {info.path} go back after {float(before):.3f} s.",
                "Convert the film to MP4 or MOV.",
            )
        before = max(before, time)
        yield before, picture


def _lasting(timed: Iterator[_Timed], shortest: Fraction) -> Iterator[_Timed]:
    """The frames that stay: of those at one time, or within `shortest` of the first of them, the last."""
    last = next(timed, None)
    if last is None:
        return
    since = last[0]
    for one in timed:
        if one[0] > last[0] and one[0] - since >= shortest:
            yield last
            since = one[0]
        last = one
    yield last


def size_within(info: MediaInfo, longer: int) -> tuple[int, int]:
    """Width and height, in the film's proportions and even, of which the longer side is `longer` at most."""
    scale = min(Fraction(1), Fraction(longer, max(info.width, info.height)))
    return max(2, int(info.width * scale) // 2 * 2), max(2, int(info.height * scale) // 2 * 2)


def _upright(pixels: NDArray[Any], turns: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(pixels, turns), dtype=np.uint8)


def _from(
    film: InputContainer,
    info: MediaInfo,
    start: Fraction,
    rough: bool,
    spare: Callable[[Fraction], bool] | None,
) -> Iterator[VideoFrame]:
    """All frames from some frame at or before `start` on (media time), but for those that are spare."""
    passed = (lambda time: time > info.origin + start and spare(time - info.origin)) if spare else None
    stream = picture_stream(film, info.path, rough=rough)
    prime(film, stream)
    back = max(Fraction(1), 8 / info.rate)  # past the leading frames of an open GOP, which are damaged
    while start - back > 0:
        seek(film, stream, info.origin + start - back)
        found = pictures(film, stream, info.path, passed)
        first = next(found, None)
        if first is not None and frame_time(first, info.path) - info.origin <= start:
            yield first
            yield from found
            return
        back *= 4
    with open_film(info.path) as fresh:
        yield from pictures(fresh, picture_stream(fresh, info.path, rough=rough), info.path, passed)
