"""The line on a take: of hits that were listened for it says what was measured, and no more."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from backend.cli.results import advice, summary
from foley_core.take import AlignmentSummary
from tests.report.pages import take_of


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
            "1 impact seen, not enough to tell whether hits are late: nothing is moved, -23.4 LUFS.",
        ),
    ],
    ids=["not asked for", "told", "moved", "not told"],
)
def test_the_line_says_what_was_measured_of_the_hits(
    tmp_path: Path, alignment: AlignmentSummary | None, said: str
) -> None:
    take = take_of(tmp_path, [Fraction(1)], alignment=alignment)
    assert summary(msgspec.to_builtins(take)) == f"take.wav: seed 7, {said}"


def test_a_take_of_an_older_record_is_told_of_as_it_was(tmp_path: Path) -> None:
    take = msgspec.to_builtins(take_of(tmp_path, [Fraction(1)], alignment=found(shift_ms=0.0)))
    for name in ("told", "moved", "within_ms"):
        del take["alignment"][name]
    assert "1 of 1 impacts sounded" in summary(take)


@pytest.mark.parametrize(
    ("impacts", "sound", "voices", "cue", "said", "advised"),
    [
        (0, "", "boots", {}, "no impacts seen, -23.4", "No impact is seen, so boots is not heard"),
        (3, "", "none", {}, "3 impacts seen, none sounded", ""),
        (3, "", "none", {"hits": ["1"]}, "3 hits given, none sounded", "names nothing that strikes"),
        (3, "wood", "wood", {"hits": ["1"]}, "3 of 3 hits sounded", ""),
        (3, "", "none", {"layers": ["ambience"]}, "seed 7, -23.4 LUFS", ""),
    ],
)
def test_a_take_without_hits_is_told_of_without_reproach_and_with_advice(
    tmp_path: Path,
    impacts: int,
    sound: str,
    voices: str,
    cue: dict[str, object],
    said: str,
    advised: str,
) -> None:
    take = msgspec.to_builtins(take_of(tmp_path, [Fraction(n) for n in range(1, impacts + 1)]))
    take["impacts"] = [{**impact, "sound": sound} for impact in take["impacts"]]
    take |= {"notes": {"hits": voices}, "cue": {**take["cue"], **cue}}
    assert said in summary(take)
    lines = list(advice(take))
    assert any(advised in line for line in lines) if advised else not lines
