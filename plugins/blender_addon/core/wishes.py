# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user wishes for, as the dialog has it, and the cue that is made of it for the backend."""

import re
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
LATELY = 20
"""So many prompts are remembered."""


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
            "engine": self.engine,
            "stems": self.place == PER_LAYER,
            "batch": batch,
        }  # type: Dict[str, Any]
        optional = {
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
        """What `plain` gave, of this version or another: what is missing or not known is left out."""
        known = {name: kept[name] for name in cls._fields if name in kept}
        if known.get("layers"):
            known["layers"] = tuple(known["layers"])
        if known.get("seed") is not None:
            known["seed"] = int(known["seed"])
        return cls(**known)


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


def unknown_words(take: Dict[str, Any]) -> str:
    """One line: words of the prompt that the engine does not know, with the known ones that may be meant."""
    near = take.get("near_words") or {}
    words = [
        "{} (nearest: {})".format(word, ", ".join(near[word])) if near.get(word) else word
        for word in take.get("unknown_words") or ()
    ]
    return "Unknown words: {}".format("; ".join(words)) if words else ""
