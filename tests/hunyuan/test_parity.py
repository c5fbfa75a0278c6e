"""The model computes the published numbers: weights and inputs are drawn, what must come out is on file."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from benchmarks.parity import LAYOUT, computed
from foley_core.engines.hunyuan.config import SIZES
from foley_core.engines.hunyuan.loading import UNUSED, size_of
from foley_core.engines.hunyuan.synchformer import Synchformer
from foley_core.engines.hunyuan.transformer import FoleyTransformer
from foley_core.engines.hunyuan.vae import FoleyVAE

HERE = Path(__file__).parent.parent / "data" / "hunyuan"
CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
EXPECTED = load_file(HERE / "expected.safetensors")
SHAPES = json.loads(LAYOUT.read_text(encoding="utf-8"))
CLOSE, CLOSE_AFTER_A_LOOP = 3e-6, 1e-5


def apart(found, expected):
    return float((found - expected).norm() / expected.norm())


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_each_case_gives_the_published_numbers(name, models):
    for part, found in computed({name: CASES[name]}, models).items():
        bound = CLOSE_AFTER_A_LOOP if name.startswith("denoise") else CLOSE
        assert apart(found, EXPECTED[part]) <= bound


def test_every_expected_output_belongs_to_a_case():
    assert all(any(part.startswith(name) for name in CASES) for part in EXPECTED)


@pytest.mark.parametrize(
    ("name", "build", "prefix"),
    [
        ("transformer.xl", lambda: FoleyTransformer(**asdict(SIZES["xl"])), ""),
        ("transformer.xxl", lambda: FoleyTransformer(**asdict(SIZES["xxl"])), ""),
        ("vae", FoleyVAE, ""),
        ("synchformer", Synchformer, "vfeat_extractor."),
    ],
)
def test_the_full_model_has_exactly_the_published_tensors_that_take_part(name, build, prefix):
    with torch.device("meta"):
        model = build()
    ours = {prefix + key: list(tensor.shape) for key, tensor in model.state_dict().items()}
    unused = re.compile(UNUSED[name.partition(".")[0]])
    assert ours == {key: shape for key, shape in SHAPES[name].items() if not unused.fullmatch(key)}


@pytest.mark.parametrize("name", SIZES)
def test_the_size_is_told_from_the_shapes(name):
    shapes = {key: tuple(shape) for key, shape in SHAPES[f"transformer.{name}"].items()}
    assert size_of(shapes, Path("any")) == SIZES[name]


@pytest.mark.parametrize("length", [1, 7, 16, 100])
def test_a_sound_decoded_in_pieces_is_the_one_decoded_whole(models, length):
    vae = models.vae(CASES["vae.decode"]["config"])
    latents = torch.randn(2, 128, 61, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        whole = vae.decode(latents)
        pieces = torch.cat(list(vae.decode_pieces(latents, length)), -1)
    assert whole.shape == (2, 1, 61 * 960)
    assert apart(pieces, whole) <= 1e-6
