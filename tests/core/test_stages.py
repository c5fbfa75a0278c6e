"""`foley_core.generate`: the one way through, with engines that behave and engines that do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

import foley_core
from foley_core.cue import Cue, Layer
from foley_core.engines.engine import Block, Brief, Performance
from foley_core.errors import BadRange, Cancelled, EngineFailed, EngineUnknown, FoleyError
from foley_core.media.wav import read_record
from foley_core.picture.spotting import Spotting
from foley_core.stages import STAGES
from foley_core.timecode import sample_at
from tests.films import Film, flash_film


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Two seconds at 23.976 with two flashes."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return flash_film(path, rate=Fraction(24000, 1001), seconds=2, flashes=[10, 30])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that holds nothing but what `generate` makes."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "take.wav"


@dataclass
class Scripted:
    """An engine that gives back just the blocks it is told to."""

    blocks: list[Block]
    name: str = "scripted"
    version: str = "1"

    def load(self) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """The blocks, whatever the brief says."""
        return Performance(blocks=iter(self.blocks))


@dataclass
class Shelf:
    """A shelf in memory."""

    kept: dict[tuple[Path, Fraction, Fraction], Spotting] = field(default_factory=dict)

    def recall(self, media: Path, start: Fraction, end: Fraction) -> Spotting | None:
        """What was kept."""
        return self.kept.get((media, start, end))

    def keep(self, media: Path, spotting: Spotting) -> None:
        """Keep it."""
        self.kept[media, spotting.start, spotting.end] = spotting


def block(samples: int, layers: tuple[Layer, ...] = ("hits", "movement", "ambience")) -> Block:
    return {layer: np.full((samples, 2), 0.01, np.float32) for layer in layers}


def cue(film: Film, **changes: object) -> Cue:
    return Cue(**({"media": str(film.path), "prompt": "click", "seed": 1, "engine": "impulse"} | changes))  # type: ignore[arg-type]


def test_the_take_is_exact_and_carries_its_whole_record(film: Film, out: Path) -> None:
    take = foley_core.generate(cue(film), out)
    sound, rate = soundfile.read(out)
    assert (len(sound), rate) == (sample_at(film.times[-1] + 1 / film.rate), 48_000)
    assert [int(n) for n in np.flatnonzero(sound[:, 0])] == [sample_at(time) for time in film.flashes]
    record = read_record(out)
    assert record["cue"]["prompt"] == "click"
    assert (record["seed"], record["engine"], record["cue"]["media"]) == (1, "impulse", film.path.name)
    assert take.decoded_frames == len(film.times)
    assert list(out.parent.iterdir()) == [out]


def test_stages_are_reported_in_their_order_and_none_goes_back(film: Film, out: Path) -> None:
    seen: list[tuple[str, float]] = []
    foley_core.generate(cue(film), out, on_progress=lambda stage, share: seen.append((stage, share)))
    order = list(STAGES)
    assert seen == sorted(seen, key=lambda step: (order.index(step[0]), step[1]))
    assert {stage for stage, _ in seen} == set(order)
    assert seen[-1] == ("write", 1.0)


def test_the_same_cue_gives_the_same_bits_and_without_a_seed_one_is_drawn(film: Film, out: Path) -> None:
    drawn = foley_core.generate(cue(film, engine="procedural", prompt="rain", seed=None), out)
    again = out.with_name("again.wav")
    foley_core.generate(cue(film, engine="procedural", prompt="rain", seed=drawn.seed), again)
    assert out.read_bytes() == again.read_bytes()


def test_what_is_on_the_shelf_is_not_watched_again(film: Film, out: Path) -> None:
    shelf = Shelf()
    first = foley_core.generate(cue(film, engine="procedural"), out, shelf=shelf)
    second = foley_core.generate(cue(film, engine="procedural", prompt="metal"), out, shelf=shelf)
    assert (first.decoded_frames, second.decoded_frames) == (len(film.times), 0)


@pytest.mark.parametrize("stage", list(STAGES))
def test_a_cancel_in_any_stage_leaves_nothing_behind(film: Film, out: Path, stage: str) -> None:
    reached: list[str] = []

    def cancelled() -> bool:
        return bool(reached) and reached[-1] == stage

    with pytest.raises(Cancelled):
        foley_core.generate(
            cue(film, engine="procedural", prompt="rain", stems=True),
            out,
            on_progress=lambda now, share: reached.append(now),
            cancelled=cancelled,
        )
    assert not out.exists()
    assert not [path for path in out.parent.iterdir() if path.suffix != ".wav"]


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([], "played 0 samples"),
        ([block(10)], "played 10 samples"),
        ([block(10_000_000)], "played on past"),
        ([block(10, ("hits",))], "do not fit together"),
        ([{**block(10), "hits": np.zeros((9, 2), np.float32)}], "do not fit together"),
        ([{**block(10), "hits": np.zeros((10, 1), np.float32)}], "do not fit together"),
        ([{layer: np.zeros(10, np.float32) for layer in block(10)}], "do not fit together"),
        ([{**block(10), "hits": np.full((10, 2), np.nan, np.float32)}], "no sound"),
        ([{**block(10), "hits": np.zeros((10, 2))}], "no sound"),
    ],
)
def test_an_engine_that_gives_back_something_unusable_is_told_apart(
    film: Film, out: Path, blocks: list[Block], words: str
) -> None:
    with pytest.raises(EngineFailed, match=words):
        foley_core.generate(cue(film), out, engine=Scripted(blocks))
    assert list(out.parent.iterdir()) == []


def test_an_engine_that_breaks_in_the_middle_becomes_one_clear_error(film: Film, out: Path) -> None:
    def breaking() -> Iterator[Block]:
        yield block(10)
        raise ZeroDivisionError("by zero")

    engine = Scripted([])
    engine.perform = lambda brief: Performance(blocks=breaking())  # type: ignore[method-assign]
    with pytest.raises(EngineFailed, match="ZeroDivisionError: by zero"):
        foley_core.generate(cue(film), out, engine=engine)
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"engine": "theremin"}, EngineUnknown),
        ({"out_point": Fraction(100)}, BadRange),
        ({"media": "/nowhere/film.mp4"}, FoleyError),
    ],
)
def test_bad_input_is_an_error_and_no_file(
    film: Film, out: Path, changes: dict[str, object], error: type[FoleyError]
) -> None:
    with pytest.raises(error):
        foley_core.generate(cue(film, **changes), out)
    assert list(out.parent.iterdir()) == []


def test_a_take_that_exists_is_only_replaced_by_a_whole_one(film: Film, out: Path) -> None:
    foley_core.generate(cue(film), out)
    before = out.read_bytes()
    with pytest.raises(EngineFailed):
        foley_core.generate(cue(film), out, engine=Scripted([]))
    assert out.read_bytes() == before
