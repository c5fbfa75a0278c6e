"""From noise to latents: the path along which sigma falls from 1 to 0, and the solvers that follow it.

A latent at sigma is (1 - sigma) sound + sigma noise, and the model tells its velocity, noise - sound (Lipman
et al., "Flow Matching for Generative Modeling", 2023). The state is float32, whatever the model computes in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal, Protocol

import torch
from torch import Tensor

from foley_core.engines.hunyuan.conditions import Conditions, joined
from foley_core.engines.hunyuan.config import GUIDANCE, STEPS

Velocity = Callable[[Tensor, float], Tensor]
"""Of latents, at a sigma."""
Solver = Literal["euler", "heun", "multistep"]


class Model(Protocol):
    """What tells the velocity at 1000 sigma: the transformer, compiled or not."""

    def __call__(self, latents: Tensor, times: Tensor, conditions: Conditions) -> Tensor:
        """See `FoleyTransformer.forward`."""


@dataclass(frozen=True)
class Sampling:
    """How noise becomes latents; as published, unless said."""

    steps: int = STEPS
    guidance: float = GUIDANCE
    solver: Solver = "euler"
    guided: tuple[float, float] = (0.0, 1.0)
    """From which share of the steps to which guidance is applied. Little is heard of it at the end, where
    leaving it out saves half (Kynkäänniemi et al., "Applying Guidance in a Limited Interval", 2024)."""


def sigmas(steps: int) -> list[float]:
    """From 1 to 0, evenly."""
    return [float(sigma) for sigma in torch.linspace(1, 0, steps + 1)]


def euler(x: Tensor, path: Sequence[float], velocity: Velocity) -> Tensor:
    """First order, one look at each step."""
    for now, then in pairwise(path):
        x = x + velocity(x, now) * (then - now)
    return x


def heun(x: Tensor, path: Sequence[float], velocity: Velocity) -> Tensor:
    """Second order, two looks at each step but the last, since at sigma 0 there is nothing left to tell."""
    for now, then in pairwise(path):
        there = velocity(x, now)
        ahead = x + there * (then - now)
        x = ahead if then == 0 else x + (there + velocity(ahead, then)) * ((then - now) / 2)
    return x


def multistep(x: Tensor, path: Sequence[float], velocity: Velocity) -> Tensor:
    """Second order with one look at each step: Adams and Bashforth's, for steps of any lengths."""
    before: tuple[Tensor, float] | None = None
    for now, then in pairwise(path):
        step, there = then - now, velocity(x, now)
        if before is None:
            x = x + there * step
        else:
            bend = step / before[1] / 2
            x = x + (there * (1 + bend) - before[0] * bend) * step
        before = there, step
    return x


SOLVERS: dict[Solver, Callable[[Tensor, Sequence[float], Velocity], Tensor]] = {
    "euler": euler,
    "heun": heun,
    "multistep": multistep,
}


def denoise(
    model: Model,
    noise: Tensor,
    asked: Conditions,
    unasked: Conditions,
    sampling: Sampling,
    tick: Callable[[float], None] = lambda share: None,
) -> Tensor:
    """Latents (batch, 128, latents), float32, of `noise` of that shape.

    `unasked` is what guidance leads away from: no picture, and the negative prompt. `tick` is told the share
    done before each look; what it raises passes through.
    """
    both, dtype = joined([unasked, asked]), asked.visual.dtype
    path = sigmas(sampling.steps)
    first, past = (round(share * sampling.steps) for share in sampling.guided)

    def look(x: Tensor, sigma: float, guided: bool) -> Tensor:
        if x.is_cuda:
            torch.cuda.synchronize(x.device)  # else steps are begun and told long before they are computed
        tick(1 - sigma)
        times = torch.full((len(x),), 1000 * sigma, device=x.device)
        if not guided:
            return model(x.to(dtype), times, asked).float()
        told = model(torch.cat([x, x]).to(dtype), torch.cat([times, times]), both).float()
        away, toward = told.chunk(2)
        return away + sampling.guidance * (toward - away)

    x, solver = noise.float(), SOLVERS[sampling.solver]
    for begin, end, guided in ((0, first, False), (first, past, True), (past, sampling.steps, False)):
        # each stretch on its own: across the change solvers of second order would mix two paths
        x = solver(x, path[begin : end + 1], partial(look, guided=guided))
    return x
