"""Exact time: seconds as `Fraction`, positions in samples, and the ways people write a time.

A position in samples is always computed from the exact time anew, never by adding up rounded steps; this is
what keeps an hour in sync. Frame rates are exact fractions (30000/1001, never 29.97).

It does not know about files: media time 0 is the first frame shown, whatever the container says.
"""

from __future__ import annotations

import re
from fractions import Fraction

from foley_core.errors import BadTime

SAMPLE_RATE = 48_000
"""Samples per second of everything that foley writes."""

_EXACT = re.compile(r"-?\d{1,15}(/\d{1,12})?|-?\d{1,12}\.\d{1,12}", re.ASCII)
_TIMECODE = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;])(\d{2,3})", re.ASCII)
_FRAMES = re.compile(r"(\d{1,10})f", re.ASCII)


def sample_at(time: Fraction) -> int:
    """The sample nearest to `time` (seconds); a tie goes to the later one."""
    return (2 * time.numerator * SAMPLE_RATE + time.denominator) // (2 * time.denominator)


def exact(text: str) -> Fraction:
    """Read `"1001/24000"`, `"12"` or `"12.5"`; anything else, or a zero below the line, is a `BadTime`.

    Deliberately narrower than `Fraction(text)`, which takes minutes over "1e999999999".
    """
    if not _EXACT.fullmatch(text) or re.search(r"/0+$", text):
        raise BadTime(
            f"Cannot read the time {text[:40]!r}.", 'Write seconds, such as "12.5" or "1001/24000".'
        )
    return Fraction(text)


def exact_text(time: Fraction) -> str:
    """The exact rational as text, `"1001/24000"`; whole seconds are written `"3/1"`."""
    return f"{time.numerator}/{time.denominator}"


def snap_rate(rate: Fraction | float) -> Fraction:
    """The exact frame rate that a rounded one stands for: 29.97 and 3/0.1001 are 30000/1001.

    Whole numbers and their NTSC partners (n·1000/1001) are recognised within two parts in a million, or a
    rate written with two or three decimals; any other rate is kept to a denominator of 100 000.
    """
    value = Fraction(rate)
    if value <= 0:
        raise BadTime(f"A frame rate of {float(rate)} makes no sense.", "Give a rate above zero.")
    for whole in (round(value), round(value * Fraction(1001, 1000))):
        for candidate in (Fraction(whole), Fraction(whole * 1000, 1001)):
            written = any(round(float(candidate), places) == float(value) for places in (2, 3))
            if candidate and (abs(candidate - value) / value < Fraction(2, 1_000_000) or written):
                return candidate
    return value.limit_denominator(100_000)


def frames_in_timecode(text: str, rate: Fraction) -> int:
    """The frame number that a timecode such as `01:00:10:12` names; `;` before the frames means drop frame.

    Drop frame leaves out two frame numbers a minute at 29.97, four at 59.94, except in every tenth minute
    (SMPTE ST 12-1). A number that drop frame leaves out, or a frame past the rate, is a `BadTime`.
    """
    match = _TIMECODE.fullmatch(text)
    if not match:
        raise BadTime(f"Cannot read the timecode {text[:40]!r}.", "Write hours:minutes:seconds:frames.")
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    nominal = round(rate)
    if minutes > 59 or seconds > 59 or frames >= nominal:
        raise BadTime(f"The timecode {text} does not exist at {float(rate):.3f} frames per second.")
    number = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames
    if match[4] == ":":
        return number
    dropped = _dropped_per_minute(rate, text)
    if seconds == 0 and frames < dropped and minutes % 10:
        raise BadTime(f"Drop frame leaves out the timecode {text}.", f"The next one is frame {dropped}.")
    total_minutes = hours * 60 + minutes
    return number - dropped * (total_minutes - total_minutes // 10)


def _dropped_per_minute(rate: Fraction, text: str) -> int:
    dropped = {Fraction(30000, 1001): 2, Fraction(60000, 1001): 4, Fraction(120000, 1001): 8}.get(rate)
    if dropped is None:
        raise BadTime(
            f"{text} is drop frame, but the film runs at {float(rate):.3f} frames per second.",
            "Drop frame exists at 29.97, 59.94 and 119.88; write ':' before the frames.",
        )
    return dropped


def parse_time(text: str, rate: Fraction, first_timecode: str = "") -> Fraction:
    """Media time in seconds from what a person wrote: `12.5`, `01:00:10:12` or `240f`.

    `rate` is the film's frame rate; `first_timecode` the timecode of its first frame, from which timecodes
    are counted (empty: 00:00:00:00). Frames are counted from 0, the first frame shown.
    """
    text = text.strip()
    if match := _FRAMES.fullmatch(text):
        return Fraction(int(match[1])) / rate
    if ":" in text or ";" in text:
        if first_timecode and (";" in first_timecode) != (";" in text):
            separator = ";" if ";" in first_timecode else ":"
            raise BadTime(
                f"The film's timecode begins at {first_timecode}, and {text[:40]} is of the other kind.",
                f"Write {separator!r} before the frames.",
            )
        first = frames_in_timecode(first_timecode, rate) if first_timecode else 0
        number = frames_in_timecode(text, rate) - first
        if number < 0:
            raise BadTime(f"{text} lies before the film's first timecode, {first_timecode}.")
        return Fraction(number) / rate
    return exact(text)
