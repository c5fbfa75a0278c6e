"""Where weights are looked for, which are taken, and folders of our own that were made of them."""

import shutil

import pytest
import torch
from safetensors.torch import load, save

from backend.models.convert import convert
from foley_core.engines.hunyuan import loading
from foley_core.engines.hunyuan.pipeline import FoleyPipeline
from foley_core.engines.hunyuan.weights import CLAP, SIGLIP, find_weights, models_folder
from foley_core.errors import ModelMissing, ModelUnreadable, OutputDenied
from tests.cli.conftest import foley  # noqa: F401 (pytest's way)


@pytest.fixture
def folder(monkeypatch, tmp_path, tiny_models):
    """A copy of the tiny models that may be spoilt."""
    monkeypatch.setenv("FOLEY_MODELS", str(tmp_path / "models"))
    shutil.copytree(tiny_models, tmp_path / "models")
    return tmp_path / "models"


def test_weights_lie_where_the_setting_says_or_in_the_services_own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("FOLEY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FOLEY_MODELS", raising=False)
    assert models_folder() == tmp_path / "home" / "models"
    monkeypatch.setenv("FOLEY_MODELS", str(tmp_path / "elsewhere"))
    assert models_folder() == tmp_path / "elsewhere"


def test_the_larger_model_is_taken_unless_one_is_asked_for(folder):
    shutil.copy(folder / "hunyuanvideo_foley.pth", folder / "hunyuanvideo_foley_xl.pth")
    assert find_weights().transformer == folder / "hunyuanvideo_foley.pth"
    assert find_weights("xl").transformer == folder / "hunyuanvideo_foley_xl.pth"
    (folder / "hunyuanvideo_foley.pth").unlink()
    assert find_weights().size == "xl"
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


def test_what_is_missing_is_named_all_at_once(folder):
    (folder / "vae_128d_48k.pth").unlink()
    shutil.rmtree(folder / CLAP)
    with pytest.raises(ModelMissing, match=rf"no vae_128d_48k\.pth, {CLAP} in"):
        find_weights()


@pytest.mark.parametrize(("form", "near"), [("float32", 0.0), ("bf16", 3e-3), ("fp16", 5e-4), ("fp8", 5e-2)])
def test_a_converted_model_is_taken_first_and_is_the_same_but_for_its_numbers(folder, form, near):
    published = FoleyPipeline.of(find_weights(), torch.float32)
    convert("xxl", form, lambda told: None)
    assert find_weights().transformer == folder / "xxl" / "transformer"
    converted = FoleyPipeline.of(find_weights(), torch.float32)
    for name, model in published.components.items():
        if name != "tokenizer":
            others = converted.components[name].state_dict()
            for key, tensor in model.state_dict().items():
                apart = (others[key].float() - tensor.float()).norm() / tensor.float().norm().clamp(min=1)
                assert apart <= (near if name == "transformer" else 0), key
    assert converted.tokenizer("boots on gravel") == published.tokenizer("boots on gravel")


def test_a_converted_model_is_never_written_over(folder):
    (folder / "xxl").mkdir()
    (folder / "xxl" / "mine").write_text("mine")
    with pytest.raises(OutputDenied, match="is there already"):
        convert("xxl", "bf16", lambda told: None)
    assert [path.name for path in (folder / "xxl").iterdir()] == ["mine"]


def test_a_converted_model_is_on_record_and_goes_when_its_model_goes(foley, folder):  # noqa: F811
    answer = foley("models", "convert", "xxl", "--json")
    assert answer.json["folder"] == str(folder / "xxl"), answer.err
    assert {one["state"] for one in foley("models", "verify", "--json").json["files"]} == {"whole"}
    foley("models", "remove", "xxl", "--yes")
    assert not (folder / "xxl").exists()
    assert find_weights().transformer == folder / "hunyuanvideo_foley.pth"


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "model.safetensors"])
def test_a_missing_file_of_the_words_model_is_named(folder, name):
    (folder / CLAP / name).unlink()
    with pytest.raises((ModelMissing, ModelUnreadable)) as error:
        FoleyPipeline.of(find_weights(), torch.float32)
    assert str(folder / CLAP) in error.value.message
    assert name in error.value.message


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
