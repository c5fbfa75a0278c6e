"""Which impacts are sounded: what was seen, or what the user asked for instead."""

from __future__ import annotations

from fractions import Fraction

import pytest

from foley_core.cue import Cue
from foley_core.engines.engine import Brief, Hit
from foley_core.hits import UNSEEN_STRENGTH, chosen_impacts, sounded_impacts
from foley_core.picture.spotting import Impact
from foley_core.stretch import Stretch, place
from tests.core.test_stretch import film

SEEN = [Impact(time=Fraction(t), strength=t / 10, x=t / 10, y=0.5) for t in (1, 2, 5, 8)]


def laid(handles: int = 0) -> Stretch:
    return place(
        Cue(media="/f", in_point=Fraction(2), out_point=Fraction(8), handles=Fraction(handles)), film()
    )


def test_what_was_seen_within_the_take_is_sounded_the_out_point_excluded() -> None:
    assert [impact.time for impact in chosen_impacts(None, SEEN, laid())] == [2, 5]
    assert [impact.time for impact in chosen_impacts(None, SEEN, laid(handles=1))] == [1, 2, 5, 8]


def test_hits_overrule_everything_that_was_seen_and_come_in_order_and_once() -> None:
    hits = [Fraction(6), Fraction(3), Fraction(6)]
    assert [impact.time for impact in chosen_impacts(hits, SEEN, laid())] == [3, 6]
    assert chosen_impacts([], SEEN, laid()) == ()


def test_a_hit_near_an_impact_takes_its_strength_and_place_but_keeps_its_own_time() -> None:
    (near, far) = chosen_impacts([Fraction(51, 10), Fraction(6)], SEEN, laid())
    assert (near.time, near.strength, near.x) == (Fraction(51, 10), 0.5, 0.5)
    assert (far.time, far.strength, far.x, far.y) == (6, UNSEEN_STRENGTH, 0.5, 0.5)


def test_hits_outside_the_take_are_left_out() -> None:
    assert chosen_impacts([Fraction(1), Fraction(9)], SEEN, laid()) == ()


@pytest.mark.parametrize(("alignment", "offset"), [("off", None), ("report", 2.0), ("snap", 2.0)])
def test_each_impact_is_reported_with_the_hit_that_sounds_for_it(
    alignment: str, offset: float | None
) -> None:
    brief = Brief(
        media=film().path,
        prompt="",
        negative="",
        layers=("hits",),
        seed=1,
        first_sample=96_000,
        samples=1,
        impacts=tuple(SEEN[1:3]),
        tick=lambda share: None,
    )
    hit = Hit(sample=5 * 48_000 + 96, sound="wood", strength=0.5, impact=1)
    silent, sounded = sounded_impacts(brief, [hit], alignment)  # type: ignore[arg-type]
    assert (silent.sound, silent.sample, silent.offset_ms) == ("", None, None)
    assert (sounded.sound, sounded.sample) == ("wood", 3 * 48_000 + 96)
    assert sounded.offset_ms == offset
