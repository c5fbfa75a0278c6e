"""Where nothing can be heard, nothing is: no impact in quiet footage, nor beside what is cut or flashes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from foley_core.picture.spotting import Spotting
from tests.picture.drawn import Picture, film
from tests.picture.quiet import SHOT, frame
from tests.picture.seeing import see
from tests.picture.strikes import strikes, struck_film

RATE = Fraction(25)
WIDTH = 320


def watched(folder: Path, kind: str, seconds: float) -> Spotting:
    return see(film(folder / "film.mp4", RATE, seconds, frame(kind, WIDTH)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["still", "pan", "zoom", "grain", "flicker", "fades"])
def test_no_impact_is_seen_in_quiet_footage(tmp_path: Path, kind: str) -> None:
    seen = watched(tmp_path, kind, 2.4)
    assert seen.impacts == ()
    assert kind == "fades" or seen.cuts == ()


def test_cuts_are_found_at_their_frames_and_no_impact_beside_them(tmp_path: Path) -> None:
    seen = watched(tmp_path, "cuts", 2.8)
    cuts = [Fraction(round(n * SHOT * RATE)) / RATE for n in (1, 2, 3)]
    assert list(seen.cuts) == cuts
    assert [one.time for one in seen.impacts if any(abs(one.time - cut) <= 2 / RATE for cut in cuts)] == []


@pytest.mark.parametrize("frames", [1, 3])
def test_a_flash_is_neither_an_impact_nor_a_cut(tmp_path: Path, frames: int) -> None:
    def flashing(time: float) -> Picture:
        lit = 0.99 < time < 0.99 + frames / 25
        return np.clip(frame("pan", WIDTH)(time).astype(int) + 110 * lit, 0, 255).astype(np.uint8)

    seen = see(film(tmp_path / "film.mp4", RATE, 2, flashing))
    assert (seen.impacts, seen.cuts) == ((), ())


def test_every_strike_of_the_drawn_film_is_seen_and_none_else(tmp_path: Path) -> None:
    """The first seconds: a ball that bounces, a box that is stopped, while others swing and pass."""
    true = [float(strike.time) for strike in strikes() if strike.time < 4]
    found = [
        float(one.time) for one in see(struck_film(tmp_path / "film.mp4", Fraction(30_000, 1001), 4)).impacts
    ]
    assert len(found) == len(true)
    assert max(abs(one - other) for one, other in zip(found, true, strict=True)) <= 0.020
