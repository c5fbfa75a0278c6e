"""The drawing in a report: the take's waveform over a time axis, each impact marked, as inline SVG."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from foley_core.report.waveform import Waveform, waveform
from foley_core.take import Take
from foley_core.timecode import exact

_WIDTH, _HEIGHT = 1_000, 190
_LEFT, _RIGHT = 20, 980
_MIDDLE, _HALF = 96, 62
_MARKS_FROM, _AXIS_AT = 26, 164
_MOST_MARKS = 2_000
_STEPS = tuple(
    Fraction(n) for n in ("0.1", "0.2", "0.5", "1", "2", "5", "10", "30", "60", "120", "300", "600")
)


def format_time(time: Fraction) -> str:
    """Media time as `0:03.137`, `1:02:03.000` or `−0:00.500`, to the nearest millisecond."""
    thousandths = round(abs(time) * 1000)
    seconds, milliseconds = divmod(thousandths, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    sign = "−" if time < 0 and thousandths else ""
    whole = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{sign}{whole}:{seconds:02}.{milliseconds:03}"


def drawing(take: Take) -> str:
    """A figure with the waveform of the take's file, which is read in constant memory."""
    wave = waveform(take.file(), _RIGHT - _LEFT)
    label = f"Waveform, {len(take.impacts)} impacts"
    return f"""<figure>
<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">
<line class="middle" x1="{_LEFT}" y1="{_MIDDLE}" x2="{_RIGHT}" y2="{_MIDDLE}"/>
<path class="wave" d="{_outline(wave)}"/>
{_handles(take)}
{_axis(take)}
{_marks(take)}
</svg>
</figure>"""


def _outline(wave: Waveform) -> str:
    """There along the top, back along the bottom; the loudest sample reaches the full height."""
    scale = _HALF / max(wave.peak, 1e-4)
    x = np.linspace(_LEFT, _RIGHT, len(wave.high))
    top = [f"{at:.1f},{_MIDDLE - scale * high - 0.4:.1f}" for at, high in zip(x, wave.high, strict=True)]
    bottom = [f"{at:.1f},{_MIDDLE - scale * low + 0.4:.1f}" for at, low in zip(x, wave.low, strict=True)]
    return "M" + "L".join(top + bottom[::-1]) + "Z"


def _x(take: Take, samples: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * samples / take.samples


def _handles(take: Take) -> str:
    """The sound beyond the cue is veiled."""
    sides = [(0, take.head), (take.samples - take.tail, take.samples)]
    return "\n".join(
        f'<rect class="handle" x="{_x(take, first):.1f}" y="{_MARKS_FROM}" '
        f'width="{_x(take, last) - _x(take, first):.1f}" height="{_AXIS_AT - _MARKS_FROM}"/>'
        for first, last in sides
        if last > first
    )


def _axis(take: Take) -> str:
    start, length = take.start_time, Fraction(take.samples, take.sample_rate)
    step = next((step for step in _STEPS if length / step <= 12), Fraction(1800) * -(-length // 21_600))
    first = -(-start // step)
    drawn = []
    for number in range(first, (start + length) // step + 1):
        x = _x(take, float((number * step - start) * take.sample_rate))
        drawn.append(f'<line class="tick" x1="{x:.1f}" y1="{_AXIS_AT}" x2="{x:.1f}" y2="{_AXIS_AT + 5}"/>')
        drawn.append(
            f'<text x="{x:.1f}" y="{_AXIS_AT + 18}" text-anchor="middle">{_label(number * step)}</text>'
        )
    return "\n".join(drawn)


def _label(time: Fraction) -> str:
    """As short as the axis allows."""
    return format_time(time).removesuffix("00").removesuffix(".0")


def _marks(take: Take) -> str:
    drawn = []
    for impact in take.impacts[:_MOST_MARKS]:
        seconds = exact(impact.time_exact) - take.start_time
        x, radius = _x(take, float(seconds * take.sample_rate)), 1.5 + 3 * min(max(impact.strength, 0.0), 1.0)
        drawn.append(f'<line class="mark" x1="{x:.1f}" y1="{_MARKS_FROM}" x2="{x:.1f}" y2="{_AXIS_AT}"/>')
        drawn.append(f'<circle class="dot" cx="{x:.1f}" cy="{_MARKS_FROM - 8}" r="{radius:.1f}"/>')
    return "\n".join(drawn)
