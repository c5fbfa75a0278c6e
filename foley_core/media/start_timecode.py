"""The timecode of a film's first frame, and how it counts.

MOV, MP4 and MXF say how their timecode counts; of other files only the text is known, and it counts as the
film does. What cannot be read is told in words, never passed over.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.video.stream import VideoStream

from foley_core.errors import BadTime
from foley_core.media.frame_rate import FrameRate
from foley_core.media.mov_timecode import mov_timecode
from foley_core.media.mxf_timecode import mxf_timecode
from foley_core.media.stored_timecode import StoredTimecode, UnreadableTimecode
from foley_core.timecode import TimecodeFormat, snap_rate

_TAG = re.compile(r"\s*(\d{1,2})[:;](\d{2})[:;](\d{2})([:;.,])(\d{2,3})\s*", re.ASCII)
_ALIKE = Fraction(1, 500)
"""29.97 and 30 are alike: a count that runs along with the pictures."""
_COUNTED = (24, 25, 30, 48, 50, 60, 100, 120)
"""What a timecode may count in a second of a film whose rate varies."""


@dataclass(frozen=True)
class StartTimecode:
    """What `MediaInfo` says of a film's timecode."""

    text: str = ""
    rate: Fraction | None = None
    notes: tuple[str, ...] = ()


def start_timecode(path: Path, film: InputContainer, stream: VideoStream, rate: FrameRate) -> StartTimecode:
    """The timecode of the first frame of `path`, opened as `film`, whose frames come at `rate`."""
    tag = _tag(film, stream)
    try:
        stored = _stored(path, film, stream, tag)
        if stored is not None:
            return _counted(stored, rate)
        return _read(tag, rate) if tag else StartTimecode()
    except (UnreadableTimecode, BadTime) as error:
        return StartTimecode(notes=(_unreadable(tag, str(error)),))


def _unreadable(tag: str, why: str) -> str:
    named = f"timecode {tag[:40]!r}" if tag else "timecode"
    return f"The film's {named} cannot be read, so its first frame counts as 00:00:00:00. {why}".strip()


def _tag(film: InputContainer, stream: VideoStream) -> str:
    tags = itertools.chain(stream.metadata.items(), film.metadata.items())
    others = itertools.chain.from_iterable(other.metadata.items() for other in film.streams)
    return next((value for key, value in itertools.chain(tags, others) if key.lower() == "timecode"), "")


def _stored(path: Path, film: InputContainer, stream: VideoStream, tag: str) -> StoredTimecode | None:
    """What the container's own structures say, if they do."""
    names = film.format.name.split(",")
    if "mov" in names:
        return mov_timecode(path, stream.id)
    if "mxf" in names:
        return mxf_timecode(path, tag)
    return None


def _counted(stored: StoredTimecode, rate: FrameRate) -> StartTimecode:
    own = _along(stored.rate, rate) if stored.rate else rate.rate
    counting = TimecodeFormat(own, stored.drop)
    notes = (_no_drop(counting),) if stored.drop and not counting.can_drop else ()
    counting = TimecodeFormat(own, stored.drop and counting.can_drop)
    return StartTimecode(counting.text(stored.number), own, notes)


def _along(own: Fraction, rate: FrameRate) -> Fraction:
    """The timecode's rate, made exact by that of the film if the one is a multiple of the other."""
    if rate.variable:
        return snap_rate(own)
    multiples = (rate.rate * Fraction(above, below) for above, below in ((1, 1), (1, 2), (1, 4), (2, 1)))
    return next((m for m in multiples if abs(own - m) <= _ALIKE * m), snap_rate(own))


def _read(tag: str, rate: FrameRate) -> StartTimecode:
    """A timecode of which only the text is known."""
    match = _TAG.fullmatch(tag)
    if not match:
        raise BadTime("It is not written as hours:minutes:seconds:frames.")
    hours, minutes, seconds, mark, frames = match.groups()
    drop, notes = mark != ":", []
    own = rate.rate
    if rate.variable:
        own = _constant(rate.rate, int(frames), drop=drop)
        notes.append(f"The film's rate varies; its timecode is read at {float(own):.5g} frames per second.")
    counting = TimecodeFormat(own, drop)
    if drop and not counting.can_drop:
        notes.append(_no_drop(counting))
        counting = TimecodeFormat(own)
    number = counting.number(_existing(counting, hours, minutes, seconds, frames))
    return StartTimecode(counting.text(number), own, tuple(notes))


def _existing(counting: TimecodeFormat, hours: str, minutes: str, seconds: str, frames: str) -> str:
    """The text of the timecode; where drop frame leaves it out, of the next one."""
    text = f"{hours}:{minutes}:{seconds}:{frames}"
    left_out = counting.drop and seconds == "00" and int(minutes) % 10 and int(frames) < counting.count // 15
    return f"{hours}:{minutes}:00:{counting.count // 15:02}" if left_out else text


def _constant(average: Fraction, frames: int, *, drop: bool) -> Fraction:
    """The rate at which a timecode is likely to count in a film whose rate varies about `average`."""
    possible = [count for count in _COUNTED if count > frames and not (drop and count % 30)]
    count = min(possible or _COUNTED[-1:], key=lambda count: abs(count - average))
    return Fraction(count * 1000, 1001) if drop else Fraction(count)


def _no_drop(counting: TimecodeFormat) -> str:
    rate = f"{float(counting.rate):.5g}"
    return f"The film's timecode is marked drop frame, which does not exist at {rate}; it is counted without."
