"""Running pytest in an environment and counting, from its JUnit file and not from its text."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from running import ROOT


@dataclass(frozen=True)
class Tally:
    """How many tests passed and failed; an error counts as failed."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def closing_line(total: Tally, parts: Mapping[str, Tally]) -> str:
    """The last line of a test run: the total, then how many tests of it ran in which Blender."""
    ran = [f"{name}: {part.passed + part.failed}" for name, part in parts.items() if part.passed]
    return f"{total} (of these in {', '.join(ran)})" if ran else str(total)


def run_pytest(python: Path, arguments: Sequence[str], folder: Path = ROOT, *, later: bool = False) -> Tally:
    """Run pytest, its output going where ours goes, at once or in one piece `later`, when it has ended.

    A run that breaks off counts as one more failed test.
    """
    with tempfile.TemporaryDirectory() as scratch:
        results = Path(scratch) / "results.xml"
        done = subprocess.run(
            [str(python), "-m", "pytest", f"--junitxml={results}", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if later else None,
            stderr=subprocess.STDOUT if later else None,
        )
        if later:
            print(done.stdout.decode(errors="replace"), flush=True)
        return count(results, done.returncode)


def count(results: Path, exit_code: int) -> Tally:
    """Read a JUnit file; none, a damaged one, or an exit code that no test explains is one failed test."""
    try:
        cases = list(ElementTree.parse(results).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return Tally(failed=1)
    outcomes = [{child.tag for child in case} for case in cases]
    failed = sum(bool(outcome & {"failure", "error"}) for outcome in outcomes)
    skipped = sum("skipped" in outcome for outcome in outcomes)
    unexplained = exit_code != 0 and failed == 0
    return Tally(passed=len(cases) - failed - skipped, failed=failed + unexplained)
