"""The forms that a take may be asked for in: one channel, less width, float; for any engine, stems too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import pytest
import soundfile

import foley_core
import foley_core.media.sound
from foley_core.cue import LAYERS, Cue, check, plain
from foley_core.cue_range import film_clock
from foley_core.engines.engine import Block, Brief, Performance
from foley_core.errors import CueError
from foley_core.media.preview import write_preview
from foley_core.media.probe import probe
from foley_core.media.wav import read_record
from foley_core.report.made import MadeTakes
from foley_core.report.report import write_report
from foley_core.take import Take
from tests.films import flash_film

RATE = 48_000
SAMPLES = RATE * 2
BS1770 = pyloudnorm.Meter(RATE, filter_class="DeMan")
ONE_STEP = 2.0**-23


@dataclass
class Player:
    """An engine that plays noise in three layers, each to another side, at one level."""

    level: float = 0.05
    name: str = "player"
    version: str = "1"
    device: str = "CPU"

    def load(self) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """As long as the brief says."""
        return Performance(blocks=self._blocks(brief))

    def _blocks(self, brief: Brief) -> Iterator[Block]:
        for first in range(0, brief.samples, 30_011):
            last = min(first + 30_011, brief.samples)
            yield {layer: played(layer, self.level)[first:last] for layer in brief.layers}


def played(layer: str, level: float = 0.05) -> np.ndarray:
    sides = {"hits": (1, 0.1), "movement": (0.2, 1), "ambience": (1, -0.5)}[layer]
    white = np.random.default_rng(LAYERS.index(layer)).normal(0, level, (SAMPLES, 2))
    return (white * np.array(sides)).astype(np.float32)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return flash_film(
        tmp_path_factory.mktemp("film") / "film.mp4", rate=Fraction(24), seconds=2, flashes=[]
    ).path


def make(film: Path, folder: Path, level: float = 0.05, **asked: Any) -> tuple[Take, np.ndarray]:
    """The take, and its sound in two dimensions."""
    cue = Cue(media=str(film), prompt="x", seed=1, alignment="off", **asked)
    take = foley_core.generate(cue, folder / "take.wav", engine=Player(level))
    return take, read(take.path)


def read(path: str) -> np.ndarray:
    return soundfile.read(path, dtype="float64", always_2d=True)[0]


def middle(sound: np.ndarray) -> np.ndarray:
    return sound.mean(axis=1, keepdims=True)


@pytest.mark.parametrize("width", [0.0, 0.25, 0.5, 1.0])
def test_the_width_is_that_of_the_difference_of_the_sides(film: Path, width: float, tmp_path: Path) -> None:
    _take, usual = make(film, tmp_path)
    take, narrow = make(film, tmp_path, width=width)
    expected = middle(usual) + width * (usual - middle(usual))
    assert np.abs(narrow - expected).max() <= 2 * ONE_STEP
    assert (take.channels, take.cue["width"]) == (2, width)


def test_a_mono_take_is_the_middle_of_the_stereo_one_with_its_own_loudness(
    film: Path, tmp_path: Path
) -> None:
    _take, stereo = make(film, tmp_path)
    take, mono = make(film, tmp_path, mono=True)
    assert mono.shape == (SAMPLES, 1)
    assert np.abs(mono - middle(stereo)).max() <= 2 * ONE_STEP
    assert (take.channels, take.cue["mono"]) == (1, True)
    assert take.lufs == pytest.approx(BS1770.integrated_loudness(mono), abs=0.1)


@pytest.mark.parametrize("wanted", [-30.0, -12.0])
@pytest.mark.parametrize("bits", [16, 24, 32])
def test_a_mono_take_has_the_loudness_asked_for(film: Path, wanted: float, bits: int, tmp_path: Path) -> None:
    take, mono = make(film, tmp_path, mono=True, bits=bits, loudness=wanted)
    assert BS1770.integrated_loudness(mono) == pytest.approx(wanted, abs=0.2)
    assert take.lufs == pytest.approx(wanted, abs=0.1)


@pytest.mark.parametrize(
    "asked",
    [
        {"mono": True},
        {"mono": True, "bits": 32, "loudness": -9.0},
        {"width": 0.3},
        {"bits": 32},
        {"bits": 32, "width": 0.0},
        {"mono": True, "loudness": -10.0},
    ],
)
def test_stems_have_the_form_of_the_take_and_add_up_to_it(
    film: Path, asked: dict[str, Any], tmp_path: Path
) -> None:
    take, mix = make(film, tmp_path, stems=True, **asked)
    parts = [read(take.stems[layer]) for layer in LAYERS]
    assert {part.shape for part in parts} == {mix.shape}
    assert {soundfile.info(path).subtype for path in take.stems.values()} == {
        soundfile.info(take.path).subtype
    }
    assert np.abs(sum(parts) - mix).max() <= 2 * ONE_STEP * max(1.0, np.abs(mix).max())


@pytest.mark.parametrize("loudness", [None, -5.0])
def test_float_keeps_what_goes_over_full_scale(film: Path, loudness: float | None, tmp_path: Path) -> None:
    take, sound = make(film, tmp_path, level=0.9, bits=32, loudness=loudness)
    assert soundfile.info(take.path).subtype == "FLOAT"
    assert np.abs(sound).max() > 1.2
    assert take.true_peak is not None
    assert take.true_peak > 2
    assert (take.limited_db, take.missed_loudness(), take.bits) == (0, "", 32)
    assert take.lufs == pytest.approx(BS1770.integrated_loudness(sound), abs=0.1)
    if loudness is None:
        raw = sum(played(layer, 0.9) for layer in LAYERS)
        inside = slice(RATE // 10, -RATE // 10)
        assert np.abs(sound[inside] - raw[inside]).max() <= 1e-6
        assert take.gain_db == 0
    else:
        assert take.lufs == pytest.approx(loudness, abs=0.1)
    whole, cut = make(film, tmp_path, level=0.9, bits=24, loudness=loudness)
    assert np.abs(cut).max() < 1
    assert whole.true_peak is not None
    assert whole.true_peak <= -1


@pytest.mark.parametrize("asked", [{"mono": True}, {"bits": 32}, {"mono": True, "bits": 32}])
@pytest.mark.parametrize("mix", [False, True])
def test_previews_and_reports_are_made_of_every_form(
    film: Path, asked: dict[str, Any], mix: bool, tmp_path: Path
) -> None:
    take, sound = make(film, tmp_path, level=0.9, **asked)
    preview = write_preview(take, film, Fraction(0), Fraction(2), tmp_path / "preview.mov", mix=mix)
    heard = np.concatenate(list(foley_core.media.sound.sound(preview.path, Fraction(0), Fraction(2))))
    loudest = np.abs(heard[RATE // 2 : RATE]).max()
    over = asked.get("bits") == 32
    assert loudest <= 1.05
    assert loudest > 0.5 * min(np.abs(sound).max(), 1.0)
    assert any("over full scale, and turned down" in note for note in preview.notes) == over
    made = MadeTakes([take], film_clock(probe(film)))
    for name in ("page.html", "page.json"):
        write_report(made, tmp_path / name)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert ("turned down by" in page) == over
    assert ("32 bit float" in page, ", mono," in page) == (over, "mono" in asked)
    assert json.loads((tmp_path / "page.json").read_text())["channels"] == take.channels


def test_what_is_not_asked_for_stands_nowhere(film: Path, tmp_path: Path) -> None:
    take, _sound = make(film, tmp_path)
    assert not {"mono", "width"} & plain(Cue(media="x")).keys()
    assert not {"mono", "width"} & read_record(Path(take.path))["cue"].keys()


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"width": 1.01}, "width"), ({"width": -0.1}, "width"), ({"width": 1.0, "mono": True}, "mono")],
)
def test_a_width_that_makes_no_sense_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CueError, match=said):
        check(Cue(media="x", **asked))
