"""What the example in Node.js needs for its tests: npm's `zeromq`, beside it, in the version that is pinned.

Node.js is nobody's duty: where npm is not there, or gets nothing, those tests are left out, and it is said.
Its packages come with what is compiled for each platform; none of their scripts is run.
"""

from __future__ import annotations

import hashlib
import shutil

from running import ROOT, SetupFailed, run, say

FOLDER = ROOT / "docs" / "examples"
MODULES = FOLDER / "node_modules"
LOCK = FOLDER / "package-lock.json"
MEGABYTES = 14
LEFT_OUT = "The tests of the example in Node.js are left out"
_QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")


def prepare_node() -> None:
    """Install it. Does nothing where it is there already."""
    npm, stamp = shutil.which("npm"), MODULES / "foley-installed.txt"
    if not LOCK.is_file() or (stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest()):
        return
    if npm is None:
        say(f"{LEFT_OUT}: there is no npm.")
        return
    say(f"{MODULES.relative_to(ROOT).as_posix()} is to be made: up to {MEGABYTES} MB will be downloaded.")
    try:
        run([npm, "ci", "--prefix", str(FOLDER), *_QUIETLY], "npm could not install what belongs to it")
        stamp.write_text(_digest(), encoding="utf-8")
    except SetupFailed as error:
        shutil.rmtree(MODULES, ignore_errors=True)
        say(f"{LEFT_OUT}: {error}")


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()
