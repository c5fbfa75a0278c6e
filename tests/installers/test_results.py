"""Tests are counted from what pytest writes, also when pytest itself does not live to write it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from results import SLOWEST, Tally, closing_line, count, run_pytest

pytestmark = pytest.mark.process

MIXED = """
import pytest

def test_passes(): pass
def test_passes_too(): pass
def test_fails(): assert False
def test_is_skipped(): pytest.skip("not here")
@pytest.mark.xfail
def test_is_expected_to_fail(): assert False
@pytest.fixture
def broken(): raise RuntimeError
def test_has_a_broken_fixture(broken): pass
"""

CASES = {
    "mixed": (MIXED, Tally(passed=2, failed=2)),
    "all pass": ("def test_a(): pass", Tally(passed=1)),
    "cannot be imported": ("import no_such_module", Tally(failed=1)),
    "crashes": ("import os\ndef test_a(): pass\ndef test_b(): os._exit(11)", Tally(failed=1)),
    "has no tests": ("", Tally(failed=1)),
    "cannot tear down": (
        "import pytest\n@pytest.fixture\ndef a():\n    yield\n    raise OSError\ndef test_a(a): pass",
        Tally(failed=1),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_run_is_counted(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    code, expected = CASES[case]
    (tmp_path / "test_it.py").write_text(code)
    arguments = ["-q", "-p", "no:cacheprovider", str(tmp_path)]
    assert run_pytest(Path(sys.executable), arguments, tmp_path) == expected


def test_each_line_of_a_run_with_a_name_begins_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "test_it.py").write_text("def test_that_passes(): pass")
    arguments = ["-v", "-p", "no:cacheprovider", str(tmp_path)]
    tally = run_pytest(Path(sys.executable), arguments, tmp_path, name="bpy-1")
    assert tally == Tally(passed=1)
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("bpy-1  ") for line in lines)
    assert any("test_that_passes PASSED" in line for line in lines)
    assert [timed.test for timed in tally.slowest] == ["bpy-1 test_it::test_that_passes"]


def test_a_run_of_no_tests_may_be_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "test_it.py").write_text("")
    arguments = ["-q", "-p", "no:cacheprovider", str(tmp_path)]
    assert run_pytest(Path(sys.executable), arguments, tmp_path, may_be_empty=True) == Tally()
    assert run_pytest(Path(sys.executable), arguments, tmp_path) == Tally(failed=1)


def test_the_slowest_of_all_runs_are_remembered(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    cases = "".join(f'<testcase classname="tests.a" name="t{n}" time="{n % 7}.{n}"/>' for n in range(60))
    results.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    both = count(results, 0, "one") + count(results, 0)
    seconds = [timed.seconds for timed in both.slowest]
    assert len(seconds) == SLOWEST
    assert seconds == sorted(seconds, reverse=True)
    assert seconds[0] == 6.6
    assert {timed.test for timed in both.slowest} >= {"one tests.a::t6", "tests.a::t6"}


def test_a_damaged_file_counts_as_one_failed(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    results.write_text("<testsuites><testsuite><testcase/>")
    assert count(results, 0) == Tally(failed=1)


def test_an_exit_code_that_no_test_explains_counts_as_one_failed(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    results.write_text("<testsuites><testsuite><testcase/></testsuite></testsuites>")
    assert count(results, 0) == Tally(passed=1)
    assert count(results, -11) == Tally(passed=1, failed=1)


def test_tallies_are_summed_in_the_words_of_the_last_line() -> None:
    assert str(Tally(3, 1) + Tally(4, 0)) == "7 passed, 1 failed"


def test_the_last_line_counts_the_tests_of_each_blender_that_ran() -> None:
    parts = {"bpy-1": Tally(2, 1), "bpy-2": Tally(failed=1), "bpy-3": Tally(4)}
    assert closing_line(Tally(9, 2), parts) == "9 passed, 2 failed (of these in bpy-1: 3, bpy-3: 4)"
    assert closing_line(Tally(9, 2), {}) == "9 passed, 2 failed"
