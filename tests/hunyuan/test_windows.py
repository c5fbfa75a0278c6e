"""Windows cover a take and fade into each other without a seam; noise belongs to latents, not to windows."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from foley_core.engines.hunyuan.config import SAMPLES_PER_LATENT
from foley_core.engines.hunyuan.noise import noise
from foley_core.engines.hunyuan.windows import GRID, HOP, WINDOW, overlap_added, window_starts

LENGTH = WINDOW * SAMPLES_PER_LATENT


@given(latents=st.integers(1, 5000), after=st.integers(0, 500), before=st.integers(0, 500))
def test_windows_cover_the_take_and_look_where_there_is_film(latents, after, before):
    starts = window_starts(latents, after, before)
    assert all(start % GRID == 0 for start in starts)
    assert starts[0] <= 0
    assert starts[-1] + WINDOW >= latents
    assert all(then - now == HOP for now, then in pairwise(starts))
    if latents <= WINDOW:
        assert len(starts) == 1
        assert starts[0] >= -before
        shown_after = starts[0] + WINDOW - latents
        assert shown_after < after + GRID or -starts[0] + GRID > before
        assert starts[0] == 0 or shown_after >= after
    else:
        assert starts[0] == 0
        assert starts[-2] + WINDOW < latents


@pytest.mark.parametrize("latents", [1, 10, 400, 401, 752, 753, 2000])
@pytest.mark.parametrize(("after", "before"), [(1000, 0), (0, 1000), (100, 100)])
def test_what_all_windows_agree_on_is_the_sound(latents, after, before):
    samples = latents * SAMPLES_PER_LATENT - 7
    starts = window_starts(latents, after, before)
    film = np.random.default_rng(1).standard_normal(LENGTH * (len(starts) + 2)).astype(np.float32)
    windows = (film[LENGTH + at * 960 : LENGTH + at * 960 + LENGTH] for at in starts)
    found = np.concatenate(list(overlap_added(windows, starts, samples)))
    assert len(found) == samples
    assert np.abs(found - film[LENGTH : LENGTH + samples]).max() < 1e-6


def test_noise_is_the_same_wherever_a_window_begins():
    whole = noise(7, "hits", -50, 900)
    assert whole.shape == (128, 900)
    for first, count in ((-50, 3), (0, 400), (352, 400), (849, 1)):
        assert torch.equal(noise(7, "hits", first, count), whole[:, first + 50 : first + 50 + count])


def test_noise_differs_by_seed_and_layer_and_never_repeats():
    whole = noise(7, "hits", 0, 400)
    for other in (noise(8, "hits", 0, 400), noise(7, "ambience", 0, 400), noise(7, "hits", 352, 400)):
        assert abs(float((whole * other).mean())) < 0.02


def test_noise_is_normal():
    x = noise(1, "hits", 0, 5000).double()
    assert abs(float(x.mean())) < 0.005
    assert abs(float(x.std()) - 1) < 0.005
    assert abs(float((x**4).mean()) - 3) < 0.05


def test_noise_stays_what_it_was_when_takes_were_made_with_it():
    assert noise(1, "hits", 0, 2)[:2].flatten().tolist() == pytest.approx(KEPT, abs=1e-6)


KEPT = [1.3661697, 0.1157861, 1.3135813, 0.8173131]
