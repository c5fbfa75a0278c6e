"""The cue's range: which part of the film a cue covers, with its handles, in exact time and in samples.

Pure arithmetic on a cue and what `probe` found; opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from foley_core.cue import Cue
from foley_core.errors import BadRange, BadTime
from foley_core.media.probe import MediaInfo
from foley_core.timecode import SAMPLE_RATE, FilmClock, TimecodeFormat, sample_at, timecode_format


@dataclass(frozen=True)
class CueRange:
    """Media times in seconds: the cue is `in_point` to `out_point`, the take `start` to `end`."""

    in_point: Fraction
    out_point: Fraction
    start: Fraction
    end: Fraction
    film_end: Fraction
    origin: Fraction
    """The film's first timecode in seconds since midnight, from which a WAV's TimeReference counts."""
    day: Fraction
    """Seconds from midnight to midnight of that timecode."""
    timecode: TimecodeFormat | None = None
    """How it counts; None where there is none, and frames come at no rate."""

    @property
    def picture(self) -> tuple[Fraction, Fraction]:
        """The part of the film that the take lies over; handles may reach beyond it."""
        return max(self.start, Fraction(0)), min(self.end, self.film_end)

    @property
    def first_sample(self) -> int:
        """The take's first sample, in samples of media time."""
        return sample_at(self.start)

    @property
    def samples(self) -> int:
        """The take's length."""
        return sample_at(self.end) - sample_at(self.start)

    @property
    def head(self) -> int:
        """Samples before the in-point."""
        return sample_at(self.in_point) - sample_at(self.start)

    @property
    def tail(self) -> int:
        """Samples after the out-point."""
        return sample_at(self.end) - sample_at(self.out_point)

    @property
    def time_reference(self) -> int:
        """What bext carries: samples since midnight of the film's own timecode, on whichever day."""
        sample = sample_at((self.origin + self.start) % self.day)
        return 0 if sample >= self.day * SAMPLE_RATE else sample  # rounded up to the next midnight


def place_cue(cue: Cue, info: MediaInfo) -> CueRange:
    """Lay the cue over the film.

    An out-point up to one frame past the end is clamped (editors round); further past it is a `BadRange`. The
    handle before the cue ends where timecode would turn negative, for a WAV cannot say that.
    """
    end = info.duration
    out_point = end if cue.out_point is None else cue.out_point
    if out_point > end + 1 / info.rate:
        raise BadRange(
            f"The out-point {float(out_point):.3f} s lies past the end of {info.path.name}, "
            f"which lasts {float(end):.3f} s.",
            "Choose a range within the film.",
        )
    out_point = min(out_point, end)
    if cue.in_point >= out_point:
        raise BadRange(
            f"The in-point {float(cue.in_point):.3f} s lies past the end of {info.path.name}, "
            f"which lasts {float(end):.3f} s.",
            "Choose a range within the film.",
        )
    if sample_at(cue.in_point) == sample_at(out_point):
        raise BadRange(
            f"From {float(cue.in_point):g} s to {float(out_point):g} s there is not one sample of sound.",
            "Choose a longer range.",
        )
    origin = first_time(info)
    return CueRange(
        in_point=cue.in_point,
        out_point=out_point,
        start=max(cue.in_point - cue.handles, -origin),
        end=out_point + cue.handles,
        film_end=end,
        origin=origin,
        day=film_counting(info).day if info.first_timecode else Fraction(86_400),
        timecode=film_timecode(info),
    )


def film_timecode(info: MediaInfo) -> TimecodeFormat | None:
    """How the film's timecode counts, from 00:00:00:00 where it has none; None where no rate is known."""
    return None if info.variable_rate and not info.first_timecode else film_counting(info)


def first_time(info: MediaInfo) -> Fraction:
    """The film's first timecode as seconds since midnight; 0 where it has none that can be read."""
    clock = film_clock(info)
    return clock.first / clock.counting.rate % clock.counting.day


def film_clock(info: MediaInfo) -> FilmClock:
    """How the film's times are told: by its own timecode or, without one, counted from 00:00:00:00."""
    counting = film_counting(info)
    try:
        return FilmClock(info.rate, counting, counting.number(info.first_timecode))
    except BadTime:
        return FilmClock(info.rate, counting)


def film_counting(info: MediaInfo) -> TimecodeFormat:
    """How timecodes of the film are read: at its own, or from 00:00:00:00 at the film's rate."""
    return timecode_format(info.first_timecode, info.timecode_rate or info.rate)
