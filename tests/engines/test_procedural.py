"""The built-in engine: exact attacks, hits that stand for themselves, beds that never come round."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.cue import LAYERS, Layer
from foley_core.engines.engine import Brief, Performance
from foley_core.engines.procedural.engine import ProceduralEngine
from foley_core.loudness import Meter
from foley_core.picture.spotting import Impact
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE, sample_at

SOUNDS = ["wood", "metal", "hammer", "footsteps", "knock"]


def impact(time: Fraction | int, strength: float = 0.7, x: float = 0.5) -> Impact:
    return Impact(time=Fraction(time), strength=strength, x=x, y=0.5)


def brief(
    prompt: str, *impacts: Impact, seconds: Fraction | int = 4, layers: tuple[Layer, ...] = LAYERS
) -> Brief:
    return Brief(
        media=Path("film.mp4"),
        prompt=prompt,
        negative="",
        layers=layers,
        seed=5,
        first_sample=0,
        samples=sample_at(Fraction(seconds)),
        impacts=impacts,
        tick=lambda share: None,
    )


def perform(asked: Brief) -> tuple[Performance, dict[Layer, Sound]]:
    performance = ProceduralEngine().perform(asked)
    blocks = list(performance.blocks)
    return performance, {layer: np.concatenate([b[layer] for b in blocks]) for layer in asked.layers}


def hits(prompt: str, *impacts: Impact, seconds: Fraction | int = 4) -> Sound:
    return perform(brief(prompt, *impacts, seconds=seconds))[1]["hits"]


def decibels(value: float) -> float:
    return 20 * float(np.log10(value))


def brightness(sound: Sound) -> float:
    """The centre of the spectrum's power, in Hz."""
    power = np.abs(np.fft.rfft(sound.sum(1))) ** 2
    return float(power @ np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) / power.sum())


def ringing(sound: Sound) -> float:
    """Seconds until it stays 40 dB below its peak."""
    level = np.abs(sound).max(1)
    return float(np.flatnonzero(level > level.max() / 100).max()) / SAMPLE_RATE


@pytest.mark.parametrize("sound", SOUNDS)
@pytest.mark.parametrize(
    "time", [Fraction(0), Fraction(1001, 1000), Fraction(47_999, 48_000), Fraction(10, 3)]
)
def test_a_hit_begins_loud_on_the_very_sample_of_its_impact(sound: str, time: Fraction) -> None:
    made = np.abs(hits(sound, impact(time))).max(1)
    at = sample_at(time)
    assert not made[:at].any()
    assert made[at] > 0.2 * made.max()
    assert made[at : at + SAMPLE_RATE // 50].max() > 0.5 * made.max()


@pytest.mark.parametrize("sound", SOUNDS)
def test_a_hit_does_not_depend_on_its_neighbours(sound: str) -> None:
    first, second, third = (impact(time) for time in (Fraction(1, 2), Fraction(29, 30), Fraction(11, 4)))
    together = hits(sound, first, second, third)
    alone = sum(hits(sound, each).astype(np.float64) for each in (first, second, third))
    assert np.array_equal(together[: sample_at(second.time)], hits(sound, first)[: sample_at(second.time)])
    assert np.abs(together - alone).max() < 1e-6


def test_nothing_depends_on_where_the_take_starts() -> None:
    whole = perform(brief("metal, rain", impact(2), impact(3), seconds=5))[1]
    later = brief("metal, rain", impact(2), impact(3), seconds=Fraction(7, 2))
    part = perform(replace(later, first_sample=70_001, samples=5 * SAMPLE_RATE - 70_001))[1]
    assert all(np.array_equal(whole[layer][70_001:], part[layer]) for layer in LAYERS)


def test_a_take_may_start_before_the_film() -> None:
    early = perform(replace(brief("wood, rain", impact(0)), first_sample=-30_000))[1]
    assert not early["hits"][:30_000].any()
    assert early["hits"][30_000].any()
    assert early["ambience"][:30_000].any()


@pytest.mark.parametrize("sound", SOUNDS)
def test_no_two_hits_are_alike(sound: str) -> None:
    made = hits(sound, impact(1), impact(3), seconds=5)
    one, other = (made[at : at + SAMPLE_RATE // 4].sum(1) for at in (SAMPLE_RATE, 3 * SAMPLE_RATE))
    both = np.abs(np.correlate(one, other, "full")).max()
    assert both / np.sqrt((one @ one) * (other @ other)) < 0.95


@pytest.mark.parametrize("sound", SOUNDS)
def test_a_harder_hit_is_louder_and_brighter(sound: str) -> None:
    softer, harder = hits(sound, impact(1, strength=0.1)), hits(sound, impact(1, strength=1.0))
    assert decibels(np.abs(softer).max()) == pytest.approx(-11.4, abs=0.1)
    assert decibels(np.abs(harder).max()) == pytest.approx(-6, abs=0.1)
    assert brightness(harder) > brightness(softer)


def test_a_hit_lies_where_it_is_seen() -> None:
    left, middle, right = (np.abs(hits("wood", impact(1, x=x))).max(0) for x in (0.0, 0.5, 1.0))
    assert left[0] > 3 * left[1]
    assert middle[0] == pytest.approx(middle[1])
    assert right[1] > 3 * right[0]


def test_metal_rings_longer_than_wood_and_wood_longer_than_it_is_struck() -> None:
    metal, wood = ringing(hits("metal", impact(0))), ringing(hits("wood", impact(0)))
    assert metal > 1.5 * wood > 1.5 * 0.05


def test_sounds_are_laid_over_the_picture_from_left_to_right_as_named() -> None:
    impacts = [impact(k, x=x) for k, x in enumerate((0.1, 0.5, 0.9, 0.1))]
    performance, _ = perform(brief("wood, metal and a hammer", *impacts))
    assert [hit.sound for hit in performance.hits] == ["wood", "metal", "hammer", "wood"]
    assert [(hit.sample, hit.impact) for hit in performance.hits] == [(k * SAMPLE_RATE, k) for k in range(4)]


def test_an_impact_outside_the_take_is_not_sounded() -> None:
    performance, sound = perform(brief("wood", impact(1), impact(9), seconds=4))
    assert [hit.impact for hit in performance.hits] == [0]
    assert len(sound["hits"]) == 4 * SAMPLE_RATE


def test_a_crowd_of_hits_in_one_place_is_still_sound() -> None:
    made = hits("metal", *(impact(Fraction(k, 400)) for k in range(60)), seconds=1)
    assert np.isfinite(made).all()


@pytest.mark.parametrize(("prompt", "expected"), [("rain", -30.0), ("room tone", -48.0)])
def test_beds_lie_at_their_documented_loudness(prompt: str, expected: float) -> None:
    _, sound = perform(brief(prompt, seconds=12))
    meter = Meter()
    meter.feed(sound["ambience"])
    assert meter.reading().lufs == pytest.approx(expected, abs=1)


def test_room_tone_lies_at_its_documented_level() -> None:
    _, sound = perform(brief("room tone", seconds=12))
    assert decibels(np.sqrt(np.mean(sound["ambience"] ** 2))) == pytest.approx(-50, abs=0.5)


@pytest.mark.parametrize("bed", ["rain", "room tone"])
def test_a_bed_never_comes_round_again(bed: str) -> None:
    _, sound = perform(brief(bed, seconds=20, layers=("ambience",)))
    mono = sound["ambience"].sum(1).astype(np.float64)
    spectrum = np.fft.rfft(mono, 2 * len(mono))
    likeness = np.fft.irfft(np.abs(spectrum) ** 2)[: len(mono)]
    assert np.abs(likeness[SAMPLE_RATE:]).max() < 0.1 * likeness[0]


@pytest.mark.parametrize("bed", ["rain", "room tone"])
def test_a_bed_keeps_its_level_from_second_to_second(bed: str) -> None:
    _, sound = perform(brief(bed, seconds=20, layers=("ambience",)))
    seconds = sound["ambience"].reshape(20, SAMPLE_RATE, 2)
    levels = 10 * np.log10(np.mean(seconds.astype(np.float64) ** 2, axis=(1, 2)))
    assert levels.max() - levels.min() < 3


def test_movement_is_silent_and_said_to_be() -> None:
    performance, sound = perform(brief("wood", impact(1)))
    assert not sound["movement"].any()
    assert "silent" in performance.notes["movement"]


def test_what_is_not_wanted_is_not_heard() -> None:
    asked = replace(brief("wood, rain, no rain", impact(1)), negative="wood")
    performance, sound = perform(asked)
    assert not performance.hits
    assert not sound["hits"].any()
    assert not sound["ambience"].any()


def test_unknown_words_are_told() -> None:
    performance, _ = perform(brief("wood and a Kazoo"))
    assert list(performance.unknown_words) == ["kazoo"]


@settings(max_examples=20, deadline=None)
@given(
    first=st.integers(-(2**31), 2**40),
    seed=st.integers(0, 2**32 - 1),
    strength=st.floats(0, 1),
    x=st.floats(0, 1),
)
def test_any_place_seed_strength_and_side_gives_sound(
    first: int, seed: int, strength: float, x: float
) -> None:
    at = impact(Fraction(first + 10, SAMPLE_RATE), strength, x)
    asked = replace(brief("hammer", at, seconds=Fraction(1, 10)), first_sample=first, seed=seed)
    performance, sound = perform(asked)
    assert performance.hits[0].sample == first + 10
    assert not sound["hits"][:10].any()
    assert 0.2 < np.abs(sound["hits"]).max() < 0.51
