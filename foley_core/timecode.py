"""Exact time: seconds as `Fraction`, positions in samples, and the ways people write a time.

A position in samples is always computed from the exact time anew, never by adding up rounded steps; this is
what keeps an hour in sync. Frame rates are exact fractions (30000/1001, never 29.97).

A timecode counts at a rate of its own, which need not be the film's (30 numbers a second in 59.94 material),
and begins again at midnight. It does not know about files: media time 0 is the first frame shown, whatever
the container says.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from foley_core.errors import BadTime

SAMPLE_RATE = 48_000
"""Samples per second of everything that foley writes."""

_ROUNDED = Fraction(1, 2000)
"""Seconds before a frame that count as in it: containers and lists of hits round times to a millisecond."""

_EXACT = re.compile(r"-?\d{1,15}(/\d{1,12})?|-?\d{0,12}\.\d{1,12}", re.ASCII)
_TIMECODE = re.compile(r"(\d{1,2})[:;](\d{2})[:;](\d{2})([:;])(\d{2,3})", re.ASCII)
_FRAMES = re.compile(r"(\d{1,10})f", re.ASCII)


def sample_at(time: Fraction) -> int:
    """The sample nearest to `time` (seconds); a tie goes to the later one."""
    return (2 * time.numerator * SAMPLE_RATE + time.denominator) // (2 * time.denominator)


def exact(text: str) -> Fraction:
    """Read `"1001/24000"`, `"12"`, `"12.5"` or `".5"`; all else, or a zero below the line, is a `BadTime`.

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


@dataclass(frozen=True)
class TimecodeFormat:
    """How a timecode counts (SMPTE ST 12-1)."""

    rate: Fraction
    """Frame numbers per second of real time."""
    drop: bool = False
    """Whether it leaves out numbers, so as to keep up with the clock."""

    @property
    def count(self) -> int:
        """Frame numbers in a second of timecode: 30 at 29.97."""
        return max((2 * self.rate.numerator + self.rate.denominator) // (2 * self.rate.denominator), 1)

    @property
    def can_drop(self) -> bool:
        """Whether drop frame exists at this rate."""
        return self.count % 30 == 0

    @property
    def frames_per_day(self) -> int:
        """Frames from midnight to midnight."""
        return 86_400 * self.count - 144 * 9 * self.dropped

    @property
    def day(self) -> Fraction:
        """Seconds of real time from midnight to midnight of the timecode."""
        return self.frames_per_day / self.rate

    @property
    def dropped(self) -> int:
        """Numbers left out in nine of ten minutes: two at 29.97, four at 59.94."""
        return self.count // 15 if self.drop and self.can_drop else 0

    def number(self, text: str) -> int:
        """The frame that `01:00:10:12` names, counted from midnight; `;` means no more than `:`.

        A number that drop frame leaves out, or a frame past the count, is a `BadTime`.
        """
        match = _TIMECODE.fullmatch(text)
        if not match:
            raise BadTime(f"Cannot read the timecode {text[:40]!r}.", "Write hours:minutes:seconds:frames.")
        hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
        if minutes > 59 or seconds > 59 or frames >= self.count:
            raise BadTime(
                f"The timecode {text} does not exist at {_figure(self.rate)} frames per second.",
                f"Minutes and seconds go up to 59, frames to {self.count - 1}.",
            )
        if seconds == 0 and frames < self.dropped and minutes % 10:
            following = f"{hours:02}:{minutes:02}:00;{self.dropped:02}"
            raise BadTime(f"Drop frame leaves out the timecode {text}.", f"The next one is {following}.")
        total_minutes = hours * 60 + minutes
        shown = (total_minutes * 60 + seconds) * self.count + frames
        return shown - self.dropped * (total_minutes - total_minutes // 10)

    def second(self, second: int) -> int:
        """The first frame of that second of the timecode, both counted from midnight."""
        minutes = second // 60
        left_out = self.dropped if second % 60 == 0 and minutes % 10 else 0
        return second * self.count + left_out - self.dropped * (minutes - minutes // 10)

    def text(self, number: int) -> str:
        """The timecode of the frame `number`, counted from midnight of any day."""
        number %= self.frames_per_day
        if self.dropped:
            minute = 60 * self.count - self.dropped
            tens, rest = divmod(number, 10 * minute + self.dropped)
            number += 9 * self.dropped * tens + self.dropped * (max(rest - self.dropped, 0) // minute)
        seconds, frames = divmod(number, self.count)
        minutes, seconds = divmod(seconds, 60)
        mark = ";" if self.dropped else ":"
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{mark}{frames:02}"


def timecode_format(text: str, rate: Fraction) -> TimecodeFormat:
    """How a film counts whose first timecode is `text`; `;` before the frames means drop frame."""
    match = _TIMECODE.fullmatch(text)
    return TimecodeFormat(rate, drop=bool(match and match[4] == ";"))


@dataclass(frozen=True)
class FilmClock:
    """How the times of a film are told to people: in its own timecode, and as the numbers of its frames."""

    rate: Fraction
    """The film's nominal frames per second."""
    counting: TimecodeFormat
    first: int = 0
    """The number of the first frame shown in that timecode, counted from midnight."""

    def timecode(self, time: Fraction) -> str:
        """The timecode of the frame that is shown at `time`, seconds of media time."""
        return self.counting.text(self.number(time))

    def length(self, start: Fraction, end: Fraction) -> str:
        """How long it is from `start` to `end`, in the same way."""
        return self.counting.text(self.number(end) - self.number(start))

    def number(self, time: Fraction) -> int:
        """That frame's number in the timecode, counted from the first midnight."""
        return self.first + _frame_at(time, self.counting.rate)

    def frame(self, time: Fraction) -> int:
        """The film's frame at `time`, counted from 0, the first one shown."""
        return _frame_at(time, self.rate)


def _frame_at(time: Fraction, rate: Fraction) -> int:
    return math.floor((time + _ROUNDED) * rate)


def frames_in_timecode(text: str, rate: Fraction) -> int:
    """The frame number that a timecode such as `01:00:10:12` names; `;` before the frames means drop frame.

    A number that drop frame leaves out, a frame past the rate, or drop frame at a rate that has none is a
    `BadTime`.
    """
    counting = timecode_format(text, rate)
    if counting.drop and not counting.can_drop:
        raise BadTime(
            f"{text} is drop frame, which does not exist at {_figure(rate)} frames per second.",
            "It exists at 29.97, 30 and their multiples; write ':' before the frames.",
        )
    return counting.number(text)


def _figure(rate: Fraction) -> str:
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")


def parse_time(
    text: str,
    rate: Fraction,
    first_timecode: str = "",
    *,
    timecode_rate: Fraction | None = None,
    duration: Fraction = Fraction(0),
) -> Fraction:
    """Media time in seconds from what a person wrote: `12.5`, `01:00:10:12` or `240f`.

    `rate` is the film's nominal frame rate, at which frames are counted from 0, the first frame shown.
    Timecodes are counted from that of the first frame, `first_timecode` (empty: 00:00:00:00), at the rate
    `timecode_rate` (None: the film's), and whether it drops frames is known from there: `:` and `;` are the
    same. One that is smaller than the first lies after midnight, unless it is nearer to the first frame than
    to the end of the film, which lasts `duration`; then it is a `BadTime`.
    """
    text = text.strip()
    if match := _FRAMES.fullmatch(text):
        return Fraction(int(match[1])) / rate
    if ":" not in text and ";" not in text:
        return exact(text)
    timecode_rate = timecode_rate or rate
    if not first_timecode:
        return Fraction(frames_in_timecode(text, timecode_rate)) / timecode_rate
    counting = timecode_format(first_timecode, timecode_rate)
    after = Fraction(counting.number(text) - counting.number(first_timecode)) / timecode_rate
    if after >= 0:
        return after
    if -after <= counting.day + after - duration:
        raise BadTime(f"{text} lies before the film's first timecode, {first_timecode}.")
    return counting.day + after
