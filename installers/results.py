"""Running pytest in an environment and counting, from its JUnit file and not from its text."""

from __future__ import annotations

import heapq
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from running import ROOT

SLOWEST = 20
"""So many of the slowest tests are remembered."""
_NO_TESTS = 5
"""Pytest's exit code where nothing was chosen."""


class Timed(NamedTuple):
    """How long a test took, with what was made for it."""

    seconds: float
    test: str


@dataclass(frozen=True)
class Tally:
    """How many tests passed and failed; an error counts as failed."""

    passed: int = 0
    failed: int = 0
    slowest: tuple[Timed, ...] = field(default=(), compare=False)
    """The slowest of them, slowest first."""

    def __add__(self, other: Tally) -> Tally:
        slowest = _slowest((*self.slowest, *other.slowest))
        return Tally(self.passed + other.passed, self.failed + other.failed, slowest)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def closing_line(total: Tally, parts: Mapping[str, Tally]) -> str:
    """The last line of a test run: the total, then how many tests of it ran in which Blender."""
    ran = [f"{name}: {part.passed + part.failed}" for name, part in parts.items() if part.passed]
    return f"{total} (of these in {', '.join(ran)})" if ran else str(total)


def run_pytest(
    python: Path,
    arguments: Sequence[str],
    folder: Path = ROOT,
    *,
    name: str = "",
    may_be_empty: bool = False,
) -> Tally:
    """Run pytest; what it prints goes where ours goes, as it comes, each line after `name` if there is one.

    A run that breaks off counts as one more failed test, and so does one of no tests, unless it may be empty.
    """
    with tempfile.TemporaryDirectory() as scratch:
        results = Path(scratch) / "results.xml"
        with subprocess.Popen(
            [str(python), "-m", "pytest", f"--junitxml={results}", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if name else None,
            stderr=subprocess.STDOUT if name else None,
        ) as process:
            for line in process.stdout or ():
                sys.stdout.write(f"{name}  {line.decode(errors='replace')}")
                sys.stdout.flush()
        empty = may_be_empty and process.returncode == _NO_TESTS
        return Tally() if empty else count(results, process.returncode, name)


def count(results: Path, exit_code: int, name: str = "") -> Tally:
    """Read a JUnit file; none, a damaged one, or an exit code that no test explains is one failed test."""
    try:
        cases = list(ElementTree.parse(results).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return Tally(failed=1)
    outcomes = [{child.tag for child in case} for case in cases]
    failed = sum(bool(outcome & {"failure", "error"}) for outcome in outcomes)
    skipped = sum("skipped" in outcome for outcome in outcomes)
    unexplained = exit_code != 0 and failed == 0
    slowest = _slowest(_timed(case, name) for case in cases)
    return Tally(len(cases) - failed - skipped, failed + unexplained, slowest)


def _timed(case: ElementTree.Element, name: str) -> Timed:
    where = " ".join(part for part in (name, case.get("classname", "")) if part)
    return Timed(float(case.get("time", 0.0)), f"{where}::{case.get('name', '')}")


def _slowest(tests: Iterable[Timed]) -> tuple[Timed, ...]:
    return tuple(heapq.nlargest(SLOWEST, tests))
