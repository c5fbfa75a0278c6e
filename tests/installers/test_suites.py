"""Which tests run where: all, those of a part, and those that are quick."""

from __future__ import annotations

import pytest
import suites
from suites import BLENDER_BYTES, Suites, chosen


@pytest.mark.parametrize(
    ("part", "quick", "main", "blender"),
    [
        ("tests", False, "tests", "tests/blender"),
        ("tests/", False, "tests", "tests/blender"),
        ("./tests", False, "tests", "tests/blender"),
        ("tests", True, "tests", None),
        ("tests/core", False, "tests/core", None),
        ("tests/core", True, "tests/core", None),
        ("tests/core/test_cue.py", False, "tests/core/test_cue.py", None),
        ("tests/blender", False, None, "tests/blender"),
        ("tests/blender/test_hits.py", False, None, "tests/blender/test_hits.py"),
        ("tests/blender", True, None, None),
        ("tests/blenders", False, "tests/blenders", None),
    ],
)
def test_a_part_runs_where_it_belongs(part: str, quick: bool, main: str | None, blender: str | None) -> None:
    assert chosen(part, quick) == Suites(main, blender)


@pytest.mark.parametrize(
    ("free", "at_once"), [(0, 1), (BLENDER_BYTES - 1, 1), (2 * BLENDER_BYTES, 2), (64 * BLENDER_BYTES, 3)]
)
def test_as_many_blenders_run_at_once_as_there_is_memory_for(
    free: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suites.os, "sysconf", {"SC_AVPHYS_PAGES": free // 4096, "SC_PAGE_SIZE": 4096}.get)
    assert suites._fitting(3) == at_once


def test_where_memory_cannot_be_told_all_blenders_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(suites.os, "sysconf")
    assert suites._fitting(3) == 3
