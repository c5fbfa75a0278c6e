"""Which engine plays a cue, and what that settles; also where there is no torch."""

from __future__ import annotations

from pathlib import Path

import pytest

from foley_core import engine_choice as choice_module
from foley_core.cue import Alignment, Cue
from foley_core.engine_choice import EngineChoice, choose_engine, known_device, with_engine_defaults
from foley_core.engines.procedural.engine import ProceduralEngine
from foley_core.errors import ModelMissing
from foley_core.neural_settings import NeuralSettings


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for weights, with none in it."""
    monkeypatch.setenv("FOLEY_MODELS", str(tmp_path))
    return tmp_path


def test_without_weights_the_built_in_engine_plays_and_it_is_said_why() -> None:
    choice = choose_engine("auto")
    assert (choice.engine, choice.model, choice.weights) == ("procedural", "", "")
    assert choice.why


def test_weights_that_are_asked_for_and_not_there_are_an_error() -> None:
    with pytest.raises(ModelMissing, match="foley models pull"):
        choose_engine("hunyuan")


def test_the_device_of_the_built_in_engine_is_known_before_it_is_loaded() -> None:
    assert known_device("procedural") == ProceduralEngine.device
    assert known_device("hunyuan") == ""


@pytest.mark.parametrize("name", ["procedural", "impulse", "no such engine"])
def test_an_engine_that_is_named_plays(name: str) -> None:
    assert choose_engine(name).engine == name


@pytest.mark.parametrize(
    ("engine", "alignment"), [("procedural", "report"), ("drifting", "report"), ("hunyuan", "snap")]
)
def test_the_engine_decides_about_late_hits_where_the_cue_does_not(engine: str, alignment: Alignment) -> None:
    cue = with_engine_defaults(Cue(media="/film", engine="auto"), EngineChoice(engine))
    assert (cue.engine, cue.alignment) == (engine, alignment)
    off = with_engine_defaults(Cue(media="/film", engine="auto", alignment="off"), EngineChoice(engine))
    assert off.alignment == "off"


def test_a_settled_cue_names_the_model_and_stays_as_it_is() -> None:
    cue = Cue(media="/film", engine="hunyuan", neural=NeuralSettings(steps=7))
    once = with_engine_defaults(cue, EngineChoice("hunyuan", model="xl"))
    assert once.neural == NeuralSettings(steps=7, model="xl")
    assert with_engine_defaults(once, EngineChoice("hunyuan", model="xl")) == once


def test_other_files_are_told_from_these(models: Path) -> None:
    write_weights(models)
    (models / "hunyuanvideo_foley.pth").rename(models / "hunyuanvideo_foley_xl.pth")
    first = choose_engine("hunyuan")
    assert (first.engine, first.model) == ("hunyuan", "xl")
    assert choose_engine("hunyuan", "xl") == first
    with pytest.raises(ModelMissing, match=r"hunyuanvideo_foley\.pth"):
        choose_engine("hunyuan", "xxl")
    (models / "larger_clap_general" / "config.json").write_text('{"other": 1}')
    assert choose_engine("hunyuan").weights != first.weights


def write_weights(models: Path) -> None:
    for name in ("hunyuanvideo_foley.pth", "vae_128d_48k.pth", "synchformer_state_dict.pth"):
        (models / name).write_bytes(b"weights")
    for name in ("siglip2-base-patch16-512", "larger_clap_general"):
        (models / name).mkdir()
        for file in ("config.json", "model.safetensors", "tokenizer.json"):
            (models / name / file).write_text("{}")


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graphics card, as torch tells of it."""
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Card 9000")


def test_by_itself_the_neural_engine_plays_where_weights_and_a_card_are_there(
    models: Path, card: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_weights(models)
    choice = choose_engine("auto")
    assert (choice.engine, choice.model, "Card 9000" in choice.why) == ("hunyuan", "xxl", True)
    monkeypatch.setenv("FOLEY_MEMORY", "cpu")
    choice = choose_engine("auto")
    assert (choice.engine, "FOLEY_MEMORY" in choice.why) == ("procedural", True)
    assert choose_engine("hunyuan").engine == "hunyuan", "it is asked for"


def test_where_a_library_is_missing_the_built_in_engine_plays_and_it_is_said_which(
    models: Path, card: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_weights(models)
    there = choice_module.find_spec
    monkeypatch.setattr(choice_module, "find_spec", lambda name: None if name == "diffusers" else there(name))
    choice = choose_engine("auto")
    assert (choice.engine, "diffusers is not installed" in choice.why) == ("procedural", True)
