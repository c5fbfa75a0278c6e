"""Takes in sync: what the report says of hits and impacts, and what `snap` moves, and leaves alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

import foley_core
from foley_core.cue import Cue
from foley_core.cue_range import film_clock
from foley_core.engines.engine import Block, Brief, Hit, Performance
from foley_core.errors import Cancelled
from foley_core.mastering.loudness import Meter
from foley_core.media.probe import probe
from foley_core.picture.spotting import Impact, Spotting
from foley_core.report.made import MadeTakes
from foley_core.report.report import write_report
from foley_core.samples import Sound
from foley_core.take import Take
from foley_core.timecode import SAMPLE_RATE, sample_at
from tests.films import Film, flash_film

SECONDS = 20
LATE = 180 * SAMPLE_RATE // 1000
TIMES = tuple(
    Fraction(int(time), 1000)
    for time in np.cumsum(np.random.default_rng(2).integers(300, 1_500, 60))
    if 300 <= time < 1000 * SECONDS - 1000
)


@dataclass
class Seen:
    """A store that knows what is to be seen, so that nothing is watched."""

    times: tuple[Fraction, ...] = TIMES

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting:
        """Just these impacts."""
        seen = tuple(Impact(time=time, strength=0.7, x=0.5, y=0.5) for time in self.times)
        return Spotting(start=start, end=end, impacts=seen, frames=0)

    def keep(self, media: Path, spotting: Spotting) -> None:
        """Known already."""


def on_time(sample: int) -> int:
    return sample


def late(sample: int) -> int:
    return sample + LATE


@dataclass
class Knocking:
    """An engine that knocks for each impact where `when` says, over soft noise; it may say where."""

    when: Callable[[int], int] = on_time
    says: bool = False
    name: str = "knocking"
    version: str = "1"
    device: str = "CPU"

    def load(self) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """All at once, given out second by second."""
        places = [self.when(sample_at(impact.time)) for impact in brief.picture.impacts()]
        hits = [Hit(place, "knock", 0.7, index) for index, place in enumerate(places)]
        return Performance(blocks=self._blocks(brief, places), hits=hits if self.says else None)

    def _blocks(self, brief: Brief, places: list[int]) -> Iterator[Block]:
        rng = np.random.default_rng(brief.seed)
        knocks = np.zeros((brief.samples, 2), np.float32)
        ring = np.exp(-np.arange(9_600) / 1_200)[:, None]
        for place in places:
            end = min(place + len(ring), brief.samples)
            if 0 <= place < end:
                burst = rng.standard_normal((end - place, 2)) * ring[: end - place]
                knocks[place:end] += (0.1 * burst).astype(np.float32)
        for first in range(0, brief.samples, SAMPLE_RATE):
            part = knocks[first : first + SAMPLE_RATE]
            bed = np.asarray(0.005 * rng.standard_normal(part.shape), np.float32)
            layers = {"hits": part, "movement": np.zeros_like(part), "ambience": bed}
            yield {layer: layers[layer] for layer in brief.layers}
            brief.tick(first / brief.samples)


@dataclass
class Playing:
    """An engine whose hits are just this sound."""

    sound: Callable[[int], Sound]
    name: str = "playing"
    version: str = "1"
    device: str = "CPU"

    def load(self) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """The sound in one block; the other layers are silent."""
        sound = self.sound(brief.samples)
        return Performance(
            blocks=iter(
                [{layer: sound if layer == "hits" else np.zeros_like(sound) for layer in brief.layers}]
            )
        )


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return flash_film(tmp_path_factory.mktemp("film") / "film", rate=5, seconds=SECONDS)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "take.wav"


def made(
    film: Film, out: Path, engine: Knocking | Playing, alignment: str, seen: Seen | None = None, **cue: object
) -> Take:
    asked = Cue(media=str(film.path), seed=1, alignment=alignment, **cue)  # type: ignore[arg-type]
    return foley_core.generate(asked, out, engine=engine, store=seen or Seen())


def samples(path: Path | str) -> np.ndarray:
    return soundfile.read(path, dtype="int32")[0].astype(np.int64)


def test_what_an_engine_does_not_say_is_listened_for_and_reported(film: Film, out: Path) -> None:
    take = made(film, out, Knocking(late), "report")
    assert len(take.impacts) == len(TIMES)
    offsets = [impact.offset_ms for impact in take.impacts if impact.offset_ms is not None]
    assert len(offsets) >= 0.95 * len(TIMES)
    assert all(abs(offset - 180) < 3 for offset in offsets)
    assert [impact.before_ms for impact in take.impacts] == [impact.offset_ms for impact in take.impacts]
    assert take.alignment is not None
    assert take.alignment.p50_ms == pytest.approx(180, abs=1)
    assert take.alignment.shift_ms == pytest.approx(180, abs=5)


def test_snap_puts_a_late_sound_right_and_says_what_it_was(film: Film, out: Path) -> None:
    take = made(film, out, Knocking(late), "snap")
    assert take.alignment is not None
    assert take.alignment.p95_ms is not None
    assert take.alignment.p95_ms <= 6
    for impact in take.impacts:
        if impact.offset_ms is not None:
            assert impact.before_ms == pytest.approx(180, abs=3)
            assert impact.sample is not None
            assert impact.sample - sample_at(Fraction(impact.time_exact)) == round(impact.offset_ms * 48)
    level = np.abs(samples(out)).max(axis=1)
    heard = [level[sample_at(time) + 300 : sample_at(time) + 1_200].mean() for time in TIMES]
    before = [level[sample_at(time) - 1_500 : sample_at(time) - 600].mean() for time in TIMES]
    assert np.median(np.array(heard) / before) > 4


def test_an_engine_that_says_where_its_hits_lie_is_believed(film: Film, out: Path) -> None:
    take = made(film, out, Knocking(late, says=True), "report")
    assert {impact.offset_ms for impact in take.impacts} == {180.0}
    assert {(impact.sound, impact.confidence) for impact in take.impacts} == {("knock", 1.0)}


def test_snap_moves_the_hits_alone_and_the_stems_still_add_up(film: Film, tmp_path: Path) -> None:
    still = made(film, tmp_path / "still.wav", Knocking(late), "report", stems=True)
    moved = made(film, tmp_path / "moved.wav", Knocking(late), "snap", stems=True)
    assert still.gain_db == moved.gain_db == 0.0
    for layer in ("movement", "ambience"):
        np.testing.assert_allclose(samples(still.stems[layer]), samples(moved.stems[layer]), atol=512)
    assert (samples(still.stems["hits"]) != samples(moved.stems["hits"])).any()
    stems = sum(samples(path) for path in moved.stems.values())
    np.testing.assert_array_equal(stems, samples(moved.path))


def test_the_loudness_asked_for_is_that_of_the_sound_after_it_was_moved(film: Film, out: Path) -> None:
    def at_the_end(sample: int) -> int:
        return sample + LATE if sample < SAMPLE_RATE * (SECONDS - 5) else SAMPLE_RATE * SECONDS

    take = made(film, out, Knocking(at_the_end), "snap", loudness=-30.0)
    sound = soundfile.read(out, dtype="float32")[0]
    meter = Meter()
    meter.feed(sound)
    assert meter.reading().lufs == pytest.approx(-30.0, abs=0.1)
    assert take.lufs == pytest.approx(-30.0, abs=0.01)


@pytest.mark.parametrize("stems", [False, True])
def test_a_sound_that_is_right_keeps_its_bits(film: Film, tmp_path: Path, stems: bool) -> None:
    said = [
        samples(made(film, tmp_path / f"{alignment}.wav", Knocking(), alignment, stems=stems).path)
        for alignment in ("off", "report", "snap")
    ]
    np.testing.assert_array_equal(said[0], said[1])
    np.testing.assert_array_equal(said[0], said[2])


def test_the_same_cue_is_snapped_to_the_same_bits(film: Film, tmp_path: Path) -> None:
    one, other = (
        Path(made(film, tmp_path / name, Knocking(late), "snap").path).read_bytes()
        for name in ("one.wav", "other.wav")
    )
    assert one == other


def test_with_alignment_off_nothing_is_told_and_nothing_moved(film: Film, out: Path) -> None:
    take = made(film, out, Knocking(late, says=True), "off")
    assert take.alignment is None
    assert {(impact.sound, impact.offset_ms, impact.confidence) for impact in take.impacts} == {
        ("knock", None, None)
    }


def test_a_users_hits_are_what_is_snapped_to(film: Film, out: Path) -> None:
    wanted = tuple(time + Fraction(1, 10) for time in TIMES)
    take = made(film, out, Knocking(late), "snap", hits=wanted)
    assert [Fraction(impact.time_exact) for impact in take.impacts] == list(wanted)
    assert take.alignment is not None
    assert take.alignment.p95_ms is not None
    assert take.alignment.p95_ms <= 6


def test_a_cancel_while_hits_are_moved_leaves_nothing(film: Film, out: Path) -> None:
    stages: list[str] = []
    with pytest.raises(Cancelled):
        foley_core.generate(
            Cue(media=str(film.path), seed=1, alignment="snap"),
            out,
            engine=Knocking(late),
            store=Seen(),
            on_progress=lambda stage, share: stages.append(stage),
            cancelled=lambda: stages.count("master") > 5,
        )
    assert list(out.parent.iterdir()) == []


def _noise(count: int) -> Sound:
    return np.asarray(0.1 * np.random.default_rng(1).standard_normal((count, 2)), np.float32)


def _knocks_anywhere(count: int) -> Sound:
    sound = np.zeros((count, 2), np.float32)
    for place in np.random.default_rng(9).integers(0, count - 4_800, 60):
        sound[place : place + 4_800] += 3 * _noise(4_800) * np.exp(-np.arange(4_800) / 900)[:, None]
    return sound.astype(np.float32)


CROWD = tuple(Fraction(n, 501) for n in range(10_000))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sound", "times"),
    [
        pytest.param(lambda count: np.zeros((count, 2), np.float32), TIMES, id="silence"),
        pytest.param(_noise, TIMES, id="noise"),
        pytest.param(_knocks_anywhere, (), id="no impacts"),
        pytest.param(_knocks_anywhere, CROWD, id="ten thousand impacts"),
        pytest.param(_knocks_anywhere, TIMES, id="impacts that fit nowhere"),
    ],
)
def test_what_cannot_be_aligned_comes_to_no_harm_and_is_said(
    film: Film, out: Path, sound: Callable[[int], Sound], times: tuple[Fraction, ...]
) -> None:
    still = made(film, out, Playing(sound), "off", Seen(times))
    before = samples(out)
    take = made(film, out, Playing(sound), "snap", Seen(times))
    assert take.samples == still.samples
    assert take.alignment is not None
    assert take.alignment.unmatched_impacts <= len(times)
    np.testing.assert_array_equal(samples(out), before)
    assert take.alignment.notes
    assert (take.alignment.told, take.alignment.moved) == (False, False)
    assert take.alignment.shift_ms is take.alignment.p95_ms is None
    assert {impact.offset_ms for impact in take.impacts} <= {None}
    write_report(MadeTakes([take], film_clock(probe(film.path))), out.with_suffix(".html"))
    page = out.with_suffix(".html").read_text(encoding="utf-8")
    assert "nothing is moved" in page.lower()
    assert "lie within" not in page


def test_the_report_shows_before_and_after(film: Film, out: Path) -> None:
    take = made(film, out, Knocking(late), "snap")
    made_takes = MadeTakes([take], film_clock(probe(film.path)))
    for suffix in (".html", ".json"):
        write_report(made_takes, out.with_suffix(suffix))
    page = out.with_suffix(".html").read_text(encoding="utf-8")
    assert "Before</th>" in page
    assert "After</th>" in page
    assert "Measured against the picture&#x27;s impacts half of the hits lie within" in page
    assert "Offsets are of the onsets heard in the sound, against the impacts seen in the picture." in page
    record = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert record["alignment"]["p95_ms"] <= 6
    assert {"before_ms", "offset_ms", "confidence"} <= set(record["impacts"][0])
