"""Sound comes out where it lies against the picture, and exactly as long as asked for."""

from __future__ import annotations

import functools
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from foley_core.errors import MediaUnreadable
from foley_core.media.sound import sound
from foley_core.timecode import SAMPLE_RATE, sample_at
from tests.films import MAKES, Click, Make, draw_film, flash_film, steady_times
from tests.media.conftest import Draw

Samples = NDArray[np.float32]


def heard(path: Path, start: Fraction, end: Fraction) -> Samples:
    """All blocks as one."""
    blocks = list(sound(path, start, end))
    assert all(block.dtype == np.float32 and block.shape[1] == 2 for block in blocks)
    assert all(len(block) == SAMPLE_RATE for block in blocks[:-1])
    return np.concatenate([np.zeros((0, 2), np.float32), *blocks])


@functools.cache
def whole_of(path: Path) -> Samples:
    """From two seconds before the film to well after its end."""
    return heard(path, Fraction(-2), Fraction(13))


def click_of(samples: Samples, start: Fraction) -> int:
    """Media time of the loudest sample, in samples."""
    return sample_at(start) + int(np.abs(samples[:, 0]).argmax())


@pytest.mark.parametrize("variant", MAKES)
@pytest.mark.parametrize(("start", "end"), [(Fraction(0), Fraction(4)), (Fraction(7, 3), Fraction(3))])
def test_a_click_lies_where_it_was_put(variant: str, start: Fraction, end: Fraction, draw: Draw) -> None:
    film = draw(variant)
    assert film.click is not None
    coarse = 48 if variant == "webm" else 1  # Opus with the 1 ms of Matroska
    samples = heard(film.path, start, end)
    assert abs(click_of(samples, start) - film.click * SAMPLE_RATE) <= coarse


@pytest.mark.parametrize("rate", [8_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000])
@pytest.mark.parametrize("start", [Fraction(0), Fraction(1, 5), Fraction(-1, 2)])
def test_every_rate_and_start_keeps_the_click_within_a_sample(
    rate: int, start: Fraction, tmp_path: Path
) -> None:
    make = MAKES["prores"] if start >= 0 else Make(suffix=".mov", start=Fraction(1, 2))
    click = Click(Fraction(3, 2), start=start, rate=rate)
    film = draw_film(tmp_path / "film", make, Fraction(25), steady_times(Fraction(25), 2), (), click)
    assert film.click is not None
    for begin in (Fraction(-1), Fraction(0), Fraction(1001, 1000)):
        assert abs(click_of(heard(film.path, begin, Fraction(2)), begin) - film.click * SAMPLE_RATE) <= 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.fractions(-2, 9, max_denominator=1001), length=st.fractions(0, 4, max_denominator=30_000))
def test_any_stretch_is_cut_out_of_the_same_sound(draw: Draw, start: Fraction, length: Fraction) -> None:
    path = draw("prores").path
    whole = whole_of(path)
    part = heard(path, start, start + length)
    first = sample_at(start) + 2 * SAMPLE_RATE
    assert len(part) == sample_at(start + length) - sample_at(start)
    np.testing.assert_allclose(part, whole[first : first + len(part)], atol=1e-6)


def test_a_file_at_48_khz_comes_out_bit_for_bit(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, (120_000, 2)).astype(np.float32)
    path = tmp_path / "noise.wav"
    soundfile.write(path, noise, SAMPLE_RATE, subtype="FLOAT")
    np.testing.assert_array_equal(heard(path, Fraction(0), Fraction(5, 2)), noise)
    np.testing.assert_array_equal(heard(path, Fraction(1, 3), Fraction(2)), noise[16_000:96_000])


def test_before_and_after_the_sound_there_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "ones.wav"
    soundfile.write(path, np.full((SAMPLE_RATE, 2), 0.5, np.float32), SAMPLE_RATE, subtype="FLOAT")
    samples = heard(path, Fraction(-1), Fraction(5, 2))
    assert not samples[:SAMPLE_RATE].any()
    assert (samples[SAMPLE_RATE : 2 * SAMPLE_RATE] == 0.5).all()
    assert not samples[2 * SAMPLE_RATE :].any()
    assert not heard(path, Fraction(100), Fraction(101)).any()


def test_one_channel_goes_to_both_sides_at_its_level(tmp_path: Path) -> None:
    path = tmp_path / "mono.wav"
    soundfile.write(path, np.full(SAMPLE_RATE, 0.5, np.float32), SAMPLE_RATE, subtype="FLOAT")
    assert (heard(path, Fraction(0), Fraction(1)) == 0.5).all()


def test_surround_is_folded_down_and_keeps_left_and_right(tmp_path: Path) -> None:
    surround = np.zeros((SAMPLE_RATE, 6), np.float32)
    surround[1000, 0], surround[2000, 1], surround[3000, 2], surround[4000, 4] = 0.25, 0.25, 0.25, 0.25
    path = tmp_path / "surround.wav"
    soundfile.write(path, surround, SAMPLE_RATE, subtype="FLOAT", format="WAVEX")
    left, right = heard(path, Fraction(0), Fraction(1)).T
    assert (left[1000], right[1000]) == (0.25, 0)
    assert (left[2000], right[2000]) == (0, 0.25)
    assert left[3000] == right[3000] > 0.1
    assert left[4000] > 0.1


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp3", "libmp3lame"),
        ("a.flac", "flac"),
        ("a.aac", "aac"),
        ("a.m4a", "aac"),
        ("a.ogg", "libopus"),
        ("a.aiff", "pcm_s16be"),
        ("a.caf", "pcm_s16le"),
        ("a.ac3", "ac3"),
        ("a.mka", "pcm_s24le"),
        ("a.w64", "pcm_s24le"),
        ("a.au", "pcm_s16be"),
        ("a.wv", "wavpack"),
        ("a.tta", "tta"),
    ],
)
def test_every_kind_of_sound_file_is_read(name: str, codec: str, tmp_path: Path) -> None:
    path = tmp_path / name
    tone = 0.5 * np.sin(np.arange(2 * SAMPLE_RATE) * (2 * np.pi * 440 / SAMPLE_RATE))
    with av.open(str(path), "w") as output:
        track = output.add_stream(codec, rate=SAMPLE_RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.tile(tone.astype(np.float32), (2, 1)), "fltp", "stereo")
        frame.sample_rate = SAMPLE_RATE
        output.mux(track.encode(frame))
        output.mux(track.encode(None))
    for start in (Fraction(0), Fraction(1)):
        samples = heard(path, start, start + Fraction(1, 2))
        assert len(samples) == SAMPLE_RATE // 2
        assert abs(float(np.sqrt(np.mean(samples[4000:] ** 2))) - 0.3535) < 0.02


def test_a_gap_in_the_sound_is_silence_of_the_same_length(tmp_path: Path) -> None:
    path = tmp_path / "gap.mkv"
    with av.open(str(path), "w") as output:
        track = output.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="stereo")
        for second in (0, 2):
            ones = np.full((2, SAMPLE_RATE), 0.5, np.float32)
            frame = av.AudioFrame.from_ndarray(ones, "fltp", "stereo")
            frame.sample_rate, frame.pts = SAMPLE_RATE, second * SAMPLE_RATE
            output.mux(track.encode(frame))
        output.mux(track.encode(None))
    levels = np.abs(heard(path, Fraction(0), Fraction(4))).reshape(4, -1).mean(axis=1)
    np.testing.assert_allclose(levels, [0.5, 0, 0.5, 0], atol=1e-3)


def test_rounded_times_of_a_container_leave_no_holes(tmp_path: Path) -> None:
    path = tmp_path / "ones.mka"
    with av.open(str(path), "w") as output:
        track = output.add_stream("flac", rate=44_100, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.full((2, 5 * 44_100), 0.5, np.float32), "fltp", "stereo")
        frame.sample_rate, frame.pts = 44_100, 0
        output.mux(track.encode(frame))
        output.mux(track.encode(None))
    np.testing.assert_allclose(heard(path, Fraction(1), Fraction(4)), 0.5, atol=1e-3)


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    with pytest.raises(MediaUnreadable, match="no sound"):
        heard(flash_film(tmp_path / "film", seconds=1).path, Fraction(0), Fraction(1))
