"""The movement layer: as loud as much moves, where it moves, and silent where nothing does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from foley_core.engines.procedural.rendering.rng import rng
from foley_core.picture.movement import Energy
from foley_core.picture.spotting import MOVEMENT_RATE
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE
from tests.engines.drawn import brief, decibels, movement, perform, still

STEP = SAMPLE_RATE // MOVEMENT_RATE
SOME = ["cloth", "sliding", "car"]


def swelling(seconds: int, most: float) -> Energy:
    """Movement that comes and goes, in the middle of the picture."""
    energy = still(seconds)
    steps = np.arange(len(energy))
    energy[:, 1, 1] = most * np.clip(np.sin(steps / 30) + 0.3 * np.sin(steps / 11), 0, 1)
    return energy


def levels(sound: Sound) -> NDArray[np.float64]:
    """RMS of each fifth of a second."""
    return np.sqrt(np.mean(sound.astype(np.float64).reshape(-1, 5 * STEP * 2) ** 2, axis=1))


@pytest.mark.parametrize("sound", SOME)
@pytest.mark.parametrize("most", [0.05, 0.5])
def test_its_level_follows_the_movement(sound: str, most: float) -> None:
    energy = swelling(20, most)
    seen = energy.sum(axis=(1, 2)).reshape(-1, 5).mean(axis=1)
    assert np.corrcoef(levels(movement(sound, energy)), seen)[0, 1] >= 0.8


@pytest.mark.parametrize("sound", SOME)
def test_more_movement_is_louder_by_less_than_in_proportion(sound: str) -> None:
    little, much = (decibels(np.sqrt(np.mean(movement(sound, steady(most)) ** 2))) for most in (0.05, 0.5))
    assert 6 < much - little < 20


def steady(energy: float) -> Energy:
    moving = still(6)
    moving[:, 1, 1:3] = energy / 2
    return moving


def test_where_nothing_moves_there_is_silence() -> None:
    energy = still(6)
    energy[50:75, 0, 0] = 0.3
    sound = movement("cloth", energy)
    assert not sound[: 47 * STEP].any()
    assert sound[50 * STEP : 75 * STEP].any()
    assert not sound[78 * STEP :].any()


def test_a_prompt_that_names_nothing_that_moves_has_no_movement() -> None:
    performance, sound = perform(brief("wood, rain", energy=swelling(4, 0.5)))
    assert not sound["movement"].any()
    assert performance.notes["movement"] == "none"


def test_it_lies_where_it_moves_or_where_the_prompt_puts_it() -> None:
    left = still(4)
    left[:, 1, 0] = 0.3
    power = np.mean(movement("cloth", left) ** 2, axis=0)
    assert power[0] > 2 * power[1]
    put = np.mean(movement("cloth on the right", left) ** 2, axis=0)
    assert put[1] > 2 * put[0]


def test_it_does_not_depend_on_where_the_take_starts() -> None:
    asked = brief("cloth", seconds=6, layers=("movement",), energy=swelling(6, 0.3))
    whole = perform(asked)[1]["movement"]
    start = 33_333
    part = perform(replace(asked, first_sample=start, samples=asked.samples - start))[1]["movement"]
    assert np.array_equal(whole[start:], part)


def test_several_that_move_are_heard_together() -> None:
    energy = swelling(4, 0.3)
    both = movement("cloth, sliding", energy)
    assert np.allclose(both, movement("cloth", energy) + movement("sliding", energy), atol=1e-6)


def test_chance_is_the_same_on_every_machine() -> None:
    assert list(rng(1, "movement", "cloth", -3).integers(0, 1000, 4)) == [805, 776, 735, 448]
