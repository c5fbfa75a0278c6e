"""A figure: what was measured, what was asked for, what was reached. It is printed as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One figure."""

    name: str
    asked: str
    reached: float | None
    met: bool
    details: Mapping[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """As it is printed."""
        head = {"figure": self.name, "asked": self.asked, "reached": short(self.reached), "met": self.met}
        return json.dumps(head | {name: short(value) for name, value in self.details.items()})


def judged(figures: Iterable[Figure]) -> int:
    """Print each as it comes; gives how the benchmark ends: 0, or 1 where one is missed."""
    met = True
    for figure in figures:
        print(figure.line(), flush=True)
        met = met and figure.met
    return 0 if met else 1


def short(value: Any) -> Any:
    """Numbers with four digits, wherever they are."""
    if isinstance(value, Mapping):
        return {name: short(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [short(part) for part in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def worst(
    name: str, asked: str, values: Mapping[str, float], met: Callable[[float], bool], *, low: bool = False
) -> Figure:
    """The worst of several, by name, and every one that misses; the worst are the highest, or the lowest."""
    order = sorted(values, key=lambda one: values[one], reverse=not low)
    missed = {one: values[one] for one in order if not met(values[one])}
    details = {"worst": {one: values[one] for one in order[:5]}, "missed": missed}
    return Figure(name, asked, values[order[0]] if order else None, not missed, details)
