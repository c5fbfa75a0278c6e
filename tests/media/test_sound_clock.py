"""Sound lies where its times say, unless a single one is wrong, is missing, or is of another world."""

from __future__ import annotations

import functools
import tempfile
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import av
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.media.sound import sound
from foley_core.media.sound_clock import SoundClock, Stretch
from foley_core.timecode import SAMPLE_RATE
from tests.media.sound_files import Track, Wave, clicks, write_tracks

RATE = SAMPLE_RATE


def heard(path: Path, start: Fraction = Fraction(0), end: Fraction | None = None) -> tuple[Wave, list[str]]:
    notes: list[str] = []
    blocks = list(sound(path, start, end, on_note=notes.append))
    return np.concatenate([np.zeros((0, 2), np.float32), *blocks]), notes


def knocks(seconds: float, seed: int = 1) -> Wave:
    """Soft noise and a hard knock every half second: what makes Vorbis change between its block sizes."""
    chance = np.random.default_rng(seed)
    wave = chance.normal(0, 1e-4, round(seconds * RATE)).astype(np.float32)
    for at in range(RATE // 4, len(wave) - RATE // 10, RATE // 2):
        wave[at : at + 4800] += chance.normal(0, 0.2, 4800) * np.exp(-np.arange(4800) / 480)
    return np.stack([wave, wave], axis=1)


@settings(max_examples=15, deadline=None)
@given(
    seconds=st.floats(0.3, 12),
    seed=st.integers(0, 99),
    rate=st.sampled_from([48_000, 44_100]),
    level=st.sampled_from([0.1, 0.4, 0.9]),
)
def test_ogg_vorbis_is_what_libsndfile_decodes(seconds: float, seed: int, rate: int, level: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "knocks.ogg"
        soundfile.write(path, knocks(seconds, seed), rate, compression_level=level)
        truth, _ = soundfile.read(path, dtype="float32")
        samples, notes = heard(path)
        assert notes == []
        # Of a file of a single page FFmpeg gives a little more or less at the end.
        assert -128 <= len(samples) * rate / RATE - len(truth) + 1 <= 1025
        if rate == RATE:
            shorter = min(len(samples), len(truth))
            np.testing.assert_allclose(samples[:shorter], truth[:shorter], rtol=0, atol=1e-5)


def test_a_stretch_of_ogg_vorbis_is_cut_out_of_the_same_sound(tmp_path: Path) -> None:
    path = tmp_path / "knocks.ogg"
    soundfile.write(path, knocks(12), RATE)
    whole, _ = heard(path)
    for start in (Fraction(3), Fraction(16, 3), Fraction(8)):
        part, _ = heard(path, start, start + 2)
        np.testing.assert_allclose(part, whole[int(start * RATE) :][: 2 * RATE], atol=1e-5)


@pytest.mark.parametrize("codec", ["wmav1", "wmav2"])
def test_wma_is_read_to_its_end_and_lies_in_its_place(codec: str, tmp_path: Path) -> None:
    wave = knocks(3)
    alone = write_tracks(tmp_path / "a.wma", Track(wave, codec=codec), block=2048)
    film = write_tracks(tmp_path / "a.wmv", Track(wave, codec=codec), picture=75, block=2048)
    for path in (alone, film):
        samples, _ = heard(path)
        assert 0 <= len(samples) - len(wave) < 4096 or path == film
        assert abs(lag(samples, wave)) <= 24  # half a millisecond: what the container rounds to


def lag(samples: Wave, wave: Wave) -> int:
    """How much later `samples` are than `wave`."""
    size = 2 ** (len(samples) + len(wave)).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(samples[:, 0], size) * np.conj(np.fft.rfft(wave[:, 0], size)))
    most = int(likeness.argmax())
    return most if most < size // 2 else most - size


@pytest.mark.parametrize(
    ("name", "codec", "off"),
    [
        ("a.wav", "pcm_s24le", 0),
        ("a.flac", "flac", 0),
        ("a.mka", "flac", 0),
        ("a.mka", "pcm_s16le", 0),
        ("a.m4a", "alac", 0),
        ("a.m4a", "aac", 1),
        ("a.mp3", "libmp3lame", 1),
        ("a.opus", "libopus", 1),
        ("a.mka", "libopus", 24),
        ("a.webm", "libopus", 24),
        ("a.mov", "pcm_s24le", 0),
        ("a.caf", "pcm_s24le", 0),
        ("a.aiff", "pcm_s16be", 0),
        ("a.wma", "wmav2", 24),
        ("a.w64", "pcm_s24le", 0),
        ("a.au", "pcm_s16be", 0),
        ("a.wv", "wavpack", 0),
        ("a.tta", "tta", 0),
    ],
)
def test_every_container_and_codec_keeps_the_place(name: str, codec: str, off: int, tmp_path: Path) -> None:
    wave = knocks(4)
    samples, notes = heard(write_tracks(tmp_path / name, Track(wave, codec=codec), block=960))
    assert abs(lag(samples, wave)) <= off
    assert notes == []


def placed(stated: list[int | None], length: int = 1000) -> list[int]:
    """Where stretches of `length` samples come to lie, whose times are stated so."""
    block = np.zeros((length, 2), np.float32)
    stretches = (Stretch(None if at is None else Fraction(at, RATE), block) for at in stated)
    clock = SoundClock(RATE, Fraction(1, RATE), Fraction(0))
    return [at for at, _ in clock.place(stretches)]


STEADY = [1000 * n for n in range(100)]


@settings(max_examples=100, deadline=None)
@given(
    wrong=st.dictionaries(st.integers(1, 97), st.none() | st.integers(-(10**12), 10**12), max_size=20),
)
def test_single_times_that_are_wrong_or_missing_move_nothing(wrong: dict[int, int | None]) -> None:
    stated = [wrong.get(number, at) for number, at in enumerate(STEADY)]
    assert placed(stated) == STEADY


def test_times_missing_at_the_end_or_everywhere_follow_the_one_before() -> None:
    assert placed([0, 1000, None, None]) == [0, 1000, 2000, 3000]
    assert placed([None, None, 2000, 3000]) == [0, 1000, 2000, 3000]
    assert placed([None, None]) == [0, 1000]


@settings(max_examples=100, deadline=None)
@given(gaps=st.dictionaries(st.integers(1, 99), st.integers(500, 10**7), max_size=5))
def test_times_that_jump_and_stay_so_are_pauses(gaps: dict[int, int]) -> None:
    truth = [at + sum(gap for number, gap in gaps.items() if number <= at // 1000) for at in STEADY]
    assert placed(list(truth)) == truth


WAVE = clicks(2 * RATE, [10_000, 60_000, 90_000])[:, None]


@functools.cache
def jumping(gap: int, at: int, suffix: str = ".mka", picture: int | None = None) -> tuple[Wave, list[str]]:
    """What is heard of two seconds whose clock jumps by `gap` samples before sample `at`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"jump{suffix}"
        return heard(write_tracks(path, Track(WAVE, times={at: at + gap}), picture=picture))


@settings(max_examples=25, deadline=None)
@given(
    gap=st.integers(1, 2_000_000_000).map(lambda ms: ms * 48), at=st.integers(1, 199).map(lambda n: n * 480)
)
def test_a_pause_costs_no_more_than_a_minute_however_long_it_is(gap: int, at: int) -> None:
    begun = perf_counter()
    samples, notes = jumping(gap, at)
    assert perf_counter() - begun < 10
    believed = gap if gap <= 60 * RATE else 0
    expected = [click + (believed if click >= at else 0) for click in (10_000, 60_000, 90_000)]
    found = np.flatnonzero(samples[:, 0] > 0.1)
    assert np.abs(found - expected).max() <= (0 if gap > 96 else 96)
    assert len(samples) <= 2 * RATE + 60 * RATE
    assert len(notes) == (gap > 60 * RATE)
    assert not notes or f"jumps by +{gap / RATE:.3f} s, {at / RATE:.3f} s after" in notes[0]


@settings(max_examples=100, deadline=None)
@given(gap=st.integers(-(10**12), 10**12), at=st.integers(1, 99))
def test_a_clock_of_another_world_is_told_and_loses_no_sound(gap: int, at: int) -> None:
    """Also one that jumps back, which no muxer here would write."""
    notes: list[str] = []
    block = np.zeros((1000, 2), np.float32)
    times = [1000 * n + (gap if n >= at else 0) for n in range(100)]
    stretches = (Stretch(Fraction(at, RATE), block) for at in times)
    clock = SoundClock(RATE, Fraction(1, RATE), Fraction(0), lambda: Fraction(60), notes.append)
    found = [at for at, _ in clock.place(stretches)]
    slack = 48
    if -RATE <= gap <= 60 * RATE:
        assert found == (STEADY if abs(gap) <= slack else times)
        assert notes == []
    else:
        assert found == STEADY
        assert f"jumps by {gap / RATE:+.3f} s" in notes[0]


@pytest.mark.parametrize("suffix", [".mkv", ".mov"])
@pytest.mark.parametrize("start", [1_750_000_000, 95_443, 200])
def test_sound_that_carries_the_time_of_day_begins_with_the_picture(
    suffix: str, start: int, tmp_path: Path
) -> None:
    path = write_tracks(tmp_path / f"day{suffix}", Track(WAVE, times={0: start * RATE}), picture=50)
    begun = perf_counter()
    samples, notes = heard(path)
    assert np.flatnonzero(samples[:, 0] > 0.1).tolist() == [10_000, 60_000, 90_000]
    assert len(samples) == 2 * RATE
    assert f"begins {start}.000 s after its picture" in notes[0]
    part, _ = heard(path, Fraction(1), Fraction(2))
    assert np.flatnonzero(part[:, 0] > 0.1).tolist() == [12_000, 42_000]
    assert perf_counter() - begun < 5


def test_sound_that_begins_within_a_minute_of_the_picture_lies_where_it_says(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "late.mkv", Track(WAVE, times={0: 30 * RATE}), picture=50)
    samples, notes = heard(path)
    assert np.flatnonzero(samples[:, 0] > 0.1).tolist() == [30 * RATE + at for at in (10_000, 60_000, 90_000)]
    assert notes == []


def test_a_long_pause_is_believed_where_there_is_as_much_picture(tmp_path: Path) -> None:
    track = Track(WAVE, times={48_000: 48_000 + 70 * RATE})
    path = write_tracks(tmp_path / "pause.mkv", track, picture=80 * 25)
    samples, notes = heard(path)
    assert np.flatnonzero(samples[:, 0] > 0.1).tolist() == [10_000, 60_000 + 70 * RATE, 90_000 + 70 * RATE]
    assert notes == []


def test_a_range_of_a_film_is_read_by_its_times_whatever_the_clock_does(tmp_path: Path) -> None:
    track = Track(WAVE, times={48_000: 48_000 + 95_443 * RATE})
    path = write_tracks(tmp_path / "jump.mkv", track, picture=50)
    samples, notes = heard(path, Fraction(0), Fraction(2))
    assert np.flatnonzero(samples[:, 0] > 0.1).tolist() == [10_000]
    assert len(samples) == 2 * RATE
    assert notes == []
    with av.open(str(path)) as film:
        assert film.duration > 90_000 * 10**6
