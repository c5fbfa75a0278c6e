"""Drawings over the film's time, as inline SVG: dots or lines, with the bounds they should stay in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

Points: TypeAlias = Sequence[tuple[float, float]]
"""Minutes of film, and the value there."""

_WIDTH, _HEIGHT = 1_000, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 975, 30, 208
_MOST_DOTS = 4_000
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Plot:
    """What is drawn."""

    label: str
    unit: str
    minutes: float
    """How far it goes to the right."""
    series: Mapping[str, Points]
    bounds: Sequence[float] = ()
    """Values at which a line is drawn across."""
    lines: bool = False
    """Points are joined; otherwise each is a dot."""
    from_zero: bool = True


def drawing(plot: Plot) -> str:
    """A figure; nothing where there are no points."""
    values = [value for points in plot.series.values() for _, value in points]
    if not values:
        return '<p class="none">Nothing was measured.</p>'
    low, high, step = _range([*values, *plot.bounds], plot.from_zero)
    frame = _Frame(plot.minutes, low, high)
    parts = [_grid(frame, step, plot.unit), _axis(frame)]
    parts += [
        f'<line class="bound" x1="{_LEFT}" y1="{y}" x2="{_RIGHT}" y2="{y}"/>'
        for y in map(frame.y, plot.bounds)
    ]
    parts += [
        _line(frame, points, number) if plot.lines else _dots(frame, points, number)
        for number, points in enumerate(plot.series.values())
    ]
    body = "\n".join(parts)
    return f"""<figure>
<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(plot.label)}">
{body}
</svg>{_legend(plot)}
</figure>"""


@dataclass(frozen=True)
class _Frame:
    """Where values lie in the drawing."""

    minutes: float
    low: float
    high: float

    def x(self, minutes: float) -> float:
        """Across."""
        return round(_LEFT + (_RIGHT - _LEFT) * minutes / self.minutes, 1)

    def y(self, value: float) -> float:
        """Down."""
        return round(_BOTTOM - (_BOTTOM - _TOP) * (value - self.low) / (self.high - self.low), 1)


def _range(values: Sequence[float], from_zero: bool) -> tuple[float, float, float]:
    """Lowest and highest value drawn, both whole steps, and the step between lines."""
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    step = _step((high - low or abs(high) or 1.0) / 4)
    return math.floor(low / step) * step, (math.floor(high / step) + 1) * step, step


def _step(rough: float) -> float:
    """A round number no smaller than that."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next((power * step for step in _STEPS if power * step >= rough), power * 10)


def _grid(frame: _Frame, step: float, unit: str) -> str:
    drawn = []
    for number in range(round(frame.low / step), round(frame.high / step) + 1):
        y = frame.y(number * step)
        text = f"{number * step:g}".replace("-", "−")
        drawn.append(f'<line class="grid" x1="{_LEFT}" y1="{y}" x2="{_RIGHT}" y2="{y}"/>')
        drawn.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{text}</text>')
    drawn.append(f'<text x="{_LEFT - 8}" y="{_TOP - 14}" text-anchor="end">{escape(unit)}</text>')
    return "\n".join(drawn)


def _axis(frame: _Frame) -> str:
    step = _step(frame.minutes / 12)
    drawn = []
    for number in range(math.floor(frame.minutes / step) + 1):
        x = frame.x(number * step)
        drawn.append(f'<line class="tick" x1="{x}" y1="{_BOTTOM}" x2="{x}" y2="{_BOTTOM + 5}"/>')
        drawn.append(f'<text x="{x}" y="{_BOTTOM + 20}" text-anchor="middle">{number * step:g}</text>')
    drawn.append(f'<text x="{_RIGHT}" y="{_TOP - 14}" text-anchor="end">over minutes of film</text>')
    return "\n".join(drawn)


def _dots(frame: _Frame, points: Points, number: int) -> str:
    thinned = points[:: math.ceil(len(points) / _MOST_DOTS)]
    radius = 1.6 if len(thinned) > 300 else 3
    return "\n".join(
        f'<circle class="series s{number % 6}" cx="{frame.x(at)}" cy="{frame.y(value)}" r="{radius}"/>'
        for at, value in thinned
    )


def _line(frame: _Frame, points: Points, number: int) -> str:
    thinned = points[:: math.ceil(len(points) / _MOST_DOTS)]
    path = "L".join(f"{frame.x(at)},{frame.y(value)}" for at, value in thinned)
    return f'<path class="line s{number % 6}" d="M{path}"/>'


def _legend(plot: Plot) -> str:
    if len(plot.series) < 2:
        return ""
    names = "".join(
        f'<li class="s{number % 6}"><i></i>{escape(name)}</li>' for number, name in enumerate(plot.series)
    )
    return f'\n<ul class="legend">{names}</ul>'
