"""What the model computes of weights and inputs that anyone can draw: to be held against another program's.

    python benchmarks/parity.py CASES.json OUT.safetensors [--seed N] [--size tiny|xl|xxl]

`CASES.json` is of the form of tests/data/hunyuan/cases.json: of any length, batch and number of words; a case
may have a "size" of its own. Weights and inputs are drawn by the rule in `benchmarks/seeded.py`, the weights
under the keys and shapes of the published files. Everything is computed in float32 on the CPU, where xxl
takes 21 GB of memory. Prints a line of JSON for each case, with the standard deviation of what came out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.drawn_models import ALL_SIZES, drawn, transformer  # noqa: E402
from benchmarks.seeded import seeded  # noqa: E402
from foley_core.engines.hunyuan.sampling import Sampling, denoise  # noqa: E402
from foley_core.engines.hunyuan.synchformer import Synchformer  # noqa: E402
from foley_core.engines.hunyuan.transformer import FoleyTransformer  # noqa: E402
from foley_core.engines.hunyuan.vae import FoleyVAE  # noqa: E402

LAYOUT = ROOT / "tests" / "data" / "hunyuan" / "checkpoint_layout.json"
"""Keys and shapes of the published files; a test holds the models to them."""
Outputs = dict[str, Tensor]


class Models:
    """The models that cases need, drawn when first asked for."""

    def __init__(self, size: str = "tiny", seed: int = 0) -> None:
        self.size, self.seed = size, seed
        self._drawn: dict[str, Any] = {}

    def transformer(self, case: Mapping[str, Any]) -> FoleyTransformer:
        """Of the size that the case has, or that was chosen for all."""
        size = case.get("size", self.size)
        return self._kept(f"transformer.{size}", lambda: transformer(ALL_SIZES[size], self.seed))

    def vae(self, config: Mapping[str, Any]) -> FoleyVAE:
        """Of that configuration, the published one or another of the same form."""
        known = ("encoder_dim", "encoder_rates", "latent_dim", "decoder_dim", "decoder_rates")
        given = {key: config[key] for key in known}
        return self._kept(f"vae.{given}", lambda: drawn(lambda: FoleyVAE(**given), self.seed))

    def synchformer(self) -> Synchformer:
        """There is one only."""
        return self._kept("synchformer", lambda: drawn(Synchformer, self.seed, "vfeat_extractor."))

    def _kept(self, name: str, draw: Callable[[], Any]) -> Any:
        if name not in self._drawn:
            self._drawn[name] = draw()
        return self._drawn[name]


def forward(name: str, case: Mapping[str, Any], models: Models) -> Outputs:
    """The transformer, once."""
    model, given = models.transformer(case), inputs(name, case, models.seed)
    conditions = model.conditions(
        given["cond"], given["x"].shape[2], visual=given["clip_feat"], sync=given["sync_feat"]
    )
    return {name: model(given["x"], torch.tensor(case["timesteps"]), conditions)}


def loop(name: str, case: Mapping[str, Any], models: Models) -> Outputs:
    """The whole way from noise to latents."""
    model, given = models.transformer(case), inputs(name, case, models.seed)
    latents = given["x"].shape[2]
    asked = model.conditions(given["cond"], latents, visual=given["clip_feat"], sync=given["sync_feat"])
    unasked = model.conditions(given["uncond"], latents)
    sampling = Sampling(steps=case["steps"], guidance=case["guidance"], solver=case["solver"])
    return {name: denoise(model, given["x"], asked, unasked, sampling)}


def decode(name: str, case: Mapping[str, Any], models: Models) -> Outputs:
    """Latents to sound."""
    return {name: models.vae(case["config"]).decode(described(case["input"], models.seed))}


def encode(name: str, case: Mapping[str, Any], models: Models) -> Outputs:
    """Sound to latents."""
    mean, log_variance = models.vae(case["config"]).encode(described(case["input"], models.seed))
    return {f"{name}.mean": mean, f"{name}.logvar": log_variance}


def visual(name: str, case: Mapping[str, Any], models: Models) -> Outputs:
    """Synchformer's features."""
    frames = described(case["input"], models.seed)
    return {name: models.synchformer()(frames.flatten(0, 1)).unflatten(0, frames.shape[:2])}


KINDS: dict[str, Callable[[str, Mapping[str, Any], Models], Outputs]] = {
    "transformer forward": forward,
    "denoise loop": loop,
    "VAE decode": decode,
    "VAE encode": encode,
    "Synchformer visual": visual,
}
"""By how the description of a case begins."""


def inputs(name: str, case: Mapping[str, Any], seed: int) -> dict[str, Tensor]:
    """A case's inputs, which are named after it."""
    return {part: seeded(f"{name}.{part}", tuple(shape), seed) for part, shape in case["inputs"].items()}


def described(text: str, seed: int) -> Tensor:
    """An input such as "0.3 * vae.audio [1,1,24000]"."""
    found = re.match(r"(?:([\d.]+) \* )?(\S+) \[([\d,]+)\]", text)
    if found is None:
        raise ValueError(f"An input of a case reads {text!r}, not like '0.3 * vae.audio [1,1,24000]'.")
    factor, name, shape = found.groups()
    return float(factor or 1) * seeded(name, tuple(map(int, shape.split(","))), seed)


@torch.inference_mode()
def computed(cases: Mapping[str, Any], models: Models) -> Outputs:
    """What comes out of each case, by name."""
    outputs: Outputs = {}
    for name, case in cases.items():
        compute = next(compute for kind, compute in KINDS.items() if case["kind"].startswith(kind))
        found = compute(name, case, models)
        for part, tensor in found.items():
            print(
                json.dumps({"case": part, "std": float(tensor.std()), "shape": list(tensor.shape)}),
                flush=True,
            )
        outputs |= found
    return outputs


def main() -> None:
    """Compute, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", choices=list(ALL_SIZES), default="tiny", help="of the transformer")
    asked = parser.parse_args()
    cases = json.loads(asked.cases.read_text(encoding="utf-8"))
    models = Models(asked.size, asked.seed)
    outputs = computed(cases, models)
    save_file({name: tensor.contiguous() for name, tensor in outputs.items()}, asked.out)


if __name__ == "__main__":
    main()
