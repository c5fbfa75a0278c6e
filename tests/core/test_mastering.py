"""Mastering: one gain, soft ends, nothing clipped, nothing left behind."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.cue import Layer
from foley_core.errors import Cancelled, DiskFull, OutputDenied
from foley_core.mastering.limiter import MOST_DB
from foley_core.mastering.loudness import SHORTEST, Loudness, Meter
from foley_core.mastering.mastering import CEILING, Mastering, choose_gain, master, require_disk_space
from foley_core.mastering.working_sound import WorkingSound
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


LAYERS: tuple[Layer, ...] = ("hits", "movement", "ambience")


def knocking(working: WorkingSound, seconds: int = 6, level: float = 0.4) -> None:
    """Dry knocks, a hum and a hiss, each in its layer."""
    chance = np.random.default_rng(4)
    time = np.arange(SAMPLE_RATE)
    ring = np.exp(-time / 600) * np.sin(time / 15)
    for _ in range(seconds):
        parts = (level * ring, 0.02 * np.sin(time / 50), chance.normal(0, 0.003, SAMPLE_RATE))
        working.add(
            {
                layer: np.stack([part, 0.8 * part], 1).astype(np.float32)
                for layer, part in zip(LAYERS, parts, strict=True)
            }
        )


def written(working: WorkingSound, done: Mastering, layer: Layer | None = None) -> np.ndarray:
    return np.concatenate(list(working.read(layer, done.gain, done.ceiling)))


@pytest.mark.parametrize("apart", [False, True])
def test_limited_stems_add_up_to_the_mix_as_files_of_24_bits(tmp_path: Path, apart: bool) -> None:
    with WorkingSound(tmp_path, LAYERS, apart=apart) as working:
        knocking(working)
        done = master(working, -16.0)
        mix, *stems = (np.rint(written(working, done, layer) * 2**23) for layer in (None, *LAYERS))
    assert done.limited_db > 3
    assert np.array_equal(sum(stems), mix)


@pytest.mark.parametrize("wanted", [-20.0, -18.0, -16.0])
def test_a_loudness_that_peaks_stand_in_the_way_of_is_reached_with_a_limiter(
    tmp_path: Path, wanted: float
) -> None:
    with WorkingSound(tmp_path, ()) as working:
        knocking(working)
        done = master(working, wanted)
        reading = measure(written(working, done))
    assert done.limited_db > 0
    assert 0 < done.limited_share < 0.5
    assert done.lufs == pytest.approx(wanted, abs=0.11)
    assert reading.lufs == pytest.approx(done.lufs, abs=0.02)
    assert reading.true_peak_db == pytest.approx(done.true_peak, abs=0.001)
    assert CEILING - 0.15 < (reading.true_peak_db or 0) < CEILING


def test_where_limiting_would_gain_nothing_nothing_is_limited(tmp_path: Path) -> None:
    """A click of one sample is as loud as its peak is high."""
    click = np.zeros((2 * SAMPLE_RATE, 2), np.float32)
    click[SAMPLE_RATE] = 0.5
    with WorkingSound(tmp_path, ()) as working:
        working.add({"hits": click})
        done = master(working, -16.0)
    assert (done.ceiling, done.limited_db) == (None, 0.0)
    assert done.true_peak == pytest.approx(CEILING, abs=0.1)


def test_no_more_is_limited_than_the_most_and_then_the_loudness_is_missed(tmp_path: Path) -> None:
    with WorkingSound(tmp_path, ()) as working:
        knocking(working)
        done = master(working, -5.0)
        reading = measure(written(working, done))
    assert done.limited_db == pytest.approx(MOST_DB, abs=0.1)
    assert done.lufs is not None
    assert done.lufs < -5.5
    assert reading.lufs == pytest.approx(done.lufs, abs=0.02)
    assert (reading.true_peak_db or 0) < CEILING


@pytest.mark.parametrize(("wanted", "level"), [(None, 0.4), (None, 4.0), (-35.0, 0.4), (-35.0, 4.0)])
def test_where_the_ceiling_is_not_in_the_way_nothing_is_limited(
    tmp_path: Path, wanted: float | None, level: float
) -> None:
    with WorkingSound(tmp_path, ()) as working:
        knocking(working, level=level)
        done = master(working, wanted)
    assert (done.ceiling, done.limited_db, done.limited_share) == (None, 0.0, 0.0)


def test_the_search_for_the_gain_can_be_watched_and_given_up(tmp_path: Path) -> None:
    told: list[float] = []
    with WorkingSound(tmp_path, ()) as working:
        knocking(working)
        master(working, -16.0, told.append)
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] <= 1

    def give_up(share: float) -> None:
        raise Cancelled

    with WorkingSound(tmp_path, ()) as working:
        knocking(working)
        with pytest.raises(Cancelled):
            master(working, -16.0, give_up)


def test_the_memory_for_limiting_does_not_grow_with_the_length(tmp_path: Path) -> None:
    def peak(seconds: int) -> int:
        with WorkingSound(tmp_path, LAYERS, apart=True) as working:
            knocking(working, seconds)
            tracemalloc.start()
            try:
                done = master(working, -16.0)
                for layer in (None, *LAYERS):
                    for _ in working.read(layer, done.gain, done.ceiling):
                        pass
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    assert peak(40) <= 1.05 * peak(4) + 50_000


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
