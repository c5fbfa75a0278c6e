"""The suites of tests: the main one, and that of the add-on in each Blender; which of them run, and how.

The main suite runs file by file in several processes at once, for most of its time is waiting for others;
what is marked `alone` comes after, one by one. The Blenders run side by side, as many as there is memory for;
with everything else, those between the oldest and the newest run only what is marked `each_blender`, for they
have no interface of their own.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Union

from environments import BLENDERS, TESTS, Contents, NoPython, announce, platform_name, prepare
from node import prepare_node
from results import Tally, closing_line, run_pytest
from running import SetupFailed, say
from system import make_bpy_load

BLENDER_TESTS = "tests/blender"
ENOUGH_BLENDERS = 2
BLENDER_BYTES = 2 << 30
"""Memory that the tests in one Blender take, with their backend."""
QUICK = "not process and not slow and not alone"
"""The marks of quick tests; see `tests/conftest.py`."""
SAMPLE = "each_blender"
"""The mark of tests that run in the Blenders between the oldest and the newest, too."""
_MOST_AT_ONCE = 8


@dataclass(frozen=True)
class Suites:
    """The folder or file of tests that runs in each suite; None: the suite does not run."""

    main: Optional[str]
    blender: Optional[str]


def chosen(part: str, quick: bool) -> Suites:
    """The suites for a folder or file; all of them for `tests`. Quick tests need no Blender."""
    asked = Path(part).as_posix()
    if asked == BLENDER_TESTS or asked.startswith(f"{BLENDER_TESTS}/"):
        return Suites(None, None if quick else asked)
    return Suites(asked, BLENDER_TESTS if asked == "tests" and not quick else None)


def run_tests(part: str = "tests", quick: bool = False) -> int:
    """Run the suites; gives 1 where a test fails, or none ran.

    `quick`: without what needs a Blender, starts a process or computes for long. The last line says how many
    passed and failed, and how many ran in each Blender.
    """
    began, suites = time.monotonic(), chosen(part, quick)
    blenders = [one for one in BLENDERS if suites.blender and platform_name() in one.megabytes]
    if suites.main and not quick:
        prepare_node()
    announce([*([TESTS] if suites.main else []), *blenders])
    total = _main_suite(_prepared(TESTS), suites.main, quick) if suites.main else Tally()
    parts = _in_blenders(blenders, suites.blender, sampled=suites.main is not None) if suites.blender else {}
    total = sum(parts.values(), total) + (_too_few(parts) if suites.blender else Tally())
    if not total.passed + total.failed:
        say("No test ran, which counts as a failure.")
        total = Tally(failed=1)
    _tell_times(total, time.monotonic() - began)
    print(closing_line(total, parts), flush=True)
    return 1 if total.failed else 0


def _main_suite(python: Union[Path, Tally], part: str, quick: bool) -> Tally:
    if isinstance(python, Tally):
        return python
    cores = os.cpu_count() or 1
    asked = [part, "--ignore", BLENDER_TESTS, "-m"]
    at_once = [
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        "-n",
        str(min(cores if quick else cores + 1, _MOST_AT_ONCE)),
    ]
    if quick:
        return run_pytest(python, [*asked, QUICK, *at_once], may_be_empty=True)
    together = run_pytest(python, [*asked, "not alone", *at_once], may_be_empty=True)
    return together + run_pytest(python, [*asked, "alone"], may_be_empty=True)


def _in_blenders(blenders: Sequence[Contents], part: str, sampled: bool) -> dict[str, Tally]:
    pythons = {blender.name: _prepared(blender) for blender in blenders}
    there = [name for name, python in pythons.items() if isinstance(python, Path)]
    between = there[1:-1] if sampled else []
    asked = {name: [part, "-m", SAMPLE] if name in between else [part] for name in pythons}
    with ThreadPoolExecutor(_fitting(len(blenders))) as at_once:
        runs = {
            name: at_once.submit(_in_blender, name, python, asked[name]) for name, python in pythons.items()
        }
    return {name: run.result() for name, run in runs.items()}


def _in_blender(name: str, python: Union[Path, Tally], asked: Sequence[str]) -> Tally:
    return python if isinstance(python, Tally) else run_pytest(python, asked, name=name)


def _fitting(blenders: int) -> int:
    """How many Blenders there is memory for at once; all of them where it cannot be told."""
    asked = getattr(os, "sysconf", None)
    try:
        free = int(asked("SC_AVPHYS_PAGES") * asked("SC_PAGE_SIZE")) if asked else None
    except (OSError, ValueError):
        free = None
    return max(blenders if free is None else min(blenders, free // BLENDER_BYTES), 1)


def _too_few(parts: dict[str, Tally]) -> Tally:
    """One failure where tests ran in too few of the Blenders that this platform could have."""
    if not parts:
        say(f"There is no Blender module for {platform_name()}; the tests that need it are left out.")
    elif sum(tally.passed > 0 for tally in parts.values()) < min(ENOUGH_BLENDERS, len(parts)):
        say(f"Tests ran in fewer than {ENOUGH_BLENDERS} versions of Blender, which counts as a failure.")
        return Tally(failed=1)
    return Tally()


def _prepared(contents: Contents) -> Union[Path, Tally]:
    """The environment's Python; one that cannot be made counts as a failed test.

    A Blender for which there is no Python is left out.
    """
    try:
        python = prepare(contents)
        if contents in BLENDERS:
            make_bpy_load(python)
        return python
    except SetupFailed as error:
        left_out = isinstance(error, NoPython) and contents in BLENDERS
        say(f"\n{contents.folder}{' is left out' if left_out else ''}: {error}\n")
        return Tally(failed=0 if left_out else 1)


def _tell_times(total: Tally, seconds: float) -> None:
    sys.stdout.write("\n")
    for timed in total.slowest:
        sys.stdout.write(f"{timed.seconds:7.1f} s  {timed.test}\n")
    sys.stdout.write(f"{seconds:7.0f} s  in all; the slowest are above\n\n")
