"""The limiter: below the ceiling, true to the sample, the same whatever the blocks, and gentle."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.mastering.limiter import HOLD, LOOK_AHEAD, MOST_DB, RELEASE_DB, Gain, Read, limiter_gain
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE
from tests.core.test_loudness import bursts_like_speech, hits_with_silence_between, knocks, true_peak

CEILING = 0.885
CEILING_DB = 20 * np.log10(CEILING)


def reader(sound: Sound) -> Read:
    """Reads it, with silence beyond both ends."""

    def read(first: int, count: int) -> Sound:
        there = sound[max(first, 0) : max(first + count, 0)]
        before = min(max(-first, 0), count)
        return np.pad(there, ((before, count - before - len(there)), (0, 0)))

    return read


def gain_of(sound: Sound, cuts: tuple[int, ...] = ()) -> Gain:
    """The gain for the whole sound, asked for in the pieces that `cuts` make."""
    edges = sorted({0, len(sound), *(cut for cut in cuts if cut < len(sound))})
    pieces = [limiter_gain(reader(sound), one, other - one, CEILING) for one, other in pairwise(edges)]
    return np.concatenate(pieces)


def with_peak(sound: Sound, decibels: float) -> Sound:
    """Brought to a true peak so far above the ceiling."""
    return np.asarray(sound * 10 ** ((CEILING_DB + decibels - true_peak(sound)) / 20), np.float32)


def tone(hertz: float, level: float, seconds: float = 2.0) -> Sound:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.stack([wave, 0.6 * wave], axis=1).astype(np.float32)


def impulse(at: int = 20_000, level: float = 2.0) -> Sound:
    sound = np.zeros((48_000, 2), np.float32)
    sound[at, 1] = level
    return sound


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 50), st.lists(st.integers(1, 40_000), max_size=12), st.floats(0.5, 14))
def test_the_gain_has_the_same_bits_whatever_the_blocks(seed: int, cuts: list[int], over: float) -> None:
    sound = with_peak(knocks(40_001, seed), over)
    np.testing.assert_array_equal(gain_of(sound, tuple(cuts)), gain_of(sound))


def test_even_sample_by_sample_the_gain_has_the_same_bits() -> None:
    sound = with_peak(knocks(2_000), 9)
    np.testing.assert_array_equal(gain_of(sound, tuple(range(2_000))), gain_of(sound))


@pytest.mark.parametrize(
    ("make", "meters_differ"),
    [(hits_with_silence_between, 0.02), (lambda: knocks(200_003), 0.05), (bursts_like_speech, 0.3)],
)
@pytest.mark.parametrize("over", [0.5, 3.0, 9.0, 11.8])
def test_no_true_peak_passes_the_ceiling(
    make: Callable[[], Sound], over: float, meters_differ: float
) -> None:
    """Of noise up to half the sample rate two meters see different peaks, by up to 0.3 dB."""
    sound = with_peak(make(), over)
    limited = sound * gain_of(sound)[:, None]
    assert true_peak(limited) <= CEILING_DB + meters_differ
    assert true_peak(limited) >= CEILING_DB - 0.1


def test_a_sound_below_the_ceiling_keeps_its_bits() -> None:
    assert (gain_of(with_peak(bursts_like_speech(), -0.1)) == 1).all()
    assert (gain_of(np.zeros((5_000, 2), np.float32)) == 1).all()


@pytest.mark.parametrize("level", [1.0, 2.0, 100.0])
def test_never_more_is_taken_away_than_the_most(level: float) -> None:
    taken = -20 * np.log10(gain_of(impulse(level=level)).min())
    assert taken == pytest.approx(min(20 * np.log10(level / CEILING), MOST_DB), abs=0.001)


def test_the_gain_falls_just_before_a_peak_and_is_back_soon_behind_it() -> None:
    gain = gain_of(impulse())
    (lower,) = np.nonzero(gain < 1)
    taken = 20 * np.log10(2.0 / CEILING)
    assert 20_000 - LOOK_AHEAD - 2 <= lower[0] < 20_000
    assert lower[-1] <= 20_000 + LOOK_AHEAD + 2 + taken / RELEASE_DB * SAMPLE_RATE
    assert gain[20_000] == gain.min()
    assert np.abs(np.diff(20 * np.log10(gain))).max() < 0.3


def test_between_two_peaks_of_a_wave_the_gain_stays_where_it_is() -> None:
    near, far = impulse(20_000), impulse(20_000)
    near[20_000 + HOLD, 0] = far[20_000 + 4 * HOLD, 0] = 2.0
    assert np.ptp(gain_of(near)[20_000 : 20_001 + HOLD]) < 1e-6
    assert gain_of(far)[20_000 + 2 * HOLD] == 1


@pytest.mark.parametrize("hertz", [40, 50, 97, 440, 1_000, 5_000, 12_000])
def test_three_decibels_too_loud_a_tone_stays_pure(hertz: int) -> None:
    """What is no longer the tone lies 90 dB below it; the limiter has become a plain gain."""
    sound = tone(hertz, CEILING * 10 ** (3 / 20))
    limited = (sound * gain_of(sound)[:, None])[SAMPLE_RATE // 2 : -SAMPLE_RATE // 2, 0].astype(np.float64)
    power = np.abs(np.fft.rfft(limited * np.hanning(len(limited)))) ** 2
    fundamental = power[hertz - 3 : hertz + 4].sum()
    assert 10 * np.log10((power.sum() - fundamental) / fundamental) < -90


def test_a_quiet_sound_between_loud_ones_is_left_alone() -> None:
    """Three decibels are taken from knocks a second apart; 98 % of the time nothing happens."""
    sound = with_peak(hits_with_silence_between(), 3)
    assert (gain_of(sound) == 1).mean() > 0.98
