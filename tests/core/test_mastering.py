"""Mastering: one gain, soft ends, nothing clipped, nothing left behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.cue import Layer
from foley_core.errors import DiskFull, OutputDenied
from foley_core.mastering.loudness import SHORTEST, Loudness, Meter
from foley_core.mastering.mastering import CEILING, WorkingSound, choose_gain, require_disk_space
from foley_core.timecode import SAMPLE_RATE


def sine(level: float, seconds: float, hertz: float = 997.0) -> np.ndarray:
    """A stereo sine with peaks at `level`."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave = level * np.sin(2 * np.pi * hertz * time)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def measure(sound: np.ndarray, step: int = 4_800) -> Loudness:
    meter = Meter()
    for first in range(0, len(sound), step):
        meter.feed(sound[first : first + step])
    return meter.reading()


def test_a_full_scale_sine_measures_as_the_standard_says() -> None:
    """ITU-R BS.1770: 997 Hz in both channels with peaks at -20 dBFS is -20 LUFS."""
    reading = measure(sine(0.1, 5))
    assert reading.lufs == pytest.approx(-20.0, abs=0.1)
    assert reading.true_peak_db == pytest.approx(-20.0, abs=0.01)


def test_the_reading_does_not_depend_on_how_the_sound_is_cut_into_blocks() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, (96_001, 2)).astype(np.float32)
    one, other = measure(noise, 4_800), measure(noise, 7_777)
    assert one.lufs == pytest.approx(other.lufs, abs=0.01)
    assert one.true_peak == pytest.approx(other.true_peak, abs=1e-6)


@pytest.mark.parametrize("sound", [np.zeros((SAMPLE_RATE, 2), np.float32), sine(0.5, 0.3)])
def test_silence_and_very_short_sounds_have_no_integrated_loudness(sound: np.ndarray) -> None:
    assert measure(sound).lufs is None


def test_silence_has_no_true_peak() -> None:
    assert measure(np.zeros((SAMPLE_RATE, 2), np.float32)).true_peak_db is None


@given(
    st.floats(1e-6, 20),
    st.none() | st.floats(-70, -5),
    st.none() | st.floats(-69, 0),
    st.integers(1, 10 * SAMPLE_RATE),
)
def test_no_choice_of_gain_ever_passes_the_ceiling(
    peak: float, wanted: float | None, lufs: float | None, samples: int
) -> None:
    measured = Loudness(lufs=lufs, true_peak=peak)
    gain = choose_gain(measured, wanted, samples)
    peak_db = measured.true_peak_db
    assert peak_db is not None
    assert peak_db + gain <= CEILING + 1e-9


def test_the_engines_own_level_stays_unless_it_is_too_loud() -> None:
    assert choose_gain(Loudness(-23.0, 0.5), None, 10 * SHORTEST) == 0
    lowered = choose_gain(Loudness(-3.0, 2.0), None, 10 * SHORTEST)
    assert CEILING - 0.1 <= 6.0206 + lowered < CEILING


def test_a_wanted_loudness_is_reached() -> None:
    assert choose_gain(Loudness(-30.0, 0.1), -23.0, 10 * SHORTEST) == pytest.approx(7.0)


def test_layers_read_back_add_up_to_the_mix_and_both_ends_are_silent(tmp_path: Path) -> None:
    generator = np.random.default_rng(2)
    blocks = [
        {"hits": generator.normal(0, 0.1, (n, 2)).astype(np.float32),
         "ambience": generator.normal(0, 0.1, (n, 2)).astype(np.float32)}
        for n in (48_000, 1, 30_001)
    ]  # fmt: skip
    with WorkingSound(tmp_path, ("hits", "ambience")) as working:
        for block in blocks:
            working.add(block)
        mix, hits, ambience = (
            np.concatenate(list(working.read(layer, 0.5))) for layer in (None, "hits", "ambience")
        )
    np.testing.assert_allclose(hits + ambience, mix, atol=1e-6)
    whole = np.concatenate([block["hits"] + block["ambience"] for block in blocks])
    np.testing.assert_allclose(mix[1000:-1000], whole[1000:-1000] * 0.5, atol=1e-6)
    assert np.abs(mix[0]).max() == 0
    assert np.abs(mix[-1]).max() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("samples", [1, 2, 3, 5, 100, 2_000])
def test_even_the_shortest_take_has_soft_ends(tmp_path: Path, samples: int) -> None:
    with WorkingSound(tmp_path, ()) as working:
        working.add({"hits": np.ones((samples, 2), np.float32)})
        sound = np.concatenate(list(working.read(None, 1.0)))
    assert len(sound) == samples
    assert sound[0].max() == 0
    assert sound[-1].max() == 0


def test_working_files_are_gone_after_a_failure(tmp_path: Path) -> None:
    def broken_engine(working: WorkingSound) -> None:
        working.add({"hits": np.ones((10, 2), np.float32)})
        raise RuntimeError

    with pytest.raises(RuntimeError), WorkingSound(tmp_path, ("hits",)) as working:
        broken_engine(working)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(OutputDenied), WorkingSound(tmp_path / "nowhere", ()):
        pass


def test_too_little_room_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match="needs 2 MB"):
        require_disk_space(tmp_path, 2_000_000, lambda folder: 1_999_999)
    require_disk_space(tmp_path, 2_000_000, lambda folder: 2_000_000)


def test_stems_as_files_of_24_bits_add_up_to_the_mix(tmp_path: Path) -> None:
    layers: tuple[Layer, ...] = ("hits", "movement", "ambience")
    chance = np.random.default_rng(1)
    with WorkingSound(tmp_path, layers) as working:
        for samples in (SAMPLE_RATE, 70_001):
            noise = chance.normal(0, 0.1, (3, samples, 2)).astype(np.float32)
            working.add(dict(zip(layers, noise, strict=True)))
        mix, *stems = (
            np.rint(np.concatenate(list(working.read(layer, 0.731))) * np.float32(2**23))
            for layer in (None, *layers)
        )
    assert np.array_equal(sum(stems), mix)
