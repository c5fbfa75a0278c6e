# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate and the length of a film, kept for as long as the file does not change.

They come from the film's header, where that tells them plainly. Else Blender is asked, once: it opens the
film and decodes its beginning, which takes 25 ms in HD, 100 ms in 4K, and ten times that on a busy machine.
`orig_fps` of a strip's element opens none, but stays what it was when the strip is given another film.
"""

import os
from fractions import Fraction
from functools import lru_cache
from typing import Any, Optional, Tuple

import bpy

from ..core import film_header, rates

KEPT = 1000
"""Films of which the rate and the length are kept."""
_State = Tuple[str, int, int]


def rate_of(path: str) -> Optional[Fraction]:
    """The rate of a film; none where it cannot be read."""
    return _told(*_state(path))[0]


def path_of(strip: Any) -> str:
    """Path of the film that a strip plays; empty where it is no film strip."""
    return os.path.abspath(bpy.path.abspath(strip.filepath)) if strip.type == "MOVIE" else ""


def frames_of(path: str) -> int:
    """How many frames a film has; none where it cannot be read."""
    return _told(*_state(path))[1]


@lru_cache(maxsize=KEPT)
def _told(path: str, _changed: int, _size: int) -> Tuple[Optional[Fraction], int]:
    header = film_header.read(path)
    if header is not None:
        return rates.exact_rate(float(header.rate)), header.frames
    return _asked(path)


def _asked(path: str) -> Tuple[Optional[Fraction], int]:
    """What Blender says of a film."""
    try:
        clip = bpy.data.movieclips.load(path)
    except RuntimeError:
        return None, 0
    try:
        known = clip.size[0] > 0
        return (rates.exact_rate(clip.fps), clip.frame_duration) if known and clip.fps > 0 else (None, 0)
    finally:
        bpy.data.movieclips.remove(clip)


def _state(path: str) -> _State:
    try:
        now = os.stat(path)
    except OSError:
        return path, 0, 0
    return path, now.st_mtime_ns, now.st_size
