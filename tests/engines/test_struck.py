"""What is struck: loud from its first sample, never twice alike, true to material, blow and size."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import scipy.fft
from numpy.typing import NDArray

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Blow, HitSound, Kind, Manner
from foley_core.engines.procedural.rendering.rng import rng
from foley_core.timecode import SAMPLE_RATE

Mono = NDArray[np.floating]

STRUCK = {name: kind for name, kind in catalogue().items() if isinstance(kind.sound, HitSound)}
STEPS = [name for name, kind in STRUCK.items() if kind.family == "footsteps"]
EXTREMES = [
    (0.0, Manner(size=0.25, shoe="heels")),
    (0.0, Manner(size=4.0, shoe="bare")),
    (1.0, Manner(size=0.25, shoe="boots")),
    (1.0, Manner(size=4.0, shoe="sneakers")),
]
SEEDS = range(3)


def struck(
    name: str, seed: int = 1, at: int = 0, strength: float = 0.7, manner: Manner | None = None
) -> Mono:
    """One hit: the seed decides what is struck, the place in the film how."""
    kind: Kind = STRUCK[name]
    assert isinstance(kind.sound, HitSound)
    thing, chance = rng(seed, "hits", f"{name}: thing"), rng(seed, "hits", f"{name}: blow", at)
    return kind.sound.strike(Blow(strength, manner or Manner(), thing, chance))


def brightness(sound: Mono) -> float:
    """The centre of the spectrum's power, in Hz."""
    size = scipy.fft.next_fast_len(max(len(sound), 4096), real=True)
    power = np.abs(np.fft.rfft(sound, size)) ** 2
    return float(power @ np.fft.rfftfreq(size, 1 / SAMPLE_RATE) / power.sum())


def ringing(sound: Mono) -> float:
    """Seconds until only a thousandth of the energy is still to come."""
    to_come = np.cumsum(sound[::-1].astype(np.float64) ** 2)[::-1]
    return float(np.argmax(to_come < to_come[0] / 1000)) / SAMPLE_RATE


def likeness(one: Mono, other: Mono) -> float:
    """The highest normalised cross-correlation at any lag."""
    size = scipy.fft.next_fast_len(len(one) + len(other), real=True)
    both = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return float(np.abs(both).max() / np.sqrt(np.sum(one**2) * np.sum(other**2)))


def share(sound: Mono, low: float, high: float) -> float:
    """How much of the power lies between two frequencies, in Hz."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    frequency = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return float(power[(frequency >= low) & (frequency < high)].sum() / power.sum())


def median(measure: list[float]) -> float:
    return float(np.median(measure))


def test_what_editors_strike_is_there() -> None:
    things = {"wood", "metal", "glass", "stone", "plastic", "flesh", "drum", "splash", "cardboard", "coins"}
    grounds = {"wood", "gravel", "snow", "grass", "concrete", "metal", "water"}
    assert things | {"knock", "door", "typing", "gunshot", "breaking glass"} <= set(STRUCK)
    assert {f"footsteps on {ground}" for ground in grounds} <= set(STEPS)


@pytest.mark.parametrize("name", STRUCK)
def test_a_hit_begins_loud_and_ends_silent(name: str) -> None:
    for seed in SEEDS:
        sound = struck(name, seed)
        assert np.abs(sound).max() == pytest.approx(1)
        assert abs(sound[0]) > 0.2
        assert np.abs(sound[: SAMPLE_RATE // 500]).max() > 10 ** (-12 / 20)
        assert np.abs(sound[-SAMPLE_RATE // 1000 :]).max() < 1e-3


@pytest.mark.parametrize("name", STRUCK)
def test_no_blow_size_or_shoe_breaks_a_sound(name: str) -> None:
    for strength, manner in EXTREMES:
        sound = struck(name, 2, strength=strength, manner=manner)
        assert sound.ndim == 1
        assert np.issubdtype(sound.dtype, np.floating)
        assert np.isfinite(sound).all()
        assert 0.01 * SAMPLE_RATE < len(sound) <= 6 * SAMPLE_RATE
        assert abs(sound[0]) > 0.2
        assert abs(float(sound.mean(dtype=np.float64))) < 1e-4
        assert np.abs(sound[-SAMPLE_RATE // 1000 :]).max() < 1e-3


@pytest.mark.parametrize("name", STRUCK)
def test_two_blows_at_one_thing_differ_and_the_same_blow_does_not(name: str) -> None:
    first = struck(name, at=0)
    assert np.array_equal(first, struck(name, at=0))
    assert max(likeness(first, struck(name, at=at)) for at in (48_000, 100_000)) < 0.95


@pytest.mark.parametrize("name", STRUCK)
def test_a_harder_blow_is_brighter(name: str) -> None:
    rises = [
        brightness(struck(name, seed, strength=1.0)) / brightness(struck(name, seed, strength=0.25))
        for seed in SEEDS
    ]
    assert median(rises) > 1.04
    assert min(rises) > 0.98


@pytest.mark.parametrize("name", STRUCK)
def test_what_is_twice_as_large_sounds_lower(name: str) -> None:
    falls = [
        brightness(struck(name, seed, manner=Manner(size=2.0))) / brightness(struck(name, seed))
        for seed in SEEDS
    ]
    assert median(falls) < 0.9


def test_metal_rings_longer_than_glass_glass_than_wood_and_wood_than_flesh() -> None:
    rung = [
        median([ringing(struck(name, seed)) for seed in range(8)])
        for name in ("metal", "glass", "wood", "flesh")
    ]
    assert all(longer > 1.5 * shorter for longer, shorter in pairwise(rung)), rung


@pytest.mark.parametrize("name", STEPS)
def test_hard_heels_are_brighter_than_shoes_and_shoes_than_soft_soles(name: str) -> None:
    heels, shoes, bare = (
        median([brightness(struck(name, seed, manner=Manner(shoe=shoe))) for seed in range(6)])
        for shoe in ("heels", "shoes", "bare")
    )
    assert heels > shoes
    assert heels > bare


@pytest.mark.parametrize("name", ["footsteps on concrete", "footsteps on earth", "footsteps on grass"])
def test_a_step_is_a_heel_and_then_a_toe(name: str) -> None:
    for seed in SEEDS:
        envelope = np.abs(struck(name, seed))
        quiet = envelope[int(0.04 * SAMPLE_RATE) : int(0.06 * SAMPLE_RATE)].max()
        toe = envelope[int(0.065 * SAMPLE_RATE) : int(0.13 * SAMPLE_RATE)].max()
        assert toe > quiet


def test_loose_grounds_last_and_lie_where_their_grains_do() -> None:
    def heard(ground: str, low: float, high: float) -> float:
        return median([share(struck(f"footsteps on {ground}", seed), low, high) for seed in range(6)])

    assert heard("gravel", 1000, 8000) > 0.5
    assert heard("snow", 250, 1500) > 0.5
    assert heard("grass", 3000, 12_000) > heard("snow", 3000, 12_000)
    assert all(ringing(struck(f"footsteps on {ground}")) > 0.1 for ground in ("gravel", "snow", "grass"))


def test_breaking_glass_is_many_pieces_and_a_glass_is_one() -> None:
    def pieces(sound: Mono) -> int:
        """How often the level, in steps of 5 ms, leaps by 6 dB."""
        steps = sound[: len(sound) // 240 * 240].reshape(-1, 240)
        level = 10 * np.log10(np.mean(steps**2, axis=1) + 1e-7)
        return int(np.sum(np.diff(level) > 6))

    for seed in SEEDS:
        assert pieces(struck("breaking glass", seed)) >= 5 > pieces(struck("glass", seed))


@pytest.mark.parametrize("name", STRUCK)
def test_a_name_is_one_of_its_own_words_and_no_word_means_two_things(name: str) -> None:
    kind = STRUCK[name]
    others = {word for other in catalogue().values() if other.name != name for word in other.words}
    assert name in kind.words
    assert not others & set(kind.words)
    assert all(word == word.casefold().strip() and word for word in kind.words)
    assert len(set(kind.words)) == len(kind.words)
