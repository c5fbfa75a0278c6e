"""The catalogue: every kind of sound that is known. A new family is added to `_FAMILIES`."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from foley_core.engines.procedural.kind import Kind

_FAMILIES = (
    "hard",
    "soft",
    "footsteps",
    "doors",
    "small_things",
    "friction",
    "cloth_and_air",
    "machines",
    "vehicles",
    "weather",
    "water",
    "fire",
    "animals",
    "people",
    "tones",
)
"""Modules of `sounds`, in the order in which they are listed."""


@cache
def catalogue() -> dict[str, Kind]:
    """Every kind by its name."""
    package = "foley_core.engines.procedural.sounds"
    modules = (import_module(f"{package}.{family}") for family in _FAMILIES)
    return {kind.name: kind for module in modules for kind in module.KINDS}
