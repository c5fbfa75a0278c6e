"""Set foley up on a fresh machine, and take it for a drive.

    python3 installers/bootstrap.py demo       sound for the demo clip, by the real service
    python3 installers/bootstrap.py blender    build the Blender extension and install it
    python3 installers/bootstrap.py neural     add what the neural engine needs, but for its weights
    python3 installers/bootstrap.py setup      only make the environment, .venv
    python3 installers/bootstrap.py test       everything the tests need, and all tests
    python3 installers/bootstrap.py test tests/core
                                               those in one folder or file
    python3 installers/bootstrap.py test --quick
                                               those that need no Blender, start no process
                                               and do not compute for long

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
from pathlib import Path
from typing import Callable

if sys.version_info < (3, 9):
    sys.exit("Start this with Python 3.9 or newer.")

from environments import BASE, NEURAL, Contents, announce, prepare
from running import ROOT, SetupFailed, run, say
from suites import run_tests

DEMO = Path("installers", "demo")
DEMO_FOLDER = Path("demo-output")
OPEN_WITH = {"darwin": "open", "win32": "start"}


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
    files = (
        ("The take, a WAV for your editor, which places it by its time stamp:", made["takes"][0]["path"]),
        ("The film with the take under it, for any player:", made["preview"]),
        ("What was seen and what it sounded like, for any browser:", made["report"]),
    )
    for what, path in files:
        say(what)
        print((ROOT / path).resolve(), flush=True)
    say(f"Open one with: {OPEN_WITH.get(sys.platform, 'xdg-open')} FILE")
    return 0


def _demo_arguments() -> list[str]:
    prompt = json.loads((ROOT / DEMO / "demo.json").read_text(encoding="utf-8"))["prompt"]
    return [
        *("generate", str(DEMO / "demo.mp4"), "--prompt", prompt, "--seed", "1", "--force", "--json"),
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


COMMANDS: dict[str, Callable[[], int]] = {
    "setup": setup,
    "demo": demo,
    "blender": blender,
    "neural": neural,
}


def main() -> int:
    """Read the command line and carry it out."""
    parser = argparse.ArgumentParser(
        usage="bootstrap.py [COMMAND]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", help=argparse.SUPPRESS)
    for name in COMMANDS:
        commands.add_parser(name)
    test = commands.add_parser("test")
    test.add_argument("part", nargs="?", default="tests", help="A folder or file of tests.")
    test.add_argument("--quick", action="store_true", help="What needs no Blender and starts no process.")
    asked = parser.parse_args()
    if asked.command is None:
        parser.print_help()
        return 0
    try:
        return run_tests(asked.part, asked.quick) if asked.command == "test" else COMMANDS[asked.command]()
    except SetupFailed as error:
        say(str(error))
    except KeyboardInterrupt:
        say("Broken off; the next run takes it up again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
