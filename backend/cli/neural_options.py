"""The options of `foley generate` for the neural engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from foley_core.neural import MAX_STEPS, NEURAL, Neural

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--model", type=click.Choice(["xl", "xxl"]), help="Which weights; else the largest there."),
    click.option(
        "--steps",
        type=click.IntRange(1, MAX_STEPS),
        default=NEURAL.steps,
        show_default=True,
        help="Of the model.",
    ),
    click.option(
        "--guidance", type=float, default=NEURAL.guidance, show_default=True, help="How strictly to obey."
    ),
    click.option(
        "--solver",
        type=click.Choice(["euler", "heun", "multistep"]),
        default=NEURAL.solver,
        show_default=True,
        help="How to take the steps; with multistep half as many do.",
    ),
    click.option(
        "--guided",
        type=(float, float),
        metavar="FROM TO",
        default=NEURAL.guided,
        show_default=True,
        help="Shares of the steps in which to obey.",
    ),
    click.option(
        "--prompt-over-picture", is_flag=True, help="The picture tells when, and only the prompt what."
    ),
    click.option(
        "--frames",
        type=click.Choice(["first", "nearest"]),
        default=NEURAL.frames,
        show_default=True,
        help="Which frame stands for a time between two.",
    ),
    click.option("--fp8", is_flag=True, help="Weights in 8 bits; changes the sound a little."),
    click.option(
        "--block-cache",
        type=float,
        default=NEURAL.block_cache,
        show_default=True,
        help="Leave out steps that differ by less than this; changes the sound a little.",
    ),
)


def neural_options(command: Command) -> Command:
    """All of them, in this order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def neural_from(typed: dict[str, Any]) -> Neural:
    """What was typed, as the cue has it."""
    named = {name: typed[name] for name in Neural.__struct_fields__ if name != "model"}
    return Neural(model=typed["model"] or "", **named)
