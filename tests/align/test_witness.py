"""A third witness decides between beats, never alone, never finely, and nothing where it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from foley_core.align.evidence import LatenessEvidence
from foley_core.align.lateness import estimate, expected_samples, stretches
from foley_core.align.recording import align_recording
from foley_core.align.witness import LATENESSES, WINDOW, ReadSound, ask
from foley_core.errors import EngineFailed
from foley_core.media.probe import MediaInfo, probe
from foley_core.media.wav import read_record
from foley_core.picture.spotting import Impact
from foley_core.timecode import SAMPLE_RATE
from tests.align.events import Flaws, Scene, likely, scene, seen
from tests.align.test_recording import Kept, film, impacts, knocks, times, written

__all__ = ["film"]
PERIOD, SECONDS = 0.4, 12


class Says:
    """A witness that says the same of every window, and notes what it is asked."""

    name = "Pythia"

    def __init__(self, late: float, sure: float = 0.9) -> None:
        self._likely = likely(late, sure)
        self.starts: list[Fraction] = []
        self.heard: list[np.ndarray] = []

    def __call__(
        self, info: MediaInfo, starts: Sequence[Fraction], sound: ReadSound, tick: Callable[[float], None]
    ) -> np.ndarray:
        self.starts += starts
        self.heard += [sound(int(start * SAMPLE_RATE), int(WINDOW * SAMPLE_RATE)) for start in starts]
        tick(1.0)
        return np.stack([self._likely] * len(starts))


def even(late: float, seconds: float = SECONDS) -> Scene:
    """Work so even that a beat more or less would do as well."""
    beats = tuple(
        Impact(time=Fraction(2 * beat + 2, 5), strength=0.8, x=0.5, y=0.5)
        for beat in range(int((seconds - 1) / PERIOD))
    )
    return scene(3, beats, seconds, Flaws(lambda time: late, 0.004))


@pytest.mark.parametrize("late", [-0.2, 0.05, 0.2, 0.3])
def test_which_beat_belongs_to_which_is_told_where_the_witness_speaks_clearly(late: float) -> None:
    heard = even(late)
    assert not heard.aligned().alignment.told
    found = heard.aligned(heard.stated(round(late * 5) / 5)).alignment
    assert found.told
    assert found.shift_ms == pytest.approx(1000 * late, abs=5)


def test_it_is_the_witness_that_chooses_between_a_beat_too_early_and_a_beat_too_late() -> None:
    heard = even(0.2)
    for late in (-0.2, 0.2):
        found = heard.aligned(heard.stated(late)).alignment
        assert found.shift_ms == pytest.approx(1000 * late, abs=5)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1_000_000), by=st.floats(-0.25, 0.35), others=st.integers(0, 30))
def test_a_witness_that_finds_all_latenesses_as_likely_changes_nothing(
    seed: int, by: float, others: int
) -> None:
    heard = scene(seed, seen(seed, 18, 15), 15, Flaws(lambda time: by, others=others))
    flat = heard.stated(0, 1 / len(LATENESSES))
    with_it, without = heard.aligned(flat), heard.aligned()
    assert with_it.splices == without.splices
    alike = {"notes": without.alignment.notes, "witnessed": msgspec.UNSET}
    assert msgspec.structs.replace(with_it.alignment, **alike) == without.alignment


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 1_000_000),
    by=st.floats(-0.25, 0.35),
    others=st.integers(0, 20),
    late=st.integers(-10, 10),
)
def test_what_impacts_and_onsets_tell_alone_no_witness_takes_back_nor_is_it_asked(
    seed: int, by: float, others: int, late: int
) -> None:
    heard = scene(seed, seen(seed, 18, 15), 15, Flaws(lambda time: by, others=others))
    alone, with_it = heard.aligned(), heard.aligned(heard.stated(late / 5, 0.999))
    assume(alone.alignment.told)
    assert with_it == alone


@pytest.mark.parametrize("late", [-2.0, -0.4, 0.4, 1.2])
def test_in_the_evidence_it_does_not_outvote_impacts_and_onsets_that_clearly_meet(late: float) -> None:
    heard = scene(1, seen(1, 18, 15), 15, Flaws(lambda time: 0.12, 0.005))
    by = heard.stated(late, 0.999)
    found = estimate(heard.impacts, heard.heard, statement=by)
    assert np.median(found.late) == pytest.approx(0.12 * SAMPLE_RATE, abs=240)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 1_000_000),
    onsets=st.integers(1, 60),
    count=st.integers(2, 40),
    seconds=st.floats(5, 30),
    late=st.integers(-10, 10),
)
def test_sound_that_has_nothing_to_do_with_the_picture_is_not_moved_whatever_the_witness_says(
    seed: int, onsets: int, count: int, seconds: float, late: int
) -> None:
    other = scene(seed + 1, (), seconds, Flaws(others=onsets))
    strange = replace(other, impacts=seen(seed, count, seconds))
    assert strange.aligned(strange.stated(late / 5, 0.98)).splices == ()


def test_what_it_says_is_told_between_its_latenesses_and_counts_for_so_much_at_most(film) -> None:
    info, heard = probe(film.path), even(0.2, 5).heard
    said = ask(Says(0.2, 1 - 1e-12), info, heard, stretches(heard.samples), _silence, lambda share: None)
    part = (0, 5 * SAMPLE_RATE)
    asked = np.array([0, 4_800, 9_600, 14_400, 19_200])
    assert said.evidence(part, asked) == pytest.approx([-1.5, 0, 1.5, 0, -1.5])
    assert not said.evidence((part[1], 2 * part[1]), asked).any()
    against = said.against(lambda time: 9_600, np.array([-9_600, 0, 4_800]))
    assert against == pytest.approx([3, 0, 1.5])


def test_it_counts_beside_impacts_and_onsets() -> None:
    heard = even(0.2)
    due = expected_samples(heard.impacts)
    part, asked = (0, 5 * SAMPLE_RATE), np.arange(-19_200, 19_201, 240)
    without, with_it = (
        LatenessEvidence(due, heard.impacts, heard.heard, None, 0, by).evidence(part, asked, Fraction(0))
        for by in (None, heard.stated(0.2))
    )
    assert np.argmax(with_it) == pytest.approx(np.flatnonzero(asked == 9_600)[0], abs=2)
    assert with_it[asked == 9_600] > without[asked == 9_600] + 1
    assert with_it[asked == -9_600] < without[asked == -9_600] - 1


def test_it_is_asked_of_whole_stretches_with_picture_in_which_something_begins(film) -> None:
    whole = even(0.1, 27).heard
    between = [onset for onset in whole.onsets if not 5 <= onset.sample / SAMPLE_RATE < 10]
    witness, heard = Says(0), replace(whole, onsets=tuple(between))
    info = replace(probe(film.path), duration=Fraction(22))
    said = ask(witness, info, heard, stretches(heard.samples), _silence, lambda share: None)
    assert witness.starts == [Fraction(1, 10), Fraction(101, 10), Fraction(151, 10)]
    assert [first // SAMPLE_RATE for first, _ in said.said] == [0, 10, 15]


def _silence(first: int, count: int) -> np.ndarray:
    return np.zeros((count, 2), np.float32)


def test_a_recording_is_read_to_it_as_it_is_and_the_account_says_that_it_took_part(film, tmp_path) -> None:
    beats = even(0).impacts
    wave = knocks(times(beats, 0.18))
    source, output = written(tmp_path / "late.wav", wave), tmp_path / "o.wav"
    witness, stages = Says(0.2), []
    found = align_recording(
        film.path,
        source,
        output,
        store=Kept(*beats),
        witness=witness,
        on_progress=lambda stage, share: stages.append(stage),
    )
    assert found.shift_ms == pytest.approx(180, abs=5)
    assert found.notes == ("Pythia was asked as well how late this sound is, in 10 s of the film.",)
    assert read_record(output)["witnessed"] == found.witnessed == 2
    assert np.allclose(witness.heard[0], wave[4_800:][:230_400], atol=1e-6)
    assert list(dict.fromkeys(stages)) == ["hear", "compare", "write"]


def test_without_a_witness_the_account_has_no_word_of_one(film, tmp_path) -> None:
    source, output = written(tmp_path / "s.wav", knocks(times(impacts(), 0.18))), tmp_path / "o.wav"
    found = align_recording(film.path, source, output, store=Kept(*impacts()))
    assert "witnessed" not in read_record(output)
    assert "witnessed" not in msgspec.to_builtins(found)


def test_a_recording_of_which_impacts_tell_alone_is_the_same_file_with_and_without_it(film, tmp_path) -> None:
    source = written(tmp_path / "s.wav", knocks(times(impacts(), 0.18)))
    for name, witness in (("with.wav", Says(-0.4, 0.999)), ("without.wav", None)):
        align_recording(film.path, source, tmp_path / name, store=Kept(*impacts()), witness=witness)
    assert (tmp_path / "with.wav").read_bytes() == (tmp_path / "without.wav").read_bytes()


def test_it_is_not_asked_where_nothing_is_seen_or_heard(film, tmp_path) -> None:
    silent = written(tmp_path / "silent.wav", np.zeros((SECONDS * SAMPLE_RATE, 2)))
    knocking = written(tmp_path / "s.wav", knocks(times(even(0).impacts)))
    for source, some in ((silent, even(0).impacts), (knocking, ())):
        witness = Says(0)
        align_recording(film.path, source, tmp_path / "o.wav", store=Kept(*some), witness=witness)
        assert witness.starts == []


def test_a_witness_that_fails_leaves_the_folder_as_it_was(film, tmp_path) -> None:
    source = written(tmp_path / "s.wav", knocks(times(even(0).impacts)))
    before = sorted(tmp_path.iterdir())

    class Fails(Says):
        def __call__(self, *asked: object) -> np.ndarray:  # type: ignore[override]
            raise EngineFailed("It fails.", "Try again.")

    with pytest.raises(EngineFailed):
        align_recording(film.path, source, tmp_path / "o.wav", store=Kept(*even(0).impacts), witness=Fails(0))
    assert sorted(tmp_path.iterdir()) == before
