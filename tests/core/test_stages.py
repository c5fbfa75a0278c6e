"""`foley_core.generate`: the one way through, with engines that behave and engines that do not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

import foley_core
from foley_core.cue import Cue, Layer
from foley_core.engines.engine import Block, Brief, Performance
from foley_core.errors import (
    BadRange,
    Cancelled,
    EngineFailed,
    EngineUnknown,
    FoleyError,
    MediaUnreadable,
    OutOfMemory,
)
from foley_core.media.wav import read_record
from foley_core.picture.spotting import Spotting
from foley_core.progress import STAGES
from foley_core.timecode import sample_at
from tests.films import Film, Make, draw_film, flash_film, steady_times


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Two seconds at 23.976 with two flashes."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return flash_film(path, rate=Fraction(24000, 1001), seconds=2, flashes=[10, 30])


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Twenty seconds, of which each frame can be decoded by itself."""
    path, rate = tmp_path_factory.mktemp("long") / "film", Fraction(10)
    return draw_film(path, INTRA, rate, steady_times(rate, 20), [30])


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Whatever a test does, `generate` leaves no thread behind."""
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that holds nothing but what `generate` makes."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "take.wav"


INTRA = Make(suffix=".mkv", codec="mjpeg", options={}, pix_fmt="yuvj420p")


@dataclass
class Watcher:
    """An engine that looks at the picture as far as each block goes, a second at a time."""

    before_block: Callable[[int], None] = lambda second: None
    name: str = "watcher"
    version: str = "1"
    device: str = "CPU"

    def load(self) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """Hardly anything is to be heard."""
        return Performance(blocks=self._blocks(brief))

    def _blocks(self, brief: Brief) -> Iterator[Block]:
        for first in range(0, brief.samples, 48_000):
            self.before_block(first // 48_000)
            end = min(first + 48_000, brief.samples)
            brief.picture.impacts(Fraction(brief.first_sample + end, 48_000))
            yield block(end - first)


@dataclass
class Scripted:
    """An engine that gives back just the blocks it is told to."""

    blocks: list[Block]
    name: str = "scripted"
    version: str = "1"
    device: str = "CPU"

    def load(self) -> None:
        """Nothing to load."""

    def perform(self, brief: Brief) -> Performance:
        """The blocks, whatever the brief says."""
        return Performance(blocks=iter(self.blocks))


@dataclass
class Spottings:
    """Keeps spottings in memory."""

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


@pytest.mark.parametrize("engine", ["impulse", "procedural"])
def test_stages_are_reported_in_their_order_and_none_goes_back(film: Film, out: Path, engine: str) -> None:
    seen: list[tuple[str, float]] = []
    foley_core.generate(
        cue(film, engine=engine), out, on_progress=lambda stage, share: seen.append((stage, share))
    )
    order = list(STAGES)
    assert seen == sorted(seen, key=lambda step: (order.index(step[0]), step[1]))
    assert {stage for stage, _ in seen} == set(order)
    assert seen[-1] == ("write", 1.0)


def test_the_same_cue_gives_the_same_bits_and_without_a_seed_one_is_drawn(film: Film, out: Path) -> None:
    drawn = foley_core.generate(cue(film, engine="procedural", prompt="rain", seed=None), out)
    again = out.with_name("again.wav")
    foley_core.generate(cue(film, engine="procedural", prompt="rain", seed=drawn.seed), again)
    assert out.read_bytes() == again.read_bytes()


def test_what_is_kept_is_not_watched_again(film: Film, out: Path) -> None:
    store = Spottings()
    first = foley_core.generate(cue(film, engine="procedural"), out, store=store)
    second = foley_core.generate(cue(film, engine="procedural", prompt="metal"), out, store=store)
    assert (first.decoded_frames, second.decoded_frames) == (len(film.times), 0)


def test_sound_is_made_while_the_film_is_still_being_watched(long_film: Film, out: Path) -> None:
    told: list[str] = []
    stages: dict[int, str] = {}
    engine = Watcher(lambda second: stages.update({second: told[-1]}))
    take = foley_core.generate(
        cue(long_film), out, engine=engine, on_progress=lambda stage, share: told.append(stage)
    )
    assert take.decoded_frames == len(long_film.times)
    assert list(stages) == list(range(20))
    assert stages[2] == "watch"  # "sound" is told only once all of the film has been watched
    assert told[-1] == "write"


def test_what_is_seen_is_the_same_whether_watched_or_known(film: Film, out: Path) -> None:
    store = Spottings()
    watched = foley_core.generate(cue(film, engine="procedural"), out, store=store)
    fresh = out.read_bytes()
    known = foley_core.generate(cue(film, engine="procedural"), out, store=store)
    assert (watched.decoded_frames, known.decoded_frames) == (len(film.times), 0)
    assert watched.impacts == known.impacts
    assert fresh == out.read_bytes()


@pytest.mark.parametrize("engine", [Watcher(), Scripted([block(96_096)])])
def test_the_film_is_watched_to_its_end_and_kept_though_the_engine_does_not_ask(
    film: Film, out: Path, engine: Watcher | Scripted
) -> None:
    store = Spottings()
    take = foley_core.generate(cue(film, hits=()), out, engine=engine, store=store)
    (kept,) = store.kept.values()
    assert kept.frames == take.decoded_frames == len(film.times)


def broken_in_the_middle(film: Film, path: Path) -> Path:
    """A copy in which time goes back by three seconds half-way."""
    with av.open(str(film.path)) as source, av.open(str(path), "w") as output:
        stream = output.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(source.demux(video=0)):
            if packet.size:
                assert packet.pts is not None
                packet.dts, packet.stream = packet.pts - 4000, stream
                packet.pts -= 3000 if number == len(film.times) // 2 else 0
                output.mux(packet)
    return path


@pytest.mark.parametrize("engine", [Watcher(), Scripted([block(960_000)])])
def test_a_film_that_breaks_half_way_gives_its_own_error_and_leaves_nothing(
    long_film: Film, out: Path, tmp_path: Path, engine: Watcher | Scripted
) -> None:
    store, blocks = Spottings(), []
    if isinstance(engine, Watcher):
        engine.before_block = blocks.append
    broken = cue(long_film, media=str(broken_in_the_middle(long_film, tmp_path / "broken.mkv")))
    with pytest.raises(MediaUnreadable, match="go back"):
        foley_core.generate(broken, out, engine=engine, store=store)
    assert list(out.parent.iterdir()) == []
    assert not store.kept
    assert len(blocks) < 12


def test_a_cancel_in_the_middle_of_the_film_ends_watching_there(long_film: Film, out: Path) -> None:
    reached: list[float] = []

    def cancelled() -> bool:
        return bool(reached) and reached[-1] > 0.6

    store, blocks = Spottings(), []
    with pytest.raises(Cancelled):
        foley_core.generate(
            cue(long_film),
            out,
            engine=Watcher(blocks.append),
            store=store,
            on_progress=lambda stage, share: reached.append(share),
            cancelled=cancelled,
        )
    assert 1 < len(blocks) < 15
    assert list(out.parent.iterdir()) == []
    assert not store.kept


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


def test_an_engine_that_gets_no_more_memory_is_told_apart(film: Film, out: Path) -> None:
    def greedy(second: int) -> None:
        raise MemoryError

    with pytest.raises(OutOfMemory):
        foley_core.generate(cue(film), out, engine=Watcher(before_block=greedy))
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
