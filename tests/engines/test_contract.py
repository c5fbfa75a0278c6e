"""What every engine must keep to, whatever it is: the contract of `foley_core.engines.engine`."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from foley_core.cue import LAYERS, Layer
from foley_core.engines.engine import Brief, Engine, find_engine
from foley_core.engines.installed import TEST_ENGINES, engine_names
from foley_core.errors import Cancelled
from foley_core.picture.spotting import Impact, Spotting
from foley_core.picture.spotting_stream import SpottingStream
from foley_core.samples import Sound
from foley_core.timecode import SAMPLE_RATE
from tests.films import flash_film

ELSEWHERE = {"hunyuan"}
"""Engines that need weights, and are held to the contract where there are some: in tests/hunyuan."""


def _all_engines() -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TEST_ENGINES, "1")
        return [name for name in engine_names() if name not in ELSEWHERE]


@pytest.fixture
def long() -> int:
    """Seconds that are many for the engine."""
    return 600


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds with flashes, for the engine that looks at the picture itself."""
    return flash_film(tmp_path_factory.mktemp("film") / "film", flashes=(12, 40)).path


@pytest.fixture(params=_all_engines())
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn, loaded."""
    engine = find_engine(request.param)
    engine.load()
    return engine


@pytest.fixture
def brief(film: Path) -> Brief:
    """Three seconds and a bit, with three impacts."""
    return Brief(
        media=film,
        prompt="wood",
        negative="",
        layers=LAYERS,
        seed=1,
        first_sample=0,
        samples=3 * SAMPLE_RATE + 1,
        picture=showing(Fraction(1, 3), Fraction(3, 2), Fraction(5, 2)),
        tick=lambda share: None,
    )


def showing(*times: Fraction | int) -> SpottingStream:
    """A picture with impacts at these times."""
    impacts = tuple(Impact(time=Fraction(time), strength=0.7, x=0.3, y=0.5) for time in times)
    return SpottingStream.of(Spotting(start=Fraction(0), end=Fraction(3600), impacts=impacts, frames=0))


def played(engine: Engine, brief: Brief) -> dict[Layer, Sound]:
    """Each layer whole."""
    blocks = list(engine.perform(brief).blocks)
    return {layer: np.concatenate([block[layer] for block in blocks]) for layer in brief.layers}


def test_the_built_in_engine_and_the_test_engines_are_found() -> None:
    assert {"procedural", "impulse", "faulty"} <= set(_all_engines())


def test_it_says_where_it_works(engine: Engine) -> None:
    assert engine.device.strip()


def test_the_same_brief_gives_the_same_bits(engine: Engine, brief: Brief) -> None:
    one, other = played(engine, brief), played(engine, brief)
    assert all(np.array_equal(one[layer], other[layer]) for layer in LAYERS)


def test_another_seed_gives_other_bits(engine: Engine, brief: Brief) -> None:
    one, other = played(engine, brief), played(engine, replace(brief, seed=2))
    assert any(not np.array_equal(one[layer], other[layer]) for layer in LAYERS)


@pytest.mark.parametrize("samples", [1, 47_999, 48_000, 48_001, 100_003])
def test_the_blocks_add_up_to_the_samples_asked_for(engine: Engine, brief: Brief, samples: int) -> None:
    sound = played(engine, replace(brief, samples=samples))
    assert {layer: len(part) for layer, part in sound.items()} == dict.fromkeys(LAYERS, samples)


@pytest.mark.parametrize(
    "layers", [LAYERS, ("hits",), ("movement",), ("ambience",), ("ambience", "hits")], ids=str
)
def test_every_block_has_the_layers_asked_for_as_stereo_sound(
    engine: Engine, brief: Brief, layers: tuple[Layer, ...]
) -> None:
    for block in engine.perform(replace(brief, layers=layers)).blocks:
        assert set(block) == set(layers)
        assert len({sound.shape for sound in block.values()}) == 1
        for sound in block.values():
            assert sound.dtype == np.float32
            assert sound.shape[1] == 2
            assert np.isfinite(sound).all()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_length(engine: Engine, brief: Brief, long: int) -> None:
    def peak(seconds: int) -> int:
        picture = showing(*range(1, seconds, 2))
        asked = replace(brief, samples=seconds * SAMPLE_RATE, picture=picture)
        tracemalloc.start()
        try:
            for _ in engine.perform(asked).blocks:
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(long) <= 1.05 * peak(10) + 500_000


def test_it_says_how_far_it_is(engine: Engine, brief: Brief) -> None:
    shares: list[float] = []
    played(engine, replace(brief, samples=20 * SAMPLE_RATE, tick=shares.append))
    assert len(shares) >= 20
    assert all(0 <= share <= 1 for share in shares)
    assert shares[-1] == pytest.approx(1)


@pytest.mark.parametrize("ticks", [0, 3])
def test_a_cancel_passes_through_it(engine: Engine, brief: Brief, ticks: int) -> None:
    with pytest.raises(Cancelled):
        played(engine, replace(brief, samples=20 * SAMPLE_RATE, tick=_cancelling_after(ticks)))


def _cancelling_after(ticks: int) -> Callable[[float], None]:
    left: Iterator[int] = iter(range(ticks))

    def tick(share: float) -> None:
        if next(left, None) is None:
            raise Cancelled

    return tick
