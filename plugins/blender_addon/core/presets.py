# SPDX-License-Identifier: GPL-3.0-or-later
"""Words and choices kept under a name, as one JSON text: {"Rain on tin": {"prompt": ..., "layers": [...]}}.

What belongs to one sound alone is not kept: its seed, how many takes, where it goes.
"""

import json
from typing import Any, Dict, List

from .problem import Problem
from .wishes import Wishes

KEPT = ("prompt", "negative", "layers", "engine", "alignment", "loudness")
MOST = 200
"""So many can be kept."""
_LONGEST = 60


def names(text: str) -> List[str]:
    """The names, in the order of the alphabet; none where the text makes no sense."""
    return sorted(_read(text), key=str.lower)


def wishes(text: str, name: str) -> Wishes:
    """What was kept under a name; what is missing or makes no sense is as usual."""
    return Wishes.of(_read(text).get(name, {}))


def with_one(text: str, name: str, choices: Dict[str, Any]) -> str:
    """The text with one more; another of that name is replaced."""
    name = " ".join(name.split())[:_LONGEST]
    if not name:
        raise Problem("no_preset_name", "The preset has no name.", "Give it one.")
    kept = _read(text)
    if len(kept) >= MOST and name not in kept:
        raise Problem("many_presets", "There are {} presets.".format(len(kept)), "Delete one first.")
    plain = Wishes.of(choices).plain()
    kept[name] = {one: plain[one] for one in KEPT}
    return json.dumps(kept, sort_keys=True)


def without(text: str, name: str) -> str:
    """The text without that one."""
    kept = _read(text)
    if kept.pop(name, None) is None:
        raise Problem("no_such_preset", "There is no preset {!r}.".format(name), "Choose one from the list.")
    return json.dumps(kept, sort_keys=True)


def _read(text: str) -> Dict[str, Dict[str, Any]]:
    try:
        found = json.loads(text)
        return {str(name): dict(choices) for name, choices in found.items()}
    except (AttributeError, TypeError, ValueError):
        return {}
