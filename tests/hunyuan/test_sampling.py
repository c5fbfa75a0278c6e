"""Solvers come nearer the truth as fast as their order says; guidance is left out where it is said to be."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from foley_core.engines.hunyuan.sampling import SOLVERS, Sampling, denoise, sigmas


def bent(x, sigma):
    """A velocity whose path is known: x(sigma) = exp(sin(3 sigma)) x(0)."""
    return 3 * math.cos(3 * sigma) * x


def missed(solver, steps):
    start = torch.tensor([[[math.exp(math.sin(3.0))]]], dtype=torch.float64)
    return abs(float(SOLVERS[solver](start, sigmas(steps), bent)) - 1)


@pytest.mark.parametrize(("solver", "order"), [("euler", 1), ("heun", 2), ("multistep", 2)])
def test_twice_the_steps_bring_it_nearer_by_the_order(solver, order):
    errors = [missed(solver, steps) for steps in (40, 80, 160, 320)]
    orders = [math.log2(before / after) for before, after in pairwise(errors)]
    assert all(abs(found - order) < 0.15 for found in orders)


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_path_ends_at_sigma_zero(solver):
    seen = []

    def velocity(x, sigma):
        seen.append(sigma)
        return torch.ones_like(x)

    x = SOLVERS[solver](torch.zeros(1, 1, 1), sigmas(7), velocity)
    assert float(x) == pytest.approx(-1)
    assert seen[0] == 1
    assert all(0 < sigma <= 1 for sigma in seen)


@pytest.fixture(scope="module")
def asked_and_unasked(models):
    model = models.transformer({})
    draw = torch.Generator().manual_seed(3)
    text, picture = torch.randn(1, 5, 768, generator=draw), torch.randn(1, 16, 768, generator=draw)
    sync = torch.randn(1, 40, 768, generator=draw)
    with torch.inference_mode():
        asked = model.conditions(text, 100, visual=picture, sync=sync)
        return model, asked, model.conditions(-text, 100)


def counted(model, rows):
    def told(latents, times, conditions):
        rows.append(len(latents))
        return model(latents, times, conditions)

    return told


@pytest.mark.parametrize(
    ("guided", "doubled"), [((0.0, 1.0), range(10)), ((0.0, 0.7), range(7)), ((0.2, 0.8), range(2, 8))]
)
def test_guidance_is_paid_for_only_where_it_applies(guided, doubled, asked_and_unasked):
    model, asked, unasked = asked_and_unasked
    rows = []
    with torch.inference_mode():
        noise = torch.randn(1, 128, 100, generator=torch.Generator().manual_seed(1))
        denoise(counted(model, rows), noise, asked, unasked, Sampling(steps=10, guided=guided))
    assert rows == [2 if step in doubled else 1 for step in range(10)]


@pytest.mark.parametrize(("solver", "order"), [("euler", 1), ("heun", 2), ("multistep", 2)])
def test_guidance_on_some_of_the_steps_keeps_the_order(solver, order, asked_and_unasked):
    """Guided, the velocity is `bent`; else 2 x, so that from sigma 0.5 to 0 it becomes 1/e of itself."""
    _, asked, unasked = asked_and_unasked
    sampling = Sampling(steps=1, solver=solver, guided=(0.0, 0.5))

    def told(latents, times, conditions):
        if len(latents) == 1:
            return 2 * latents
        away, toward = latents.chunk(2)
        return torch.cat([0 * away, bent(toward, float(times[0]) / 1000) / sampling.guidance])

    errors = []
    for steps in (20, 40, 80):
        found = denoise(told, torch.ones(1, 1, 1), asked, unasked, replace(sampling, steps=steps))
        errors.append(abs(float(found) / math.exp(math.sin(1.5) - math.sin(3.0) - 1) - 1))
    orders = [math.log2(before / after) for before, after in pairwise(errors)]
    assert all(abs(found - order) < 0.2 for found in orders)


def test_a_cancel_comes_through_within_a_step(asked_and_unasked):
    model, asked, unasked = asked_and_unasked
    shares, rows = [], []

    class Enough(Exception):
        pass

    def tick(share):
        shares.append(share)
        if len(shares) == 3:
            raise Enough

    with torch.inference_mode(), pytest.raises(Enough):
        denoise(counted(model, rows), torch.zeros(1, 128, 100), asked, unasked, Sampling(steps=10), tick)
    assert shares == pytest.approx([0, 0.1, 0.2])
    assert len(rows) == 2


def test_without_a_picture_the_model_is_told_so(models):
    model = models.transformer({})
    text = torch.randn(2, 5, 768, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        sync = model.empty_sync_feat.expand(2, 40, -1)
        visual = model.empty_clip_feat.expand(2, 16, -1)
        said, given = model.conditions(text, 100), model.conditions(text, 100, visual=visual, sync=sync)
        x, times = torch.zeros(2, 128, 100), torch.tensor([900.0, 100.0])
        assert len(said.sync_rows) == 2 * 8
        assert len(given.sync_rows) == 2 * 40
        assert torch.allclose(model(x, times, said), model(x, times, given), atol=1e-5)
