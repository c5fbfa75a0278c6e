"""Onsets are where something begins to be heard, and nowhere else."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from benchmarks.onsets import BEDS, Figures, heard_under, played_blows
from foley_core.align.onsets import NEAREST, Onset, onsets
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

SECONDS = 10
TIME = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE


def stereo(mono: np.ndarray) -> Sound:
    return np.repeat(np.asarray(mono, np.float32)[:, None], 2, axis=1)


def clicks(samples: int, places: list[int]) -> Sound:
    sound = np.zeros((samples, 2), np.float32)
    sound[places] = 0.5
    return sound


def places(sound: Sound) -> list[int]:
    return [onset.sample for onset in onsets([sound])]


@settings(deadline=None, max_examples=12)
@given(
    gaps=st.lists(st.integers(SAMPLE_RATE // 10, SAMPLE_RATE), min_size=1, max_size=12),
    block=st.integers(1_000, 100_000),
)
def test_clicks_are_found_on_their_very_samples_whatever_the_blocks(gaps: list[int], block: int) -> None:
    there = [int(place) for place in np.cumsum(gaps)]
    sound = clicks(there[-1] + SAMPLE_RATE, there)
    found = list(onsets(sound[at : at + block] for at in range(0, len(sound), block)))
    assert [onset.sample for onset in found] == there
    assert found == list(onsets([sound]))
    assert all(0 < onset.strength <= 1 for onset in found)


@pytest.fixture(scope="module")
def blows() -> list[tuple[Sound, list[int]]]:
    """Sixteen blows each, and where the engine says they lie."""
    names = ["wood", "flesh", "splash", "bell", "switch", "footsteps on snow", "thud"]
    return list(played_blows(names, seeds=1))


@pytest.mark.slow
def test_the_attack_of_every_kind_of_hit_is_found_to_three_milliseconds(
    blows: list[tuple[Sound, list[int]]],
) -> None:
    figures = Figures()
    for sound, hits in blows:
        figures.add(hits, places(sound))
    assert figures.recall == 1.0
    assert figures.p95_ms <= 1.0
    assert figures.worst_ms <= 4.0


@pytest.mark.slow
@pytest.mark.parametrize("bed", BEDS)
def test_hits_are_found_under_a_bed_thirty_decibels_below(
    bed: str, blows: list[tuple[Sound, list[int]]]
) -> None:
    figures = heard_under(bed, 30.0, blows)
    assert figures.recall >= 0.97
    assert figures.p95_ms <= 3.0


def _noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(len(TIME))


def _pink() -> np.ndarray:
    """Kellet's filter, to half a decibel."""
    poles = [1, -2.494956002, 2.017265875, -0.522189400]
    return np.asarray(lfilter([0.049922035, -0.095993537, 0.050612699, -0.004408786], poles, _noise(2)))


QUIET: dict[str, Callable[[], np.ndarray]] = {
    "silence": lambda: np.zeros(len(TIME)),
    "white noise": lambda: 0.2 * _noise(1),
    "pink noise": _pink,
    "noise that swells and dies": lambda: 0.2 * _noise(3) * np.sin(np.pi * TIME / 5) ** 2,
    "a tone that swells and dies": lambda: (
        0.5 * np.sin(2 * np.pi * 440 * TIME) * np.sin(np.pi * TIME / 5) ** 2
    ),
    "a chord that trembles": lambda: sum(
        np.sin(2 * np.pi * pitch * TIME) * (1 + 0.3 * np.sin(2 * np.pi * 5 * TIME)) / 10
        for pitch in (220, 277, 330)
    ),
}


@pytest.mark.parametrize("name", QUIET)
def test_where_nothing_begins_there_is_hardly_an_onset(name: str) -> None:
    found = [onset for onset in onsets([stereo(QUIET[name]())]) if onset.sample > SAMPLE_RATE // 10]
    assert len(found) <= ("noise" in name)
    assert all(onset.strength < 0.3 for onset in found)


def test_notes_are_found_where_they_begin() -> None:
    begins = [SAMPLE_RATE * (2 * number + 1) // 4 for number in range(16)]
    sound = np.zeros(len(TIME))
    for number, begin in enumerate(begins):
        length = np.arange(SAMPLE_RATE // 3) / SAMPLE_RATE
        note = np.sin(2 * np.pi * (220 + 40 * number) * length) * np.exp(-30 * length)
        sound[begin : begin + len(length)] += 0.4 * note
    found = places(stereo(sound))
    assert len(found) == len(begins)
    assert max(abs(one - other) for one, other in zip(found, begins, strict=True)) <= 3 * SAMPLE_RATE // 1000


@pytest.mark.parametrize("samples", [0, 1, 2, 100, 1_023, 1_024, 12_000])
def test_a_sound_too_short_to_tell_has_no_onset(samples: int) -> None:
    assert places(np.full((samples, 2), 0.3, np.float32)) == []


def test_sides_out_of_phase_do_not_cancel_and_one_side_is_enough() -> None:
    there = [SAMPLE_RATE, 2 * SAMPLE_RATE]
    sound = clicks(3 * SAMPLE_RATE, there)
    assert places(sound * np.array([1, -1], np.float32)) == there
    assert places(sound * np.array([0, 1], np.float32)) == there


def test_no_two_onsets_are_nearer_than_said() -> None:
    rattle = clicks(3 * SAMPLE_RATE, list(range(SAMPLE_RATE, 2 * SAMPLE_RATE, 700)))
    found = places(rattle)
    assert found[0] == SAMPLE_RATE
    assert all(later - sooner >= NEAREST for sooner, later in pairwise(found))


def test_a_hit_stands_out_more_the_louder_it_is() -> None:
    sound = stereo(0.01 * _noise(4))
    sound[2 * SAMPLE_RATE : 2 * SAMPLE_RATE + 500] += 0.03
    sound[5 * SAMPLE_RATE : 5 * SAMPLE_RATE + 500] *= 40
    found = {round(onset.sample / SAMPLE_RATE): onset for onset in onsets([sound])}
    assert isinstance(found[5], Onset)
    assert found[5].strength > max((onset.strength for at, onset in found.items() if at != 5), default=0)


def test_memory_does_not_grow_with_the_length() -> None:
    def heap(seconds: int) -> int:
        rng = np.random.default_rng(1)

        def blocks() -> Iterator[Sound]:
            for _ in range(seconds):
                yield np.asarray(0.1 * rng.standard_normal((SAMPLE_RATE, 2)), np.float32)

        tracemalloc.start()
        assert list(onsets(blocks())) == []
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    heap(2)
    assert heap(30) < 1.05 * heap(8)
