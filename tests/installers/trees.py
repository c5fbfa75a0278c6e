"""Small trees like this repository, in which the real set-up runs without a network."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
INSTALLERS = ROOT / "installers"

Bootstrap = Callable[..., "subprocess.CompletedProcess[str]"]
"""Runs a tree's `bootstrap.py COMMAND`; further arguments go into the environment."""

PYPROJECT = """
[build-system]
requires = []
build-backend = "wheels"
backend-path = ["."]

[project]
name = "tiny"
version = "1"
"""

# A build backend in 15 lines, so that pip has something to build that needs nothing from an index.
WHEELS = """
import zipfile

RECORDS = {
    "tiny.pth": "{root}\\n",
    "tiny-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\nProvides-Extra: dev\\n",
    "tiny-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel_directory + "/" + name, "w") as wheel:
        for path, text in RECORDS.items():
            wheel.writestr(path, text)
        wheel.writestr("tiny-1.dist-info/RECORD", "".join(f"{path},,\\n" for path in RECORDS))
    return name
"""

LAUNCH = "print('recorded')\n"


def plant(root: Path) -> None:
    """Make a repository of its own with our installers and a tiny project."""
    (root / "installers").mkdir(parents=True)
    for script in INSTALLERS.glob("*.py"):
        shutil.copy(script, root / "installers")
    for pins in INSTALLERS.glob("bpy-*.txt"):
        (root / "installers" / pins.name).write_text("# nothing\n")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "constraints.txt").write_text("")
    (root / "wheels.py").write_text(WHEELS.replace("{root}", root.as_posix()))
    (root / "backend").mkdir()
    (root / "backend" / "__init__.py").write_text("")
    (root / "backend" / "launch.py").write_text(LAUNCH)


def lend(distribution: str, folder: Path) -> None:
    """Let what is installed here under that name be found in `folder` as well."""
    for file in metadata.files(distribution) or []:
        if ".." not in file.parts and "__pycache__" not in file.parts:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), folder / file)
