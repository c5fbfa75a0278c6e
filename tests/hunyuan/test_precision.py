"""Other ways of computing give the same, or nearly: in bf16, compiled, with blocks left out, in 8 bits."""

import json
import shutil
from functools import partial

import pytest
import torch

from benchmarks.drawn_models import TINY, transformer
from benchmarks.hunyuan_gpu import TINY as TINY_SETTING
from benchmarks.hunyuan_gpu import figures
from benchmarks.measures import apart, operations
from benchmarks.plain import Step
from benchmarks.precision import compiled_figure
from benchmarks.shortcuts import smooth
from foley_core.engines.hunyuan.block_cache import BlockCache
from foley_core.engines.hunyuan.conditions import joined, lengthened
from foley_core.engines.hunyuan.math import neighbours
from foley_core.engines.hunyuan.optimization import CompiledTransformer, in_fp8
from foley_core.engines.hunyuan.sampling import Sampling, denoise


@pytest.fixture(scope="module", autouse=True)
def _only_forward():
    with torch.inference_mode():
        yield


@pytest.fixture(scope="module")
def model():
    return transformer(TINY)


@pytest.fixture(scope="module")
def step():
    return Step.drawn(seconds=2, words=9)


@pytest.fixture(scope="module")
def both(model, step):
    asked, unasked = step.conditions(model)
    return joined([unasked, asked])


@pytest.fixture(scope="module")
def velocity(model, step, both):
    return model(step.doubled, step.times, both)


def test_what_is_computed_once_gives_what_the_plain_way_gives(model, step, velocity):
    assert apart(velocity, step.plainly(model)) <= 3e-6


def test_a_step_takes_less_work_than_the_plain_way(model):
    step = Step.drawn()
    asked, unasked = step.conditions(model)
    both = joined([unasked, asked])
    work = operations(lambda: model(step.doubled, step.times, both))
    assert work <= 0.91 * operations(lambda: step.plainly(model))


def test_bf16_is_near_float32(step, velocity):
    half = transformer(TINY, dtype=torch.bfloat16)
    assert apart(step.on(half).quickly(half), velocity) <= 2e-2


def test_a_convolution_is_the_product_with_its_neighbours(model):
    conv = model.single_blocks[0].linear1
    x = torch.randn(2, 11, 128, generator=torch.Generator().manual_seed(1))
    expected = torch.conv1d(x.transpose(1, 2), conv.weight, conv.bias, padding=1).transpose(1, 2)
    assert apart(conv(x), expected) <= 1e-6
    assert neighbours(x, 3)[0, 5, :3].tolist() == x[0, 4:7, 0].tolist()


def test_words_that_are_made_longer_change_nothing(model, step, both, velocity):
    longer = lengthened(both, 77)
    assert longer.words[0][0].shape[2] == 77
    assert apart(model(step.doubled, step.times, longer), velocity) <= 1e-6
    exactly = lengthened(both, 9)
    assert apart(model(step.doubled, step.times, exactly), velocity) <= 1e-6


@pytest.mark.slow
def test_the_whole_model_is_one_graph_whatever_the_words(model, step, velocity):
    graphs = []

    def backend(graph, example):
        graphs.append(graph)
        return graph.forward

    compiled = CompiledTransformer(model, backend)
    for words in (9, 30):
        other = Step.drawn(seconds=2, words=words)
        asked, unasked = other.conditions(model)
        both = joined([unasked, asked])
        told = compiled(step.doubled, step.times, both)
        assert apart(told, model(step.doubled, step.times, both)) <= 1e-6
    assert len(graphs) == 3


@pytest.mark.process
@pytest.mark.skipif(not any(map(shutil.which, ("g++", "clang++", "cl"))), reason="needs a compiler of C++")
@pytest.mark.filterwarnings("ignore:.*torch.jit.script_method:DeprecationWarning")
def test_compiled_is_near_eager():
    figure = compiled_figure()
    assert figure.reached <= 1e-3


@pytest.fixture(scope="module")
def run():
    model, step = smooth(transformer(TINY)), Step.drawn(seconds=1, words=9)
    asked, unasked = step.conditions(model)

    def run(cache=None, **sampling):
        told = model if cache is None else partial(model, cache=cache)
        return denoise(told, step.noise, asked, unasked, Sampling(**{"steps": 20} | sampling))

    return run


def test_at_threshold_zero_nothing_is_left_out_and_nothing_changes(run):
    cache = BlockCache(0)
    assert torch.equal(run(cache), run())
    assert (cache.steps, cache.left_out) == (20, 0)


def test_more_is_left_out_as_the_threshold_rises_and_less_is_right(run):
    exact, caches = run(), [BlockCache(threshold) for threshold in (0.05, 0.15, 0.4)]
    errors = [apart(run(cache), exact) for cache in caches]
    left_out = [cache.left_out for cache in caches]
    assert left_out == sorted(set(left_out))
    assert errors == sorted(errors)
    assert left_out[1] >= 5
    assert errors[1] <= 0.05


def test_where_guidance_ends_all_is_computed(run):
    cache = BlockCache(1e9)
    run(cache, guided=(0.0, 0.5))
    assert cache.left_out == 20 - 2


def test_the_window_that_changes_most_decides_for_all():
    cache = BlockCache(0.1)
    audio, change = torch.zeros(2, 3, 4), torch.ones(2, 3, 4)
    cache.rest(audio, change, lambda: audio + 1)
    assert cache.rest(audio, 1.05 * change, pytest.fail).equal(audio + 1)
    changed = change.clone()
    changed[1] = 1.2
    assert cache.rest(audio, changed, lambda: audio + 2).equal(audio + 2)
    assert cache.left_out == 1


def test_eight_bits_take_half_the_memory_and_stay_near(step, velocity):
    half = transformer(TINY, dtype=torch.bfloat16)
    before = sum(weight.nbytes for weight in half.parameters())
    in_fp8(half, torch.device("cpu"))
    held = [weight for weight in half.parameters() if hasattr(weight, "qdata")]
    assert len(held) == 2 * 8 + 3 * 5
    large = sum(weight.numel() for weight in held)
    assert large > 0.5 * before / 2
    assert sum(weight.qdata.nbytes + weight.scale.nbytes for weight in held) < 1.05 * large
    assert apart(step.on(half).quickly(half), velocity) <= 5e-2


PACKAGE = {
    "__init__.py": "",
    "models/__init__.py": "",
    "utils/__init__.py": "",
    "utils/config_utils.py": "load_yaml = str",
    "models/hifi_foley.py": """
from benchmarks.drawn_models import TINY
from benchmarks.plain import velocity
from foley_core.engines.hunyuan.transformer import FoleyTransformer

class HunyuanVideoFoley(FoleyTransformer):
    def __init__(self, config, dtype, device):
        super().__init__(**vars(TINY))

    def forward(self, x, t, clip_feat, cond, sync_feat, return_dict):
        return {"x": velocity(self, x, t, cond, clip_feat, sync_feat)}
""",
}
"""The published code's doors, with the plain way behind them."""


@pytest.mark.slow
def test_the_program_that_measures_cards_runs_without_one(tmp_path, monkeypatch):
    for name, text in PACKAGE.items():
        path = tmp_path / "hunyuanvideo_foley" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "hunyuanvideo-foley-tiny.yaml").touch()
    monkeypatch.syspath_prepend(tmp_path)
    setting = TINY_SETTING.__class__(**{**vars(TINY_SETTING), "batches": (1,), "published": tmp_path})
    found = {figure.name: json.loads(figure.line()) for figure in figures(setting)}
    ways = ("eager", "published code", "compiled", "compiled, fp8")
    lines = [found[f"{way}, batch 1: seconds for a window"] for way in ways]
    assert all(line["reached"] > 0 and line["share_of_matmul_rate"] > 0 for line in lines)
    assert [line["from_eager"] < bound for line, bound in zip(lines, (1e-9, 2e-2, 1e-2, 5e-2), strict=True)]
    assert "decoding 8 s in float32, seconds" in found
