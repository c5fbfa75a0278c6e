"""Recordings put in step with a film, whatever they are; what is not certain is not touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import foley_core
from foley_core.align.recording import align_recording
from foley_core.align.sound_analysis import analyze_sound
from foley_core.cue import Cue
from foley_core.errors import FoleyError, MediaError, OutputError
from foley_core.media.wav import read_record
from foley_core.picture.spotting import Impact, Spotting
from foley_core.timecode import SAMPLE_RATE
from tests.align.events import seen
from tests.boundaries.sources import ROOT
from tests.films import Film, flash_film
from tests.media.sound_files import Track, write_tracks

DEMO = ROOT / "installers" / "demo"
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


def test_late_sound_of_the_demo_film_is_brought_back_by_what_is_seen_in_it(tmp_path: Path) -> None:
    truth = [impact["time"] for impact in json.loads((DEMO / "demo.json").read_text())["impacts"]]
    for late in (-0.09, 0.04, 0.12):
        source = written(tmp_path / "s.wav", knocks([time + late for time in truth], 10))
        found = align_recording(DEMO / "demo.mp4", source, tmp_path / "o.wav")
        assert (found.told, found.moved, found.notes, len(found.pairs)) == (True, True, (), 13)
        assert found.shift_ms == pytest.approx(1000 * late, abs=5)
        after = analyze_sound(iter([soundfile.read(tmp_path / "o.wav", dtype="float32")[0]])).onsets
        heard = np.array([onset.sample / RATE for onset in after])
        assert max(np.abs(heard - time).min() for time in truth) < 0.015


def test_hits_that_were_placed_by_what_is_seen_stay_where_they_are(tmp_path: Path) -> None:
    cue = Cue(media=str(DEMO / "demo.mp4"), prompt="wooden knocks, rain", seed=1, engine="procedural")
    take = foley_core.generate(cue, tmp_path / "take.wav")
    assert take.alignment is not None
    assert (take.alignment.told, take.alignment.moved) == (True, False)
    found = align_recording(DEMO / "demo.mp4", Path(take.path), tmp_path / "o.wav")
    assert not found.moved
    assert same(Path(take.path), tmp_path / "o.wav")


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


def peak(path: Path) -> float:
    return float(np.abs(soundfile.read(path)[0]).max())


@pytest.mark.parametrize("over", [0.1, 6.0, 12.0, 40.0])
def test_sound_over_full_scale_is_turned_down_as_a_whole_and_that_is_said(
    film: Film, tmp_path: Path, over: float
) -> None:
    wave = knocks(times(impacts(), LATE))
    wave *= 10 ** (over / 20) / np.abs(wave).max()
    soundfile.write(tmp_path / "hot.wav", wave, RATE, "FLOAT")
    found = align_recording(film.path, tmp_path / "hot.wav", tmp_path / "o.wav", store=Kept(*impacts()))
    assert found.notes == (f"The sound goes {over:.1f} dB over full scale: it is turned down by as much.",)
    assert read_record(tmp_path / "o.wav")["notes"] == list(found.notes)
    samples, _ = soundfile.read(tmp_path / "o.wav")
    assert (np.abs(samples) > 0.9999999).sum() <= 2
    assert np.abs(samples).max() > 0.99
    quiet = wave / np.abs(wave).max()
    soundfile.write(tmp_path / "quiet.wav", quiet, RATE, "FLOAT")
    align_recording(film.path, tmp_path / "quiet.wav", tmp_path / "q.wav", store=Kept(*impacts()))
    assert np.abs(samples - soundfile.read(tmp_path / "q.wav")[0]).max() < 1e-6


def test_sound_up_to_full_scale_keeps_its_bits_and_nothing_is_said(film: Film, tmp_path: Path) -> None:
    wave = knocks(times(impacts()))
    wave /= np.abs(wave).max()
    source, output = written(tmp_path / "s.wav", wave), tmp_path / "o.wav"
    assert align_recording(film.path, source, output, store=Kept(*impacts())).notes == ()
    assert same(source, output)


@pytest.mark.parametrize("channel", range(9))
def test_a_recorder_of_many_tracks_is_heard_whichever_was_armed(
    film: Film, tmp_path: Path, channel: int
) -> None:
    wave = np.zeros((SECONDS * RATE, 9))
    wave[:, channel] = knocks(times(impacts(), LATE), channels=1)[:, 0]
    source, output = written(tmp_path / "many.wav", wave), tmp_path / "o.wav"
    found = align_recording(film.path, source, output, store=Kept(*impacts()))
    assert abs(found.shift_ms - 1000 * LATE) < 10
    assert found.notes == (f"9 channels of many.wav have no place: channel {channel + 1} is taken.",)
    assert peak(output) > 0.1


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_the_track_of_a_camera_that_sounds_is_aligned_and_named(
    film: Film, tmp_path: Path, suffix: str
) -> None:
    wave = knocks(times(impacts(), LATE), channels=1).astype(np.float32)
    tracks = [Track(np.zeros_like(wave)), Track(wave)]
    camera = write_tracks(tmp_path / f"camera{suffix}", *tracks, picture=SECONDS * 25)
    found = align_recording(film.path, camera, tmp_path / "o.wav", store=Kept(*impacts()))
    assert abs(found.shift_ms - 1000 * LATE) < 10
    assert found.notes == (f"camera{suffix} has 2 sound tracks: track 2 is taken.",)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gap=st.integers(61, 2_000_000_000), at=st.integers(1, 9))
def test_a_clock_that_jumps_costs_neither_time_nor_room_and_is_named(
    film: Film, tmp_path: Path, gap: int, at: int
) -> None:
    wave = knocks(times(impacts(), LATE), channels=1).astype(np.float32)
    track = Track(wave, times={at * RATE: (at + gap) * RATE})
    source, output = write_tracks(tmp_path / "jump.mka", track), tmp_path / "o.wav"
    begun = perf_counter()
    found = align_recording(film.path, source, output, store=Kept(*impacts()))
    assert perf_counter() - begun < 20
    assert abs(found.shift_ms - 1000 * LATE) < 10
    assert len(found.notes) == 1
    assert f"jumps by +{gap}.000 s, {at}.000 s after" in found.notes[0]
    assert soundfile.info(output).frames == SECONDS * RATE


def test_sound_with_the_time_of_day_is_aligned_from_where_the_picture_begins(
    film: Film, tmp_path: Path
) -> None:
    wave = knocks(times(impacts(), LATE), channels=1).astype(np.float32)
    track = Track(wave, times={0: 1_750_000_000 * RATE})
    source = write_tracks(tmp_path / "day.mkv", track, picture=SECONDS * 25)
    found = align_recording(film.path, source, tmp_path / "o.wav", store=Kept(*impacts()))
    assert abs(found.shift_ms - 1000 * LATE) < 10
    assert "1750000000.000 s after its picture" in found.notes[0]
    assert soundfile.info(tmp_path / "o.wav").frames == SECONDS * RATE
