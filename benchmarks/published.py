"""The published code of HunyuanVideo-Foley, where it lies beside this one, with weights of our own."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

from torch import Tensor

from foley_core.engines.hunyuan.loading import UNUSED
from foley_core.engines.hunyuan.transformer import FoleyTransformer


class Published:
    """Its transformer; `folder` is what its repository was cloned into, with what it needs installed."""

    def __init__(self, folder: Path, size: str, weights: FoleyTransformer) -> None:
        sys.path.insert(0, str(folder))
        models = importlib.import_module("hunyuanvideo_foley.models.hifi_foley")
        settings = importlib.import_module("hunyuanvideo_foley.utils.config_utils")
        config = settings.load_yaml(str(folder / "configs" / f"hunyuanvideo-foley-{size}.yaml"))
        where = {"dtype": weights.dtype, "device": weights.device}
        self.model = models.HunyuanVideoFoley(config, **where).to(**where).eval()
        lacking, unknown = self.model.load_state_dict(weights.state_dict(), strict=False)
        wrong = [key for key in lacking if not re.fullmatch(UNUSED["transformer"], key)] + unknown
        if wrong:
            raise SystemExit(f"{folder} has another model: {', '.join(wrong[:5])}")

    def __call__(self, latents: Tensor, times: Tensor, text: Tensor, visual: Tensor, sync: Tensor) -> Tensor:
        """The velocity; see benchmarks/plain.py."""
        told: Tensor = self.model(
            x=latents, t=times, cond=text, clip_feat=visual, sync_feat=sync, return_dict=True
        )["x"]
        return told
