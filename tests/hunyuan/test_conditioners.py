"""The models see pixels as they were taught to, and read words as published; none changes another."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from transformers import AutoTokenizer, ClapTextModelWithProjection, SiglipVisionModel

from foley_core.engines.hunyuan.conditioners import Conditioners
from foley_core.engines.hunyuan.loading import load_synchformer


class Middles(nn.Module):
    """In Synchformer's place, which takes long: every other frame as 16 x 16 pixels; keeps what it saw."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.blocks = nn.ModuleList([nn.Identity()])
        self.seen = []

    def forward(self, frames):
        self.seen.append(frames)
        frames = self.blocks[0](frames)
        return nn.functional.adaptive_avg_pool2d(frames[:, ::2].flatten(0, 1), 16).reshape(-1, 8, 768)


@pytest.fixture(scope="module")
def encoders(tiny_models):
    visual, text = tiny_models / "siglip2-base-patch16-512", tiny_models / "larger_clap_general"
    return Conditioners(
        SiglipVisionModel.from_pretrained(visual).eval(),
        Middles(),
        ClapTextModelWithProjection.from_pretrained(text).eval(),
        AutoTokenizer.from_pretrained(text),
    )


@pytest.fixture(scope="module")
def frames():
    draw = torch.Generator().manual_seed(2)
    return torch.randint(0, 256, (5, 512, 512, 3), dtype=torch.uint8, generator=draw)


@pytest.fixture(scope="module")
def segments():
    draw = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (3, 16, 224, 224, 3), dtype=torch.uint8, generator=draw)


def test_pixels_go_from_minus_one_to_one(encoders):
    levels = torch.tensor([0, 51, 255], dtype=torch.uint8).expand(1, 16, 224, 224, 3)
    encoders.sync.seen.clear()
    encoders.encode_motion(levels)
    (seen,) = encoders.sync.seen
    assert seen.shape[1:] == (16, 3, 224, 224)
    assert seen[0, 5, :, 100, 7].tolist() == pytest.approx([-1, -0.6, 1])


def test_siglip_tells_of_each_frame_what_the_model_pools(encoders, frames):
    told = encoders.encode_frames(frames)
    with torch.inference_mode():
        alone = [encoders.visual(one.permute(2, 0, 1)[None] / 127.5 - 1).pooler_output[0] for one in frames]
    assert told.shape == (5, 768)
    assert torch.linalg.norm(told - torch.stack(alone)) < 1e-5 * torch.linalg.norm(told)


def test_a_segment_has_the_tokens_of_its_frames_in_order(encoders, segments):
    told = encoders.encode_motion(segments)
    lit = segments[:, ::2].permute(0, 1, 4, 2, 3) / 127.5 - 1
    pooled = nn.functional.adaptive_avg_pool2d(lit.flatten(0, 1), 16).reshape(3, 8, 768)
    assert (told - pooled).abs().max() < 1e-5


def test_what_is_told_of_one_does_not_depend_on_the_others_by_a_bit(encoders, frames, segments):
    told = encoders.encode_frames(frames)
    for rows in (slice(0, 1), slice(2, 5)):
        assert torch.equal(encoders.encode_frames(frames[rows]), told[rows])
    assert torch.equal(encoders.encode_motion(segments[2:]), encoders.encode_motion(segments)[2:])


def test_features_are_of_the_type_that_the_models_compute_in(encoders, frames):
    before = encoders.fingerprint
    told = encoders.encode_frames(frames[:1])
    encoders.visual.to(torch.bfloat16)
    try:
        assert encoders.fingerprint != before
        rough = encoders.encode_frames(frames[:1])
    finally:
        encoders.visual.float()
    assert rough.dtype == torch.bfloat16
    assert torch.linalg.norm(rough - told) < 0.05 * torch.linalg.norm(told)


@pytest.mark.parametrize("which", ["visual", "sync"])
def test_eyes_with_other_weights_are_told_apart(encoders, which):
    before = encoders.fingerprint
    assert before == encoders.fingerprint
    weight = next(getattr(encoders, which).parameters())
    with torch.no_grad():
        weight.add_(0.01)
    try:
        assert encoders.fingerprint != before
    finally:
        with torch.no_grad():
            weight.sub_(0.01)


def test_a_cancel_passes_through_and_leaves_nothing_behind(encoders, frames, segments):
    def cancel():
        raise KeyboardInterrupt

    for work, shown in ((encoders.encode_frames, frames), (encoders.encode_motion, segments)):
        with pytest.raises(KeyboardInterrupt):
            work(shown, cancel)
        signs = []
        work(shown, lambda: signs.append(1))  # noqa: B023
        assert len(signs) == 2  # of two batches, each with one layer


@pytest.mark.slow
def test_synchformer_tells_of_segments_as_they_are_shown(encoders, tiny_models, segments):
    synchformer = load_synchformer(tiny_models / "synchformer_state_dict.pth")
    told = Conditioners(encoders.visual, synchformer, encoders.text, encoders.tokens).encode_motion(
        segments[:1]
    )
    with torch.inference_mode():
        alone = synchformer(segments[:1].permute(0, 1, 4, 2, 3) / 127.5 - 1)
    assert told.shape == (1, 8, 768)
    assert torch.linalg.norm(told - alone) < 1e-5 * torch.linalg.norm(told)


def test_words_are_padded_to_the_longer_text_and_padding_is_told_of(encoders):
    told = encoders.encode_text(["noisy, harsh", "boots on gravel, rain on glass"])
    assert told.shape == (2, 9, 768)
    assert told[0, 5:].abs().amax(-1).min() > 0
    for alone, row in (("boots on gravel, rain on glass", told[1]), ("noisy, harsh", told[0, :5])):
        assert (encoders.encode_text([alone])[0] - row).abs().max() < 1e-5


def test_no_words_are_words_too(encoders):
    assert encoders.encode_text(["noisy, harsh", ""]).shape == (2, 5, 768)


def test_a_long_text_is_read_as_far_as_clap_can_and_cut_at_77_tokens(encoders):
    def read(words):
        return encoders.encode_text(["", "wood rain " * (words // 2)])

    whole = read(400)
    assert whole.shape == (2, 77, 768)
    assert (read(74)[1, :70] - whole[1, :70]).abs().max() > 1e-4
    assert torch.equal(read(2000), read(510))
