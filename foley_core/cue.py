"""The cue: a stretch of picture to be given sound, and everything that decides how it will sound.

A cue is complete by itself: the same cue with the same seed gives the same take, to the bit. It travels over
the wire as JSON (times as exact rationals, `"1001/24000"`), goes into the take's record, and its content
is the cache's key. `check` says in one sentence what is wrong with a cue, before anything is opened.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from foley_core.errors import BadPrompt, BadRange, BadTime, CueError
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings, check_neural
from foley_core.timecode import exact, exact_text

Layer = Literal["hits", "movement", "ambience"]
"""hits: sounds of single events; movement: cloth, rolling, sliding; ambience: the bed."""

LAYERS: tuple[Layer, ...] = ("hits", "movement", "ambience")

Alignment = Literal["off", "report", "snap"]

Bits = Literal[16, 24, 32]
"""Of a sample; 32 are float."""

AUTO = "auto"
"""The engine that is chosen when the cue is played: see `engine_choice.py`."""

MAX_PROMPT = 2_000
MAX_TAKES = 32
MAX_SEED = 2**32 - 1
MAX_HANDLE = Fraction(60)
MAX_HITS = 100_000
MAX_BATCH = 200
LOUDNESS = (-70.0, -5.0)
"""The least and the most that can be asked for, in LUFS."""

# C0 controls except tab and newlines, DEL, C1 controls, and the Unicode characters that reverse or hide text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class WantedHit(msgspec.Struct, frozen=True, kw_only=True):
    """A hit that the user wants. What is None is as it was seen nearest by, or else as usual."""

    time: Fraction
    """Media time in seconds; a hit outside the take does not count."""
    sound: str = ""
    """Words for this hit alone, understood as a prompt is; empty: what the prompt says."""
    strength: float | None = None
    """How hard it is struck, 0 to 1."""
    x: float | None = None
    """Place in the frame: 0 left, 1 right."""
    y: float | None = None
    """0 top, 1 bottom."""
    size: float | UnsetType = UNSET
    """How wide what moves is, as a share of the picture's width, 0 to 1."""
    layer: Layer | UnsetType = UNSET
    """The layer, and so the stem, that it is to be part of; unless said, hits."""


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. Times are media time in seconds: 0 is the first frame shown."""

    media: str
    """Absolute path of the film."""
    prompt: str = ""
    """What is to be heard; empty: what the engine makes of the picture alone."""
    in_point: Fraction = msgspec.field(name="in", default=Fraction(0))
    """Where the cue begins."""
    out_point: Fraction | None = msgspec.field(name="out", default=None)
    """Exclusive; None means the end of the film."""
    negative: str = ""
    """What must not be heard."""
    layers: tuple[Layer, ...] = LAYERS
    """Which layers are made, each named once."""
    hits: tuple[Fraction, ...] | None = None
    """Times at which the user wants a hit; given, they take the place of all impacts detected."""
    hit_list: tuple[WantedHit, ...] | UnsetType | None = UNSET
    """The same with more than times; a cue has one of the two."""
    # Where these three are not asked for they are in no record and no key of the cache, so that a cue that
    # older versions know has the same as there.
    min_sure: float | UnsetType = UNSET
    """Of the impacts detected, those count that are at least so sure, 0 to 1."""
    min_strength: float | UnsetType = UNSET
    """And at least so strong, 0 to 1."""
    seed: int | None = None
    """None: one is drawn when the cue is accepted, and reported."""
    takes: int = 1
    """How many takes; their seeds count up from `seed`."""
    handles: Fraction = Fraction(0)
    """Seconds of sound beyond the cue, on both sides."""
    engine: str = AUTO
    """Its name, or `auto`: the neural engine where it can be used, else the built-in one."""
    alignment: Alignment | None = None
    """What is done about hits that are late: nothing, told, or moved; None: what suits the engine."""
    neural: NeuralSettings = NEURAL_DEFAULTS
    """Settings that only the neural engine looks at."""
    loudness: float | None = None
    """Integrated loudness to reach, in LUFS; None keeps the engine's own level."""
    bits: Bits = 24
    """Of a sample. With 32 (float) no level is lowered, no peak limited: what is over full scale is kept."""
    mono: bool | UnsetType = UNSET
    """One channel, to which both sides give half."""
    width: float | UnsetType = UNSET
    """How far apart left and right are: 1 as the engine plays them, which is usual, 0 all in the centre."""
    stems: bool = False
    """Also write each layer as a file of its own."""
    batch: str = ""
    """Names the batch that the cue belongs to; does not change the sound."""

    def __post_init__(self) -> None:
        if self.hit_list is None:  # as 0.1.0 wrote it
            msgspec.structs.force_setattr(self, "hit_list", UNSET)


def check(cue: Cue) -> None:
    """Raise the `CueError` that names the first value of `cue` that makes no sense."""
    _check_text("prompt", cue.prompt)
    _check_text("negative prompt", cue.negative)
    _check_range(cue)
    _check_hit_list(cue)
    if not cue.media or "\0" in cue.media:
        raise CueError("The cue names no film.", "Give the absolute path of a film.")
    if not cue.layers or len(set(cue.layers)) != len(cue.layers):
        raise CueError(
            f"The layers {list(cue.layers)} make no sense.", f"Name each once: {', '.join(LAYERS)}."
        )
    if cue.seed is not None and not 0 <= cue.seed <= MAX_SEED:
        raise CueError(f"The seed {cue.seed} is out of range.", f"Give a whole number from 0 to {MAX_SEED}.")
    if not 1 <= cue.takes <= MAX_TAKES:
        raise CueError(f"{cue.takes} takes cannot be made at once.", f"Ask for 1 to {MAX_TAKES}.")
    for name, share in (("min_sure", cue.min_sure), ("min_strength", cue.min_strength)):
        if share is not UNSET and not 0 <= share <= 1:
            raise CueError(f"{name} cannot be {share}.", "Give 0 (all impacts) to 1.")
    _check_width(cue)
    check_neural(cue.neural)
    if cue.loudness is not None and not LOUDNESS[0] <= cue.loudness <= LOUDNESS[1]:
        raise CueError(f"A loudness of {cue.loudness} LUFS is out of range.", "Give -70 to -5.")
    if len(cue.batch) > MAX_BATCH or _CONTROL.search(cue.batch):
        raise CueError(
            "The batch's name is too long or has control characters.", f"Use at most {MAX_BATCH} letters."
        )


def _check_width(cue: Cue) -> None:
    if cue.width is not UNSET and not 0 <= cue.width <= 1:
        raise CueError(f"The width cannot be {cue.width}.", "Give 0 (all in the centre) to 1 (as it is).")
    if cue.width is not UNSET and cue.mono:
        raise CueError("A mono take has no width.", "Ask for one of the two.")


def _check_text(what: str, text: str) -> None:
    if len(text) > MAX_PROMPT:
        raise BadPrompt(f"The {what} has {len(text)} characters.", f"Use at most {MAX_PROMPT}.")
    if match := _CONTROL.search(text):
        raise BadPrompt(
            f"The {what} has the control character U+{ord(match[0]):04X} at position {match.start()}.",
            "Write it as plain text.",
        )


def _check_range(cue: Cue) -> None:
    if cue.in_point < 0:
        raise BadRange(
            f"The in-point {float(cue.in_point):.3f} s lies before the film.", "The first frame is 0."
        )
    if cue.out_point is not None and cue.out_point <= cue.in_point:
        raise BadRange(
            f"The in-point {float(cue.in_point):.3f} s does not lie before the out-point "
            f"{float(cue.out_point):.3f} s.",
            "Out is exclusive and must come after in.",
        )
    if not 0 <= cue.handles <= MAX_HANDLE:
        raise BadRange(f"Handles of {float(cue.handles):.3f} s cannot be made.", f"Give 0 to {MAX_HANDLE} s.")
    for hits in (cue.hits, cue.hit_list):
        if hits and len(hits) > MAX_HITS:
            raise CueError(f"{len(hits)} hits are too many for one cue.", f"Give at most {MAX_HITS}.")


def _check_hit_list(cue: Cue) -> None:
    if cue.hits is not None and cue.hit_list is not UNSET:
        raise CueError("The cue has hits and a list of hits.", "Give one of the two.")
    for hit in cue.hit_list or ():
        _check_text(f"sound of the hit at {float(hit.time):.3f} s", hit.sound)
        if hit.layer is not UNSET and hit.layer not in cue.layers:
            raise CueError(
                f"The hit at {float(hit.time):.3f} s belongs to the layer {hit.layer}, which is not made.",
                f"Make that layer too, or put the hit into one of: {', '.join(cue.layers)}.",
            )
        for name in ("strength", "x", "y", "size"):
            value = getattr(hit, name)
            if value is not None and value is not UNSET and not 0 <= value <= 1:
                raise CueError(f"The hit at {float(hit.time):.3f} s has {name} {value}.", "Give 0 to 1.")


def wanted_hits(cue: Cue) -> tuple[WantedHit, ...] | None:
    """The user's own hits, in whichever form; None where what is detected counts."""
    if cue.hit_list is not UNSET:
        return cue.hit_list
    return None if cue.hits is None else tuple(WantedHit(time=time) for time in cue.hits)


def encode(value: Any) -> bytes:
    """JSON of a cue, or of any struct or dict that holds one; exact times as `"num/den"`."""
    return _encoder.encode(value)


def plain(value: Any) -> Any:
    """`value` as dicts, lists, strings and numbers, as `encode` would write it."""
    return msgspec.to_builtins(value, enc_hook=_enc_hook)


def decode_hook(kind: type, value: Any) -> Any:
    """For msgspec: read a `Fraction` from its text."""
    if kind is Fraction and isinstance(value, str):
        try:
            return exact(value)
        except BadTime as error:
            raise ValueError(str(error)) from error
    raise ValueError(f"Expected an exact time as text, got {type(value).__name__}")


def _enc_hook(value: Any) -> Any:
    if isinstance(value, Fraction):
        return exact_text(value)
    raise TypeError(f"cannot be written as JSON: {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_enc_hook, order="sorted")
