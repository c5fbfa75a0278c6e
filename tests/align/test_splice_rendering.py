"""Moved sound: pieces bit for bit where they belong, joins that are not heard, memory that does not grow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.align.splice_rendering import Read, spliced, spliced_part
from foley_core.align.splices import FADE, Splice
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE

SAMPLES = 5 * SAMPLE_RATE


def reader(sound: Sound) -> Read:
    def read(first: int, count: int) -> Sound:
        part = sound[max(first, 0) : max(first + count, 0)]
        before = min(max(-first, 0), count)
        return np.pad(part, ((before, count - before - len(part)), (0, 0)))

    return read


def noise(seed: int = 1, samples: int = SAMPLES) -> Sound:
    return np.asarray(0.1 * np.random.default_rng(seed).standard_normal((samples, 2)), np.float32)


def whole(sound: Sound, splices: list[Splice], samples: int = SAMPLES) -> Sound:
    return np.concatenate(list(spliced(reader(sound), samples, splices)))


def test_where_nothing_is_moved_the_samples_are_the_same() -> None:
    sound = noise()
    assert whole(sound, []).tobytes() == sound.tobytes()
    assert whole(sound, [Splice(SAMPLE_RATE, 0)])[:SAMPLE_RATE].tobytes() == sound[:SAMPLE_RATE].tobytes()


def test_each_piece_is_moved_by_its_shift_and_silence_fills_up() -> None:
    sound = noise()
    out = whole(
        sound, [Splice(0, 500), Splice(SAMPLE_RATE, -700), Splice(2 * SAMPLE_RATE, 900)], 6 * SAMPLE_RATE
    )
    assert not out[:500].any()
    np.testing.assert_array_equal(out[500:SAMPLE_RATE], sound[: SAMPLE_RATE - 500])
    first, last = SAMPLE_RATE + FADE, 2 * SAMPLE_RATE
    np.testing.assert_array_equal(out[first:last], sound[first + 700 : last + 700])
    np.testing.assert_array_equal(out[last + FADE : SAMPLES + 900], sound[last + FADE - 900 :])
    assert not out[SAMPLES + 900 :].any()


@pytest.mark.parametrize("samples", [0, 1, SAMPLE_RATE - 1, SAMPLE_RATE, SAMPLE_RATE + 1])
def test_it_is_as_long_as_it_should_be_in_blocks_of_a_second(samples: int) -> None:
    blocks = list(spliced(reader(noise()), samples, [Splice(0, 10)]))
    assert [len(block) for block in blocks] == [
        min(SAMPLE_RATE, samples - at) for at in range(0, samples, SAMPLE_RATE)
    ]


@settings(deadline=None, max_examples=50)
@given(
    gaps=st.lists(st.tuples(st.integers(FADE, SAMPLE_RATE), st.integers(-9_000, 9_000)), max_size=8),
    first=st.integers(0, SAMPLES - 1),
    count=st.integers(1, 2 * SAMPLE_RATE),
)
def test_any_part_is_the_same_as_in_the_whole(gaps: list[tuple[int, int]], first: int, count: int) -> None:
    at, splices = 0, []
    for gap, shift in gaps:
        at += gap
        splices.append(Splice(at, shift))
    count = min(count, SAMPLES - first)
    part = spliced_part(reader(noise()), splices, first, count)
    np.testing.assert_array_equal(part, whole(noise(), splices)[first : first + count])


def _levels(sound: Sound, size: int) -> np.ndarray:
    return 10 * np.log10((sound[: len(sound) // size * size] ** 2).reshape(-1, size * 2).mean(axis=1))


def test_a_join_is_as_loud_as_what_is_around_it() -> None:
    splices = [Splice(SAMPLE_RATE * (n + 1) // 20, 1_000 * (-1) ** n) for n in range(80)]
    out = whole(noise(), splices)
    joins = np.concatenate([out[splice.at : splice.at + FADE] for splice in splices])
    assert abs(10 * np.log10((joins**2).mean() / (noise() ** 2).mean())) < 0.2


def test_a_tone_is_neither_louder_nor_broken_at_a_join_of_equal_phase() -> None:
    tone = np.sin(2 * np.pi * 400 * np.arange(SAMPLES) / SAMPLE_RATE)
    out = whole(np.repeat(tone[:, None], 2, axis=1).astype(np.float32), [Splice(SAMPLE_RATE, 240)])
    assert np.abs(_levels(out[240:], 120) + 10 * np.log10(2)).max() < 0.1


def test_silence_stays_silence() -> None:
    assert not whole(np.zeros((SAMPLES, 2), np.float32), [Splice(0, 5), Splice(SAMPLE_RATE, -5)]).any()


def test_no_more_than_a_second_is_read_at_a_time() -> None:
    asked = []

    def read(first: int, count: int) -> Sound:
        asked.append(count)
        return np.zeros((count, 2), np.float32)

    for block in spliced(read, 60 * SAMPLE_RATE, [Splice(n * SAMPLE_RATE, n) for n in range(1, 50)]):
        assert len(block) == SAMPLE_RATE
    assert max(asked) <= SAMPLE_RATE
