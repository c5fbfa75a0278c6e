"""Published files become models, whatever they are written as; anything else is one clear error."""

import os
import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from foley_core.engines.hunyuan.loading import load_synchformer, load_transformer, load_vae
from foley_core.engines.hunyuan.transformer import FoleyTransformer
from foley_core.errors import ModelMissing, ModelUnreadable
from tests.cli.conftest import ROOT
from tests.hunyuan.harm import Harm

FORMS = {
    "float32": torch.float32,
    "bf16": torch.bfloat16,
    "fp16": torch.float16,
    "fp8-e4m3": torch.float8_e4m3fn,
    "fp8-e5m2": torch.float8_e5m2,
}


def written(path, weights, dtype=torch.float32):
    given = {key: tensor.to(dtype) for key, tensor in weights.items()}
    if path.suffix == ".safetensors":
        save_file(given, path)
    else:
        torch.save(given, path)
    return path


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_any_form_gives_the_weights_that_are_in_it(form, suffix, tiny_weights, tmp_path):
    path = written(tmp_path / f"weights{suffix}", tiny_weights, FORMS[form])
    model = load_transformer(path, torch.float32)
    assert (model.config.hidden, model.config.heads) == (128, 4)
    assert (model.config.triples, model.config.singles) == (2, 3)
    for key, tensor in model.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, tiny_weights[key].to(FORMS[form]).float())


def test_a_model_runs_in_what_it_is_asked_to(tiny_weights, tmp_path):
    model = load_transformer(written(tmp_path / "w.pth", tiny_weights), torch.bfloat16)
    assert {tensor.dtype for tensor in model.state_dict().values()} == {torch.bfloat16}


def test_what_was_saved_by_us_is_loaded_by_the_library(tiny_weights, tmp_path):
    model = load_transformer(written(tmp_path / "w.pth", tiny_weights))
    model.save_pretrained(tmp_path / "ours")
    again = FoleyTransformer.from_pretrained(tmp_path / "ours")
    assert again.config.hidden == 128
    for key, tensor in again.state_dict().items():
        assert torch.equal(tensor, model.state_dict()[key])


@pytest.mark.slow
def test_weights_that_lie_beside_others_are_found(models, layout, tmp_path):
    everything = {key: torch.zeros(1) for key in layout["synchformer"]}
    everything |= {f"vfeat_extractor.{key}": t for key, t in models.synchformer().state_dict().items()}
    path = written(tmp_path / "synchformer.pth", everything)
    loaded = load_synchformer(path).state_dict()
    assert all(torch.equal(loaded[key], tensor) for key, tensor in models.synchformer().state_dict().items())


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda w: w.pop("cond_in.linear_1.bias"), "has no cond_in.linear_1.bias"),
        (
            lambda w: w.update({"cond_in.linear_1.bias": torch.zeros(3)}),
            "cond_in.linear_1.bias has the shape (3,)",
        ),
        (lambda w: w.update({"cond_in.linear_3.bias": torch.zeros(3)}), "cond_in.linear_3.bias is not known"),
        (lambda w: w.pop("audio_embedder.proj.weight"), "no transformer of HunyuanVideo-Foley"),
        (lambda w: [w.pop(key) for key in list(w)], "holds no tensors"),
    ],
)
def test_a_file_of_another_model_is_an_error_that_names_the_tensor(spoil, told, tiny_weights, tmp_path):
    weights = dict(tiny_weights)
    spoil(weights)
    with pytest.raises(ModelUnreadable) as error:
        load_transformer(written(tmp_path / "w.pth", weights))
    assert told in error.value.message
    assert str(tmp_path / "w.pth") in error.value.message


def test_a_pickle_that_would_run_code_runs_none(tmp_path):
    path = tmp_path / "w.pth"
    torch.save({"audio_embedder.proj.weight": Harm(str(tmp_path / "harm"))}, path)
    with pytest.raises(ModelUnreadable, match="could run code"):
        load_transformer(path)
    path.write_bytes(f"cos\nmkdir\n(V{tmp_path / 'harm'}\ntR.".encode())  # what a pickle of it is
    with pytest.raises(ModelUnreadable):
        load_transformer(path)
    assert not (tmp_path / "harm").exists()


HIDDEN, HEAD = "audio_embedder.proj.weight", "triple_blocks.0.audio_self_q_norm.weight"


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({HIDDEN: torch.tensor(1.0)}, f"has no {HIDDEN}"),
        ({HEAD: torch.tensor(1.0)}, f"has no {HEAD}"),
        ({HEAD: torch.zeros(0)}, f"has no {HEAD}"),
        ({HEAD: torch.zeros(1000)}, "cannot be read"),
        ({"triple_blocks.999999999.bias": torch.zeros(1)}, "has no triple_blocks.2."),
        ({"triple_blocks.last.bias": torch.zeros(1)}, "triple_blocks.last.bias is not known"),
        ({"state_dict": [torch.zeros(1)]}, "holds no tensors"),
        ({"state_dict": {0: torch.zeros(1)}}, "holds no tensors"),
    ],
)
def test_a_file_of_odd_shapes_and_names_is_an_error(odd, told, tiny_weights, tmp_path):
    torch.save(tiny_weights | odd, tmp_path / "w.pth")
    with pytest.raises(ModelUnreadable) as error:
        load_transformer(tmp_path / "w.pth")
    assert told in error.value.message


LOADS = {
    "hunyuanvideo_foley.pth": load_transformer,
    "vae_128d_48k.pth": load_vae,
    "synchformer_state_dict.pth": load_synchformer,
}


@pytest.mark.parametrize("other", LOADS)
@pytest.mark.parametrize("wanted", LOADS)
def test_each_model_takes_its_own_file_and_refuses_the_others(wanted, other, tiny_models):
    if wanted == other:
        assert LOADS[wanted](tiny_models / other).state_dict()
    else:
        with pytest.raises(ModelUnreadable, match=r"has no .*Give the"):
            LOADS[wanted](tiny_models / other)


@pytest.mark.parametrize("wanted", LOADS)
@given(content=st.binary(max_size=200), as_pickle=st.booleans())
def test_a_file_of_anything_at_all_is_one_clear_error(wanted, content, as_pickle, tmp_path_factory):
    path = tmp_path_factory.mktemp("odd") / ("w.pth" if as_pickle else "w.safetensors")
    path.write_bytes(b"\x80\x02" * as_pickle + content)
    with pytest.raises(ModelUnreadable):
        LOADS[wanted](path)


def test_a_folder_that_has_a_tensor_twice_is_an_error_that_names_it(tiny_weights, tmp_path):
    model = load_transformer(written(tmp_path / "w.pth", tiny_weights))
    model.save_pretrained(tmp_path / "ours")
    save_file({"cond_in.linear_1.bias": torch.zeros(128)}, tmp_path / "ours" / "more.safetensors")
    with pytest.raises(ModelUnreadable, match=r"cond_in\.linear_1\.bias in two files"):
        load_transformer(tmp_path / "ours")


@pytest.mark.parametrize("config", ["", "[]", '{"hidden": "wide"}', '{"hidden": 0}'])
def test_a_folder_whose_configuration_is_odd_is_an_error(config, tiny_weights, tmp_path):
    model = load_transformer(written(tmp_path / "w.pth", tiny_weights))
    model.save_pretrained(tmp_path / "ours")
    (tmp_path / "ours" / "config.json").write_text(config)
    with pytest.raises(ModelUnreadable, match=str(tmp_path / "ours")):
        load_transformer(tmp_path / "ours")


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_an_error(suffix, share, tiny_weights, tmp_path):
    path = written(tmp_path / f"w{suffix}", tiny_weights)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelUnreadable):
        load_transformer(path)


def test_a_file_that_is_not_there_is_an_error_that_says_how_to_get_it(tmp_path):
    for load in (load_transformer, load_vae, load_synchformer):
        with pytest.raises(ModelMissing, match="foley models pull"):
            load(tmp_path / "nothing.pth")


_PEAK = """
import sys, threading, time
import psutil, torch
from pathlib import Path
from foley_core.engines.hunyuan import checkpoint
from foley_core.engines.hunyuan.loading import load_transformer

checkpoint._PIECE = 2**21  # as much smaller than it is as the model is smaller than the published one
process, *paths = psutil.Process(), *map(Path, sys.argv[1:])

def peak_of(path, dtype):
    before, peak, done = process.memory_info().rss, 0, False

    def watch():
        nonlocal peak
        while not done:
            peak = max(peak, process.memory_info().rss)
            time.sleep(0.001)

    thread = threading.Thread(target=watch)
    thread.start()
    model = load_transformer(path, dtype)
    done = True
    thread.join()
    return peak - before, sum(tensor.nbytes for tensor in model.state_dict().values())

for dtype in (torch.float32, torch.bfloat16):
    load_transformer(paths[0], dtype)  # what is taken once, at first use
for path in paths:
    for dtype in (torch.float32, torch.bfloat16):
        print(*peak_of(path, dtype))
"""


@pytest.mark.process
def test_loading_takes_hardly_more_memory_than_file_or_model(tmp_path):
    with torch.device("meta"):
        model = FoleyTransformer(hidden=384, heads=6, triples=1, singles=6)
    weights = {key: torch.full(tensor.shape, 0.5) for key, tensor in model.state_dict().items()}
    paths = [
        written(tmp_path / f"{form}{suffix}", weights, FORMS[form])
        for form in ("bf16", "float32", "fp8-e4m3")
        for suffix in (".pth", ".safetensors")
    ]
    load_transformer(paths[0], torch.bfloat16).save_pretrained(tmp_path / "bf16")
    del weights
    command = [sys.executable, "-c", _PEAK, *map(str, (*paths, tmp_path / "bf16"))]
    tidy = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}  # what is free goes back to the system at once
    done = subprocess.run(command, cwd=ROOT, env=tidy, capture_output=True, text=True, check=True)
    lines = iter(done.stdout.splitlines())
    for path in (*paths, paths[0]):
        for line in (next(lines), next(lines)):
            peak, held = map(int, line.split())
            assert peak <= 1.1 * max(path.stat().st_size, held), f"{path.name}, or the folder made of it"
    assert list(lines) == []
