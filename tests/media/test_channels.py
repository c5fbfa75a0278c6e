"""Channels that have a place are folded down; those without are equal tracks, and none is lost."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from foley_core.media.sound import sound
from foley_core.timecode import SAMPLE_RATE
from tests.media.sound_files import Wave, clicks, one_of, write_masked

LENGTH, AT = 12_000, 5_000


def heard(path: Path) -> tuple[Wave, list[str]]:
    """The whole sound, and what was said of it."""
    notes: list[str] = []
    return np.concatenate(list(sound(path, Fraction(0), None, on_note=notes.append))), notes


@pytest.mark.parametrize("channels", range(3, 65))
def test_the_one_channel_that_sounds_goes_to_both_sides_at_its_level(channels: int, tmp_path: Path) -> None:
    for channel in {0, 3 % channels, 6 % channels, channels - 1}:
        wave = one_of(channels, channel, clicks(LENGTH, [AT]))
        samples, notes = heard(write_masked(tmp_path / "many.wav", wave, None))
        np.testing.assert_array_equal(samples, np.repeat(clicks(LENGTH, [AT])[:, None], 2, axis=1))
        assert notes == [f"{channels} channels of many.wav have no place: channel {channel + 1} is taken."]


@pytest.mark.parametrize("channels", [3, 4, 6, 9, 32])
def test_two_channels_that_sound_are_left_and_right(channels: int, tmp_path: Path) -> None:
    left, right = clicks(LENGTH, [AT]), clicks(LENGTH, [AT + 50], 0.25)
    wave = one_of(channels, 1, left) + one_of(channels, channels - 1, right)
    samples, notes = heard(write_masked(tmp_path / "many.wav", wave, None))
    np.testing.assert_array_equal(samples, np.stack([left, right], axis=1))
    assert f"channels 2 and {channels} are taken as left and right" in notes[0]


@pytest.mark.parametrize("channels", [3, 6, 12])
def test_more_channels_that_sound_are_mixed_and_cannot_clip(channels: int, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, (LENGTH, channels)).astype(np.float32)
    samples, notes = heard(write_masked(tmp_path / "many.wav", noise, None))
    np.testing.assert_allclose(samples[:, 0], noise.mean(axis=1), atol=1e-6)
    np.testing.assert_array_equal(samples[:, 0], samples[:, 1])
    assert "all are mixed" in notes[0]


def test_what_an_open_input_leaves_in_a_channel_is_not_mixed_in(tmp_path: Path) -> None:
    hum = np.random.default_rng(1).uniform(-2e-3, 2e-3, LENGTH).astype(np.float32)
    wave = one_of(6, 0, hum) + one_of(6, 5, clicks(LENGTH, [AT]))
    samples, _ = heard(write_masked(tmp_path / "many.wav", wave, None))
    np.testing.assert_array_equal(samples[:, 0], clicks(LENGTH, [AT]))


def test_silence_in_all_channels_is_silence(tmp_path: Path) -> None:
    samples, notes = heard(write_masked(tmp_path / "many.wav", np.zeros((LENGTH, 8), np.float32), None))
    assert samples.shape == (LENGTH, 2)
    assert not samples.any()
    assert notes == ["8 channels of many.wav have no place: all are silent."]


@pytest.mark.parametrize("channels", [1, 2])
def test_one_and_two_channels_are_left_alone_with_a_mask_or_without(channels: int, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, (LENGTH, channels)).astype(np.float32)
    for mask in (None, 4 if channels == 1 else 3, 0, 1 if channels == 1 else 3):
        samples, notes = heard(write_masked(tmp_path / "few.wav", noise, mask))
        np.testing.assert_array_equal(samples, np.repeat(noise, 3 - channels, axis=1))
        assert notes == []


@pytest.mark.parametrize("mask", [0x3F, 0x60F, 0x63F, 0xFF, 0x33, 0x107, 0x7, 0x3F | 0x100])
def test_channels_with_places_are_folded_down_as_ffmpeg_does_to_the_bit(mask: int, tmp_path: Path) -> None:
    channels = mask.bit_count()
    noise = np.random.default_rng(1).uniform(-1, 1, (LENGTH, channels)).astype(np.float32)
    path = write_masked(tmp_path / "surround.wav", noise, mask)
    resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
    with av.open(str(path)) as film:
        parts = [p.to_ndarray() for frame in film.decode(audio=0) for p in resampler.resample(frame)]
    samples, notes = heard(path)
    np.testing.assert_array_equal(samples, np.concatenate(parts, axis=1).T)
    assert notes == []


@pytest.mark.parametrize(
    "mask", [3 | 1 << bit for bit in (2, *range(4, 18), 31)] + [0x2D63F, 0x3FFFF, 0x30, 5]
)
def test_no_place_that_a_mask_can_name_is_silent_or_refused(mask: int, tmp_path: Path) -> None:
    bits = [bit for bit in range(32) if mask >> bit & 1]
    for channel in (number for number, bit in enumerate(bits) if bit != 3):  # 3: low frequency effects
        wave = one_of(len(bits), channel, clicks(LENGTH, [AT]))
        samples, _ = heard(write_masked(tmp_path / "odd.wav", wave, mask))
        assert np.abs(samples).max(axis=1).argmax() == AT
        assert 0.24 < np.abs(samples).max() <= 0.5


def test_a_mask_that_does_not_fit_the_channels_is_none(tmp_path: Path) -> None:
    for channels, mask in itertools.product((4, 9), (0, 0x3, 0xFF)):
        wave = one_of(channels, 2, clicks(LENGTH, [AT]))
        samples, _ = heard(write_masked(tmp_path / "odd.wav", wave, mask))
        assert (samples[AT] == 0.5).all()


@pytest.mark.parametrize(
    ("suffix", "subtype"),
    [
        (".wav", "PCM_16"),
        (".wav", "PCM_24"),
        (".wav", "PCM_32"),
        (".wav", "PCM_U8"),
        (".wav", "FLOAT"),
        (".wav", "DOUBLE"),
        (".rf64", "PCM_24"),
        (".aiff", "PCM_24"),
        (".caf", "PCM_24"),
    ],
)
def test_every_width_and_form_of_many_channels_is_read(suffix: str, subtype: str, tmp_path: Path) -> None:
    path = tmp_path / f"many{suffix}"
    soundfile.write(path, one_of(9, 6, clicks(LENGTH, [AT])), SAMPLE_RATE, subtype)
    samples, _ = heard(path)
    assert np.abs(samples - np.repeat(clicks(LENGTH, [AT])[:, None], 2, axis=1)).max() < 1e-6


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_many_channels_at_another_rate_lie_in_the_same_place(rate: int, tmp_path: Path) -> None:
    path = tmp_path / "many.wav"
    soundfile.write(path, one_of(9, 6, clicks(rate, [rate // 2])), rate, "PCM_24")
    samples, _ = heard(path)
    assert abs(int(np.abs(samples[:, 1]).argmax()) - SAMPLE_RATE // 2) <= 1


def test_samples_that_are_no_numbers_are_silent_and_spoil_nothing(tmp_path: Path) -> None:
    for channels in (1, 2, 9):
        wave = one_of(channels, 0, clicks(LENGTH, [AT]))
        wave[100:103, 0] = np.nan, np.inf, -np.inf
        samples, _ = heard(write_masked(tmp_path / "broken.wav", wave, None))
        np.testing.assert_array_equal(samples[:, 0], clicks(LENGTH, [AT]))
