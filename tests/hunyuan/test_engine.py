"""The engine with a tiny model: the contract of all engines, and what is its own."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save

from benchmarks.seeded import seeded
from foley_core.engines.engine import Brief
from foley_core.engines.hunyuan import memory, rendering
from foley_core.engines.hunyuan.engine import HunyuanEngine
from foley_core.errors import ModelMissing, ModelUnreadable, OutOfMemory
from foley_core.neural_settings import NeuralSettings
from foley_core.timecode import SAMPLE_RATE
from tests.engines.test_contract import (  # noqa: F401
    film,
    played,
    showing,
    test_a_cancel_passes_through_it,
    test_another_seed_gives_other_bits,
    test_every_block_has_the_layers_asked_for_as_stereo_sound,
    test_it_says_how_far_it_is,
    test_it_says_where_it_works,
    test_memory_does_not_grow_with_the_length,
    test_the_blocks_add_up_to_the_samples_asked_for,
    test_the_same_brief_gives_the_same_bits,
)

pytestmark = pytest.mark.slow

QUICK = NeuralSettings(steps=1)


class DrawnFeatures:
    """Has the features of every window, so that nothing need be looked at; keeps nothing."""

    def recall(self, media: Path, key: str) -> bytes | None:
        at = key.rpartition(", ")[2]
        features = {"visual": seeded(f"visual {at}", (64, 768)), "sync": seeded(f"sync {at}", (192, 768))}
        return save(features)

    def keep(self, media: Path, key: str, content: bytes) -> None:
        raise AssertionError("there is nothing that it does not have")


@pytest.fixture(scope="module")
def loaded(tiny_models):
    """The engine, with weights of a tiny model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOLEY_MODELS", str(tiny_models))
        patch.setenv("FOLEY_MEMORY", "cpu")
        engine = HunyuanEngine()
        engine.load()
        yield engine


@pytest.fixture
def engine(loaded):
    """As it was loaded, whatever a test has done to it."""
    loaded._runner.plan = memory.Plan("cpu", 1)
    loaded._runner.ahead.clear()
    return loaded


@pytest.fixture
def long():
    """Seconds; five windows."""
    return 30


@pytest.fixture
def brief(film):  # noqa: F811 (pytest's way)
    """Three seconds and a bit."""
    return Brief(
        media=film,
        prompt="wood",
        negative="",
        layers=("hits", "movement", "ambience"),
        seed=1,
        first_sample=0,
        samples=3 * SAMPLE_RATE + 1,
        picture=showing(),
        tick=lambda share: None,
        neural=QUICK,
        store=DrawnFeatures(),
    )


def heard(engine, brief):
    """The layer that sounds, in mono."""
    sound = played(engine, brief)[brief.layers[0]]
    assert np.array_equal(sound[:, 0], sound[:, 1])
    return sound[:, 0]


def distance(one, other):
    return np.linalg.norm(one - other) / np.linalg.norm(other)


def test_it_says_which_model_it_plays_and_how(engine, brief):
    performance = engine.perform(brief)
    assert performance.hits is None
    assert performance.notes == {
        "model": "xxl",
        "steps": "1 euler",
        "guidance": "4.5",
        "memory": "cpu",
        "precision": "float32",
    }


@pytest.mark.parametrize(
    ("layers", "sounding"),
    [(("ambience", "hits"), "hits"), (("ambience", "movement"), "ambience"), (("movement",), "movement")],
)
def test_one_layer_has_all_the_sound_and_the_others_are_silent(engine, brief, layers, sounding):
    sound = played(engine, replace(brief, layers=layers, samples=9_600))
    assert {layer for layer, part in sound.items() if part.any()} == {sounding}


@pytest.mark.parametrize("first", [1, 959, 4_801, -7_777])
@pytest.mark.parametrize("samples", [9_601, 7 * SAMPLE_RATE + 13])
def test_a_take_is_exact_wherever_it_begins(engine, brief, first, samples):
    assert len(heard(engine, replace(brief, first_sample=first, samples=samples))) == samples


def test_a_longer_take_begins_as_a_window_alone_sounds(engine, brief):
    """Until the fade into the second window, that is; of other length only in what lies after it."""
    alone = heard(engine, replace(brief, samples=8 * SAMPLE_RATE))
    long = heard(engine, replace(brief, samples=10 * SAMPLE_RATE + 77))
    faded = round(7.04 * SAMPLE_RATE)
    assert np.array_equal(long[:faded], alone[:faded])
    assert not np.array_equal(long[faded : len(alone)], alone[faded:])


def test_windows_made_at_once_are_what_they_are_alone(engine, brief):
    brief = replace(brief, samples=15 * SAMPLE_RATE)
    alone = heard(engine, brief)
    engine._runner.plan = memory.Plan("cpu", 4)
    assert distance(heard(engine, brief), alone) < 1e-5


def test_windows_are_made_in_few_sizes_of_batches_and_none_for_nothing(engine, brief):
    engine._runner.plan = memory.Plan("cpu", 4)
    sizes = []
    hook = engine._runner.pipeline.transformer.register_forward_pre_hook(
        lambda module, given: sizes.append(len(given[0]) // 2)  # with and without guidance
    )
    try:
        heard(engine, replace(brief, samples=48 * SAMPLE_RATE))
    finally:
        hook.remove()
    assert sizes == [4, 2, 1]


def test_takes_made_at_once_are_what_they_are_alone(engine, brief):
    alone = [heard(engine, replace(brief, seed=seed)) for seed in (1, 2, 3)]
    engine._runner.plan = memory.Plan("cpu", 4)
    first = heard(engine, replace(brief, further_seeds=(2, 3)))
    assert len(engine._runner.ahead) == 2
    others = [heard(engine, replace(brief, seed=seed)) for seed in (2, 3)]
    assert engine._runner.ahead == {}
    for made, asked in zip([first, *others], alone, strict=True):
        assert distance(made, asked) < 1e-5


def test_with_a_block_cache_a_take_is_made_alone(engine, brief):
    engine._runner.plan = memory.Plan("cpu", 4)
    cached = replace(brief, neural=NeuralSettings(steps=4, block_cache=0.5))
    with_others = heard(engine, replace(cached, further_seeds=(2, 3)))
    assert engine._runner.ahead == {}
    assert np.array_equal(with_others, heard(engine, cached))


def test_takes_made_beforehand_are_forgotten_where_another_cue_comes(engine, brief):
    engine._runner.plan = memory.Plan("cpu", 2)
    heard(engine, replace(brief, further_seeds=(2,)))
    assert engine._runner.ahead
    other = replace(brief, prompt="glass", seed=2)
    made = heard(engine, other)
    assert engine._runner.ahead == {}
    engine._runner.plan = memory.Plan("cpu", 1)
    assert np.array_equal(made, heard(engine, other))


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "glass"},
        {"negative": "voices"},
        {"neural": NeuralSettings(steps=2)},
        {"neural": NeuralSettings(steps=1, guidance=1.0)},
        {"neural": NeuralSettings(steps=1, prompt_over_picture=True)},
    ],
    ids=str,
)
def test_what_is_asked_for_changes_the_sound(engine, brief, change):
    brief = replace(brief, samples=9_600)
    assert not np.array_equal(heard(engine, brief), heard(engine, replace(brief, **change)))


def test_no_negative_prompt_stands_for_the_published_one(engine, brief):
    brief = replace(brief, samples=9_600)
    assert np.array_equal(heard(engine, brief), heard(engine, replace(brief, negative="noisy, harsh")))


def test_where_the_prompt_tells_what_the_picture_does_not_matter(engine, brief):
    class Other(DrawnFeatures):
        def recall(self, media, key):
            return save({"visual": torch.zeros(64, 768), "sync": seeded("sync 0/1", (192, 768))})

    brief = replace(brief, samples=9_600, neural=NeuralSettings(steps=1, prompt_over_picture=True))
    assert np.array_equal(heard(engine, brief), heard(engine, replace(brief, store=Other())))


def test_a_short_take_shows_what_comes_after_it_or_else_what_came_before(engine, brief):
    """The film has four seconds, so that the last of them is shown with all that came before."""
    start = rendering.BriefRenderer(engine._runner, replace(brief, samples=SAMPLE_RATE))
    end = rendering.BriefRenderer(
        engine._runner, replace(brief, first_sample=3 * SAMPLE_RATE, samples=SAMPLE_RATE)
    )
    assert start._starts == (0,)
    assert Fraction(144 - 16, 50) < Fraction(-end._starts[0], 50) <= 3


def test_a_cancel_comes_through_within_a_step(engine, brief):
    """A step of the tiny model has five blocks, each twice less often than a look."""
    shares = []
    heard(engine, replace(brief, samples=9_600, neural=NeuralSettings(steps=3), tick=shares.append))
    steps = sorted({share for share in shares if 0.1 <= share < 0.95})
    assert len(steps) == 3
    assert all(shares.count(step) > 5 for step in steps)


def test_after_what_broke_off_the_models_are_laid_anew(engine, brief, monkeypatch):
    laid = []
    monkeypatch.setattr(memory, "place_models", lambda pipeline, kind, card: laid.append(kind))
    brief = replace(brief, samples=9_600)

    def cancelled(share):
        if share > 0.2:
            raise KeyboardInterrupt

    def cancel():
        with pytest.raises(KeyboardInterrupt):
            heard(engine, replace(brief, tick=cancelled))

    cancel()
    heard(engine, brief)
    assert laid == [], "these models do not move"
    engine._runner.plan = memory.Plan("model", 1)
    cancel()
    heard(engine, brief)
    heard(engine, brief)
    assert laid == ["model", "model"]


def test_where_memory_is_short_for_reading_the_next_class_is_tried(engine, brief, monkeypatch):
    monkeypatch.setattr(memory, "place_models", lambda pipeline, kind, card: None)
    brief = replace(brief, samples=9_600)
    alone = heard(engine, brief)
    engine._runner.plan = memory.Plan("model", 2)
    text, tries = engine._runner.pipeline.text_encoder, []

    def check(module, given):
        tries.append(module)
        if len(tries) == 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    hook = text.register_forward_pre_hook(check)
    try:
        assert np.array_equal(heard(engine, brief), alone)
    finally:
        hook.remove()
    assert len(tries) == 2
    assert engine._runner.plan == memory.Plan("group", 2)


def test_where_memory_is_short_it_is_tried_once_more_with_less(engine, brief, monkeypatch):
    brief = replace(brief, samples=15 * SAMPLE_RATE)
    alone = heard(engine, brief)
    engine._runner.plan = memory.Plan("cpu", 2)
    with short_of_memory(engine, most=1):
        assert distance(heard(engine, brief), alone) < 1e-5
    assert engine._runner.plan == memory.Plan("cpu", 1)


def test_one_window_for_which_memory_is_short_is_tried_in_the_next_class(engine, brief, monkeypatch):
    laid = []
    monkeypatch.setattr(memory, "place_models", lambda pipeline, kind, card: laid.append(kind))
    engine._runner.plan = memory.Plan("resident", 8)
    with short_of_memory(engine, most=0), pytest.raises(OutOfMemory):
        heard(engine, replace(brief, samples=9_600))
    assert engine._runner.plan == memory.Plan("model", 1)
    assert laid[-1] == "model"


def test_where_less_is_too_much_as_well_it_is_said(engine, brief):
    engine._runner.plan = memory.Plan("cpu", 4)
    with short_of_memory(engine, most=0), pytest.raises(OutOfMemory, match=r"needs .* GB.* free"):
        heard(engine, replace(brief, samples=20 * SAMPLE_RATE))


class short_of_memory:
    """A card that has room for so many windows and no more, as torch tells of it."""

    def __init__(self, engine, most):
        self.transformer, self.most = engine._runner.pipeline.transformer, most

    def __enter__(self):
        def check(module, given):
            if len(given[0]) > 2 * self.most:  # with and without guidance
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

        self.hook = self.transformer.register_forward_pre_hook(check)

    def __exit__(self, *exc):
        self.hook.remove()


def test_a_block_cache_changes_the_sound(engine, brief):
    brief = replace(brief, samples=9_600, neural=NeuralSettings(steps=4))
    whole = heard(engine, brief)
    less = heard(engine, replace(brief, neural=NeuralSettings(steps=4, block_cache=0.99)))
    assert not np.array_equal(less, whole)


def test_in_8_bits_the_model_is_loaded_anew_and_sounds_a_little_different(engine, brief, monkeypatch):
    brief = replace(brief, samples=9_600)
    whole = heard(engine, brief)
    monkeypatch.setenv("FOLEY_MODELS", str(engine._loaded[0].transformer.parent))
    monkeypatch.setenv("FOLEY_MEMORY", "cpu")
    other = HunyuanEngine()
    other.load(NeuralSettings(fp8=True))
    in_8_bits = replace(brief, neural=NeuralSettings(steps=1, fp8=True))
    assert other.perform(in_8_bits).notes["precision"] == "float32, fp8"
    assert 0 < distance(heard(other, in_8_bits), whole) < 0.5
    sizes = [one._runner._sizes["transformer"] for one in (other, engine)]
    assert sizes[0] < 0.6 * sizes[1], "what it takes of a card is counted as what it is"


def test_weights_that_were_replaced_meanwhile_are_loaded_anew(folder, monkeypatch):
    monkeypatch.setenv("FOLEY_MEMORY", "cpu")
    engine = HunyuanEngine()
    engine.load()
    vae = folder / "vae_128d_48k.pth"
    whole = vae.read_bytes()
    vae.write_bytes(whole[:1000])
    for _ in range(2):
        with pytest.raises(ModelUnreadable, match="vae_128d_48k"):
            engine.load()
    vae.write_bytes(whole)
    engine.load()
    assert engine.device == "CPU"


def test_weights_that_are_not_there_are_an_error_that_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setenv("FOLEY_MODELS", str(tmp_path))
    with pytest.raises(ModelMissing, match="foley models pull"):
        HunyuanEngine().load()
