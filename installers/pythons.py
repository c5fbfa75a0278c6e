"""Finding a Python that can carry foley.

Candidates are run, never believed by their names: a shim on the PATH may start nothing at all. A Python will
do if it is CPython, 64 bit, has its GIL, and can import `ssl` and `venv`. It need not have pip or ensurepip.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from running import OWN_FOLDER, ROOT, answers

WANTED = ("3.11", "3.12", "3.13")
"""The versions that foley runs on, the preferred one first."""

OWN_PYTHONS = OWN_FOLDER / "pythons"

_PROBE = """
import json, platform, ssl, struct, sys, sysconfig, venv
fit = platform.python_implementation() == "CPython" and struct.calcsize("P") == 8
fit = fit and not sysconfig.get_config_var("Py_GIL_DISABLED")
print(json.dumps([fit, sys.executable, "%d.%d" % sys.version_info[:2]]))
"""
_PROBE_SECONDS = 20


@dataclass(frozen=True)
class Python:
    """An interpreter that was run and will do."""

    path: Path
    version: str
    """Major and minor, "3.11"."""


def find(wanted: Sequence[str] = WANTED) -> Optional[Python]:
    """The Python of this machine that comes first in `wanted`, or None."""
    best: Optional[Python] = None
    for command in candidates(wanted):
        python = probe(command)
        if python is None or python.version not in wanted or _is_ours(python.path):
            continue
        if best is None or wanted.index(python.version) < wanted.index(best.version):
            best = python
        if best.version == wanted[0]:
            break
    return best


def probe(command: Sequence[str]) -> Optional[Python]:
    """Run a candidate and ask it what it is; None if it does not run or will not do."""
    printed = answers([*command, "-I", "-c", _PROBE], _PROBE_SECONDS)
    try:
        fit, path, version = json.loads(printed or "")
    except ValueError:
        return None
    return Python(Path(path), version) if fit else None


def candidates(wanted: Iterable[str] = WANTED) -> Iterator[list[str]]:
    """Commands that may start a Python: this one, those on the PATH, and those in the usual places."""
    yield [sys.executable]
    launcher = shutil.which("py") if sys.platform == "win32" else None
    for version in wanted:
        yield from _on_path(f"python{version}")
        if launcher:
            yield [launcher, f"-{version}"]
        for pattern in _usual_places(version):
            yield from ([str(path)] for path in _matches(pattern))
    for name in ("python3", "python"):
        yield from _on_path(name)


def _on_path(name: str) -> Iterator[list[str]]:
    """Every program of that name on the PATH: the first may be a shim that starts nothing."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = shutil.which(name, path=folder) if folder else None
        # Apple's stand-in opens a window that offers developer tools, and the Python behind it is too old.
        if found and not (sys.platform == "darwin" and found.startswith("/usr/bin/")):
            yield [found]


def _usual_places(version: str) -> list[Path]:
    """Patterns of paths; a folder's name may go on after the version ("3.11.9", "cpython-3.11.9-linux…")."""
    places = _places_on_windows(version) if sys.platform == "win32" else _places_on_posix(version)
    program = "python.exe" if sys.platform == "win32" else f"bin/python{version}"
    return [*places, OWN_PYTHONS / f"cpython-{version}.*" / program]


def _places_on_windows(version: str) -> list[Path]:
    home = Path.home()
    folder = f"Python{version.replace('.', '')}"
    local = Path(os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local")))
    roaming = Path(os.environ.get("APPDATA", str(home / "AppData" / "Roaming")))
    programs = Path(os.environ.get("PROGRAMFILES", "C:/Program Files"))
    pyenv = Path(os.environ.get("PYENV", str(home / ".pyenv" / "pyenv-win")))
    return [
        local / "Programs" / "Python" / folder / "python.exe",
        programs / folder / "python.exe",
        pyenv / "versions" / f"{version}.*" / "python.exe",
        roaming / "uv" / "python" / f"cpython-{version}.*" / "python.exe",
    ]


def _places_on_posix(version: str) -> list[Path]:
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT", str(home / ".pyenv")))
    shared = Path(os.environ.get("XDG_DATA_HOME", str(home / ".local" / "share")))
    program = f"bin/python{version}"
    return [
        pyenv / "versions" / f"{version}.*" / program,
        Path("/usr/local") / program,
        Path("/usr") / program,
        Path("/opt/homebrew") / program,
        Path("/Library/Frameworks/Python.framework/Versions") / version / program,
        shared / "uv" / "python" / f"cpython-{version}.*" / program,
    ]


def _matches(pattern: Path) -> list[Path]:
    return sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))), reverse=True)


def _is_ours(path: Path) -> bool:
    """Whether it is the Python of an environment made here, which may be about to be made anew."""
    return ROOT in path.parents and OWN_FOLDER not in path.parents
