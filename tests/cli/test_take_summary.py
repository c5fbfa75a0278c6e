"""The line on a take: of hits that were listened for it says what was measured, and no more."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from backend.cli.generate import summary
from foley_core.take import AlignmentSummary
from tests.test_report import take_of


def found(**told: object) -> AlignmentSummary:
    return AlignmentSummary(unmatched_impacts=0, unmatched_onsets=0, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alignment", "said"),
    [
        (None, "1 of 1 impacts sounded, -23.4 LUFS."),
        (found(shift_ms=0.0), "1 of 1 impacts sounded, -23.4 LUFS."),
        (
            found(shift_ms=120.0, moved=True),
            "1 of 1 impacts sounded, hits moved to where the picture's impacts were seen, -23.4 LUFS.",
        ),
        (
            found(told=False),
            "1 impacts seen, which do not tell whether the hits are late: nothing is moved, -23.4 LUFS.",
        ),
    ],
    ids=["not asked for", "told", "moved", "not told"],
)
def test_the_line_says_what_was_measured_of_the_hits(
    tmp_path: Path, alignment: AlignmentSummary | None, said: str
) -> None:
    take = take_of(tmp_path, [Fraction(1)], alignment=alignment)
    assert summary(msgspec.to_builtins(take)) == f"Seed 7, {said}"


def test_a_take_of_an_older_record_is_told_of_as_it_was(tmp_path: Path) -> None:
    take = msgspec.to_builtins(take_of(tmp_path, [Fraction(1)], alignment=found(shift_ms=0.0)))
    for name in ("told", "moved", "within_ms"):
        del take["alignment"][name]
    assert "1 of 1 impacts sounded" in summary(take)
