"""Fast things: struck at their time, once, at the rates of films and of television."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.picture.fast import fast_film, strikes
from tests.picture.seeing import see

FAST = [("24000/1001", 50), ("24", 35), ("24", 60), ("25", 50), ("30000/1001", 50), ("60", 30)]


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "speed"), FAST)
def test_what_moves_by_a_tenth_of_the_picture_from_frame_to_frame_is_struck_once_at_its_time(
    tmp_path: Path, rate: str, speed: int
) -> None:
    true = strikes(Fraction(rate), speed)
    seen = [float(one.time) for one in see(fast_film(tmp_path / "film.mp4", Fraction(rate), speed)).impacts]
    assert len(seen) == len(true)
    assert max(abs(one - other) for one, other in zip(seen, true, strict=True)) <= 0.020
