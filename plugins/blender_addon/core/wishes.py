# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user wishes for, as the dialog has it, and the cue that is made of it for the backend."""

import re
from contextlib import suppress
from fractions import Fraction
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from .problem import Problem

MAX_SEED = 2**32 - 1
MAX_TAKES = 32
LAYERS = ("hits", "movement", "ambience")
AUTO = "auto"
"""As engine or alignment: the backend takes what suits the machine and the engine."""
FOLEY, NEW, PER_LAYER = "foley", "new", "layers"
"""Where a take goes: the channel called Foley, a new channel, or a channel for each layer."""
LEAVE, DUCK, MUTE = "leave", "duck", "mute"
"""What is done with the clip's own sound under a take."""
LATELY = 20
"""So many prompts are remembered."""
_WORDS = ("prompt", "negative", "engine")
_CHOICES = {"alignment": (AUTO, "off", "report", "snap"), "place": (FOLEY, NEW, PER_LAYER)}
_CHOICES["own_sound"] = (LEAVE, DUCK, MUTE)
LIMITS = {
    "seed": (0, MAX_SEED, int),
    "takes": (1, MAX_TAKES, int),
    "loudness": (-70, -5, (int, float)),
    "handles": (0, 60, (int, float)),
}  # type: Dict[str, Tuple[int, int, Any]]
"""Least, most and kinds; those that the backend's `capabilities` tell."""


class Wishes(NamedTuple):
    """All that a take depends on beside the picture, and where it goes."""

    prompt: str = ""
    negative: str = ""
    layers: Tuple[str, ...] = LAYERS
    seed: Optional[int] = None
    takes: int = 1
    engine: str = AUTO
    alignment: str = AUTO
    loudness: Optional[float] = None
    handles: float = 1.0
    """Seconds beyond the picture on both sides; made whole frames."""
    place: str = FOLEY
    own_sound: str = LEAVE
    """The clip's own, where the take lies."""
    duck: float = -12.0
    """By how many decibels it is turned down, if so."""
    hear_first: bool = False
    """Whether the take waits in the list instead of being put in place, or chosen, at once."""

    def handle_frames(self, rate: Fraction) -> int:
        """Frames of sound beyond the picture on either side."""
        return -int(-Fraction(self.handles).limit_denominator(1000) * rate // 1)

    def cue(
        self,
        media: str,
        span: Tuple[Fraction, Fraction],
        rate: Fraction,
        hits: Optional[Sequence[Fraction]] = None,
        batch: str = "",
    ) -> Dict[str, Any]:
        """The cue for the stretch `span` of a film, in seconds of media time, seen at `rate`."""
        cue = {
            "media": media,
            "in": span[0],
            "out": span[1],
            "prompt": self.prompt,
            "negative": self.negative,
            "layers": list(self.layers),
            "takes": self.takes,
            "handles": self.handle_frames(rate) / rate,
            "stems": self.place == PER_LAYER,
            "batch": batch,
        }  # type: Dict[str, Any]
        optional = {
            "engine": None if self.engine == AUTO else self.engine,
            "seed": self.seed,
            "alignment": None if self.alignment == AUTO else self.alignment,
            "loudness": self.loudness,
            "hits": None if hits is None else list(hits),
        }
        cue.update({name: value for name, value in optional.items() if value is not None})
        return cue

    def plain(self) -> Dict[str, Any]:
        """As JSON can hold it. The seed is text: Blender's own integers are too small for it."""
        kept = dict(self._asdict(), layers=list(self.layers))
        return dict(kept, seed=None if self.seed is None else str(self.seed))

    @classmethod
    def of(cls, kept: Dict[str, Any]) -> "Wishes":
        """What `plain` gave, of this version or another: what is missing or makes no sense is as usual."""
        known = {name: kept[name] for name in cls._fields if name in kept}
        with suppress(KeyError, TypeError, ValueError):
            known["seed"] = int(known["seed"])
        with suppress(KeyError, TypeError):
            known["layers"] = tuple(layer for layer in LAYERS if layer in known["layers"])
        return cls(**{name: value for name, value in known.items() if _makes_sense(name, value)})


def _makes_sense(name: str, value: Any) -> bool:
    """Whether a wish of that name may have that value, as far as can be told without the backend."""
    if name in _WORDS:
        return isinstance(value, str)
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name == "layers":
        return isinstance(value, tuple) and bool(value)
    if name == "duck":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and -60 <= value <= 0
    if name == "hear_first":
        return isinstance(value, bool)
    if value is None:
        return name in ("seed", "loudness")
    least, most, kinds = LIMITS[name]
    return isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most


def read_seed(text: str) -> Optional[int]:
    """The seed that was typed; none where nothing was. Blender's own integers are too small for it."""
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > MAX_SEED:
        raise Problem("bad_seed", "The seed {!r} cannot be used.".format(text[:20]), "Give 0 to 4294967295.")
    return int(text)


def lately(prompts: Sequence[str], prompt: str) -> List[str]:
    """The prompts used lately, newest first, once `prompt` was used."""
    prompt = " ".join(prompt.split())
    return [prompt, *(other for other in prompts if other != prompt)][:LATELY] if prompt else list(prompts)
