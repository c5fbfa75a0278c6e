"""All models together: saved and loaded again, moved about, and in batches."""

import pytest
import torch
from diffusers.hooks import HookRegistry

from benchmarks.seeded import seeded
from foley_core.engines.hunyuan import memory
from foley_core.engines.hunyuan.noise import noise
from foley_core.engines.hunyuan.optimization import in_fp8
from foley_core.engines.hunyuan.pipeline import FoleyPipeline, PipelineInputs
from foley_core.engines.hunyuan.sampling import Sampling
from foley_core.engines.hunyuan.weights import find_weights

QUICK = Sampling(steps=2)


@pytest.fixture(scope="module")
def weights(tiny_models):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOLEY_MODELS", str(tiny_models))
        return find_weights()


@pytest.fixture
def pipeline(weights):
    return FoleyPipeline.of(weights, torch.float32)


@pytest.fixture(scope="module")
def asked():
    """Two windows."""
    return PipelineInputs(
        words=seeded("words", (2, 7, 768)),
        visual=seeded("visual", (2, 64, 768)),
        sync=seeded("sync", (2, 192, 768)),
        noise=torch.stack([noise(1, "hits", start, 400) for start in (0, 352)]),
    )


def distance(one, other):
    return float((one - other).norm() / other.norm())


def test_what_was_saved_is_loaded_by_the_library_and_is_the_same(pipeline, asked, tmp_path):
    pipeline.save_pretrained(tmp_path)
    again = FoleyPipeline.from_pretrained(tmp_path, local_files_only=True)
    again.set_progress_bar_config(disable=True)
    assert torch.equal(again(asked, QUICK), pipeline(asked, QUICK))
    texts = ["noisy, harsh", "boots on gravel"]
    assert torch.equal(again.conditioners.encode_text(texts), pipeline.conditioners.encode_text(texts))


def test_each_window_is_what_it_is_alone(pipeline, asked):
    both = pipeline(asked, QUICK)
    for number in (0, 1):
        alone = pipeline(asked.part(slice(number, number + 1)), QUICK)
        assert distance(both[number], alone[0]) < 3e-6


def test_sound_in_pieces_is_the_whole(pipeline, asked):
    latents = seeded("latents", (128, 120))
    pieces = list(pipeline.sound(latents))
    assert [len(piece) for piece in pieces] == [48_000, 48_000, 19_200]
    assert distance(torch.cat(pieces), pipeline.vae.decode(latents[None])[0, 0]) < 1e-5


def test_moved_block_by_block_it_gives_the_same(pipeline, asked):
    """Here from one place to the same one; the library has taken hold of every block."""
    expected = pipeline(asked, QUICK)
    memory.place_models(pipeline, "group", torch.device("cpu"))
    blocks = [*pipeline.transformer.triple_blocks, *pipeline.transformer.single_blocks]
    assert all(HookRegistry.check_if_exists_or_initialize(b).get_hook("group_offloading") for b in blocks)
    assert torch.equal(pipeline(asked, QUICK), expected)

    memory.place_models(pipeline, "cpu", torch.device("cpu"))
    assert not any(hasattr(module, "_diffusers_hook") for module in pipeline.transformer.modules())
    assert torch.equal(pipeline(asked, QUICK), expected)


def test_weights_in_8_bits_can_be_moved_while_it_is_at_work(pipeline, asked):
    in_fp8(pipeline.transformer, torch.device("cpu"))

    def moving(share):
        assert pipeline.transformer.single_blocks[-1].linear_qkv.to("meta").weight.is_meta
        raise StopAsyncIteration

    with pytest.raises(StopAsyncIteration):
        pipeline(asked, QUICK, moving)


@pytest.mark.parametrize("model", ["transformer", "vae"])
def test_a_model_that_is_elsewhere_is_fetched_before_it_is_asked(pipeline, asked, model):
    """Also where that is not its `forward`, which is all that the library takes hold of."""
    fetched = []

    class Hook:
        execution_device = torch.device("cpu")

        def pre_forward(self, module):
            fetched.append(module)

    getattr(pipeline, model)._hf_hook = Hook()
    list(pipeline.sound(pipeline(asked, Sampling(steps=1))[0]))
    assert fetched
    assert all(module is getattr(pipeline, model) for module in fetched)
