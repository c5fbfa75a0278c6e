"""Which engine plays a cue, where the cue leaves it open, and with which weights.

`auto` is the neural engine where torch, the weights and a graphics card are there, and else the built-in one.
Torch is imported only where the weights are there.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from msgspec import structs

from foley_core.cue import AUTO, Alignment, Cue
from foley_core.engines.hunyuan.memory import wanted_class
from foley_core.engines.hunyuan.weights import Weights, find_weights
from foley_core.errors import EngineFailed, FoleyError, ModelMissing
from foley_core.neural_settings import Model

BUILT_IN, HUNYUAN = "procedural", "hunyuan"

BUILT_IN_DEVICE = "CPU"
"""Where the built-in engine works, on every machine."""

_LIBRARIES = "torch", "diffusers", "transformers", "accelerate"
"""Those of the neural engine."""

_ALIGNMENT: dict[str, Alignment] = {HUNYUAN: "snap"}
"""What is done about the hits where the cue does not say; of engines not named here it is only told how they
lie. The neural engine's hits are near the picture, but not on it."""


@dataclass(frozen=True)
class EngineChoice:
    """The engine that plays, and why."""

    engine: str
    why: str = ""
    model: Model = ""
    weights: str = ""
    """Tells the engine's files from others: another file gives another sound."""


def choose_engine(engine: str, model: Model = "") -> EngineChoice:
    """The engine for a cue that asks for this one. `ModelMissing` where its weights are not there."""
    if engine == HUNYUAN:
        return _neural(find_weights(model), "it is asked for")
    if engine != AUTO:
        return EngineChoice(engine, "it is asked for")
    try:
        weights = find_weights(model)
    except ModelMissing as error:
        return EngineChoice(BUILT_IN, error.message)
    if wanted_class() == "cpu":
        return EngineChoice(BUILT_IN, "FOLEY_MEMORY is cpu")
    try:
        card = _card()
    except (ImportError, OSError) as error:
        return EngineChoice(BUILT_IN, f"the neural engine cannot be used: {error}")
    if not card:
        return EngineChoice(BUILT_IN, "there is no graphics card that torch can use")
    return _neural(weights, f"its weights are there, and {card}")


def why_unusable(engine: str, model: Model = "") -> FoleyError | None:
    """What keeps a cue that asks for this engine from being played on this machine, as far as can be told
    without loading anything; None where nothing is known to."""
    if engine != HUNYUAN:
        return None
    try:
        find_weights(model)
        _require_libraries()
    except ModelMissing as error:
        return error
    except ImportError as error:
        return EngineFailed(f"The engine {engine!r} cannot be used: {error}.", "Run `foley doctor`.")
    return None


def known_device(engine: str) -> str:
    """Where an engine works, as far as that is known before it is loaded; else empty."""
    return BUILT_IN_DEVICE if engine == BUILT_IN else ""


def with_engine_defaults(cue: Cue, choice: EngineChoice) -> Cue:
    """The cue with all filled in that depends on the engine."""
    return structs.replace(
        cue,
        engine=choice.engine,
        alignment=cue.alignment or _ALIGNMENT.get(choice.engine, "report"),
        neural=structs.replace(cue.neural, model=choice.model or cue.neural.model),
    )


def _neural(weights: Weights, why: str) -> EngineChoice:
    return EngineChoice(HUNYUAN, why, weights.size, weights.fingerprint())


def _card() -> str:
    """What the graphics card is called; empty where there is none. `ImportError` names what is missing."""
    _require_libraries()
    import torch

    return str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else ""


def _require_libraries() -> None:
    for library in _LIBRARIES:
        if find_spec(library) is None:
            raise ImportError(f"{library} is not installed")
