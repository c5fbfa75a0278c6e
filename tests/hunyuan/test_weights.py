"""Where weights are looked for, which are taken, and what is said of those that cannot be."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save

from foley_core.engines.hunyuan import loading
from foley_core.engines.hunyuan.pipeline import FoleyPipeline
from foley_core.engines.hunyuan.weights import CLAP, SIGLIP, find_weights, models_folder, remedy
from foley_core.errors import ModelMissing, ModelUnreadable
from tests.cli.conftest import ROOT
from tests.hunyuan.harm import Harm
from tests.models.hub import served


def test_weights_lie_where_the_setting_says_or_in_the_services_own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FOLEY_MODELS", raising=False)
    assert models_folder() == tmp_path / "home" / "models"
    monkeypatch.setenv("FOLEY_MODELS", str(tmp_path / "elsewhere"))
    assert models_folder() == tmp_path / "elsewhere"
    monkeypatch.setenv("FOLEY_MODELS", "~/weights")
    assert models_folder() == Path.home() / "weights"


def test_the_larger_model_is_taken_unless_one_is_asked_for(folder):
    shutil.copy(folder / "hunyuanvideo_foley.pth", folder / "hunyuanvideo_foley_xl.pth")
    assert find_weights().transformer == folder / "hunyuanvideo_foley.pth"
    assert find_weights("xl").transformer == folder / "hunyuanvideo_foley_xl.pth"
    (folder / "hunyuanvideo_foley.pth").unlink()
    assert find_weights().size == "xl"
    shutil.copytree(folder, folder / "xxl")
    (folder / "xxl" / "model_index.json").write_text("{}")
    assert find_weights().size == "xl", "the larger one is not whole"
    with pytest.raises(ModelMissing, match="no transformer in"):
        find_weights("xxl")
    shutil.rmtree(folder / "xxl")
    with pytest.raises(ModelMissing, match=r"no hunyuanvideo_foley\.pth .*foley models pull xxl"):
        find_weights("xxl")


@pytest.mark.parametrize("ending", [".safetensors", "_fp16.safetensors", "_fp8_e4m3fn.safetensors"])
def test_files_that_others_have_converted_are_found_by_their_names(folder, ending):
    for stem in ("hunyuanvideo_foley", "vae_128d_48k", "synchformer_state_dict"):
        (folder / f"{stem}.pth").rename(folder / f"{stem}{ending}")
    found = find_weights()
    assert (found.transformer.name, found.vae.name) == (
        f"hunyuanvideo_foley{ending}",
        f"vae_128d_48k{ending}",
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hunyuanvideo_foley_xl.pth", "pull xl`;"),
        ("hunyuanvideo_foley.pth", "pull xxl`;"),
        ("vae_128d_48k.pth", "pull xl` (or xxl)"),
        ("xl/vae", "convert xl`"),
    ],
)
def test_for_each_file_it_is_said_how_to_get_it_again(folder, name, told):
    assert f"foley models {told}" in remedy(folder / name)


def test_what_is_missing_is_named_all_at_once(folder):
    (folder / "vae_128d_48k.pth").unlink()
    shutil.rmtree(folder / CLAP)
    with pytest.raises(ModelMissing, match=rf"no vae_128d_48k\.pth, {CLAP} in"):
        find_weights()


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "model.safetensors"])
def test_a_missing_file_of_the_words_model_is_named(folder, name):
    (folder / CLAP / name).unlink()
    with pytest.raises((ModelMissing, ModelUnreadable)) as error:
        FoleyPipeline.of(find_weights(), torch.float32)
    assert str(folder) in error.value.message
    assert f"{CLAP}/{name}" in error.value.message


@pytest.mark.parametrize("name", [CLAP, SIGLIP])
def test_a_file_of_a_library_that_is_cut_off_or_lacks_a_tensor_is_an_error(folder, name):
    path = folder / name / "model.safetensors"
    loads = {CLAP: loading.load_text_encoder, SIGLIP: loading.load_image_encoder}[name]
    whole = path.read_bytes()
    weights = load(whole)
    key = next(key for key in weights if "embeddings" in key and ("vision" in key) == (name == SIGLIP))
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelUnreadable, match="cut off or damaged"):
        loads(folder / name)
    path.write_bytes(save({other: weights[other] for other in weights if other != key}, {"format": "pt"}))
    with pytest.raises(ModelUnreadable, match="has no"):
        loads(folder / name)


@pytest.mark.parametrize("name", [CLAP, SIGLIP])
def test_a_pickle_for_a_library_that_would_run_code_runs_none(folder, name):
    loads = {CLAP: loading.load_text_encoder, SIGLIP: loading.load_image_encoder}[name]
    (folder / name / "model.safetensors").unlink()
    torch.save({"weight": Harm(str(folder / "harm"))}, folder / name / "pytorch_model.bin")
    with pytest.raises(ModelUnreadable, match=name):
        loads(folder / name)
    assert not (folder / "harm").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "1.0", "model": {"type": "none"}}'])
def test_a_garbled_tokenizer_is_an_error_that_says_where(folder, content):
    (folder / CLAP / "tokenizer.json").write_text(content)
    with pytest.raises(ModelUnreadable, match=CLAP):
        loading.load_tokenizer(folder / CLAP)


_LOADING = """
import sys
from pathlib import Path
from foley_core.engines.hunyuan import loading
from foley_core.errors import FoleyError

for name in sys.argv[2:]:
    for load in (loading.load_tokenizer, loading.load_text_encoder, loading.load_image_encoder):
        try:
            load(Path(sys.argv[1], name))
            print("loaded")
        except FoleyError as error:
            print(error.code)
"""


@pytest.mark.process
def test_nothing_that_is_missing_is_looked_for_on_the_network(folder, tmp_path, monkeypatch):
    with served({}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
        for name in ("tokenizer_config.json", "model.safetensors"):
            (folder / CLAP / name).unlink(missing_ok=True)
        (folder / SIGLIP / "model.safetensors").unlink()
        command = [sys.executable, "-c", _LOADING, str(folder), CLAP, SIGLIP]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        unreadable, missing = "model_unreadable", "model_missing"
        assert done.stdout.split() == ["loaded", unreadable, unreadable, missing, unreadable, unreadable]
        assert hub.asked == []
