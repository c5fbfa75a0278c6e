"""Pauses of hours: where a film's clock jumped, and nobody meant to have sound for what lies between.

Recordings that were joined keep the clocks they had: one counted on, another began anew, a third tells the
time of day. A frame that is held for minutes, as in the recording of a screen, is none of this.
"""

from __future__ import annotations

from fractions import Fraction

from foley_core.errors import MediaUnreadable
from foley_core.media.container import open_film, reading
from foley_core.media.probe import MediaInfo
from foley_core.media.streams import packets, picture_stream, seek, time_base

LONGEST = Fraction(4 * 60 * 60)
"""Seconds for which a frame may be held, however little else there is."""
_PLACES = 16
"""It is looked for in so many places: one pause that lasts longer than all else lies in their middle."""
_REORDERED = 16
"""Packets looked at behind a place, because they come in decoding order."""


def require_steady_clock(info: MediaInfo, start: Fraction, end: Fraction) -> None:
    """Raise `MediaUnreadable` where [`start`, `end`) is pauses of hours for more than half of it.

    Reads a few places, and none where that cannot be.
    """
    if end - start <= LONGEST:
        return
    places = (start + (end - start) * number / _PLACES for number in range(1, _PLACES))
    pauses = {pause for place in places if (pause := _pause_at(info, place))}
    if not pauses or 2 * sum(min(until, end) - max(since, start) for since, until in pauses) <= end - start:
        return
    since, until = max(pauses, key=lambda pause: pause[1] - pause[0])
    raise MediaUnreadable(
        f"The picture of {info.path} stands still from {float(since):.3f} s to {float(until):.3f} s: "
        "its clock jumps there.",
        "Choose a range before or after that, or join the recordings so that their times follow each other.",
    )


def _pause_at(info: MediaInfo, place: Fraction) -> tuple[Fraction, Fraction] | None:
    """From when to when the frame is shown that is shown at `place`, if that is longer than `LONGEST`."""
    back = Fraction(0)
    while True:
        before, after = _around(info, place, back)
        if before is not None or back >= place:
            break
        back = max(Fraction(1), 8 * back)
    if before is None or after is None or after - before <= LONGEST:
        return None
    return before, after


def _around(info: MediaInfo, place: Fraction, back: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """The last time up to `place`, and the first after it, of what is found by a seek to `back` before it."""
    early: Fraction | None = None
    late: list[Fraction] = []
    with open_film(info.path) as film, reading(info.path):
        stream = picture_stream(film, info.path)
        seek(film, stream, info.origin + max(place - back, Fraction(0)))
        for packet in packets(film, stream):
            if packet.pts is None:
                continue
            time = packet.pts * time_base(stream) - info.origin
            if time > place:
                late.append(time)
            else:
                early = time if early is None else max(early, time)
            if len(late) > _REORDERED:
                break
    return early, min(late, default=None)
