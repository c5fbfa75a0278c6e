# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact frame rates from Blender's rounded ones, and exact media time from frames."""

from fractions import Fraction
from typing import Tuple

_CLOSE = Fraction(2, 1_000_000)


def exact_rate(fps: float, fps_base: float = 1.0) -> Fraction:
    """The rate that is meant by `fps / fps_base`: 30000/1001 for 30/1.001, and for 3/0.1001 too.

    Only the quotient means anything, and `fps_base` has but 24 bits, so no fraction near the quotient is the
    right one; whole rates and their NTSC partners are recognised instead.
    """
    rate = Fraction(fps) / Fraction(fps_base)
    for whole in (round(rate), round(rate * Fraction(1001, 1000))):
        for candidate in (Fraction(whole), Fraction(whole * 1000, 1001)):
            if candidate and abs(candidate - rate) / rate < _CLOSE:
                return candidate
    return rate.limit_denominator(100_000)


def media_range(offset: float, frames: int, rate: Fraction) -> Tuple[Fraction, Fraction]:
    """In and out in seconds of a film that runs in real time, from an offset and a length in scene frames."""
    first = Fraction(offset) / rate
    return first, first + frames / rate


def runs_in_real_time(scene: Fraction, film: Fraction, content_frames: int, film_frames: int) -> bool:
    """Whether a strip shows a second of film in a second.

    At the scene's own rate it does. At another one Blender either stretches the content to so many scene
    frames that it does, or shows a frame of film in each frame of the scene, and then it does not.
    """
    return scene == film or abs(content_frames - film_frames * scene / film) <= 1
