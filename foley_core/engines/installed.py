"""Which engines are installed: those that distributions name in the entry point group `foley.engines`.

Guarantees that each look is a fresh one, so that an engine is found as soon as it is installed. None is
imported by that, and neither is what engines need: the broker looks, too.
"""

from __future__ import annotations

import os
from importlib.metadata import EntryPoint, entry_points

TEST_ENGINES = "FOLEY_TEST_ENGINES"
"""Set to 1 in the environment, the engines that misbehave on purpose are found too."""


def engine_names() -> list[str]:
    """The names of all engines that can be found, in the order of the alphabet."""
    return sorted(installed())


def installed() -> dict[str, EntryPoint]:
    """Where each of them is, by its name."""
    groups = ["foley.engines"] + (["foley.test_engines"] if os.environ.get(TEST_ENGINES) == "1" else [])
    return {point.name: point for group in groups for point in entry_points(group=group)}
