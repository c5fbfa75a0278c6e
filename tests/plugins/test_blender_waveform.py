"""The waveform of a take: its peaks, read a little at a time, and what is painted over them."""

from __future__ import annotations

import itertools
import wave
from array import array
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tests.plugins.test_blender_rules import _part

waveform = _part("waveform")

RATE = 48_000
TAKE: dict[str, Any] = {
    "samples": 4 * RATE,
    "sample_rate": RATE,
    "start_exact": "10",
    "head": RATE,
    "tail": RATE,
    "impacts": [
        {"time_exact": "23/2", "strength": 1.0, "sample": 2 * RATE},
        {"time_exact": "25/2", "strength": 0.2, "sample": None},
        {"time_exact": "99", "strength": 1.0, "sample": None},
    ],
}


def written(path: Path, samples: Any, subtype: str) -> Path:
    soundfile.write(path, samples, RATE, subtype=subtype)
    return path


def read(path: Path, columns: int, seconds: float = 60.0) -> list[float]:
    reading = waveform.Waveform(str(path), columns)
    while not reading.read(seconds):
        pass
    peaks: list[float] = reading.peaks
    return peaks


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
def test_the_peaks_are_those_of_the_loudest_channel(tmp_path: Path, subtype: str) -> None:
    samples = np.random.default_rng(1).uniform(-0.5, 0.5, (10_007, 2))
    samples[5_000] = (0.1, -0.9)
    path = written(tmp_path / "take.wav", samples, subtype)
    edges = [10_007 * column // 40 for column in range(41)]
    expected = [np.abs(samples[a:b]).max() for a, b in itertools.pairwise(edges)]
    assert read(path, 40) == pytest.approx(expected, abs=2e-4)


def test_reading_a_little_at_a_time_gives_the_same_peaks(tmp_path: Path) -> None:
    samples = np.random.default_rng(2).uniform(-1, 1, 20_000)
    path = written(tmp_path / "take.wav", samples, "PCM_24")
    steps = waveform.Waveform(str(path), 50)
    count = 1
    while not steps.read(0.0):
        count += 1
    assert count == 50
    assert steps.peaks == read(path, 50)


def test_a_take_shorter_than_the_picture_is_wide_leaves_columns_silent(tmp_path: Path) -> None:
    path = written(tmp_path / "take.wav", np.full(3, 0.5), "PCM_16")
    assert sorted(read(path, 9)) == pytest.approx([0.0] * 6 + [0.5] * 3, abs=1e-3)


def test_what_is_no_such_wav_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "take.wav", np.zeros(10), "FLOAT")
    with pytest.raises(wave.Error):
        read(path, 4)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.wav", 4)


def test_an_impact_stands_where_its_hit_sounds_or_else_where_it_is_seen() -> None:
    assert waveform.impacts_of(TAKE) == [(0.5, 1.0, True), (0.625, 0.2, False)]
    assert waveform.handles(TAKE) == (0.25, 0.75)


def painted(peaks: list[float], height: int = 40) -> Any:
    pixels = waveform.paint(peaks, waveform.impacts_of(TAKE), waveform.handles(TAKE), height)
    return np.array(pixels).reshape(height, len(peaks), 4)


def test_impacts_lie_over_the_waveform_and_the_handles_are_darker() -> None:
    image = painted([0.5] * 80)
    top, middle, bottom = image[-1], image[20], image[0]
    assert (top[40] != top[39]).any()
    assert (top[50] != top[49]).any()
    assert (top[40] != top[50]).any()
    assert (top[:20, :3] < top[20, :3]).all()
    assert (top[60:, :3] < top[20, :3]).all()
    assert (middle[20] != bottom[20]).any()
    lengths = [(image[:, column] == top[column]).all(axis=1).sum() for column in (40, 50)]
    assert lengths[0] > lengths[1] > 0


def test_a_louder_column_is_higher() -> None:
    image = painted([0.0] * 30 + [0.5] + [1.0] + [0.0] * 48)
    wave_colour = image[20, 30]
    heights = [(image[:, column] == wave_colour).all(axis=1).sum() for column in (29, 30, 31)]
    assert heights[0] < heights[1] < heights[2] == 40


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=30),
    st.lists(st.builds(waveform.Impact, st.floats(0, 0.999), st.floats(-1, 5), st.booleans()), max_size=5),
    st.integers(2, 30),
)
def test_whatever_is_painted_fits(peaks: list[float], impacts: list[Any], height: int) -> None:
    pixels = waveform.paint([*peaks, 1.0], impacts, (0.1, 0.8), height)
    assert isinstance(pixels, array)
    assert len(pixels) == (len(peaks) + 1) * height * 4
    assert all(0 <= value <= 1 for value in pixels)
    assert set(pixels[3::4]) == {1.0}
