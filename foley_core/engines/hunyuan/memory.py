"""Where the models lie, by how much memory the graphics card has left.

| class | on the card | |
| --- | --- | --- |
| resident | all models | the fastest |
| model | one model at a time | |
| group | one block of the transformer at a time, and the smaller models | slow, but fits small cards |
| cpu | nothing | where there is no card |

`FOLEY_MEMORY` names one to take in any case. The choice is arithmetic; `place_models` carries it out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from foley_core.errors import EngineFailed, OutOfMemory

MemoryClass = Literal["resident", "model", "group", "cpu"]

CLASSES: tuple[MemoryClass, ...] = get_args(MemoryClass)
"""The fastest first."""

BATCHES = (8, 4, 2, 1)
"""So many windows at once, as many as fit."""

_WORKING, _A_WINDOW = 2**30, 2**28
"""Bytes needed beside the weights, at all and for each window: generous."""
_BLOCKS = 20
"""A block of the transformer is at most one of so many parts of it."""


@dataclass(frozen=True)
class Plan:
    """Where the models lie, and how many windows are made at once."""

    kind: MemoryClass
    batch: int


def needed(plan: Plan, models: Mapping[str, int]) -> int:
    """Bytes of the card's memory, for models of so many bytes; the largest is the transformer."""
    largest = max(models.values())
    weights = {
        "resident": sum(models.values()),
        "model": largest,
        "group": sum(models.values()) - largest + largest // _BLOCKS,
        "cpu": 0,
    }
    return weights[plan.kind] + (plan.kind != "cpu") * (_WORKING + plan.batch * _A_WINDOW)


def choose(free: int | None, models: Mapping[str, int], wanted: MemoryClass | None = None) -> Plan:
    """The fastest plan that fits into so many `free` bytes; None where there is no card.

    A class that is `wanted` is taken whether it fits or not. Raises `OutOfMemory` where nothing fits.
    """
    if wanted == "cpu" or free is None:
        if wanted not in (None, "cpu"):
            raise EngineFailed(
                f"FOLEY_MEMORY is {wanted!r}, but there is no graphics card.", "Unset it, or set it to cpu."
            )
        return Plan("cpu", 1)
    plans = [Plan(kind, batch) for kind in ([wanted] if wanted else CLASSES[:-1]) for batch in BATCHES]
    fitting = [plan for plan in plans if needed(plan, models) <= free]
    if not fitting and not wanted:
        raise out_of_memory(needed(plans[-1], models), free)
    return fitting[0] if fitting else plans[-1]


def smaller(plan: Plan, windows: int | None = None) -> Plan | None:
    """What to try where the memory did not do for so many windows: half as many at once, or the next class.

    None is work that does not go by windows: to that only another class makes a difference.
    """
    batch = plan.batch if windows is None else at_once(plan, windows)
    if windows is not None and batch > 1:
        return Plan(plan.kind, batch // 2)
    following: dict[MemoryClass, MemoryClass] = {"resident": "model", "model": "group"}
    return Plan(following[plan.kind], batch) if plan.kind in following else None


def at_once(plan: Plan, windows: int) -> int:
    """How many of so many windows are made first: few different numbers, so that little is compiled."""
    return next(size for size in BATCHES if size <= min(plan.batch, windows))


def out_of_memory(needs: int, free: int) -> OutOfMemory:
    """Said in plain words; what is needed was estimated, and may have been too little."""
    needed = f"{needs / 1e9:.1f} GB" if needs > free else "more"
    return OutOfMemory(
        f"The model needs {needed} of the graphics card's memory; {free / 1e9:.1f} GB are free.",
        "Close other programs that use the card, take the smaller model (xl), or set FOLEY_MEMORY to cpu.",
    )


def wanted_class() -> MemoryClass | None:
    """What `FOLEY_MEMORY` names."""
    named = os.environ.get("FOLEY_MEMORY", "")
    if named and named not in CLASSES:
        raise EngineFailed(f"FOLEY_MEMORY is {named[:40]!r}.", f"Set it to one of: {', '.join(CLASSES)}.")
    return named or None


def place_models(pipeline: Any, kind: MemoryClass, card: Any) -> None:
    """Put the models of a pipeline where this class has them; it may have been laid otherwise before."""
    _unlay(pipeline)
    if kind == "resident":
        pipeline.to(card)
    elif kind == "model":
        pipeline.enable_model_cpu_offload(device=card)
    elif kind == "group":
        pipeline.to("cpu")
        others = [name for name in pipeline.components if name != "transformer"]
        pipeline.enable_group_offload(
            card, offload_type="block_level", num_blocks_per_group=1, exclude_modules=others
        )


def _unlay(pipeline: Any) -> None:
    """Undo it, in whatever state it was left by work that broke off."""
    pipeline.remove_all_hooks()
    registry = getattr(pipeline.transformer, "_diffusers_hook", None)
    if registry is None:
        return
    registry.remove_hook("group_offloading")
    for module in pipeline.transformer.modules():
        vars(module).pop("_diffusers_hook", None)
    pipeline.transformer.to("cpu")
