# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not as usual among the choices that a dialog folds away, so that none of them works unseen."""

from typing import Any, List, Mapping

from .wishes import DUCK, FOLEY, MUTE, NEW, PER_LAYER, Wishes

_CHOICES = {
    NEW: "a new channel",
    PER_LAYER: "a channel per layer",
    FOLEY: "the Foley channel",
    DUCK: "ducked",
    MUTE: "muted",
}
_WORDS = {
    "negative": "without {}",
    "seed": "seed {}",
    "engine": "{}",
    "alignment": "alignment {}",
    "loudness": "{:g} LUFS",
    "handles": "handles {:g} s",
    "place": "{}",
    "own_sound": "clip's sound {}",
    "hear_first": "heard first",
}
_SHOWN = 24
"""So many letters of a text are shown."""


def unusual(choices: Mapping[str, Any]) -> List[str]:
    """Each choice that is another than nobody would have made, in words; what is not there is as usual."""
    usual = dict(Wishes()._asdict(), seed="")
    changed = [name for name in _WORDS if choices.get(name, usual[name]) != usual[name]]
    return [_WORDS[name].format(_shown(choices[name])) for name in changed]


def _shown(value: Any) -> Any:
    if not isinstance(value, str):
        return round(value, 2)
    text = _CHOICES.get(value, " ".join(value.split()))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
