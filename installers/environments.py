"""Virtual environments: what goes into each, and making them so that a second run has nothing to do.

A stamp in the environment says what was installed from what; it is written last, so an installation that was
broken off is taken up again. An environment whose Python does not run any more is made anew.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import fetching
import pythons
from pip_progress import PipProgress
from running import ROOT, SetupFailed, answers, run, say

FORMER_NAME = "foley"
"""What the distribution was called until another project of that name was found on the public index."""
_PIP = ("--no-input", "--disable-pip-version-check", "--progress-bar", "off")
_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True)
class Contents:
    """What is installed into an environment."""

    name: str
    folder: str
    """Of the environment, in the repository's root."""
    versions: tuple[str, ...]
    """Of Python, the preferred one first."""
    arguments: tuple[str, ...]
    """Of `pip install`."""
    files: tuple[str, ...]
    """A change in one of these asks for another installation."""
    megabytes: dict[str, int]
    """What is downloaded at most, by platform; measured. Not said where it depends on the card."""
    covers: tuple[str, ...] = ()
    """Names of the contents that these include."""


_PROJECT = ("pyproject.toml", "constraints.txt")

BASE = Contents(
    "base",
    ".venv",
    pythons.WANTED,
    ("--editable", ".", "--constraint", "constraints.txt"),
    _PROJECT,
    {"linux-x86_64": 155, "linux-aarch64": 128, "darwin-arm64": 98, "darwin-x86_64": 93, "win32-amd64": 126},
)
NEURAL = Contents(
    "neural",
    ".venv",
    pythons.WANTED,
    ("--editable", ".[neural]", "--constraint", "constraints.txt"),
    _PROJECT,
    {},
    covers=("base",),
)
TESTS = Contents(
    "tests",
    ".venv",
    pythons.WANTED,
    ("--editable", ".[dev,neural]", "--constraint", "constraints.txt"),
    _PROJECT,
    {},
    covers=("base", "neural"),
)
COVERS = {contents.name: contents.covers for contents in (NEURAL, TESTS)}


def _blender(version: str, python: str, megabytes: dict[str, int]) -> Contents:
    pins = f"installers/bpy-{version}.txt"
    return Contents(
        f"bpy-{version}", f".venv-bpy-{version}", (python,), ("--requirement", pins), (pins,), megabytes
    )


BLENDERS = (
    _blender(
        "4.3",
        "3.11",
        {"linux-x86_64": 405, "darwin-arm64": 245, "darwin-x86_64": 259, "win32-amd64": 361},
    ),
    _blender(
        "4.5",
        "3.11",
        {"linux-x86_64": 404, "darwin-arm64": 245, "darwin-x86_64": 267, "win32-amd64": 349},
    ),
    _blender("5.2", "3.13", {"linux-x86_64": 431, "darwin-arm64": 273, "win32-amd64": 368}),
)
"""Blender as a Python module, in the versions that differ for the add-on; each runs on one Python alone."""


class NoPython(SetupFailed):
    """There is no Python of the versions that an environment needs."""


def interpreter(contents: Contents) -> Path:
    """The environment's Python, whether or not it has been made."""
    return _python_in(ROOT / contents.folder)


def _python_in(folder: Path) -> Path:
    return folder / "Scripts" / "python.exe" if sys.platform == "win32" else folder / "bin" / "python"


def platform_name() -> str:
    """Such as linux-x86_64."""
    return f"{sys.platform}-{platform.machine().lower()}"


def announce(wanted: Iterable[Contents]) -> None:
    """Say what is about to be downloaded, before any of it is."""
    for contents in wanted:
        if not is_current(contents):
            size = contents.megabytes.get(platform_name())
            amount = f"up to {size} MB" if size else "several GB, with what torch needs for a card,"
            say(f"{contents.folder} is to be made: {amount} will be downloaded (less what pip has kept).")


def prepare(contents: Contents) -> Path:
    """Make the environment as it should be, and give its Python. Does nothing where it is so already."""
    python = interpreter(contents)
    if is_current(contents):
        return python
    stamp = _stamp(contents)
    stamp.unlink(missing_ok=True)
    if _version(python) not in contents.versions:
        _make(ROOT / contents.folder, _find_python(contents.versions))
    elif not answers([str(python), "-m", "pip", "--version"]):
        _add_pip(python)
    _remove_what_had_our_command(python)
    say(f"Installing into {contents.folder} ...")
    with PipProgress() as progress:
        run(
            [str(python), "-m", "pip", "install", *_PIP, *contents.arguments],
            f"pip could not install what belongs into {contents.folder}",
            on_line=progress.line,
        )
    stamp.write_text(f"{contents.name} {_digest(contents)}\n", encoding="utf-8")
    return python


def _remove_what_had_our_command(python: Path) -> None:
    """The distribution had another name before; both would own the command `foley`."""
    if answers([str(python), "-m", "pip", "show", FORMER_NAME]):
        run([str(python), "-m", "pip", "uninstall", "--yes", FORMER_NAME], f"{FORMER_NAME} could not go")


def is_current(contents: Contents) -> bool:
    """Whether the environment runs, and holds these contents or others that cover them, all up to date."""
    try:
        name, digest = _stamp(contents).read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return False
    covered = contents.name == name or contents.name in COVERS.get(name, ())
    return covered and digest == _digest(contents) and _version(interpreter(contents)) in contents.versions


def _stamp(contents: Contents) -> Path:
    return ROOT / contents.folder / "foley-installed.txt"


def _digest(contents: Contents) -> str:
    """Of what is installed, and of the folder: an environment does not outlive a move."""
    digest = hashlib.sha256(f"{ROOT}\n{contents.folder}\n".encode())
    for name in contents.files:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _version(python: Path) -> Optional[str]:
    return (answers([str(python), "-c", _VERSION]) or "").strip() or None


def _find_python(versions: tuple[str, ...]) -> pythons.Python:
    found = pythons.find(versions) or fetching.python_by_uv(versions[0])
    if found is None:
        newest = f" to {versions[-1]}" if len(versions) > 1 else ""
        raise NoPython(
            f"A Python {versions[0]}{newest} is needed, and none that is here will do; get one with: "
            f"{fetching.install_python(versions[0])}"
        )
    return found


def _make(folder: Path, python: pythons.Python) -> None:
    """A fresh environment with pip in it, also where Python came without ensurepip."""
    say(f"Making {folder.name} with Python {python.version} ({python.path}) ...")
    if folder.exists():
        shutil.rmtree(folder)
    venv = [str(python.path), "-m", "venv"]
    if answers([str(python.path), "-c", "import ensurepip"]) is not None:
        run([*venv, str(folder)], f"{folder.name} could not be made")
        return
    run([*venv, "--without-pip", str(folder)], f"{folder.name} could not be made")
    _add_pip(_python_in(folder))


def _add_pip(python: Path) -> None:
    wheel = fetching.pip_wheel(python)
    run(
        [str(python), str(wheel / "pip"), "install", *_PIP, "--no-index", str(wheel)],
        f"{wheel.name} could not be installed",
    )
