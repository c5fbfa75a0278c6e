"""Spaces: their reverberation times, their tails over blocks, and how they leave the dry sound alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from foley_core.engines.procedural.rendering.space import SPACES, Reverb, Space, response, space_of
from foley_core.timecode import SAMPLE_RATE
from tests.engines.drawn import ambience, brief, hits, impact, perform, ringing


def decay(space: Space) -> float:
    """RT60 of its response at middle frequencies, by Schroeder's backward integral from -5 to -25 dB."""
    band = butter(2, (700, 1400), "bandpass", fs=SAMPLE_RATE, output="sos")
    sound = sosfilt(band, response(space), axis=0)
    left = np.cumsum((sound**2).sum(1)[::-1])[::-1]
    level = 10 * np.log10(left / left[0])
    first, last = (int(np.argmax(level < below)) for below in (-5, -25))
    return 3 * (last - first) / SAMPLE_RATE


@pytest.mark.parametrize("space", [s for s in SPACES if any(s.sides)], ids=lambda space: space.name)
def test_a_room_rings_as_long_as_is_documented(space: Space) -> None:
    assert decay(space) == pytest.approx(space.reverberation, rel=0.3, abs=0.06)


@pytest.mark.parametrize("space", SPACES, ids=lambda space: space.name)
def test_what_a_space_gives_back_has_its_level(space: Space) -> None:
    power = float(np.sum(response(space).astype(np.float64) ** 2)) / 2
    assert 10 * np.log10(power) == pytest.approx(space.level, abs=1.5)


def test_a_reverb_is_the_whole_response_however_many_blocks_it_spans() -> None:
    chance = np.random.default_rng(1)
    sent = chance.standard_normal(9_500).astype(np.float32)
    space = next(space for space in SPACES if space.name == "small room")
    reverb = Reverb(space, 1_000)
    played = np.concatenate([reverb.play(sent[at : at + 1_000]) for at in range(0, len(sent), 1_000)], 1)
    expected = np.stack([np.convolve(sent, side)[: len(sent)] for side in response(space).T])
    assert np.abs(played - expected).max() < 1e-3 * np.abs(expected).max()


def test_a_hit_rings_longer_in_a_larger_space() -> None:
    dry, room, cathedral = (
        ringing(hits(f"knock {where}", impact(0), seconds=8))
        for where in ("", "in a small room", "in a cathedral")
    )
    assert dry < room < 0.2 * cathedral
    assert cathedral > 2


def test_the_attack_stays_on_its_sample_in_every_space() -> None:
    for name in ("cathedral", "small room", "canyon"):
        made = np.abs(hits(f"wood in a {name}", impact(1), seconds=2)).max(1)
        assert np.flatnonzero(made > 1e-4)[0] == SAMPLE_RATE, name


def test_without_a_space_all_that_is_near_stays_dry_and_what_is_distant_is_outdoors() -> None:
    assert space_of(None, 0.0) is None
    assert space_of(None, 0.5) == space_of("outdoors", 0.0)
    assert not hits("knock", impact(0), seconds=2)[-SAMPLE_RATE // 2 :].any()


def test_stems_in_a_space_are_the_same_bits_each_time() -> None:
    asked = brief("wood, rain in a church", impact(1), seconds=3)
    one, other = perform(asked)[1], perform(asked)[1]
    assert all(np.array_equal(one[layer], other[layer]) for layer in one)


def test_a_bed_sounds_in_the_space_too() -> None:
    assert not np.allclose(ambience("drip", 4), ambience("drip in a cave", 4))


def test_a_take_that_is_shorter_than_a_block_has_its_space_as_well() -> None:
    asked = brief("wood in a cathedral", impact(0), seconds=1)
    short = perform(replace(asked, samples=10_000))[1]["hits"]
    assert np.abs(short[5_000:]).max() > 0
    assert len(short) == 10_000
