"""Beds: at their loudness, alive, never coming round, with events that come when they are asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foley_core.engines.procedural.catalogue import catalogue
from foley_core.engines.procedural.kind import Bed
from foley_core.engines.procedural.rendering.endless_texture import SWING_DB
from foley_core.mastering.loudness import Meter
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE
from tests.engines.drawn import ambience, brief, brightness, perform

STEADY = {
    kind.name: kind.sound.lufs
    for kind in catalogue().values()
    if isinstance(kind.sound, Bed) and kind.sound.texture and not kind.sound.calls
}


def lufs(sound: Sound) -> float:
    meter = Meter()
    meter.feed(sound)
    reading = meter.reading().lufs
    assert reading is not None
    return reading


@pytest.mark.parametrize("bed", STEADY)
def test_a_texture_lies_at_its_documented_loudness(bed: str) -> None:
    assert lufs(ambience(bed, 12)) == pytest.approx(STEADY[bed], abs=SWING_DB + 0.7)


def test_modifiers_change_its_level() -> None:
    plain = lufs(ambience("rain", 6))
    assert lufs(ambience("soft rain", 6)) == pytest.approx(plain - 6, abs=0.5)
    assert lufs(ambience("loud rain", 6)) == pytest.approx(plain + 4, abs=0.5)


def test_a_distant_bed_is_quieter_and_duller() -> None:
    near, far = ambience("rain", 6), ambience("distant rain", 6)
    assert lufs(far) < lufs(near) - 6
    assert brightness(far) < 0.7 * brightness(near)


@pytest.mark.parametrize("bed", ["rain", "room tone", "wind", "crowd"])
def test_a_bed_never_comes_round_again(bed: str) -> None:
    mono = ambience(bed, 20).sum(1).astype(np.float64)
    spectrum = np.fft.rfft(mono, 2 * len(mono))
    likeness = np.fft.irfft(np.abs(spectrum) ** 2)[: len(mono)]
    assert np.abs(likeness[SAMPLE_RATE:]).max() < 0.3 * likeness[0]


def test_a_bed_keeps_about_its_level_and_is_never_quite_still() -> None:
    seconds = ambience("rain", 20).reshape(20, SAMPLE_RATE, 2)
    levels = 10 * np.log10(np.mean(seconds.astype(np.float64) ** 2, axis=(1, 2)))
    assert 0.5 < levels.max() - levels.min() < 2 * SWING_DB + 2


def test_beds_are_summed() -> None:
    both = ambience("rain, stream")
    assert np.allclose(both, ambience("rain") + ambience("stream"), atol=1e-6)


def test_an_event_that_was_asked_for_is_heard_however_short_the_take() -> None:
    for seed in range(5):
        assert np.abs(ambience("thunder", 2, seed)).max() > 0.001


def test_an_event_that_begins_before_the_take_rings_into_it() -> None:
    asked = brief("thunder", seconds=60, layers=("ambience",))
    whole = perform(asked)[1]["ambience"]
    loud = np.abs(whole).max(1).reshape(-1, SAMPLE_RATE).max(1)
    start = (int(loud.argmax()) + 1) * SAMPLE_RATE + 77
    part = perform(replace(asked, first_sample=start, samples=len(whole) - start))[1]["ambience"]
    assert np.array_equal(whole[start:], part)


def test_several_who_call_are_heard_more_often() -> None:
    one, four = (
        np.abs(ambience(text, 40)).max(1).reshape(-1, 4800).max(1) for text in ("owl", "several owls")
    )
    assert (four > 0.002).sum() > 1.5 * (one > 0.002).sum()


def test_another_seed_has_its_events_at_other_times() -> None:
    assert not np.array_equal(ambience("thunder", 20, 1), ambience("thunder", 20, 2))
