"""What moves, machines, vehicles, people, tones: textures that can be laid end to end and obey the words."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.fft import rfft

from foley_core.engines.procedural.kind import PATCH, Bed, Kind, Manner, MovementSound, Texture
from foley_core.engines.procedural.rendering.rng import rng
from foley_core.engines.procedural.sounds import (
    cloth_and_air,
    friction,
    machines,
    people,
    tones,
    vehicles,
)
from foley_core.engines.procedural.synthesis.periodic import beats, seamless, turns
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

FAMILIES = (friction, cloth_and_air, vehicles, machines, people, tones)
KINDS = {kind.name: kind for family in FAMILIES for kind in family.KINDS}
MOVING = {name: kind.sound for name, kind in KINDS.items() if isinstance(kind.sound, MovementSound)}
BEDS = {name: kind.sound for name, kind in KINDS.items() if isinstance(kind.sound, Bed)}
CALLS = {name: bed.calls for name, bed in BEDS.items() if bed.calls is not None}
TEXTURES: dict[str, Texture] = {
    **{f"{name}, slow": moving.slow for name, moving in MOVING.items()},
    **{f"{name}, fast": moving.fast for name, moving in MOVING.items()},
    **{name: bed.texture for name, bed in BEDS.items() if bed.texture is not None},
}
HOP = PATCH // 2
PLAIN = Manner()


@cache
def patch(name: str, seed: int = 1, manner: Manner = PLAIN) -> Sound:
    made = TEXTURES[name](rng(seed, "test", name), manner)
    made.setflags(write=False)
    return made


def laid(name: str, count: int) -> Sound:
    """Patches one over the other, as the engine lays them, without the first and last half; RMS about 1."""
    fade = np.sin(np.pi * (np.arange(PATCH) + 0.5) / PATCH)[:, None]
    sound = np.zeros(((count + 1) * HOP, 2))
    for number in range(count):
        made = patch(name, seed=number).astype(np.float64)
        sound[number * HOP :][:PATCH] += fade * made / np.sqrt(np.mean(made**2))
    return sound[HOP:-HOP]


def brightness(*sounds: Sound) -> float:
    """The centre of the spectrum's power, in Hz."""
    power = sum(np.abs(rfft(sound.sum(axis=1))) ** 2 for sound in sounds)
    return float(power @ np.fft.rfftfreq(PATCH, 1 / SAMPLE_RATE) / power.sum())


def crest(sound: Sound) -> float:
    """Peak against RMS, in dB."""
    return float(20 * np.log10(np.abs(sound).max() / np.sqrt(np.mean(sound.astype(np.float64) ** 2))))


@pytest.mark.parametrize("name", TEXTURES)
def test_a_texture_is_a_patch_of_clean_stereo(name: str) -> None:
    made = patch(name)
    level = np.sqrt(np.mean(made.astype(np.float64) ** 2, axis=0))
    assert made.shape == (PATCH, 2)
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert level.min() > 0.5 * level.max() > 0
    assert (np.abs(made.mean(axis=0, dtype=np.float64)) < 0.02 * level).all()
    assert 6 < crest(made) < 40
    assert 0.02 < np.std(made[:, 0] - made[:, 1]) / np.std(made.sum(axis=1)) < 1.2


@pytest.mark.parametrize("name", TEXTURES)
def test_its_end_joins_its_beginning(name: str) -> None:
    made = patch(name)
    assert np.abs(made[0] - made[-1]).max() <= np.abs(np.diff(made, axis=0)).max()


@pytest.mark.parametrize("name", TEXTURES)
@pytest.mark.parametrize("manner", [Manner(0.25, 4.0, 8), Manner(4.0, 0.25, 1)], ids=["tiny", "huge"])
def test_whatever_its_manner_it_sounds(name: str, manner: Manner) -> None:
    made = TEXTURES[name](rng(1, "test", name), manner)
    assert np.isfinite(made).all()
    assert np.std(made) > 0


@pytest.mark.parametrize("name", TEXTURES)
def test_the_same_chance_makes_the_same_bits_and_another_chance_others(name: str) -> None:
    again = TEXTURES[name](rng(1, "test", name), PLAIN)
    assert np.array_equal(again, patch(name))
    one, other = (patch(name, seed=seed).sum(axis=1) for seed in (1, 2))
    assert abs(one @ other) < 0.6 * np.sqrt((one @ one) * (other @ other))


@pytest.mark.parametrize("name", TEXTURES)
def test_what_is_larger_sounds_lower(name: str) -> None:
    assert brightness(patch(name, manner=Manner(size=2.0))) < 0.95 * brightness(patch(name))


@pytest.mark.parametrize("name", MOVING)
def test_what_moves_fast_is_brighter_or_denser(name: str) -> None:
    slow, fast = ([patch(f"{name}, {speed}", seed) for seed in (1, 2)] for speed in ("slow", "fast"))
    denser = np.mean([crest(made) for made in slow]) - np.mean([crest(made) for made in fast])
    assert brightness(*fast) > 1.15 * brightness(*slow) or denser > 2


@pytest.mark.parametrize(
    "name", ["engine", "helicopter", "aeroplane", "fan", "electric hum", "sci-fi hum", "motor, slow"]
)
def test_what_hums_keeps_its_level_where_patches_meet(name: str) -> None:
    quarters = laid(name, 7).reshape(-1, 4, HOP // 4, 2)
    levels = 10 * np.log10(np.mean(quarters**2, axis=(0, 2, 3)))
    assert levels.max() - levels.min() < 2


def test_what_is_the_same_in_each_patch_keeps_its_level_exactly() -> None:
    tone = np.sin(2 * np.pi * 200 * np.arange(PATCH) / HOP).astype(np.float32)
    turned = seamless(tone).astype(np.float64)
    angle = np.pi * (np.arange(HOP) + 0.5) / PATCH
    met = turned[:HOP] * np.sin(angle) + turned[HOP:] * np.cos(angle)
    levels = np.sqrt(np.mean(met[:-4096].reshape(-1, HOP // 32)[:-2] ** 2, axis=1))
    assert levels == pytest.approx(np.sqrt(0.5), rel=0.01)


def test_beats_fall_in_step_in_patches_that_follow_each_other() -> None:
    when = beats(7)
    assert np.array_equal(when[7:], when[:7] + HOP)
    number, share = turns(7)
    assert np.array_equal(np.flatnonzero(np.diff(number)) + 1, when[1:])
    assert (share[when] < 7 / HOP).all()


def test_a_clock_at_twice_the_pace_ticks_twice_as_often() -> None:
    assert [_ticks(patch("clock", manner=Manner(pace=pace))) for pace in (1.0, 2.0)] == [4, 8]


def _ticks(sound: Sound) -> int:
    """How often it gets loud after a tenth of a second of quiet."""
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > 0.15 * np.abs(sound).max())
    return 1 + int(np.count_nonzero(np.diff(loud) > SAMPLE_RATE // 10))


@pytest.mark.parametrize("name", ["crowd", "applause"])
def test_more_people_sound_denser(name: str) -> None:
    few, many = (
        np.mean([crest(patch(name, seed, Manner(count=count))) for seed in (1, 2)]) for count in (1, 8)
    )
    assert many < few


@pytest.mark.parametrize("name", CALLS)
def test_a_call_begins_and_ends_in_silence(name: str) -> None:
    made = CALLS[name].call(rng(1, "test", name), PLAIN)
    assert made.ndim == 1
    assert 0 < len(made) <= 12 * SAMPLE_RATE
    assert np.abs(made).max() == pytest.approx(1)
    assert max(abs(made[0]), abs(made[-1])) < 1e-3


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_is_called_by_one_of_its_words_and_its_example_names_it(kind: Kind) -> None:
    assert kind.name in kind.words
    assert len(set(kind.words)) == len(kind.words)
    assert any(word in kind.example for word in kind.words)
