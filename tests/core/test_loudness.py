"""Loudness and true peak against two oracles: pyloudnorm (BS.1770-4), and four-fold oversampling by scipy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import firwin, lfilter, resample_poly

import foley_core
from foley_core.cue import Cue
from foley_core.engines.engine import Block, Brief, Performance
from foley_core.mastering.limiter import MOST_DB
from foley_core.mastering.loudness import SHORTEST, Loudness, Meter
from foley_core.picture.spotting import Spotting
from foley_core.take import Take
from tests.films import flash_film

Make = Callable[[], np.ndarray]
TakeOf = Callable[..., tuple[Take, np.ndarray]]

RATE, SECONDS = 48_000, 4
SAMPLES = RATE * SECONDS
STEP = RATE // 10
CEILING = -1.0

BS1770 = pyloudnorm.Meter(RATE, filter_class="DeMan")
"""With the Recommendation's own filters; pyloudnorm's default ones are an approximation of them."""


@dataclass
class Player:
    """An engine that plays one sound, in blocks of uneven length, whatever it is asked for."""

    sound: np.ndarray
    name: str = "player"
    version: str = "1"
    device: str = "CPU"

    def load(self) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """The sound's beginning, as long as the brief says."""
        return Performance(blocks=self._blocks(brief))

    def _blocks(self, brief: Brief) -> Iterator[Block]:
        for first in range(0, brief.samples, 30_011):
            yield {"hits": self.sound[first : min(first + 30_011, brief.samples)]}


class Known:
    """A store that knows every stretch already, and has nothing in it: no frame need be watched."""

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting:
        """What was kept."""
        return Spotting(start=start, end=end, impacts=(), frames=0)

    def keep(self, media: Path, spotting: Spotting) -> None:
        """Nothing new is ever kept."""


def noise() -> np.ndarray:
    return np.random.default_rng(1).normal(0, 0.05, (SAMPLES, 2)).astype(np.float32)


def bursts_like_speech() -> np.ndarray:
    """Syllables of noise that falls with frequency, four a second, in phrases of two seconds."""
    time = np.arange(SAMPLES) / RATE
    syllables = np.sin(np.pi * 4 * time) ** 2 * (time % 3 < 2)
    white = np.random.default_rng(2).normal(0, 1, (SAMPLES, 2))
    fallen = lfilter([0.1], [1, -0.9], white, axis=0)
    return (0.3 * fallen * syllables[:, None]).astype(np.float32)


def hits_with_silence_between() -> np.ndarray:
    """One ring each 1.5 s that dies away; the gate has to leave the silence out."""
    time = np.arange(SAMPLES) / RATE % 1.5
    ring = 0.5 * np.exp(-time / 0.04) * np.sin(2 * np.pi * 900 * time)
    return np.stack([ring, ring], axis=1).astype(np.float32)


def far_to_one_side() -> np.ndarray:
    return noise() * np.array([2.0, 0.05], np.float32)


def rumble_and_hiss() -> np.ndarray:
    """Where the weighting falls and where it rises most."""
    time = np.arange(SAMPLES) / RATE
    left, right = 0.3 * np.sin(2 * np.pi * 45 * time), 0.02 * np.sin(2 * np.pi * 9_000 * time)
    return np.stack([left, right], axis=1).astype(np.float32)


def loud_then_quiet() -> np.ndarray:
    """The second half lies 15 dB below the first: under the relative gate."""
    return noise() * np.where(np.arange(SAMPLES) < SAMPLES / 2, 1, 0.18)[:, None].astype(np.float32)


SOUNDS: list[Make] = [
    noise,
    bursts_like_speech,
    hits_with_silence_between,
    far_to_one_side,
    rumble_and_hiss,
    loud_then_quiet,
]


def between_samples(level: float = 0.5, samples: int = SAMPLES) -> np.ndarray:
    """A sine at a quarter of the sample rate whose peaks, at `level`, all lie between two samples.

    It comes and goes within 2 ms: an edge would overshoot.
    """
    place = np.arange(samples)
    edge = np.clip(np.minimum(place, samples - 1 - place) / 96, 0, 1)
    wave = level * np.sin(np.pi / 2 * place + np.pi / 4) * np.sin(np.pi / 2 * edge) ** 2
    return np.stack([wave, wave], axis=1).astype(np.float32)


def measured(sound: np.ndarray, step: int = 4_799) -> Loudness:
    meter = Meter()
    for first in range(0, len(sound), step):
        meter.feed(sound[first : first + step])
    return meter.reading()


def true_peak(sound: np.ndarray) -> float:
    """dBTP as BS.1770-4, annex 2 describes it: the highest sample after four-fold oversampling."""
    low_pass = firwin(511, 0.24, window=("kaiser", 9.0))
    fine = resample_poly(sound.astype(np.float64), 4, 1, axis=0, window=low_pass)
    return float(20 * np.log10(np.abs(fine).max()))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds in which nothing is to be heard."""
    return flash_film(tmp_path_factory.mktemp("film") / "film.mp4", rate=24, seconds=SECONDS).path


@pytest.fixture
def take_of(film: Path, tmp_path: Path) -> TakeOf:
    """Makes the take of a sound; gives it and what was written."""

    def generated(sound: np.ndarray, **changes: object) -> tuple[Take, np.ndarray]:
        cue = Cue(**({"media": str(film), "seed": 1, "layers": ("hits",)} | changes))  # type: ignore[arg-type]
        take = foley_core.generate(cue, tmp_path / "take.wav", engine=Player(sound), store=Known())
        return take, soundfile.read(take.path, dtype="float64")[0]

    return generated


@pytest.mark.parametrize("make", SOUNDS)
def test_integrated_loudness_agrees_with_the_oracle(make: Make) -> None:
    sound = make()
    assert measured(sound).lufs == pytest.approx(BS1770.integrated_loudness(sound), abs=0.1)


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("make", SOUNDS)
def test_a_take_has_the_loudness_asked_for(take_of: TakeOf, make: Make, bits: int) -> None:
    take, written = take_of(make(), loudness=-31.0, bits=bits)
    assert BS1770.integrated_loudness(written) == pytest.approx(-31.0, abs=0.1)
    assert take.lufs == pytest.approx(-31.0, abs=0.1)


@pytest.mark.parametrize("wanted", [-40.0, -27.0, -23.0, -16.0])
def test_loudness_is_reached_whatever_was_asked(take_of: TakeOf, wanted: float) -> None:
    _, written = take_of(noise(), loudness=wanted)
    assert BS1770.integrated_loudness(written) == pytest.approx(wanted, abs=0.1)


def test_loudness_that_the_ceiling_does_not_allow_is_answered_as_it_came_out(
    take_of: TakeOf,
) -> None:
    take, written = take_of(hits_with_silence_between(), loudness=-6.0)
    assert take.lufs is not None
    assert take.lufs < -7
    assert take.lufs == pytest.approx(BS1770.integrated_loudness(written), abs=0.1)
    assert take.true_peak == pytest.approx(CEILING, abs=0.1)
    assert true_peak(written) <= CEILING


@pytest.mark.parametrize(
    ("make", "wanted"),
    [(hits_with_silence_between, -11.0), (lambda: knocks(SAMPLES), -14.0), (bursts_like_speech, -12.0)],
)
@pytest.mark.parametrize("bits", [16, 24])
def test_loudness_is_reached_by_limiting_peaks_where_they_are_in_the_way(
    take_of: TakeOf, make: Make, wanted: float, bits: int
) -> None:
    take, written = take_of(make(), loudness=wanted, bits=bits)
    assert take.limited_db > 0.5
    assert 0 < take.limited_share < 1
    assert oracle(written) == pytest.approx(wanted, abs=0.2)
    assert take.lufs == pytest.approx(oracle(written), abs=0.1)
    assert true_peak(written) < CEILING
    assert take.missed_loudness() == ""


def test_loudness_that_no_good_limiter_reaches_is_said_to_be_missed(take_of: TakeOf) -> None:
    take, written = take_of(hits_with_silence_between() ** 3, loudness=-6.0)
    assert take.limited_db == pytest.approx(MOST_DB, abs=0.1)
    assert take.missed_loudness().startswith("-6.0 LUFS asked for, but its peaks, limited by up to 2")
    assert true_peak(written) < CEILING


@pytest.mark.parametrize(
    ("sound", "changes", "words"),
    [
        (noise(), {"out_point": Fraction(3, 10)}, "The take is shorter than 0.4 s"),
        (noise(), {"out_point": Fraction(3, 10), "loudness": -23.0}, "The take is shorter than 0.4 s"),
        (
            noise() * np.float32(1e-3),
            {"loudness": -23.0},
            "The take is too quiet to be brought to -23.0 LUFS",
        ),
        (np.zeros((SAMPLES, 2), np.float32), {"loudness": -23.0}, "The take is silent"),
        (noise(), {"loudness": -23.0}, ""),
        (noise(), {}, ""),
        (np.zeros((SAMPLES, 2), np.float32), {}, "The take is silent"),
    ],
)
def test_a_take_tells_why_it_has_not_the_loudness_asked_for(
    take_of: TakeOf, sound: np.ndarray, changes: dict[str, object], words: str
) -> None:
    take, _ = take_of(sound, **changes)
    missed = take.missed_loudness()
    assert missed.startswith(words)
    assert bool(missed) == bool(words)


@pytest.mark.parametrize("wanted", [None, -20.0, -30.0])
def test_the_gain_is_one_and_constant(take_of: TakeOf, wanted: float | None) -> None:
    sound = bursts_like_speech()
    take, written = take_of(sound, loudness=wanted)
    inner = slice(RATE, SAMPLES - RATE)
    loud = np.abs(sound[inner]) > 0.01
    gains = written[inner][loud] / sound[inner][loud]
    np.testing.assert_allclose(gains, 10 ** (take.gain_db / 20), rtol=1e-4)


def test_without_a_loudness_the_engines_level_stays(
    take_of: TakeOf,
) -> None:
    take, written = take_of(noise())
    assert take.gain_db == 0
    assert take.lufs == pytest.approx(BS1770.integrated_loudness(written), abs=0.1)


def knocks(samples: int, seed: int = 3) -> np.ndarray:
    """Rings at random times, which die away within a fifth of a second or so, over a little noise."""
    chance = np.random.default_rng(seed)
    sound = chance.normal(0, 0.003, samples)
    for at in np.sort(chance.integers(0, samples, max(2, samples // 20_000))):
        time = np.arange(min(samples - at, 12_000)) / RATE
        hertz, level = chance.uniform(200, 4_000), chance.uniform(0.1, 0.7)
        sound[at : at + len(time)] += level * np.exp(-time / 0.05) * np.sin(2 * np.pi * hertz * time)
    return np.stack([sound, 0.7 * sound], axis=1).astype(np.float32)


def oracle(sound: np.ndarray) -> float:
    """By pyloudnorm, of whole gating blocks alone: BS.1770-4 leaves out what is incomplete at the end."""
    return float(BS1770.integrated_loudness(sound[: len(sound) // STEP * STEP]))


@settings(max_examples=30, deadline=None)
@given(st.integers(SHORTEST, 4 * RATE), st.integers(1, 20_000))
def test_a_sound_of_any_length_has_the_loudness_of_its_whole_gating_blocks(samples: int, step: int) -> None:
    sound = knocks(samples, samples)
    assert measured(sound, max(step, samples // 50)).lufs == pytest.approx(oracle(sound), abs=0.1)


@pytest.mark.parametrize("rest", [0, 1, 2, 100, 2_399, 2_400, 4_798, 4_799])
@pytest.mark.parametrize("tenths", [4, 5, 11, 47])
def test_whatever_the_rest_at_the_end_the_loudness_is_known(tenths: int, rest: int) -> None:
    sound = knocks(tenths * STEP + rest)
    assert measured(sound).lufs == pytest.approx(oracle(sound), abs=0.02)


@pytest.mark.parametrize(
    ("rate", "frames"),
    [(Fraction(30_000, 1_001), 77), (Fraction(24_000, 1_001), 50), (Fraction(25), 61), (Fraction(60), 151)],
)
def test_a_take_of_any_length_has_the_loudness_asked_for(
    take_of: TakeOf, rate: Fraction, frames: int
) -> None:
    take, written = take_of(noise(), out_point=frames / rate, loudness=-27.0)
    assert take.lufs == pytest.approx(-27.0, abs=0.1)
    assert oracle(written) == pytest.approx(-27.0, abs=0.1)


@pytest.mark.parametrize("samples", [1, 4_799, 4_801, SHORTEST - 1])
def test_less_than_a_gating_block_has_no_loudness(samples: int) -> None:
    assert measured(np.full((samples, 2), 0.5, np.float32)).lufs is None


def test_a_peak_between_two_samples_is_seen() -> None:
    sound = between_samples(0.5)
    assert np.abs(sound).max() == pytest.approx(0.5 / np.sqrt(2), abs=1e-3)
    assert measured(sound).true_peak_db == pytest.approx(true_peak(sound), abs=0.1)


def test_a_peak_between_the_very_last_samples_is_seen() -> None:
    sound = np.zeros((RATE + 700, 2), np.float32)
    sound[-600:] = between_samples(0.5, 600)
    peak = measured(sound).true_peak_db
    assert peak is not None
    assert peak >= true_peak(sound) - 0.1


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("make", [between_samples, bursts_like_speech, rumble_and_hiss])
def test_no_file_passes_the_ceiling(take_of: TakeOf, make: Make, bits: int) -> None:
    take, written = take_of(20 * make(), bits=bits)
    assert true_peak(written) <= CEILING
    assert true_peak(written) == pytest.approx(CEILING, abs=0.1)
    assert take.true_peak is not None
    assert take.true_peak <= CEILING + 1e-6


@pytest.mark.parametrize("level", [0.001, 2.0])
def test_below_a_gating_block_the_peak_decides(take_of: TakeOf, level: float) -> None:
    """BS.1770-4 measures in blocks of 0.4 s, so a shorter sound has no loudness to be brought to."""
    take, written = take_of(between_samples(level), out_point=Fraction(3, 10), loudness=-23.0)
    assert take.lufs is None
    assert len(written) == RATE * 3 // 10
    assert true_peak(written[1_000:-1_000]) == pytest.approx(-6.0, abs=0.1)


@pytest.mark.parametrize("wanted", [None, -23.0])
def test_silence_stays_silence(take_of: TakeOf, wanted: float | None) -> None:
    take, written = take_of(np.zeros((SAMPLES, 2), np.float32), loudness=wanted)
    assert (take.lufs, take.true_peak, take.gain_db) == (None, None, 0.0)
    assert not written.any()


def test_what_lies_below_the_absolute_gate_has_no_loudness_and_is_not_raised(
    take_of: TakeOf,
) -> None:
    take, written = take_of(noise() * np.float32(1e-3), loudness=-23.0, bits=24)
    assert take.lufs is None
    assert np.abs(written).max() < 1e-3
