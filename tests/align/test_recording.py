"""Recordings put in step with a film, whatever they are; what is not certain is not touched."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from foley_core.align.recording import align_recording
from foley_core.errors import FoleyError, MediaError, OutputError
from foley_core.media.wav import read_record
from foley_core.picture.spotting import Impact, Spotting
from foley_core.timecode import SAMPLE_RATE
from tests.align.events import seen
from tests.films import Film, flash_film

SECONDS = 12
LATE = 0.18
RATE = SAMPLE_RATE


class Kept:
    """A store that has one spotting."""

    def __init__(self, *impacts: Impact) -> None:
        self._impacts = impacts

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting | None:
        return Spotting(start=start, end=end, impacts=self._impacts, frames=0)

    def keep(self, media: Path, spotting: Spotting) -> None:
        raise AssertionError("it was kept already")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """A film that is as long as the recordings."""
    return flash_film(tmp_path_factory.mktemp("film") / "film.mp4", rate=Fraction(10), seconds=SECONDS)


def impacts(seed: int = 1) -> tuple[Impact, ...]:
    return seen(seed, 15, SECONDS)


def knocks(times: list[float], seconds: float = SECONDS, rate: int = RATE, channels: int = 2) -> np.ndarray:
    """A knock at each time, over soft noise."""
    chance = np.random.default_rng(1)
    wave = np.repeat(chance.normal(0, 5e-4, (round(seconds * rate), 1)), channels, axis=1)
    length = rate // 20
    for time in times:
        knock = chance.normal(0, 0.3, length) * np.exp(-np.arange(length) / (0.01 * rate))
        part = wave[max(round(time * rate), 0) :][:length]
        part += knock[: len(part), None]
    return wave


def times(some: tuple[Impact, ...], late: float = 0.0) -> list[float]:
    return [float(impact.time) + late for impact in some]


def written(path: Path, wave: np.ndarray, rate: int = RATE) -> Path:
    soundfile.write(path, wave, rate, "PCM_24")
    return path


def same(one: Path, other: Path) -> bool:
    """Whether two files of 24 bits have the same samples."""
    before, after = (soundfile.read(path, dtype="int32")[0] for path in (one, other))
    return bool(np.array_equal(before, after))


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 1), (96_000, 6), (8_000, 1)])
def test_a_late_recording_of_any_form_is_put_right(
    film: Film, tmp_path: Path, rate: int, channels: int
) -> None:
    wave = knocks(times(impacts(), LATE), rate=rate, channels=channels)
    source, output = written(tmp_path / "late.wav", wave, rate), tmp_path / "o.wav"
    found = align_recording(film.path, source, output, store=Kept(*impacts()))
    assert abs(found.shift_ms - 1000 * LATE) < 10
    assert found.p95_ms is not None
    assert found.p95_ms < 15
    info = soundfile.info(output)
    assert (info.samplerate, info.channels, info.frames) == (RATE, 2, SECONDS * RATE)
    assert read_record(output)["shift_ms"] == found.shift_ms


def test_a_recording_that_is_right_comes_back_bit_for_bit(film: Film, tmp_path: Path) -> None:
    source, output = written(tmp_path / "s.wav", knocks(times(impacts()))), tmp_path / "o.wav"
    found = align_recording(film.path, source, output, store=Kept(*impacts()))
    assert found.notes == ()
    assert same(source, output)


def strange() -> Iterator[tuple[str, np.ndarray]]:
    """Sounds that have nothing to do with any picture."""
    chance = np.random.default_rng(2)
    time = np.arange(SECONDS * RATE) / RATE
    melody = 220 * 2 ** (np.floor(time / 0.37) * 7 % 12 / 12)
    yield "silence", np.zeros(len(time))
    yield "noise", chance.normal(0, 0.1, len(time))
    yield "full scale", np.sign(chance.normal(0, 1, len(time)))
    yield "music", 0.2 * np.sin(2 * np.pi * np.cumsum(melody) / RATE)
    yield "short", chance.normal(0, 0.1, 100)
    yield "long", chance.normal(0, 0.1, 3 * len(time))


def test_a_sound_that_does_not_belong_to_the_film_is_left_as_it_is_and_that_is_said(
    film: Film, tmp_path: Path
) -> None:
    for kind, wave in strange():
        source, output = written(tmp_path / "s.wav", np.stack([wave, wave], axis=1)), tmp_path / "o.wav"
        found = align_recording(film.path, source, output, store=Kept(*impacts()))
        assert found.notes, kind
        assert same(source, output), kind


@pytest.mark.slow
def test_impacts_that_fit_nowhere_or_are_none_or_far_too_many_do_no_harm(film: Film, tmp_path: Path) -> None:
    source, output = written(tmp_path / "s.wav", knocks(times(impacts(7)))), tmp_path / "o.wav"
    every = tuple(Impact(time=Fraction(n, 900), strength=0.5, x=0.5, y=0.5) for n in range(10_000))
    beyond = tuple(Impact(time=i.time + 10_000, strength=0.5, x=0.5, y=0.5) for i in impacts())
    for some in (impacts(8), (), beyond, every):
        found = align_recording(film.path, source, output, store=Kept(*some))
        assert found.notes
        assert found.unmatched_impacts <= len(some)
        assert same(source, output)


def test_a_recording_longer_or_shorter_than_the_film_is_aligned_as_far_as_both_go(
    film: Film, tmp_path: Path
) -> None:
    for seconds in (SECONDS * 0.7, SECONDS * 2):
        source = written(tmp_path / "s.wav", knocks(times(impacts(), LATE), seconds))
        found = align_recording(film.path, source, tmp_path / "o.wav", store=Kept(*impacts()))
        assert abs(found.shift_ms - 1000 * LATE) < 10
        assert soundfile.info(tmp_path / "o.wav").frames == round(seconds * RATE)


@pytest.mark.parametrize(
    ("video", "recording", "kind"),
    [
        ("film.mp4", "notes.wav", MediaError),
        ("film.mp4", "gone.wav", MediaError),
        ("film.mp4", "film.mp4", MediaError),
        ("gone.mp4", "sound.wav", MediaError),
        ("sound.wav", "sound.wav", MediaError),
        ("film.mp4", "sound.wav", OutputError),
    ],
)
def test_what_cannot_be_done_leaves_the_folder_as_it_was(
    film: Film, tmp_path: Path, video: str, recording: str, kind: type[FoleyError]
) -> None:
    (tmp_path / "film.mp4").write_bytes(film.path.read_bytes())
    (tmp_path / "notes.wav").write_bytes(b"no sound at all")
    written(tmp_path / "sound.wav", knocks([1.0]))
    before = sorted(path.name for path in tmp_path.iterdir())
    output = tmp_path / "missing" / "o.wav" if kind is OutputError else tmp_path / "o.wav"
    with pytest.raises(kind):
        align_recording(tmp_path / video, tmp_path / recording, output, store=Kept())
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_user_who_stops_it_finds_what_was_there_before(film: Film, tmp_path: Path) -> None:
    source, output = written(tmp_path / "s.wav", knocks(times(impacts()))), tmp_path / "o.wav"
    output.write_bytes(b"the take before")

    def stopped(stage: str, share: float) -> None:
        if stage == "write" and share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        align_recording(film.path, source, output, store=Kept(*impacts()), on_progress=stopped)
    assert output.read_bytes() == b"the take before"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == ["o.wav", "s.wav"]
