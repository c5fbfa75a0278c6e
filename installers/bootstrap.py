"""Set foley up on a fresh machine, and take it for a drive.

    python3 installers/bootstrap.py demo       sound for the demo clip, by the real service
    python3 installers/bootstrap.py blender    build the Blender extension and install it
    python3 installers/bootstrap.py neural     add what the neural engine needs, but for its weights
    python3 installers/bootstrap.py setup      only make the environment, .venv
    python3 installers/bootstrap.py test       everything the tests need, and all tests

On Windows: py installers\\bootstrap.py demo

Any Python from 3.9 on starts this, with its standard library alone; foley itself runs on a Python 3.11 to
3.13 that is looked for, and fetched where there is none. What is made lies in this folder: `.venv`, for the
tests in Blender `.venv-bpy-4.3`, `-4.5` and `-5.2`, and `.bootstrap` with the log. A second run installs
nothing.
Results go to standard output, all else to standard error.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable

if sys.version_info < (3, 9):
    sys.exit("Start this with Python 3.9 or newer.")

from environments import BASE, BLENDERS, NEURAL, TESTS, Contents, NoPython, announce, platform_name, prepare
from results import Tally, closing_line, run_pytest
from running import ROOT, SetupFailed, run, say
from system import make_bpy_load

DEMO = Path("installers", "demo")
DEMO_FOLDER = Path("demo-output")
ENOUGH_BLENDERS = 2


def setup() -> int:
    """Make `.venv`, and record how editors start the backend."""
    python = _set_up()
    say(f"Foley is set up; its command is {python.with_name('foley')}")
    return 0


def demo() -> int:
    """Make a take, a preview film and a report for the demo clip; print their paths."""
    python = _set_up()
    (ROOT / DEMO_FOLDER).mkdir(exist_ok=True)
    command = [str(python), "-m", "backend", *_demo_arguments()]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    if done.returncode:
        say(done.stdout.decode("utf-8", "replace"))
        return done.returncode
    made = json.loads(done.stdout)
    for path in (made["takes"][0]["path"], made["preview"], made["report"]):
        print((ROOT / path).resolve(), flush=True)
    return 0


def _demo_arguments() -> list[str]:
    prompt = json.loads((ROOT / DEMO / "demo.json").read_text(encoding="utf-8"))["prompt"]
    return [
        *("generate", str(DEMO / "demo.mp4"), "--prompt", prompt, "--seed", "1", "--json"),
        *("--output", str(DEMO_FOLDER / "take.wav")),
        *("--preview", str(DEMO_FOLDER / "preview.mp4")),
        *("--report", str(DEMO_FOLDER / "report.html")),
    ]


def blender() -> int:
    """Build the Blender extension and install it into the Blenders found."""
    command = [str(_set_up()), str(Path("installers", "build_blender.py")), "--out", "dist", "--install"]
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode


def neural() -> int:
    """Add torch and what else the neural engine needs."""
    python = _set_up(NEURAL)
    say(f"Get the weights with: {python.with_name('foley')} models pull")
    return 0


def _set_up(contents: Contents = BASE) -> Path:
    announce([contents])
    python = prepare(contents)
    run([str(python), "-m", "backend.launch"], "How editors start the backend could not be recorded")
    return python


def test() -> int:
    """Run all tests; the last line says how many passed and failed, and how many ran in each Blender."""
    blenders = [blender for blender in BLENDERS if platform_name() in blender.megabytes]
    announce([TESTS, *blenders])
    total = _tested(_prepared(TESTS), ["--ignore", "tests/blender"])
    in_blender = _test_in(blenders)
    total = sum(in_blender.values(), total)
    if not blenders:
        say(f"There is no Blender module for {platform_name()}; the tests that need it are left out.")
    elif sum(tally.passed > 0 for tally in in_blender.values()) < min(ENOUGH_BLENDERS, len(blenders)):
        say(f"Tests ran in fewer than {ENOUGH_BLENDERS} versions of Blender, which counts as a failure.")
        total += Tally(failed=1)
    print(closing_line(total, in_blender), flush=True)
    return 1 if total.failed else 0


def _test_in(blenders: list[Contents]) -> dict[str, Tally]:
    """Run the add-on's tests in all of them at the same time, for they mostly wait for their backends."""
    pythons = {blender.name: _prepared(blender) for blender in blenders}
    with ThreadPoolExecutor() as at_once:
        runs = {
            name: at_once.submit(_tested, python, ["tests/blender"], later=True)
            for name, python in pythons.items()
        }
    return {name: run.result() for name, run in runs.items()}


def _tested(python: Path | Tally, arguments: list[str], later: bool = False) -> Tally:
    """Run tests in an environment, if there is one; `later`: show what they print when they have ended."""
    return python if isinstance(python, Tally) else run_pytest(python, arguments, later=later)


def _prepared(contents: Contents) -> Path | Tally:
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


COMMANDS: dict[str, Callable[[], int]] = {
    "setup": setup,
    "demo": demo,
    "blender": blender,
    "neural": neural,
    "test": test,
}


def main() -> int:
    """Read the command line and carry it out."""
    parser = argparse.ArgumentParser(
        usage="bootstrap.py [COMMAND]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", choices=list(COMMANDS), help=argparse.SUPPRESS)
    command = parser.parse_args().command
    if command is None:
        parser.print_help()
        return 0
    try:
        return COMMANDS[command]()
    except SetupFailed as error:
        say(str(error))
    except KeyboardInterrupt:
        say("Broken off; the next run takes it up again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
