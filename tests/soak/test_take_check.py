"""What is found in files by listening alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from backend.soak.take_check import clicks_in, measured_impacts, missing_samples, onsets_in, silent_samples
from foley_core.align.onsets import Onset
from foley_core.samples import Sound

RATE = 48_000


def sound(seconds: float, knocks: Sequence[int] = ()) -> Sound:
    """Soft noise with knocks in it."""
    rng = np.random.default_rng(1)
    made: Sound = 1e-4 * rng.standard_normal((round(seconds * RATE), 2), dtype=np.float32)
    ring = np.exp(-np.arange(4_800) / 900) * np.sin(np.arange(4_800) * 0.1)
    for at in knocks:
        made[at : at + 4_800] += 0.5 * ring[: len(made) - at, None].astype(np.float32)
    return made


def written(path: Path, made: Sound) -> Path:
    soundfile.write(path, made, RATE, subtype="PCM_24")
    return path


@pytest.mark.parametrize("late", [0, 960, -960, 12_960, 23_000])
def test_an_offset_is_how_much_later_a_knock_is_heard(late: int, tmp_path: Path) -> None:
    start, seen = Fraction(10), [Fraction(12), Fraction(15)]
    knocks = [int((time - start) * RATE) + late for time in seen]
    found = onsets_in(written(tmp_path / "take.wav", sound(8, knocks)))
    for one in measured_impacts(seen, found, int(start * RATE)):
        assert one.offset is not None
        assert float(one.offset) == pytest.approx(late / RATE, abs=0.003)


def test_an_impact_without_a_sound_near_it_is_not_heard() -> None:
    found = [Onset(48_000, 0.9), Onset(200_000, 0.9)]
    assert [one.offset for one in measured_impacts([Fraction(1), Fraction(2)], found, 0)] == [0, None]


def test_the_strongest_sound_near_an_impact_is_its_own() -> None:
    found = [Onset(47_000, 0.1), Onset(50_400, 0.8), Onset(52_000, 0.8)]
    assert measured_impacts([Fraction(1)], found, 0)[0].offset == Fraction(1, 20)


def test_clicks_are_found_to_the_sample(tmp_path: Path) -> None:
    made = np.zeros((3 * RATE, 2), np.float32)
    made[[5, 47_999, 48_000, 130_001]] = 0.5
    path = written(tmp_path / "take.wav", made)
    assert [click.sample for click in clicks_in(path)] == [5, 47_999, 48_000, 130_001]


def test_a_file_that_is_too_short_lacks_samples(tmp_path: Path) -> None:
    path = written(tmp_path / "take.wav", sound(1))
    assert missing_samples(path, RATE) == 0
    assert missing_samples(path, RATE + 17) == 17


@pytest.mark.parametrize(
    ("first", "count", "silent"),
    [(1_000, 480, 0), (1_000, 481, 481), (47_000, 2_000, 2_000), (90_000, 6_000, 6_000)],
)
def test_silence_in_a_layer_counts_once_it_is_longer_than_ten_milliseconds(
    first: int, count: int, silent: int
) -> None:
    made = sound(2) + np.float32(0.01)
    made[first : first + count] = 0
    assert silent_samples([made[:RATE], made[RATE:]]) == silent


def test_a_layer_that_has_nothing_to_sound_has_no_gaps() -> None:
    assert silent_samples([np.zeros((RATE, 2), np.float32)] * 3) == 0
