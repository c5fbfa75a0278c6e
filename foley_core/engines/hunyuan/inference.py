"""The models as they are loaded on this machine, and windows of sound made with them.

Takes care of memory: as many windows at once as fit, and where the card turns out to have too little, once
more with less. What comes out does not depend on where the models lie, but for rounding.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import TypeVar

import torch
from torch import Tensor, nn

from foley_core.engines.hunyuan import memory, optimization
from foley_core.engines.hunyuan.block_cache import BlockCache
from foley_core.engines.hunyuan.config import SAMPLES_PER_LATENT
from foley_core.engines.hunyuan.pipeline import FoleyPipeline, PipelineInputs
from foley_core.engines.hunyuan.sampling import Model, Sampling
from foley_core.engines.hunyuan.weights import Weights
from foley_core.neural_settings import NeuralSettings

COMPILE = "FOLEY_COMPILE"
"""Set to 1 in the environment, the transformer is compiled where it stays on the card."""

Tick = Callable[[float], None]
T = TypeVar("T")


class ModelRunner:
    """The models of one set of weights, loaded."""

    def __init__(self, pipeline: FoleyPipeline, device: torch.device, *, fp8: bool = False) -> None:
        self.pipeline, self.device, self._fp8 = pipeline, device, fp8
        self.ahead: dict[object, Tensor] = {}
        """Latents of takes that are still to be asked for; see `rendering.py`."""
        models = {name: model for name, model in pipeline.components.items() if isinstance(model, nn.Module)}
        self._sizes = {name: _bytes(model) for name, model in models.items()}
        self._compiled: optimization.CompiledTransformer | None = None
        self.plan = memory.choose(self._free(), self._sizes, memory.wanted_class())
        self._laid: memory.MemoryClass | None = None
        """By which class each model is where it should be: none at first, nor where one was on the move."""
        self.conditioners = pipeline.conditioners
        self.conditioners.at_work = self._at_work
        self._at_work(lambda: torch.zeros(0))

    @classmethod
    def of(cls, weights: Weights, *, fp8: bool) -> ModelRunner:
        """Load them: for a card in bf16 where it has that, else in float32."""
        device = best_device()
        pipeline = FoleyPipeline.of(weights, best_dtype(device))
        if fp8:
            optimization.in_fp8(pipeline.transformer, device)
        return cls(pipeline, device, fp8=fp8)

    @property
    def about(self) -> dict[str, str]:
        """What a take's record tells of it."""
        dtype = str(self.pipeline.transformer.cond_in.linear_1.weight.dtype).removeprefix("torch.")
        return {"memory": self.plan.kind, "precision": f"{dtype}, fp8" if self._fp8 else dtype}

    def latents(self, asked: PipelineInputs, neural: NeuralSettings, tick: Tick) -> Tensor:
        """Latents (windows, 128, 400) on the CPU; `tick` is told the share done. May raise `OutOfMemory`."""
        return self._at_work(lambda: self._in_batches(asked, neural, tick), len(asked.noise))

    def sound(self, latents: Tensor, tick: Tick) -> Tensor:
        """One window's latents (128, 400) as sound, (384000,)."""

        def decoded() -> Tensor:
            sound = torch.zeros(0)
            for piece in self.pipeline.sound(latents):
                sound = torch.cat([sound, piece])
                tick(len(sound) / SAMPLES_PER_LATENT / latents.shape[-1])
            return sound

        return self._at_work(decoded)

    def _in_batches(self, asked: PipelineInputs, neural: NeuralSettings, tick: Tick) -> Tensor:
        count, done, made = len(asked.noise), 0, []
        on_cpu = self.plan.kind == "cpu"  # there a step takes long, and nobody waits that long
        while done < count:
            size = memory.at_once(self.plan, count - done)
            part, steps = (
                asked.part(slice(done, done + size)),
                _StepProgress(tick, done / count, size / count),
            )
            with steps.between_blocks_of(self.pipeline.transformer) if on_cpu else nullcontext():
                made.append(self.pipeline(part, sampling_of(neural), steps, self._model(neural)).cpu())
            done += size
        return torch.cat(made)

    def _model(self, neural: NeuralSettings) -> Model:
        """The transformer, made faster in the ways that are asked for."""
        model: Callable[..., Tensor] = self.pipeline.transformer
        if os.environ.get(COMPILE) == "1" and self.plan.kind == "resident":
            model = self._compiled = self._compiled or optimization.CompiledTransformer(
                self.pipeline.transformer
            )
        return partial(model, cache=BlockCache(neural.block_cache)) if neural.block_cache else model

    def _at_work(self, work: Callable[[], T], windows: int | None = None) -> T:
        """What `work` gives, on so many windows. Where memory is short, it is done once more with less."""
        less = memory.smaller(self.plan, windows)
        with self._in_plain_words():
            if less is None:
                return self._done(work)
            with suppress(torch.OutOfMemoryError):
                return self._done(work)
            self.plan = less  # only here is all let go of that was computed so far
            return self._done(work)

    def _done(self, work: Callable[[], T]) -> T:
        if self._laid != self.plan.kind:
            self._lay()
        self._laid = None if self.plan.kind in ("model", "group") else self.plan.kind
        done = work()
        self.pipeline.maybe_free_model_hooks()
        self._laid = self.plan.kind
        return done

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        """Where the card's memory is short, it is an `OutOfMemory`."""
        try:
            yield
        except torch.OutOfMemoryError as error:
            raise memory.out_of_memory(memory.needed(self.plan, self._sizes), self._free() or 0) from error

    def _lay(self) -> None:
        if self._compiled and self.plan.kind != "resident":
            self._compiled = None
            torch.compiler.reset()  # with its graphs goes the memory that they hold
        memory.place_models(self.pipeline, self.plan.kind, self.device)

    def _free(self) -> int | None:
        """Bytes of the card that others leave to us."""
        if self.device.type == "cpu":
            return None
        torch.cuda.empty_cache()
        return int(torch.cuda.mem_get_info(self.device)[0]) + torch.cuda.memory_reserved(self.device)


class _StepProgress:
    """Tells the share of a run that is done as part of a whole; a `tick`."""

    def __init__(self, tick: Tick, first: float, share: float) -> None:
        self._tick, self._first, self._share = tick, first, share
        self._done = 0.0

    def __call__(self, done: float) -> None:
        self._done = done
        self._tick(self._first + self._share * done)

    @contextmanager
    def between_blocks_of(self, transformer: nn.Module) -> Iterator[None]:
        """Also told before each block."""
        blocks = [*transformer.triple_blocks, *transformer.single_blocks]
        hooks = [block.register_forward_pre_hook(lambda *given: self(self._done)) for block in blocks]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


def sampling_of(neural: NeuralSettings) -> Sampling:
    """The settings that the sampler has."""
    return Sampling(neural.steps, neural.guidance, neural.solver, neural.guided)


def best_device() -> torch.device:
    """Where the models compute: on the card where there is one that may be used."""
    with_card = torch.cuda.is_available() and memory.wanted_class() != "cpu"
    return torch.device("cuda" if with_card else "cpu")


def best_dtype(device: torch.device) -> torch.dtype:
    """What the models compute in there: older cards only pretend to have bf16."""
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    return torch.float32


def _bytes(model: nn.Module) -> int:
    return sum(_held(tensor) for tensor in (*model.parameters(), *model.buffers()))


def _held(tensor: Tensor) -> int:
    """Bytes; a tensor in 8 bits calls itself one in 16, and is made of others."""
    if not hasattr(tensor, "__tensor_flatten__"):
        return tensor.nbytes
    names, _ = tensor.__tensor_flatten__()
    return sum(_held(getattr(tensor, name)) for name in names)
