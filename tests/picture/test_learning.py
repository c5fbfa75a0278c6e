"""What is learnt from drawn films is the same whoever draws them, and read as it was learnt."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from benchmarks.training.boosting import Growth, binned, edges, grown
from benchmarks.training.examples import Examples, candidates, labelled
from benchmarks.training.films import film
from benchmarks.training.kinds import MOVING, STRIKING
from benchmarks.training.learn import learnt
from foley_core.picture.candidates import NAMES
from foley_core.picture.scorer import knowledge


def test_there_are_ten_kinds_that_strike_and_ten_that_move_and_do_not_at_least() -> None:
    assert min(len(STRIKING), len(MOVING)) >= 10
    assert not set(STRIKING) & set(MOVING)


def test_trees_tell_what_they_were_grown_to_tell() -> None:
    rng = np.random.default_rng(1)
    features = rng.standard_normal((4000, 12)).astype(np.float32)
    wanted = ((features[:, 3] > 0.5) & (features[:, 7] < 0)).astype(np.float64)
    ends = edges(features)
    trees = grown(binned(features, ends), ends, wanted, Growth(trees=60, columns=0.5), seed=1)
    told = trees.told(rng.permutation(features))
    assert 0 < told.mean() < 0.3
    fresh = rng.standard_normal((1000, 12)).astype(np.float32)
    right = (trees.told(fresh) > 0.5) == ((fresh[:, 3] > 0.5) & (fresh[:, 7] < 0))
    assert right.mean() > 0.95


def test_the_same_examples_teach_the_same_to_the_bit() -> None:
    taught = [learnt([_examples(seed) for seed in range(6)]) for _ in range(2)]
    assert taught[0].keys() == taught[1].keys()
    assert all((taught[0][name] == taught[1][name]).all() for name in taught[0])


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "number"), [("press", 14), ("splash", 20), ("set_down", 17)])
def test_a_film_that_is_drawn_anew_teaches_the_same_to_the_bit(
    kind: str, number: int, tmp_path: Path
) -> None:
    drawn = []
    for folder in (tmp_path / "first", tmp_path / "second"):
        folder.mkdir()
        made = film(kind, number, folder)
        drawn.append(asdict(labelled(list(candidates(made.path)), made.events)))
    assert all(np.array_equal(drawn[0][name], drawn[1][name]) for name in drawn[0])


def _examples(seed: int) -> Examples:
    rng = np.random.default_rng(seed)
    kinds = rng.integers(-1, 3, 150)
    return Examples(
        features=rng.standard_normal((150, len(NAMES))).astype(np.float32) + kinds[:, None] / np.float32(4),
        times=np.arange(150.0),
        kinds=kinds,
        late=np.where(kinds >= 0, rng.normal(0, 0.04, 150), 0.0),
        followed=rng.random(150) < 0.2,
    )


def test_what_was_learnt_is_small_and_fits_what_is_asked() -> None:
    learnt_file = files("foley_core.picture").joinpath("scorer.npz")
    assert len(learnt_file.read_bytes()) < 200_000
    known = knowledge()
    assert int(known.late.column.max()) < len(NAMES)
    assert (np.diff(known.told) > 0).all()
    assert (np.diff(known.real) >= 0).all()
