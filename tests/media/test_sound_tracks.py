"""Of several sound tracks the one that sounds is taken, and which it was is said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from av.stream import Disposition
from hypothesis import given, settings
from hypothesis import strategies as st

from foley_core.errors import MediaUnreadable
from foley_core.media.probe import probe
from foley_core.media.sound import sound
from foley_core.media.sound_tracks import sound_tracks
from foley_core.timecode import SAMPLE_RATE
from tests.films import flash_film
from tests.media.sound_files import Track, Wave, clicks, write_tracks

LENGTH = 2 * SAMPLE_RATE
EMPTY = np.zeros((LENGTH, 1), np.float32)


def one(at: int, level: float = 0.5, sides: int = 1) -> Wave:
    return np.repeat(clicks(LENGTH, [at], level)[:, None], sides, axis=1)


def heard(path: Path, start: Fraction = Fraction(0), end: Fraction | None = None) -> tuple[Wave, list[str]]:
    notes: list[str] = []
    return np.concatenate(list(sound(path, start, end, on_note=notes.append))), notes


def places(wave: Wave) -> list[list[int]]:
    """Where each side is loud."""
    return [np.flatnonzero(np.abs(side) > 0.1).tolist() for side in wave.T]


@pytest.mark.parametrize(
    ("suffix", "picture"), [(".mov", 50), (".mov", None), (".mkv", 50), (".mka", None), (".avi", 50)]
)
def test_the_first_track_is_passed_over_where_it_is_empty(
    suffix: str, picture: int | None, tmp_path: Path
) -> None:
    tracks = [Track(EMPTY, flags=Disposition.default), Track(one(30_000))]
    path = write_tracks(tmp_path / f"two{suffix}", *tracks, picture=picture)
    samples, notes = heard(path)
    assert places(samples) == [[30_000], [30_000]]
    assert notes == [f"two{suffix} has 2 sound tracks: track 2 is taken."]


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_two_alike_of_one_channel_are_left_and_right(suffix: str, tmp_path: Path) -> None:
    path = write_tracks(tmp_path / f"two{suffix}", Track(one(30_000)), Track(one(50_000)), picture=50)
    samples, notes = heard(path)
    assert places(samples) == [[30_000], [50_000]]
    assert "tracks 1 and 2 are left and right" in notes[0]
    part, _ = heard(path, Fraction(1), Fraction(3, 2))
    assert places(part) == [[], [2_000]]
    assert len(part) == SAMPLE_RATE // 2


@settings(max_examples=15, deadline=None)
@given(sounding=st.sets(st.integers(0, 7), min_size=1, max_size=2), count=st.just(8))
def test_of_eight_tracks_those_that_sound_are_found_wherever_they_are(
    tmp_path_factory: pytest.TempPathFactory, sounding: set[int], count: int
) -> None:
    left, *others = sorted(sounding)
    tracks = [Track(one(1000 * (n + 1)) if n in sounding else EMPTY) for n in range(count)]
    samples, notes = heard(write_tracks(tmp_path_factory.mktemp("t") / "eight.mov", *tracks, picture=50))
    right = others[0] if others else left
    assert places(samples) == [[1000 * (left + 1)], [1000 * (right + 1)]]
    assert len(notes) == 1


def test_versions_in_two_languages_are_not_two_sides(tmp_path: Path) -> None:
    tracks = [Track(one(30_000), language="eng"), Track(one(50_000), language="fra")]
    samples, notes = heard(write_tracks(tmp_path / "two.mkv", *tracks, picture=50))
    assert places(samples) == [[30_000], [30_000]]
    assert notes == ["two.mkv has 2 sound tracks: track 1 is taken; there is sound in 2 too."]


def test_the_default_flag_tells_where_both_sound(tmp_path: Path) -> None:
    tracks = [Track(one(30_000, sides=2)), Track(one(50_000, sides=2), flags=Disposition.default)]
    samples, notes = heard(write_tracks(tmp_path / "two.mkv", *tracks, picture=50))
    assert places(samples) == [[50_000], [50_000]]
    assert "track 2 is taken; there is sound in 1 too" in notes[0]


@pytest.mark.parametrize("film", [Disposition.default, Disposition(0)])
def test_a_commentary_is_not_the_films_sound_whatever_is_the_default(
    film: Disposition, tmp_path: Path
) -> None:
    tracks = [
        Track(one(30_000, sides=2), flags=Disposition.default | Disposition.comment),
        Track(one(50_000, sides=2), flags=film),
    ]
    samples, _ = heard(write_tracks(tmp_path / "two.mkv", *tracks, picture=50))
    assert places(samples) == [[50_000], [50_000]]


def test_a_short_track_is_not_the_one_that_is_meant(tmp_path: Path) -> None:
    tracks = [Track(one(10_000)[: LENGTH // 4]), Track(one(50_000))]
    samples, _ = heard(write_tracks(tmp_path / "two.mov", *tracks, picture=50))
    assert places(samples) == [[50_000], [50_000]]


def test_a_track_far_quieter_than_the_loudest_is_empty(tmp_path: Path) -> None:
    hum = np.random.default_rng(1).uniform(-1e-3, 1e-3, (LENGTH, 1)).astype(np.float32)
    samples, _ = heard(write_tracks(tmp_path / "two.mov", Track(hum), Track(one(50_000)), picture=50))
    assert places(samples) == [[50_000], [50_000]]


def test_tracks_that_are_all_silent_give_silence(tmp_path: Path) -> None:
    samples, notes = heard(write_tracks(tmp_path / "two.mov", Track(EMPTY), Track(EMPTY), picture=50))
    assert len(samples) == LENGTH
    assert not samples.any()
    assert len(notes) == 1


def test_a_single_click_late_in_a_long_file_is_found(tmp_path: Path) -> None:
    wave = clicks(150 * SAMPLE_RATE, [97 * SAMPLE_RATE + 5])[:, None]
    tracks = [Track(np.zeros_like(wave), codec="flac"), Track(wave, codec="flac")]
    samples, _ = heard(write_tracks(tmp_path / "long.mka", *tracks, block=48_000))
    assert places(samples) == [[97 * SAMPLE_RATE + 5]] * 2


def test_a_track_that_begins_later_lies_where_it_lies(tmp_path: Path) -> None:
    tracks = [Track(EMPTY), Track(one(30_000), times={0: 48_000})]
    samples, _ = heard(write_tracks(tmp_path / "later.mka", *tracks))
    assert places(samples) == [[78_000], [78_000]]


def test_one_track_is_not_spoken_of(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "one.mov", Track(one(30_000, sides=2)), picture=50)
    assert heard(path)[1] == []


def test_a_film_without_sound_has_no_tracks(tmp_path: Path) -> None:
    path = flash_film(tmp_path / "film", seconds=1).path
    assert sound_tracks(path) is None
    assert probe(path).sound is None
    with pytest.raises(MediaUnreadable, match="no sound"):
        heard(path)
