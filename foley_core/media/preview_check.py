"""Whether a preview shows what its film shows: a muxer may take a picture that nobody can read back."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path

import numpy as np

from foley_core.errors import MediaError
from foley_core.media.container import open_film, reading
from foley_core.media.frames import Frame, frames
from foley_core.media.probe import MediaInfo, probe
from foley_core.media.streams import packets, picture_stream

_SLACK = Fraction(1, 1000)
"""The tick of Matroska, in seconds."""
_SMALL = (64, 36)


def keeps_time(
    preview: Path, info: MediaInfo, times: array[int], tick: Fraction, meanwhile: Callable[[], None]
) -> bool:
    """Whether the frames of `preview` are shown at `times` (in ticks, from its start), as large as in `info`.

    Times agree within a tick of the preview's own, and a millisecond; the sound begins with the picture.
    `meanwhile` is called for each frame.
    """
    try:
        made = probe(preview)
        if made.rotation != info.rotation or not _alike(made, info):
            return False
        if made.sound is None or abs(made.sound.start) > 2 * _SLACK:
            return False
        slack = min(_SLACK, max(made.time_base, tick))
        with open_film(preview) as film, reading(preview):
            found = (
                packet.pts * made.time_base - made.origin
                for packet in packets(film, picture_stream(film, preview))
                if packet.pts is not None
            )
            shown = (time for time in found if time >= 0)
            wanted = (time * tick for time in times if time >= 0)
            for time, want in zip_longest(shown, wanted):
                meanwhile()
                if time is None or want is None or abs(time - want) > slack:
                    return False
            return True
    except MediaError:
        return False


def looks_alike(preview: Path, info: MediaInfo, zero: Fraction) -> bool:
    """Whether the first frame of `preview` is the very one that `info` shows at `zero`."""
    try:
        first, own = _frame(probe(preview), Fraction(0)), _frame(info, zero)
    except MediaError:
        return False
    if first is None or own is None or first.decoded().format.name != own.decoded().format.name:
        return False
    return bool(np.array_equal(first.luma(*_SMALL), own.luma(*_SMALL)))


def _alike(made: MediaInfo, info: MediaInfo) -> bool:
    """Whether the sizes are the same, but for what makes them even."""
    return abs(made.width - info.width) <= 1 and abs(made.height - info.height) <= 1


def _frame(info: MediaInfo, time: Fraction) -> Frame | None:
    found = frames(info, time, info.duration + 1)
    first = next(found, None)
    found.close()
    return first
