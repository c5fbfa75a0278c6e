"""Getting what a bare machine lacks: pip where Python came without it, and Python itself.

Nothing here names an index: pip and uv ask the one that the user has configured, apt its own sources.

pip comes, in this order, from: the Python itself; a wheel of pip that lies on this machine (the `ensurepip`
of any other Python, Debian's `python-wheels`); the pip of any other Python, asked to download its own wheel;
Debian's package of that wheel, unpacked into `.bootstrap/` without being installed. pip runs straight out of
its wheel, so none of this changes the machine.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Optional

import pythons
from running import OWN_FOLDER, SetupFailed, answers, run, say

UV = "uv==0.13.9"
_WHEELS = OWN_FOLDER / "wheels"
_HAVE_PIP = ("3.13", "3.12", "3.11", "3.14", "3.10", "3.9")
_BUNDLED = "import ensurepip, pathlib; print(pathlib.Path(ensurepip.__file__).parent / '_bundled')"


def pip_of(python: Path) -> list[str]:
    """The command that runs pip under `python`, whether or not it has one of its own."""
    own = [str(python), "-m", "pip"]
    return own if answers([*own, "--version"]) else [str(python), str(pip_wheel(python) / "pip")]


def pip_wheel(python: Path) -> Path:
    """A wheel of pip that runs under `python`."""
    for source in (_wheels_here, _wheel_downloaded, _wheel_of_debian):
        for wheel in source():
            if answers([str(python), str(wheel / "pip"), "--version"]):
                return wheel
    raise SetupFailed(f"{python} has no pip, and none can be had; type: {_install_pip()}")


def python_by_uv(version: str) -> Optional[pythons.Python]:
    """Have uv fetch a Python into `.bootstrap/`; None if that fails, as it does without a network."""
    target = OWN_FOLDER / "uv"
    say(f"Python {version} is fetched: about 25 MB for uv, which does it, and 35 MB for Python itself.")
    try:
        run(
            [*pip_of(Path(sys.executable)), "install", "--quiet", "--target", str(target), "--upgrade", UV],
            "uv could not be installed",
        )
        run(
            [sys.executable, "-m", "uv", "python", "install", version],
            f"uv could not fetch Python {version}",
            {
                "PYTHONPATH": str(target),
                "UV_PYTHON_INSTALL_DIR": str(pythons.OWN_PYTHONS),
                "UV_PYTHON_INSTALL_BIN": "0",
                "UV_PYTHON_INSTALL_REGISTRY": "0",
            },
        )
    except SetupFailed as error:
        say(str(error))
        return None
    return pythons.find((version,))


def install_python(version: str) -> str:
    """The command to type on this platform for a Python that foley can use."""
    if sys.platform == "win32":
        return f"winget install Python.Python.{version}"
    elif sys.platform == "darwin":
        return f"brew install python@{version}"
    elif shutil.which("apt-get"):
        return f"sudo apt install python{version} python{version}-venv"
    elif shutil.which("dnf"):
        return f"sudo dnf install python{version}"
    else:
        return f"your system's package manager, for Python {version}"


def _install_pip() -> str:
    if shutil.which("apt-get"):
        return "sudo apt install python3-venv"
    return f"{sys.executable} -m ensurepip"


def _wheels_here() -> Iterator[Path]:
    """Wheels of pip on this machine, the newest first."""
    folders = [_WHEELS, Path("/usr/share/python-wheels")]
    for command in pythons.candidates(_HAVE_PIP):
        printed = answers([*command, "-I", "-c", _BUNDLED])
        folders += [Path(printed.strip())] if printed else []
    found = {wheel for folder in folders for wheel in folder.glob("pip-*.whl")}
    yield from sorted(found, key=_version_of_wheel, reverse=True)


def _version_of_wheel(wheel: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", wheel.name.split("-")[1])]


def _wheel_downloaded() -> Iterator[Path]:
    for command in pythons.candidates(_HAVE_PIP):
        download = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(_WHEELS), "pip"]
        if answers([*command, *download], 300) is not None:
            yield from _WHEELS.glob("pip-*.whl")


def _wheel_of_debian() -> Iterator[Path]:
    """Debian has the wheel as a package, which anybody may download and unpack."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    state = _WHEELS / "apt"
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    own_lists = ["-o", f"Dir::State::lists={state / 'lists'}", "-o", f"Dir::Cache={state}"]
    for options in ([], own_lists):
        if options:
            answers(["apt-get", *options, "update"], 300)
        for name in ("python3-pip-whl", "python-pip-whl"):
            answers(["apt-get", *options, "download", name], 300, _WHEELS)
        for package in _WHEELS.glob("python*.deb"):
            answers(["dpkg-deb", "-x", str(package), str(state)])
            yield from state.glob("usr/share/python-wheels/pip-*.whl")
