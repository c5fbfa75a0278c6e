"""Settings of the neural engine, as they stand in a cue; other engines do not look at them."""

from __future__ import annotations

from typing import Literal

import msgspec

from foley_core.errors import CueError

MAX_STEPS = 1_000
MAX_GUIDANCE = 30.0

Model = Literal["", "xl", "xxl"]


class NeuralSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the model is run; as published, unless said."""

    model: Model = ""
    """Empty: the largest that is on this machine."""
    steps: int = 50
    """How many steps the model takes; more take longer."""
    guidance: float = 4.5
    """How far the model is led away from what it would do without picture and words."""
    solver: Literal["euler", "heun", "multistep"] = "euler"
    """How the steps are taken; with `multistep` half as many do."""
    guided: tuple[float, float] = (0.0, 1.0)
    """From which share of the steps to which guidance is applied."""
    prompt_over_picture: bool = False
    """The picture tells when something is heard, and only the prompt tells what."""
    frames: Literal["first", "nearest"] = "first"
    """Which frame stands for a time that lies between two."""
    fp8: bool = False
    """Weights in 8 bits: less memory, and compiled for newer cards less time. Changes the sound a little."""
    block_cache: float = 0.0
    """How much a step may differ from the one before it and still be left out; 0 leaves out none. Changes
    the sound a little."""


NEURAL_DEFAULTS = NeuralSettings()
"""As published."""


def check_neural(neural: NeuralSettings) -> None:
    """Raise the `CueError` that names the first value that makes no sense."""
    if not 1 <= neural.steps <= MAX_STEPS:
        raise CueError(f"{neural.steps} steps cannot be made.", f"Give 1 to {MAX_STEPS}.")
    if not 0 <= neural.guidance <= MAX_GUIDANCE:
        raise CueError(f"A guidance of {neural.guidance} is out of range.", f"Give 0 to {MAX_GUIDANCE:g}.")
    first, last = neural.guided
    if not 0 <= first <= last <= 1:
        raise CueError(
            f"Steps cannot be guided from {first} to {last} of them.",
            "Give two shares from 0 to 1, in order.",
        )
    if not 0 <= neural.block_cache < 1:
        raise CueError(
            f"A block cache of {neural.block_cache} is out of range.", "Give 0 to less than 1; 0.1 is much."
        )
