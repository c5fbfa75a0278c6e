"""The options of `foley generate` for the neural engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from foley_core.neural_settings import MAX_STEPS, NEURAL_DEFAULTS, NeuralSettings

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--model", type=click.Choice(["xl", "xxl"]), help="Neural: which weights; else the largest there."
    ),
    click.option(
        "--steps",
        type=click.IntRange(1, MAX_STEPS),
        default=NEURAL_DEFAULTS.steps,
        show_default=True,
        help="Neural: of the model.",
    ),
    click.option(
        "--guidance",
        type=float,
        default=NEURAL_DEFAULTS.guidance,
        show_default=True,
        help="Neural: how strictly to obey.",
    ),
    click.option(
        "--solver",
        type=click.Choice(["euler", "heun", "multistep"]),
        default=NEURAL_DEFAULTS.solver,
        show_default=True,
        help="Neural: how to take the steps; with multistep half as many do.",
    ),
    click.option(
        "--guided",
        type=(float, float),
        metavar="FROM TO",
        default=NEURAL_DEFAULTS.guided,
        show_default=True,
        help="Neural: shares of the steps in which to obey.",
    ),
    click.option(
        "--prompt-over-picture",
        is_flag=True,
        help="Neural: the picture tells when, and only the prompt what.",
    ),
    click.option(
        "--frames",
        type=click.Choice(["first", "nearest"]),
        default=NEURAL_DEFAULTS.frames,
        show_default=True,
        help="Neural: which frame stands for a time between two.",
    ),
    click.option("--fp8", is_flag=True, help="Neural: weights in 8 bits; changes the sound a little."),
    click.option(
        "--block-cache",
        type=float,
        default=NEURAL_DEFAULTS.block_cache,
        show_default=True,
        help="Neural: leave out steps that differ by less than this; changes the sound a little.",
    ),
)


def neural_options(command: Command) -> Command:
    """All of them, in this order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def neural_from(typed: dict[str, Any]) -> NeuralSettings:
    """What was typed, as the cue has it."""
    named = {name: typed[name] for name in NeuralSettings.__struct_fields__ if name != "model"}
    return NeuralSettings(model=typed["model"] or "", **named)
