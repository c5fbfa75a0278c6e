"""Weather, water, fire and animals: beds that are of one piece, and that are what they are called."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from foley_core.engines.procedural.kind import PATCH, Bed, Call, Manner, Texture
from foley_core.engines.procedural.rendering.rng import rng
from foley_core.engines.procedural.sounds import animals, fire, water, weather
from foley_core.engines.procedural.synthesis.noise import band, coloured, wander
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

KINDS = {kind.name: kind for family in (weather, water, fire, animals) for kind in family.KINDS}
BEDS = {name: kind.sound for name, kind in KINDS.items() if isinstance(kind.sound, Bed)}
TEXTURES: dict[str, Texture] = {name: bed.texture for name, bed in BEDS.items() if bed.texture}
CALLS: dict[str, Call] = {name: bed.calls.call for name, bed in BEDS.items() if bed.calls}
EXTREMES = [Manner(), Manner(size=4.0, pace=0.25), Manner(size=0.25, pace=4.0)]


def patch(name: str, seed: int = 1, manner: Manner = EXTREMES[0]) -> Sound:
    return TEXTURES[name](rng(seed, "ambience", name), manner)


def called(name: str, seed: int = 1, manner: Manner = EXTREMES[0]) -> NDArray[np.floating]:
    return CALLS[name](rng(seed, "ambience", name), manner)


def brightness(sound: NDArray[np.floating]) -> float:
    """The centre of the spectrum's power, in Hz."""
    power = np.abs(np.fft.rfft(sound if sound.ndim == 1 else sound.sum(1))) ** 2
    return float(power @ np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) / power.sum())


def crest(sound: NDArray[np.floating]) -> float:
    return float(np.abs(sound).max() / np.sqrt(np.mean(sound**2)))


def likeness(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_what_was_asked_for_is_there() -> None:
    asked = {"rain", "wind", "thunder", "stream", "sea", "waterfall", "drip", "fire"}
    asked |= {"birds", "crickets", "cicadas", "bees", "dogs", "frogs"}
    assert asked <= set(KINDS)
    assert len(BEDS) == len(KINDS)


def test_a_word_means_one_kind_only_and_a_kind_is_among_its_own_words() -> None:
    words = Counter(word for kind in KINDS.values() for word in kind.words)
    assert not [word for word, times in words.items() if times > 1 or word != word.casefold().strip()]
    for name, kind in KINDS.items():
        assert name in kind.words
        assert any(word in kind.example for word in kind.words)


@pytest.mark.parametrize("name", TEXTURES)
def test_a_patch_is_stereo_whole_and_finite_however_it_is_asked_for(name: str) -> None:
    for manner in EXTREMES:
        sound = patch(name, manner=manner)
        assert sound.shape == (PATCH, 2)
        assert sound.dtype == np.float32
        assert np.isfinite(sound).all()
        loudness = np.sqrt(np.mean(sound**2, axis=0))
        assert loudness.min() > 0
        assert np.all(np.abs(sound.mean(0)) < 0.002 * loudness.max())


@pytest.mark.parametrize("name", TEXTURES)
def test_a_patch_could_go_on_at_its_end_as_at_its_beginning(name: str) -> None:
    sound = np.roll(patch(name), PATCH // 2, axis=0).astype(np.float64)
    sharpest = np.abs(np.diff(sound, 3, axis=0)).max(1)
    join = slice(PATCH // 2 - 4, PATCH // 2 + 4)
    assert sharpest[join].max() < np.delete(sharpest, join).max()


@pytest.mark.parametrize("name", TEXTURES)
def test_a_patch_is_wide_and_neither_side_outweighs_the_other(name: str) -> None:
    left, right = patch(name).T
    assert -0.2 < likeness(left, right) < 0.9
    assert 0.5 < float(np.mean(left**2) / np.mean(right**2)) < 2.0


@pytest.mark.parametrize("name", TEXTURES)
def test_a_seed_makes_the_same_patch_again_and_another_one_another(name: str) -> None:
    once, again, other = patch(name), patch(name), patch(name, seed=2)
    assert np.array_equal(once, again)
    assert abs(likeness(once, other)) < 0.2


@pytest.mark.parametrize("name", CALLS)
def test_a_call_begins_and_ends_in_silence_and_has_its_length_and_peak(name: str) -> None:
    for manner in EXTREMES:
        sound = called(name, manner=manner)
        assert sound.ndim == 1
        assert len(sound) <= 12 * SAMPLE_RATE
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() == pytest.approx(1.0, abs=1e-6)
        assert np.abs(sound[[0, 1, -2, -1]]).max() < 0.05


@pytest.mark.parametrize("name", CALLS)
def test_no_two_calls_are_alike(name: str) -> None:
    once, again, other = called(name), called(name), called(name, seed=2)
    assert np.array_equal(once, again)
    shorter = min(len(once), len(other))
    assert len(once) != len(other) or abs(likeness(once[:shorter], other[:shorter])) < 0.9


@pytest.mark.parametrize("name", ["dogs", "birds", "crows", "drip"])
def test_what_is_larger_calls_lower(name: str) -> None:
    small, large = (
        np.median([brightness(called(name, seed, Manner(size=size))) for seed in range(3)])
        for size in (0.5, 2.0)
    )
    assert large < 0.8 * small


def test_heavier_rain_is_denser_and_deeper() -> None:
    light, heavy = patch("rain", manner=Manner(size=0.4)), patch("rain", manner=Manner(size=3.0))
    assert crest(heavy) < 0.7 * crest(light)
    assert brightness(heavy) < brightness(light)


def test_a_fire_crackles_and_a_waterfall_does_not() -> None:
    assert crest(patch("fire")) > 2.5 * crest(patch("waterfall"))


def test_thunder_cracks_first_and_rumbles_long() -> None:
    for seed in range(2):
        sound = called("thunder", seed)
        assert brightness(sound[: SAMPLE_RATE // 2]) > 1.2 * brightness(sound[3 * SAMPLE_RATE :])
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        assert loud[-1] - loud[0] > 4 * SAMPLE_RATE
        power = np.abs(np.fft.rfft(sound)) ** 2
        assert 20 < np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)[power.argmax()] < 250


def test_a_wave_swells_breaks_and_hisses_away() -> None:
    for seed in range(2):
        start, breaking, foam = (part for part in np.array_split(called("sea", seed), 4)[:3])
        assert np.mean(breaking**2) > 4 * np.mean(start**2)
        assert brightness(foam) > 2 * brightness(start)


def test_a_drop_leaves_a_bubble_whose_pitch_rises() -> None:
    for seed in range(5):
        sound = called("drip", seed)
        peak = int(np.abs(sound).argmax())
        turns = np.flatnonzero(np.diff(np.signbit(sound[peak : peak + SAMPLE_RATE // 40])))
        gaps = np.diff(turns)
        assert gaps[-4:].mean() < gaps[:4].mean()


def test_crickets_chirp_between_4_and_5_kilohertz_in_strokes_of_28_a_second() -> None:
    sound = patch("crickets").sum(1)
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(PATCH, 1 / SAMPLE_RATE)
    assert power[(hertz > 4000) & (hertz < 5300)].sum() > 0.9 * power.sum()
    beats = np.abs(np.fft.rfft(sound**2))
    fast = (hertz > 15) & (hertz < 60)
    assert 24 < hertz[fast][beats[fast].argmax()] < 32


@pytest.mark.parametrize("samples", [PATCH, 60_000, 50_021])
def test_slow_noise_is_even_and_joins_its_own_beginning_at_any_length(samples: int) -> None:
    curve = wander(rng(1, "ambience", "wander"), samples, 4.0).astype(np.float64)
    assert len(curve) == samples
    assert abs(curve.mean()) < 0.01
    assert np.mean(curve**2) == pytest.approx(1.0, abs=1e-3)
    assert abs(curve[0] - curve[-1]) <= 1.5 * np.abs(np.diff(curve)).max()


def test_coloured_noise_follows_its_shape() -> None:
    sound = coloured(rng(1, "ambience", "noise"), PATCH, lambda hertz: band(hertz, 500, 2000))
    power, hertz = np.abs(np.fft.rfft(sound)) ** 2, np.fft.rfftfreq(PATCH, 1 / SAMPLE_RATE)
    within, below = ((hertz > low) & (hertz < high) for low, high in ((700, 1400), (100, 150)))
    assert np.mean(sound**2) == pytest.approx(1.0, abs=1e-3)
    assert 10 * np.log10(power[within].mean() / power[below].mean()) == pytest.approx(23.5, abs=2)


def bands(sound: Sound) -> NDArray[np.floating]:
    """How loud each octave is, and how much that varies over time, in decibels against the whole."""
    steps = sound[: PATCH // 2048 * 2048].sum(1).reshape(-1, 2048)
    power = np.abs(np.fft.rfft(steps * np.hanning(2048))) ** 2
    edges = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1025]
    octaves = 10 * np.log10(np.add.reduceat(power, edges[:-1], axis=1) / power.sum(1).mean() + 1e-9)
    return np.concatenate([octaves.mean(0), octaves.std(0)])


def test_textures_are_told_apart_by_how_they_sound() -> None:
    known = {name: bands(patch(name, seed=3)) for name in TEXTURES}
    for name in TEXTURES:
        heard = bands(patch(name, seed=4))
        assert min(known, key=lambda other: float(np.linalg.norm(known[other] - heard))) == name
