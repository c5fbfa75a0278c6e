"""The neural engine: HunyuanVideo-Foley as an `Engine`.

Needs torch and the published weights; neither is looked for before `load`. The model makes one sound of the
whole picture, which is given out as the layer `hits`, or the first one that is asked for.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from foley_core.engines.engine import Brief, Performance
from foley_core.engines.hunyuan.weights import Weights, find_weights
from foley_core.errors import EngineFailed
from foley_core.neural_settings import NEURAL_DEFAULTS, NeuralSettings

if TYPE_CHECKING:
    from foley_core.engines.hunyuan.inference import ModelRunner


class HunyuanEngine:
    """Holds one set of models at a time."""

    name, version = "hunyuan", "1"

    def __init__(self) -> None:
        self.device = "not loaded"
        self._runner: ModelRunner | None = None
        self._loaded: tuple[Weights, str, bool] | None = None

    def load(self, neural: NeuralSettings = NEURAL_DEFAULTS) -> None:
        """Load the weights that these settings ask for, as the files are now, unless they are loaded.

        May raise `ModelMissing` and `ModelUnreadable`.
        """
        weights = find_weights(neural.model)
        wanted = weights, weights.fingerprint(), neural.fp8
        if self._loaded == wanted:
            return
        try:
            import torch

            from foley_core.engines.hunyuan.inference import ModelRunner
        except ImportError as error:
            raise EngineFailed(
                f"The neural engine cannot be used: {error}.", "Run `python3 installers/bootstrap.py neural`."
            ) from error
        self._runner = self._loaded = None  # the models that were there before go first;
        gc.collect()  # what moves them to and from a card holds them in circles
        self._runner = ModelRunner.of(weights, fp8=neural.fp8)
        self._loaded = wanted
        card = self._runner.plan.kind != "cpu"
        self.device = torch.cuda.get_device_name(self._runner.device) if card else "CPU"

    def perform(self, brief: Brief) -> Performance:
        """Play the brief. Where its hits lie cannot be told."""
        from foley_core.engines.hunyuan.rendering import BriefRenderer

        self.load(brief.neural)
        assert self._runner is not None
        assert self._loaded is not None
        renderer = BriefRenderer(self._runner, brief)
        neural = brief.neural
        notes = {
            "model": self._loaded[0].size,
            "steps": f"{neural.steps} {neural.solver}",
            "guidance": f"{neural.guidance:g}",
            **self._runner.about,
        }
        return Performance(blocks=renderer.blocks(), notes=notes, decoded=lambda: renderer.frames)
