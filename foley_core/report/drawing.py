"""The drawing of a take: its waveform as inline SVG with each impact marked, over a ruler in timecode.

The SVG is as wide as the page lets it; the words of the ruler are not in it, so that they stay as large on a
phone as elsewhere.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from foley_core.report.markers import Marker
from foley_core.report.waveform import Waveform, waveform
from foley_core.take import Take
from foley_core.timecode import FilmClock

_WIDTH, _HEIGHT = 1_000, 140
_MIDDLE, _HALF = 76, 60
_MOST_MARKS = 2_000
_MOST_TICKS = 12
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800)
"""Seconds of timecode between two ticks."""
_LAST_LABEL, _LATE_LABEL = 0.92, 0.7
"""A word that begins further right than this has no room; further than that, none on a phone."""


def drawing(take: Take, markers: Sequence[Marker], clock: FilmClock) -> str:
    """The waveform of the take's file, which is read in constant memory, with its ruler."""
    wave = waveform(take.file(), _WIDTH)
    return f"""<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img" \
aria-label="Waveform, {len(markers)} impacts">
<line class="middle" x1="0" y1="{_MIDDLE}" x2="{_WIDTH}" y2="{_MIDDLE}"/>
<path class="wave" d="{_outline(wave)}"/>
{_handles(take)}
{_marks(take, markers)}
</svg>
<ol class="ruler" aria-hidden="true">
{_ruler(take, clock)}
</ol>"""


def _outline(wave: Waveform) -> str:
    """There along the top, back along the bottom; the loudest sample reaches the full height."""
    scale = _HALF / max(wave.peak, 1e-4)
    x = np.linspace(0, _WIDTH, len(wave.high))
    top = [f"{at:.1f},{_MIDDLE - scale * high - 0.4:.1f}" for at, high in zip(x, wave.high, strict=True)]
    bottom = [f"{at:.1f},{_MIDDLE - scale * low + 0.4:.1f}" for at, low in zip(x, wave.low, strict=True)]
    return "M" + "L".join(top + bottom[::-1]) + "Z"


def _x(take: Take, samples: float) -> float:
    return _WIDTH * samples / take.samples


def _handles(take: Take) -> str:
    """The sound beyond the cue is veiled."""
    sides = [(0, take.head), (take.samples - take.tail, take.samples)]
    return "\n".join(
        f'<rect class="handle" x="{_x(take, first):.1f}" y="0" '
        f'width="{_x(take, last) - _x(take, first):.1f}" height="{_HEIGHT}"/>'
        for first, last in sides
        if last > first
    )


def _marks(take: Take, markers: Sequence[Marker]) -> str:
    """The stronger an impact, the higher its mark."""
    drawn = []
    for marker in markers[:_MOST_MARKS]:
        x = _x(take, float((marker.time - take.start_time) * take.sample_rate))
        top = (_HEIGHT - 20) * (1 - min(max(marker.impact.strength, 0.0), 1.0))
        drawn.append(f'<line class="mark" x1="{x:.1f}" y1="{top:.0f}" x2="{x:.1f}" y2="{_HEIGHT}"/>')
    return "\n".join(drawn)


def _ruler(take: Take, clock: FilmClock) -> str:
    length = Fraction(take.samples, take.sample_rate)
    drawn = []
    for number in _ticks(clock, take.start_time, length):
        share = float((Fraction(number - clock.first) / clock.counting.rate - take.start_time) / length)
        label = f"<span>{clock.counting.text(number)}</span>" if share <= _LAST_LABEL else ""
        late = ' class="late"' if share > _LATE_LABEL else ""
        drawn.append(f'<li{late} style="left:{100 * share:.3f}%">{label}</li>')
    return "\n".join(drawn)


def _ticks(clock: FilmClock, start: Fraction, length: Fraction) -> Iterator[int]:
    """The numbers in the timecode at which there are ticks: of whole seconds, or frames in a short take."""
    counting = clock.counting
    first = clock.first + math.ceil(start * counting.rate)
    last = clock.first + math.floor((start + length) * counting.rate)
    parts = [step for step in range(1, counting.count // 2 + 1) if counting.count % step == 0]
    frames = next((step for step in parts if last - first <= step * _MOST_TICKS), None)
    if frames:
        yield from range(-(-first // frames) * frames, last + 1, frames)
        return
    hours = -(-length // (3_600 * _MOST_TICKS))
    step = next((step for step in _STEPS if length <= step * _MOST_TICKS), int(hours) * 3_600)
    numbers = map(counting.second, itertools.count(first // counting.count // step * step, step))
    yield from itertools.takewhile(lambda number: number <= last, (n for n in numbers if n >= first))
