"""Shots: where the picture changes as a whole, which nothing in it did: cuts, flashes and fades.

Each frame is told once, in order: whether a cut, a flash or a fade came between the frame before and it, and
whether a new shot begins with it. What a frame is depends on the quarter second around it alone, so it is
known at most `DELAY` of film, or two frames where they last longer, after it was seen. Holds the small
pictures of that time. What moves, and whether the camera does, is not told here.

Cuts are found by PySceneDetect's AdaptiveDetector in the brightness of a picture made small: the change from
frame to frame must stand out from that around it, as that of fast motion does not (its other detectors take
fades, flicker or a whip of the camera for cuts). A flash is a jump in brightness that goes back again. The
frames of a fade or dissolve are mixtures of what lies before and after them (Hampapur, Jain and Weymouth,
"Production model based digital video segmentation", Multimedia Tools and Applications 1, 1995), and those of
something that moves are not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from scenedetect.common import FrameTimecode
from scenedetect.detectors import AdaptiveDetector

DELAY = Fraction(1, 4)
"""How much later than a frame, in seconds of film, one must look to know what it is."""

_SIZE = (64, 36)
_RATIO, _LEAST = 3.0, 6.0
"""A cut's change is so many times that of the frames around it, and at least this, of 255, on average."""
_BESIDE = 2
"""As many frames before and after it are taken for that."""
_FLASH = Fraction(1, 8)
"""A flash goes back within this time, in seconds, or in the next frame."""
_JUMP, _LIT, _LEFT_LIT = 6.0, 0.6, 0.35
"""It changes the mean by this, of 255; that is this share of all change; and this share of it may stay."""
_FADED, _MIXED, _UNMIXED = 4.0, 0.15, 0.2
"""A fade changes the picture by this, of 255, within `DELAY`; its middle has this share at least of both
ends, and this share at most of the change is not explained by that."""
_MOVED = 0.2
"""More of a change than this, explained by the motion of a camera, is no fade."""
_ALIKE = 0.6
"""Two pictures of one shot, lit differently, correlate at least by this."""
_FLAT = 2.0
"""A picture whose brightness spreads by less than this, of 255, shows nothing."""
_MOST = 64
"""Frames held at most: as many as lie within `DELAY` at 240 frames a second."""

Picture: TypeAlias = NDArray[np.uint8]
Change = Literal["", "cut", "flash", "fade"]


@dataclass(frozen=True)
class FrameChange:
    """What one frame turned out to be."""

    time: Fraction
    change: Change
    """What came between the frame before and this one; empty: motion, or nothing."""
    new_shot: bool
    """It is the first frame of a shot: the one after a cut, or the first to stand when a fade is over."""


@dataclass
class _Seen:
    """A frame that is not told yet, or is needed to tell others."""

    number: int
    time: Fraction
    picture: Picture
    mean: float
    jump: float
    """How much it differs from the one before, of 255."""
    change: Change = ""


class ShotDetector:
    """Takes in the frames of a film one after the other, gives out what each was."""

    def __init__(self) -> None:
        self._detector = AdaptiveDetector(
            adaptive_threshold=_RATIO,
            min_scene_len=0,
            window_width=_BESIDE,
            min_content_val=_LEAST,
            luma_only=True,
        )
        self._count = self._told = 0
        self._unfed: deque[tuple[int, Picture]] = deque(maxlen=_BESIDE + 2)
        """The last of the pictures that the detector was not given: it takes as long as all else here does,
        and has something to tell only where one differs enough from the one before."""
        self._wanted = 0
        """It must be given so many more."""
        self._seen: list[_Seen] = []
        self._last_told: _Seen | None = None
        self._before_fade: Picture | None = None

    def see(self, time: Fraction, luma: Picture) -> list[FrameChange]:
        """Take in the next frame, its brightness as (height, width); gives the frames that are known now."""
        picture = np.asarray(cv2.resize(luma, _SIZE, interpolation=cv2.INTER_AREA), np.uint8)
        if not self._seen:
            self._pad(picture)
        jump = _difference(self._seen[-1].picture, picture) if self._seen else 0.0
        last = _Seen(self._count - _BESIDE, time, picture, cv2.mean(picture)[0], jump)
        self._seen.append(last)
        self._find_cut(picture, jump)
        self._find_flash()
        self._find_fade()
        looks = list(self._known(last.number - _BESIDE, time - DELAY))
        self._forget(time - DELAY)
        return looks

    def rest(self) -> list[FrameChange]:
        """The film is over: the frames that are left."""
        if not self._seen:
            return []
        last = self._seen[-1]
        self._pad(last.picture)
        return list(self._known(last.number, last.time))

    def _pad(self, picture: Picture) -> None:
        """The detector tells nothing about the first and last frames it is given."""
        for _ in range(_BESIDE):
            self._find_cut(picture, 0.0)

    def _find_cut(self, picture: Picture, jump: float) -> None:
        self._unfed.append((self._count, picture))
        self._count += 1
        if jump >= _LEAST:
            self._wanted = _BESIDE + 1
        if self._wanted == 0:
            return
        self._wanted -= 1
        cuts = set(self._fed_cuts())
        for before, seen in pairwise(self._seen):
            if (
                seen.number in cuts
                and seen.jump >= _LEAST
                and seen.change != "flash"
                and not _are_alike(before.picture, seen.picture)
            ):
                seen.change = "cut"
                self._take_back(seen)

    def _fed_cuts(self) -> Iterator[int]:
        """Numbers of the frames that the detector takes for cuts; the first one given it may mislead it."""
        while self._unfed:
            count, picture = self._unfed.popleft()
            for cut in self._detector.process_frame(FrameTimecode(count, 1.0), cv2.merge([picture] * 3)):
                yield cut.frame_num - _BESIDE

    def _take_back(self, cut: _Seen) -> None:
        """Nothing is cut where the picture is soon as it was: a camera that is hit jumps, and back."""
        for before, seen in pairwise(self._seen):
            if seen is cut or seen.change != "cut" or cut.time - seen.time > _FLASH:
                continue
            away = _difference(before.picture, seen.picture)
            if _difference(before.picture, cut.picture) <= _LEFT_LIT * away:
                seen.change = cut.change = ""

    def _find_flash(self) -> None:
        means = [seen.mean for seen in self._seen]
        if max(means) - min(means) < _JUMP:
            return
        *earlier, last = self._seen
        for before, lit in pairwise(earlier):
            soon = lit is earlier[-1] or last.time - lit.time <= _FLASH
            if lit.change != "flash" and _is_flash(before, lit, last) and soon:
                for seen in self._seen[self._seen.index(lit) :]:
                    seen.change = "flash"
                return

    def _find_fade(self) -> None:
        first, middle, last = (self._seen[at] for at in (0, len(self._seen) // 2, -1))
        if last.time - first.time >= DELAY and _is_fade(first.picture, middle.picture, last.picture):
            for seen in self._seen[1:]:
                seen.change = seen.change or "fade"

    def _known(self, number: int, time: Fraction) -> Iterator[FrameChange]:
        """The frames up to this number and time; and the oldest, where too many are held."""
        untold = [seen for seen in self._seen if seen.number >= self._told]
        for left, seen in zip(range(len(untold), 0, -1), untold, strict=True):
            if seen.number > number or (seen.time > time and left <= _MOST):
                return
            self._told = seen.number + 1
            yield FrameChange(seen.time, seen.change, self._begins_shot(seen))
            self._last_told = seen

    def _forget(self, time: Fraction) -> None:
        """Keep what is not told yet, and of the rest the last frame up to this time."""
        told = [seen for seen in self._seen if seen.number < self._told]
        early = sum(seen.time <= time for seen in told) if len(self._seen) <= _MOST else len(told)
        del self._seen[: max(early - 1, 0)]

    def _begins_shot(self, seen: _Seen) -> bool:
        if seen.change == "fade" and self._before_fade is None and self._last_told is not None:
            self._before_fade = self._last_told.picture
        if seen.change in ("fade", "flash"):
            return False
        before, self._before_fade = self._before_fade, None
        return seen.change == "cut" or (before is not None and not _are_alike(before, seen.picture))


def _difference(one: Picture, other: Picture) -> float:
    return cv2.norm(one, other, cv2.NORM_L1) / one.size


def _is_flash(before: _Seen, lit: _Seen, last: _Seen) -> bool:
    """Whether all gets brighter, or darker, from `before` to `lit`, and in `last` is again as it was."""
    jump = abs(lit.mean - before.mean)
    if jump < _JUMP or abs(last.mean - before.mean) > _LEFT_LIT * jump:
        return False
    change = _difference(before.picture, lit.picture)
    return jump >= _LIT * change and _difference(before.picture, last.picture) <= _LEFT_LIT * change


def _is_fade(first: Picture, middle: Picture, last: Picture) -> bool:
    """Whether the middle is a mixture of the first and the last, and these are not the same, moved."""
    if _difference(first, last) < _FADED:
        return False
    start, between, end = (picture.astype(np.float32) for picture in (first, middle, last))
    change, since = end - start, between - start
    share = float((since * change).sum() / (change * change).sum())
    if not _MIXED <= share <= 1 - _MIXED:
        return False
    if np.abs(since - share * change).sum() > _UNMIXED * np.abs(change).sum():
        return False
    return _share_moved((start + end) / 2, change) < _MOVED


def _share_moved(picture: NDArray[np.floating[Any]], change: NDArray[np.floating[Any]]) -> float:
    """How much of a picture's change, 0 to 1, is shift, turn, zoom or shear of all of it, if it is small.

    By the gradients of the picture (Bergen et al., "Hierarchical model-based motion estimation", ECCV 1992).
    """
    down, along = np.gradient(picture)
    y, x = np.meshgrid(
        *(np.linspace(-1, 1, length, dtype=np.float32) for length in picture.shape), indexing="ij"
    )
    moves = np.stack([along, along * x, along * y, down, down * x, down * y]).reshape(6, -1)
    least, _, _, _ = np.linalg.lstsq(moves @ moves.T, moves @ change.ravel())
    left = change.ravel() - least @ moves
    return 1 - float((left * left).sum() / (change * change).sum())


def _are_alike(one: Picture, other: Picture) -> bool:
    """Whether two pictures show the same, in whatever light."""
    spread = float(one.std()), float(other.std())
    if min(spread) < _FLAT:
        return max(spread) < _FLAT and _difference(one, other) < _LEAST
    return float(cv2.matchTemplate(one, other, cv2.TM_CCOEFF_NORMED)[0, 0]) >= _ALIKE
