"""Where each stretch of a sound lies in time, by the times that its container states.

Stated times are rounded, and single ones are wrong: a stretch follows the one before unless its time, and
all those stated within the next second, tell otherwise. One without a time follows the one before. A jump of
the clock to another world (longer than a minute and than all there is in the file) is no pause: where it is
asked for, the sound goes on without one, and that is said.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.audio.stream import AudioStream

from foley_core.media.container import open_film, reading
from foley_core.media.streams import first_sounds, sound_time, sounds, time_base
from foley_core.samples import Sound

LONGEST_PAUSE = 60
"""Seconds of silence that are believed in any file."""
_SETTLING = 64
"""Stretches from whose rounded times the exact time of the first is found."""
_WMA = ("wmav1", "wmav2")
_STEP = 10
"""Seconds that a picture may be shown and count as there; a clock that jumps makes it look longer."""


@dataclass(frozen=True)
class Stretch:
    """The sound of one frame, and its time as the container states it, if it does."""

    time: Fraction | None
    sound: Sound


@dataclass
class SoundClock:
    """Counts samples at `rate` from `start`, a time of the container."""

    rate: int
    tick: Fraction
    """Seconds to which the container rounds."""
    start: Fraction
    longest_pause: Callable[[], Fraction] | None = None
    """Asked when a pause is longer than a minute: the longest to be believed. None: all are."""
    on_note: Callable[[str], None] = lambda note: None

    def place(self, found: Iterator[Stretch]) -> Iterator[tuple[int, Sound]]:
        """Each stretch with the number of its first sample, in order; silence is what lies between."""
        ahead = deque(itertools.islice(found, _SETTLING))
        if not ahead:
            return
        slack = round(max(2 * self.tick, Fraction(1, 1000)) * self.rate)
        shift = 0
        head = [(stretch.time, Fraction(len(stretch.sound), self.rate)) for stretch in ahead]
        settled = _settled(head, self.tick, self.rate)
        first = expected = self._at(self.start if settled is None else settled)
        while ahead:
            stretch = ahead.popleft()
            length = len(stretch.sound)
            at = expected
            if stretch.time is not None:
                stated = self._at(stretch.time) - shift
                if abs(stated - expected) > slack:
                    self._fill(ahead, found)
                    if not self._agrees_again(ahead, expected + length + shift, slack):
                        shift += self._foreign(stated - expected, expected - first)
                        at = self._at(stretch.time) - shift
            yield at, stretch.sound
            expected = at + length
            if not ahead:
                ahead.extend(itertools.islice(found, 1))

    def _at(self, time: Fraction) -> int:
        return round((time - self.start) * self.rate)

    def _fill(self, ahead: deque[Stretch], found: Iterator[Stretch]) -> None:
        """Look a second ahead."""
        held = sum(len(stretch.sound) for stretch in ahead)
        while held < self.rate and (following := next(found, None)) is not None:
            ahead.append(following)
            held += len(following.sound)

    def _agrees_again(self, ahead: deque[Stretch], expected: int, slack: int) -> bool:
        """Whether the clock that has run so far is right again within a second."""
        last = expected + self.rate
        for stretch in ahead:
            if expected > last:
                return False
            if stretch.time is not None and abs(self._at(stretch.time) - expected) <= slack:
                return True
            expected += len(stretch.sound)
        return False

    def _foreign(self, jump: int, place: int) -> int:
        """How much of a jump, in samples, is of another clock: all of it or nothing."""
        seconds = Fraction(jump, self.rate)
        if (
            self.longest_pause is None
            or -1 <= seconds <= LONGEST_PAUSE
            or 0 < seconds <= self.longest_pause()
        ):
            return 0
        self.on_note(
            f"The sound's clock jumps by {float(seconds):+.3f} s, {place / self.rate:.3f} s after its "
            "beginning: the sound goes on there without a pause."
        )
        return jump


def _settled(head: list[tuple[Fraction | None, Fraction]], tick: Fraction, rate: int) -> Fraction | None:
    """The time of the first stretch, finer than the container's ticks, from the times and lengths of some.

    Each time is rounded to a tick, so each confines the first one's to a tick's width; all together, as far
    as they run on without a gap, to much less. None where no time is stated.
    """
    played, first, low, high = Fraction(0), None, Fraction(0), Fraction(0)
    for stated, length in head:
        time = None if stated is None else stated - played
        if time is not None and first is None:
            first, low, high = time, time - tick / 2, time + tick / 2
        elif time is not None:
            if max(low, time - tick / 2) > min(high, time + tick / 2):
                break
            low, high = max(low, time - tick / 2), min(high, time + tick / 2)
        played += length
    if first is None:
        return None
    return first if low <= first <= high and tick * rate <= 1 else (low + high) / 2


def beginning(path: Path) -> Fraction:
    """The container's time at which a file without picture begins: that of the first sample of any stream.

    FFmpeg writes WMA one frame late and leaves out two when it decodes, so what it wrote begins one before.
    """
    with open_film(path) as film, reading(path):
        timed = [
            (time, s.index) for s, frame in first_sounds(film) if (time := sound_time(frame)) is not None
        ]
    if not timed:
        return Fraction(0)
    with open_film(path) as film, reading(path):
        stream = film.streams[min(timed)[1]]
        assert isinstance(stream, AudioStream)
        frames = list(itertools.islice(sounds(film, stream, path), _SETTLING))
        head = [(sound_time(frame), Fraction(frame.samples, frame.sample_rate)) for frame in frames]
        lost = film.metadata.get("encoder", "").startswith("Lavf") and stream.codec_context.name in _WMA
        first = _settled(head, time_base(stream), frames[0].sample_rate) if frames else None
        return Fraction(0) if first is None else first - lost * head[0][1]


def matter(path: Path) -> Fraction:
    """Seconds of picture or sound, whichever is more, that really lie in the file, whatever its clocks say.

    Reads it to its end without decoding.
    """
    totals: dict[int, Fraction] = {}
    before: dict[int, Fraction] = {}
    with open_film(path) as film, reading(path):
        for packet in film.demux(*film.streams.audio, *film.streams.video):
            if packet.dts is None or not packet.size:
                continue
            index, time = packet.stream_index, packet.dts * packet.time_base
            step = (packet.duration or 0) * packet.time_base
            if packet.stream.type == "video" or not step:
                step = min(max(time - before.get(index, time), Fraction(0)), Fraction(_STEP))
            totals[index] = totals.get(index, Fraction(0)) + step
            before[index] = time
    return max(totals.values(), default=Fraction(0))
